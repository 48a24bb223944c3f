// Places above the village: provinsi, kabupaten/kota and kecamatan, found by the parts of the codes; and the way down
// from the whole map to a single desa, with how many villages stand how at each step.

const LEVEL_NAMES = ["province", "regency", "district"]; // by the number of dots in a code: 32, 32.04, 32.04.05

const parentOf = (code) => (code.includes(".") ? code.slice(0, code.lastIndexOf(".")) : "");

function addPlaces(scene, header) {
  const { districts, villages: v } = scene;
  const code = texts(header.places.code), name = texts(header.places.name);
  const names = new Map(Array.from(header.places.code.at, (_, at) => [code(at), name(at)]));
  const children = new Map();
  const total = new Map();
  const put = (parent, child) => {
    if (!children.has(parent)) children.set(parent, new Set());
    children.get(parent).add(child);
  };
  const districtCodes = Array.from({ length: districts.total }, (_, at) => districts.code(at));
  for (const [at, own] of districtCodes.entries()) {
    names.set(own, districts.name(at));
    for (let child = own; child; child = parentOf(child)) put(parentOf(child), child);
  }
  const villagesIn = districtCodes.map(() => []);
  for (const row of scene.rows) if (v.districtOf[row] >= 0) villagesIn[v.districtOf[row]].push(row);
  for (const [at, own] of districtCodes.entries()) {
    for (let place = own; place; place = parentOf(place)) total.set(place, (total.get(place) ?? 0) + villagesIn[at].length);
  }
  const all = new Uint8Array(districts.total + 1).fill(1); // the first is for villages of no kecamatan
  const masks = new Map();
  const districtAt = new Map(districtCodes.map((own, at) => [own, at]));
  /** The place that everything on the map lies in: a kabupaten's map begins at the kabupaten. */
  let top = "";
  while (children.get(top)?.size === 1 && !districtAt.has([...children.get(top)][0])) top = [...children.get(top)][0];
  scene.places = {
    top,
    has: (place) => names.has(place) || total.has(place),
    name: (place) => names.get(place) || place,
    level: (place) => (districtAt.has(place) ? "district" : LEVEL_NAMES[Math.min(place.split(".").length - 1, 1)]),
    children: (place) => [...(children.get(place) ?? [])],
    isDistrict: (place) => districtAt.has(place),
    districtAt: (place) => districtAt.get(place) ?? -1,
    villages: (place) => villagesIn[districtAt.get(place)] ?? [],
    total: (place) => (place === "" || place === top ? v.total : total.get(place) ?? 0),
    above: [...total.keys()].filter((place) => !districtAt.has(place)),
    /** The steps from the whole map down to a place, itself the last. */
    path(place) {
      const steps = [];
      for (let step = place; step && step !== top; step = parentOf(step)) steps.unshift(step);
      return steps;
    },
    /** Per kecamatan (first: of none) whether it lies in a place; null is everything. */
    mask(place) {
      if (place === null || place === "" || place === top) return all;
      if (!masks.has(place)) masks.set(place, Uint8Array.from([0, ...districtCodes.map((own) => own === place || own.startsWith(place + "."))]));
      return masks.get(place);
    },
    /** The box (world coordinates) of the villages drawn in a place, null where none is. */
    box(place) {
      const inside = this.mask(place);
      const found = [Infinity, Infinity, -Infinity, -Infinity];
      for (const row of scene.rows) {
        if (!inside[v.districtOf[row] + 1] || !v.label[row]) continue;
        const [west, north, east, south] = v.box.subarray(row * 4, row * 4 + 4);
        found[0] = Math.min(found[0], west);
        found[1] = Math.min(found[1], north);
        found[2] = Math.max(found[2], east);
        found[3] = Math.max(found[3], south);
      }
      return found[0] < Infinity ? found : null;
    },
  };
}

/** The day that what is shown speaks of: that of the data, or an earlier one that is looked back at; null where unknown. */
const shownDay = (scene) => (scene.when === null || scene.when === undefined ? scene.asOf : scene.stops[scene.when]);

