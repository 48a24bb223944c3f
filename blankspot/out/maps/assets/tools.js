// Tools on the map: where am I, how far and how large, the scale as a number, north, and a menu of what else the page can do.

const ICONS = {
  home: "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5",
  locate: "M10 1.5v4M10 14.5v4M1.5 10h4M14.5 10h4M10 5.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z",
  measure: "M2.5 13.5l11-11 4 4-11 11zM6 10l1.8 1.8M8.6 7.4l2.6 2.6M11.2 4.8L13 6.6",
  more: "M3 5.5h14M3 10h14M3 14.5h14",
};
const SIMPLIFIED_M = 25; // how far a border on the map may lie from the true one: its tolerance and its grid
const AROUND = 16; // directions in which a border is looked for around a position
const SCREEN_DPI = 96; // what a CSS pixel stands for
const NICE = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8];

/** A line drawing of 20 by 20 in the colour of the words. */
function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "bs-icon");
  const line = document.createElementNS(svg.namespaceURI, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

function makeTools(scene, map, page, layer, start) {
  const { t } = scene;
  const bar = L.DomUtil.create("div", "leaflet-bar bs-tools");
  L.DomEvent.disableClickPropagation(bar);

  function button(name, run) {
    const made = el("button", "", icon(ICONS[name]));
    made.type = "button";
    made.dataset.tool = name;
    made.addEventListener("click", run);
    scene.onLanguage(() => {
      made.title = t["tool_" + name];
      made.setAttribute("aria-label", made.title);
    });
    bar.append(made);
    return made;
  }

  const toast = makeToast(scene, page);
  const locate = makeLocate(scene, map, layer, toast, start);
  const measure = makeMeasure(scene, map, page);
  button("home", () => fitWhole(map, start.bounds));
  button("locate", locate);
  const ruler = button("measure", () => measure.toggle());
  measure.onChange = (active) => ruler.setAttribute("aria-pressed", String(active));
  measure.onChange(false);
  scene.menu = makeMenu(scene, page, button("more", () => scene.menu.toggle()), bar);
  const Tools = L.Control.extend({ onAdd: () => bar });
  new Tools({ position: "topright" }).addTo(map);
  addScale(scene, map);
  scene.toast = toast.say;
  scene.measure = measure;
  scene.geodesy = { lineLength, polygonArea };
  scene.menu.add("theme", () => (scene.dark ? t.theme_light : t.theme_dark), () => scene.setTheme(scene.dark ? "light" : "dark"));
  scene.onTheme(() => scene.menu.refresh());
}

/** The menu of the page: what is used seldom. */
function makeMenu(scene, page, opener, bar) {
  const list = el("div", "bs-menu");
  list.setAttribute("role", "group");
  list.hidden = true;
  const items = [];
  opener.setAttribute("aria-expanded", "false");
  bar.after(list);
  page.querySelector(".bs-main").append(list);
  list.id = `${scene.name}_menu`;
  opener.setAttribute("aria-controls", list.id);

  function open(yes) {
    list.hidden = !yes;
    opener.setAttribute("aria-expanded", String(yes));
    if (yes) {
      const box = bar.getBoundingClientRect(), main = list.parentElement.getBoundingClientRect();
      list.style.top = `${Math.max(8, Math.min(opener.getBoundingClientRect().top - main.top, main.height - list.offsetHeight - 8))}px`;
      list.style.right = `${main.right - box.left + 8}px`;
      list.querySelector("button")?.focus();
    }
  }
  page.addEventListener("click", (event) => {
    if (!list.hidden && !list.contains(event.target) && !opener.contains(event.target)) open(false);
  });
  list.addEventListener("keydown", (event) => {
    const buttons = [...list.children], at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) buttons[(at + step + buttons.length) % buttons.length].focus();
    else if (event.key === "Escape") {
      open(false);
      opener.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    toggle: () => open(list.hidden),
    refresh: () => items.forEach(({ made, text }) => (made.textContent = text())),
    /** Add an entry: its name, a function that gives its words, and what it does. */
    add(name, text, run) {
      const made = el("button", "bs-menu-item");
      made.type = "button";
      made.dataset.menu = name;
      made.addEventListener("click", () => {
        open(false);
        run();
      });
      items.push({ made, text });
      list.append(made);
      scene.onLanguage(() => {
        made.textContent = text();
        list.setAttribute("aria-label", scene.t.tool_more);
      });
    },
  };
}

/** A line over the map that says what a tool found, and stays until it is closed. */
function makeToast(scene, page) {
  const box = el("div", "bs-toast");
  box.hidden = true;
  const words = el("div", "bs-toast-words");
  words.setAttribute("role", "status");
  const close = el("button", "bs-toast-close", "×");
  close.type = "button";
  scene.onLanguage(() => close.setAttribute("aria-label", scene.t.close));
  box.append(words, close);
  page.querySelector(".bs-main").append(box);
  let closed = () => {};
  const hide = () => {
    box.hidden = true;
    words.replaceChildren();
    closed();
  };
  close.addEventListener("click", hide);
  return {
    say(lines, whenClosed = () => {}) {
      closed = whenClosed;
      box.hidden = false;
      words.replaceChildren(...lines.filter(Boolean).map((line, i) => el("p", i ? "bs-small" : "", line)));
    },
    hide,
  };
}

/** Where the reader is, as far as phone and map know it. */
function makeLocate(scene, map, layer, toast, start) {
  const { t, number } = scene;
  const drawn = L.layerGroup();

  async function villageAt(latlng) {
    const found = await layer.hit(latlng, 0);
    return found?.layer === "villages" ? found.row : -1;
  }

  /** Every village that the position may lie in: its own, and those that begin within the uncertainty around it. */
  async function candidates(latlng, radius) {
    const own = await villageAt(latlng);
    const rows = new Set();
    for (const share of [0.5, 1]) {
      for (let i = 0; i < AROUND; i++) {
        const angle = (2 * Math.PI * i) / AROUND, away = radius * share;
        const lat = latlng.lat + (away * Math.cos(angle)) / 111195;
        const lng = latlng.lng + (away * Math.sin(angle)) / (111195 * Math.cos(latlng.lat * RADIANS));
        rows.add(await villageAt(L.latLng(lat, lng)));
      }
    }
    rows.delete(own);
    return { own, others: [...rows].filter((row) => row >= 0), outside: rows.has(-1) };
  }

  async function found({ coords }) {
    const turns = Math.round((L.latLngBounds(start.bounds).getCenter().lng - coords.longitude) / 360); // across 180° the map goes on
    const at = L.latLng(coords.latitude, coords.longitude + 360 * turns);
    const accuracy = Math.max(1, coords.accuracy || 0);
    scene.position = { lat: coords.latitude, lng: coords.longitude, accuracy };
    drawn.clearLayers();
    L.circle(at, { radius: accuracy, color: SELECTED, weight: 1.5, fillOpacity: 0.12, interactive: false }).addTo(drawn);
    L.circleMarker(at, { radius: 7, color: "#ffffff", weight: 3, fillColor: SELECTED, fillOpacity: 1, interactive: false }).addTo(drawn);
    drawn.addTo(map);
    const near = at.toBounds(Math.max(accuracy * 4, 1200));
    map.fitBounds(near, { maxZoom: 15, animate: false });
    const { own, others, outside } = await candidates(at, accuracy + SIMPLIFIED_M);
    const name = (row) => scene.villages.name(row) || scene.villages.code(row);
    const list = (rows) => rows.map(name).join(", ");
    let told;
    if (own < 0 && !others.length) told = t.locate_outside;
    else if (own < 0) told = fill(t.locate_near, { villages: list(others) });
    else if (others.length) told = fill(t.locate_border, { village: name(own), others: list(others) });
    else told = fill(outside ? t.locate_edge : t.locate_in, { village: name(own) });
    toast.say([told, `${fill(t.locate_accuracy, { n: number(accuracy) })} ${t.locate_note}`], () => drawn.remove());
  }

  const REFUSED = { 1: "locate_refused", 2: "locate_unavailable", 3: "locate_timeout" };
  const failed = (error) => {
    const file = error.code === 1 && /^(file|content|about):/.test(location.protocol);
    toast.say([t[REFUSED[error.code] ?? "locate_unavailable"], file ? t.locate_file : ""]);
  };

  return () => {
    if (!navigator.geolocation) return toast.say([t.locate_missing]);
    toast.say([t.locate_asking]);
    return navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: 20000, maximumAge: 10000 });
  };
}

