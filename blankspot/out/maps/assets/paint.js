// Drawing: one function paints any window onto the world (a tile, a sheet for the printer), in the order of the layers.
// Nothing on the map is a DOM node. What is painted is a model: the ground (shapes, points, names) and a style on it, which
// is a few bytes per village, so that it can be sent to a worker (`styleOf` makes it, engine.js keeps it).

const TILE = 256;
const FONT = '"Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif';
const MARGIN = 14; // pixels around a window in which a symbol or an outline may reach into it
const SELECTED = "#0b5cd5";

/** The level to paint at: the coarsest whose corners lie less than half a pixel aside. */
const detailAt = (model, scale) => model.coarser.filter((tolerance) => tolerance * scale <= 0.5).length;

/** Add a shape to the current path; corners nearer than half a pixel to the last one are left out. */
function trace(ctx, shapes, row, view) {
  const { x, y, level, ring, ringStart, shapeStart } = shapes;
  const { scale, left, top, level: wanted } = view;
  for (let r = shapeStart[row]; r < shapeStart[row + 1]; r++) {
    let lastX = Infinity, lastY = Infinity;
    for (let k = ringStart[r]; k < ringStart[r + 1]; k++) {
      const c = ring[k];
      if (level[c] < wanted) continue;
      const px = x[c] * scale - left, py = y[c] * scale - top;
      if (lastX === Infinity) ctx.moveTo(px, py);
      else if (Math.abs(px - lastX) + Math.abs(py - lastY) < 0.5) continue;
      else ctx.lineTo(px, py);
      lastX = px;
      lastY = py;
    }
    ctx.closePath();
  }
}

/** Add the stretches of a shape's border that are of a rank, or of a higher one, to the current path. */
function traceBorder(ctx, shapes, row, view, wanted) {
  const { x, y, level, rank, ring, ringStart, shapeStart } = shapes;
  for (let r = shapeStart[row]; r < shapeStart[row + 1]; r++) {
    const first = ringStart[r], end = ringStart[r + 1];
    let drawing = false;
    for (let k = first; k <= end; k++) {
      const c = ring[k < end ? k : first];
      if (level[c] < view.level && k < end) continue;
      const px = x[c] * view.scale - view.left, py = y[c] * view.scale - view.top;
      if (drawing && rank[c] >= wanted) ctx.lineTo(px, py);
      else ctx.moveTo(px, py);
      drawing = rank[c] >= wanted;
    }
  }
}

/** Paint a window. `view`: left, top (pixels at its zoom), width, height, scale (pixels per world), ratio (device pixels). */
function paintModel(ctx, model, view) {
  const { ratio, scale } = view;
  view = { ...view, level: detailAt(model, scale) };
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, view.width, view.height);
  const window = {
    west: (view.left - MARGIN) / scale, east: (view.left + view.width + MARGIN) / scale,
    north: (view.top - MARGIN) / scale, south: (view.top + view.height + MARGIN) / scale,
  };
  const rows = touching(model.villages, window);
  paintFills(ctx, model, view, rows);
  paintBorders(ctx, model, view, rows);
  if (model.on.handling) paintOutlines(ctx, model, view, rows);
  if (model.on.districts) paintDistricts(ctx, model, view, rows);
  if (model.on.gaps) paintGaps(ctx, model, view, rows);
  for (const layer of model.points) if (model.on[layer.id]) paintPoints(ctx, layer, view, window);
  if (model.on.labels) paintLabels(ctx, model, view);
  if (model.selected >= 0 && rows.includes(model.selected)) paintSelected(ctx, model, view);
}

