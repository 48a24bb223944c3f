// The villages as a table that follows the map: those in sight that match the filters. It is the way to read the map
// without seeing it. Only the rows in sight are elements; a space above and below stands for the others.

const ROW_HEIGHT = { fine: 38, coarse: 48 }; // pixels; one line of text, so that every row is as high
const ROWS_AROUND = 8; // rows kept above and below those in sight
const COLLATED_MAX = 5000; // words that are sorted as a dictionary has them; of more, code by code, which is many times faster
const FORMULA = /^\s*[=+\-@\t\r]/; // what a spreadsheet would run (as out/tables.py has it)
const PLAIN_NUMBER = /^\s*[+-]?[\d.,]+(e[+-]?\d+)?\s*$/i;

/** A text with an apostrophe before anything that a spreadsheet would run. */
const safeText = (text) => (FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text);

/** Rows of cells as CSV: texts quoted, numbers bare. */
const csvOf = (rows) =>
  rows.map((cells) => cells.map((cell) => (cell === null ? "" : typeof cell === "number" ? String(cell) : `"${safeText(cell).replaceAll('"', '""')}"`)).join(",")).join("\n") + "\n";

/** What the table can show: how a cell reads, sorts, and is written to a file. */
function tableColumns(scene) {
  const { t, labels, places, villages: v } = scene;
  const regencies = places.above.filter((place) => place.includes(".")).length > 1;
  const word = (kind, name) => (name ? wordIn(labels[kind], name) : "");
  const regency = (row) => places.name(parentOf(parentOf(v.code(row))));
  const className = (row) => v.signalClass(row) || "unknown";
  const isoDay = (days) => (days === null ? "" : new Date(days * 86400000).toISOString().slice(0, 10));
  const asNumber = (value) => (value === null || value === undefined ? null : value);
  const text = (key, head, read, more = {}) => ({ key, head, read, sort: read, write: read, ...more });
  const amount = (key, head, at, show, more = {}) => ({ key, head, read: (row) => (asNumber(at(row)) === null ? "–" : show(at(row))), sort: (row) => asNumber(at(row)), write: (row) => asNumber(at(row)), number: true, ...more });
  const first = (row) => scene.casesOf(row)[0];
  const age = (row) => (scene.ageBin(row) < 0 ? null : scene.ageOf(first(row)));
  return [
    text("name", t.village, (row) => v.name(row) || v.code(row), { wide: true, fixed: true }),
    text("code", t.code, v.code, { fixed: true }),
    text("district", t.district, v.districtName, { fixed: true }),
    regencies && text("regency", t.regency, regency, { fixed: true }),
    scene.judged && {
      key: "class", head: t.class_head, read: (row) => (v.signalClass(row) ? labels.signal_class[v.signalClass(row)] : t.not_judged),
      sort: (row) => CLASSES.indexOf(className(row)), write: (row) => (v.signalClass(row) ? labels.signal_class[v.signalClass(row)] : t.not_judged),
      symbol: (row) => classSwatch(className(row), v.confidence(row), 20, 14),
    },
    scene.judged && text("confidence", t.confidence_column, (row) => (className(row) === "unknown" ? "" : word("confidence", v.confidence(row)))),
    scene.judged && amount("share", t.share_column, (row) => v.shares.served[row], scene.percent, { inFile: t.share_file, write: (row) => (v.shares.served[row] === null ? null : Math.round(v.shares.served[row] * 1000) / 10) }),
    scene.judged && amount("cells", t.cells_column, (row) => v.cells[row], scene.number),
    scene.judged && amount("readings", t.reading, (row) => v.readings[row], scene.number),
    scene.judged && amount("latest", t.latest, (row) => v.latest[row], scene.day, { write: (row) => isoDay(v.latest[row]) }),
    scene.cases && text("stage", t.handling, (row) => word("stage", scene.stageOf(row)) || t.no_case),
    scene.cases && text("partner", t.partner, (row) => scene.partnerOf(row)),
    scene.cases && scene.asOf !== null && amount("age", t.age_column, age, scene.number),
    amount("population", t.population_head, (row) => v.population[row], scene.number),
  ].filter(Boolean);
}

