// Names: those of what is in sight, from provinsi down to desa. They are laid out in blocks of tiles, in an order that does
// not depend on what is looked at; a name gives way to the more important ones around it, and to theirs, but no further than
// MARGIN goes. So every block comes to the same answer about a name near its edge, and no name is cut where tiles meet.

const STYLES = {
  district: { font: `600 12px ${FONT}`, line: 14, spacing: "1px", upper: true },
  province: { font: `700 13px ${FONT}`, line: 16, spacing: "2px", upper: true },
  regency: { font: `600 11.5px ${FONT}`, line: 14, spacing: "0.6px", upper: false },
  small: { font: `600 10px ${FONT}`, line: 12, spacing: "0.4px", upper: true },
  village: { font: `500 11px ${FONT}`, line: 13, spacing: "0px", upper: false },
  large: { font: `600 14px ${FONT}`, line: 17, spacing: "0px", upper: false },
};
const NAMED = [ // typical sizes in pixels of the units named, and of those below them, between which they are named
  { units: "provinces", kind: () => "province", from: 40, below: "regencies", until: 80, share: 1.2 },
  { units: "regencies", kind: () => "regency", from: 36, below: "districts", until: 64, share: 1.3 },
  { units: "districts", kind: (size, villageSize) => (villageSize < 24 ? "small" : "district"), from: 0, below: "villages", until: 76, share: 1.4 },
  { units: "villages", kind: (size) => (size < 300 ? "village" : "large"), from: 76, below: null, until: 0, share: 0.92 },
];
const BLOCK = 1024; // pixels
const WIDTH_MAX = 260;
const STEPS_MAX = 3; // names that give way to each other in a row
const NEAR = WIDTH_MAX / 2 + 8;
const NAMES_MARGIN = STEPS_MAX * WIDTH_MAX + NEAR;

function paintLabels(ctx, model, view) {
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  for (const label of labelsNear(ctx, model, view)) {
    const left = label.x - view.left, top = label.y - view.top;
    if (left + label.width < 0 || left - label.width > view.width || top + 40 < 0 || top - 40 > view.height) continue;
    const style = STYLES[label.kind];
    ctx.font = style.font;
    ctx.letterSpacing = style.spacing;
    ctx.strokeStyle = paperOf(model).halo;
    ctx.lineWidth = 3.5;
    ctx.fillStyle = paperOf(model).name;
    label.lines.forEach((line, i) => {
      const y = top + (i - (label.lines.length - 1) / 2) * style.line;
      ctx.strokeText(line, left, y);
      ctx.fillText(line, left, y);
    });
  }
  ctx.letterSpacing = "0px";
}

/** The names whose places lie in or near a window. */
function labelsNear(ctx, model, view) {
  const found = [];
  const block = (value) => Math.floor(value / BLOCK);
  for (let bx = block(view.left - NEAR); bx <= block(view.left + view.width + NEAR); bx++) {
    for (let by = block(view.top - NEAR); by <= block(view.top + view.height + NEAR); by++) found.push(...labelsIn(ctx, model, view, bx, by));
  }
  return found;
}

function labelsIn(ctx, model, view, bx, by) {
  const key = `${view.scale.toFixed(3)} ${bx} ${by}`;
  if (!model.labelCache.has(key)) {
    const window = { left: bx * BLOCK - NAMES_MARGIN, top: by * BLOCK - NAMES_MARGIN, right: (bx + 1) * BLOCK + NAMES_MARGIN, bottom: (by + 1) * BLOCK + NAMES_MARGIN };
    const placed = placeLabels(labelsWanted(ctx, model, view, window), gapSigns(model, view, window));
    model.labelCache.set(key, placed.filter(({ at }) => Math.floor(at[0] / BLOCK) === bx && Math.floor(at[1] / BLOCK) === by));
  }
  return model.labelCache.get(key);
}

/** The names that would be written in a window if there were room for all, the important ones first. */
function labelsWanted(ctx, model, view, window) {
  const wanted = [];
  const villageSize = pixelSize(model, view);
  const size = (units) => (units === "villages" ? villageSize : unitSize(model[units], view));
  NAMED.forEach(({ units, kind, from, below, until, share }, order) => {
    if (units !== "villages" && model[units].total < 2) return; // the heading names what holds everything
    const own = size(units);
    const alone = units === "districts" && model.regencies.total < 2;
    if ((own < from && !alone) || (below && size(below) >= until)) return;
    if (units === "districts" && !alone && own < 40) return;
    for (const row of rowsIn(model, units, view, window)) {
      const label = measured(ctx, model, kind(own, villageSize), units, row, share, view);
      if (label) wanted.push({ ...label, order, row });
    }
  });
  return wanted.sort((a, b) => a.order - b.order || b.size - a.size || a.row - b.row);
}