function paintFills(ctx, model, view, rows) {
  const groups = new Map();
  for (const row of rows) {
    const key = model.look[row];
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  ctx.globalAlpha = model.opacity;
  for (const [key, members] of groups) {
    ctx.beginPath();
    for (const row of members) trace(ctx, model.villages, row, view);
    fillLook(ctx, model.looks[key], view.ratio);
  }
  ctx.globalAlpha = 1;
}

/** The typical size of a village in pixels decides how heavy lines may be. */
const pixelSize = (model, view) => model.villageSize * view.scale;

/** How wide a village is where it is narrow, in pixels: what an outline or a sign in it must leave room for. */
const slimness = (model, row, view) => model.villages.slim[row] * view.scale;

function paintBorders(ctx, model, view, rows) {
  const size = pixelSize(model, view);
  if (size < 4) return;
  ctx.beginPath();
  for (const row of rows) trace(ctx, model.villages, row, view);
  ctx.lineJoin = "round";
  ctx.strokeStyle = paperOf(model).casing;
  ctx.lineWidth = Math.min(1.4, size / 24);
  ctx.stroke();
  ctx.strokeStyle = paperOf(model).border;
  ctx.lineWidth = Math.min(0.9, size / 36);
  ctx.stroke();
}

/** Outlines lie inside their village, so that neighbours do not paint over each other. */
function paintOutlines(ctx, model, view, rows) {
  for (const row of rows) {
    const outline = OUTLINES[model.outline[row] - 1];
    const weight = Math.min(1.15, slimness(model, row, view) / 15);
    if (!outline || weight < 0.2 || !model.shown[row]) continue;
    ctx.save();
    ctx.beginPath();
    trace(ctx, model.villages, row, view);
    ctx.clip();
    strokeOutline(ctx, outline, weight * 2); // half of the width is clipped away
    ctx.restore();
  }
}

/** The typical size of units in pixels; they are drawn once there is room for them. */
const unitSize = (units, view) => units.typical * view.scale;
const RANKED = ["districts", "regencies", "provinces"]; // by rank of their borders, less one
const BORDERS_FROM = 14; // typical size of a unit in pixels

/** Borders above the village: the finest kind there is room for, and the higher kinds heavier. */
function paintDistricts(ctx, model, view, rows) {
  const finest = RANKED.findIndex((name) => unitSize(model[name], view) >= BORDERS_FROM);
  const least = finest < 0 ? RANKED.length : finest + 1;
  const width = Math.max(0.8, Math.min(1.7, pixelSize(model, view) / 30));
  ctx.lineJoin = "round";
  for (let rank = least; rank <= RANKED.length; rank++) {
    if (rank > least && model[RANKED[rank - 1]].total < 2) continue; // heavier only where there are several
    ctx.beginPath();
    for (const row of rows) traceBorder(ctx, model.villages, row, view, rank);
    ctx.strokeStyle = paperOf(model).districtCasing;
    ctx.lineWidth = width * (1 + 0.5 * (rank - least)) + 1.2;
    ctx.stroke();
    ctx.strokeStyle = paperOf(model).district;
    ctx.lineWidth = width * (1 + 0.5 * (rank - least));
    ctx.stroke();
  }
}

const gapSize = (model, row, view) => Math.min(1.1, Math.max(0.5, slimness(model, row, view) / 30));

/** Everything but the remaining gaps steps back behind a veil; each gap gets a ring and a sign. */
function paintGaps(ctx, model, view, rows) {
  const gaps = rows.filter((row) => model.gap[row] && model.shown[row]);
  ctx.beginPath();
  for (const row of rows) if (!model.gap[row]) trace(ctx, model.villages, row, view);
  ctx.fillStyle = paperOf(model).veil;
  ctx.fill();
  ctx.beginPath();
  for (const row of gaps) trace(ctx, model.villages, row, view);
  ctx.strokeStyle = paperOf(model).gap;
  ctx.lineWidth = Math.min(2.2, Math.max(0.8, pixelSize(model, view) / 20));
  ctx.stroke();
  for (const row of gaps) {
    const size = gapSize(model, row, view);
    const label = model.villages.label[row];
    if (!label) continue;
    ctx.save();
    ctx.translate(label[0] * view.scale - view.left, label[1] * view.scale - view.top);
    ctx.scale(size, size);
    SYMBOLS.gap(ctx);
    ctx.restore();
  }
}

function paintSelected(ctx, model, view) {
  ctx.beginPath();
  trace(ctx, model.villages, model.selected, view);
  const width = Math.max(1.6, Math.min(3, slimness(model, model.selected, view) / 6));
  ctx.lineJoin = "round";
  ctx.strokeStyle = "#ffffff";
  ctx.lineWidth = width * 2;
  ctx.stroke();
  ctx.strokeStyle = SELECTED;
  ctx.lineWidth = width;
  ctx.stroke();
}

const stamps = new Map();
const STAMP = 12; // pixels from the middle of a symbol to where it certainly ends

/** Return a symbol drawn once, `size` device pixels to its pixel; thousands of them are stamped, not drawn. */
function stampOf(name, size) {
  const key = `${name} ${size}`;
  if (!stamps.has(key)) {
    const reach = Math.ceil(STAMP * size);
    const stamp = blankCanvas(2 * reach, 2 * reach), pen = stamp.getContext("2d");
    pen.setTransform(size, 0, 0, size, reach, reach);
    SYMBOLS[name](pen);
    stamps.set(key, stamp);
  }
  return stamps.get(key);
}

function paintPoints(ctx, layer, view, window) {
  const marks = marksAt(layer, view.scale);
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  const { x, y } = marks;
  const plain = Math.min(1.15, Math.max(0.4, (Math.log2(view.scale / TILE) - layer.smallBelow) / 5));
  for (const i of touching(marks, window)) {
    const size = marks.thinned ? markSize(marks, i) : plain;
    const left = x[i] * view.scale - view.left;
    const top = y[i] * view.scale - view.top;
    const stamp = stampOf(layer.symbolOf(i, marks), Math.round(size * view.ratio * 20) / 20), reach = stamp.width / 2;
    ctx.drawImage(stamp, Math.round(left * view.ratio) - reach, Math.round(top * view.ratio) - reach);
  }
  ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
}