function makeTable(scene, map, page, find, { panel, view }) {
  const { t, number } = scene;
  const v = scene.villages;
  const host = find("drawer"), opener = find("drawer-open");
  const state = { open: false, sort: "name", down: false, follow: true };
  let columns = [];
  let rows = [];
  let painted = "";
  let sight = "";
  const coarse = window.matchMedia("(pointer: coarse)");
  const height = () => (coarse.matches ? ROW_HEIGHT.coarse : ROW_HEIGHT.fine);

  const title = el("h2", "bs-drawer-title");
  const count = el("p", "bs-drawer-count");
  count.setAttribute("role", "status");
  const follow = el("input", "bs-check");
  follow.type = "checkbox";
  const followText = el("span");
  const button = (className, act) => {
    const made = el("button", className);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };
  const copy = button("bs-tool", copyRows), save = button("bs-tool", saveRows), close = button("bs-drawer-close", () => show(false));
  close.append("×");
  const scroller = el("div", "bs-grid");
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "group");
  const table = el("table"), caption = el("caption", "bs-hidden"), head = el("thead"), body = el("tbody");
  table.append(caption, head, body);
  scroller.append(table);
  const none = el("p", "bs-drawer-none");
  title.id = scene.name + "_drawer_title";
  host.setAttribute("aria-labelledby", title.id);
  scroller.setAttribute("aria-labelledby", title.id);
  const tools = el("div", "bs-drawer-tools", el("label", "bs-follow", follow, followText), copy, save);
  host.replaceChildren(el("header", "bs-drawer-head", title, count, tools, close), scroller, none);

  /** Villages in sight: those whose name lies in the window; without a border a village is always listed. */
  function inSight() {
    if (!state.follow) return () => true;
    const box = map.getBounds();
    const west = worldX(box.getWest()), east = worldX(box.getEast()), north = worldY(box.getNorth()), south = worldY(box.getSouth());
    return (row) => {
      const at = v.label[row];
      return !at || (at[0] >= west && at[0] <= east && at[1] >= north && at[1] <= south);
    };
  }

  function collect() {
    const seen = inSight();
    rows = scene.rows.filter((row) => scene.matches(row) && seen(row));
    const column = columns.find(({ key }) => key === state.sort) ?? columns[0];
    const key = sortKeys(column);
    const turned = Float64Array.from(key, (one) => (one < Infinity && state.down ? -one : one)); // what has none comes last
    rows = [...Uint32Array.from(rows).sort((a, b) => turned[a] - turned[b] || a - b)];
  }

  /** A number per village to sort by: the amount itself, of words their rank; those of places never change. */
  function sortKeys(column) {
    if (column.keys) return column.keys;
    const values = scene.rows.map(column.sort);
    const empty = (one) => one === null || one === "";
    let keys;
    if (values.every((one) => one === null || typeof one === "number")) {
      keys = Float64Array.from(values, (one) => one ?? Infinity);
    } else {
      const distinct = [...new Set(values)].filter((one) => !empty(one));
      const order = new Intl.Collator(scene.locale, { numeric: true });
      distinct.sort(distinct.length > COLLATED_MAX ? undefined : order.compare);
      const rank = new Map(distinct.map((one, at) => [one, at]));
      keys = Float64Array.from(values, (one) => rank.get(one) ?? Infinity);
    }
    if (column.fixed) column.keys = keys;
    return keys;
  }

  function buildHead() {
    head.replaceChildren(
      el("tr", "", ...columns.map((column, at) => {
        const cell = el("th", column.number ? "bs-right" : "");
        cell.scope = "col";
        const now = column.key === state.sort;
        cell.setAttribute("aria-sort", now ? (state.down ? "descending" : "ascending") : "none");
        cell.setAttribute("aria-colindex", String(at + 1));
        const sorter = button("bs-sort", () => {
          state.down = now && !state.down;
          state.sort = column.key;
          refresh();
          head.querySelector(`[data-sort=${column.key}]`).focus();
          scene.state.changed();
        });
        sorter.dataset.sort = column.key;
        sorter.append(el("span", "", column.head), el("span", "bs-arrow", now ? (state.down ? "▼" : "▲") : ""));
        sorter.lastChild.setAttribute("aria-hidden", "true");
        cell.append(sorter);
        return cell;
      })),
    );
    head.firstChild.setAttribute("aria-rowindex", "1");
  }

  function buildRow(at) {
    const row = rows[at];
    const line = el("tr", row === scene.selected ? "bs-chosen" : "");
    line.setAttribute("aria-rowindex", String(at + 2));
    if (row === scene.selected) line.setAttribute("aria-current", "true");
    for (const [i, column] of columns.entries()) {
      const cell = el(i ? "td" : "th", column.number ? "bs-right" : column.wide ? "bs-wide" : "");
      if (!i) cell.scope = "row";
      cell.setAttribute("aria-colindex", String(i + 1));
      if (i) {
        if (column.symbol) cell.append(column.symbol(row));
        cell.append(column.number ? column.read(row) : data(column.read(row)));
      } else {
        const go = button("bs-go", () => goTo(row));
        go.dataset.row = String(row);
        go.append(data(column.read(row)));
        cell.append(go);
      }
      line.append(cell);
    }
    return line;
  }

  const spacer = (pixels) => {
    const line = el("tr", "bs-space");
    const cell = el("td");
    cell.colSpan = columns.length;
    cell.style.height = pixels + "px";
    line.setAttribute("aria-hidden", "true");
    line.append(cell);
    return line;
  };

  /** Make elements of the rows in sight. The focus stays on the row that had it. */
  function paintRows() {
    const each = height();
    const from = Math.max(0, Math.floor(scroller.scrollTop / each) - ROWS_AROUND);
    const to = Math.min(rows.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / each) + ROWS_AROUND);
    const key = [from, to, scene.selected].join(" ");
    if (key === painted) return;
    painted = key;
    const focused = body.contains(document.activeElement) ? document.activeElement.dataset.row : null;
    const parts = Array.from({ length: Math.max(0, to - from) }, (_, i) => buildRow(from + i));
    body.replaceChildren(...(from ? [spacer(from * each)] : []), ...parts, ...(to < rows.length ? [spacer((rows.length - to) * each)] : []));
    if (focused === null) return;
    (body.querySelector(`[data-row="${focused}"]`) ?? scroller).focus({ preventScroll: true });
  }

  function refresh() {
    if (!state.open) return;
    sight = map.getBounds().toBBoxString();
    collect();
    buildHead();
    table.setAttribute("aria-rowcount", String(rows.length + 1));
    table.setAttribute("aria-colcount", String(columns.length));
    const told = fill(state.follow ? t.table_seen : t.table_all, { n: number(rows.length), total: number(v.total) });
    if (count.textContent !== told) count.textContent = told;
    none.hidden = rows.length > 0;
    scroller.hidden = !rows.length;
    copy.disabled = save.disabled = !rows.length;
    painted = "";
    paintRows();
  }

  function goTo(row) {
    if (window.matchMedia(SHEET).matches) show(false);
    view.toVillage(row);
  }

  const contents = () => [columns.map((column) => column.inFile ?? column.head), ...rows.map((row) => columns.map((column) => column.write(row)))];

  async function copyRows() {
    const text = csvOf(contents());
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = el("textarea", "bs-hidden"); // a file from a disk may not reach the clipboard in every browser
      area.value = text;
      host.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      copy.focus();
    }
    count.textContent = fill(t.table_copied, { n: number(rows.length) });
  }

  function saveRows() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", csvOf(contents())], { type: "text/csv;charset=utf-8" }));
    const shown = shownDay(scene);
    const day = shown === null ? "" : "_" + new Date(shown * 86400000).toISOString().slice(0, 10);
    link.download = `desa${day}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    count.textContent = fill(t.table_saved, { n: number(rows.length), name: link.download });
  }

  function show(open) {
    if (open === state.open) return;
    state.open = open;
    host.hidden = !open;
    page.classList.toggle("bs-has-drawer", open);
    opener.setAttribute("aria-expanded", String(open));
    const covers = open && window.matchMedia(SHEET).matches; // the whole screen: nothing behind it takes the focus
    for (const behind of [find("panel"), ...host.parentElement.children]) if (behind !== host) behind.inert = covers;
    map.invalidateSize({ animate: false, pan: false });
    if (open) refresh();
    else opener.focus({ preventScroll: true });
    scene.state.changed();
  }

  let waiting = 0;
  const later = () => {
    waiting ||= setTimeout(() => {
      waiting = 0;
      refresh();
    }, 120);
  };
  scroller.addEventListener("scroll", () => requestAnimationFrame(paintRows));
  new ResizeObserver(() => state.open && paintRows()).observe(scroller);
  follow.addEventListener("change", () => {
    state.follow = follow.checked;
    refresh();
    scene.state.changed();
  });
  opener.addEventListener("click", () => {
    show(!state.open);
    if (state.open) title.focus({ preventScroll: true });
  });
  title.tabIndex = -1;
  host.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
    if (!body.contains(document.activeElement) || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = Math.max(0, Math.min(rows.length - 1, rows.indexOf(Number(document.activeElement.dataset.row)) + step));
    const top = at * height();
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    if (top + height() > scroller.scrollTop + scroller.clientHeight - height()) scroller.scrollTop = top - scroller.clientHeight + 2 * height();
    paintRows();
    body.querySelector(`[data-row="${rows[at]}"]`)?.focus({ preventScroll: true });
  });
  map.on("moveend", () => state.open && state.follow && map.getBounds().toBBoxString() !== sight && later());
  panel.follow(() => state.open && later());
  scene.onLanguage(() => {
    columns = tableColumns(scene);
    title.textContent = caption.textContent = t.table;
    followText.textContent = t.table_follow;
    copy.textContent = t.table_copy;
    save.textContent = t.table_save;
    none.textContent = t.table_none;
    close.setAttribute("aria-label", t.table_close);
    follow.checked = state.follow;
    refresh();
  });
  scene.state.register("table", {
    get: () => (state.open ? [state.sort + (state.down ? "-" : ""), state.follow ? "" : "all"].filter(Boolean).join(",") : ""),
    set(text) {
      const [sort, all] = text.split(",");
      const key = sort.replace(/-$/, "");
      const known = columns.some((column) => column.key === key);
      if (known) Object.assign(state, { sort: key, down: sort.endsWith("-") });
      state.follow = follow.checked = all !== "all";
      show(known);
      refresh();
    },
  });
  return { refresh, show };
}
