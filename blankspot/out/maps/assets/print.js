// Print: one A4 page per view, upright or on its side as the view is, painted anew and sharp; and one per village, with its
// facts and the correction form. Pages are built beside the screen in the very measures of the paper, so that what does not
// fit is seen before it is printed.

const PAPER_RATIO = 3; // device pixels per CSS pixel: 288 dots per inch
const PAPER_DPI = 96;
const WIDE_FROM = 1.15; // views wider than this lie on their side
const MAP_MIN = 300; // pixels (80 mm) below which the list beside the map is cut instead of the map
const EDGE = 10; // pixels around what a page is about
const BAR_MAX = 170; // pixels of the scale bar
const CARD_SIZES = [0.92, 0.85, 0.78, 0.7]; // how small the facts of a village may become so that all of them are there
const LONG_STEPS = [1, 2, 5];

function makePrint(scene, map, page, find, start) {
  const { t } = scene;
  const paper = find("print");

  /** Fill the paper with pages; each is made while the scene stands as it must be shown. */
  function put(pages) {
    paper.replaceChildren();
    for (const make of pages) make();
  }

  /** A text of the page's head as it stands: of the day that is looked at, which need not be the latest. */
  scene.said = (name) => page.querySelector(`.bs-panel [data-t=${name}]`)?.textContent ?? scene.shell[name] ?? "";

  function heading(caption) {
    const { said } = scene;
    const head = el("header", "bs-a4-head", el("div", "", el("h1", "", data(scene.shell.title)), caption && el("p", "bs-a4-caption", caption), el("p", "bs-small", said("as_of_day"))));
    if (said("progress_figure")) {
      head.append(el("div", "bs-a4-progress", el("p", "bs-small", said("progress_head")), el("p", "", el("strong", "", said("progress_figure")), ` ${said("progress_rest")}`)));
    }
    return head;
  }

  function address() {
    const { protocol, origin, pathname } = location;
    const state = scene.state.address();
    const file = /^https?:$/.test(protocol) ? origin + pathname : protocol === "file:" ? decodeURIComponent(pathname.split("/").at(-1)) : "";
    return file ? file + (state ? `#${state}` : "") : "";
  }

  /** Sources with licence, profile, version and where the page is found. */
  function footer() {
    const { shell } = scene;
    const about = page.querySelector(".bs-about dl");
    const list = el("ul", "bs-a4-sources");
    for (const dd of about?.querySelectorAll("dd") ?? []) {
      const title = dd.previousElementSibling?.tagName === "DT" ? `${dd.previousElementSibling.textContent}: ` : "";
      list.append(el("li", "", `${title}${[...dd.childNodes].map((node) => node.textContent.trim()).filter(Boolean).join(", ")}`));
    }
    return el("footer", "bs-a4-foot", list, el("p", "", [shell.generalised_to, t.unknown_note].filter(Boolean).join(" ")), address() && el("p", "", `${t.print_address} `, data(address())));
  }

  /** The legend of what is on: the panel's own, so that both say the same. */
  function legend() {
    const box = el("section", "bs-a4-legend");
    const shown = (node) => !node.hidden;
    for (const layer of page.querySelectorAll(".bs-layers .bs-layer")) {
      const symbols = layer.querySelector(".bs-legend");
      if (!layer.querySelector("input")?.checked || !symbols || !shown(symbols)) continue;
      const part = el("div", "bs-a4-layer", el("h2", "", layer.querySelector(".bs-layer-name").textContent));
      const copy = symbols.cloneNode(true);
      [...symbols.querySelectorAll("canvas")].forEach((canvas, i) => copy.querySelectorAll("canvas")[i].getContext("2d").drawImage(canvas, 0, 0));
      for (const off of copy.querySelectorAll('[aria-pressed="false"] + .bs-confidences')) off.remove();
      for (const hidden of copy.querySelectorAll('[aria-pressed="false"], summary, input, select')) hidden.remove();
      for (const button of copy.querySelectorAll("button")) {
        const plain = el("div", button.className);
        plain.append(...button.childNodes);
        for (const { name, value } of button.attributes) if (name.startsWith("data-")) plain.setAttribute(name, value);
        button.replaceWith(plain);
      }
      for (const named of copy.querySelectorAll("[id]")) named.removeAttribute("id");
      part.append(...copy.childNodes);
      box.append(part);
    }
    return box;
  }

  /** The place that is looked at, as a list of one name or none. */
  const place = () => (scene.filter.place === null ? [] : [scene.places.name(scene.filter.place)]);

  function filtersTold() {
    const told = [...page.querySelectorAll(".bs-filters select")].filter((select) => select.value !== "*" && select.labels[0])
      .map((select) => `${select.labels[0].textContent}: ${select.selectedOptions[0].textContent}`);
    return scene.filtered() ? [...place().map((name) => `${t.region}: ${name}`), ...told, find("count").textContent].join(" · ") : "";
  }

  /** Paint a window of the map into a box of the page, with its scale bar, number and north. */
  function paintInto(box, { centre, zoom, sides = false }) {
    const width = Math.floor(box.clientWidth), height = Math.floor(box.clientHeight);
    const canvas = blankCanvas(width * PAPER_RATIO, height * PAPER_RATIO);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const middle = map.project(centre, zoom);
    const { dark } = scene;
    scene.dark = false; // paper is white
    const view = { left: middle.x - width / 2, top: middle.y - height / 2, width, height, scale: TILE * 2 ** zoom, ratio: PAPER_RATIO };
    const pen = canvas.getContext("2d");
    if (!sides || !scene.paintSides(pen, view)) {
      paint(pen, scene, view);
      paintUnder(pen, scene, view);
    }
    scene.dark = dark;
    const perPixel = (Math.cos(centre.lat * RADIANS) * 2 * Math.PI * AXIS_M) / (TILE * 2 ** zoom);
    box.append(canvas, paperScale(perPixel), el("div", "bs-a4-north", icon("M10 1l5 15-5-3.4L5 16z"), el("span", "", t.north_letter)));
  }

  function paperScale(perPixel) {
    const longest = perPixel * BAR_MAX, power = 10 ** Math.floor(Math.log10(longest));
    const length = Math.max(...LONG_STEPS.map((step) => step * power).filter((step) => step <= longest));
    const bar = el("span", "bs-a4-bar");
    bar.style.width = `${length / perPixel}px`;
    const exact = (perPixel * PAPER_DPI) / 0.0254;
    const digits = 10 ** Math.max(0, Math.floor(Math.log10(exact)) - 2);
    return el("div", "bs-a4-scale", el("span", "", metres(scene, length)), bar, el("span", "", `1 : ${scene.number(Math.round(exact / digits) * digits)}`));
  }

  /** The window that shows all of `bounds` in a box; without them the one that shows what the screen shows. */
  function windowOf(box, bounds) {
    const { clientWidth: width, clientHeight: height } = box;
    if (!bounds) {
      const size = map.getSize();
      return { centre: map.getCenter(), zoom: map.getZoom() + Math.log2(Math.min(width / size.x, height / size.y)) };
    }
    const [a, b] = [map.project(bounds.getSouthWest(), 0), map.project(bounds.getNorthEast(), 0)];
    const zoom = Math.log2(Math.min((width - 2 * EDGE) / Math.max(b.x - a.x, 1e-6), (height - 2 * EDGE) / Math.max(a.y - b.y, 1e-6)));
    return { centre: map.unproject(a.add(b).divideBy(2), 0), zoom: Math.min(map.getMaxZoom(), zoom) };
  }

  /** What a view is about where nobody moved the map: the place that is looked at, or everything. */
  function boundsOfView() {
    if (readAddress(scene.state.address()).has("view")) return null;
    return scene.filter.place === null ? L.latLngBounds(start.bounds) : scene.view.boundsOfPlace(scene.filter.place);
  }

  /** One page of what is on the screen now; `bounds` where the paper need not follow the screen. */
  function viewPage(caption = "", bounds = boundsOfView()) {
    const size = map.getSize();
    const sheet = el("section", `bs-a4 ${size.x > size.y * WIDE_FROM ? "bs-a4-wide" : "bs-a4-tall"}`);
    const box = el("div", "bs-a4-map");
    const foot = footer();
    const told = filtersTold();
    sheet.append(heading(caption), told && el("p", "bs-a4-filters", told), el("div", "bs-a4-body", box, legend()), foot);
    paper.append(sheet);
    fit(sheet, box, foot);
    paintInto(box, { ...windowOf(box, bounds), sides: true });
  }

  /** Cut the list of sources where it would take the map's room, and say how many are left out. */
  function fit(sheet, box, foot) {
    const list = foot.querySelector("ul");
    let left = 0;
    const rest = el("li", "");
    while (list.children.length > 2 && (sheet.scrollHeight > sheet.clientHeight + 1 || box.clientHeight < MAP_MIN)) {
      rest.remove();
      list.lastElementChild.remove();
      rest.textContent = fill(t.print_more_sources, { n: scene.number(++left) });
      list.append(rest);
    }
  }

  /** One page of a village: where it lies, what is known, and the form. */
  function villagePage(row) {
    const sheet = el("section", "bs-a4 bs-a4-tall bs-a4-village");
    const box = el("div", "bs-a4-map");
    const card = scene.cardOf(row), facts = el("div", "bs-a4-facts", card, box);
    sheet.append(heading(""), facts);
    if (scene.correctionCode(row)) sheet.append(paperForm(scene, row));
    sheet.append(footer());
    paper.append(sheet);
    fit(sheet, box, sheet.querySelector("footer"));
    const long = () => card.getBoundingClientRect().height > facts.clientHeight;
    for (const size of CARD_SIZES) if (long()) card.style.zoom = size;
    if (long()) facts.after(el("p", "bs-small", t.print_rest));
    if (!scene.villages.label[row]) return;
    const bounds = scene.view.boundsOf(row);
    const zoom = Math.min(13, map.getBoundsZoom(bounds, false) + Math.log2(Math.min(box.clientWidth / map.getSize().x, box.clientHeight / map.getSize().y)) - 0.8);
    const before = scene.selected;
    scene.selected = row;
    paintInto(box, { centre: bounds.getCenter(), zoom });
    scene.selected = before;
  }

  const now = () => put([() => viewPage(), ...(scene.selected >= 0 ? [() => villagePage(scene.selected)] : [])]);
  let given = null; // pages asked for by a button, and not by the browser's own command
  const prepare = () => (given ? undefined : now());
  const clear = () => {
    given = null;
    paper.replaceChildren();
  };
  window.addEventListener("beforeprint", prepare);
  window.addEventListener("afterprint", clear);
  window.matchMedia("print").addEventListener("change", (event) => event.matches && prepare());

  function send(pages) {
    given = pages;
    put(pages);
    window.print();
  }

  scene.menu.add("print", () => t.print_view, () => send([() => viewPage()]));
  return {
    village: (row) => send([() => villagePage(row)]),
    /** Print several views; each entry brings the scene to its view and returns its caption and bounds. */
    views: (entries) => send(entries.map((show) => () => viewPage(...show()))),
    legend, place, clear,
  };
}
