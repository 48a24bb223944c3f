// Putting it together: the Leaflet map at once (other layers may be added to it), the data as soon as they are unpacked.

// What a click shows comes as a sheet: from below where the window is narrow, over the panel where it is low (a phone on
// its side). app.css draws the same lines.
const LOW = "(min-width: 560px) and (max-height: 480px)";
const NARROW = "(max-width: 559px), (max-width: 820px) and (min-height: 481px)";
const SHEET = `${LOW}, ${NARROW}`;
const POPUP_BELOW = 90; // pixels of the map that stay in sight under what a popup points to
const CLOSER = ".leaflet-popup-close-button";

/** Let the language switch name a control anew. */
function sayLater(control, key) {
  control.setAttribute("data-t-title", key);
  control.setAttribute("data-t-label", key);
}

/** Show the whole area; where the window is narrow, between the search above, the tools beside and the bar below. */
function fitWhole(map, bounds, animate = true) {
  const room = window.matchMedia(NARROW).matches
    ? { paddingTopLeft: [8, 116], paddingBottomRight: [58, 64] }
    : { padding: [12, 12] };
  map.fitBounds(bounds, { ...room, animate });
}

function makeMap(name, start, t) {
  const map = L.map(name, { zoomControl: false, attributionControl: true, fadeAnimation: false, minZoom: 0, maxZoom: 18, zoomSnap: 0.25, zoomDelta: 1, wheelPxPerZoomLevel: 110 });
  map.attributionControl.setPrefix("Leaflet");
  const zoom = L.control.zoom({ position: "topright", zoomInTitle: t.zoom_in, zoomOutTitle: t.zoom_out }).addTo(map);
  for (const [at, key] of ["zoom_in", "zoom_out"].entries()) sayLater(zoom.getContainer().children[at], key);
  map.createPane("blankspot").style.zIndex = 300;
  map.setMinZoom(Math.min(3, map.getBoundsZoom(start.bounds, false, L.point(66, 180)))); // what lies far apart fits on a phone too
  fitWhole(map, start.bounds, false);
  if (start.basemap) {
    const { url, attribution, zoom_max: maxNativeZoom } = start.basemap;
    L.tileLayer(url, { attribution, maxNativeZoom, maxZoom: 18 }).addTo(map);
  }
  return map;
}

/** Open the map in the element `name`; returns Leaflet's map. `map.blankspot` resolves to the scene when it can be used. */
function openMap(name, start) {
  const page = document.getElementById(name + "_page");
  const find = (what) => page.querySelector(`[data-bs=${what}]`);
  page.classList.add("bs-live");
  page.classList.toggle("bs-dark", window.matchMedia(DARK).matches);
  document.documentElement.lang ||= page.lang;
  const t = Object.fromEntries(["zoom_in", "zoom_out"].map((key) => [key, page.dataset[key] ?? ""]));
  const map = makeMap(name, start, t);
  map.blankspot = openEngine(find("payload").textContent.trim(), SOURCE)
    .then((engine) => startScene(makeScene(name, engine), map, page, find, start))
    .catch((error) => {
      page.classList.remove("bs-live");
      document.documentElement.classList.remove("bs-try");
      console.error(error);
      return null;
    });
  return map;
}

function startScene(scene, map, page, find, start) {
  const layer = new SceneLayer(scene, { pane: "blankspot", tileSize: TILE, keepBuffer: 2, updateWhenZooming: false, noWrap: true });
  if (start.basemap) scene.opacity = 0.72;
  const details = withCorrection(scene, makeDetails(scene), page);
  const view = makeView(scene, map, page, find, details, layer, start);
  makeLanguages(scene, page, find("languages"));
  makeAttribution(scene, map);
  keepView(scene, map, view);
  const panel = makePanel(scene, find, { changed: () => { scene.overlays.settle(); layer.repaint(); }, goTo: view.toPlace, openVillage: view.toVillage });
  scene.overlays = makeOverlays(scene, map, find, { changed: () => layer.repaint(), rebuild: panel.build });
  makeTable(scene, map, page, find, { panel, view });
  makeSearch(scene, find("search"), find("found"), find("found-none"), (entry) => {
    if (entry.place) panel.toPlace(entry.place);
    else view.toVillage(entry.row);
  });
  find("unjudged-swatch")?.append(classSwatch("unknown", ""));
  find("gaps-swatch")?.append(symbolSwatch("gap"));
  makeTheme(scene, page, layer);
  makeMarks(scene, map, find("layers"), panel);
  makeTools(scene, map, page, layer, start);
  scene.print = makePrint(scene, map, page, find, start);
  makeStage(scene, map, page, find, start);
  wireToggle(scene, page, find, map);
  layer.addTo(map);
  scene.time = makeTime(scene, map, page, find, { layer, panel, view });
  scene.state.start();
  find("loading").remove();
  page.dataset.ready = "true";
  performance.mark("blankspot-ready");
  return Object.assign(scene, { map, panel, layer, view });
}

