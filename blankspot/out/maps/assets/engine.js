// The engine: the ground of a page (its shapes, points and names), the styles laid on it, and what can be asked of both.
// The same code runs in a worker (worker.js) and, where there is none, in the page.

/** Return the ground: what every layer of villages shares. */
function makeGround({ header, part }) {
  const { quantum, villages: v, districts: d } = header;
  const districtName = texts(d.name), districtCode = texts(d.code);
  const villages = { ...decodeShapes(part, "villages", quantum), name: texts(v.name), label: labelPoints(v.label, quantum) };
  const districts = {
    ...decodeShapes(part, "districts", quantum),
    name: (row) => districtName(row) || districtCode(row), label: labelPoints(d.label, quantum),
  };
  const { box, label, count } = villages;
  const size = Float64Array.from({ length: count }, (_, i) => Math.sqrt(Math.max(0, (box[i * 4 + 2] - box[i * 4]) * (box[i * 4 + 3] - box[i * 4 + 1]))));
  villages.slim = Float64Array.from({ length: count }, (_, row) => slimOf(villages, row));
  const drawn = Array.from({ length: count }, (_, row) => row).filter((row) => label[row]);
  const labelOrder = drawn.sort((a, b) => size[b] - size[a]);
  const villageSize = drawn.length ? size[labelOrder[Math.floor(drawn.length / 2)]] : 0;
  return { villages, districts, points: makePoints(header, part), labelOrder, villageSize };
}

function makeEngine(unpacked) {
  const ground = makeGround(unpacked);
  const models = new Map();
  return {
    boxes: { villages: ground.villages.box, districts: ground.districts.box },
    /** Lay a style on the ground for the layer `id`. */
    style: (id, style) => models.set(id, { ...ground, ...style, labelCache: new Map() }),
    drop: (id) => models.delete(id),
    paint: (ctx, id, view) => models.has(id) && paintModel(ctx, models.get(id), view),
    hit: (id, wx, wy, scale, reach) => (models.has(id) ? hitModel(models.get(id), wx, wy, scale, reach) : null),
  };
}

/** Return what lies at a position: { layer, row } of a point within `reach` pixels, else of a village, else null. */
function hitModel(model, wx, wy, scale, reach) {
  for (const layer of [...model.points].reverse()) {
    if (!model.on[layer.id]) continue;
    const { x, y, count } = layer.store;
    let best = (reach / scale) ** 2, found = -1;
    for (let i = 0; i < count; i++) {
      const distance = (x[i] - wx) ** 2 + (y[i] - wy) ** 2;
      if (distance <= best) [best, found] = [distance, i];
    }
    if (found >= 0) return { layer: layer.id, row: found };
  }
  for (const row of touching(model.villages, { west: wx, east: wx, north: wy, south: wy })) {
    if (inside(model.villages, row, wx, wy)) return { layer: "villages", row };
  }
  return null;
}
