"""The page as folium objects: our own `folium.Map` and our own figure, with their own assets.

folium's map loads ten files from four hosts, hands every text to Jinja a second time as a template, and lets names run
script. So `Page` brings Leaflet from the XStatic wheel and our scripts as text in the page, keeps link lists of its own
(folium's are shared by all maps), adds its texts as `_Verbatim` elements that are never templates, and `Sheet` writes a
document with a language and a Content-Security-Policy that names each script by its hash and forbids every request.
Further folium layers can be added; the hosts *they* need are then let through, and no others.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup
from xstatic.pkg import leaflet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from blankspot.out.maps.basemaps import Basemap
    from blankspot.words import Lang

# What paints runs in a worker too; the rest of the script ends there, since a worker has no document.
_ENGINE: Final = (
    "payload.js",
    "geometry.js",
    "points.js",
    "thinning.js",
    "style.js",
    "paint.js",
    "labels.js",
    "engine.js",
    "worker.js",
)
_ALONE: Final = 'if (typeof document === "undefined") return serveEngine(globalThis);\nconst SOURCE = document.currentScript?.textContent;'
_SCRIPTS: Final = (
    "layer.js", "state.js", "language.js", "reasons.js", "places.js", "filters.js", "scene.js", "details.js", "search.js",
    "panel.js", "marks.js", "table.js", "overlays.js", "past.js", "swipe.js", "time.js", "theme.js", "geodesy.js", "tools.js",
    "correct.js", "print.js", "stage.js", "app.js",
)  # fmt: skip
_STYLES: Final = (
    "theme.css", "app.css", "reading.css", "tools.css", "overlays.css", "time.css", "correct.css", "print.css", "stage.css"
)  # fmt: skip
_NOTEBOOK_HEIGHT: Final = "640px"
_IMAGE: Final = re.compile(r"url\((images/[\w.-]+)\)")
_INLINE_SCRIPT: Final = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL | re.IGNORECASE)


class _Verbatim(Element):
    """A text that is written as it is; branca would read it as a Jinja template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_options: Any) -> str:
        return self.text


class Sheet(Figure):
    """An HTML document with a language, a title that is text, and a policy that allows only what is in it.

    Args:
        title: Title of the document.
        lang: Its language.
        origins: Hosts whose images may be loaded (online basemaps).
    """

    def __init__(self, *, title: str, lang: Lang, origins: Iterable[str] = ()) -> None:
        super().__init__(width="100%", height=_NOTEBOOK_HEIGHT, title=title)
        self.lang = lang
        self.origins = frozenset(origins)

    def render(self, **options: Any) -> str:
        """Return the document."""
        for child in self._children.values():
            child.render(**options)
        head, body, script = (part.render(**options) for part in (self.header, self.html, self.script))
        script = f"<script>\n{script}\n</script>"
        images, links = _remote_origins(self)
        policy = content_policy((head, body, script), images=self.origins | images, links=links)
        return (
            _templates()
            .get_template("sheet.html.j2")
            .render(
                lang=self.lang,
                title=self.title,
                policy=policy,
                head=Markup(head),  # noqa: S704 - rendered by us or by folium, escaped there
                body=Markup(body),  # noqa: S704 - as above
                script=Markup(script),  # noqa: S704 - as above
            )
        )


class Page(folium.Map):
    """The map: a panel, a search, and villages drawn on canvas tiles from a compressed payload.

    Args:
        payload: What `payload.pack` returned.
        shell: Values of the template `page.html.j2`.
        bounds: West, south, east, north of the data in degrees; None where nothing is drawn.
        title: Title of the document.
        lang: Language of the page.
        basemap: Online basemap, if one is asked for.
    """

    _template = Template("")  # folium's would write its own container and script

    def __init__(
        self,
        *,
        payload: str,
        shell: Mapping[str, Any],
        bounds: tuple[float, float, float, float] | None,
        title: str,
        lang: Lang,
        basemap: Basemap | None = None,
    ) -> None:
        west, south, east, north = bounds or (95.0, -11.0, 141.0, 6.0)  # Indonesia
        super().__init__(location=[(south + north) / 2, (west + east) / 2], tiles=None)
        self.default_js: list[tuple[str, str]] = []
        self.default_css: list[tuple[str, str]] = []
        self._id = hashlib.sha256(payload.encode()).hexdigest()[:32]
        self._payload = payload
        self._shell = dict(shell)
        self._bounds: list[list[float | None]] = [[south, west], [north, east]]
        self._basemap = basemap
        Sheet(title=title, lang=lang, origins=[basemap.origin] if basemap else []).add_child(self)

    def _get_self_bounds(self) -> list[list[float | None]]:
        return self._bounds

    def render(self, **options: Any) -> str:
        """Add head, body and script to the figure, then those of the layers that were added to this map."""
        figure: Any = self.get_root()
        name = self.get_name()
        figure.header.add_child(_Verbatim(_head()), name="blankspot_head")
        for link_name, link in _icon_links(self).items():
            figure.header.add_child(link, name=link_name)
        if self._children:
            figure.header.add_child(_Verbatim(f"<script>{_asset('folium.js')}</script>"), name="blankspot_folium")
        body = _templates().get_template("page.html.j2").render(name=name, payload=self._payload, **self._shell)
        figure.html.add_child(_Verbatim(body), name=name)
        start = {"bounds": self._bounds, "basemap": self._basemap and self._basemap._asdict()}
        figure.script.add_child(
            _Verbatim(f"var {name} = blankspot.open({json.dumps(name)}, {json.dumps(start)});"), name=name
        )
        super().render(**options)  # type: ignore[no-untyped-call]
        return ""


