// Search that forgives: blind to case, accents, spaces and signs, at home in old spellings (dj, tj, oe, j for y), and
// near enough where a letter is wrong, missing or swapped. What fits exactly comes first.
//
// Names are compared once each, however many villages carry them, and the index is made in short turns when the field
// is first used, so that typing never waits for eighty thousand names.

const FOUND_MAX = 30;
const TURN = 8; // milliseconds of work before the page gets a turn
const KIND_BEFORE = /^(provinsi|propinsi|prov|kabupaten|kab|kota|kecamatan|kec|kelurahan|kel|desa|ds)\b[\s.]*(?=\S)/i;
const LEVEL_SAID = { prov: "province", prop: "province", kab: "regency", kota: "regency", kec: "district", kel: "village", desa: "village", ds: "village" };
const SOUNDS = [[/oe/g, "u"], [/dj/g, "y"], [/tj/g, "c"], [/nj/g, "ny"], [/sj/g, "sy"], [/j/g, "y"], [/v/g, "f"], [/(.)\1+/g, "$1"]];

/** Fold a text for comparing: "Srí Rahayu" and "srirahayu" are the same. A text of signs alone stays as it is. */
function fold(text) {
  const lower = text.toLowerCase();
  const plain = /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize("NFKD").replace(/\p{M}/gu, "");
  return plain.replace(/[^\p{L}\p{N}]/gu, "") || lower.trim();
}

/** Fold a folded text further, so that spellings of one sound are the same: tjiparaj, ciparay. */
const soundOf = (folded) => SOUNDS.reduce((text, [from, to]) => text.replace(from, to), folded);

/** How many letters apart two texts are (wrong, missing, added or swapped), at most `limit`, else `limit` + 1. */
function distance(a, b, limit) {
  const n = a.length, m = b.length;
  if (Math.abs(n - m) > limit) return limit + 1;
  let before = null, last = Array.from({ length: m + 1 }, (_, j) => j);
  for (let i = 1; i <= n; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= m; j++) {
      let cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
      row.push(cost);
      if (cost < best) best = cost;
    }
    if (best > limit) return limit + 1;
    before = last;
    last = row;
  }
  return last[m];
}

/** The letters of a text as bits: texts that differ in more than twice the allowed letters need no closer look. */
function lettersOf(text) {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits |= 1 << (text.charCodeAt(i) % 31);
  return bits;
}

function bitCount(bits) {
  let count = 0;
  for (let left = bits >>> 0; left; left &= left - 1) count++;
  return count;
}

/** Let the page do what waits, then go on. */
const turn = () => new Promise((go) => setTimeout(go, 0));

/** Call `work(i)` for 0 to `count` in short turns; stops early where `stop()` says so. */
async function inTurns(count, work, stop = () => false) {
  for (let i = 0, until = performance.now() + TURN; i < count; i++) {
    if ((i & 63) === 63 && performance.now() > until) {
      await turn();
      if (stop()) return false;
      until = performance.now() + TURN;
    }
    work(i);
  }
  return true;
}

/** The names of the map, each once, with the places and villages that carry it. */
function makeIndex(scene) {
  const { places, villages: v } = scene;
  const entries = new Map();
  const codes = [];
  const put = (name, where) => {
    const folded = fold(name);
    if (!folded) return;
    let entry = entries.get(folded);
    if (!entry) {
      const sound = soundOf(folded);
      entries.set(folded, (entry = { folded, sound, letters: lettersOf(sound), places: [], rows: [] }));
    }
    if (typeof where === "number") entry.rows.push(where);
    else entry.places.push(where);
  };
  let made = null;
  return () =>
    (made ??= (async () => {
      const above = places.above.concat(Array.from({ length: scene.districts.total }, (_, at) => scene.districts.code(at)));
      await inTurns(above.length, (i) => {
        put(places.name(above[i]), above[i]);
        codes.push([fold(above[i]), above[i]]);
      });
      await inTurns(v.total, (row) => {
        put(v.name(row), row);
        codes.push([fold(v.code(row)), row]);
      });
      return { names: [...entries.values()], codes };
    })());
}