/** Build the way down: a trail of the steps taken, and the places or villages of the next step with their counts. */
function makePlaces(scene, host, { goTo, openVillage }) {
  const { t, labels, number } = scene;
  const { places, villages: v } = scene;
  const trail = el("nav", "bs-trail");
  const more = el("details", "bs-places");
  const summary = el("summary");
  const list = el("ul", "bs-place-list");
  more.append(summary, list);
  const counted = el("p", "bs-small");
  host.replaceChildren(trail, more, counted);
  let built = "";

  const here = () => scene.filter.place ?? places.top;
  const title = (place) => (place === places.top ? (place ? places.name(place) : t.place_all) : places.name(place));

  function step(place, last) {
    if (last) return el("span", "bs-step", data(title(place)));
    const button = el("button", "bs-step", data(title(place)));
    button.type = "button";
    button.addEventListener("click", () => goTo(place));
    return button;
  }

  function classLine(counts) {
    const line = el("span", "bs-place-counts");
    for (const name of CLASSES) line.append(el("span", counts[name] ? "" : "bs-none", classSwatch(name, "measured", 13, 13), el("span", "bs-hidden", labels.signal_class[name]), " ", number(counts[name])));
    return line;
  }

  function placeRow(place) {
    const counts = scene.placeCounts(place);
    const button = el("button", "bs-place");
    button.type = "button";
    button.dataset.place = place;
    button.append(el("span", "bs-place-name", data(places.name(place))), el("span", "bs-small", fill(t.place_villages, { n: number(places.total(place)) })));
    if (scene.judged) button.append(classLine(counts));
    button.addEventListener("click", () => {
      goTo(place);
      summary.focus({ preventScroll: true });
    });
    return el("li", "", button);
  }

  function villageRow(row) {
    const button = el("button", "bs-place bs-place-village");
    button.type = "button";
    button.append(scene.judged ? classSwatch(v.signalClass(row) || "unknown", v.confidence(row), 18, 13) : "", el("span", "bs-place-name", data(v.name(row) || v.code(row))));
    button.append(el("span", "bs-hidden", scene.judged ? labels.signal_class[v.signalClass(row) || "unknown"] : ""));
    button.addEventListener("click", () => openVillage(row));
    return el("li", scene.matches(row) ? "" : "bs-not-shown", button);
  }

  /** The list is built when it is open: a province has hundreds of places. */
  function fillList() {
    const place = here();
    const key = [place, scene.lang, more.open].join(" ");
    if (!more.open) list.replaceChildren();
    else if (places.isDistrict(place)) {
      const byName = (a, b) => v.name(a).localeCompare(v.name(b), scene.locale);
      list.replaceChildren(...places.villages(place).toSorted(byName).map(villageRow));
    } else {
      const most = new Map(places.children(place).map((child) => [child, scene.judged ? scene.placeCounts(child).none : 0]));
      const order = [...most.keys()].sort((a, b) => most.get(b) - most.get(a) || places.name(a).localeCompare(places.name(b), scene.locale));
      list.replaceChildren(...order.map(placeRow));
    }
    if (key !== built) list.scrollTop = 0;
    built = key;
  }

  more.addEventListener("toggle", fillList);
  function update() {
    const place = here();
    const steps = places.path(place);
    trail.setAttribute("aria-label", t.trail);
    trail.replaceChildren(step(places.top, !steps.length), ...steps.flatMap((own, i) => [el("span", "bs-step-sign", "›"), step(own, i === steps.length - 1)]));
    trail.querySelector(".bs-step-sign")?.setAttribute("aria-hidden", "true");
    const count = places.isDistrict(place) ? places.villages(place).length : places.children(place).length;
    const kind = places.isDistrict(place) ? "village" : places.children(place).length ? places.level(places.children(place)[0]) : "village";
    summary.textContent = fill(t["open_" + kind], { n: number(count) });
    more.hidden = !count;
    const day = shownDay(scene);
    counted.textContent = day === null ? t.counted_undated : fill(t.counted, { day: scene.day(day) });
    fillList();
  }
  return { update };
}
