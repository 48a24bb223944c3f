// Presentation: the map on the whole screen in large type, stepping through views with keys or by itself. The page knows a
// sequence of its own (the whole area, what remains, where most remains, what changed, what is not known); whoever presents
// may put views of their own in its place, which travel in the link and nowhere else.

const DISTRICTS_MAX = 5; // kecamatan with most gaps that get a view of their own
const SECONDS = [5, 10, 20, 30, 60];
const LINK_MAX = ADDRESS_MAX - 200; // characters that the list of views may take of an address
const CAPTION_MAX = 80;

/** Own views as a text: caption and address of each. Both signs that part them are taken out of captions. */
const writeViews = (views) => views.map(({ caption, address }) => `${caption.replace(/[|~]/g, " ").trim()}~${address}`).join("|");
const readViews = (text) =>
  text.split("|").filter((part) => part.includes("~")).map((part) => {
    const at = part.indexOf("~");
    return { caption: part.slice(0, at).slice(0, CAPTION_MAX), address: part.slice(at + 1) };
  });

function makeStage(scene, map, page, find, start) {
  const { t, number } = scene;
  let own = null; // the presenter's views; null where the page's own are shown
  let staged = false, at = 0, seconds = 10, timer = 0, before = "";
  const box = el("section", "bs-stage");
  box.hidden = true;
  page.append(box);
  const parts = {};

  /** The sequence that the page makes of its data. */
  function defaults() {
    const views = [{ caption: () => t.stage_whole, address: "", count: progressLine }];
    if (scene.judged) {
      views.push({ caption: () => t.stage_gaps, address: "layers=gaps", count: gapLine });
      const gaps = new Map();
      for (const row of scene.rows) if (scene.isGap(row)) gaps.set(scene.villages.districtOf[row], (gaps.get(scene.villages.districtOf[row]) ?? 0) + 1);
      const most = [...gaps].filter(([district]) => district >= 0 && scene.districts.total > 1).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
      for (const [district] of most.slice(0, DISTRICTS_MAX)) {
        views.push({
          caption: () => fill(t.stage_district, { district: scene.districts.name(district) }),
          address: writeAddress([["layers", "gaps"], ["place", scene.districts.code(district)]]), count: gapLine,
        });
      }
    }
    if (scene.changes) {
      views.push({
        caption: () => fill(t.stage_changed, { day: scene.day(scene.changedSince) }), address: "changed=any",
        count: () => [fill(t.stage_count_changed, { n: number(scene.matchCount()) }), ofAll()],
      });
    }
    if (scene.judged) {
      views.push({
        caption: () => t.stage_unknown, address: "classes=unknown",
        count: () => [fill(t.stage_count_unknown, { n: number(scene.matchCount()) }), `${ofAll()}. ${t.unjudged_why}`],
      });
    }
    return views;
  }

  /** The day that is looked at: that of the data, or an earlier one. */
  const asOf = () => {
    const day = Number.isInteger(scene.when) ? scene.stops[scene.when] : scene.asOf;
    return day === null ? "" : fill(t.stage_as_of, { day: scene.day(day) });
  };
  const ofAll = (total = scene.villages.total) => [fill(t.stage_of, { total: number(total) }), asOf()].filter(Boolean).join(" ");
  const progressLine = () => (scene.said("progress_figure") ? [scene.said("progress_figure"), scene.said("progress_rest")] : shownLine());
  const gapLine = () => [fill(t.stage_count_gaps, { n: number(scene.gapCount()) }), ofAll(scene.matchCount())];
  const shownLine = () => [fill(t.stage_count_shown, { n: number(scene.matchCount()) }), ofAll()];
  const ownLine = () => (scene.filtered() ? shownLine() : scene.on.gaps ? gapLine() : progressLine());

  const views = () =>
    own?.length ? own.map((view, i) => ({ ...view, caption: () => view.caption || fill(t.stage_own, { n: number(i + 1) }), count: ownLine })) : defaults();

  /** Bring the map to a view; what the presentation itself keeps in the address stays. */
  function show(view) {
    scene.state.apply(view.address, { leave: ["views", "lang", "theme"] });
    map.invalidateSize({ animate: false, pan: false });
    if (view.address.includes("view=")) return;
    const { place } = scene.filter;
    if (place !== null) scene.view.toPlace(place);
    else fitWhole(map, start.bounds, false);
  }

  function go(to) {
    const list = views();
    at = (to + list.length) % list.length;
    const view = list[at];
    show(view);
    const [figure, rest] = view.count();
    parts.caption.textContent = view.caption();
    parts.figure.replaceChildren(el("strong", "", figure), " ", el("span", "", rest));
    parts.place.textContent = `${number(at + 1)} / ${number(list.length)}`;
    parts.legend.replaceChildren(scene.print.legend());
    again();
  }

  function again() {
    clearTimeout(timer);
    timer = parts.play?.getAttribute("aria-pressed") === "true" ? setTimeout(() => go(at + 1), seconds * 1000) : 0;
  }

  function play(yes) {
    parts.play.setAttribute("aria-pressed", String(yes));
    parts.play.textContent = yes ? "❚❚" : "▶";
    parts.play.title = yes ? t.stage_pause : t.stage_play;
    parts.play.setAttribute("aria-label", parts.play.title);
    again();
  }

  const button = (name, sign, run) => {
    const made = el("button", "bs-stage-button", sign);
    made.type = "button";
    made.dataset.stage = name;
    made.title = t["stage_" + name];
    made.setAttribute("aria-label", made.title);
    made.addEventListener("click", run);
    return made;
  };

  function build() {
    const playing = parts.play?.getAttribute("aria-pressed") === "true";
    box.setAttribute("aria-label", t.stage_region);
    parts.caption = el("h2", "bs-stage-caption");
    parts.figure = el("p", "bs-stage-figure");
    parts.figure.setAttribute("role", "status");
    parts.legend = el("section", "bs-stage-legend");
    parts.legend.tabIndex = 0; // a long legend is scrolled with the keyboard
    parts.legend.setAttribute("aria-label", t.layers);
    parts.place = el("span", "bs-stage-place");
    parts.play = button("play", "▶", () => play(parts.play.getAttribute("aria-pressed") !== "true"));
    const every = el("select", "bs-stage-every", ...SECONDS.map((n) => new Option(fill(t.stage_seconds, { n: number(n) }), String(n))));
    every.value = String(seconds);
    every.setAttribute("aria-label", t.stage_every);
    every.addEventListener("change", () => {
      seconds = Number(every.value);
      again();
    });
    const bar = el("div", "bs-stage-bar",
      button("before", "‹", () => go(at - 1)), parts.place, button("next", "›", () => go(at + 1)), parts.play, every,
      button("list", "☰", () => openList()), button("full", icon(ICONS.home), full), button("end", "×", end));
    box.replaceChildren(el("header", "bs-stage-head", el("p", "bs-stage-title", data(scene.shell.title)), parts.caption, parts.figure), parts.legend, bar);
    play(playing);
    if (staged) go(at);
  }

  function full() {
    const ended = document.fullscreenElement ? document.exitFullscreen?.() : page.requestFullscreen?.();
    ended?.catch?.(() => {}); // refused in a frame: the presentation fills the window all the same
  }

  function begin() {
    before = scene.state.address();
    staged = true;
    box.hidden = false;
    scene.view.close();
    page.classList.remove("bs-open");
    page.classList.add("bs-staged");
    full();
    go(0);
    box.querySelector("[data-stage=next]").focus();
  }

  function end() {
    if (!staged) return;
    staged = false;
    clearTimeout(timer);
    play(false);
    box.hidden = true;
    page.classList.remove("bs-staged");
    if (document.fullscreenElement) document.exitFullscreen?.().catch(() => {});
    map.invalidateSize({ animate: false, pan: false });
    scene.state.apply(before, { leave: ["views", "lang", "theme"] });
  }

  const KEYS = {
    ArrowRight: () => go(at + 1), PageDown: () => go(at + 1), " ": () => go(at + 1), ArrowLeft: () => go(at - 1), PageUp: () => go(at - 1),
    Home: () => go(0), End: () => go(-1), Escape: end, p: () => parts.play.click(), f: full,
  };
  document.addEventListener("keydown", (event) => {
    if (!staged || dialog.open || event.ctrlKey || event.altKey || event.metaKey) return;
    const run = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!run || event.target.matches("input, textarea, select") || (event.key === " " && event.target.matches("button:not([data-stage=next])"))) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  }, true);
  document.addEventListener("fullscreenchange", () => {
    if (staged) setTimeout(() => staged && go(at), 60); // the window has another shape now
  });
  map.on("resize", () => {
    if (staged) clearTimeout(parts.shape), (parts.shape = setTimeout(() => staged && show(views()[at]), 120));
  });

  // The presenter's own views
  const dialog = el("dialog", "bs-dialog bs-stage-list");
  dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());
  dialog.addEventListener("close", () => staged && go(Math.min(at, views().length - 1)));
  page.append(dialog);

  function keep(list) {
    own = list;
    scene.state.changed();
  }

  /** The page's views as a presenter may change them: their captions in words, their addresses as they are. */
  const editable = () => own ?? defaults().map((view) => ({ caption: view.caption(), address: view.address }));

  function add() {
    const list = own ?? [];
    const caption = scene.selected >= 0 ? scene.villages.name(scene.selected) : filterWords() || fill(t.stage_own, { n: number(list.length + 1) });
    keep([...list, { caption, address: addressOfView() }]);
    scene.toast([fill(t.stage_added, { n: number(own.length) }), writeViews(own).length > LINK_MAX ? t.stage_long : ""]);
  }

  const filterWords = () => [...scene.print.place(), ...[...page.querySelectorAll(".bs-filters select")].filter((select) => select.value !== "*").map((select) => select.selectedOptions[0]?.textContent)].join(", ");

  /** Where the map stands, also where it stands as at first: another screen would show another window. */
  function addressOfView() {
    const { lat, lng } = map.getCenter();
    const entries = [...readAddress(scene.state.address())].filter(([key]) => !["views", "lang", "theme", "view"].includes(key));
    return writeAddress([["view", [lat.toFixed(4), lng.toFixed(4), Number(map.getZoom().toFixed(2))].join(",")], ...entries]);
  }

  function openList() {
    const close = el("button", "bs-close", "×");
    close.type = "button";
    close.setAttribute("aria-label", t.close);
    close.addEventListener("click", () => dialog.close());
    const heading = el("h2", "", t.stage_list);
    heading.id = `${scene.name}_views`;
    dialog.setAttribute("aria-labelledby", heading.id);
    const rows = el("ol", "bs-stage-views");
    const fillRows = () => rows.replaceChildren(...editable().map(row));
    const change = (edit) => {
      const list = editable().map((view) => ({ ...view }));
      edit(list);
      keep(list.length ? list : null);
      fillRows();
      tell();
    };
    function row(view, i, list) {
      const name = Object.assign(el("input", "bs-input"), { type: "text", value: view.caption, maxLength: CAPTION_MAX });
      name.setAttribute("aria-label", fill(t.stage_caption, { n: number(i + 1) }));
      name.addEventListener("change", () => change((all) => (all[i].caption = name.value)));
      const act = (key, sign, run, off = false) => {
        const made = button(key, sign, run);
        made.disabled = off;
        made.setAttribute("aria-label", fill(t["stage_" + key], { caption: view.caption }));
        made.title = made.getAttribute("aria-label");
        return made;
      };
      return el("li", "", name, el("span", "bs-stage-acts",
        act("up", "↑", () => change((all) => all.splice(i - 1, 0, all.splice(i, 1)[0])), i === 0),
        act("down", "↓", () => change((all) => all.splice(i + 1, 0, all.splice(i, 1)[0])), i === list.length - 1),
        act("remove", "×", () => change((all) => all.splice(i, 1)), list.length === 1)));
    }
    const copy = el("button", "bs-button bs-button-main", t.stage_copy), reset = el("button", "bs-button", t.stage_reset), print = el("button", "bs-button", t.print_views);
    for (const made of [copy, reset, print]) made.type = "button";
    copy.addEventListener("click", async () => {
      copy.textContent = (await copied(link())) ? t.correct_copied : t.correct_not_copied;
    });
    reset.addEventListener("click", () => {
      keep(null);
      fillRows();
      tell();
    });
    print.addEventListener("click", () => {
      dialog.close();
      printAll();
    });
    const wrong = el("p", "bs-wrong");
    wrong.setAttribute("role", "status");
    const tell = () => {
      copy.textContent = t.stage_copy;
      wrong.textContent = own && writeViews(own).length > LINK_MAX ? t.stage_long : "";
      reset.disabled = !own;
    };
    fillRows();
    tell();
    dialog.replaceChildren(close, heading, rows, wrong, el("div", "bs-ways", copy, print, reset), el("p", "bs-small", t.stage_keys));
    dialog.showModal();
  }

  /** A link that opens with these views in the presentation. */
  function link() {
    const views = writeViews(editable());
    return `${location.href.split("#")[0]}#${writeAddress([["views", views], ...(scene.lang === scene.header.lang ? [] : [["lang", scene.lang]])])}`;
  }

  /** Print every view of the presentation on a page of its own. */
  function printAll() {
    const here = staged ? null : scene.state.address();
    scene.print.views(views().map((view) => () => {
      show(view);
      const [figure, rest] = view.count();
      const { place } = scene.filter;
      const bounds = view.address.includes("view=") ? null : place === null ? L.latLngBounds(start.bounds) : scene.view.boundsOfPlace(place);
      return [`${view.caption()} — ${figure} ${rest}`, bounds];
    }));
    if (here !== null) scene.state.apply(here, { leave: ["views", "lang", "theme"] });
  }

  scene.state.register("views", {
    get: () => (own ? writeViews(own) : ""),
    set: (text) => {
      const list = readViews(text);
      own = list.length ? list : null;
    },
  });
  scene.menu.add("stage", () => t.stage_open, begin);
  scene.menu.add("stage-add", () => t.stage_add, add);
  scene.menu.add("stage-list", () => t.stage_list, openList);
  scene.menu.add("print-views", () => t.print_views, printAll);
  scene.onLanguage(build);
  scene.stage = { begin, end, go, add, views, link, printAll };
}
