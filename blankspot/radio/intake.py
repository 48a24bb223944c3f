"""Which services can be predicted, with every value filled in; what cannot is left out and said.

Three kinds of remark. A *rejected* service has something that its owner must correct: an impossible value, a site that is
not there. A service that is *noted* and left out is no fault: its site does not work (yet), it is listed twice, or its
place is a crowd-sourced one, which is never the truth about a site. Values that are not stated are assumed
(`radio.service` of the settings), and each assumption is noted once with the number of services it concerns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.coverage import METRIC_OF
from blankspot.errors import UsageError
from blankspot.radio.advice import JUDGED, advise, doubt_eirp
from blankspot.radio.link import CARRIER_MHZ
from blankspot.radio.remarks import Remarks
from blankspot.schema import TABLES
from blankspot.settings import Settings, load_settings
from blankspot.words import LABELS, LANGS, Text, number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from blankspot.coverage import Model

COLUMNS: Final = (
    "site_id", "site_name", "lon", "lat", "ground_m", "height_m", "operator", "technology", "metric", "band_mhz",
    "eirp_dbm", "azimuth_deg", "beamwidth_deg", "tilt_deg", "bandwidth_mhz", "floor_dbm", "source", "source_row",
)  # fmt: skip
MODEL_RANGE_MHZ: Final[Mapping[Model, tuple[float, float]]] = {
    "p1812": (30.0, 6000.0),  # ITU-R P.1812-8, clause 1
    "hata": (30.0, 3000.0),  # as extended by ERC Report 68; see `HATA_PUBLISHED_MHZ`
    "free_space": (0.0, np.inf),
}
HATA_PUBLISHED_MHZ: Final = (150.0, 2000.0)  # Hata (1980) and COST 231 (1999)
_OMNI_DEG: Final = 360.0
_EXAMPLES: Final = 3
_SERVICE_TEXTS: Final = ("site_id", "operator", "technology")
_SERVICE_NUMBERS: Final = JUDGED
_SITE_TEXTS: Final = ("site_name", "status", "position_quality")
_SITE_NUMBERS: Final = ("lon", "lat", "ground_m")
_SITE_UNKNOWN: Final = Text(
    "menara '{value}' tidak ada di daftar menara; tambahkan menaranya atau betulkan ID pada layanan ini.",
    "site '{value}' is not in the list of sites; add it there or correct the ID of this service.",
)
_SITE_TWICE: Final = Text(
    "menara '{value}' tercatat lebih dari sekali dengan isi yang berbeda; pilih satu.",
    "site '{value}' is listed more than once with different contents; choose one.",
)
_NO_PLACE: Final = Text(
    "menara '{value}' tidak punya posisi yang sah; isi bujur dan lintangnya.",
    "site '{value}' has no valid position; fill in its longitude and latitude.",
)
_UNKNOWN_TECHNOLOGY: Final = Text(
    "teknologi '{value}' tidak dikenal; pilih 2G, 3G, 4G, atau 5G.",
    "technology '{value}' is not known; choose 2G, 3G, 4G or 5G.",
)
_NO_OPERATOR: Final = Text("operator kosong; isi nama operatornya.", "the operator is empty; fill in its name.")
_NOT_ON_AIR: Final = Text(
    "menara berstatus {status_id}; layanannya tidak diprediksi.",
    "the site's status is {status_en}; its service is not predicted.",
)
_CROWDSOURCED: Final = Text(
    "{n} layanan {key} tidak diprediksi: posisinya urun daya (sel, bukan menara). Pakai daftar menara yang disurvei "
    "atau dilaporkan.",
    "{n} services of {key} are not predicted: their positions are crowd-sourced (cells, not masts). Use a list of sites "
    "that were surveyed or reported.",
)
_SAME: Final = Text(
    "layanan yang persis sama sudah tercatat di menara ini; dihitung satu kali.",
    "the very same service is listed at this site already; it is counted once.",
)
_OUTSIDE_MODEL: Final = Text(
    "pita {value} MHz di luar jangkauan model {model} ({low} sampai {high} MHz); betulkan band_mhz atau pilih model lain.",
    "{value} MHz is outside model {model} ({low} to {high} MHz); correct band_mhz or choose another model.",
)
_NO_SUCH_CARRIER: Final = Text(
    "pembawa {technology} selebar {value} MHz tidak ada ({low} sampai {high} MHz); tulis satu baris untuk setiap pembawa.",
    "there is no {technology} carrier of {value} MHz ({low} to {high} MHz); write one row for each carrier.",
)
_EXTENDED: Final = Text(
    "{n} layanan berpita {value} MHz di luar rentang Okumura-Hata dan COST 231 (150 sampai 2.000 MHz); prediksinya perkiraan "
    "menurut ERC Report 68.",
    "{n} services at {value} MHz are outside the range of Okumura-Hata and COST 231 (150 to 2,000 MHz); their prediction is an "
    "estimate after ERC Report 68.",
)
_ASSUMED: Final = Text(
    "{title} tidak tertulis pada {n} layanan{of} (misalnya {examples}); dipakai {value} {unit}. Isi kolom {column} bila "
    "diketahui.",
    "{column} is not stated for {n} services{of} (such as {examples}); {value} {unit} is assumed. Fill in column "
    "{column} where it is known.",
)


def usable(
    services: pd.DataFrame,
    sites: pd.DataFrame,
    *,
    model: Model | None = None,
    settings: Settings | None = None,
    operators: Collection[str] | None = None,
    crowdsourced: bool = False,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Join services with their sites, fill in what is not stated and leave out what cannot be predicted.

    Args:
        services: Columns of `schema.TABLES["services"]`; `source` and `source_row` name each row in remarks where given.
        sites: Columns of `schema.TABLES["sites"]`.
        model: Whose range of frequencies counts; `settings.radio.model` if not given.
        settings: What is assumed (`radio.service`), floors (`signal`, `radio.floor_margin_db`), language of remarks.
        operators: Only these, as named in `services`; all if not given.
        crowdsourced: Also predict services at crowd-sourced positions.

    Returns:
        The services to predict, columns `COLUMNS`, index from 0, in the order given: `height_m` is that of the antenna
        above ground, `azimuth_deg` is NaN for an omnidirectional antenna, `ground_m` may be NaN, everything else is
        filled. And the remarks, columns of `check.REJECT_COLUMNS`.

    Raises:
        UsageError: A table lacks a column that nothing can be predicted without, or an operator is not there.
    """
    settings = settings or load_settings()
    model = model or settings.radio.model
    _require(services, "services", _SERVICE_TEXTS)
    _require(sites, "sites", ("site_id", "lon", "lat"))
    if operators is not None:
        services = services[services["operator"].isin(_known(operators, services))]
    intake = _Intake(_joined(services, sites), settings)
    _judge_sites(intake, sites)
    _leave_out(intake, crowdsourced=crowdsourced)
    _judge_values(intake)
    _fill(intake, settings)
    _judge_band(intake, model)
    _judge_width(intake)
    _leave_repeats(intake)
    _doubt(intake, settings)
    ready = intake.frame[intake.alive]
    return ready[list(COLUMNS)].reset_index(drop=True), intake.remarks.frame()


