// Reading the payload: base64 → gzip → header and binary parts (written by payload.py).

const FORMAT = 1;

/** Decompress the base64 text of a page. */
async function unzip(text) {
  const binary = atob(text);
  const packed = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) packed[i] = binary.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

/** Read the header, and where the binary parts lie. */
function unpack(buffer) {
  const bytes = new Uint8Array(buffer);
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  if (header.format !== FORMAT) throw new Error("payload of another format");
  const start = 4 + length;
  const part = (name) => {
    const [at, size] = header.parts[name];
    return bytes.subarray(start + at, start + at + size);
  };
  for (const value of Object.values(header)) restore(value, part);
  return { header, part };
}

const SEPARATOR = "\0"; // in no text

/** Put columns that were turned into parts back where they stood; each is read when it is first asked for. */
function restore(place, part) {
  if (place === null || typeof place !== "object") return;
  for (const [key, value] of Object.entries(place)) {
    if (value === null || typeof value !== "object" || Array.isArray(value)) continue;
    if (typeof value.texts === "string") later(place, key, () => textsOf(part, value.texts));
    else if (typeof value.numbers === "string") later(place, key, () => numbersOf(part(value.numbers), value.decimals));
    else restore(value, part);
  }
}

function later(place, key, read) {
  Object.defineProperty(place, key, {
    enumerable: true,
    configurable: true,
    get() {
      const value = read();
      Object.defineProperty(place, key, { enumerable: true, value });
      return value;
    },
  });
}

function textsOf(part, name) {
  const joined = new TextDecoder().decode(part(name + ".words"));
  return { words: joined ? joined.split(SEPARATOR) : [], at: Int32Array.from(varints(part(name + ".at")), (at) => at - 1) };
}

/** Whole numbers with their sign in the lowest bit, one more than they are; 0 where there is none. */
function numbersOf(bytes, decimals) {
  const factor = 10 ** decimals;
  return Array.from(varints(bytes), (code) => {
    if (code === 0) return null;
    const coded = code - 1, value = coded % 2 ? -(coded + 1) / 2 : coded / 2;
    return decimals ? value / factor : value;
  });
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
