// Colours, patterns and symbols: one place for the map, the legend and the print.

const INK = "#1b2733";
const CLASSES = ["none", "weak", "served", "unknown"];
const FILL = { none: "#b3261e", weak: "#f2b134", served: "#2a8f85", unknown: "#bdbdbd" };
const PATTERN_INK = { none: "#ffffff", weak: "#6b4500", served: null, unknown: "#6d6d6d" };
// How far a fill is mixed with white: what is measured is strongest.
const TINT = { measured: 0, fused: 0.22, modelled: 0.42, reported: 0.56, indicative: 0.68 };
const CONFIDENCES = ["measured", "fused", "modelled", "reported", "indicative"];
// A second mark in the fill says what a class rests on, so that a grey print keeps measured and predicted apart.
const MARKED = ["fused", "modelled", "reported", "indicative"];
const MARK_STEP = 32; // pixels between marks; divides 256, as the patterns do
// The paper around the classes, in light and in dark: what is no class, lines, names, the veil over what is no gap.
const PAPER = {
  light: {
    neutral: "#c9d8e0", faded: "#f4f6f7", casing: "rgba(255, 255, 255, 0.9)", border: "rgba(27, 39, 51, 0.5)",
    districtCasing: "rgba(255, 255, 255, 0.5)", district: "#33404d", halo: "rgba(255, 255, 255, 0.92)", name: "#22303c",
    veil: "rgba(255, 255, 255, 0.72)", gap: "#6b0f0a",
  },
  dark: {
    neutral: "#3d4f5b", faded: "#222c35", casing: "rgba(15, 22, 29, 0.9)", border: "rgba(222, 230, 236, 0.4)",
    districtCasing: "rgba(15, 22, 29, 0.6)", district: "#eef3f6", halo: "rgba(13, 19, 25, 0.9)", name: "#f4f7f9",
    veil: "rgba(15, 22, 29, 0.7)", gap: "#ffb4ab",
  },
};
const paperOf = ({ dark }) => (dark ? PAPER.dark : PAPER.light);

// Stages of handling in four outlines, told apart by dash and width so that they survive a grey print.
const OUTLINES = ["queued", "underway", "done", "stopped"];
const OUTLINE_OF = {
  identified: "queued", proposed: "queued", verified: "queued", approved: "queued", reopened: "queued",
  assigned: "underway", construction: "underway", on_air: "underway",
  handled: "done", verified_after: "done",
  rejected: "stopped", deferred: "stopped",
};
const OUTLINE = {
  queued: { width: 1.8, dash: [1.8, 3] },
  underway: { width: 2.3, dash: [7, 3.5] },
  done: { width: 2.6, dash: [] },
  stopped: { width: 2, dash: [8, 2.5, 1.8, 2.5] },
};

function mix(colour, share) {
  const part = (at) => {
    const value = parseInt(colour.slice(at, at + 2), 16);
    return Math.round(value + (255 - value) * share);
  };
  return `rgb(${part(1)}, ${part(3)}, ${part(5)})`;
}

/** Fill and pattern ink of a class and confidence. On a light tint the pattern takes the class's own colour. */
function look(signalClass, confidence) {
  const tint = signalClass === "unknown" ? 0 : TINT[confidence] ?? 0;
  const light = tint > 0.3;
  const ink = signalClass === "none" && light ? FILL.none : PATTERN_INK[signalClass];
  const mark = signalClass !== "unknown" && MARKED.includes(confidence) ? confidence : null;
  return { fill: mix(FILL[signalClass], tint), ink, signalClass, mark };
}

/** Draw the mark of a confidence around (x, y): prediction a wave, both together a wave on a line, a report an open
 * circle, an early sign a question mark. */
function drawMark(pen, mark, x, y) {
  const wave = (down) => {
    pen.moveTo(x - 4.5, y + 1.2 + down);
    pen.bezierCurveTo(x - 2, y - 4 + down, x + 2, y + 5 + down, x + 4.5, y - 0.6 + down);
  };
  pen.beginPath();
  if (mark === "modelled") wave(0);
  if (mark === "fused") {
    wave(-1.8);
    pen.moveTo(x - 4.5, y + 3.2);
    pen.lineTo(x + 4.5, y + 3.2);
  }
  if (mark === "reported") pen.arc(x, y, 2.5, 0, 2 * Math.PI);
  if (mark === "indicative") {
    pen.arc(x, y - 1.8, 2.1, Math.PI, 2.4 * Math.PI);
    pen.lineTo(x, y + 1.4);
    pen.moveTo(x, y + 3.7);
    pen.lineTo(x, y + 4.1);
  }
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "rgba(255, 255, 255, 0.8)";
  pen.lineWidth = 3.4;
  pen.stroke();
  pen.strokeStyle = "rgba(27, 39, 51, 0.8)";
  pen.lineWidth = 1.3;
  pen.stroke();
}

