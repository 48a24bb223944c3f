// Places with a symbol each: towers, readings, internet points, public places. Read by whoever paints and by whoever tells.

const UNITS = { download_mbps: "Mbps", upload_mbps: "Mbps" };
const SITE_STATES = ["planned", "inactive"];

/** Return the layers of points in the order they are painted: { id, store, symbolOf, smallBelow, step, thins }. */
function makePoints(header, part) {
  const layers = [];
  const add = (id, store, symbolOf, { quantum = header.quantum, smallBelow = 7, thins = false } = {}) => {
    const points = once(() => decodePoints(part, id, quantum));
    for (const name of ["count", "x", "y"]) later(store, name, () => points()[name]);
    layers.push({ id, store: indexed(store), symbolOf, smallBelow, step: quantum / 360, thins });
  };
  const { measurements: m, facilities: f, internet: p, sites: s } = header;
  if (m) add("measurements", readings(m), (i, { level }) => "reading_" + LEVELS[level[i]], { quantum: 10 ** -m.decimals, smallBelow: 8.5, thins: true });
  if (f) add("facilities", { name: texts(f.facility_name), type: texts(f.facility_type), internet: f.has_internet }, () => "facility");
  if (p) add("internet", { name: texts(p.point_name), type: texts(p.point_type), provider: texts(p.provider), status: texts(p.status), since: p.since }, () => "internet");
  if (s) {
    const columns = towers(s);
    add("sites", columns, (i) => "site_" + columns.kind(i));
  }
  return layers;
}

/** Readings per place, each column decoded when it is first asked for: `first` tells where the networks of a place begin. */
function readings(m) {
  const words = (name) => {
    const column = once(() => texts(m[name]));
    return (row) => column()(row);
  };
  const store = {
    operator: words("operator"), technology: words("technology"), metric: words("metric"),
    unit: (row) => UNITS[store.metric(row)] ?? `dBm ${store.metric(row).replace("_dbm", "").replace("_", "-").toUpperCase()}`,
    total: (place) => store.totals[place],
    sum: () => m.total,
  };
  for (const name of ["n", "value", "day"]) later(store, name, () => m[name]);
  later(store, "level", () => Uint8Array.from(m.level));
  later(store, "first", () => sums(m.groups));
  later(store, "totals", () => {
    const { first, n } = store, totals = new Float64Array(store.count);
    for (let place = 0; place < totals.length; place++) for (let g = first[place]; g < first[place + 1]; g++) totals[place] += n[g];
    return totals;
  });
  return store;
}

/** Return a function that makes its value when it is first called. */
function once(make) {
  let made = null;
  return () => (made ??= make());
}

function towers(s) {
  const status = texts(s.status), quality = texts(s.position_quality);
  return {
    id: texts(s.site_id), name: texts(s.site_name), owner: texts(s.owner), status, quality, height: s.height_m, services: texts(s.services),
    kind: (i) => (quality(i) === "crowdsourced" ? "crowdsourced" : SITE_STATES.includes(status(i)) ? status(i) : "active"),
  };
}
