// Why a village has its class, and how sure that is, as sentences of the language of now.

const SLOT = /\{(\d+)([dn])(\d?)\}/g;

/** Return a reader of the reasons (written by tables.py): row → { text, single }; single is told in one language only. */
function reasonReader(scene, column, part) {
  if (!column) return () => null;
  let figures = null;
  let first = null;
  /** Where the figures of each row begin: as many as its sentence has slots. */
  function open() {
    const slots = column.id.map((sentence, i) => (column.single[i] ? 0 : new Set(sentence.match(SLOT)).size));
    figures = varints(part("villages.reason"));
    first = new Uint32Array(column.at.length + 1);
    column.at.forEach((at, row) => {
      first[row + 1] = first[row] + (at < 0 ? 0 : slots[at]);
    });
  }
  return (row) => {
    const at = column.at[row];
    if (at < 0) return null;
    if (column.single[at]) return { text: column[scene.lang][at], single: true };
    if (!first) open();
    const text = column[scene.lang][at].replace(SLOT, (_, i, kind, decimals) => {
      const figure = figures[first[row] + Number(i)];
      return kind === "d" ? scene.day(figure) : scene.exactly(figure / 10 ** decimals, Number(decimals));
    });
    return { text, single: false };
  };
}

/** One plain sentence on how far a verdict can be relied on, made from its confidence, its readings and its interval. */
function howSure(scene, row) {
  const { t, number, day } = scene;
  const v = scene.villages;
  const name = v.signalClass(row) || "unknown", kind = name === "unknown" ? "unknown" : v.confidence(row);
  const readings = v.readings[row], latest = v.latest[row];
  const parts = [];
  if (readings) {
    parts.push(fill(t.readings, { n: number(readings), cells: number(v.cells[row] ?? 0) }));
    if (latest !== null) parts.push(fill(t.reading_last, { day: day(latest) }));
  } else if (kind !== "measured" && kind !== "fused") {
    parts.push(t.sure_no_readings);
  }
  const told = [[Object.hasOwn(t, "sure_" + kind) ? t["sure_" + kind] : t.sure_unsaid, parts.join(", ")].filter(Boolean).join(": ")];
  const { served, low, high } = Object.fromEntries(["served", "low", "high"].map((one) => [one, v.shares[one][row]]));
  if (served !== null && low !== null && high !== null) {
    const whom = Object.hasOwn(t, "sure_of_" + v.weight(row)) ? t["sure_of_" + v.weight(row)] : t.sure_of_area;
    told.push(fill(t.sure_interval, { whom, share: scene.inPercent(served), low: scene.inPercent(low), high: scene.inPercent(high) }));
  }
  if (kind === "unknown") told.push(t.sure_not_none);
  return told.join("; ") + ".";
}
