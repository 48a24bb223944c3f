// Shapes and points in world coordinates (Web Mercator as Leaflet draws it, on a world of width 1), and what lies where.

const worldX = (lon) => lon / 360 + 0.5;
const worldY = (lat) => {
  const sine = Math.sin((Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
};

/** Decode polygons: corners in world coordinates, where rings and shapes begin, and a box per shape. */
function decodeShapes(part, name, quantum) {
  const rings = varints(part(name + ".rings"));
  const corners = varints(part(name + ".corners"));
  const x = deltas(part(name + ".lon"));
  const y = deltas(part(name + ".lat"));
  for (let i = 0; i < x.length; i++) {
    x[i] = worldX(x[i] * quantum);
    y[i] = worldY(y[i] * quantum);
  }
  const ringStart = new Uint32Array(corners.length + 1);
  for (let i = 0; i < corners.length; i++) ringStart[i + 1] = ringStart[i] + corners[i];
  const shapeStart = new Uint32Array(rings.length + 1);
  for (let i = 0; i < rings.length; i++) shapeStart[i + 1] = shapeStart[i] + rings[i];
  const box = new Float64Array(rings.length * 4);
  for (let i = 0; i < rings.length; i++) {
    let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
    for (let k = ringStart[shapeStart[i]]; k < ringStart[shapeStart[i + 1]]; k++) {
      if (x[k] < west) west = x[k];
      if (x[k] > east) east = x[k];
      if (y[k] < north) north = y[k];
      if (y[k] > south) south = y[k];
    }
    box.set([west, north, east, south], i * 4);
  }
  return { count: rings.length, x, y, ringStart, shapeStart, box };
}

/** Decode points into world coordinates. */
function decodePoints(part, name, quantum) {
  const x = deltas(part(name + ".lon"));
  const y = deltas(part(name + ".lat"));
  for (let i = 0; i < x.length; i++) {
    x[i] = worldX(x[i] * quantum);
    y[i] = worldY(y[i] * quantum);
  }
  return { count: x.length, x, y };
}

/** Return the rows of a shape store whose boxes touch a window (world coordinates). */
function* touching(shapes, window) {
  const { box, count } = shapes;
  for (let i = 0, at = 0; i < count; i++, at += 4) {
    if (box[at] <= window.east && box[at + 2] >= window.west && box[at + 1] <= window.south && box[at + 3] >= window.north) yield i;
  }
}

/** Whether a position (world coordinates) is inside a shape, by the even-odd rule. */
function inside(shapes, row, wx, wy) {
  const { x, y, ringStart, shapeStart } = shapes;
  let within = false;
  for (let r = shapeStart[row]; r < shapeStart[row + 1]; r++) {
    const first = ringStart[r], end = ringStart[r + 1];
    for (let k = first, before = end - 1; k < end; before = k++) {
      if (y[k] > wy !== y[before] > wy && wx < ((x[before] - x[k]) * (wy - y[k])) / (y[before] - y[k]) + x[k]) within = !within;
    }
  }
  return within;
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

/** Labels of shapes in world coordinates; null where a shape has none. */
const labelPoints = (list, quantum) => list.map((at) => at && [worldX(at[0] * quantum), worldY(at[1] * quantum)]);
