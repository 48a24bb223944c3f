// Places with a symbol each: towers, readings, internet points, public places. Read by whoever paints and by whoever tells.

const UNITS = { download_mbps: "Mbps", upload_mbps: "Mbps" };
const SITE_STATES = ["planned", "inactive"];

/** Return the layers of points in the order they are painted: { id, store, symbolOf, smallBelow }. */
function makePoints(header, part) {
  const layers = [];
  const add = (id, columns, symbolOf, { step = header.quantum, smallBelow = 7 } = {}) => {
    const store = { ...decodePoints(part, id, step), ...columns };
    layers.push({ id, store, symbolOf, smallBelow });
  };
  const { measurements: m, facilities: f, internet: p, sites: s } = header;
  if (m) add("measurements", readings(m), (i) => "reading_" + LEVELS[m.level[i]], { step: 10 ** -m.decimals, smallBelow: 8.5 }); // many: small until there is room
  if (f) add("facilities", { name: texts(f.facility_name), type: texts(f.facility_type), internet: f.has_internet }, () => "facility");
  if (p) add("internet", { name: texts(p.point_name), type: texts(p.point_type), provider: texts(p.provider), status: texts(p.status), since: p.since }, () => "internet");
  if (s) {
    const columns = towers(s);
    add("sites", columns, (i) => "site_" + columns.kind(i));
  }
  return layers;
}

/** Readings per place: `first` tells where the networks of a place begin. */
function readings(m) {
  const first = [0];
  for (const size of m.groups) first.push(first[first.length - 1] + size);
  const metric = texts(m.metric);
  return {
    first, level: m.level, operator: texts(m.operator), technology: texts(m.technology), metric, n: m.n, value: m.value, day: m.day,
    unit: (row) => UNITS[metric(row)] ?? `dBm ${metric(row).replace("_dbm", "").replace("_", "-").toUpperCase()}`,
    total(place) {
      let sum = 0;
      for (let g = first[place]; g < first[place + 1]; g++) sum += m.n[g];
      return sum;
    },
  };
}

function towers(s) {
  const status = texts(s.status), quality = texts(s.position_quality);
  return {
    id: texts(s.site_id), name: texts(s.site_name), owner: texts(s.owner), status, quality, height: s.height_m, services: texts(s.services),
    kind: (i) => (quality(i) === "crowdsourced" ? "crowdsourced" : SITE_STATES.includes(status(i)) ? status(i) : "active"),
  };
}