/** Selecting, opening and closing: a popup beside the place on a wide screen, a sheet from below on a phone. */
function makeView(scene, map, page, find, details, layer, start) {
  const { t } = scene;
  const sheet = find("sheet");
  let popup = null;
  let cameFrom = null;
  let shown = null;

  function select(row) {
    if (row === scene.selected) return;
    scene.selected = row;
    layer.reselect();
    scene.state.changed();
  }

  function closeSheet() {
    if (sheet.hidden) return;
    sheet.hidden = true;
    sheet.replaceChildren();
    page.classList.remove("bs-has-sheet");
    select(-1);
    goBack(cameFrom);
  }

  /** The card of what was found, with what the rasters say of the place. */
  function cardOf(found) {
    const card = scene.asSeenAt(found.at, () => details[found.layer](found.row, found.many));
    card.append(scene.overlays.card(found.at) ?? "");
    return card;
  }

  function fillSheet(found) {
    const card = cardOf(found);
    const close = el("button", "bs-close", "×");
    close.type = "button";
    close.setAttribute("aria-label", t.close);
    close.addEventListener("click", closeSheet);
    sheet.replaceChildren(close, card);
    sheet.setAttribute("aria-label", card.querySelector("h2")?.textContent ?? "");
  }

  function show(found, at, { autoPan = true } = {}) {
    shown = { ...found, at };
    const village = found.layer === "villages" ? found.row : -1;
    if (window.matchMedia(SHEET).matches) {
      if (sheet.hidden) cameFrom = document.activeElement;
      fillSheet(shown);
      sheet.hidden = false;
      sheet.scrollTop = 0;
      page.classList.add("bs-has-sheet");
      map.invalidateSize({ animate: false, pan: false });
      const spot = map.latLngToContainerPoint(at);
      const height = window.matchMedia(LOW).matches ? 0.5 : 0.24; // the middle of what the sheet leaves free
      map.panBy([spot.x - map.getSize().x / 2, spot.y - map.getSize().y * height], { animate: false });
      select(village);
      sheet.focus({ preventScroll: true });
      return;
    }
    const height = Math.max(160, Math.min(600, map.getSize().y - 76 - POPUP_BELOW));
    popup = L.popup({ className: "bs-popup", autoPan, minWidth: 340, maxWidth: 340, maxHeight: height, autoPanPaddingTopLeft: [16, 66], autoPanPaddingBottomRight: [60, POPUP_BELOW - 20] });
    popup.setLatLng(at).setContent(cardOf(shown)).openOn(map);
    namePopup(popup, t.close);
    const opened = popup;
    const before = document.activeElement;
    opened.on("remove", () => {
      if (popup === opened) select(-1);
      if (document.activeElement === document.body) goBack(before);
    });
    select(village);
    if (page.contains(before)) takeFocus(opened); // by keyboard: the arrows scroll it, Escape goes back
  }

  const scale = () => TILE * 2 ** map.getZoom();
  const latlng = ([x, y]) => map.unproject([x * scale(), y * scale()], map.getZoom());
  const bounds = (shapes, row) => {
    const [west, north, east, south] = shapes.box.subarray(row * 4, row * 4 + 4);
    return L.latLngBounds(latlng([west, south]), latlng([east, north]));
  };

  const boundsOfPlace = (place) => {
    const box = scene.places.box(place);
    return box && L.latLngBounds(latlng([box[0], box[3]]), latlng([box[2], box[1]]));
  };

  map.on("click", async (event) => {
    if (scene.tool) return; // a tool of the map takes the clicks
    if (event.sourceTarget && event.sourceTarget !== map) return; // a click on a layer someone added
    const reach = window.matchMedia("(pointer: coarse)").matches ? 20 : 10;
    const found = await layer.hit(event.latlng, reach);
    if (found) show(found, event.latlng);
    else closeSheet();
  });
  wireHover(scene, map, (event) => layer.hit(event.latlng, 8));
  sheet.addEventListener("keydown", (event) => event.key === "Escape" && closeSheet());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup();
  });

  const close = () => {
    map.closePopup();
    closeSheet();
  };
  const refresh = () => {
    if (!sheet.hidden) fillSheet(shown);
    else if (popup?.isOpen()) namePopup(popup.setContent(cardOf(shown)), t.close);
  };
  scene.onLanguage(refresh);

  return {
    show,
    close,
    refresh,
    boundsOf: (row) => bounds(scene.villages, row),
    openAt: (row) => show({ layer: "villages", row }, latlng(scene.villages.label[row]), { autoPan: false }), // the view is given
    toVillage(row) {
      const label = scene.villages.label[row];
      if (!label) return show({ layer: "villages", row }, map.getCenter());
      if (scene.villages.box[row * 4] <= scene.villages.box[row * 4 + 2]) map.fitBounds(bounds(scene.villages, row), { maxZoom: 13, padding: [80, 80], animate: false });
      else map.setView(latlng(label), 13, { animate: false }); // too small to have a shape
      return show({ layer: "villages", row }, latlng(label));
    },
    boundsOfPlace,
    toPlace(place) {
      const found = place === null ? null : boundsOfPlace(place);
      if (found) map.fitBounds(found, { padding: [30, 30], animate: false });
      else if (place === null) fitWhole(map, start.bounds, false);
    },
  };
}