class _Intake:
    """Services under judgement: the first rule that speaks against one takes it out."""

    def __init__(self, frame: pd.DataFrame, settings: Settings) -> None:
        self.frame = frame
        self.alive = np.ones(len(frame), dtype=bool)
        self.remarks = Remarks(settings.language)

    def reject(self, mask: pd.Series | NDArray[np.bool_], *, column: str, rule: str, message: Text) -> None:
        """Take services out that must be corrected."""
        hit = np.asarray(mask, dtype=bool) & self.alive
        self.remarks.of_services(self.frame, hit, column=column, rule=rule, message=message)
        self.alive &= ~hit

    def leave(self, mask: pd.Series | NDArray[np.bool_], *, column: str, rule: str, message: Text) -> None:
        """Take services out that are right and not predicted."""
        hit = np.asarray(mask, dtype=bool) & self.alive
        self.remarks.of_services(self.frame, hit, column=column, rule=rule, message=message, severity="noted")
        self.alive &= ~hit


def _require(frame: pd.DataFrame, table: str, columns: tuple[str, ...]) -> None:
    missing = ", ".join(name for name in columns if name not in frame)
    if missing:
        raise UsageError(
            Text(f"Tabel {table} tidak punya kolom {missing}.", f"Table {table} has no column {missing}."),
            hint=Text("Baca dengan read_sites.", "Read it with read_sites."),
        )


