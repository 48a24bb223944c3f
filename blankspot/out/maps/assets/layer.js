// The villages as a layer of Leaflet. It may be there more than once, each with a state and a pane of its own.

/** Relief is light paper in either theme: what it shades is painted for light. */
const isDark = (scene) => scene.dark && !scene.shaded;

/** What a scene shows, as bytes per village: the same for a tile, a print and a hit. */
function styleOf(scene) {
  const total = scene.villages.total;
  const look = new Uint8Array(total), outline = new Uint8Array(total), shown = new Uint8Array(total), gap = new Uint8Array(total);
  const keys = new Map();
  for (let row = 0; row < total; row++) {
    const key = scene.lookKey(row);
    if (!keys.has(key)) keys.set(key, keys.size);
    look[row] = keys.get(key);
    outline[row] = OUTLINES.indexOf(scene.outlineOf(row)) + 1;
    shown[row] = scene.matches(row) ? 1 : 0;
    gap[row] = scene.isGap(row) ? 1 : 0;
  }
  const looks = [...keys.keys()].map((key) => scene.lookOf(key));
  return { on: { ...scene.on }, selected: scene.selected, dark: isDark(scene), opacity: scene.opacity, look, looks, outline, shown, gap };
}

/** Paint a window of a scene at once, in this thread (for the printer, which does not wait). */
function paint(ctx, scene, view) {
  const near = scene.engine.near();
  near.style("at once", styleOf(scene));
  near.paint(ctx, "at once", view);
}

const OUTLINE_RIM = 8; // pixels that the outline of a selected village stands out at most

let layersMade = 0;

/** Leaflet's grid of canvas tiles; repainting keeps the tiles, so that a filter does not flicker. */
const SceneLayer = L.GridLayer.extend({
  initialize(scene, options) {
    L.setOptions(this, options);
    this.scene = scene;
    this.id = `layer ${++layersMade}`;
    this.zoom = 0;
    this.ratio = Math.min(3, Math.max(1, Math.ceil(window.devicePixelRatio || 1)));
    this.painting = new Set();
    this.on("tileunload", ({ tile }) => scene.engine.forget(tile));
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
  /** What it shows: the scene as it is, unless the layer was given a style of its own. */
  style() {
    return this.options.style ? this.options.style() : styleOf(this.scene);
  },
  lay(style) {
    this.laid = style;
    this.scene.engine.style(this.id, style);
  },
  onAdd(map) {
    this.lay(this.style());
    L.GridLayer.prototype.onAdd.call(this, map);
  },
  onRemove(map) {
    L.GridLayer.prototype.onRemove.call(this, map);
    this.scene.engine.drop(this.id);
  },
  createTile(coords, done) {
    const canvas = document.createElement("canvas");
    canvas.className = "bs-tile";
    canvas.width = canvas.height = TILE * this.ratio;
    canvas.setAttribute("aria-hidden", "true");
    this.paintTile(canvas, coords).then(() => done(null, canvas));
    return canvas;
  },
  async paintTile(canvas, coords) {
    const scale = TILE * 2 ** coords.z;
    const view = { left: coords.x * TILE, top: coords.y * TILE, width: TILE, height: TILE, scale, ratio: this.ratio };
    const work = this.scene.engine.paint(canvas, this.id, view);
    this.painting.add(work);
    await work;
    this.painting.delete(work);
  },
  /** Show the scene as it is now. */
  repaint() {
    this.fire("repaint");
    if (!this._map) return;
    this.lay(this.style());
    for (const { el, coords } of Object.values(this._tiles)) this.paintTile(el, coords);
  },
  /** Show which village is selected now: of the nation's tiles only those change that it or the one before lies in. */
  reselect() {
    this.fire("repaint");
    if (!this._map) return;
    const changed = [this.laid.selected, this.scene.selected].filter((row) => row >= 0);
    this.lay({ ...this.laid, selected: this.scene.selected });
    for (const { el, coords } of Object.values(this._tiles)) if (changed.some((row) => this.reaches(row, coords))) this.paintTile(el, coords);
  },
  /** Whether a village's outline can be seen in a tile. */
  reaches(row, { x, y, z }) {
    const [west, north, east, south] = this.scene.villages.box.subarray(row * 4, row * 4 + 4).map((at) => at * 2 ** z);
    const rim = OUTLINE_RIM / TILE;
    return east > x - rim && west < x + 1 + rim && south > y - rim && north < y + 1 + rim;
  },
  /** Resolves once every tile shows what was last asked for. */
  async settled() {
    while (this.painting.size) await Promise.all(this.painting);
  },
  /** What lies at a position: { layer, row } of a point within `reach` pixels, else of a village, else null. */
  hit(latlng, reach) {
    const scale = TILE * 2 ** this._map.getZoom();
    return this.scene.engine.hit(this.id, worldX(latlng.lng), worldY(latlng.lat), scale, reach);
  },
});
