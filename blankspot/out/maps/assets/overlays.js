// Rasters and plans over or under the villages (rasters.py writes them): pictures in panes of their own, a switch with its
// legend for each, and the value under the pointer, which is found in the picture itself.

const GROUND_PANE = "bs-ground"; // under everything: the villages are shaded by it
const RASTER_PANE = "bs-raster"; // under the lines and names of the villages, in the place of their fill
const PLAN_PANE = "bs-plan";
const FILL_OVER_RASTER = 0.6; // where a reader asks for both
const SAID_KINDS = ["measured", "fused", "modelled", "reported", "plan"];
const PLAN_COLOUR = "#7a1fa2";

/** Take the pictures out of the payload, as blobs that the page can show. */
function addOverlays(scene, header, part) {
  const box = ([west, south, east, north]) => ({ west: worldX(west), south: worldY(south), east: worldX(east), north: worldY(north) });
  scene.rasters = (header.overlays ?? []).map((raster) => ({
    ...raster,
    on: raster.shown,
    firstOpacity: raster.opacity,
    box: box(raster.bounds),
    blob: new Blob([part("overlay." + raster.key)], { type: "image/png" }),
    bitmap: null, // decoded when it is first shown
    at: null, // level per pixel + 1, 0 where there is none
  }));
  scene.plans = (header.plans ?? []).map((plan) => ({ ...plan, on: plan.shown }));
  scene.rasterOf = (key) => scene.rasters.find((raster) => raster.key === key);
}

