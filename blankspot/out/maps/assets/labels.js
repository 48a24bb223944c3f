// Labels are laid out once per zoom for the whole map, so that a name cut by the edge of a tile continues in the next.

const STYLES = {
  district: { font: `600 12px ${FONT}`, line: 14, spacing: "1px", upper: true },
  small: { font: `600 10px ${FONT}`, line: 12, spacing: "0.4px", upper: true },
  village: { font: `500 11px ${FONT}`, line: 13, spacing: "0px", upper: false },
  large: { font: `600 14px ${FONT}`, line: 17, spacing: "0px", upper: false },
};
const VILLAGE_NAMES_FROM = 76; // typical size of a village in pixels
const LARGE_NAMES_FROM = 300;
const SMALL_NAMES_BELOW = 24;

function paintLabels(ctx, model, view) {
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  for (const label of labelsAt(ctx, model, view)) {
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

function labelsAt(ctx, model, view) {
  const key = view.scale.toFixed(3);
  if (model.labelCache.has(key)) return model.labelCache.get(key);
  const taken = new Map(); // cell of 64 pixels → boxes in it
  const labels = [];
  if (model.on.gaps) claimGapSigns(taken, model, view);
  const place = (kind, name, at, room) => {
    const style = STYLES[kind];
    ctx.font = style.font;
    ctx.letterSpacing = style.spacing;
    const text = style.upper ? name.toLocaleUpperCase() : name;
    let lines = [text];
    let width = ctx.measureText(text).width;
    if (width > room.width && text.includes(" ")) {
      lines = halves(text);
      width = Math.max(...lines.map((line) => ctx.measureText(line).width));
    }
    const height = lines.length * style.line;
    if (width > room.width * 1.06 || height > room.height * 1.05) return;
    const x = at[0] * view.scale;
    for (const aside of [0, height + 8, -height - 8]) {
      if (aside && Math.abs(aside) + height / 2 > room.height / 2) return; // it would name the neighbour
      const y = at[1] * view.scale + aside;
      const box = [x - width / 2 - 3, y - height / 2 - 2, x + width / 2 + 3, y + height / 2 + 2];
      if (!claim(taken, box)) continue;
      labels.push({ kind, lines, x, y, width });
      return;
    }
  };
  const room = (shapes, row, share) => ({
    width: (shapes.box[row * 4 + 2] - shapes.box[row * 4]) * view.scale * share,
    height: (shapes.box[row * 4 + 3] - shapes.box[row * 4 + 1]) * view.scale * share,
  });
  const size = pixelSize(model, view);
  if (size < VILLAGE_NAMES_FROM) {
    const kind = size < SMALL_NAMES_BELOW ? "small" : "district";
    model.districts.label.forEach((at, row) => {
      if (at) place(kind, model.districts.name(row), at, room(model.districts, row, 1.4));
    });
  } else {
    for (const row of model.labelOrder) {
      const at = model.villages.label[row];
      if (at && model.shown[row]) place(size < LARGE_NAMES_FROM ? "village" : "large", model.villages.name(row), at, room(model.villages, row, 0.92));
    }
  }
  ctx.letterSpacing = "0px";
  model.labelCache.set(key, labels);
  return labels;
}

/** Keep the names off the signs of the remaining gaps. */
function claimGapSigns(taken, model, view) {
  for (const row of model.labelOrder) {
    const at = model.villages.label[row];
    if (!at || !model.gap[row] || !model.shown[row]) continue;
    const x = at[0] * view.scale, y = at[1] * view.scale, reach = 9 * gapSize(model, row, view);
    claim(taken, [x - reach, y - reach, x + reach, y + reach]);
  }
}

/** Break a text at the space nearest its middle. */
function halves(text) {
  let best = -1;
  for (let at = text.indexOf(" "); at >= 0; at = text.indexOf(" ", at + 1)) {
    if (best < 0 || Math.abs(at - text.length / 2) < Math.abs(best - text.length / 2)) best = at;
  }
  return [text.slice(0, best), text.slice(best + 1)];
}

function claim(taken, box) {
  const cells = [];
  for (let cx = Math.floor(box[0] / 64); cx <= Math.floor(box[2] / 64); cx++) {
    for (let cy = Math.floor(box[1] / 64); cy <= Math.floor(box[3] / 64); cy++) cells.push(`${cx} ${cy}`);
  }
  for (const cell of cells) {
    for (const other of taken.get(cell) ?? []) {
      if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) return false;
    }
  }
  for (const cell of cells) taken.set(cell, [...(taken.get(cell) ?? []), box]);
  return true;
}
