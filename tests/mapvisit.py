"""Visits to a map in the browser: the window sizes, and what the tests of the map ask a page."""

from __future__ import annotations

import io

import matplotlib.image
import numpy as np

DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def scene(page, expression, argument=None):
    """Evaluate an expression over `s` (the scene) and `a` (the argument)."""
    return page.evaluate(
        "async (a) => { const s = await window[document.querySelector('.bs-map').id].blankspot;"
        f" const found = {expression}; return found === undefined ? null : found; }}",
        argument,
    )


def spot(page, row, layer="villages"):
    """Return where on the screen a village's label or a point lies."""
    world_at = f"s.{layer}.label[a]" if layer == "villages" else f"[s.stores.{layer}.x[a], s.stores.{layer}.y[a]]"
    at = scene(
        page,
        f"(() => {{ const [x, y] = {world_at}; const zoom = s.map.getZoom(); const k = 256 * 2 ** zoom;"
        " const p = s.map.latLngToContainerPoint(s.map.unproject([x * k, y * k], zoom));"
        " const box = s.map.getContainer().getBoundingClientRect(); return [p.x + box.left, p.y + box.top]; })()",
        row,
    )
    return at[0], at[1]


def colour(page, row, left=0, top=0):
    """Return the colour that the tiles show at a village's label, a few pixels aside if asked."""
    return scene(
        page,
        "await (async () => { await s.layer.settled(); const [x, y] = s.villages.label[a[0]]; const k = 256 * 2 ** s.map.getZoom();"
        " const wx = x * k + a[1], wy = y * k + a[2];"
        " const tile = Object.values(s.layer._tiles).find(({coords: c}) => c.x === Math.floor(wx / 256) && c.y === Math.floor(wy / 256));"
        " const r = s.layer.ratio; return [...tile.el.getContext('2d')"
        ".getImageData((wx % 256) * r, (wy % 256) * r, 1, 1).data.slice(0, 3)]; })()",
        [row, left, top],
    )


def switch(page, layer, *, on):
    page.locator(f"input[data-layer={layer}]").set_checked(on)


def read_image(png):
    """Return the pixels of a screenshot with their opacity."""
    image = matplotlib.image.imread(io.BytesIO(png))
    image = np.rint(image * 255).astype(int)
    return image if image.shape[2] == 4 else np.dstack([image, np.full(image.shape[:2], 255)])