/** Decode a picture once: for print, and for the values in it. */
async function decodeRaster(raster) {
  if (raster.bitmap) return;
  raster.bitmap = await createImageBitmap(raster.blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  if (!raster.levels) return;
  const [width, height] = raster.size;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(raster.bitmap, 0, 0);
  const pixels = pen.getImageData(0, 0, width, height).data;
  const levelOf = new Map();
  raster.levels.colours.forEach((colour, i) => colour && levelOf.set(parseInt(colour.slice(1), 16), i + 1));
  const at = new Uint8Array(width * height);
  for (let i = 0, k = 0; i < at.length; i++, k += 4) {
    if (pixels[k + 3]) at[i] = levelOf.get((pixels[k] << 16) | (pixels[k + 1] << 8) | pixels[k + 2]) ?? 0;
  }
  raster.at = at;
}

/** The level of a raster at a position (world coordinates); −1 where it says nothing. */
function levelAt(raster, wx, wy) {
  if (!raster.at) return -1;
  const { west, south, east, north } = raster.box;
  const [width, height] = raster.size;
  const column = Math.floor(((wx - west) / (east - west)) * width);
  const row = Math.floor(((wy - north) / (south - north)) * height);
  return column < 0 || row < 0 || column >= width || row >= height ? -1 : raster.at[row * width + column] - 1;
}

/** Draw a raster into a window, as `paint` draws villages. */
function drawRaster(ctx, raster, view) {
  if (!raster.bitmap) return;
  const { west, south, east, north } = raster.box;
  const left = west * view.scale - view.left, top = north * view.scale - view.top;
  ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  ctx.globalAlpha = raster.opacity;
  ctx.imageSmoothingEnabled = raster.base;
  ctx.drawImage(raster.bitmap, left, top, (east - west) * view.scale, (south - north) * view.scale);
  ctx.globalAlpha = 1;
}

/** Put what is switched on under a picture of the villages; the ground shades all of it. */
function paintUnder(ctx, scene, view) {
  const shown = scene.rasters.filter((raster) => raster.on);
  ctx.globalCompositeOperation = "destination-over";
  for (const raster of shown.filter((raster) => !raster.base)) drawRaster(ctx, raster, view);
  for (const raster of shown.filter((raster) => raster.base)) {
    ctx.globalCompositeOperation = "multiply";
    drawRaster(ctx, raster, view);
  }
  ctx.globalCompositeOperation = "source-over";
}

/** Build the switches and legends of the overlays, and keep map, panel and address in step with them. */
function makeOverlays(scene, map, find, { changed, rebuild }) {
  const { t, number } = scene;
  const told = (both) => (both ? both[scene.lang] || both.id || "" : "");
  const layers = new Map();
  const plainOpacity = scene.opacity;
  let tookFill = false; // whether the fill of the villages stepped aside for a raster, and is to come back

  for (const [name, z] of [[GROUND_PANE, 250], [RASTER_PANE, 280], [PLAN_PANE, 420]]) {
    const pane = map.getPane(name) ?? map.createPane(name);
    pane.style.zIndex = z;
    if (name !== PLAN_PANE) pane.style.pointerEvents = "none";
  }

  /** A Leaflet layer of a raster in any pane. */
  function pictureOf(raster, pane) {
    const [west, south, east, north] = raster.bounds;
    raster.url ??= URL.createObjectURL(raster.blob);
    return L.imageOverlay(raster.url, [[south, west], [north, east]], {
      pane, opacity: raster.opacity, className: raster.base ? "bs-ground-picture" : "bs-raster-picture", alt: told(raster.title),
    });
  }

  function planLayer(plan) {
    const name = texts(plan.name), cells = plan.columns.map(({ cells: column }) => texts(column));
    const style = { color: PLAN_COLOUR, weight: 2.4, dashArray: "7 5", fillColor: PLAN_COLOUR, fillOpacity: 0.12 };
    const features = plan.shapes.map((geometry, row) => ({ type: "Feature", geometry, properties: { row } }));
    return L.geoJSON(features, {
      pane: PLAN_PANE,
      renderer: L.svg({ pane: PLAN_PANE }),
      style,
      pointToLayer: (_, at) => L.circleMarker(at, { ...style, pane: PLAN_PANE, radius: 8, fillColor: "#ffffff", fillOpacity: 0.9, dashArray: "3 2.5" }),
      onEachFeature({ properties: { row } }, shape) {
        shape.on("click", (event) => {
          L.DomEvent.stopPropagation(event); // what lies under it was not meant
          const rows = plan.columns.map(({ title }, i) => [told(title), cells[i](row) && data(cells[i](row))]);
          const card = el("article", "bs-card", el("p", "bs-eyebrow", `${told(plan.title)} · ${t.kind_plan}`), el("h2", "bs-card-title", data(name(row) || "–")));
          card.append(...[terms(rows)].filter(Boolean));
          L.popup({ className: "bs-popup", minWidth: 260, maxWidth: 320 }).setLatLng(event.latlng).setContent(card).openOn(map);
        });
      },
    });
  }

  function show(entry, on) {
    const there = layers.get(entry.key);
    if (there) there.remove();
    layers.delete(entry.key);
    if (!on) return;
    const layer = entry.shapes ? planLayer(entry) : pictureOf(entry, entry.base ? GROUND_PANE : RASTER_PANE);
    layers.set(entry.key, layer.addTo(map));
    if (!entry.shapes) decodeRaster(entry).catch((error) => console.warn(error));
  }

  /** What covers the land in the place of the villages' fill. */
  const cover = () => scene.rasters.find((raster) => raster.on && !raster.base);

  /** Bring the map in step: pictures, how strongly the villages are filled, and whether the ground shades them. */
  function settle() {
    for (const entry of [...scene.rasters, ...scene.plans]) if (entry.on !== layers.has(entry.key)) show(entry, entry.on);
    const shaded = scene.rasters.some((raster) => raster.on && raster.base);
    scene.shaded = shaded;
    map.getContainer().classList.toggle("bs-shaded", shaded);
    scene.opacity = cover() ? (scene.on.verdicts ? FILL_OVER_RASTER : 0) : plainOpacity;
  }

  function turn(entry, on) {
    entry.on = on;
    if (entry.shapes || entry.base) return;
    for (const other of scene.rasters) if (on && other !== entry && !other.base) other.on = false;
    if (on && scene.on.verdicts) {
      scene.on.verdicts = false;
      tookFill = true;
    } else if (!on && tookFill && !cover()) {
      scene.on.verdicts = true;
      tookFill = false;
    }
  }

  const colourSwatch = (colour, opacity) =>
    swatch(26, 18, (pen) => {
      box(pen, 0.5, 26, 18);
      pen.globalAlpha = opacity;
      pen.fillStyle = colour;
      pen.fill();
      pen.globalAlpha = 1;
      pen.strokeStyle = "rgba(27, 39, 51, 0.35)";
      pen.stroke();
    });

  const rampSwatch = (colours, opacity) => {
    const canvas = swatch(240, 14, (pen, _, width, height) => {
      const sweep = pen.createLinearGradient(0, 0, width, 0);
      colours.forEach((colour, i) => sweep.addColorStop(i / (colours.length - 1), colour));
      pen.globalAlpha = opacity;
      pen.fillStyle = sweep;
      pen.fillRect(0, 0, width, height);
    });
    canvas.classList.add("bs-ramp");
    return canvas;
  };

  function legendOf(raster) {
    const { legend, opacity } = raster;
    const rows = [];
    if (legend?.classes) {
      if (told(raster.unit)) rows.push(el("p", "bs-small", told(raster.unit)));
      rows.push(...legend.classes.map(({ colour, label }) => el("div", "bs-legend-row bs-raster-class", colourSwatch(colour, opacity), el("span", "", data(told(label))))));
    } else if (legend?.ends.length) {
      const ends = el("p", "bs-ramp-ends");
      for (const end of legend.ends) ends.append(el("span", "", told(end)));
      rows.push(rampSwatch(legend.ramp, opacity), ends, el("p", "bs-small", told(raster.unit)));
    }
    return rows;
  }

  function opacityField(raster, legend) {
    const input = el("input", "bs-range");
    Object.assign(input, { type: "range", min: "10", max: "100", step: "5", value: String(Math.round(raster.opacity * 100)) });
    input.dataset.opacity = raster.key;
    const shown = el("output", "bs-number", `${input.value}\u00a0%`);
    input.addEventListener("input", () => {
      raster.opacity = Number(input.value) / 100;
      shown.textContent = `${input.value}\u00a0%`;
      layers.get(raster.key)?.setOpacity(raster.opacity);
      legend.replaceChildren(...legendOf(raster));
      scene.state.changed();
    });
    return el("label", "bs-opacity", el("span", "", t.opacity), input, shown);
  }

  function rowOf(entry) {
    const row = el("div", "bs-layer bs-overlay");
    const input = el("input", "bs-switch");
    input.type = "checkbox";
    input.checked = entry.on;
    input.dataset.overlay = entry.key;
    input.setAttribute("role", "switch");
    input.addEventListener("change", () => {
      turn(entry, input.checked);
      settle();
      rebuild();
      changed();
      build();
      find("overlays").querySelector(`[data-overlay=${entry.key}]`)?.focus();
    });
    const kind = entry.shapes ? "plan" : entry.kind;
    const tag = SAID_KINDS.includes(kind) ? el("span", "bs-kind", t["kind_" + kind]) : "";
    tag && (tag.dataset.kind = kind);
    row.append(el("label", "bs-layer-head", el("span", "bs-layer-name", data(told(entry.title)), tag && " ", tag), input));
    if (!entry.on) return row;
    const legend = el("div", "bs-raster-legend");
    if (entry.shapes) legend.append(el("div", "bs-legend-row", planSwatch(), el("span", "", t.kind_plan), el("span", "bs-number", number(entry.shapes.length))));
    else legend.append(...legendOf(entry));
    const source = [entry.attribution, entry.licence].filter(Boolean).join(", ");
    const about = [told(entry.note), source && fill(t.raster_source, { source })].filter(Boolean);
    const body = el("div", "bs-legend", legend);
    if (!entry.shapes) body.append(opacityField(entry, legend));
    if (!entry.shapes && !entry.base && scene.judged && !scene.on.verdicts) about.push(t.raster_fill);
    body.append(...about.map((text) => el("p", "bs-small", data(text))));
    row.append(body);
    return row;
  }

  const planSwatch = () =>
    swatch(26, 18, (pen) => {
      box(pen, 2.5, 26, 18);
      pen.strokeStyle = PLAN_COLOUR;
      pen.lineWidth = 2;
      pen.setLineDash([5, 3]);
      pen.stroke();
    });

  function build() {
    const place = find("overlays");
    if (!place) return;
    const groups = new Map();
    for (const entry of [...scene.rasters, ...scene.plans]) {
      const heading = told(entry.group);
      if (!groups.has(heading)) groups.set(heading, []);
      groups.get(heading).push(rowOf(entry));
    }
    place.replaceChildren();
    for (const [heading, rows] of groups) place.append(heading ? el("h3", "bs-group", data(heading)) : "", ...rows);
  }

  /** What the rasters that are on say of a position: pairs of title and text. */
  function at(latlng, among = scene.rastersAt(latlng)) {
    const found = [];
    for (const raster of among) {
      const level = raster.levels ? levelAt(raster, worldX(latlng.lng), worldY(latlng.lat)) : -1;
      if (level < 0) continue;
      const value = raster.levels.values[level];
      const text = value === null ? told(raster.legend.labels?.[raster.levels.classes[level]]) : `${number(rounded(value, raster.decimals), raster.decimals)}\u00a0${told(raster.unit)}`.trim();
      found.push([told(raster.title), text]);
    }
    return found;
  }

  /** The same as a part of a card; null where they say nothing. */
  function card(latlng) {
    const found = latlng ? at(latlng) : [];
    if (!found.length) return null;
    const part = el("section", "bs-here", el("h3", "", t.here));
    part.append(terms(found.map(([title, text]) => [data(title), data(text)])));
    return part;
  }

  scene.state.register("overlays", {
    get() {
      const said = (raster) => (raster.opacity === raster.firstOpacity || raster.shapes ? raster.key : `${raster.key}:${Math.round(raster.opacity * 100)}`);
      const differ = [...scene.rasters, ...scene.plans].filter((entry) => entry.on !== entry.shown || (entry.on && entry.opacity !== entry.firstOpacity));
      return differ.map((entry) => (entry.on ? said(entry) : "-" + entry.key)).join(",");
    },
    set(text) {
      const all = [...scene.rasters, ...scene.plans];
      for (const entry of all) {
        entry.on = entry.shown;
        if (!entry.shapes) entry.opacity = entry.firstOpacity;
      }
      for (const one of text.split(",").filter(Boolean)) {
        const [key, percent] = one.replace(/^-/, "").split(":");
        const entry = all.find((candidate) => candidate.key === key);
        if (!entry) continue;
        if (percent && Number(percent) >= 10 && Number(percent) <= 100 && !entry.shapes) entry.opacity = Number(percent) / 100;
        if (entry.on === one.startsWith("-")) turn(entry, !entry.on);
        layers.get(key)?.setOpacity?.(entry.opacity);
      }
      settle();
      rebuild();
      changed();
      build();
    },
  });
  settle();
  scene.onLanguage(build);
  return { at, card, cover, settle, build, turn, pictureOf, told, legendOf };
}

/** Two figures are as much as a picture of steps can promise of a large value. */
function rounded(value, decimals) {
  if (decimals || Math.abs(value) < 100) return value;
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return Math.round(value / step) * step;
}
