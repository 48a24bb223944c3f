// What a click shows. Every text from the data goes in through textContent; nothing here parses markup.

/** Make an element. Children are elements or texts; texts never become markup. */
function el(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** A text from the data, kept apart from the direction of what surrounds it. */
const data = (text) => el("bdi", "bs-data", text);

/** Keep a figure and its percent sign on one line. */
const bound = (text) => text.replace(/(\d) %/g, "$1\u00a0%");

/** Replace {name} in a text of ours. */
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** Terms and values as a list; rows without a value are left out. */
function terms(rows) {
  const list = el("dl", "bs-terms");
  for (const [term, value] of rows) {
    if (value === null || value === undefined || value === "") continue;
    list.append(el("dt", "", term), el("dd", "", value));
  }
  return list.childElementCount ? list : null;
}

/** The reader's word for an identifier; what is no identifier stays what it is. */
const wordIn = (words, name) => (Object.hasOwn(words, name) ? words[name] : name);

function makeDetails(scene) {
  const { t, labels, number, percent, day } = scene;
  const word = (kind, name) => wordIn(labels[kind], name);
  const quarter = (text) => {
    const [, year, part] = /^(\d{4})-Q([1-4])$/.exec(text) ?? [];
    return year ? (scene.locale === "id-ID" ? `TW ${["I", "II", "III", "IV"][part - 1]} ${year}` : `Q${part} ${year}`) : text;
  };
  const isoDay = (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? day(Date.parse(text) / 86400000) : text);
  // How the values of what changed are said.
  const SAID = {
    case_new: (text) => word("stage", text), stage: (text) => word("stage", text), handled_on: isoDay, planned_quarter: quarter,
    intervention_type: (text) => word("intervention_type", text), funding_source: (text) => word("funding_source", text),
  };
  const said = (name) => name && data(wordIn(t, name));

  function village(row) {
    const v = scene.villages;
    const signalClass = v.signalClass(row), confidence = v.confidence(row);
    const kind = word("village_type", v.type(row));
    const place = [kind && kind[0].toUpperCase() + kind.slice(1), v.districtName(row) && `${t.prefix_district} ${v.districtName(row)}`].filter(Boolean);
    const residents = v.population[row] === null ? "" : fill(t.population, { n: number(v.population[row]) });
    const card = el("article", "bs-card");
    card.append(el("h2", "bs-card-title", data(v.name(row) || v.code(row))));
    if (place.length) card.append(el("p", "bs-card-place", data(place.join(", "))));
    card.append(el("p", "bs-card-place", data(v.code(row)), residents && ` · ${residents}`));
    if (scene.judged) {
      const pill = el("p", "bs-verdict");
      if (signalClass) {
        pill.append(classSwatch(signalClass, confidence), el("strong", "", word("signal_class", signalClass)));
        const sure = signalClass === "unknown" ? "" : word("confidence", confidence); // not enough data is no degree of certainty
        const rest = [sure, v.partial[row] && t.partial, v.no4g[row] && t.no_4g].filter(Boolean);
        if (rest.length) pill.append(el("span", "", rest.join(", ")));
      } else {
        pill.append(classSwatch("unknown"), el("strong", "", t.not_judged));
      }
      card.append(pill);
      if (scene.when !== null) {
        card.append(...pastCard(scene, row));
        return card;
      }
      const reason = v.reason(row);
      if (reason) {
        card.append(el("p", "bs-reason", data(bound(reason.text))));
        if (reason.single && scene.lang !== scene.header.lang) card.append(el("p", "bs-small", t.reason_single));
      }
      card.append(el("p", "bs-eyebrow", t.sure_head), el("p", "bs-sure", bound(howSure(scene, row))));
      card.append(...shares(row).filter(Boolean));
      if (!signalClass || signalClass === "unknown") card.append(el("p", "bs-note", t.unknown_note));
    }
    if (scene.when !== null) card.append(...pastCard(scene, row));
    else card.append(...cases(row), ...changes(row));
    const compared = scene.changeLines(row);
    if (compared.length && scene.when === null) card.append(el("h3", "", t.mode_compare), el("ul", "bs-others", ...compared.map((text) => el("li", "", text))));
    return card;
  }

  function shares(row) {
    const v = scene.villages;
    const parts = [["served", v.shares.served[row]], ["weak", v.shares.weak[row]], ["none", v.shares.none[row]]];
    if (parts.some(([, share]) => share === null)) return [];
    const width = 260, height = 14;
    const bar = swatch(width, height, (pen, ratio) => {
      let left = 0;
      for (const [name, share] of parts) {
        pen.beginPath();
        pen.rect(left, 0, share * width, height);
        fillLook(pen, look(name, v.confidence(row)), ratio);
        left += share * width;
      }
    });
    const weight = v.weight(row) ? Object.hasOwn(t, "weight_" + v.weight(row)) ? t["weight_" + v.weight(row)] : v.weight(row) : "";
    const key = el("p", "bs-shares");
    for (const [name, share] of parts) key.append(el("span", "", `${t["share_" + name]} ${percent(share)}`));
    return [el("p", "bs-eyebrow", fill(t.shares, { weight })), bar, key];
  }

  function cases(row) {
    const found = scene.casesOf(row);
    if (!found.length) return scene.cases ? [el("h3", "", t.handling), el("p", "bs-small", t.no_case)] : [];
    const [now, ...others] = found;
    const c = scene.cases;
    const head = el("p", "bs-verdict");
    const outline = OUTLINE_OF[c.stage(now)];
    if (outline) head.append(outlineSwatch(outline));
    head.append(el("strong", "", word("stage", c.stage(now))));
    if (c.since[now] !== null) head.append(el("span", "", fill(t.since, { day: day(c.since[now]) })));
    const age = scene.ageOf(now);
    const list = terms([
      [t.age_head, age === null ? "" : fill(t.age, { n: number(age) })],
      [t.partner, c.partner(now) ? data(c.partner(now)) : t.partner_open],
      [t.intervention, c.intervention(now) && data(word("intervention_type", c.intervention(now)))],
      [t.funding, c.funding(now) && data(word("funding_source", c.funding(now)))],
      [t.planned_quarter, c.planned(now) && data(quarter(c.planned(now)))],
      [t.target, c.target[now] && c.year[now] !== null ? String(c.year[now]) : ""],
      [t.handled_on, c.handledOn[now] === null ? "" : day(c.handledOn[now])],
      [t.evidence, c.evidence(now) && data(c.evidence(now))],
      [t.decided, c.reason(now) && data(c.reason(now))],
    ]);
    const conflict = c.conflict[now] ? el("p", "bs-note", t.conflict_note) : null;
    const parts = [el("h3", "", t.handling), head, list, conflict, afterwards(row, now)];
    if (others.length) {
      const more = el("ul", "bs-others");
      for (const other of others) {
        const when = c.since[other] === null ? "" : fill(t.since, { day: day(c.since[other]) });
        const line = el("li", "", [word("stage", c.stage(other)), when].filter(Boolean).join(", "));
        if (c.partner(other)) line.append(" · ", data(c.partner(other)));
        more.append(line);
      }
      parts.push(el("h4", "", t.handling_earlier), more);
    }
    return parts.filter(Boolean);
  }

  /** What changed since the last report, the latest first. */
  function changes(row) {
    const found = scene.changesOf(row);
    if (!found.length) return [];
    const c = scene.changes;
    const list = el("ul", "bs-others");
    for (const i of found) {
      const what = c.what(i);
      const said = (text) => data(SAID[what]?.(text) ?? text);
      const line = el("li", "", `${t["what_" + what] ?? what}`);
      if (c.before(i) || c.after(i)) line.append(": ");
      if (c.before(i)) line.append(said(c.before(i)));
      if (c.before(i) && c.after(i)) line.append(" → ");
      if (c.after(i)) line.append(said(c.after(i)));
      if (c.on[i] !== null && what !== "handled_on") line.append(` (${day(c.on[i])})`);
      list.append(line);
    }
    return [el("h3", "", fill(t.filter_changed, { day: day(scene.changedSince) })), list];
  }

  /** What a handled village that is not served has to say: whether anyone has measured since. */
  function afterwards(row, now) {
    const signalClass = scene.villages.signalClass(row), latest = scene.villages.latest[row], handled = scene.cases.handledOn[now];
    if (!HANDLED.includes(scene.cases.stage(now)) || !["none", "weak"].includes(signalClass)) return null;
    if (latest === null || handled === null || latest === handled) return null;
    return el("p", "bs-note", latest < handled ? t.measured_before : t.measured_after);
  }

  function point(kind, title, rows) {
    const card = el("article", "bs-card");
    card.append(el("p", "bs-eyebrow", kind));
    if (title) card.append(el("h2", "bs-card-title", data(title)));
    card.append(...[terms(rows)].filter(Boolean));
    return card;
  }

  function site(row) {
    const s = scene.stores.sites;
    const services = s.services(row) ? el("span", "bs-lines") : "";
    if (services) for (const line of s.services(row).split("\n")) services.append(el("span", "", data(line)));
    return point(t.site, s.name(row) || s.id(row), [
      ["ID", s.id(row) && s.name(row) ? data(s.id(row)) : ""],
      [t.owner, s.owner(row) && data(s.owner(row))],
      [t.status, said(s.status(row))],
      [t.height, s.height[row] === null ? "" : number(s.height[row]) + " m"],
      [t.position, said(s.quality(row))],
      [t.services, services],
    ]);
  }

  /** What a mark stands for, level by level. */
  function readingsTogether({ places, total, level, levels }) {
    const rows = [3, 2, 1, 0].filter((each) => levels[each]).map((each) => [t["level_" + LEVELS[each]], number(levels[each])]);
    const card = point(t.reading, t["level_" + LEVELS[level]], rows);
    card.append(el("p", "bs-note", fill(t.mark_card, { n: number(total), places: number(places) })));
    return card;
  }

  function reading(row, many) {
    if (many) return readingsTogether(many);
    const m = scene.stores.measurements;
    const rows = [];
    for (let g = m.first[row]; g < m.first[row + 1]; g++) {
      const head = [m.operator(g), m.technology(g)].filter(Boolean).join(" ") || "–";
      const value = el("span", "bs-lines");
      value.append(el("span", "", data(m.metric(g) === "no_service" ? t.no_service : `${number(m.value[g], 1)} ${m.unit(g)}`)));
      const aside = [fill(t.reading_median, { n: number(m.n[g]) })];
      if (m.day[g] !== null) aside.push(fill(t.reading_last, { day: day(m.day[g]) }));
      value.append(el("span", "bs-small", aside.join(", ")));
      rows.push([data(head), value]);
    }
    const card = point(t.reading, t["level_" + LEVELS[m.level[row]]], rows);
    return card;
  }

  function internet(row) {
    const p = scene.stores.internet;
    const card = point(t.internet_point, p.name(row), [
      [t.kind, said(p.type(row))],
      [t.provider, p.provider(row) && data(p.provider(row))],
      [t.status, said(p.status(row))],
      [t.active_since, p.since[row] === null ? "" : day(p.since[row])],
    ]);
    card.append(el("p", "bs-note", t.internet_note));
    return card;
  }

  function facility(row) {
    const f = scene.stores.facilities;
    return point(t.facility, f.name(row), [
      [t.kind, said(f.type(row))],
      [t.status, f.internet[row] ? t.has_internet : ""],
    ]);
  }

  return { villages: village, sites: site, measurements: reading, internet, facilities: facility };
}
