// The past in the scene (history.py writes it): `scene.when` is null for now, or the place of a stop; everything that asks a
// village for its class, stage or partner then gets the answer of that day. `scene.compared` holds two stops to compare.

const KINDS = CONFIDENCES.length + 1; // a byte of classes: 0 none, else 1 + class × kinds + confidence
const RANK = { unknown: -1, none: 0, weak: 1, served: 2 };

function addPast(scene, header, part) {
  scene.when = null;
  scene.compared = null;
  scene.only = null; // what the comparison leaves: a test of rows
  scene.stops = [];
  scene.pastConfidences = new Set();
  scene.wasJudged = () => scene.judged;
  // What the toolbar of time answers otherwise once it is there.
  scene.changeLines = () => [];
  scene.asSeenAt = (_, ask) => ask();
  scene.rastersAt = () => scene.rasters.filter((raster) => raster.on);
  scene.paintSides = () => false;
  const past = header.history;
  if (!past || past.stops.length < 2) return;
  const v = scene.villages, total = v.total, last = past.stops.length - 1;
  const village = deltas(part("history.village")), on = deltas(part("history.on"));
  const stage = texts(past.stage), partner = texts(past.partner);
  const classes = part("history.classes").slice();
  const judgedAt = new Map(past.judged.map((stop, place) => [stop, place]));
  const first = new Int32Array(total + 1);
  for (const row of village) first[row + 1]++;
  for (let row = 0; row < total; row++) first[row + 1] += first[row];
  scene.stops = past.stops;

  /** The last move of a village up to a stop, −1 where there was none. */
  const moveAt = (row, stop) => {
    for (let i = first[row + 1] - 1; i >= first[row]; i--) if (on[i] <= past.stops[stop]) return i;
    return -1;
  };
  const byte = (row, stop) => (judgedAt.has(stop) ? classes[judgedAt.get(stop) * total + row] : 0);
  const now = { signalClass: v.signalClass, confidence: v.confidence, stageOf: scene.stageOf, partnerOf: scene.partnerOf, ageBin: scene.ageBin };
  const isNow = (stop) => stop === null || stop === last;

  scene.at = {
    signalClass: (row, stop) => (isNow(stop) ? now.signalClass(row) : byte(row, stop) ? CLASSES[Math.floor((byte(row, stop) - 1) / KINDS)] : ""),
    confidence: (row, stop) => (isNow(stop) ? now.confidence(row) : byte(row, stop) ? CONFIDENCES[((byte(row, stop) - 1) % KINDS) - 1] ?? "" : ""),
    stage(row, stop) {
      const move = isNow(stop) ? -1 : moveAt(row, stop);
      return isNow(stop) ? now.stageOf(row) : move < 0 ? "" : stage(move);
    },
    partner(row, stop) {
      const move = isNow(stop) ? -1 : moveAt(row, stop);
      return isNow(stop) ? now.partnerOf(row) : move < 0 ? "" : partner(move);
    },
    /** The day since which a village had stood at its stage. */
    since(row, stop) {
      let move = moveAt(row, stop);
      while (move > first[row] && stage(move - 1) === stage(move)) move--;
      return move < 0 ? null : on[move];
    },
    judged: (stop) => scene.judged && (isNow(stop) || judgedAt.has(stop)),
    progress: (stop) => past.progress.find((line) => line.on === past.stops[stop]) ?? null,
  };
  v.signalClass = (row) => scene.at.signalClass(row, scene.when);
  v.confidence = (row) => scene.at.confidence(row, scene.when);
  scene.stageOf = (row) => scene.at.stage(row, scene.when);
  scene.partnerOf = (row) => scene.at.partner(row, scene.when);
  scene.ageBin = (row) => {
    if (isNow(scene.when)) return now.ageBin(row);
    const since = CLOSED.includes(scene.stageOf(row)) || !scene.stageOf(row) ? null : scene.at.since(row, scene.when);
    return since === null ? -1 : scene.ageEdges.filter((edge) => scene.stops[scene.when] - since > edge).length;
  };
  scene.wasJudged = () => scene.at.judged(scene.when);
  for (const one of new Set(classes)) {
    const kind = one && Math.floor((one - 1) / KINDS) !== CLASSES.indexOf("unknown") ? CONFIDENCES[((one - 1) % KINDS) - 1] : "";
    if (kind) scene.pastConfidences.add(kind);
  }
  for (const word of past.stage.words) scene.stagesUsed.add(word);
  for (const word of past.partner.words) scene.partnersUsed.add(word);

  /** What changed about a village between two stops: { stage: [before, after], signal: [before, after] }; null where nothing. */
  scene.difference = (row, [a, b]) => {
    const stages = [scene.at.stage(row, a), scene.at.stage(row, b)];
    const signals = scene.at.judged(a) && scene.at.judged(b) ? [a, b].map((stop) => scene.at.signalClass(row, stop) || "unknown") : ["", ""];
    const found = {};
    if (stages[0] !== stages[1]) found.stage = stages;
    if (signals[0] !== signals[1]) found.signal = signals;
    return found.stage || found.signal ? found : null;
  };
  /** Whether things went forward (1), back (−1) or neither (0): the signal where it is known at both ends, else handling. */
  scene.direction = ({ stage: stages, signal: signals }) => {
    const better = signals && !signals.includes("unknown") ? Math.sign(RANK[signals[1]] - RANK[signals[0]]) : 0;
    if (better || !stages) return better;
    const order = Object.keys(scene.labels.stage);
    if (["rejected", "deferred", "reopened"].includes(stages[1]) || !stages[1]) return -1;
    return stages[0] === "" || order.indexOf(stages[1]) > order.indexOf(stages[0]) ? 1 : -1;
  };
}

/** Answer as of another stop for as long as `ask` runs. */
function asOfStop(scene, stop, ask) {
  const kept = scene.when;
  scene.when = stop;
  try {
    return ask();
  } finally {
    scene.when = kept;
  }
}