const patterns = new Map();

/** Return a canvas to draw on; a worker has no document. */
function blankCanvas(width, height) {
  if (typeof document === "undefined") return new OffscreenCanvas(width, height);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/** Return a tile that repeats, drawn once per key and ratio. */
function patternOf(ctx, key, size, ratio, draw) {
  const name = `${key} ${ratio}`;
  if (!patterns.has(name)) {
    const tile = blankCanvas(size * ratio, size * ratio);
    const pen = tile.getContext("2d");
    pen.scale(ratio, ratio);
    draw(pen, size);
    patterns.set(name, tile);
  }
  const made = ctx.createPattern(patterns.get(name), "repeat");
  made.setTransform(new DOMMatrix().scale(1 / ratio));
  return made;
}

const markPattern = (ctx, mark, ratio) =>
  patternOf(ctx, mark, MARK_STEP, ratio, (pen) => {
    drawMark(pen, mark, MARK_STEP * 0.25, MARK_STEP * 0.25);
    drawMark(pen, mark, MARK_STEP * 0.75, MARK_STEP * 0.75);
  });

/** Return the canvas pattern of a class, drawn at `ratio` device pixels per pixel; null where it is plain. */
function pattern(ctx, { signalClass, ink }, ratio) {
  if (!ink) return null;
  const step = signalClass === "unknown" ? 16 : 8; // divides 256, so that patterns meet at the edges of tiles
  return patternOf(ctx, `${signalClass} ${ink}`, step, ratio, (pen, size) => {
    pen.strokeStyle = pen.fillStyle = ink;
    if (signalClass === "none") {
      pen.lineWidth = 1.3;
      pen.globalAlpha = 0.75;
      pen.beginPath();
      for (const shift of [-size, 0, size]) {
        pen.moveTo(shift - 1, size + 1);
        pen.lineTo(shift + size + 1, -1);
      }
      pen.stroke();
    } else if (signalClass === "weak") {
      for (const [x, y] of [[2, 2], [6, 6]]) {
        pen.beginPath();
        pen.arc(x, y, 0.95, 0, 2 * Math.PI);
        pen.fill();
      }
    } else {
      crosses(pen, [[4, 4], [12, 12]]);
    }
  });
}

function crosses(pen, places) {
  pen.lineWidth = 1;
  pen.beginPath();
  for (const [x, y] of places) {
    pen.moveTo(x - 2, y - 2);
    pen.lineTo(x + 2, y + 2);
    pen.moveTo(x + 2, y - 2);
    pen.lineTo(x - 2, y + 2);
  }
  pen.stroke();
}

/** Fill the current path with a look. */
function fillLook(ctx, style, ratio) {
  ctx.fillStyle = style.fill;
  ctx.fill();
  const made = pattern(ctx, style, ratio);
  if (made) {
    ctx.fillStyle = made;
    ctx.fill();
  }
  if (style.mark) {
    ctx.fillStyle = markPattern(ctx, style.mark, ratio);
    ctx.fill();
  }
}

/** Stroke the current path as the outline of a stage, on a white casing; `weight` scales its width. */
function strokeOutline(ctx, outline, weight) {
  const { width, dash } = OUTLINE[outline];
  ctx.lineJoin = "round";
  ctx.setLineDash([]);
  ctx.strokeStyle = "rgba(255, 255, 255, 0.85)";
  ctx.lineWidth = (width + 1.3) * weight;
  ctx.stroke();
  ctx.setLineDash(dash);
  ctx.strokeStyle = INK;
  ctx.lineWidth = width * weight;
  ctx.stroke();
  ctx.setLineDash([]);
}

const LEVELS = ["other", "none", "weak", "served"];

/** Symbols of points: each draws itself around (0, 0). Shapes differ, so that they can be told apart in grey. */
const SYMBOLS = {
  site_active: (pen) => mast(pen, INK, "#ffffff"),
  site_planned: (pen) => mast(pen, "#ffffff", INK),
  site_inactive: (pen) => mast(pen, "#c3cad1", INK),
  site_crowdsourced: (pen) => ring(pen, 3.6, "#ffffff", INK, [1.6, 1.4], 1.4),
  reading_served: (pen) => ring(pen, 3.4, FILL.served, "#ffffff", []),
  reading_weak: (pen) => ring(pen, 3.4, FILL.weak, "#5c3b00", []),
  reading_none: (pen) => cross(pen),
  reading_other: (pen) => ring(pen, 2.6, "#ffffff", "#5b6875", []),
  internet: (pen) => {
    pen.beginPath();
    pen.rect(-5.5, -5.5, 11, 11);
    paintBoth(pen, "#1f5fa8", "#ffffff", 1.5);
    pen.strokeStyle = "#ffffff";
    pen.lineWidth = 1.4;
    for (const r of [2.2, 4.6]) {
      pen.beginPath();
      pen.arc(0, 3, r, -Math.PI * 0.8, -Math.PI * 0.2);
      pen.stroke();
    }
  },
  facility: (pen) => {
    pen.beginPath();
    pen.moveTo(0, -5.5);
    pen.lineTo(5, -1);
    pen.lineTo(5, 5);
    pen.lineTo(-5, 5);
    pen.lineTo(-5, -1);
    pen.closePath();
    paintBoth(pen, "#6a4a8c", "#ffffff", 1.5);
  },
  gap: (pen) => {
    ring(pen, 8, "#ffffff", FILL.none, [], 2.5);
    pen.fillStyle = FILL.none;
    pen.fillRect(-1.2, -4.4, 2.4, 5.2);
    pen.fillRect(-1.2, 2.2, 2.4, 2.4);
  },
};

function paintBoth(pen, fill, stroke, width) {
  pen.lineJoin = "round";
  pen.fillStyle = fill;
  pen.strokeStyle = stroke;
  pen.lineWidth = width;
  pen.fill();
  pen.stroke();
}

function mast(pen, fill, stroke) {
  pen.beginPath();
  pen.moveTo(0, -7);
  pen.lineTo(5.4, 5);
  pen.lineTo(-5.4, 5);
  pen.closePath();
  paintBoth(pen, fill, stroke, 1.5);
}

function ring(pen, radius, fill, stroke, dash, width = 1.2) {
  pen.beginPath();
  pen.arc(0, 0, radius, 0, 2 * Math.PI);
  pen.setLineDash(dash);
  paintBoth(pen, fill, stroke, width);
  pen.setLineDash([]);
}

function cross(pen) {
  pen.lineCap = "round";
  for (const [colour, width] of [["#ffffff", 4], [FILL.none, 2]]) {
    pen.beginPath();
    pen.moveTo(-3, -3);
    pen.lineTo(3, 3);
    pen.moveTo(3, -3);
    pen.lineTo(-3, 3);
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
  }
  pen.lineCap = "butt";
}

/** Return a small canvas that shows what `draw` draws, as crisp in print as on the screen. */
function swatch(width, height, draw) {
  const ratio = 3;
  const canvas = blankCanvas(width * ratio, height * ratio);
  canvas.style.width = width + "px";
  canvas.style.height = height + "px";
  canvas.className = "bs-swatch";
  canvas.setAttribute("aria-hidden", "true");
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  draw(pen, ratio, width, height);
  return canvas;
}

function box(pen, inset, width, height) {
  pen.beginPath();
  pen.rect(inset, inset, width - 2 * inset, height - 2 * inset);
}

const classSwatch = (signalClass, confidence, width = 26, height = 18) =>
  swatch(width, height, (pen, ratio) => {
    box(pen, 0, width, height);
    const style = look(signalClass, confidence);
    const sparse = signalClass === "unknown"; // so sparse that a small box shows two whole crosses instead of cut ones
    fillLook(pen, { ...style, mark: null, ...(sparse && { ink: null }) }, ratio);
    if (style.mark) {
      pen.save();
      pen.translate(width / 2, height / 2);
      pen.scale(Math.min(1, height / 16), Math.min(1, height / 16));
      drawMark(pen, style.mark, 0, 0);
      pen.restore();
    }
    if (sparse) {
      pen.strokeStyle = style.ink;
      crosses(pen, [[width * 0.3, height * 0.38], [width * 0.7, height * 0.62]]);
    }
    box(pen, 0.5, width, height);
    pen.strokeStyle = "rgba(27, 39, 51, 0.35)";
    pen.lineWidth = 1;
    pen.stroke();
  });

/** A confidence without a class: its mark on white. */
const markSwatch = (confidence) =>
  swatch(26, 18, (pen) => {
    box(pen, 0.5, 26, 18);
    pen.fillStyle = "#ffffff";
    pen.fill();
    pen.strokeStyle = "rgba(27, 39, 51, 0.35)";
    pen.lineWidth = 1;
    pen.stroke();
    if (MARKED.includes(confidence)) drawMark(pen, confidence, 13, 9);
  });

const outlineSwatch = (outline) =>
  swatch(26, 18, (pen) => {
    box(pen, 2.5, 26, 18);
    pen.fillStyle = "#eef2f4";
    pen.fill();
    strokeOutline(pen, outline, 0.85);
  });

const symbolSwatch = (name) =>
  swatch(26, 18, (pen) => {
    pen.translate(13, 9);
    SYMBOLS[name](pen);
  });

const lineSwatch = () =>
  swatch(26, 18, (pen) => {
    pen.beginPath();
    pen.moveTo(1, 9);
    pen.lineTo(25, 9);
    pen.strokeStyle = "#33404d";
    pen.lineWidth = 1.8;
    pen.stroke();
  });