/** Measure along a line of clicks; closed, it has an area. */
function makeMeasure(scene, map, page) {
  const { t } = scene;
  const box = el("section", "bs-measure");
  box.hidden = true;
  const figure = el("p", "bs-measure-figure");
  figure.setAttribute("role", "status");
  const note = el("p", "bs-small");
  const buttons = el("div", "bs-measure-buttons");
  const cross = el("div", "bs-crosshair");
  cross.hidden = true;
  cross.setAttribute("aria-hidden", "true");
  box.append(figure, note, buttons);
  page.querySelector(".bs-main").append(box, cross);
  const pane = map.createPane("bs-measure");
  pane.style.zIndex = 450;
  pane.style.pointerEvents = "none";
  const drawn = L.layerGroup([], { pane: "bs-measure" });
  const renderer = L.svg({ pane: "bs-measure" });
  let points = [];
  const tool = { active: false, onChange() {} };

  function draw(hover = null) {
    const all = hover ? [...points, hover] : points;
    drawn.clearLayers();
    const line = (style) => L.polyline(all, { renderer, pane: "bs-measure", interactive: false, ...style }).addTo(drawn);
    if (all.length > 2) L.polygon(all, { renderer, pane: "bs-measure", interactive: false, stroke: false, fillColor: SELECTED, fillOpacity: 0.14 }).addTo(drawn);
    line({ color: "#ffffff", weight: 6, opacity: 0.9 });
    line({ color: SELECTED, weight: 3, dashArray: hover ? "7 5" : null });
    for (const point of points) L.circleMarker(point, { renderer, pane: "bs-measure", interactive: false, radius: 5, color: "#ffffff", weight: 2, fillColor: SELECTED, fillOpacity: 1 }).addTo(drawn);
    tell(all);
  }

  function tell(all) {
    const length = all.length > 1 ? fill(t.measure_length, { length: metres(scene, lineLength(all)) }) : t.measure_start;
    const area = all.length > 2 ? fill(t.measure_area, { area: squareMetres(scene, polygonArea(all)) }) : "";
    figure.textContent = [length, area].filter(Boolean).join(" · ");
  }

  function add(latlng) {
    const last = points.at(-1);
    if (last && map.latLngToContainerPoint(last).distanceTo(map.latLngToContainerPoint(latlng)) < 4) return;
    points.push(latlng);
    draw();
  }

  function set(active) {
    tool.active = active;
    scene.tool = active ? tool : null;
    box.hidden = cross.hidden = !active;
    map.getContainer().classList.toggle("bs-measuring", active);
    map.doubleClickZoom[active ? "disable" : "enable"]();
    points = [];
    if (active) {
      scene.view.close();
      drawn.addTo(map);
      draw();
    } else drawn.remove();
    tool.onChange(active);
  }

  const actions = [
    ["measure_middle", () => add(map.getCenter())],
    ["measure_undo", () => { points.pop(); draw(); }],
    ["measure_clear", () => { points = []; draw(); }],
    ["measure_end", () => set(false)],
  ];
  scene.onLanguage(() => {
    note.textContent = t.measure_note;
    buttons.replaceChildren(...actions.map(([name, run]) => {
      const made = el("button", "bs-button", t[name]);
      made.type = "button";
      made.dataset.measure = name;
      made.addEventListener("click", run);
      return made;
    }));
    if (tool.active) tell(points);
  });
  map.on("click", (event) => tool.active && add(event.latlng));
  map.on("mousemove", (event) => tool.active && points.length && !window.matchMedia("(pointer: coarse)").matches && draw(event.latlng));
  map.on("mouseout", () => tool.active && draw());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && tool.active) set(false);
  });
  return Object.assign(tool, { toggle: () => set(!tool.active), points: () => points });
}

