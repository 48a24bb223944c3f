// Many places on little room: one mark per square of the screen, which says how many readings it stands for. It shows the
// level in the middle of theirs (of two in the middle the worse), and stands in the middle of their places, so that it
// neither hides a hole among good readings nor makes one bad reading a hole. From near every place is shown as it is.

const MARK_CELL = 14; // pixels of a square's side
const EXACT_FROM = 10; // pixels between neighbouring places from which each is shown
const PLAIN_MAX = 5000; // places that may be painted one by one from afar
const MARKS_KEPT = 4; // zooms whose marks are kept

/** Give points boxes and a grid when they are first asked for, so that those in a window are found without asking all. */
function indexed(store) {
  later(store, "box", () => {
    const box = new Float64Array(store.count * 4);
    for (let i = 0; i < store.count; i++) box.set([store.x[i], store.y[i], store.x[i], store.y[i]], i * 4);
    return box;
  });
  later(store, "cells", () => cellsOf(store));
  return store;
}

/** Whether a layer is so full that one mark stands for many places at this scale. */
const isThinned = ({ store, thins, step }, scale) => Boolean(thins) && store.count > PLAIN_MAX && step * scale < EXACT_FROM;

/** What is painted of a layer and found under a finger: its places, or marks that stand for them. */
function marksAt(layer, scale) {
  if (!isThinned(layer, scale)) return layer.store;
  layer.marks ??= new Map();
  if (!layer.marks.has(scale)) {
    if (layer.marks.size >= MARKS_KEPT) layer.marks.delete(layer.marks.keys().next().value);
    layer.marks.set(scale, thin(layer.store, MARK_CELL / scale));
  }
  return layer.marks.get(scale);
}

/** Put readings into squares of the world: where their mark stands, its level, and how much it stands for. */
function thin({ x, y, count, level, total }, side) {
  const numbers = new Map(), of = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const key = Math.floor(x[i] / side) * 2 ** 26 + Math.floor(y[i] / side);
    let mark = numbers.get(key);
    if (mark === undefined) numbers.set(key, (mark = numbers.size));
    of[i] = mark;
  }
  const size = numbers.size;
  const marks = {
    thinned: true, count: size, x: new Float64Array(size), y: new Float64Array(size), level: new Uint8Array(size),
    places: new Uint32Array(size), total: new Float64Array(size), levels: new Float64Array(size * LEVELS.length), row: new Uint32Array(size),
  };
  for (let i = 0; i < count; i++) {
    const mark = of[i], readings = total(i);
    marks.places[mark]++;
    marks.x[mark] += (x[i] - marks.x[mark]) / marks.places[mark];
    marks.y[mark] += (y[i] - marks.y[mark]) / marks.places[mark];
    marks.total[mark] += readings;
    marks.levels[mark * LEVELS.length + level[i]] += readings;
    marks.row[mark] = i;
  }
  for (let mark = 0; mark < size; mark++) marks.level[mark] = middleLevel(marks.levels.subarray(mark * LEVELS.length, (mark + 1) * LEVELS.length));
  return indexed(marks);
}

/** The level in the middle; readings of speed alone have none, and count where there is nothing else. */
function middleLevel(counts) {
  const half = (counts[1] + counts[2] + counts[3]) / 2;
  let passed = 0;
  for (let level = 1; level < counts.length; level++) {
    passed += counts[level];
    if (passed && passed >= half) return level;
  }
  return 0;
}

/** A mark grows with what it stands for. */
const markSize = (marks, i) => Math.min(1.5, 0.75 + 0.25 * Math.log10(marks.total[i]));

/** What is told of a point or of a mark that was hit. */
function toldOf(layer, marks, i) {
  if (!marks.thinned) return { layer: layer.id, row: i };
  const found = { layer: layer.id, row: marks.row[i] };
  if (marks.places[i] === 1) return found;
  return { ...found, many: { places: marks.places[i], total: marks.total[i], level: marks.level[i], levels: [...marks.levels.subarray(i * LEVELS.length, (i + 1) * LEVELS.length)] } };
}
