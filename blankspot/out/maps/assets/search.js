// Search by desa, kecamatan or code: blind to case, accents, spaces and punctuation.

/** Fold a text for comparing: "Srí Rahayu" and "srirahayu" are the same. A text of signs alone stays as it is. */
function fold(text) {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^\p{L}\p{N}]/gu, "") || plain.trim();
}

const FOUND_MAX = 30;
const KIND_BEFORE = /^(kecamatan|kec|kelurahan|kel|desa)[\s.]+(?=\S)/i; // "Kec. Citaman" means Citaman

/** Return what a query finds, also when it says first what kind of place it means. */
function lookUp(index, query) {
  const found = ranked(index, query);
  return found.length || !KIND_BEFORE.test(query.trim()) ? found : ranked(index, query.trim().replace(KIND_BEFORE, ""));
}

/** Kecamatan first, then villages, those that begin with the query before those that contain it. */
function ranked(index, query) {
  const wanted = fold(query);
  if (!wanted) return [];
  const places = [];
  for (const entry of index) {
    let best = Infinity;
    entry.keys.forEach((key, i) => {
      const at = key.indexOf(wanted);
      if (at >= 0) best = Math.min(best, (at === 0 ? 0 : 2) + (key === wanted ? 0 : 1) + i * 4);
    });
    if (best < Infinity) places.push([best - (entry.kind === "district" ? 0.5 : 0), places.length, entry]);
  }
  places.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return places.map(([, , entry]) => entry);
}

/** Make the index: one entry per kecamatan and per village, with its keys by weight. */
function searchIndex(scene) {
  const { villages, districts } = scene;
  const index = [];
  for (let row = 0; row < districts.total; row++) {
    index.push({ kind: "district", row, keys: [fold(districts.name(row)), fold(districts.code(row))] });
  }
  for (let row = 0; row < villages.total; row++) {
    index.push({
      kind: "village",
      row,
      keys: [fold(villages.name(row)), fold(villages.code(row)), fold(villages.districtName(row))],
    });
  }
  return index;
}

/** Wire an input and its list as a combobox; `choose` is called with the entry taken. */
function makeSearch(scene, input, list, choose) {
  const { t } = scene;
  const index = searchIndex(scene);
  let entries = [];
  let active = -1;

  function option(entry, i) {
    const item = el("li", "bs-option");
    item.id = `${list.id}_${i}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    if (entry.kind === "district") {
      item.append(lineSwatch(), el("span", "bs-option-name", `${t.district_prefix} `, data(scene.districts.name(entry.row))));
      item.append(el("span", "bs-small", scene.districts.code(entry.row)));
    } else {
      const v = scene.villages;
      item.append(scene.judged ? classSwatch(v.signalClass(entry.row) || "unknown", v.confidence(entry.row)) : lineSwatch());
      item.append(el("span", "bs-option-name", data(v.name(entry.row) || v.code(entry.row))));
      const where = el("span", "bs-small", v.code(entry.row));
      if (v.districtName(entry.row)) where.prepend(data(v.districtName(entry.row)), " · ");
      item.append(where);
    }
    item.addEventListener("pointerdown", (event) => event.preventDefault());
    item.addEventListener("click", () => take(i));
    return item;
  }

  function show() {
    const found = lookUp(index, input.value);
    entries = found.slice(0, FOUND_MAX);
    active = -1;
    list.replaceChildren(...entries.map(option));
    if (input.value.trim() && !entries.length) list.append(el("li", "bs-option-none", t.search_none));
    if (found.length > FOUND_MAX) {
      list.append(el("li", "bs-option-none", fill(t.search_more, { n: scene.number(found.length - FOUND_MAX) })));
    }
    open(input.value.trim() !== "");
  }

  function open(yes) {
    list.hidden = !yes;
    input.setAttribute("aria-expanded", String(yes));
    if (!yes) input.removeAttribute("aria-activedescendant");
  }

  function move(step) {
    if (!entries.length) return;
    active = (active + step + entries.length) % entries.length;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
    input.setAttribute("aria-activedescendant", `${list.id}_${active}`);
    list.children[active].scrollIntoView({ block: "nearest" });
  }

  function take(i) {
    const entry = entries[i];
    if (!entry) return;
    input.value = entry.kind === "district" ? scene.districts.name(entry.row) : scene.villages.name(entry.row);
    open(false);
    choose(entry);
  }

  input.addEventListener("input", show);
  input.addEventListener("click", () => input.value.trim() && show());
  input.addEventListener("blur", () => open(false));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) show();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      take(Math.max(active, 0));
    } else if (event.key === "Escape") {
      open(false);
      return;
    } else {
      return;
    }
    event.preventDefault();
  });
}
