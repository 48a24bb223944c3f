// Shapes and points in world coordinates (Web Mercator as Leaflet draws it, on a world of width 1), and what lies where.

const worldX = (lon) => lon / 360 + 0.5;
const worldY = (lat) => {
  const sine = Math.sin((Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
};

/** Decode planes of bytes into whole numbers, the sign in the lowest bit. */
function planes(bytes) {
  const count = bytes.length / 4;
  const out = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const coded = bytes[i] | (bytes[i + count] << 8) | (bytes[i + 2 * count] << 16) | (bytes[i + 3 * count] << 24);
    out[i] = (coded >>> 1) ^ -(coded & 1);
  }
  return out;
}

/** Running sums that begin with 0. */
function sums(sizes) {
  const out = new Uint32Array(sizes.length + 1);
  for (let i = 0; i < sizes.length; i++) out[i + 1] = out[i] + sizes[i];
  return out;
}

/**
 * Decode shapes: corners in world coordinates that neighbours share, each with the coarsest level at which it stands and the
 * rank of the border it lies on; the rings as numbers of corners; where rings and shapes begin; and a box per shape.
 */
function decodeShapes(part, name, quantum) {
  const rings = varints(part(name + ".rings"));
  const ringStart = sums(varints(part(name + ".corners"))), shapeStart = sums(rings);
  const goes = varints(part(name + ".goes"));
  const lon = planes(part(name + ".lon")), lat = planes(part(name + ".lat"));
  const total = lon.length;
  const ring = new Uint32Array(goes.length);
  const gridX = new Int32Array(total), gridY = new Int32Array(total);
  let at = 0, met = 0, x = 0, y = 0;
  for (let k = 0; k < goes.length; k++) {
    const code = goes[k];
    if (code === 0) {
      gridX[met] = x += lon[met];
      gridY[met] = y += lat[met];
      at = met++;
    } else {
      const coded = code - 1;
      at += coded & 1 ? -(coded + 1) / 2 : coded / 2;
      x = gridX[at];
      y = gridY[at];
    }
    ring[k] = at;
  }
  const shapes = { count: rings.length, ring, ringStart, shapeStart, x: Float64Array.from(gridX, (v) => worldX(v * quantum)), y: Float64Array.from(gridY, (v) => worldY(v * quantum)) };
  const packed = part(name + ".level");
  shapes.level = packed.map((byte) => byte & 3);
  shapes.rank = packed.map((byte) => byte >> 2);
  shapes.box = boxesOf(shapes);
  shapes.cells = cellsOf(shapes);
  return shapes;
}

/** West, north, east and south of every shape. */
function boxesOf({ count, x, y, ring, ringStart, shapeStart }) {
  const box = new Float64Array(count * 4);
  for (let i = 0; i < count; i++) {
    let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
    for (let k = ringStart[shapeStart[i]]; k < ringStart[shapeStart[i + 1]]; k++) {
      const c = ring[k];
      if (x[c] < west) west = x[c];
      if (x[c] > east) east = x[c];
      if (y[c] < north) north = y[c];
      if (y[c] > south) south = y[c];
    }
    box.set([west, north, east, south], i * 4);
  }
  return box;
}

const CELLS_MAX = 256; // per side of the grid in which shapes are found

/** A grid of cells, each with the shapes whose boxes touch it. */
function cellsOf({ count, box }) {
  let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
  for (let i = 0; i < count; i++) {
    west = Math.min(west, box[i * 4]);
    north = Math.min(north, box[i * 4 + 1]);
    east = Math.max(east, box[i * 4 + 2]);
    south = Math.max(south, box[i * 4 + 3]);
  }
  const side = Math.max(1, Math.min(CELLS_MAX, Math.ceil(Math.sqrt(count))));
  const cells = { west, north, side, width: (east - west) / side || 1, height: (south - north) / side || 1 };
  const sizes = new Uint32Array(side * side);
  const each = (visit) => {
    for (let i = 0; i < count; i++) {
      if (box[i * 4] > box[i * 4 + 2]) continue; // nothing to draw
      const range = cellRange(cells, box[i * 4], box[i * 4 + 1], box[i * 4 + 2], box[i * 4 + 3]);
      for (let row = range.top; row <= range.bottom; row++) for (let at = range.left; at <= range.right; at++) visit(row * side + at, i);
    }
  };
  each((cell) => sizes[cell]++);
  cells.start = sums(sizes);
  cells.rows = new Uint32Array(cells.start[side * side]);
  const next = cells.start.slice();
  each((cell, i) => (cells.rows[next[cell]++] = i));
  return cells;
}

function cellRange({ west, north, side, width, height }, left, top, right, bottom) {
  const within = (value) => Math.max(0, Math.min(side - 1, Math.floor(value)));
  return { left: within((left - west) / width), right: within((right - west) / width), top: within((top - north) / height), bottom: within((bottom - north) / height) };
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

/** Return the rows of shapes whose boxes touch a window (world coordinates), rising. */
function touching({ box, cells }, window) {
  const range = cellRange(cells, window.west, window.north, window.east, window.south);
  const found = new Set();
  for (let row = range.top; row <= range.bottom; row++) {
    for (let cell = row * cells.side + range.left; cell <= row * cells.side + range.right; cell++) {
      for (let k = cells.start[cell]; k < cells.start[cell + 1]; k++) {
        const at = cells.rows[k] * 4;
        if (box[at] <= window.east && box[at + 2] >= window.west && box[at + 1] <= window.south && box[at + 3] >= window.north) found.add(cells.rows[k]);
      }
    }
  }
  return Uint32Array.from(found).sort();
}

/** Whether a position (world coordinates) is inside a shape, by the even-odd rule. */
function inside(shapes, row, wx, wy) {
  const { x, y, ring, ringStart, shapeStart } = shapes;
  let within = false;
  for (let r = shapeStart[row]; r < shapeStart[row + 1]; r++) {
    const first = ringStart[r], end = ringStart[r + 1];
    for (let k = first, b = ring[end - 1]; k < end; k++) {
      const a = ring[k];
      if (y[a] > wy !== y[b] > wy && wx < ((x[b] - x[a]) * (wy - y[a])) / (y[b] - y[a]) + x[a]) within = !within;
      b = a;
    }
  }
  return within;
}

/** Area over half the perimeter: the width of a strip, most of the side of a square. */
function slimOf({ x, y, ring, ringStart, shapeStart }, row) {
  let area = 0, length = 0;
  for (let r = shapeStart[row]; r < shapeStart[row + 1]; r++) {
    for (let k = ringStart[r], b = ring[ringStart[r + 1] - 1]; k < ringStart[r + 1]; k++) {
      const a = ring[k], dx = x[a] - x[b], dy = y[a] - y[b];
      area += x[b] * dy - dx * y[b];
      length += Math.sqrt(dx * dx + dy * dy);
      b = a;
    }
  }
  return length ? Math.abs(area) / length : 0;
}

/** Where the names of villages stand, in world coordinates; null where a village has no place for one. */
function labelPoints(part, quantum) {
  const { x, y } = decodePoints(part, "labels", quantum);
  let next = 0;
  return Array.from(part("labels.there"), (there) => (there ? [x[next], y[next++]] : null));
}

/** Put villages together to the units they belong to: a box per unit, and a place for its name inside one of its villages. */
function gather(count, unitOf, { box, label }) {
  const boxes = new Float64Array(count * 4);
  for (let at = 0; at < count * 4; at += 4) boxes.set([Infinity, Infinity, -Infinity, -Infinity], at);
  const weight = new Float64Array(count), sumX = new Float64Array(count), sumY = new Float64Array(count);
  const rows = [...label.keys()].filter((row) => label[row] && unitOf[row] >= 0);
  for (const row of rows) {
    const unit = unitOf[row], u = unit * 4, v = row * 4;
    boxes[u] = Math.min(boxes[u], box[v]);
    boxes[u + 1] = Math.min(boxes[u + 1], box[v + 1]);
    boxes[u + 2] = Math.max(boxes[u + 2], box[v + 2]);
    boxes[u + 3] = Math.max(boxes[u + 3], box[v + 3]);
    const area = (box[v + 2] - box[v]) * (box[v + 3] - box[v + 1]);
    weight[unit] += area;
    sumX[unit] += label[row][0] * area;
    sumY[unit] += label[row][1] * area;
  }
  const labels = new Array(count).fill(null), nearest = new Float64Array(count).fill(Infinity);
  for (const row of rows) {
    const unit = unitOf[row];
    const distance = Math.hypot(label[row][0] - sumX[unit] / weight[unit], label[row][1] - sumY[unit] / weight[unit]);
    if (distance < nearest[unit]) [nearest[unit], labels[unit]] = [distance, label[row]];
  }
  return { box: boxes, label: labels };
}

/** Kecamatan, kabupaten/kota and provinsi: { total, of, code, name, box, label }, `of` being the unit of every village. */
function unitsOf(header, ground) {
  const districtCode = texts(header.districts.code), districtName = texts(header.districts.name);
  const placeCode = texts(header.places.code), placeName = texts(header.places.name);
  const names = new Map();
  for (let i = 0; i < header.places.code.at.length; i++) names.set(placeCode(i), placeName(i));
  const codes = Array.from({ length: header.districts.code.at.length }, (_, row) => districtCode(row));
  codes.forEach((code, row) => names.set(code, districtName(row)));
  const own = texts(header.villages.district);
  const rows = Array.from({ length: header.villages.code.at.length }, (_, row) => own(row));
  const unit = (depth) => {
    const cut = (code) => (depth ? code.split(".").slice(0, depth).join(".") : code);
    const list = [...new Set(codes.map(cut))];
    const at = new Map(list.map((code, i) => [code, i]));
    const of = Int32Array.from(rows, (code) => at.get(cut(code)) ?? -1);
    return { total: list.length, of, code: (i) => list[i], name: (i) => names.get(list[i]) || list[i], ...gather(list.length, of, ground) };
  };
  return { districts: unit(0), regencies: unit(2), provinces: unit(1) };
}