/** The units with a place for a name in a window; of villages, those that match. */
function rowsIn(model, units, view, window) {
  const { label } = model[units], { scale } = view;
  const near = (row) => {
    const at = label[row];
    if (!at || (units === "villages" && !model.shown[row])) return false;
    const x = at[0] * scale, y = at[1] * scale;
    return x >= window.left && x <= window.right && y >= window.top && y <= window.bottom;
  };
  if (units !== "villages") return [...label.keys()].filter(near);
  return touching(model.villages, { west: window.left / scale, east: window.right / scale, north: window.top / scale, south: window.bottom / scale }).filter(near);
}

/** Break a name into lines that fit its unit; null where they do not. */
function measured(ctx, model, kind, units, row, share, view) {
  const { box, label, name } = model[units], style = STYLES[kind];
  const width = (box[row * 4 + 2] - box[row * 4]) * view.scale * share, height = (box[row * 4 + 3] - box[row * 4 + 1]) * view.scale * share;
  const plain = name(row);
  if (!plain || plain.length > 80) return null;
  const text = style.upper ? plain.toLocaleUpperCase() : plain;
  let lines = [text];
  let wide = widthOf(ctx, model, style, text);
  if (wide > width && text.includes(" ")) {
    lines = halves(text);
    wide = Math.max(...lines.map((line) => widthOf(ctx, model, style, line)));
  }
  const high = lines.length * style.line;
  if (wide > Math.min(WIDTH_MAX, width * 1.06) || high > height * 1.05) return null;
  const at = [label[row][0] * view.scale, label[row][1] * view.scale];
  const asides = [0, high + 8, -high - 8].filter((aside) => !aside || Math.abs(aside) + high / 2 <= height / 2); // farther, it would name the neighbour
  return { kind, lines, at, x: at[0], width: wide, height: high, asides, size: sizeOf(box, row) };
}

function widthOf(ctx, model, style, text) {
  const key = style.font + text;
  if (!model.widths.has(key)) {
    ctx.font = style.font;
    ctx.letterSpacing = style.spacing;
    model.widths.set(key, ctx.measureText(text).width);
  }
  return model.widths.get(key);
}

const boxAt = ({ at, width, height }, low, high) => [at[0] - width / 2 - 3, at[1] + low - height / 2 - 2, at[0] + width / 2 + 3, at[1] + high + height / 2 + 2];

/** Place names, the first before the others. Which names may still give way is known from the names wanted around them. */
function placeLabels(wanted, signs) {
  const taken = new Map(), asked = new Map(); // cell of 64 pixels → boxes in it
  for (const sign of signs) claim(taken, sign);
  const placed = [];
  for (const label of wanted) {
    const reach = boxAt(label, Math.min(...label.asides), Math.max(...label.asides));
    reach.steps = 0;
    for (const other of overlapping(asked, reach)) reach.steps = Math.max(reach.steps, other.steps + 1);
    keep(asked, reach);
    if (reach.steps > STEPS_MAX) continue;
    const aside = label.asides.find((shift) => claim(taken, boxAt(label, shift, shift)));
    if (aside !== undefined) placed.push({ ...label, y: label.at[1] + aside });
  }
  return placed;
}

/** Boxes of the signs of the remaining gaps, which names keep off. */
function gapSigns(model, view, window) {
  if (!model.on.gaps) return [];
  return Array.from(rowsIn(model, "villages", view, window).filter((row) => model.gap[row]), (row) => {
    const [x, y] = model.villages.label[row].map((value) => value * view.scale), reach = 9 * gapSize(model, row, view);
    return [x - reach, y - reach, x + reach, y + reach];
  });
}

/** Break a text at the space nearest its middle. */
function halves(text) {
  let best = -1;
  for (let at = text.indexOf(" "); at >= 0; at = text.indexOf(" ", at + 1)) {
    if (best < 0 || Math.abs(at - text.length / 2) < Math.abs(best - text.length / 2)) best = at;
  }
  return [text.slice(0, best), text.slice(best + 1)];
}

function* cellsUnder(box) {
  for (let cx = Math.floor(box[0] / 64); cx <= Math.floor(box[2] / 64); cx++) {
    for (let cy = Math.floor(box[1] / 64); cy <= Math.floor(box[3] / 64); cy++) yield `${cx} ${cy}`;
  }
}

function* overlapping(taken, box) {
  for (const cell of cellsUnder(box)) {
    for (const other of taken.get(cell) ?? []) if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) yield other;
  }
}

function keep(taken, box) {
  for (const cell of cellsUnder(box)) {
    if (taken.has(cell)) taken.get(cell).push(box);
    else taken.set(cell, [box]);
  }
}

/** Take a box if it is free. */
function claim(taken, box) {
  if (!overlapping(taken, box).next().done) return false;
  keep(taken, box);
  return true;
}