def _known(operators: Collection[str], services: pd.DataFrame) -> list[str]:
    there = sorted(services["operator"].dropna().unique())
    strange = ", ".join(sorted(set(operators) - set(there)))
    if strange:
        raise UsageError(
            Text(f"Operator tidak ada di daftar layanan: {strange}.", f"No service is of operator {strange}."),
            hint=Text(f"Yang ada: {', '.join(there)}.", f"There are: {', '.join(there)}."),
        )
    return list(operators)


def _joined(services: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Return services with what their sites say, in types one can reckon with; `height_m` of the site where it has none."""
    frame = _typed(services, _SERVICE_TEXTS, (*_SERVICE_NUMBERS, "source_row"))
    frame["source"] = services["source"].to_numpy() if "source" in services else ""
    listed = _typed(sites, ("site_id", *_SITE_TEXTS), (*_SITE_NUMBERS, "height_m"))
    listed = listed.drop_duplicates("site_id").rename(columns={"height_m": "site_height_m"})
    listed["listed"] = True
    joined = frame.merge(listed, on="site_id", how="left", validate="many_to_one")
    joined["height_m"] = joined["height_m"].fillna(joined["site_height_m"])
    return joined


def _typed(frame: pd.DataFrame, texts: tuple[str, ...], numbers: tuple[str, ...]) -> pd.DataFrame:
    there = {
        name: frame[name] if name in frame else pd.Series(np.nan, index=frame.index) for name in (*texts, *numbers)
    }
    typed = {
        name: values.astype("str") if name in texts else values.astype("float64") for name, values in there.items()
    }
    return pd.DataFrame(typed).reset_index(drop=True)


def _judge_sites(intake: _Intake, sites: pd.DataFrame) -> None:
    frame = intake.frame
    intake.reject(frame["listed"].isna(), column="site_id", rule="site_unknown", message=_SITE_UNKNOWN)
    told = [name for name in TABLES["sites"].columns if name in sites and name != "source"]
    apart = sites.drop_duplicates(told)["site_id"]
    twice = frame["site_id"].isin(apart[apart.duplicated()])
    intake.reject(twice, column="site_id", rule="site_ambiguous", message=_SITE_TWICE)
    placed = frame["lon"].between(-180, 180) & frame["lat"].between(-90, 90)
    intake.reject(~placed, column="site_id", rule="site_without_position", message=_NO_PLACE)


def _leave_out(intake: _Intake, *, crowdsourced: bool) -> None:
    frame = intake.frame
    for status in ("inactive", "planned"):
        words = LABELS["status"][status]
        message = _NOT_ON_AIR.fill(status_id=words.id.lower(), status_en=words.en.lower())
        intake.leave(frame["status"] == status, column="status", rule=f"site_{status}", message=message)
    if crowdsourced:
        return
    hit = (frame["position_quality"] == "crowdsourced").to_numpy() & intake.alive
    for (operator, technology), group in frame[hit].groupby(["operator", "technology"], dropna=False):
        told = {lang: number(len(group), lang=lang) for lang in LANGS}
        intake.remarks.say(
            column="position_quality",
            rule="site_crowdsourced",
            message=Text(
                *(_CROWDSOURCED.of(lang).format(n=told[lang], key=f"{operator} {technology}") for lang in LANGS)
            ),
            value=len(group),
        )
    intake.alive &= ~hit


def _judge_values(intake: _Intake) -> None:
    frame = intake.frame
    technology = frame["technology"]
    strange = ~technology.isin(METRIC_OF)
    intake.reject(strange, column="technology", rule="technology_unknown", message=_UNKNOWN_TECHNOLOGY)
    nobody = frame["operator"].isna() | (frame["operator"].str.strip() == "")
    intake.reject(nobody, column="operator", rule="missing_value", message=_NO_OPERATOR)
    for column in JUDGED:
        said = [advise(column, value) for value in frame[column]]
        hit = np.array([text is not None for text in said], dtype=bool) & intake.alive
        texts = [text for text, told in zip(said, hit, strict=True) if told and text is not None]
        intake.remarks.of_services(frame, hit, column=column, rule="out_of_range", message=texts)
        intake.alive &= ~hit


def _fill(intake: _Intake, settings: Settings) -> None:
    """Assume what is not stated: by technology for band and width, an antenna's own where it points somewhere."""
    service, frame = settings.radio.service, intake.frame
    omni = frame["azimuth_deg"].isna()
    frame.loc[omni, "beamwidth_deg"] = _OMNI_DEG
    frame.loc[omni & frame["tilt_deg"].isna(), "tilt_deg"] = 0.0  # an omnidirectional antenna stands upright
    for column, values in (("band_mhz", service.band_mhz), ("bandwidth_mhz", service.bandwidth_mhz)):
        for technology in METRIC_OF:
            _assume(intake, column, values[technology], frame["technology"] == technology, technology)
    for column, value in (
        ("eirp_dbm", service.eirp_dbm), ("height_m", service.height_m), ("beamwidth_deg", service.beamwidth_deg),
        ("tilt_deg", 0.0),
    ):  # fmt: skip
        _assume(intake, column, value, pd.Series(True, index=frame.index))
    frame["metric"] = frame["technology"].map(METRIC_OF)
    floors = {
        technology: getattr(settings.signal, metric).weak_min_dbm - settings.radio.floor_margin_db
        for technology, metric in METRIC_OF.items()
    }
    frame["floor_dbm"] = frame["technology"].map(floors).astype("float64")


def _assume(intake: _Intake, column: str, value: float, among: pd.Series, technology: str = "") -> None:
    frame = intake.frame
    hit = (frame[column].isna() & among).to_numpy() & intake.alive
    if not hit.any():
        return
    frame.loc[hit, column] = value
    declared = TABLES["services"].columns[column]
    names = [*dict.fromkeys(frame.loc[hit, "site_id"])]
    examples = ", ".join(names[:_EXAMPLES]) + (", …" if len(names) > _EXAMPLES else "")
    said = [
        _ASSUMED.of(lang).format(
            title=declared.title,
            column=column,
            n=number(hit.sum(), lang=lang),
            of=f" {technology}" if technology and lang == "id" else f" of {technology}" if technology else "",
            examples=examples,
            value=number(value, 0 if float(value).is_integer() else 1, lang=lang),
            unit=declared.metadata["unit"],
        )
        for lang in LANGS
    ]
    intake.remarks.say(column=column, rule="assumed", message=Text(*said), value=value)


def _judge_band(intake: _Intake, model: Model) -> None:
    low, high = MODEL_RANGE_MHZ[model]
    outside = ~intake.frame["band_mhz"].between(low, high)
    message = _OUTSIDE_MODEL.fill(value="{value}", model=model, low=f"{low:g}", high=f"{high:g}")
    intake.reject(outside, column="band_mhz", rule="outside_model", message=message)
    if model != "hata":
        return
    extended = ~intake.frame["band_mhz"].between(*HATA_PUBLISHED_MHZ).to_numpy() & intake.alive
    for band, group in intake.frame[extended].groupby("band_mhz"):
        text = _EXTENDED.fill(n=len(group), value=f"{band:g}")
        intake.remarks.say(column="band_mhz", rule="hata_extended", message=text, value=band)


def _judge_width(intake: _Intake) -> None:
    """Reject widths that no carrier has: aggregated carriers written as one, or kHz for MHz."""
    for technology, edges in CARRIER_MHZ.items():
        strange = (intake.frame["technology"] == technology) & ~intake.frame["bandwidth_mhz"].between(*edges)
        told = {lang: [number(edge, 0 if edge.is_integer() else 1, lang=lang) for edge in edges] for lang in LANGS}
        said = [
            _NO_SUCH_CARRIER.of(lang).format(technology=technology, value="{value}", low=low, high=high)
            for lang, (low, high) in told.items()
        ]
        intake.reject(strange, column="bandwidth_mhz", rule="no_such_carrier", message=Text(*said))


def _leave_repeats(intake: _Intake) -> None:
    frame = intake.frame
    same = frame[intake.alive].duplicated([*_SERVICE_TEXTS, *_SERVICE_NUMBERS])
    hit = np.zeros(len(frame), dtype=bool)
    hit[same.index[same]] = True
    intake.leave(hit, column="site_id", rule="duplicate", message=_SAME)


def _doubt(intake: _Intake, settings: Settings) -> None:
    eirp = intake.frame["eirp_dbm"]
    low = (eirp < settings.intake.eirp_doubtful_below_dbm).to_numpy() & intake.alive
    texts = [doubt_eirp(float(value)) for value in eirp[low]]
    intake.remarks.of_services(
        intake.frame, low, column="eirp_dbm", rule="eirp_doubtful", message=texts, severity="noted"
    )
