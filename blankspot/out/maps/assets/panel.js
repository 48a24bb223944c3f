// The panel: layers with their legends (so that a legend is there exactly when its layer is), and the filters.

const LAYERS = ["verdicts", "handling", "gaps", "districts", "labels", "sites", "internet", "facilities", "measurements"];
const CHANGES = ["case_new", "stage", "handled_on", "partner", "intervention_type", "funding_source", "planned_quarter", "target_added", "target_removed", "conflict"];
const SITE_KINDS = ["active", "planned", "inactive", "crowdsourced"];

/** Build places, layers, legend and filters, and keep them true; `changed` repaints, `goTo` moves the map to a place. */
function makePanel(scene, find, { changed, goTo, openVillage }) {
  const { t, labels, number } = scene;
  const legends = new Map();
  const followers = [];
  let gapFigure = null;

  function layerRow(id) {
    const row = el("div", "bs-layer");
    const input = el("input", "bs-switch");
    input.type = "checkbox";
    input.checked = scene.on[id];
    input.dataset.layer = id;
    input.setAttribute("role", "switch");
    input.addEventListener("change", () => {
      scene.on[id] = input.checked;
      update();
      changed();
    });
    const total = id === "gaps" ? 0 : scene.layerTotal(id);
    const figure = total === null ? "" : el("span", "bs-number", number(total));
    if (id === "gaps") gapFigure = figure;
    row.append(el("label", "bs-layer-head", el("span", "bs-layer-name", t["layer_" + id]), figure, input));
    const legend = el("div", "bs-legend");
    legends.set(id, legend);
    row.append(legend);
    return row;
  }

  const legendRow = (symbol, name, count = null) =>
    el("div", "bs-legend-row", symbol, el("span", "", name), count === null ? "" : el("span", "bs-number", number(count)));

  /** A row of the legend that shows and hides what it names. */
  function toggle(kind, name, chosen, symbol, text, count) {
    const pressed = chosen.has(name);
    const button = el("button", "bs-class", symbol, el("span", "", text), el("span", "bs-number", number(count)));
    button.type = "button";
    button.title = t.class_filter;
    button.dataset[kind] = name;
    button.setAttribute("aria-pressed", String(pressed));
    button.addEventListener("click", () => {
      if (pressed) chosen.delete(name);
      else chosen.add(name);
      refresh();
      legends.get("verdicts").querySelector(`[data-${kind}=${name}]`).focus();
    });
    return button;
  }

  /** What the classes rest on, each with its mark; shown where there is more than one to tell apart. */
  function confidenceRows() {
    const kinds = scene.confidencesUsed;
    if (!kinds.some((kind) => kind !== "measured")) return [];
    const counts = scene.confidenceCounts();
    const rows = kinds.map((kind) => toggle("confidence", kind, scene.filter.confidences, markSwatch(kind), t["confidence_" + kind], counts[kind]));
    return [el("p", "bs-legend-head", t.confidence_head), ...rows];
  }

  /** One button per class: its swatch, its count under the other filters, and the confidences it is made of. */
  function classRows() {
    const rows = [];
    const counts = scene.classCounts();
    for (const name of CLASSES) {
      const button = toggle("class", name, scene.filter.classes, classSwatch(name, "measured"), labels.signal_class[name], counts[name].total);
      rows.push(button);
      const kinds = scene.confidencesUsed.filter((kind) => counts[name].by[kind] && name !== "unknown");
      if (kinds.length > 1 || (kinds.length === 1 && kinds[0] !== "measured")) {
        const line = el("div", "bs-confidences");
        for (const kind of kinds) {
          line.append(el("span", "", classSwatch(name, kind, 18, 16), `${labels.confidence[kind]} ${number(counts[name].by[kind])}`));
        }
        rows.push(line);
      }
    }
    return rows;
  }

  function legendOf(id) {
    if (id === "verdicts") return [...classRows(), ...confidenceRows()];
    if (id === "handling") {
      const counts = scene.outlineCounts();
      return OUTLINES.filter((name) => counts[name]).map((name) => legendRow(outlineSwatch(name), t["outline_" + name], counts[name]));
    }
    if (id === "gaps") return [legendRow(symbolSwatch("gap"), t.gap)];
    if (id === "sites") {
      return SITE_KINDS.filter((kind) => scene.siteCounts[kind]).map((kind) => legendRow(symbolSwatch("site_" + kind), t[kind], scene.siteCounts[kind]));
    }
    if (id === "measurements") {
      const told = el("p", "bs-small");
      told.dataset.bs = "marks";
      return [3, 2, 1, 0].filter((level) => scene.levelCounts[level])
        .map((level) => legendRow(symbolSwatch("reading_" + LEVELS[level]), t["level_" + LEVELS[level]], scene.levelCounts[level])).concat(told);
    }
    if (id === "districts") return [legendRow(lineSwatch(), t.district, scene.districts.total)];
    if (id === "internet") return [legendRow(symbolSwatch("internet"), t.internet_point), el("p", "bs-small", t.internet_note)];
    if (id === "facilities") return [legendRow(symbolSwatch("facility"), t.facility)];
    return [];
  }

  function choice(name, title, options) {
    const select = el("select", "bs-select");
    select.id = `${scene.name}_${name}`;
    select.dataset.filter = name;
    select.append(new Option(t.all, "*"), ...options.map(([value, text]) => new Option(text, value)));
    select.value = scene.filter[name] ?? "*";
    select.addEventListener("change", () => {
      scene.filter[name] = select.value === "*" ? null : select.value;
      refresh();
    });
    const caption = el("label", "", title);
    caption.htmlFor = select.id;
    return el("div", "bs-field", caption, select);
  }

  const ageText = (bin) => {
    const { ageEdges: edges } = scene;
    const low = number(bin ? edges[bin - 1] + (bin < edges.length ? 1 : 0) : 0);
    return bin < edges.length ? fill(t.age_between, { low, high: number(edges[bin]) }) : fill(t.age_over, { low });
  };
  const byName = (a, b) => a[1].localeCompare(b[1], scene.locale);
  const reset = el("button", "bs-reset");

  function filterFields() {
    const filters = [];
    const flags = FLAGS.filter((name) => scene.rows.some((row) => (name === "partial" ? scene.villages.partial : scene.villages.no4g)[row]));
    if (flags.length) filters.push(choice("flag", t.filter_flag, flags.map((name) => [name, t["flag_" + name]])));
    if (scene.cases) {
      const stages = Object.keys(labels.stage).filter((stage) => scene.stagesUsed.has(stage)).map((stage) => ["=" + stage, labels.stage[stage]]);
      filters.push(choice("stage", t.filter_stage, [...stages, ["", t.no_case]]));
      const partners = [...scene.partnersUsed].filter(Boolean).map((partner) => ["=" + partner, partner]).sort(byName);
      if (partners.length) filters.push(choice("partner", t.filter_partner, [...partners, ["", t.no_partner]]));
    }
    if (scene.cases && scene.asOf !== null) {
      const bins = [...new Set(scene.rows.map(scene.ageBin))].filter((bin) => bin >= 0).sort((a, b) => a - b);
      if (bins.length) filters.push(choice("age", t.filter_age, bins.map((bin) => [String(bin), ageText(bin)])));
    }
    if (scene.changes) {
      const kinds = CHANGES.filter((what) => scene.changesUsed.has(what)).map((what) => ["=" + what, t["what_" + what]]);
      const title = fill(t.filter_changed, { day: scene.day(scene.changedSince) });
      filters.push(choice("changed", title, [["any", t.changed_any], ...kinds, ["none", t.changed_nothing]]));
    }
    return filters;
  }

  reset.type = "button";
  reset.addEventListener("click", () => {
    scene.clearFilter();
    for (const select of find("filters").querySelectorAll("select")) select.value = "*";
    refresh();
  });

  function update() {
    for (const [id, legend] of legends) {
      legend.replaceChildren(...(scene.on[id] ? legendOf(id) : []));
      legend.hidden = !legend.childElementCount;
    }
    const shown = scene.matchCount();
    find("count").textContent = fill(t.shown, { n: number(shown), total: number(scene.villages.total) });
    reset.disabled = shown === scene.villages.total && !scene.filtered();
    const counts = scene.judged ? scene.classCounts() : {};
    const strip = Object.keys(counts).map((name) => el("span", "", classSwatch(name, "measured", 18, 14), el("span", "", labels.signal_class[name]), el("strong", "", number(counts[name].total))));
    if (scene.judged) {
      const gaps = scene.gapCount();
      gapFigure.textContent = gaps === null ? "–" : number(gaps);
      strip.push(el("span", "bs-strip-gaps", symbolSwatch("gap"), el("strong", "", gapFigure.textContent), el("span", "", t.open_gaps)));
    }
    find("strip").replaceChildren(...(scene.on.verdicts ? strip : []));
    places.update();
    for (const also of followers) also();
    scene.state.changed();
  }

  /** After the filter has changed: ask every village anew, write the panel anew, paint anew. */
  function refresh() {
    scene.refilter();
    update();
    changed();
  }

  /** Narrow map, legend and table to a place and go there; the topmost is everything. */
  function toPlace(place) {
    scene.filter.place = place === scene.places.top || !scene.places.has(place) ? null : place;
    refresh();
    goTo(scene.filter.place);
  }
  const places = makePlaces(scene, find("places"), { goTo: toPlace, openVillage });

  function build() {
    reset.textContent = t.reset;
    find("filters").replaceChildren(...filterFields(), reset);
    find("layers").replaceChildren(...LAYERS.filter((id) => scene.has[id]).map(layerRow));
    update();
  }

  keepPanel(scene, () => {
    scene.refilter();
    build();
    changed();
  });
  scene.onLanguage(build);
  return { update, build, refresh, toPlace, follow: (also) => followers.push(also) };
}

