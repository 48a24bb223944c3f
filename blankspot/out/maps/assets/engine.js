// The engine: the ground of a page (its shapes, points and names), the styles laid on it, and what can be asked of both.
// The same code runs in a worker (worker.js) and, where there is none, in the page.

/** The side of a square as large as a box. */
const sizeOf = (box, row) => Math.sqrt(Math.max(0, (box[row * 4 + 2] - box[row * 4]) * (box[row * 4 + 3] - box[row * 4 + 1])));

/** The size in the middle of those of all boxes that hold something. */
function middleSize(box) {
  const sizes = [];
  for (let row = 0; row * 4 < box.length; row++) if (box[row * 4] <= box[row * 4 + 2]) sizes.push(sizeOf(box, row));
  return sizes.length ? Float64Array.from(sizes).sort()[sizes.length >> 1] : 0;
}

/** Return the ground: what every layer of villages shares. */
function makeGround({ header, part }) {
  const { quantum } = header;
  const villages = { ...decodeShapes(part, "villages", quantum), name: texts(header.villages.name), label: labelPoints(part, quantum) };
  const { box, count } = villages;
  const size = Float64Array.from({ length: count }, (_, row) => sizeOf(box, row));
  villages.slim = Float64Array.from({ length: count }, (_, row) => slimOf(villages, row));
  const units = unitsOf(header, villages);
  for (const unit of Object.values(units)) unit.typical = middleSize(unit.box);
  const ground = { villages, ...units, points: makePoints(header, part), size, villageSize: middleSize(box) };
  return Object.assign(ground, { coarser: header.coarser.map((degrees) => degrees / 360), widths: new Map() });
}

function makeEngine(unpacked) {
  const ground = makeGround(unpacked);
  const models = new Map();
  return {
    boxes: ground.villages.box,
    /** Lay a style on the ground for the layer `id`. */
    style: (id, style) => models.set(id, { ...ground, ...style, labelCache: new Map() }),
    drop: (id) => models.delete(id),
    paint: (ctx, id, view) => models.has(id) && paintModel(ctx, models.get(id), view),
    hit: (id, wx, wy, scale, reach) => (models.has(id) ? hitModel(models.get(id), wx, wy, scale, reach) : null),
  };
}

/** Return what lies at a position: { layer, row } of a point within `reach` pixels, else of a village, else null; of a mark
 * that stands for many places also how `many`. */
function hitModel(model, wx, wy, scale, reach) {
  for (const layer of [...model.points].reverse()) {
    if (!model.on[layer.id]) continue;
    const marks = marksAt(layer, scale), { x, y } = marks, r = reach / scale;
    let best = r ** 2, found = -1;
    for (const i of touching(marks, { west: wx - r, east: wx + r, north: wy - r, south: wy + r })) {
      const distance = (x[i] - wx) ** 2 + (y[i] - wy) ** 2;
      if (distance <= best) [best, found] = [distance, i];
    }
    if (found >= 0) return toldOf(layer, marks, found);
  }
  for (const row of touching(model.villages, { west: wx, east: wx, north: wy, south: wy })) {
    if (inside(model.villages, row, wx, wy)) return { layer: "villages", row };
  }
  return null;
}