/** Read a query: what it looks for, and what kind of place it says it means. */
function readQuery(text) {
  const said = KIND_BEFORE.exec(text.trim());
  const bare = said ? text.trim().slice(said[0].length) : text;
  const level = said ? LEVEL_SAID[Object.keys(LEVEL_SAID).find((start) => said[1].toLowerCase().startsWith(start))] : null;
  return { whole: fold(text), wanted: fold(bare), level, words: text.trim().split(/[\s,./-]+/).map(fold).filter(Boolean) };
}

/** How well a name fits, 0 best; Infinity where it does not. */
function fit(entry, wanted, sound) {
  if (entry.folded === wanted) return 0;
  if (entry.sound === sound) return 1;
  if (entry.folded.startsWith(wanted)) return 2;
  if (entry.sound.startsWith(sound)) return 3;
  if (entry.folded.includes(wanted)) return 4;
  return sound && entry.sound.includes(sound) ? 5 : Infinity;
}

/** Find what a query means, best first; null where `stop()` became true (the query has changed). */
async function lookUp(scene, index, text, stop) {
  const { places, villages: v } = scene;
  const query = readQuery(text);
  if (!query.whole) return [];
  const found = new Map();
  const levelOf = (hit) => (typeof hit === "number" ? "village" : places.level(hit));
  // Where ranks are even, greater places come first, unless the query says what it means.
  const order = { province: 0, regency: 0.1, district: 0.2, village: 0.3 };
  const put = (hit, rank) => {
    const level = levelOf(hit);
    const score = rank + order[level] + (query.level && query.level !== level ? 20 : 0);
    if (score < (found.get(hit) ?? Infinity)) found.set(hit, score);
  };
  const tryNames = (wanted, more) => {
    const sound = soundOf(wanted);
    return inTurns(index.names.length, (i) => {
      const entry = index.names[i];
      const rank = fit(entry, wanted, sound);
      if (rank === Infinity) return;
      for (const hit of entry.places) put(hit, rank + more);
      for (const hit of entry.rows) put(hit, rank + more);
    }, stop);
  };
  if (/^\d[\d.]*$/.test(text.trim())) {
    await inTurns(index.codes.length, (i) => {
      const [code, hit] = index.codes[i];
      if (code === query.whole) put(hit, -2);
      else if (code.startsWith(query.whole)) put(hit, -1);
    }, stop);
  }
  if (!(await tryNames(query.whole, 0))) return null;
  if (query.level && !(await tryNames(query.wanted, 0.5))) return null;
  if (query.words.length > 1 && found.size < FOUND_MAX && !(await byWords(scene, index, query, put, stop))) return null;
  if (found.size < FOUND_MAX / 3 && !(await near(index, query, put, stop))) return null;
  return ranked(scene, found);
}

/** A name and the place it lies in, in any order: "sukamaju ciparay". */
async function byWords(scene, index, { words }, put, stop) {
  const { places, villages: v } = scene;
  const [first, ...rest] = words;
  for (const [own, others] of [[first, rest.join("")], [words.slice(0, -1).join(""), words.at(-1)]]) {
    const done = await inTurns(index.names.length, (i) => {
      const entry = index.names[i];
      if (!entry.rows.length || fit(entry, own, soundOf(own)) > 3) return;
      for (const row of entry.rows) {
        const above = fold(v.districtName(row) + (places.name(parentOf(parentOf(v.code(row)))) ?? ""));
        if (above.includes(others) || soundOf(above).includes(soundOf(others))) put(row, 6);
      }
    }, stop);
    if (!done) return false;
  }
  return true;
}

/** Names that are a slip of the finger away. */
function near(index, { wanted }, put, stop) {
  const sound = soundOf(wanted);
  if (sound.length < 4) return true;
  const limit = sound.length < 7 ? 1 : 2;
  const letters = lettersOf(sound);
  return inTurns(index.names.length, (i) => {
    const entry = index.names[i];
    if (entry.sound.length < sound.length - limit || bitCount(entry.letters & letters) < bitCount(letters) - limit) return;
    const head = entry.sound.slice(0, sound.length);
    const away = Math.min(distance(entry.sound, sound, limit), distance(head, sound, limit) + 0.5);
    if (away > limit) return;
    for (const hit of entry.places) put(hit, 8 + away);
    for (const hit of entry.rows) put(hit, 8 + away);
  }, stop);
}