/** Keep layers and filters in the address; `rebuilt` shows what an address has set. */
function keepPanel(scene, rebuilt) {
  const first = { ...scene.on };
  const keep = (key, get, set) =>
    scene.state.register(key, {
      get,
      set(text) {
        set(text);
        rebuilt();
      },
    });
  const listed = (text) => text.split(",").filter(Boolean);
  keep(
    "layers", // those switched on, and with a minus those switched off
    () => Object.keys(first).filter((id) => scene.on[id] !== first[id]).map((id) => (scene.on[id] ? id : "-" + id)).join(","),
    (text) => {
      Object.assign(scene.on, first);
      for (const id of listed(text)) {
        const bare = id.replace(/^-/, "");
        if (Object.hasOwn(first, bare) && scene.has[bare]) scene.on[bare] = bare === id;
      }
    },
  );
  keep(
    "classes",
    () => (scene.filter.classes.size === CLASSES.length ? "" : CLASSES.filter((name) => scene.filter.classes.has(name)).join(",") || "-"),
    (text) => {
      const wanted = CLASSES.filter((name) => listed(text).includes(name));
      scene.filter.classes = new Set(wanted.length || text === "-" ? wanted : CLASSES);
    },
  );
  keep(
    "confidence",
    () => (scene.filter.confidences.size === scene.confidencesUsed.length ? "" : [...scene.filter.confidences].join(",") || "-"),
    (text) => {
      const wanted = scene.confidencesUsed.filter((kind) => listed(text).includes(kind));
      scene.filter.confidences = new Set(wanted.length || text === "-" ? wanted : scene.confidencesUsed);
    },
  );
  keep("place", () => scene.filter.place ?? "", (text) => {
    scene.filter.place = text && text !== scene.places.top && scene.places.has(text) ? text : null;
  });
  keep("flag", () => scene.filter.flag ?? "", (text) => {
    scene.filter.flag = FLAGS.includes(text) ? text : null;
  });
  // A choice of a word is kept as the word, that of having none as "-".
  for (const [name, used] of [["stage", scene.stagesUsed], ["partner", scene.partnersUsed], ["changed", scene.changesUsed ?? new Set()]]) {
    keep(
      name,
      () => (scene.filter[name] === null ? "" : scene.filter[name].replace(/^=/, "") || "-"),
      (text) => {
        const plain = name === "changed" && ["any", "none"].includes(text);
        scene.filter[name] = plain ? text : text === "-" && used.has("") ? "" : text && used.has(text) ? "=" + text : null;
      },
    );
  }
  keep(
    "age",
    () => scene.filter.age ?? "",
    (text) => {
      scene.filter.age = /^\d$/.test(text) && scene.asOf !== null && Number(text) <= scene.ageEdges.length ? text : null;
    },
  );
}
