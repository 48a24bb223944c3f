// What is shown: classes, confidences, a place and further conditions. `scene.refilter()` asks every village once and
// keeps the answers and the counts, so that painting, legend and table only look them up.

const FILTERS = ["place", "flag", "stage", "partner", "age", "changed"];
const FLAGS = ["partial", "no_4g"];

function addFilter(scene) {
  const v = scene.villages, { districts } = scene;
  const n = v.total;
  const isSure = (kind) => scene.rows.some((row) => v.confidence(row) === kind && (v.signalClass(row) || "unknown") !== "unknown");
  const kinds = scene.judged ? CONFIDENCES.filter((kind) => scene.pastConfidences.has(kind) || isSure(kind)) : [];
  const classOf = new Uint8Array(n), kindOf = new Int8Array(n);
  let readAsOf = NaN; // the day whose classes are kept

  /** Keep the classes and confidences of the day that is looked at. */
  function readClasses() {
    if (readAsOf === scene.when) return;
    readAsOf = scene.when;
    for (let row = 0; row < n; row++) {
      classOf[row] = CLASSES.indexOf(v.signalClass(row) || "unknown");
      // "Not enough data" has no degree of certainty: no choice of confidences hides it.
      kindOf[row] = CLASSES[classOf[row]] === "unknown" ? -1 : kinds.indexOf(v.confidence(row));
    }
  }
  const shown = new Uint8Array(n);
  let counts = null;
  scene.confidencesUsed = kinds;
  scene.filter = {};
  const clear = () => Object.assign(scene.filter, { classes: new Set(CLASSES), confidences: new Set(kinds) }, Object.fromEntries(FILTERS.map((name) => [name, null])));
  scene.clearFilter = () => {
    clear();
    scene.refilter();
  };
  scene.filtered = () =>
    scene.filter.classes.size < CLASSES.length || scene.filter.confidences.size < kinds.length || FILTERS.some((name) => scene.filter[name] !== null);

  const plain = (value) => (value.startsWith("=") ? value.slice(1) : value);
  const isChanged = (row, changed) => {
    const found = scene.changesOf(row);
    return changed.startsWith("=") ? found.some((i) => scene.changes.what(i) === plain(changed)) : Boolean(found.length) === (changed === "any");
  };

  /** The conditions that are set, besides those of class, confidence and place. */
  function conditions() {
    const { flag, stage, partner, age, changed } = scene.filter;
    return [
      flag !== null && ((row) => Boolean((flag === "partial" ? v.partial : v.no4g)[row])),
      stage !== null && ((row) => scene.stageOf(row) === plain(stage)),
      partner !== null && ((row) => scene.partnerOf(row) === plain(partner)),
      age !== null && ((row) => scene.ageBin(row) === Number(age)),
      changed !== null && ((row) => isChanged(row, changed)),
      scene.only, // what a comparison of two days leaves
    ].filter(Boolean);
  }

  /** Ask every village anew; to be called after the filter, or what it asks for, has changed. */
  scene.refilter = () => {
    readClasses();
    const { classes, confidences, place } = scene.filter;
    const asked = conditions();
    const inPlace = scene.places.mask(place);
    const classOn = CLASSES.map((name) => !scene.judged || classes.has(name)), kindOn = kinds.map((kind) => confidences.has(kind));
    counts = {
      shown: 0, gaps: 0, outlines: {}, ofKind: new Uint32Array(kinds.length), byDistrict: new Uint32Array((districts.total + 1) * CLASSES.length),
      classes: CLASSES.map(() => ({ total: 0, by: new Uint32Array(kinds.length) })),
    };
    for (let row = 0; row < n; row++) {
      shown[row] = 0;
      if (!asked.every((is) => is(row))) continue;
      const at = classOf[row], kind = kindOf[row], district = v.districtOf[row];
      const certain = kind < 0 || kindOn[kind];
      if (certain && classOn[at]) counts.byDistrict[(district + 1) * CLASSES.length + at]++;
      if (!inPlace[district + 1]) continue;
      if (certain) {
        counts.classes[at].total++;
        if (kind >= 0) counts.classes[at].by[kind]++;
      }
      if (classOn[at] && kind >= 0) counts.ofKind[kind]++;
      if (!certain || !classOn[at]) continue;
      shown[row] = 1;
      counts.shown++;
      if (scene.isGap(row)) counts.gaps++;
      const outline = scene.outlineOf(row);
      if (outline) counts.outlines[outline] = (counts.outlines[outline] ?? 0) + 1;
    }
  };

  scene.matches = (row) => shown[row] === 1;
  scene.matchCount = () => counts.shown;
  /** Remaining gaps; null where nobody could judge the signal as of the day that is looked at. */
  scene.gapCount = () => (scene.wasJudged() ? counts.gaps : null);
  scene.outlineCounts = () => counts.outlines;
  /** Villages per class and confidence under every filter but that of the classes. */
  scene.classCounts = () =>
    Object.fromEntries(CLASSES.map((name, at) => [name, { total: counts.classes[at].total, by: Object.fromEntries(kinds.map((kind, k) => [kind, counts.classes[at].by[k]])) }]));
  /** Villages per confidence under every filter but that of the confidences. */
  scene.confidenceCounts = () => Object.fromEntries(kinds.map((kind, k) => [kind, counts.ofKind[k]]));
  /** Villages per class in a place under every filter but that of the place. */
  scene.placeCounts = (place) => {
    const sums = CLASSES.map(() => 0);
    scene.places.mask(place).forEach((inside, at) => {
      if (inside) CLASSES.forEach((_, c) => (sums[c] += counts.byDistrict[at * CLASSES.length + c]));
    });
    return Object.fromEntries(CLASSES.map((name, c) => [name, sums[c]]));
  };
  clear();
  scene.refilter();
}
