// The scene: the unpacked data with what is switched on, filtered and selected. It answers; it draws nothing.

const HANDLED = ["handled", "verified_after"];
const CLOSED = [...HANDLED, "rejected"];
const FILTERS = ["district", "stage", "partner", "age", "changed"];
const UNITS = { download_mbps: "Mbps", upload_mbps: "Mbps" };

/** Labels of shapes in world coordinates; null where a shape has none. */
const labelPoints = (list, quantum) => list.map((at) => at && [worldX(at[0] * quantum), worldY(at[1] * quantum)]);

function makeScene(name, { header, part }) {
  const { quantum } = header;
  const scene = { name, header, selected: -1, opacity: 1, labelCache: new Map(), state: makeState() };
  addLanguage(scene, header);
  addVillages(scene, header, part, quantum);
  Object.assign(scene, { asOf: header.as_of, changedSince: header.changed_since, ageEdges: header.age_edges });
  addCases(scene, header.cases);
  addChanges(scene, header.changes);
  addPoints(scene, header, part, quantum);
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

/** Area over half the perimeter: the width of a strip, most of the side of a square. */
function slimOf({ x, y, ringStart, shapeStart }, row) {
  let area = 0, length = 0;
  for (let r = shapeStart[row]; r < shapeStart[row + 1]; r++) {
    for (let k = ringStart[r], before = ringStart[r + 1] - 1; k < ringStart[r + 1]; before = k++) {
      area += x[before] * y[k] - x[k] * y[before];
      length += Math.hypot(x[k] - x[before], y[k] - y[before]);
    }
  }
  return length ? Math.abs(area) / length : 0;
}

function addVillages(scene, header, part, quantum) {
  const v = header.villages, d = header.districts;
  const districtCode = texts(v.district);
  const districtAt = new Map(d.code.words.map((code, i) => [code, d.code.at.indexOf(i)]));
  const districtName = texts(d.name), total = v.code.at.length;
  scene.judged = Boolean(v.signal_class);
  const nothing = new Array(total).fill(null);
  const column = (name) => v[name] ?? nothing;
  scene.districts = {
    ...decodeShapes(part, "districts", quantum),
    total: d.code.at.length, code: texts(d.code), name: (row) => districtName(row) || texts(d.code)(row),
    label: labelPoints(d.label, quantum),
  };
  const districtOf = Array.from({ length: total }, (_, row) => districtAt.get(districtCode(row)) ?? -1);
  scene.villages = {
    ...decodeShapes(part, "villages", quantum),
    total, code: texts(v.code), name: texts(v.name), type: texts(v.type), population: v.population, districtOf,
    districtName: (row) => (districtOf[row] < 0 ? "" : scene.districts.name(districtOf[row])),
    label: labelPoints(v.label, quantum),
    signalClass: texts(v.signal_class), confidence: texts(v.confidence), reason: texts(v.reason), weight: texts(v.weight_kind),
    partial: column("partial"), no4g: column("no_4g"), readings: column("n_measurements"), cells: column("n_cells"),
    latest: column("latest_measurement"),
    shares: Object.fromEntries(["served", "weak", "none", "low", "high"].map((name) => [name, column("share_" + name)])),
  };
  const { box } = scene.villages;
  const size = (row) => Math.sqrt(Math.max(0, (box[row * 4 + 2] - box[row * 4]) * (box[row * 4 + 3] - box[row * 4 + 1])));
  const drawn = Array.from({ length: total }, (_, row) => row).filter((row) => scene.villages.label[row]);
  scene.villages.slim = Float64Array.from({ length: total }, (_, row) => slimOf(scene.villages, row));
  scene.labelOrder = [...drawn].sort((a, b) => size(b) - size(a));
  scene.villageSize = drawn.length ? size(scene.labelOrder[Math.floor(drawn.length / 2)]) : 0;
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

function addPoints(scene, header, part, quantum) {
  scene.points = [];
  scene.stores = {};
  const add = (id, columns, symbolOf, { step = quantum, smallBelow = 7 } = {}) => {
    const store = { ...decodePoints(part, id, step), ...columns };
    scene.stores[id] = store;
    scene.points.push({ id, store, symbolOf, smallBelow });
  };
  const { measurements: m, facilities: f, internet: p, sites: s } = header;
  if (m) {
    const first = [0];
    for (const size of m.groups) first.push(first[first.length - 1] + size);
    const metric = texts(m.metric);
    add("measurements", {
      first, level: m.level, operator: texts(m.operator), technology: texts(m.technology), metric, n: m.n, value: m.value, day: m.day,
      unit: (row) => UNITS[metric(row)] ?? `dBm ${metric(row).replace("_dbm", "").replace("_", "-").toUpperCase()}`,
    }, (i) => "reading_" + LEVELS[m.level[i]], { step: 10 ** -m.decimals, smallBelow: 8.5 }); // many: small until there is room
    scene.levelCounts = [0, 0, 0, 0];
    m.level.forEach((level, i) => {
      for (let g = first[i]; g < first[i + 1]; g++) scene.levelCounts[level] += m.n[g];
    });
  }
  if (f) add("facilities", { name: texts(f.facility_name), type: texts(f.facility_type), internet: f.has_internet }, () => "facility");
  if (p) add("internet", { name: texts(p.point_name), type: texts(p.point_type), provider: texts(p.provider), status: texts(p.status), since: p.since }, () => "internet");
  if (s) {
    const status = texts(s.status), quality = texts(s.position_quality);
    const kind = (i) => (quality(i) === "crowdsourced" ? "crowdsourced" : ["planned", "inactive"].includes(status(i)) ? status(i) : "active");
    add("sites", {
      id: texts(s.site_id), name: texts(s.site_name), owner: texts(s.owner), status, quality, height: s.height_m, services: texts(s.services),
    }, (i) => "site_" + kind(i));
    scene.siteCounts = {};
    for (let i = 0; i < s.site_id.at.length; i++) scene.siteCounts[kind(i)] = (scene.siteCounts[kind(i)] ?? 0) + 1;
  }
  scene.layerTotal = (id) => (id === "measurements" ? m.total : scene.stores[id] ? scene.stores[id].count : null);
}

function addFilter(scene) {
  const v = scene.villages;
  const classOf = (row) => v.signalClass(row) || "unknown";
  scene.clearFilter = () => {
    scene.filter = { classes: new Set(CLASSES), district: null, stage: null, partner: null, age: null, changed: null };
  };
  scene.clearFilter();
  scene.filtered = () =>
    scene.filter.classes.size < CLASSES.length || FILTERS.some((name) => scene.filter[name] !== null);
  const plain = (value) => (value.startsWith("=") ? value.slice(1) : value);
  const isChanged = (row, changed) => {
    const found = scene.changesOf(row);
    return changed.startsWith("=") ? found.some((i) => scene.changes.what(i) === plain(changed)) : Boolean(found.length) === (changed === "any");
  };
  const others = (row) => {
    const { district, stage, partner, age, changed } = scene.filter;
    return (
      (district === null || v.districtOf[row] === Number(district)) &&
      (stage === null || scene.stageOf(row) === plain(stage)) &&
      (partner === null || scene.partnerOf(row) === plain(partner)) &&
      (age === null || scene.ageBin(row) === Number(age)) &&
      (changed === null || isChanged(row, changed))
    );
  };
  scene.matches = (row) => (!scene.judged || scene.filter.classes.has(classOf(row))) && others(row);
  scene.matchCount = () => scene.rows.filter(scene.matches).length;
  scene.gapCount = () => scene.rows.filter((row) => scene.isGap(row) && scene.matches(row)).length;
  /** Villages per class and confidence under every filter but that of the classes. */
  scene.classCounts = () => {
    const counts = Object.fromEntries(CLASSES.map((name) => [name, { total: 0, by: {} }]));
    for (const row of scene.rows) {
      if (!others(row)) continue;
      const entry = counts[classOf(row)], kind = v.confidence(row);
      entry.total++;
      entry.by[kind] = (entry.by[kind] ?? 0) + 1;
    }
    return counts;
  };
  scene.outlineCounts = () => {
    const counts = {};
    for (const row of scene.rows) if (scene.matches(row) && scene.outlineOf(row)) counts[scene.outlineOf(row)] = (counts[scene.outlineOf(row)] ?? 0) + 1;
    return counts;
  };
}

function addLooks(scene) {
  const v = scene.villages;
  const looks = new Map([["faded", { fill: FADED, ink: null }], ["plain", { fill: NEUTRAL, ink: null }]]);
  scene.lookKey = (row) => {
    if (!scene.matches(row)) return "faded";
    if (!scene.judged || !scene.on.verdicts) return "plain";
    return `${v.signalClass(row) || "unknown"} ${v.confidence(row)}`;
  };
  scene.lookOf = (key) => {
    if (!looks.has(key)) looks.set(key, look(...key.split(" ")));
    return looks.get(key);
  };
}
