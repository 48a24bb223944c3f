// The scene: the unpacked data with what is switched on, filtered and selected. It answers; it draws nothing.

const HANDLED = ["handled", "verified_after"];
const CLOSED = [...HANDLED, "rejected"];

/** `engine` is what `openEngine` gives: the unpacked attributes, the boxes of the shapes, and whoever paints them. */
function makeScene(name, engine) {
  const { header, part, boxes } = engine;
  const scene = { name, header, engine, selected: -1, opacity: 1, state: makeState() };
  addLanguage(scene, header);
  addVillages(scene, header, boxes);
  Object.assign(scene, { asOf: header.as_of, changedSince: header.changed_since, ageEdges: header.age_edges });
  addCases(scene, header.cases);
  addChanges(scene, header.changes);
  addPoints(scene, header, part);
  addOverlays(scene, header, part);
  addPlaces(scene, header);
  addPast(scene, header, part);
  addFilter(scene);
  addLooks(scene);
  scene.has = {
    verdicts: scene.judged, handling: Boolean(scene.cases), gaps: scene.judged, districts: scene.districts.total > 0,
    labels: scene.villages.total > 0, sites: false, internet: false, facilities: false, measurements: false,
  };
  scene.on = { ...scene.has, gaps: false };
  for (const layer of scene.points) {
    scene.has[layer.id] = true;
    scene.on[layer.id] = false;
  }
  return scene;
}

function addVillages(scene, header, boxes) {
  const v = header.villages, label = labelPoints(scene.engine.part, header.quantum);
  Object.assign(scene, unitsOf(header, { box: boxes, label }));
  const { of: districtOf, name: districtName } = scene.districts;
  const total = v.code.at.length;
  scene.judged = Boolean(v.signal_class);
  const nothing = new Array(total).fill(null);
  const column = (name) => v[name] ?? nothing;
  scene.villages = {
    box: boxes, label, total, code: texts(v.code), name: texts(v.name), type: texts(v.type), population: v.population, districtOf,
    districtName: (row) => (districtOf[row] < 0 ? "" : districtName(districtOf[row])),
    signalClass: texts(v.signal_class), confidence: texts(v.confidence), reason: reasonReader(scene, v.reason, scene.engine.part), weight: texts(v.weight_kind),
    partial: column("partial"), no4g: column("no_4g"), readings: column("n_measurements"), cells: column("n_cells"),
    latest: column("latest_measurement"),
    shares: Object.fromEntries(["served", "weak", "none", "low", "high"].map((name) => [name, column("share_" + name)])),
  };
}

function addCases(scene, cases) {
  scene.cases = null;
  scene.casesOf = () => [];
  const first = new Map();
  if (cases) {
    const of = new Map();
    cases.village.forEach((village, i) => {
      if (!of.has(village)) of.set(village, []);
      of.get(village).push(i);
    });
    for (const [village, list] of of) first.set(village, list[0]);
    scene.casesOf = (row) => of.get(row) ?? [];
    scene.cases = {
      stage: texts(cases.stage), since: cases.since, year: cases.year, target: cases.is_target, handledOn: cases.handled_on,
      partner: texts(cases.partner), intervention: texts(cases.intervention_type), funding: texts(cases.funding_source),
      evidence: texts(cases.evidence), reason: texts(cases.reason), planned: texts(cases.planned_quarter), conflict: cases.conflict,
    };
  }
  scene.stageOf = (row) => (first.has(row) ? scene.cases.stage(first.get(row)) : "");
  scene.partnerOf = (row) => (first.has(row) ? scene.cases.partner(first.get(row)) : "");
  scene.ageOf = (i) => (scene.asOf === null || scene.cases.since[i] === null ? null : scene.asOf - scene.cases.since[i]);
  /** The bin of an open case's age, −1 where the village has none. */
  scene.ageBin = (row) => {
    const age = first.has(row) && !CLOSED.includes(scene.stageOf(row)) ? scene.ageOf(first.get(row)) : null;
    return age === null ? -1 : scene.ageEdges.filter((edge) => age > edge).length;
  };
  scene.outlineOf = (row) => OUTLINE_OF[scene.stageOf(row)];
  scene.isGap = (row) => scene.villages.signalClass(row) === "none" && !HANDLED.includes(scene.stageOf(row));
  const rows = Array.from({ length: scene.villages.total }, (_, row) => row);
  scene.rows = rows;
  scene.stagesUsed = new Set(rows.map(scene.stageOf));
  scene.partnersUsed = new Set(rows.map(scene.partnerOf));
}

/** What changed since a day, village by village. */
function addChanges(scene, changes) {
  scene.changes = null;
  scene.changesOf = () => [];
  if (!changes) return;
  const of = new Map();
  changes.village.forEach((village, i) => {
    if (!of.has(village)) of.set(village, []);
    of.get(village).push(i);
  });
  scene.changesOf = (row) => of.get(row) ?? [];
  scene.changes = { what: texts(changes.what), before: texts(changes.before), after: texts(changes.after), on: changes.on };
  scene.changesUsed = new Set(changes.what.words);
}

function addPoints(scene, header, part) {
  scene.points = makePoints(header, part);
  scene.stores = Object.fromEntries(scene.points.map(({ id, store }) => [id, store]));
  const { measurements, sites } = scene.stores;
  if (measurements) later(scene, "levelCounts", () => countBy(LEVELS.length, measurements.count, (i) => measurements.level[i], measurements.total));
  if (sites) {
    scene.siteCounts = {};
    for (let i = 0; i < sites.count; i++) scene.siteCounts[sites.kind(i)] = (scene.siteCounts[sites.kind(i)] ?? 0) + 1;
  }
  scene.layerTotal = (id) => (id === "measurements" ? header.measurements.total : scene.stores[id] ? scene.stores[id].count : null);
}

/** Sum `weight(i)` of `count` things per group. */
function countBy(groups, count, groupOf, weight) {
  const counts = new Array(groups).fill(0);
  for (let i = 0; i < count; i++) counts[groupOf(i)] += weight(i);
  return counts;
}

function addLooks(scene) {
  const v = scene.villages;
  const looks = new Map();
  scene.lookKey = (row) => {
    if (!scene.matches(row)) return "faded";
    if (!scene.judged || !scene.on.verdicts) return "plain";
    return `${v.signalClass(row) || "unknown"} ${v.confidence(row)}`;
  };
  scene.lookOf = (key) => {
    if (key === "faded") return { fill: paperOf({ dark: isDark(scene) }).faded, ink: null };
    if (key === "plain") return { fill: paperOf({ dark: isDark(scene) }).neutral, ink: null };
    if (!looks.has(key)) looks.set(key, look(...key.split(" ")));
    return looks.get(key);
  };
}
