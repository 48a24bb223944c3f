// Drawing: one function paints any window onto the world (a tile, a sheet for the printer), in the order of the layers.
// Nothing on the map is a DOM node; what lies under a finger is found by asking the same coordinates (`hit`).

const TILE = 256;
const FONT = '"Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif';
const MARGIN = 14; // pixels around a window in which a symbol or an outline may reach into it
const SELECTED = "#0b5cd5";

/** Return the rows of a shape store whose boxes touch a window (world coordinates). */
function* touching(shapes, window) {
  const { box, count } = shapes;
  for (let i = 0, at = 0; i < count; i++, at += 4) {
    if (box[at] <= window.east && box[at + 2] >= window.west && box[at + 1] <= window.south && box[at + 3] >= window.north) yield i;
  }
}

/** Add a shape to the current path; corners nearer than half a pixel to the last one are left out. */
function trace(ctx, shapes, row, view) {
  const { x, y, ringStart, shapeStart } = shapes;
  for (let r = shapeStart[row]; r < shapeStart[row + 1]; r++) {
    let lastX = Infinity, lastY = Infinity;
    for (let k = ringStart[r]; k < ringStart[r + 1]; k++) {
      const px = x[k] * view.scale - view.left;
      const py = y[k] * view.scale - view.top;
      if (lastX === Infinity) ctx.moveTo(px, py);
      else if (Math.abs(px - lastX) + Math.abs(py - lastY) < 0.5) continue;
      else ctx.lineTo(px, py);
      lastX = px;
      lastY = py;
    }
    ctx.closePath();
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

/** Paint a window. `view`: left, top (pixels at its zoom), width, height, scale (pixels per world), ratio (device pixels). */
function paint(ctx, scene, view) {
  const { ratio, scale } = view;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, view.width, view.height);
  const window = {
    west: (view.left - MARGIN) / scale, east: (view.left + view.width + MARGIN) / scale,
    north: (view.top - MARGIN) / scale, south: (view.top + view.height + MARGIN) / scale,
  };
  const rows = [...touching(scene.villages, window)];
  paintFills(ctx, scene, view, rows);
  paintBorders(ctx, scene, view, rows);
  if (scene.on.handling) paintOutlines(ctx, scene, view, rows);
  if (scene.on.districts) paintDistricts(ctx, scene, view, window);
  if (scene.on.gaps) paintGaps(ctx, scene, view, rows);
  for (const layer of scene.points) if (scene.on[layer.id]) paintPoints(ctx, layer, view, window);
  if (scene.on.labels) paintLabels(ctx, scene, view);
  if (scene.selected >= 0 && rows.includes(scene.selected)) paintSelected(ctx, scene, view);
}

function paintFills(ctx, scene, view, rows) {
  const groups = new Map();
  for (const row of rows) {
    const key = scene.lookKey(row);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  ctx.globalAlpha = scene.opacity;
  for (const [key, members] of groups) {
    ctx.beginPath();
    for (const row of members) trace(ctx, scene.villages, row, view);
    fillLook(ctx, scene.lookOf(key), view.ratio);
  }
  ctx.globalAlpha = 1;
}

/** The typical size of a village in pixels decides how heavy lines may be. */
const pixelSize = (scene, view) => scene.villageSize * view.scale;

/** How wide a village is where it is narrow, in pixels: what an outline or a sign in it must leave room for. */
const slimness = (scene, row, view) => scene.villages.slim[row] * view.scale;

function paintBorders(ctx, scene, view, rows) {
  const size = pixelSize(scene, view);
  if (size < 4) return;
  ctx.beginPath();
  for (const row of rows) trace(ctx, scene.villages, row, view);
  ctx.lineJoin = "round";
  ctx.strokeStyle = "rgba(255, 255, 255, 0.9)";
  ctx.lineWidth = Math.min(1.4, size / 24);
  ctx.stroke();
  ctx.strokeStyle = "rgba(27, 39, 51, 0.5)";
  ctx.lineWidth = Math.min(0.9, size / 36);
  ctx.stroke();
}

/** Outlines lie inside their village, so that neighbours do not paint over each other. */
function paintOutlines(ctx, scene, view, rows) {
  for (const row of rows) {
    const outline = scene.outlineOf(row);
    const weight = Math.min(1.15, slimness(scene, row, view) / 15);
    if (!outline || weight < 0.2 || !scene.matches(row)) continue;
    ctx.save();
    ctx.beginPath();
    trace(ctx, scene.villages, row, view);
    ctx.clip();
    strokeOutline(ctx, outline, weight * 2); // half of the width is clipped away
    ctx.restore();
  }
}

function paintDistricts(ctx, scene, view, window) {
  ctx.beginPath();
  for (const row of touching(scene.districts, window)) trace(ctx, scene.districts, row, view);
  ctx.lineJoin = "round";
  const width = Math.max(0.8, Math.min(1.7, pixelSize(scene, view) / 30));
  ctx.strokeStyle = "rgba(255, 255, 255, 0.5)";
  ctx.lineWidth = width + 1.2;
  ctx.stroke();
  ctx.strokeStyle = "#33404d";
  ctx.lineWidth = width;
  ctx.stroke();
}

const gapSize = (scene, row, view) => Math.min(1.1, Math.max(0.5, slimness(scene, row, view) / 30));

/** Everything but the remaining gaps steps back behind a veil; each gap gets a ring and a sign. */
function paintGaps(ctx, scene, view, rows) {
  const gaps = rows.filter((row) => scene.isGap(row) && scene.matches(row));
  ctx.beginPath();
  for (const row of rows) if (!scene.isGap(row)) trace(ctx, scene.villages, row, view);
  ctx.fillStyle = "rgba(255, 255, 255, 0.72)";
  ctx.fill();
  ctx.beginPath();
  for (const row of gaps) trace(ctx, scene.villages, row, view);
  ctx.strokeStyle = "#6b0f0a";
  ctx.lineWidth = Math.min(2.2, Math.max(0.8, pixelSize(scene, view) / 20));
  ctx.stroke();
  for (const row of gaps) {
    const size = gapSize(scene, row, view);
    const label = scene.villages.label[row];
    if (!label) continue;
    ctx.save();
    ctx.translate(label[0] * view.scale - view.left, label[1] * view.scale - view.top);
    ctx.scale(size, size);
    SYMBOLS.gap(ctx);
    ctx.restore();
  }
}

function paintSelected(ctx, scene, view) {
  ctx.beginPath();
  trace(ctx, scene.villages, scene.selected, view);
  const width = Math.max(1.6, Math.min(3, slimness(scene, scene.selected, view) / 6));
  ctx.lineJoin = "round";
  ctx.strokeStyle = "#ffffff";
  ctx.lineWidth = width * 2;
  ctx.stroke();
  ctx.strokeStyle = SELECTED;
  ctx.lineWidth = width;
  ctx.stroke();
}

function paintPoints(ctx, layer, view, window) {
  const { x, y, count } = layer.store;
  const size = Math.min(1.15, Math.max(0.4, (Math.log2(view.scale / TILE) - layer.smallBelow) / 5));
  for (let i = 0; i < count; i++) {
    if (x[i] < window.west || x[i] > window.east || y[i] < window.north || y[i] > window.south) continue;
    const left = x[i] * view.scale - view.left;
    const top = y[i] * view.scale - view.top;
    ctx.setTransform(view.ratio * size, 0, 0, view.ratio * size, left * view.ratio, top * view.ratio);
    SYMBOLS[layer.symbolOf(i)](ctx);
  }
  ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
}

// Labels are laid out once per zoom for the whole map, so that a name cut by the edge of a tile continues in the next.

const STYLES = {
  district: { font: `600 12px ${FONT}`, line: 14, spacing: "1px", ink: "#22303c", upper: true },
  small: { font: `600 10px ${FONT}`, line: 12, spacing: "0.4px", ink: "#22303c", upper: true },
  village: { font: `500 11px ${FONT}`, line: 13, spacing: "0px", ink: INK, upper: false },
  large: { font: `600 14px ${FONT}`, line: 17, spacing: "0px", ink: INK, upper: false },
};
const VILLAGE_NAMES_FROM = 76; // typical size of a village in pixels
const LARGE_NAMES_FROM = 300;
const SMALL_NAMES_BELOW = 24;

function paintLabels(ctx, scene, view) {
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  for (const label of labelsAt(ctx, scene, view)) {
    const left = label.x - view.left, top = label.y - view.top;
    if (left + label.width < 0 || left - label.width > view.width || top + 40 < 0 || top - 40 > view.height) continue;
    const style = STYLES[label.kind];
    ctx.font = style.font;
    ctx.letterSpacing = style.spacing;
    ctx.strokeStyle = "rgba(255, 255, 255, 0.92)";
    ctx.lineWidth = 3.5;
    ctx.fillStyle = style.ink;
    label.lines.forEach((line, i) => {
      const y = top + (i - (label.lines.length - 1) / 2) * style.line;
      ctx.strokeText(line, left, y);
      ctx.fillText(line, left, y);
    });
  }
  ctx.letterSpacing = "0px";
}

function labelsAt(ctx, scene, view) {
  const key = view.scale.toFixed(3);
  if (scene.labelCache.has(key)) return scene.labelCache.get(key);
  const taken = new Map(); // cell of 64 pixels → boxes in it
  const labels = [];
  if (scene.on.gaps) claimGapSigns(taken, scene, view);
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
  const size = pixelSize(scene, view);
  if (size < VILLAGE_NAMES_FROM) {
    const kind = size < SMALL_NAMES_BELOW ? "small" : "district";
    scene.districts.label.forEach((at, row) => {
      if (at) place(kind, scene.districts.name(row), at, room(scene.districts, row, 1.4));
    });
  } else {
    for (const row of scene.labelOrder) {
      const at = scene.villages.label[row];
      if (at && scene.matches(row)) place(size < LARGE_NAMES_FROM ? "village" : "large", scene.villages.name(row), at, room(scene.villages, row, 0.92));
    }
  }
  ctx.letterSpacing = "0px";
  scene.labelCache.set(key, labels);
  return labels;
}

/** Keep the names off the signs of the remaining gaps. */
function claimGapSigns(taken, scene, view) {
  for (const row of scene.rows) {
    const at = scene.villages.label[row];
    if (!at || !scene.isGap(row) || !scene.matches(row)) continue;
    const x = at[0] * view.scale, y = at[1] * view.scale, reach = 9 * gapSize(scene, row, view);
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

/** Return what lies at a position: { layer, row } of a point within `reach` pixels, else of a village, else null. */
function hit(scene, wx, wy, scale, reach) {
  for (const layer of [...scene.points].reverse()) {
    if (!scene.on[layer.id]) continue;
    const { x, y, count } = layer.store;
    let best = (reach / scale) ** 2, found = -1;
    for (let i = 0; i < count; i++) {
      const distance = (x[i] - wx) ** 2 + (y[i] - wy) ** 2;
      if (distance <= best) [best, found] = [distance, i];
    }
    if (found >= 0) return { layer: layer.id, row: found };
  }
  for (const row of touching(scene.villages, { west: wx, east: wx, north: wy, south: wy })) {
    if (inside(scene.villages, row, wx, wy)) return { layer: "villages", row };
  }
  return null;
}

/** Leaflet's grid of canvas tiles; repainting keeps the tiles, so that a filter does not flicker. */
const SceneLayer = L.GridLayer.extend({
  initialize(scene, options) {
    L.setOptions(this, options);
    this.scene = scene;
    this.zoom = 0;
    this.ratio = Math.min(3, Math.max(1, Math.ceil(window.devicePixelRatio || 1)));
  },
  // Leaflet draws tiles for whole zooms and stretches them in between; ours are drawn for the very zoom, so that
  // patterns and type keep their size. Both methods are called by the zoom that is wanted, one after the other.
  _setView(center, zoom, noPrune, noUpdate) {
    this.zoom = zoom;
    L.GridLayer.prototype._setView.call(this, center, zoom, noPrune, noUpdate);
  },
  _clampZoom() {
    return this.zoom;
  },
  createTile(coords) {
    const canvas = document.createElement("canvas");
    canvas.className = "bs-tile";
    canvas.width = canvas.height = TILE * this.ratio;
    canvas.setAttribute("aria-hidden", "true");
    this.paintTile(canvas, coords);
    return canvas;
  },
  paintTile(canvas, coords) {
    const scale = TILE * 2 ** coords.z;
    const view = { left: coords.x * TILE, top: coords.y * TILE, width: TILE, height: TILE, scale, ratio: this.ratio };
    paint(canvas.getContext("2d"), this.scene, view);
  },
  repaint() {
    this.scene.labelCache.clear();
    for (const { el, coords } of Object.values(this._tiles)) this.paintTile(el, coords);
  },
});
