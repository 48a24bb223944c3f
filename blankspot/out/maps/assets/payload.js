// Reading the payload: base64 → gzip → header and binary parts (written by payload.py).

const FORMAT = 1;

/** Unpack base64 text into the header, with typed columns and decoded coordinates. */
async function unpack(text) {
  const binary = atob(text);
  const packed = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) packed[i] = binary.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  if (header.format !== FORMAT) throw new Error("payload of another format");
  const start = 4 + length;
  const part = (name) => {
    const [at, size] = header.parts[name];
    return bytes.subarray(start + at, start + at + size);
  };
  return { header, part };
}

/** Decode non-negative integers written in groups of seven bits. */
function varints(bytes) {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] < 128) count++;
  const out = new Float64Array(count);
  let value = 0, factor = 1, at = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    value += (byte & 127) * factor;
    if (byte < 128) {
      out[at++] = value;
      value = 0;
      factor = 1;
    } else {
      factor *= 128;
    }
  }
  return out;
}

/** Decode zigzag-coded differences into running sums. */
function deltas(bytes) {
  const out = varints(bytes);
  let sum = 0;
  for (let i = 0; i < out.length; i++) {
    const coded = out[i];
    sum += coded % 2 ? -(coded + 1) / 2 : coded / 2;
    out[i] = sum;
  }
  return out;
}

/** Return a reader of a dictionary-coded column: row → text ("" where empty). */
function texts(column) {
  if (!column) return () => "";
  return (row) => (column.at[row] < 0 ? "" : column.words[column.at[row]]);
}

// Web Mercator as Leaflet draws it, on a world of width 1.
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
