"""Fetching public data into a workspace: which area, how much, under which licence; the file, its sidecar, its entry.

The one place that brings `sources.fetch` and a workspace together. Downloads are kept in a cache outside the workspace, so
that a second kabupaten, or a second try, costs no second download; the workspace gets the part that concerns it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from blankspot.errors import OutputError, UsageError
from blankspot.geo import frame_crs, to_degrees, to_metric
from blankspot.out.files import atomic
from blankspot.run.entries import as_line, name_source
from blankspot.run.fresh import file_digest
from blankspot.run.sidecar import Original, Sidecar, read_sidecar, write_sidecar
from blankspot.sources.fetch.addresses import shown
from blankspot.sources.fetch.archives import regency_key
from blankspot.sources.fetch.catalogue import check_bounds
from blankspot.sources.fetch.http import Client
from blankspot.sources.fetch.store import Store, default_cache
from blankspot.wilayah import parents
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd

    from blankspot.run import Workspace
    from blankspot.run.entries import Outcome
    from blankspot.settings import Fetch
    from blankspot.sources.fetch.catalogue import Asset, Bounds, Order

_KEMENDAGRI: Final = re.compile(r"[0-9]{2}\.[0-9]{2}")
_UNDOTTED: Final = re.compile(r"[0-9]{4}")
BYTES_PER_MB: Final = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Item:
    """A file to download: its address, its size in bytes if known, and whether the cache has it or the provider lacks it."""

    address: str
    size: int | None
    cached: bool
    lacking: bool


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an order would download."""

    order: Order
    items: tuple[Item, ...]

    @property
    def bytes_to_come(self) -> int:
        """Bytes to download as far as sizes are known."""
        return sum(item.size or 0 for item in self.items if not item.cached and not item.lacking)

    @property
    def sizes_unknown(self) -> int:
        """How many files to download do not say their size."""
        return sum(item.size is None and not item.cached and not item.lacking for item in self.items)


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What came of an order.

    Attributes:
        path: The file in the workspace.
        replaced: Whether an earlier one stood there.
        counts: What the provider's module counted.
        outcome: What became of the entry in `blankspot.toml`; None for a kind that no step reads.
        line: The entry as a line.
        sidecar: Licence, attribution, addresses, hashes.
    """

    path: Path
    replaced: bool
    counts: dict[str, int]
    outcome: Outcome | None
    line: str
    sidecar: Sidecar


class Fetcher:
    """Fetches into one workspace.

    Args:
        workspace: Where the data go.
        cache: Folder of the downloads; the user's cache folder if not given.
        progress: Told name, bytes so far and bytes in all (None if unknown).
        client: Asks the servers; made from the workspace's settings if not given.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        cache: str | Path | None = None,
        progress: Callable[[str, int, int | None], None] = lambda _name, _done, _total: None,
        client: Client | None = None,
    ) -> None:
        self.workspace = workspace
        self.client = client or Client(workspace.settings.fetch)
        self.store = Store(Path(cache) if cache else default_cache(), self.client, progress)

    @property
    def settings(self) -> Fetch:
        """Timeouts, attempts and base addresses."""
        return self.workspace.settings.fetch

    def area(self, *, bounds: Sequence[float] | None, regency: str | None, margin_km: float = 0.0) -> Bounds:
        """Return west, south, east, north of what is asked for: bounds as given, else the workspace's villages.

        Args:
            bounds: Four degrees.
            regency: Code (dotted) or name of one kabupaten among the villages.
            margin_km: Added on every side of villages (not of bounds).

        Raises:
            UsageError: There are neither bounds nor villages, or no such kabupaten among them.
        """
        if bounds is not None:
            return check_bounds(bounds)
        villages = self.workspace.villages()
        if villages is None:
            raise UsageError(
                Text(
                    "Wilayahnya belum diketahui: ruang kerja ini belum punya batas desa.",
                    "The area is not known: this workspace has no boundaries yet.",
                ),
                hint=Text(
                    'Ambil dulu batasnya: blankspot fetch boundaries --regency "Kabupaten …", atau beri --bounds.',
                    'Fetch them first: blankspot fetch boundaries --regency "Kabupaten …", or give --bounds.',
                ),
            )
        return _around(_of_regency(villages, regency), margin_km)

    def regency_for_boundaries(self, regency: str) -> str:
        """Return what a provider can be asked for: a name or a P-code, never a Kemendagri code.

        Raises:
            UsageError: Four undotted digits, or a dotted code that nothing here gives a name to.
        """
        asked = regency.strip()
        if _UNDOTTED.fullmatch(asked):
            raise UsageError(
                Text(f"'{asked}' tidak jelas: BPS atau Kemendagri?", f"'{asked}' is not clear: BPS or Kemendagri?"),
                hint=Text(
                    f"Tulis ID{asked} untuk kode BPS, {asked[:2]}.{asked[2:]} untuk Kemendagri, atau namanya.",
                    f"Write ID{asked} for BPS, {asked[:2]}.{asked[2:]} for Kemendagri, or its name.",
                ),
            )
        return self._name_of(asked) if _KEMENDAGRI.fullmatch(asked) else asked

    def plan(self, order: Order) -> Plan:
        """Ask for the sizes of an order's files; nothing is downloaded."""
        return Plan(order=order, items=tuple(self._item(asset) for asset in order.assets))

    def carry_out(self, order: Order, *, refresh: bool = False, replace: bool = False) -> Fetched:
        """Download an order, write its file into the workspace's data folder and name it in `blankspot.toml`.

        Args:
            order: What to fetch.
            refresh: Download again what the cache has.
            replace: Take the place of a file or entry that is somebody else's.

        Raises:
            FetchError: A file cannot be had or trusted; nothing in the workspace has changed.
            OutputError: The cache or the workspace cannot be written, or the file there was not fetched.
        """
        root = self.workspace.root
        target = root / "data" / order.target
        stood = target.exists()
        if stood and not replace and read_sidecar(target) is None:
            raise OutputError(
                Text(
                    f"{target} sudah ada dan bukan hasil fetch yang utuh.", f"{target} exists and was not fetched so."
                ),
                hint=Text("Pindahkan, atau beri --replace.", "Move it away, or give --replace."),
            )
        kept = [self.store.get(asset, refresh=refresh) for asset in order.assets]
        with atomic(target) as temporary:
            counts = order.write([one.path for one in kept], temporary)
        product = order.product
        sidecar = Sidecar(
            title=product.title,
            version=product.version,
            licence=product.licence,
            licence_url=product.licence_url,
            attribution=product.attribution,
            fetched_at=self.workspace.now.isoformat(timespec="seconds"),
            sha256=file_digest(target),
            originals=tuple(
                Original(address=shown(one.asset.url), sha256=one.sha256, size_bytes=one.size)
                for one in kept
                if one.path
            ),
        )
        write_sidecar(target, sidecar)
        entry: dict[str, Any] = {"path": f"data/{order.target}", **order.entry, "licence": product.licence}
        line, outcome = as_line(order.kind or "", entry), None
        if order.kind is not None:
            outcome = name_source(root / "blankspot.toml", order.kind, entry, several=order.several, replace=replace)
        return Fetched(path=target, replaced=stood, counts=counts, outcome=outcome, line=line, sidecar=sidecar)

    def _item(self, asset: Asset) -> Item:
        address, held = shown(asset.url), self.store.has(asset)
        if held is not None:
            return Item(address=address, size=held.stat().st_size, cached=True, lacking=False)
        if asset.size is not None or asset.secret:  # a question with a token may count as a download
            return Item(address=address, size=asset.size, cached=False, lacking=False)
        head = self.client.head(asset.url)
        return Item(address=address, size=head.size, cached=False, lacking=not head.found)

    def _name_of(self, code: str) -> str:
        """Return the name of a kabupaten by its Kemendagri code, from the workspace's code list or villages."""
        from blankspot.sources.code_lists import read_code_list

        config = self.workspace.config.sources
        paths = [path for source in config.code_list for path in source.files(self.workspace.root)]
        if paths:
            listed = read_code_list(paths)
            names = listed.loc[listed["code"] == code, "name"].dropna()
            if len(names):
                return str(names.iloc[0])
        villages = self.workspace.villages()
        if villages is not None:
            names = villages.loc[parents(villages["village_code"], "regency") == code, "regency"].dropna()
            if len(names):
                return str(names.iloc[0])
        raise UsageError(
            Text(
                f"Nama kabupaten/kota {code} tidak diketahui di ruang kerja ini.",
                f"This workspace has no name for {code}.",
            ),
            hint=Text(
                'Beri namanya (--regency "Kabupaten Bandung") atau kode BPS-nya (--regency ID3204), atau sebutkan code_list di '
                "[sources]. Kode Kemendagri dan BPS berbeda dan tidak diterka.",
                'Give its name (--regency "Kabupaten Bandung") or its BPS code (--regency ID3204), or name a code_list in '
                "[sources]. Kemendagri's and BPS's codes differ and are not guessed.",
            ),
        )