const metres = (scene, length) => (length < 1000 ? `${scene.number(length)} m` : `${scene.number(length / 1000, length < 100000 ? 2 : 1)} km`);
const squareMetres = (scene, area) => (area < 1e6 ? `${scene.number(area / 1e4, 2)} ha` : `${scene.number(area / 1e6, 2)} km²`);

/** The scale of a map in metres per pixel as a round number: 1 : 125.000. */
function scaleNumber(metresPerPixel, dpi = SCREEN_DPI) {
  const exact = (metresPerPixel * dpi) / 0.0254;
  const power = 10 ** Math.floor(Math.log10(exact));
  const near = [...NICE, 10].reduce((best, step) => (Math.abs(step * power - exact) < Math.abs(best - exact) ? step * power : best), power);
  return Math.round(near);
}

const metresPerPixel = (map) => (Math.cos(map.getCenter().lat * RADIANS) * 2 * Math.PI * AXIS_M) / (TILE * 2 ** map.getZoom());

/** Under the scale bar its number, and which way north is. */
function addScale(scene, map) {
  const { t } = scene;
  L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 120 }).addTo(map);
  const figure = el("div", "bs-scale-number");
  const north = el("div", "bs-north", icon("M10 1l5 15-5-3.4L5 16z"), el("span", "bs-north-letter"));
  const tell = () => {
    figure.textContent = fill(t.scale_number, { n: scene.number(scaleNumber(metresPerPixel(map))) });
    figure.title = t.scale_note;
    north.lastChild.textContent = t.north_letter;
    north.title = t.north;
  };
  const Figure = L.Control.extend({ onAdd: () => figure });
  const North = L.Control.extend({ onAdd: () => north });
  new Figure({ position: "bottomleft" }).addTo(map);
  new North({ position: "bottomleft" }).addTo(map);
  map.on("zoomend moveend", tell);
  scene.onLanguage(tell);
}
