// What the legend says of marks that stand for many readings, kept true to the zoom.

const EQUATOR = 40_075_017; // metres around the globe

function makeMarks(scene, map, legends, panel) {
  const layer = scene.points.find(({ id }) => id === "measurements");
  if (!layer) return;
  const tell = () => {
    const line = legends.querySelector("[data-bs=marks]");
    if (line) line.textContent = marksTold(scene, map, layer);
  };
  panel.follow(tell);
  map.on("zoomend", tell);
  tell();
}

function marksTold({ t, number }, map, layer) {
  const scale = TILE * 2 ** map.getZoom();
  if (!isThinned(layer, scale)) return t.mark_place;
  const marks = marksAt(layer, scale);
  const metres = (MARK_CELL / scale) * EQUATOR * Math.cos((map.getCenter().lat * Math.PI) / 180);
  const round = 10 ** Math.max(0, Math.floor(Math.log10(metres)) - 1);
  const mean = layer.store.sum() / marks.count;
  return fill(t.mark_many, { n: number(mean, mean < 10 ? 1 : 0), most: number(marks.total.reduce((a, b) => Math.max(a, b), 0)), metres: number(Math.round(metres / round) * round) });
}