def _of_regency(villages: gpd.GeoDataFrame, regency: str | None) -> gpd.GeoDataFrame:
    if regency is None:
        return villages
    codes = parents(villages["village_code"], "regency").fillna("")
    names = villages["regency"].fillna("").astype("str")
    wanted = regency.strip()
    hit = (codes == wanted) | (codes == f"bps:{wanted[2:]}") | (names.map(regency_key) == regency_key(wanted))
    if hit.any():
        return villages[hit]
    listed = ", ".join(sorted({f"{code} {name}".strip() for code, name in zip(codes, names, strict=True)})[:6])
    raise UsageError(
        Text(f"Kabupaten/kota '{regency}' tidak ada di ruang kerja.", f"This workspace has no regency '{regency}'."),
        hint=Text(f"Yang ada: {listed}.", f"It has: {listed}."),
    )


def _around(villages: gpd.GeoDataFrame, margin_km: float) -> Bounds:
    """Return the bounds of villages in degrees, widened by a margin in kilometres."""
    west, south, east, north = (float(value) for value in villages.total_bounds)
    if not margin_km:
        return check_bounds((west, south, east, north))
    crs = frame_crs(villages)
    x, y = to_metric([west, east], [south, north], crs)
    margin_m = margin_km * 1000
    lon, lat = to_degrees([x.min() - margin_m, x.max() + margin_m], [y.min() - margin_m, y.max() + margin_m], crs)
    return check_bounds((float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])))
