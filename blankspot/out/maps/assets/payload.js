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
