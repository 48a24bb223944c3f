// A divider between two views of the same place: status on two days, a raster against the status, relief, in any pairing.
// Each side is a pane of its own with its own layer of villages, cut along the divider.

const CONTROLS = 56; // pixels of the buttons at the right edge
const STEP = 2, LEAP = 10; // percent of the map's width per key

/** What can stand on a side: the status now and at every stop, and every raster. */
function sideChoices(scene) {
  const last = scene.stops.length - 1;
  const days = scene.stops.map((_, stop) => ({ key: stop === last ? "now" : `stop${stop}`, stop: stop === last ? null : stop })).reverse();
  const status = days.length ? days : scene.villages.total ? [{ key: "now", stop: null }] : [];
  return [...status, ...scene.rasters.map((raster) => ({ key: `raster:${raster.key}`, raster }))];
}

function sideText(scene, side) {
  const { t } = scene;
  if (side.raster) return side.raster.title[scene.lang] || side.raster.title.id;
  return side.stop === null ? (scene.asOf === null ? t.status_now : fill(t.status_today, { day: scene.day(scene.asOf) })) : fill(t.status_at, { stop: scene.stopText(side.stop) });
}

function makeSwipe(scene, map, main, layer, choices) {
  const { t } = scene;
  const find = (key) => choices.find((side) => side.key === key);
  const rasters = choices.filter((side) => side.raster);
  let pair = scene.stops.length > 1 ? [find("stop" + Math.max(0, scene.stops.length - 5)) ?? choices[1], choices[0]] : [choices[0], rasters[0] ?? choices[1]];
  let share = 50;
  let shown = []; // per side: { pane, layers, villages, label }
  let divider = null;

  /** The style of the villages on a side: of its day, or lines alone over its raster. */
  function styleFor(side) {
    const kept = { opacity: scene.opacity, on: scene.on };
    scene.opacity = side.raster ? 0 : 1;
    scene.on = { ...scene.on, verdicts: scene.judged && !side.raster };
    try {
      return asOfStop(scene, side.raster ? null : side.stop, () => {
        scene.refilter();
        return styleOf(scene);
      });
    } finally {
      Object.assign(scene, kept);
      scene.refilter();
    }
  }

  function sidePane(place) {
    const name = `bs-side-${place}`;
    const pane = map.getPane(name) ?? map.createPane(name);
    pane.style.zIndex = 310 + place;
    pane.style.pointerEvents = "none";
    return [name, pane];
  }

  function open(side, place) {
    const [name, pane] = sidePane(place);
    const layers = [];
    if (side.raster) {
      layers.push(scene.overlays.pictureOf(side.raster, name).addTo(map));
      decodeRaster(side.raster).catch((error) => console.warn(error));
    }
    const villages = new SceneLayer(scene, { pane: name, tileSize: TILE, keepBuffer: 2, updateWhenZooming: false, noWrap: true, style: () => styleFor(side) });
    layers.push(villages.addTo(map));
    const label = el("p", `bs-side-label bs-side-${place ? "right" : "left"}`);
    main.append(label);
    return { side, pane, layers, villages, label };
  }

  function cut() {
    if (!divider) return;
    const size = map.getSize();
    const at = (size.x * share) / 100;
    const corner = map.containerPointToLayerPoint([0, 0]), far = map.containerPointToLayerPoint(size), x = map.containerPointToLayerPoint([at, 0]).x;
    const part = (left, right) => `polygon(${left}px ${corner.y}px, ${right}px ${corner.y}px, ${right}px ${far.y}px, ${left}px ${far.y}px)`;
    shown[0].pane.style.clipPath = part(corner.x, x);
    shown[1].pane.style.clipPath = part(x, far.x);
    divider.style.left = `${at}px`;
    shown[0].label.style.right = `${size.x - at + 10}px`;
    shown[0].label.style.maxWidth = `${Math.max(0, at - 20)}px`;
    shown[1].label.style.left = `${at + 10}px`;
    shown[1].label.style.maxWidth = `${Math.max(0, size.x - at - 20 - CONTROLS)}px`;
    divider.setAttribute("aria-valuenow", String(Math.round(share)));
    divider.setAttribute("aria-valuetext", fill(t.divider_value, { n: Math.round(share), left: sideText(scene, pair[0]), right: sideText(scene, pair[1]) }));
  }

  function tell() {
    if (!divider) return;
    divider.setAttribute("aria-label", t.divider);
    shown.forEach(({ label }, place) => {
      label.textContent = `${place ? "" : "◀ "}${sideText(scene, pair[place])}${place ? " ▶" : ""}`;
    });
    cut();
  }

  function move(to) {
    share = Math.min(100, Math.max(0, to));
    cut();
    scene.state.changed();
  }

  function makeDivider() {
    const made = el("div", "bs-divider", el("span", "bs-divider-grip", "⇔"));
    made.setAttribute("role", "slider");
    made.tabIndex = 0;
    made.setAttribute("aria-orientation", "horizontal");
    made.setAttribute("aria-valuemin", "0");
    made.setAttribute("aria-valuemax", "100");
    const drag = (event) => {
      const box = main.getBoundingClientRect();
      move(((event.clientX - box.left) / box.width) * 100);
    };
    made.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      made.setPointerCapture(event.pointerId);
      made.focus({ preventScroll: true });
      made.addEventListener("pointermove", drag);
    });
    for (const ended of ["pointerup", "pointercancel"]) made.addEventListener(ended, () => made.removeEventListener("pointermove", drag));
    made.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP, PageDown: -LEAP, PageUp: LEAP, Home: -100, End: 100 };
      if (!Object.hasOwn(steps, event.key)) return;
      event.preventDefault();
      event.stopPropagation(); // Leaflet moves the map with the arrows
      move(share + steps[event.key]);
    });
    L.DomEvent.disableClickPropagation(made);
    return made;
  }

  const repaint = () => shown.forEach(({ villages }) => villages.repaint());

  function start() {
    end();
    map.getContainer().classList.add("bs-swiping");
    shown = pair.map(open);
    divider = makeDivider();
    main.append(divider);
    map.on("move zoom viewreset resize zoomend", cut);
    layer.on("repaint", repaint);
    tell();
  }

  function end() {
    if (!divider) return;
    map.off("move zoom viewreset resize zoomend", cut);
    layer.off("repaint", repaint);
    map.getContainer().classList.remove("bs-swiping");
    for (const { layers, label } of shown) {
      label.remove();
      for (const one of layers) one.remove();
    }
    divider.remove();
    divider = null;
    shown = [];
  }

  /** The side on which a place lies. */
  const sideAt = (latlng) => pair[map.latLngToContainerPoint(latlng).x <= (map.getSize().x * share) / 100 ? 0 : 1];
  /** Answer about a place as of the day of its side. */
  scene.asSeenAt = (latlng, ask) => (divider && latlng ? asOfStop(scene, sideAt(latlng).stop ?? null, ask) : ask());
  /** The rasters that can be seen at a place. */
  scene.rastersAt = (latlng) => {
    if (!divider) return scene.rasters.filter((raster) => raster.on);
    const { raster } = sideAt(latlng);
    return raster ? [raster] : [];
  };
  /** Paint both sides into a window, for the printer; false where there is no divider. */
  scene.paintSides = (ctx, view) => {
    if (!divider) return false;
    ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    pair.forEach((side, place) => {
      const sheet = document.createElement("canvas");
      sheet.width = view.width * view.ratio;
      sheet.height = view.height * view.ratio;
      const pen = sheet.getContext("2d");
      if (side.raster) drawRaster(pen, side.raster, view);
      const villages = document.createElement("canvas");
      villages.width = sheet.width;
      villages.height = sheet.height;
      const near = scene.engine.near();
      near.style("at once", styleFor(side));
      near.paint(villages.getContext("2d"), "at once", view);
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.drawImage(villages, 0, 0);
      const at = (sheet.width * share) / 100;
      const [left, width] = place ? [at, sheet.width - at] : [0, at];
      if (width > 0) ctx.drawImage(sheet, left, 0, width, sheet.height, left / view.ratio, 0, width / view.ratio, view.height);
    });
    ctx.fillStyle = INK;
    ctx.fillRect((view.width * share) / 100 - 1, 0, 2, view.height);
    ctx.font = `600 11px ${FONT}`;
    ctx.textBaseline = "top";
    pair.forEach((side, place) => {
      const text = sideText(scene, side), at = (view.width * share) / 100 + (place ? 8 : -8);
      ctx.textAlign = place ? "left" : "right";
      ctx.lineWidth = 4;
      ctx.strokeStyle = "#ffffff";
      ctx.strokeText(text, at, 8);
      ctx.fillText(text, at, 8);
    });
    return true;
  };

  const named = (side, iso) => (side.raster ? side.raster.key : side.stop === null ? "now" : iso(side.stop));
  return {
    start,
    end,
    tell,
    keys: () => pair.map(({ key }) => key),
    set(place, key) {
      const side = find(key);
      if (side) pair = place ? [pair[0], side] : [side, pair[1]];
    },
    address: (iso) => [...pair.map((side) => named(side, iso)), Math.round(share)].join(","),
    read(text, stopOf) {
      const [left, right, percent] = text.split(",");
      const sideOf = (name) => (name === "now" ? find("now") : choices.find((side) => side.raster?.key === name) ?? (stopOf(name) >= 0 ? find(stopOf(name) === scene.stops.length - 1 ? "now" : "stop" + stopOf(name)) : undefined));
      const found = [sideOf(left), sideOf(right)];
      if (!left || !right || found.includes(undefined)) return false;
      pair = found;
      if (percent && Number(percent) >= 0 && Number(percent) <= 100) share = Number(percent);
      return true;
    },
  };
}
