"""Names with a Sundanese ring, put together from parts: desa, rivers and places of an invented kabupaten.

As in life some names occur twice in different kecamatan, never twice in one. "Sukanagara" occurs exactly once in every world:
examples and documents ask for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import geopandas as gpd

    from blankspot.demo.fields import Ints

ALWAYS: Final = "Sukanagara"
REGENCY: Final = "Kabupaten Arunika (contoh)"
PROVINCE: Final = "Provinsi Nirwana (contoh)"
_FIRST: Final = (
    "Suka", "Marga", "Mekar", "Sindang", "Karya", "Cipta", "Tanjung", "Sari", "Giri", "Jaya", "Wangun", "Puspa", "Banjar",
    "Kerta", "Tegal", "Bina", "Sirna", "Mandala", "Tirta", "Warna",
)  # fmt: skip
_SECOND: Final = (
    "sari", "mulya", "jaya", "maju", "wangi", "asih", "laksana", "rahayu", "mukti", "hurip", "manah", "resmi", "bakti", "tani",
    "harja", "galih", "karya", "raharja", "mekar", "luyu", "warga", "nata",
)  # fmt: skip
_WATER: Final = (
    "Ciawi", "Cibadak", "Cibeber", "Cibodas", "Cibulan", "Cicadas", "Cidadap", "Cihaur", "Cihideung", "Cijambe", "Cikadu",
    "Cikancung", "Cikoneng", "Cilame", "Cileungsing", "Cimaung", "Cinangka", "Cinyasag", "Cipaku", "Cipari", "Cirangkong",
    "Cisarua", "Cisaat", "Citaman", "Citengah", "Ciwaru", "Ciburial", "Cigugur", "Cikembang", "Cilengkrang",
)  # fmt: skip
_GROUND: Final = ("Pasir", "Bojong", "Ranca", "Legok", "Gunung", "Babakan", "Lebak", "Datar", "Rawa", "Kubang")
_GROWTH: Final = (
    "huni", "awi", "bungur", "kiara", "salam", "jambu", "nangka", "kawung", "haur", "tangkil", "manggu", "picung", "gede",
    "panjang", "karet", "muncang", "loa", "kalapa",
)  # fmt: skip
_SIDES: Final = (" Kulon", " Wetan", " Kaler", " Kidul")
_TWICE: Final = 0.12
_RIVERS: Final = (
    "Ci Arunika", "Ci Sanggala", "Ci Wulanjar", "Ci Lembayung", "Ci Karunga", "Ci Tamiang", "Ci Naraga", "Ci Balukar",
    "Ci Mandawa", "Ci Rengganis", "Ci Patala", "Ci Wiyara",
)  # fmt: skip


def name_villages(rng: np.random.Generator, district: Ints, always: int) -> list[str]:
    """Return a name for each village, unique within its kecamatan.

    Args:
        rng: Draws.
        district: Kecamatan of each village.
        always: The village that is called Sukanagara.
    """
    pool = _pool(rng, len(district))
    names: list[str] = []
    taken: set[tuple[int, str]] = set()
    for village, where in enumerate(district.tolist()):
        if village == always:
            names.append(ALWAYS)
            continue
        known = [name for name in names if name != ALWAYS and (where, name) not in taken]
        twice = known and rng.random() < _TWICE
        name = known[int(rng.integers(len(known)))] if twice else pool.pop()
        taken.add((where, name))
        names.append(name)
    return names


def _pool(rng: np.random.Generator, count: int) -> list[str]:
    """Return at least `count` different names in random order."""
    joined = [first + second for first in _FIRST for second in _SECOND if first.lower() != second]
    ground = [first + second for first in _GROUND for second in _GROWTH]
    plain = sorted({*joined, *ground, *_WATER} - {ALWAYS})
    order = rng.permutation(len(plain))
    names = [plain[index] for index in order]
    sided = [name + side for name in names for side in _SIDES]
    return sided[:count] + names  # taken from the end


def name_districts(names: list[str], capitals: Ints) -> list[str]:
    """Return the name of each kecamatan: its capital's, with a word more where that is taken."""
    found: list[str] = []
    for capital in capitals.tolist():
        name = names[capital] if names[capital] != ALWAYS else "Nagara"
        while name in found:
            name = f"{name} Girang" if not name.endswith("Girang") else f"{name} Hilir"
        found.append(name)
    return found


def with_names(rivers: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return rivers with a column `name`; the largest lines are named first, small ones have none."""
    named = np.full(len(rivers), "", dtype=object)
    for name, index in zip(_RIVERS, np.argsort(-rivers["catchment_km2"].to_numpy(), kind="stable"), strict=False):
        named[index] = name
    return rivers.assign(name=named)