function ranked(scene, found) {
  const code = (hit) => (typeof hit === "number" ? scene.villages.code(hit) : hit);
  return [...found].sort((a, b) => a[1] - b[1] || (code(a[0]) < code(b[0]) ? -1 : 1)).map(([hit]) => (typeof hit === "number" ? { row: hit } : { place: hit }));
}

/** Wire an input and its list as a combobox; `choose` is called with the entry taken. */
function makeSearch(scene, input, list, told, choose) {
  const { t } = scene;
  const index = makeIndex(scene);
  let entries = [];
  let active = -1;
  let asked = 0;

  function option(entry, i) {
    const item = el("li", "bs-option");
    item.id = `${list.id}_${i}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    if (entry.place) {
      const { places } = scene;
      item.append(lineSwatch(), el("span", "bs-option-name", `${t["prefix_" + places.level(entry.place)]} `, data(places.name(entry.place))));
      const where = el("span", "bs-small", entry.place);
      const above = places.path(parentOf(entry.place)).at(-1);
      if (above) where.prepend(data(places.name(above)), " · ");
      item.append(where);
    } else {
      const v = scene.villages;
      item.append(scene.judged ? classSwatch(v.signalClass(entry.row) || "unknown", v.confidence(entry.row)) : lineSwatch());
      item.append(el("span", "bs-option-name", data(v.name(entry.row) || v.code(entry.row))));
      const where = el("span", "bs-small", v.code(entry.row));
      if (v.districtName(entry.row)) where.prepend(data(v.districtName(entry.row)), " · ");
      if (scene.judged) where.append(el("span", "bs-hidden", ", " + labelOf(entry.row)));
      item.append(where);
    }
    item.addEventListener("pointerdown", (event) => event.preventDefault());
    item.addEventListener("click", () => take(i));
    return item;
  }

  const labelOf = (row) => scene.labels.signal_class[scene.villages.signalClass(row) || "unknown"];

  /** Show what is found; returns false where the query has changed meanwhile. */
  async function show() {
    const own = ++asked;
    const stop = () => own !== asked;
    const text = input.value;
    const found = text.trim() ? await lookUp(scene, await index(), text, stop) : [];
    if (found === null || stop()) return false;
    entries = found.slice(0, FOUND_MAX);
    active = -1;
    list.replaceChildren(...entries.map(option));
    const none = text.trim() && !entries.length;
    const more = found.length > FOUND_MAX ? fill(t.search_more, { n: scene.number(found.length - FOUND_MAX) }) : "";
    told.textContent = none ? t.search_none : more;
    told.hidden = !told.textContent;
    open(text.trim() !== "");
    return true;
  }

  function open(yes) {
    list.hidden = !yes || !entries.length;
    told.parentElement.hidden = !yes;
    input.setAttribute("aria-expanded", String(!list.hidden));
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
    input.value = entry.place ? scene.places.name(entry.place) : scene.villages.name(entry.row);
    open(false);
    choose(entry);
  }

  input.addEventListener("focus", () => index());
  input.addEventListener("input", () => {
    entries = [];
    show();
  });
  input.addEventListener("click", () => input.value.trim() && show());
  input.addEventListener("blur", () => open(false));
  input.addEventListener("keydown", async (event) => {
    const { key } = event;
    if (key === "Escape") {
      asked++;
      open(false);
      return;
    }
    if (!["ArrowDown", "ArrowUp", "Enter"].includes(key)) return;
    event.preventDefault();
    if ((list.hidden || !entries.length) && !(await show())) return;
    if (key === "Enter") take(Math.max(active, 0));
    else move(key === "ArrowDown" ? 1 : -1);
  });
  scene.onLanguage(() => open(false));
}