def content_policy(texts: Iterable[str], *, images: Iterable[str] = (), links: Iterable[str] = ()) -> str:
    """Return the Content-Security-Policy of a document: its own scripts by hash, its own styles, and nothing else.

    Args:
        texts: The parts of the document that may hold inline scripts.
        images: Hosts of images (basemaps).
        links: Hosts of scripts, styles and fonts that added folium layers ask for.
    """
    hashes = {
        f"'sha256-{base64.b64encode(hashlib.sha256(found['code'].encode()).digest()).decode('ascii')}'": None
        for text in texts
        for found in _INLINE_SCRIPT.finditer(text)
        if "type=" not in found["attributes"]
    }
    foreign = sorted(links)
    rules = {
        "default-src": ["'none'"],
        "script-src": [*hashes, *foreign],
        "worker-src": ["blob:"],
        "style-src": ["'unsafe-inline'", *foreign],
        "img-src": ["data:", "blob:", *sorted({*images, *foreign})],
        **({"font-src": ["data:", *foreign]} if foreign else {}),
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(f"{rule} {' '.join(values)}" for rule, values in rules.items())


def _elements(root: Element) -> Iterator[Element]:
    for child in root._children.values():  # noqa: SLF001 - branca has no public way to walk its tree
        yield child
        yield from _elements(child)


def _remote_origins(figure: Figure) -> tuple[frozenset[str], frozenset[str]]:
    """Return the hosts that folium layers added by the caller load images from, and those of their scripts and styles."""
    images: set[str] = set()
    links: set[str] = set()
    for element in _elements(figure):
        for _, url in (*getattr(element, "default_js", ()), *getattr(element, "default_css", ())):
            links.add(_origin(url))
        for url in (getattr(element, "tiles", None), getattr(element, "url", None)):
            if isinstance(url, str):
                images.add(_origin(url))
    for link in figure.header._children.values():  # noqa: SLF001 - as above
        if isinstance(url := getattr(link, "url", None), str):
            links.add(_origin(url))
    return frozenset(filter(None, images)), frozenset(filter(None, links))


def _origin(url: str) -> str:
    address = urlsplit(re.sub(r"\{s\}", "*", url))
    plain = re.fullmatch(r"[\w.*-]+(:\d+)?", address.netloc)
    return f"{address.scheme}://{address.netloc}" if plain and address.scheme in ("http", "https") else ""


def _icon_links(page: Page) -> dict[str, Element]:
    """Return folium's own links for its coloured icons, where the caller added one; they come from folium's hosts."""
    if not any(isinstance(element, folium.Icon) for element in _elements(page)):
        return {}
    scripts = {name: JavascriptLink(url) for name, url in folium.Map.default_js if name == "awesome_markers"}
    styles = {name: CssLink(url) for name, url in folium.Map.default_css if name != "leaflet_css"}
    return {**scripts, **styles}


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("blankspot.out.maps", "assets"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip


def _asset(name: str) -> str:
    return files("blankspot.out.maps").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _head() -> str:
    """Return styles and scripts: Leaflet's and ours."""
    folder = Path(leaflet.BASE_DIR)
    library = (folder / "leaflet.js").read_text(encoding="utf-8")
    library = re.sub(r"//# sourceMappingURL=.*", "", library)
    styles = (folder / "leaflet.css").read_text(encoding="utf-8").replace("behavior: url(#default#VML);", "")
    styles = _IMAGE.sub(lambda found: f"url({_data_uri(folder / found[1])})", styles)
    icons = {
        option: _data_uri(folder / "images" / name)
        for option, name in (
            ("iconUrl", "marker-icon.png"),
            ("iconRetinaUrl", "marker-icon-2x.png"),
            ("shadowUrl", "marker-shadow.png"),
        )
    }
    styles_of_ours = "\n".join(map(_asset, _STYLES))
    engine, page = ("\n".join(_asset(name) for name in names) for names in (_ENGINE, _SCRIPTS))
    marker = f"L.Icon.Default.imagePath = '';\nL.Icon.Default.mergeOptions({json.dumps(icons)});"
    return (
        f"<style>{styles}</style>\n<style>{styles_of_ours}</style>\n"
        f"<script>{library}</script>\n<script>(() => {{\n'use strict';\n{engine}\n{_ALONE}\n{marker}\n{page}\n}})();</script>"
    )


def _data_uri(path: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
