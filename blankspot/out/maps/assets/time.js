// Before and after: one toolbar at the foot of the map. "Waktu" moves through the quarters, "Bandingkan" says what changed
// between two of them, "Geser" puts two views on either side of a divider (swipe.js). One at a time; closing it goes back to now.

const STEP_MS = 1500; // of playing: time to see what changed
const LISTED_MAX = 200;
const MARKED_MAX = 600;
const ROMAN = ["I", "II", "III", "IV"];

function makeTime(scene, map, page, find, { layer, panel, view }) {
  const { t, labels, number } = scene;
  const last = scene.stops.length - 1;
  const sides = sideChoices(scene);
  if (last < 1 && sides.length < 2) return null;
  const main = page.querySelector(".bs-main");
  const bar = el("section", "bs-time");
  main.append(bar);
  page.classList.add("bs-has-time");
  L.DomEvent.disableClickPropagation(bar);
  L.DomEvent.disableScrollPropagation(bar);
  new ResizeObserver(() => page.style.setProperty("--time", `${bar.offsetHeight + 12}px`)).observe(bar);

  let mode = null; // "time", "compare", "swipe" or null
  let stop = last;
  let pair = [Math.max(0, last - 1), last];
  let playing = 0;
  let marks = null;
  const swipe = makeSwipe(scene, map, main, layer, sides);

  /** Isolate a stop's words: "TW III 2022 (per 30 September 2022)"; the last is the day of the data. */
  function stopText(at) {
    const day = scene.stops[at];
    const date = new Date(day * 86400000);
    const [year, quarter] = [date.getUTCFullYear(), Math.floor(date.getUTCMonth() / 3)];
    return fill(t.stop, { quarter: scene.lang === "id" ? `TW ${ROMAN[quarter]} ${year}` : `Q${quarter + 1} ${year}`, day: scene.day(day) });
  }
  scene.stopText = stopText;

  /** Show the state as it is now chosen, everywhere. */
  function show() {
    scene.when = mode === "time" && stop !== last ? stop : mode === "compare" && pair[1] !== last ? pair[1] : null;
    scene.compared = mode === "compare" ? pair : null;
    scene.only = scene.compared && ((row) => scene.difference(row, pair) !== null);
    page.classList.toggle("bs-past", scene.when !== null || scene.compared !== null);
    scene.refilter();
    view.refresh();
    panel.build();
    tellHead();
    mark();
    if (mode === "swipe") swipe.start();
    else swipe.end();
    layer.repaint();
    scene.state.changed();
  }

  /** The heading, the progress line and the two figures under it, as of the day that is looked at. */
  function tellHead() {
    const put = (name, text) => {
      const place = page.querySelector(`[data-t=${name}]`);
      if (place && text !== undefined) place.textContent = text;
    };
    const line = scene.when === null ? null : scene.at.progress(scene.when);
    const said = scene.shell;
    const days = scene.compared?.map((at) => scene.day(scene.stops[at]));
    const seen = days ? fill(t.compared_as_of, { a: days[0], b: days[1] }) : scene.when === null ? said.as_of_day : fill(t.past_as_of, { day: scene.day(scene.stops[scene.when]) });
    put("as_of_day", seen);
    const [figure, rest = ""] = line ? line.text[scene.lang].split(/ (?=\()/) : [];
    put("progress_head", line ? fill(t.progress, { year: line.year }) : said.progress_head);
    put("progress_figure", line ? (line.of ? figure : fill(t.no_list, { year: line.year })) : said.progress_figure);
    put("progress_rest", line ? (line.of ? rest : "") : said.progress_rest);
    put("progress_definition", line ? "" : said.progress_definition); // it speaks of the latest day
    const done = page.querySelector(".bs-bar-done");
    if (done) {
      done.dataset.now ??= done.getAttribute("width");
      done.setAttribute("width", line ? String(line.of ? Math.min(100, (100 * line.done) / line.of) : 0) : done.dataset.now);
    }
    if (scene.when === null) {
      put("gap_count", said.gap_count);
      put("unjudged_count", said.unjudged_count);
    } else {
      const judged = scene.at.judged(scene.when);
      const unjudged = scene.rows.filter((row) => ["", "unknown"].includes(scene.villages.signalClass(row))).length;
      put("gap_count", judged ? number(scene.rows.filter(scene.isGap).length) : "–");
      put("unjudged_count", number(unjudged));
    }
  }

  const stageText = (stage) => labels.stage[stage] ?? t.no_case;
  const signalText = (name) => labels.signal_class[name] ?? t.not_judged;

  /** What changed about a village, one line each. */
  function changeLines({ stage, signal }) {
    const lines = [];
    if (stage) lines.push(`${t.handling}: ${stageText(stage[0])} → ${stageText(stage[1])}`);
    if (signal) lines.push(`${t.class_head}: ${signalText(signal[0])} → ${signalText(signal[1])}`);
    return lines;
  }
  scene.changeLines = (row) => {
    const found = scene.compared && scene.difference(row, scene.compared);
    return found ? changeLines(found) : [];
  };

  const changedRows = () => scene.rows.filter(scene.matches);

  /** A sign on each village that changed: forward, back, or otherwise. */
  function mark() {
    marks?.remove();
    marks = null;
    if (mode !== "compare") return;
    const pane = map.getPane("bs-marks") ?? map.createPane("bs-marks");
    pane.style.zIndex = 350;
    pane.style.pointerEvents = "none";
    marks = L.layerGroup().addTo(map);
    for (const row of changedRows().slice(0, MARKED_MAX)) {
      const label = scene.villages.label[row];
      if (!label) continue;
      const way = scene.direction(scene.difference(row, pair));
      const icon = L.divIcon({ className: `bs-mark bs-mark-${["back", "other", "forward"][way + 1]}`, iconSize: [18, 18], html: el("span", "", ["▼", "●", "▲"][way + 1]) });
      const scale = TILE * 2 ** map.getZoom();
      marks.addLayer(L.marker(map.unproject([label[0] * scale, label[1] * scale], map.getZoom()), { icon, pane: "bs-marks", interactive: false, keyboard: false }));
    }
  }

  /** "12 desa berubah: 7 Tertangani, 3 Pembangunan; sinyal 4 membaik, 2 memburuk". */
  function summary(rows) {
    const stages = new Map();
    const signal = { better: 0, worse: 0, known: 0, lost: 0 };
    for (const row of rows) {
      const found = scene.difference(row, pair);
      if (found.stage) stages.set(found.stage[1], (stages.get(found.stage[1]) ?? 0) + 1);
      if (found.signal) {
        const [before, after] = found.signal;
        signal[before === "unknown" ? "known" : after === "unknown" ? "lost" : RANK[after] > RANK[before] ? "better" : "worse"]++;
      }
    }
    const order = ["", ...Object.keys(labels.stage)];
    const handled = [...stages].sort((a, b) => order.indexOf(b[0]) - order.indexOf(a[0])).map(([stage, n]) => `${number(n)} ${stageText(stage).toLocaleLowerCase()}`);
    const heard = Object.entries(signal).filter(([, n]) => n).map(([kind, n]) => `${number(n)} ${t["signal_" + kind]}`);
    const parts = [handled.length && `${t.handling}: ${handled.join(", ")}.`, heard.length && `${t.class_head}: ${heard.join(", ")}.`].filter(Boolean);
    return [el("p", "bs-compare-count", el("strong", "", fill(t.changed_count_of, { n: number(rows.length) }))), ...parts.map((text) => el("p", "bs-small", text))];
  }

  function changeList(rows) {
    const list = el("ul", "bs-changes");
    for (const row of rows.slice(0, LISTED_MAX)) {
      const found = scene.difference(row, pair);
      const button = el("button", "", el("strong", "", data(scene.villages.name(row) || scene.villages.code(row))), " ", el("span", "bs-small", data(scene.villages.districtName(row))));
      button.type = "button";
      button.append(...changeLines(found).map((line) => el("span", "bs-change-line", line)));
      button.addEventListener("click", () => view.toVillage(row));
      list.append(el("li", "", button));
    }
    if (rows.length > LISTED_MAX) list.append(el("li", "bs-small", fill(t.search_more, { n: number(rows.length - LISTED_MAX) })));
    return list;
  }

  function halt() {
    clearInterval(playing);
    playing = 0;
  }

  function goTo(at) {
    stop = Math.min(last, Math.max(0, at));
    show();
    const slider = bar.querySelector(".bs-time-range");
    if (!slider) return;
    slider.value = String(stop);
    tellStop();
  }

  function tellStop() {
    const slider = bar.querySelector(".bs-time-range");
    slider.setAttribute("aria-valuetext", stop === last ? `${stopText(stop)}, ${t.today}` : stopText(stop));
    bar.querySelector(".bs-time-label").textContent = stopText(stop);
    const note = bar.querySelector(".bs-time-note");
    note.textContent = stop === last ? t.time_now : scene.at.judged(stop) ? t.time_past : t.time_past_unjudged;
    note.classList.toggle("bs-time-warn", stop !== last);
    bar.querySelector("[data-time=now]").disabled = stop === last;
    const play = bar.querySelector("[data-time=play]");
    play.textContent = playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", playing ? t.pause : t.play);
    play.title = playing ? t.pause : t.play;
  }

  const button = (name, text, act) => {
    const made = el("button", "bs-time-button", text);
    made.type = "button";
    made.dataset.time = name;
    made.addEventListener("click", act);
    return made;
  };

  function timeRow() {
    const slider = el("input", "bs-time-range");
    Object.assign(slider, { type: "range", min: "0", max: String(last), step: "1", value: String(stop) });
    slider.setAttribute("aria-label", t.time_slider);
    slider.addEventListener("input", () => {
      halt();
      goTo(Number(slider.value));
    });
    const play = button("play", "▶", () => {
      if (playing) halt();
      else {
        if (stop === last) goTo(0);
        playing = setInterval(() => {
          if (stop + 1 >= last) halt();
          goTo(stop + 1);
        }, STEP_MS);
      }
      tellStop();
    });
    const note = el("p", "bs-small bs-time-note");
    const label = el("output", "bs-time-label");
    note.setAttribute("role", "status");
    const back = button("now", t.back_to_today, () => {
      halt();
      goTo(last);
    });
    return [el("div", "bs-time-row", play, slider), el("div", "bs-time-row", label, back), note];
  }

  function choose(name, caption, options, value, act) {
    const select = el("select", "bs-select");
    select.id = `${scene.name}_${name}`;
    select.dataset.time = name;
    select.append(...options.map(([key, text]) => new Option(text, key)));
    select.value = value;
    select.addEventListener("change", () => act(select.value));
    const label = el("label", "", caption);
    label.htmlFor = select.id;
    return el("div", "bs-time-field", label, select);
  }

  function compareRows() {
    const options = scene.stops.map((_, at) => [String(at), stopText(at) + (at === last ? `, ${t.today}` : "")]).reverse();
    const set = (place) => (value) => {
      pair[place] = Number(value);
      if (pair[0] > pair[1]) pair.reverse();
      show();
      build(`[data-time=${place ? "to" : "from"}]`);
    };
    const rows = changedRows();
    const result = el("div", "bs-compare");
    result.setAttribute("role", "status");
    result.append(...summary(rows));
    if (!scene.at.judged(pair[0]) || !scene.at.judged(pair[1])) result.append(el("p", "bs-small bs-time-warn", t.compare_unjudged));
    const parts = [
      el("div", "bs-time-row", choose("from", t.compare_from, options, String(pair[0]), set(0)), choose("to", t.compare_to, options, String(pair[1]), set(1))),
      result,
    ];
    if (!rows.length) return parts;
    const key = el("p", "bs-small bs-mark-key");
    for (const [name, sign] of [["forward", "▲"], ["back", "▼"], ["other", "●"]]) key.append(el("span", "", el("span", `bs-mark bs-mark-${name}`, el("span", "", sign)), t["mark_" + name]));
    const more = el("details", "bs-compare-list", el("summary", "", t.compare_list), changeList(rows));
    return [...parts, key, more];
  }

  function swipeRows() {
    const options = sides.map((side) => [side.key, sideText(scene, side)]);
    const set = (place) => (value) => {
      swipe.set(place, value);
      show();
      build(`[data-time=${place ? "right" : "left"}]`);
    };
    const [left, right] = swipe.keys();
    const legends = sides.filter((side) => side.raster?.legend && !side.raster.base && [left, right].includes(side.key)).map(({ raster }) =>
      el("details", "bs-compare-list", el("summary", "", fill(t.swipe_legend, { layer: scene.overlays.told(raster.title) })), el("div", "bs-swipe-legend", ...scene.overlays.legendOf(raster))));
    return [
      el("div", "bs-time-row", choose("left", t.swipe_left, options, left, set(0)), choose("right", t.swipe_right, options, right, set(1))),
      el("p", "bs-small", t.swipe_how),
      ...legends,
    ];
  }

  function turn(to) {
    halt();
    mode = mode === to ? null : to;
    if (mode === "time") stop = last;
    show();
    build(`[data-mode=${to}]`);
  }

  /** Build the bar anew; `focus` names what had the focus. */
  function build(focus = "") {
    bar.setAttribute("aria-label", t.time_bar);
    const tabs = el("div", "bs-time-tabs");
    const offered = [last >= 1 && "time", last >= 1 && "compare", sides.length > 1 && "swipe"].filter(Boolean);
    for (const name of offered) {
      const tab = el("button", "bs-time-tab", t["mode_" + name]);
      tab.type = "button";
      tab.dataset.mode = name;
      tab.title = t["mode_" + name + "_why"];
      tab.setAttribute("aria-pressed", String(mode === name));
      tab.addEventListener("click", () => turn(name));
      tabs.append(tab);
    }
    bar.replaceChildren(tabs);
    bar.classList.toggle("bs-time-open", mode !== null);
    if (mode) {
      const body = el("div", "bs-time-body");
      body.append(...{ time: timeRow, compare: compareRows, swipe: swipeRows }[mode]());
      bar.prepend(body);
    }
    if (mode === "time") tellStop();
    if (focus) bar.querySelector(focus)?.focus({ preventScroll: true });
  }

  const iso = (at) => new Date(scene.stops[at] * 86400000).toISOString().slice(0, 10);
  const stopOf = (text) => scene.stops.findIndex((_, at) => iso(at) === text);
  const keep = (key, get, set) =>
    scene.state.register(key, {
      get,
      set(text) {
        set(text);
        show();
        build();
      },
    });
  const leave = (name) => {
    if (mode === name) mode = null;
  };
  keep("time", () => (mode === "time" && stop !== last ? iso(stop) : ""), (text) => {
    const found = stopOf(text);
    if (found < 0) return leave("time");
    [mode, stop] = ["time", found];
  });
  keep("compare", () => (mode === "compare" ? pair.map(iso).join(",") : ""), (text) => {
    const found = text.split(",").map(stopOf);
    if (found.length !== 2 || found.some((at) => at < 0)) return leave("compare");
    [mode, pair] = ["compare", found.sort((a, b) => a - b)];
  });
  keep("swipe", () => (mode === "swipe" ? swipe.address(iso) : ""), (text) => {
    if (swipe.read(text, stopOf)) mode = "swipe";
    else leave("swipe");
  });
  find("filters").addEventListener("change", () => {
    if (mode !== "compare") return;
    mark();
    build();
  });
  scene.onLanguage(() => {
    build();
    if (mode) tellHead();
    swipe.tell();
  });
  return { turn, goTo, mode: () => mode, swipe };
}

/** What is known of a village as of a past day, for its card. */
function pastCard(scene, row) {
  const { t, labels } = scene;
  const parts = [el("p", "bs-note", fill(t.past_card, { day: scene.day(scene.stops[scene.when ?? scene.stops.length - 1]) }))];
  const stage = scene.stageOf(row), outline = scene.outlineOf(row);
  parts.push(el("h3", "", t.handling));
  const line = el("p", "bs-verdict", outline ? outlineSwatch(outline) : "", el("strong", "", labels.stage[stage] ?? t.no_case));
  const since = stage ? scene.at.since(row, scene.when ?? scene.stops.length - 1) : null;
  if (since !== null) line.append(el("span", "", fill(t.since, { day: scene.day(since) })));
  parts.push(line);
  if (scene.partnerOf(row)) parts.push(terms([[t.partner, data(scene.partnerOf(row))]]));
  const changed = scene.changeLines(row);
  if (changed.length) parts.push(el("h3", "", t.mode_compare), el("ul", "bs-others", ...changed.map((text) => el("li", "", text))));
  return parts;
}