/** Keep in the address where the map was moved to and which village is open. */
function keepView(scene, map, view) {
  const first = map.getCenter(), firstZoom = map.getZoom();
  const v = scene.villages;
  scene.state.register("view", {
    get() {
      const { lat, lng } = map.getCenter(), zoom = map.getZoom();
      const moved = map.project(first, zoom).distanceTo(map.project([lat, lng], zoom)) > 2;
      return moved || zoom !== firstZoom ? [lat.toFixed(4), lng.toFixed(4), Number(zoom.toFixed(2))].join(",") : "";
    },
    set(text) {
      const [lat, lng, zoom] = text.split(",").map(Number);
      if ([lat, lng, zoom].every(Number.isFinite) && Math.abs(lat) <= 85 && Math.abs(lng) <= 360) map.setView([lat, lng], zoom, { animate: false });
      else if (!text) map.setView(first, firstZoom, { animate: false });
    },
  });
  scene.state.register("village", {
    get: () => (scene.selected < 0 ? "" : v.code(scene.selected)),
    set(code) {
      const row = code ? scene.rows.find((at) => v.code(at) === code) ?? -1 : -1;
      if (row < 0) view.close();
      else if (scene.state.gives("view") && v.label[row]) view.openAt(row);
      else view.toVillage(row);
    },
  });
  map.on("moveend", scene.state.changed);
}

/** Give the focus back to where a card was asked for; a finger needs none, and a field would raise its keyboard. */
function goBack(element) {
  if (!window.matchMedia("(pointer: coarse)").matches) element?.focus?.({ preventScroll: true });
}

function takeFocus(popup) {
  popup.getElement().querySelector(".leaflet-popup-content").focus({ preventScroll: true });
}

/** A popup that is taller than its window is scrolled by the arrows: the keyboard must reach it, and know its name. */
function namePopup(popup, closing) {
  const content = popup.getElement().querySelector(".leaflet-popup-content");
  content.tabIndex = 0;
  content.setAttribute("role", "group");
  content.setAttribute("aria-label", content.querySelector("h2")?.textContent ?? "");
  popup.getElement().querySelector(CLOSER)?.setAttribute("aria-label", closing);
}

/** A pointer that can hover gets the name of what it is over. */
function wireHover(scene, map, under) {
  if (!window.matchMedia("(hover: hover)").matches) return;
  const tip = L.tooltip({ className: "bs-tip", direction: "top", offset: [0, -10], opacity: 1 });
  const names = {
    villages: (row) => scene.villages.name(row) || scene.villages.code(row),
    sites: (row) => scene.stores.sites.name(row) || scene.stores.sites.id(row),
    internet: (row) => scene.stores.internet.name(row),
    facilities: (row) => scene.stores.facilities.name(row),
    measurements: (row, many) => scene.t["level_" + LEVELS[many ? many.level : scene.stores.measurements.level[row]]] + (many ? ` (${scene.number(many.total)})` : ""),
  };
  let waiting = null;
  let frame = 0;
  const look = async () => {
    frame = 0;
    const asked = waiting;
    const found = asked && (await under(asked));
    if (asked !== waiting) return undefined; // the pointer has moved on
    map.getContainer().classList.toggle("bs-over", Boolean(found));
    const values = asked ? scene.overlays.at(asked.latlng) : [];
    if (!found && !values.length) return tip.remove();
    const content = el("span", "", found ? data(names[found.layer](found.row, found.many)) : "");
    if (found?.layer === "villages" && scene.judged) {
      const name = scene.asSeenAt(asked.latlng, () => scene.villages.signalClass(found.row));
      content.append(el("span", "bs-tip-class", name ? scene.labels.signal_class[name] : scene.t.not_judged));
    }
    if (found?.layer === "villages") for (const line of scene.changeLines(found.row)) content.append(el("span", "bs-tip-class", line));
    for (const [title, text] of values) content.append(el("span", "bs-tip-class", data(`${title}: ${text}`)));
    return tip.setContent(content).setLatLng(asked.latlng).addTo(map);
  };
  map.on("mousemove", (event) => {
    waiting = scene.tool || (event.sourceTarget && event.sourceTarget !== map) ? null : event;
    frame ||= requestAnimationFrame(look);
  });
  map.on("mouseout movestart", () => {
    waiting = null;
    frame ||= requestAnimationFrame(look);
  });
}

/** On a phone the panel is a sheet that opens and closes. */
function wireToggle(scene, page, find, map) {
  const button = find("toggle");
  const tell = () => {
    const opened = page.classList.contains("bs-open");
    button.setAttribute("aria-expanded", String(opened));
    find("toggle-text").textContent = opened ? scene.t.panel_close : scene.t.panel_open;
  };
  button.addEventListener("click", () => {
    page.classList.toggle("bs-open");
    tell();
  });
  scene.onLanguage(tell);
  const box = map.getContainer();
  new ResizeObserver(() => {
    if (box.clientWidth) map.invalidateSize({ animate: false }); // a printer hides the map; its view is kept
  }).observe(box);
}

document.documentElement.classList.add("bs-try"); // from here on the table waits behind the map
window.blankspot = { open: openMap };
