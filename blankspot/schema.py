"""The tables and their columns, declared once; readers, writers, templates, documents and tests all use this page.

Each table is a pandera schema. A column carries, beside its type and checks, what a person needs to fill it in: an
Indonesian heading and instruction, the unit, an example, and the classification under UU 14/2008 that decides whether it
may leave in open data. `failures` applies a schema lazily and hands back *every* fault with its rows (pandera's own
`drop_invalid_rows` would throw them away silently).

Nullable columns may be absent from a source; they are added empty. Geometry is EPSG:4326. The file is long because it is a
list of declarations, and parting them would part what is read together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
import pandera.pandas as pa

from blankspot.values import DTYPES, Kind, coerce, without_unit
from blankspot.words import LABELS, Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from blankspot.words import Lang

Classification = Literal["terbuka", "terbatas", "dikecualikan"]
Finding = tuple[str, str, "NDArray[np.intp]", Text, list[object]]

SIGNAL_CLASSES: Final = ("none", "weak", "served", "unknown")
CONFIDENCES: Final = ("measured", "fused", "modelled", "reported", "indicative")
METRICS: Final = ("rsrp_dbm", "ss_rsrp_dbm", "rscp_dbm", "rxlev_dbm", "no_service", "download_mbps", "upload_mbps")
LEVEL_METRICS: Final = METRICS[:4]
TECHNOLOGIES: Final = ("2G", "3G", "4G", "5G")
METRIC_TECHNOLOGY: Final = {"rsrp_dbm": "4G", "ss_rsrp_dbm": "5G", "rscp_dbm": "3G", "rxlev_dbm": "2G"}
VILLAGE_TYPES: Final = ("desa", "kelurahan", "desa_adat")
INSTRUCTION_SHEETS: Final = ("Petunjuk", "Pilihan")  # sheets of a template that hold no data
INTERVENTION_TYPES: Final = ("bts", "repeater", "fiber_wifi", "vsat", "leo", "ran_sharing")
HANDLING_EVENTS: Final = ("target", "target_removed", *LABELS["stage"])
DIRECTIONS: Final = ("higher", "lower")
COUNTINGS: Final = ("cumulative", "in_quarter")
CHANNELS: Final = tuple(LABELS["channel"])
PARTNER_ROLES: Final = tuple(LABELS["role"])
FUNDING_SOURCES: Final = ("apbn", "apbd_prov", "apbd_kab", "did", "dana_desa", "add", "uso_bakti", "csr", "komersial")


def _column(  # a declaration has as many words as a column has properties
    kind: Kind,
    heading: str,
    help_en: str,
    help_id: str = "",
    *,
    optional: bool = False,
    unit: str = "",
    choices: Sequence[str] = (),
    ge: float | None = None,
    le: float | None = None,
    example: str = "",
    classification: Classification = "terbuka",
) -> pa.Column:
    checks = []
    if choices:
        checks.append(pa.Check.isin(list(choices), error="not_a_choice"))
    if ge is not None or le is not None:
        low, high = -np.inf if ge is None else ge, np.inf if le is None else le
        checks.append(pa.Check.in_range(low, high, error="out_of_range"))
    return pa.Column(
        DTYPES[kind],
        checks=checks,
        nullable=optional,
        title=heading,
        description=help_en,
        metadata={
            "kind": kind,
            "help_id": help_id or heading,
            "unit": unit,
            "choices": tuple(choices),
            "range": (ge, le),
            "example": example,
            "classification": classification,
        },
    )


def _table(name: str, title: str, description: str, **columns: pa.Column) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(columns, name=name, title=title, description=description, strict=False, coerce=False)


_VILLAGE_CODE = _column(
    "code",
    "Kode desa",
    "Kemendagri code with dots, always text.",
    "Kode Kemendagri bertitik, 10 angka, ditulis sebagai teks.",
    example="32.04.05.2001",
)
_VILLAGE_CODE_OPTIONAL = _column(
    "code",
    "Kode desa",
    "Kemendagri code with dots.",
    "Kode Kemendagri bertitik.",
    optional=True,
    example="32.04.05.2001",
)
_LON = _column(
    "number", "Bujur", "Longitude, WGS 84.", "Bujur desimal WGS 84.", unit="°", ge=-180, le=180, example="107.7400"
)
_LAT = _column(
    "number",
    "Lintang",
    "Latitude, WGS 84.",
    "Lintang desimal WGS 84, selatan negatif.",
    unit="°",
    ge=-90,
    le=90,
    example="-6.9442",
)
# Where somebody asks or complains may be a home, and where and when a phone was is a track: neither leaves as it is.
_LON_OPTIONAL = _column(
    "number",
    "Bujur",
    "Longitude, WGS 84.",
    optional=True,
    unit="°",
    ge=-180,
    le=180,
    example="107.7400",
    classification="terbatas",
)
_LAT_OPTIONAL = _column(
    "number",
    "Lintang",
    "Latitude, WGS 84.",
    optional=True,
    unit="°",
    ge=-90,
    le=90,
    example="-6.9442",
    classification="terbatas",
)
_LON_READING = _column(
    "number",
    "Bujur",
    "Longitude, WGS 84.",
    "Bujur desimal WGS 84.",
    unit="°",
    ge=-180,
    le=180,
    example="107.7400",
    classification="terbatas",
)
_LAT_READING = _column(
    "number",
    "Lintang",
    "Latitude, WGS 84.",
    "Lintang desimal WGS 84, selatan negatif.",
    unit="°",
    ge=-90,
    le=90,
    example="-6.9442",
    classification="terbatas",
)
_SOURCE = _column(
    "text",
    "Sumber",
    "Where the row comes from.",
    "Nama berkas atau lembaga sumber.",
    optional=True,
    example="Dinas Kominfo",
    classification="terbatas",  # the name of a file or logger is often that of who made it
)
_NOTE = _column(
    "text", "Catatan", "Free text.", "Catatan bebas, tanpa data pribadi.", optional=True, classification="terbatas"
)

TABLES: Final[dict[str, pa.DataFrameSchema]] = {
    schema.name: schema
    for schema in (
        _table(
            "villages",
            "Desa",
            "One row per level-4 unit.",
            village_code=_VILLAGE_CODE,
            village_name=_column("text", "Nama desa", "Official name.", example="Cileunyi Kulon"),
            village_type=_column(
                "choice",
                "Jenis",
                "desa, kelurahan or desa adat; empty where the code is a BPS number, which does not tell.",
                "desa, kelurahan, atau desa adat; kosong bila hanya ada nomor BPS.",
                optional=True,
                choices=VILLAGE_TYPES,
                example="desa",
            ),
            district=_column("text", "Kecamatan", "Name of the kecamatan.", optional=True, example="Cileunyi"),
            regency=_column(
                "text", "Kabupaten/kota", "Name of the kabupaten or kota.", optional=True, example="Kabupaten Bandung"
            ),
            province=_column("text", "Provinsi", "Name of the province.", optional=True, example="Jawa Barat"),
            code_version=_column(
                "text", "Versi kode", "Decree the codes follow.", optional=True, example="Kepmendagri 300.2.2-2138/2025"
            ),
            bps_code=_column("code", "Kode BPS", "BPS number, another numbering.", optional=True, example="3204280003"),
            population=_column("number", "Penduduk", "Residents.", optional=True, unit="jiwa", ge=0, example="12500"),
            office_point=_column(
                "text",
                "Kantor desa",
                "Position of the village office as WKT.",
                optional=True,
                example="POINT (107.74 -6.944)",
            ),
            geometry=_column("geometry", "Batas", "Polygon or multipolygon, EPSG:4326."),
        ),
        _table(
            "measurements",
            "Titik ukur",
            "One reading of one metric.",
            measured_at=_column(
                "time",
                "Waktu ukur",
                "When, UTC in memory.",
                "Tanggal dan jam setempat.",
                example="2022-10-03 09:15:00",
                classification="terbatas",
            ),
            lon=_LON_READING,
            lat=_LAT_READING,
            accuracy_m=_column(
                "number",
                "Akurasi",
                "Horizontal accuracy of the position.",
                "Ketelitian posisi GPS, sebagaimana ditunjukkan ponsel.",
                optional=True,
                unit="m",
                ge=0,
                example="8",
                classification="terbatas",
            ),
            operator=_column(
                "text",
                "Operator",
                "Network heard; empty only for no_service of any network.",
                "Jaringan yang diukur; kosong hanya bila tidak ada jaringan apa pun (no_service).",
                optional=True,
                example="telkomsel",
            ),
            technology=_column(
                "choice",
                "Teknologi",
                "Generation of the serving cell.",
                "Generasi jaringan yang melayani.",
                optional=True,
                choices=TECHNOLOGIES,
                example="4G",
            ),
            metric=_column(
                "choice",
                "Metrik",
                "What the value is; a value without a named metric is refused.",
                "Nama besaran; nilai tanpa nama besaran ditolak.",
                choices=METRICS,
                example="rsrp_dbm",
            ),
            value=_column(
                "number",
                "Nilai",
                "In the unit of the metric; empty for no_service.",
                "Angka dalam satuan metriknya (dBm atau Mbps); kosong untuk no_service.",
                optional=True,
                example="-98",
            ),
            indoor=_column(
                "flag",
                "Di dalam ruangan",
                "Measured inside a building.",
                "Apakah diukur di dalam bangunan.",
                optional=True,
                example="tidak",
            ),
            source=_SOURCE,
            contributor=_column(
                "text",
                "Perangkat",
                "Device or surveyor that measured; replaced by a number when it is read, only to count how many there were.",
                "Kode perangkat atau petugas; saat dibaca diganti nomor, hanya untuk menghitung banyaknya perangkat.",
                optional=True,
                classification="dikecualikan",
                example="HP-07",
            ),
            source_row=_column(
                "integer", "Baris sumber", "Row in the source.", optional=True, classification="terbatas"
            ),
        ),
        _table(
            "sites",
            "Menara",
            "A place with a mast; crowd-sourced positions are never the truth about one.",
            site_id=_column(
                "text",
                "ID menara",
                "Unique name of the site.",
                "Kode unik menara; tidak boleh sama dengan menara lain.",
                example="ARN001",
            ),
            site_name=_column(
                "text",
                "Nama menara",
                "Name of the site.",
                "Nama yang dikenal, misalnya nama desa dan nomor.",
                optional=True,
                example="Sukanagara 1",
            ),
            owner=_column(
                "text", "Pemilik", "Owner of the mast.", "Perusahaan pemilik menara.", optional=True, example="Mitratel"
            ),
            lon=_LON,
            lat=_LAT,
            ground_m=_column(
                "number",
                "Elevasi tanah",
                "Ground above sea level.",
                "Ketinggian tanah di atas permukaan laut.",
                optional=True,
                unit="m",
                ge=-50,
                le=5100,
                example="820",
            ),
            height_m=_column(
                "number",
                "Tinggi menara",
                "Antenna height above ground.",
                "Tinggi antena di atas tanah.",
                optional=True,
                unit="m",
                ge=1,
                le=400,
                example="52",
            ),
            status=_column(
                "choice",
                "Status",
                "Whether it works.",
                "Keadaan sekarang.",
                choices=("active", "planned", "inactive"),
                example="active",
            ),
            position_quality=_column(
                "choice",
                "Mutu posisi",
                "How the position is known.",
                "Cara posisi diketahui: disurvei di lapangan, dilaporkan, atau urun daya.",
                choices=("surveyed", "reported", "crowdsourced"),
                example="surveyed",
            ),
            source=_SOURCE,
        ),
        _table(
            "services",
            "Layanan menara",
            "What a site transmits.",
            site_id=_column(
                "text", "ID menara", "The site that carries it.", "ID menara pada lembar Menara.", example="ARN001"
            ),
            operator=_column("text", "Operator", "Network.", "Operator yang memancar.", example="telkomsel"),
            technology=_column(
                "choice", "Teknologi", "Generation.", "Generasi jaringan.", choices=TECHNOLOGIES, example="4G"
            ),
            band_mhz=_column(
                "number",
                "Pita",
                "Carrier frequency.",
                "Frekuensi pembawa.",
                optional=True,
                unit="MHz",
                ge=30,
                le=60000,
                example="1800",
            ),
            eirp_dbm=_column(
                "number",
                "EIRP",
                "Carrier EIRP in the main direction.",
                "Daya pancar efektif (EIRP) ke arah utama.",
                optional=True,
                unit="dBm",
                ge=-30,
                le=90,
                example="60",
            ),
            azimuth_deg=_column(
                "number",
                "Azimut",
                "From true north; empty is omni.",
                "Arah antena dari utara sejati; kosong berarti ke segala arah.",
                optional=True,
                unit="°",
                ge=0,
                le=360,
                example="120",
            ),
            beamwidth_deg=_column(
                "number",
                "Lebar pancar",
                "Half-power width.",
                "Lebar pancaran setengah daya.",
                optional=True,
                unit="°",
                ge=1,
                le=360,
                example="65",
            ),
            tilt_deg=_column(
                "number",
                "Kemiringan",
                "Down is positive.",
                "Kemiringan antena; ke bawah bernilai positif.",
                optional=True,
                unit="°",
                ge=-30,
                le=45,
                example="4",
            ),
            height_m=_column(
                "number",
                "Tinggi antena",
                "Where it differs from the site's.",
                "Diisi bila berbeda dari tinggi menara.",
                optional=True,
                unit="m",
                ge=1,
                le=400,
                example="45",
            ),
            bandwidth_mhz=_column(
                "number",
                "Lebar pita",
                "Carrier bandwidth.",
                "Lebar pita pembawa.",
                optional=True,
                unit="MHz",
                ge=0.1,
                le=2000,
                example="10",
            ),
        ),
        _table(
            "facilities",
            "Fasilitas publik",
            "A public place.",
            facility_id=_column(
                "text",
                "ID fasilitas",
                "Unique name.",
                "Nomor atau kode unik; boleh kosong.",
                optional=True,
                example="F001",
            ),
            facility_name=_column("text", "Nama fasilitas", "Name.", "Nama tempat.", example="SDN Sukanagara 1"),
            facility_type=_column(
                "choice",
                "Jenis fasilitas",
                "Kind of place.",
                "Jenis tempat.",
                choices=("kantor_desa", "sekolah", "puskesmas", "pasar", "ibadah", "lainnya"),
                example="sekolah",
            ),
            village_code=_VILLAGE_CODE_OPTIONAL,
            lon=_LON,
            lat=_LAT,
            has_internet=_column(
                "flag",
                "Ada internet",
                "Whether it has internet.",
                "Apakah ada akses internet.",
                optional=True,
                example="ya",
            ),
            source=_SOURCE,
        ),
        _table(
            "internet_points",
            "Titik layanan internet",
            "A WiFi, VSAT or low-orbit point; it does not end a cellular blankspot.",
            point_id=_column(
                "text", "ID titik", "Unique name.", "Nomor atau kode unik; boleh kosong.", optional=True, example="W001"
            ),
            point_name=_column(
                "text", "Nama titik", "Name.", "Nama lokasi layanan.", example="WiFi Balai Desa Sukanagara"
            ),
            point_type=_column(
                "choice",
                "Jenis titik",
                "Kind.",
                "Jenis layanan.",
                choices=("wifi", "vsat", "leo", "fiber"),
                example="wifi",
            ),
            provider=_column(
                "text", "Penyedia", "Who provides it.", "Penyedia layanan.", optional=True, example="BAKTI"
            ),
            village_code=_VILLAGE_CODE_OPTIONAL,
            lon=_LON,
            lat=_LAT,
            status=_column(
                "choice",
                "Status",
                "Whether it works.",
                "Keadaan sekarang.",
                optional=True,
                choices=("active", "planned", "inactive"),
                example="active",
            ),
            since=_column(
                "date",
                "Sejak",
                "First day of service.",
                "Hari pertama layanan aktif.",
                optional=True,
                example="2022-03-14",
            ),
            source=_SOURCE,
        ),
        _table(
            "proposals",
            "Usulan",
            "A request for handling.",
            proposal_id=_column(
                "text",
                "Nomor usulan",
                "Unique name.",
                "Nomor atau kode unik; boleh kosong.",
                optional=True,
                example="U-2022-017",
            ),
            proposed_on=_column(
                "date", "Tanggal usulan", "Day of the request.", "Tanggal usulan diajukan.", example="2022-02-11"
            ),
            village_code=_VILLAGE_CODE,
            proposer=_column(
                "text",
                "Pengusul",
                "Body that asks, not a person.",
                "Lembaga pengusul, bukan nama orang.",
                example="Pemerintah Desa Sukanagara",
            ),
            channel=_column(
                "choice",
                "Jalur",
                "How it came.",
                "Jalur masuknya usulan.",
                choices=CHANNELS,
                example="musrenbang",
            ),
            intervention_type=_column(
                "choice",
                "Jenis penanganan",
                "What is asked for.",
                "Penanganan yang diminta.",
                optional=True,
                choices=INTERVENTION_TYPES,
                example="bts",
            ),
            lon=_LON_OPTIONAL,
            lat=_LAT_OPTIONAL,
            document=_column(
                "text",
                "Dokumen",
                "Letter or minutes.",
                "Nomor surat atau berita acara.",
                optional=True,
                example="BA-Musrenbang-2022",
            ),
            village_name=_column(
                "text",
                "Nama desa",
                "Name of the desa; helps where the code is not known, and waits for confirmation where it does not decide.",
                "Nama desa dan kecamatan menolong bila kodenya belum diketahui; nama yang meragukan menunggu konfirmasi.",
                optional=True,
                example="Sukanagara",
            ),
            district=_column("text", "Kecamatan", "Name of the kecamatan.", optional=True, example="Cileunyi"),
            note=_NOTE,
        ),
        _table(
            "reports",
            "Laporan warga",
            "A complaint or citizen report of poor or no signal.",
            report_id=_column(
                "text",
                "Nomor laporan",
                "Unique name.",
                "Nomor atau kode unik; boleh kosong.",
                optional=True,
                example="L-0193",
                classification="terbatas",
            ),
            reported_on=_column(
                "date",
                "Tanggal laporan",
                "Day of the report.",
                "Tanggal laporan diterima.",
                example="2022-08-19",
                classification="terbatas",
            ),
            village_code=_VILLAGE_CODE_OPTIONAL,
            lon=_LON_OPTIONAL,
            lat=_LAT_OPTIONAL,
            operator=_column(
                "text",
                "Operator",
                "Network complained of.",
                "Operator yang dikeluhkan.",
                optional=True,
                example="telkomsel",
            ),
            claim=_column(
                "choice",
                "Pernyataan",
                "What is said of the signal; empty means a complaint.",
                "Pernyataan tentang sinyal; kosong berarti keluhan.",
                optional=True,
                choices=tuple(LABELS["claim"]),
                example="none",
            ),
            place=_column(
                "text",
                "Tempat",
                "Where in the village, without personal data.",
                "Dusun atau patokan tempat, tanpa nama orang.",
                optional=True,
                classification="terbatas",
            ),
            attachment=_column(
                "text",
                "Nama berkas",
                "Name of a picture or log that goes with it.",
                "Nama berkas foto atau hasil ukur yang menyertai.",
                optional=True,
                classification="terbatas",
            ),
            correction_code=_column(
                "text",
                "Kode koreksi",
                "The code printed with a village on the map; it names village, data and check digits.",
                "Kode di kartu desa pada peta; dapat menggantikan kode desa.",
                optional=True,
            ),
            text=_column(
                "text",
                "Isi laporan",
                "What was said.",
                "Isi keluhan, tanpa nama dan nomor telepon.",
                optional=True,
                classification="dikecualikan",
            ),
            source=_SOURCE,
        ),
        _table(
            "podes",
            "Podes",
            "Perception of signal per village, as asked of village officials.",
            village_code=_VILLAGE_CODE,
            year=_column(
                "integer", "Tahun", "Year of the census.", "Tahun pendataan Podes.", ge=2000, le=2100, example="2021"
            ),
            signal=_column(
                "choice",
                "Kekuatan sinyal",
                "What most residents get.",
                "Sinyal yang diterima di sebagian besar wilayah desa.",
                choices=("none", "weak", "strong", "very_strong"),
                example="weak",
            ),
            technology=_column(
                "choice",
                "Teknologi",
                "Best generation received.",
                "Generasi terbaik yang diterima.",
                optional=True,
                choices=TECHNOLOGIES,
                example="4G",
            ),
            operators=_column(
                "integer",
                "Jumlah operator",
                "Operators received.",
                "Banyaknya operator yang sinyalnya diterima.",
                optional=True,
                ge=0,
                le=20,
                example="2",
            ),
            source=_SOURCE,
        ),
        _table(
            "handling",
            "Penanganan",
            "One row per move of a village through handling, or per change of the target list.",
            happened_on=_column("date", "Tanggal", "Day it happened.", "Tanggal kejadian.", example="2022-11-14"),
            village_code=_VILLAGE_CODE,
            event=_column(
                "choice",
                "Kejadian",
                "target, target_removed, or the stage that was reached.",
                "Masuk atau keluar dari daftar target, atau tahap yang dicapai.",
                choices=HANDLING_EVENTS,
                example="handled",
            ),
            year=_column(
                "integer",
                "Tahun target",
                "Year of the target list.",
                "Tahun daftar target.",
                optional=True,
                ge=2000,
                le=2100,
                example="2022",
            ),
            partner=_column(
                "text", "Mitra", "Who handles it.", "Pihak yang menangani.", optional=True, example="Telkomsel"
            ),
            intervention_type=_column(
                "choice",
                "Jenis penanganan",
                "What is built.",
                "Jenis penanganan yang dibangun.",
                optional=True,
                choices=INTERVENTION_TYPES,
                example="bts",
            ),
            funding_source=_column(
                "choice",
                "Sumber dana",
                "Where the money comes from.",
                "Asal pendanaan.",
                optional=True,
                choices=FUNDING_SOURCES,
                example="uso_bakti",
            ),
            budget_rp=_column(
                "number",
                "Anggaran",
                "Amount.",
                "Nilai penanganan.",
                optional=True,
                unit="Rp",
                ge=0,
                example="2600000000",
            ),
            evidence=_column(
                "text",
                "Bukti",
                "Reference of the evidence; required for handled.",
                "Rujukan bukti, wajib untuk kejadian Tertangani.",
                optional=True,
                example="BA-UjiSinyal-2022-031",
            ),
            document=_column(
                "text",
                "Dokumen",
                "Letter or minutes.",
                "Nomor surat atau berita acara.",
                optional=True,
                example="SK-Bupati-2022-118",
            ),
            reason=_column(
                "text",
                "Alasan",
                "Why it was rejected, deferred or reopened.",
                "Alasan penolakan, penundaan, atau pembukaan kembali.",
                optional=True,
            ),
            note=_NOTE,
            case_id=_column(
                "text",
                "Kasus",
                "Which case of the village: <village_code>:mobile or <village_code>:internet; its mobile coverage if empty.",
                "Kasus yang mana: <kode desa>:mobile atau <kode desa>:internet; kosong berarti cakupan seluler.",
                optional=True,
                example="32.04.05.2001:mobile",
            ),
            channel=_column(
                "choice",
                "Jalur",
                "How a proposal came.",
                "Jalur masuknya usulan; hanya untuk kejadian Diusulkan.",
                optional=True,
                choices=CHANNELS,
                example="musrenbang",
            ),
            proposer=_column(
                "text",
                "Pengusul",
                "Body that proposes, not a person.",
                "Lembaga pengusul, bukan nama orang; hanya untuk kejadian Diusulkan.",
                optional=True,
                example="Pemerintah Desa Sukanagara",
            ),
            lon=_column(
                "number",
                "Bujur",
                "Longitude of the place proposed, WGS 84.",
                "Bujur tempat yang diusulkan, desimal WGS 84; diperiksa terhadap batas desanya.",
                optional=True,
                unit="°",
                ge=-180,
                le=180,
                classification="terbatas",
            ),
            lat=_column(
                "number",
                "Lintang",
                "Latitude of the place proposed, WGS 84.",
                "Lintang tempat yang diusulkan, desimal WGS 84, selatan negatif.",
                optional=True,
                unit="°",
                ge=-90,
                le=90,
                classification="terbatas",
            ),
        ),
        _table(
            "indicators",
            "Indikator",
            "One row per indicator and quarter (or whole year): target, realisation, money, constraint.",
            indicator=_column(
                "text",
                "Indikator",
                "Name of the indicator; two of one name need a code each.",
                "Nama indikator; bila dua indikator bernama sama, beri kode masing-masing.",
                example="OPD terhubung",
            ),
            code=_column(
                "text",
                "Kode indikator",
                "Short code that stays when the name changes.",
                "Kode pendek yang tetap walau namanya berubah; boleh kosong.",
                optional=True,
                example="IKU-1",
            ),
            unit=_column("text", "Satuan", "Unit of target and realisation.", optional=True, example="OPD"),
            direction=_column(
                "choice",
                "Arah",
                "Whether a higher or a lower realisation is better; higher if empty.",
                "Apakah realisasi yang lebih tinggi atau yang lebih rendah lebih baik; kosong berarti lebih tinggi.",
                optional=True,
                choices=DIRECTIONS,
                example="higher",
            ),
            owner=_column(
                "text",
                "Bidang",
                "Unit of the office that answers for it.",
                "Bidang yang mengampu indikator.",
                optional=True,
                example="Bidang Infrastruktur TIK",
            ),
            goal=_column(
                "text",
                "Sasaran",
                "Goal that it measures.",
                "Sasaran strategis yang diukur.",
                optional=True,
                example="Meningkatnya layanan SPBE",
            ),
            program=_column(
                "text",
                "Program/kegiatan",
                "Programme or activity.",
                "Program atau kegiatan yang membiayai.",
                optional=True,
                example="Program Aplikasi Informatika",
            ),
            year=_column("integer", "Tahun", "Year.", "Tahun anggaran.", ge=2000, le=2099, example="2022"),
            quarter=_column(
                "integer",
                "Triwulan",
                "Quarter 1 to 4; empty for the whole year.",
                "Triwulan 1 sampai 4 (boleh TW III); kosong berarti setahun.",
                optional=True,
                ge=1,
                le=4,
                example="3",
            ),
            counting=_column(
                "choice",
                "Sifat",
                "Whether a figure counts from the start of the year or the quarter alone; cumulative if empty.",
                "Apakah angkanya kumulatif sejak awal tahun atau dalam triwulan itu saja; kosong berarti kumulatif.",
                optional=True,
                choices=COUNTINGS,
                example="cumulative",
            ),
            target=_column("number", "Target", "Target for the period.", optional=True, example="34"),
            realization=_column(
                "number",
                "Realisasi",
                "What was reached; may exceed the target.",
                "Yang dicapai; boleh melebihi target.",
                optional=True,
                example="36",
            ),
            budget_rp=_column(
                "number", "Anggaran", "Budget.", "Pagu anggaran.", optional=True, unit="Rp", ge=0, example="8000000000"
            ),
            realized_rp=_column(
                "number",
                "Realisasi anggaran",
                "Money spent.",
                "Anggaran yang sudah dipakai.",
                optional=True,
                unit="Rp",
                ge=0,
                example="4828000000",
            ),
            waiting_rp=_column(
                "number",
                "Menunggu dana",
                "Money whose payment is waited for.",
                "Anggaran yang masih menunggu dana cair.",
                optional=True,
                unit="Rp",
                ge=0,
                example="1829600000",
            ),
            as_of=_column(
                "date",
                "Tanggal data",
                "Day up to which the figures count.",
                "Tanggal sampai kapan angkanya berlaku.",
                optional=True,
                example="2022-12-26",
            ),
            source=_SOURCE,
            constraint=_column(
                "text",
                "Kendala",
                "What stands in the way.",
                "Hambatan yang dihadapi.",
                optional=True,
                example="Dana bagi hasil belum cair",
            ),
            follow_up=_column(
                "text",
                "Tindak lanjut",
                "What is done about it.",
                "Apa yang dilakukan.",
                optional=True,
                example="Usul pergeseran kas ke BKAD",
            ),
            responsible=_column(
                "text",
                "Penanggung jawab",
                "Office or unit that does it, not a person's name.",
                "Jabatan atau bidang yang menindaklanjuti, bukan nama orang.",
                optional=True,
                classification="terbatas",
                example="Sekretariat",
            ),
            note=_NOTE,
        ),
        _table(
            "partners",
            "Mitra",
            "Who handles villages: other names, days, role, successor. The contact is for letters and goes nowhere else.",
            partner_name=_column(
                "text",
                "Nama mitra",
                "Name of an organisation; of a known one any spelling will do.",
                "Nama lembaga atau perusahaan; untuk yang sudah dikenal, ejaan mana pun boleh.",
                example="Politeknik Arunika",
            ),
            role=_column(
                "choice",
                "Peran",
                "Its part in the pentahelix.",
                "Unsur pentahelix.",
                optional=True,
                choices=PARTNER_ROLES,
                example="academia",
            ),
            aliases=_column(
                "text",
                "Nama lain",
                "Other spellings, separated by semicolons.",
                "Ejaan lain, dipisahkan titik koma.",
                optional=True,
                example="Poltek Arunika; POLAR",
            ),
            alias_of=_column(
                "text",
                "Nama lain dari",
                "Fill in only where this row is another name of that partner, valid between its days.",
                "Isi hanya bila baris ini nama lain dari mitra itu, yang berlaku antara tanggal mulai dan berakhir.",
                optional=True,
            ),
            since=_column(
                "date",
                "Mulai berlaku",
                "First day under this name.",
                "Hari pertama dengan nama ini.",
                optional=True,
                example="2019-03-11",
            ),
            until=_column(
                "date", "Berakhir", "Last day under this name.", "Hari terakhir dengan nama ini.", optional=True
            ),
            successor=_column(
                "text",
                "Penerus",
                "Partner that took over, by merger or a new name.",
                "Mitra yang meneruskan, karena penggabungan atau ganti nama.",
                optional=True,
            ),
            contact=_column(
                "text",
                "Kontak",
                "For letters only; never in a report, a map or open data.",
                "Hanya untuk surat; tidak pernah muncul di laporan, peta, atau data terbuka.",
                optional=True,
                classification="dikecualikan",
            ),
            note=_NOTE,
        ),
        _table(
            "verdicts",
            "Status sinyal desa",
            "One row per village.",
            village_code=_VILLAGE_CODE,
            signal_class=_column("choice", "Status sinyal", "none, weak, served or unknown.", choices=SIGNAL_CLASSES),
            partial=_column(
                "flag", "Sebagian operator", "Not every operator that was measured or predicted serves it."
            ),
            no_4g=_column("flag", "Tanpa 4G", "Only 2G or 3G was found."),
            confidence=_column("choice", "Keyakinan", "What the verdict rests on.", choices=CONFIDENCES),
            share_served=_column("number", "Bagian terlayani", "Share served.", optional=True, unit="0–1", ge=0, le=1),
            share_weak=_column("number", "Bagian lemah", "Share weak.", optional=True, unit="0–1", ge=0, le=1),
            share_none=_column(
                "number", "Bagian blankspot", "Share without signal.", optional=True, unit="0–1", ge=0, le=1
            ),
            share_low=_column(
                "number", "Batas bawah", "Lower bound of share_served.", optional=True, unit="0–1", ge=0, le=1
            ),
            share_high=_column(
                "number", "Batas atas", "Upper bound of share_served.", optional=True, unit="0–1", ge=0, le=1
            ),
            weight_kind=_column("choice", "Bobot", "What the shares are shares of.", choices=("population", "area")),
            n_measurements=_column("integer", "Jumlah titik ukur", "Valid readings.", ge=0),
            n_cells=_column("integer", "Jumlah sel", "Cells with readings.", ge=0),
            latest_measurement=_column("time", "Ukur terakhir", "Newest valid reading.", optional=True),
            rule=_column("text", "Aturan", "Identifier of the rule that decided."),
            profile=_column("text", "Profil ambang", "Name and digest of the thresholds."),
            reason=_column("text", "Alasan", "One sentence for people."),
        ),
        _table(
            "evidence",
            "Bukti",
            "The figures behind the verdicts, long.",
            village_code=_VILLAGE_CODE,
            operator=_column("text", "Operator", "Network; empty for all.", optional=True),
            technology=_column("text", "Teknologi", "Generation; empty for all.", optional=True),
            kind=_column(
                "choice", "Jenis bukti", "Where it comes from.", choices=("measured", "modelled", "fused", "reported")
            ),
            statistic=_column("text", "Statistik", "Name of the figure, unit in the name."),
            value=_column("number", "Nilai", "The figure.", optional=True),
            low=_column("number", "Batas bawah", "Lower bound.", optional=True),
            high=_column("number", "Batas atas", "Upper bound.", optional=True),
            n=_column("integer", "n", "How many cells, readings or reports it rests on.", ge=0),
            source=_column("text", "Sumber", "Which files.", classification="terbatas"),
        ),
    )
}

# Tables that are made for publication out of others; no reader fills them.
OPEN_TABLES: Final[dict[str, pa.DataFrameSchema]] = {
    schema.name: schema
    for schema in (
        _table(
            "cases",
            "Penanganan per kasus",
            "One row per case of a village: where its handling stands, since when, by whom.",
            case_id=_column("text", "Kasus", "Which case of the village.", "Kasus yang mana dari desa itu."),
            village_code=_VILLAGE_CODE,
            service=_column(
                "choice",
                "Layanan",
                "What the case is about: mobile coverage or an internet point.",
                "Yang ditangani: cakupan seluler atau titik internet.",
                optional=True,
                choices=("mobile", "internet"),
            ),
            year=_column(
                "integer", "Tahun target", "Year of the target list.", "Tahun daftar target.", optional=True, ge=2000
            ),
            is_target=_column(
                "flag", "Sasaran", "Whether it is on that list.", "Apakah masuk daftar target itu.", optional=True
            ),
            stage=_column(
                "choice",
                "Tahap",
                "Stage that was reached.",
                "Tahap yang dicapai.",
                optional=True,
                choices=tuple(LABELS["stage"]),
            ),
            since=_column("date", "Sejak", "Day it was reached.", "Tanggal tahap itu dicapai.", optional=True),
            partner=_column("text", "Mitra", "Body that handles it.", "Lembaga yang menangani.", optional=True),
            intervention_type=_column(
                "choice",
                "Jenis penanganan",
                "What is built.",
                "Yang dibangun.",
                optional=True,
                choices=INTERVENTION_TYPES,
            ),
            funding_source=_column(
                "choice",
                "Sumber dana",
                "Where the money comes from.",
                "Asal pendanaan.",
                optional=True,
                choices=FUNDING_SOURCES,
            ),
            budget_rp=_column("number", "Anggaran", "Amount.", "Nilai penanganan.", optional=True, unit="Rp", ge=0),
            realized_rp=_column(
                "number", "Realisasi anggaran", "Money spent.", "Yang sudah dipakai.", optional=True, unit="Rp", ge=0
            ),
            handled_on=_column("date", "Tertangani", "Day it was handled.", "Tanggal tertangani.", optional=True),
            evidence=_column("text", "Bukti", "Number of the evidence.", "Nomor bukti.", optional=True),
            document=_column("text", "Dokumen", "Number of the document.", "Nomor dokumen.", optional=True),
            note=_NOTE,
            reason=_column("text", "Alasan", "Free text.", "Alasan bebas.", optional=True, classification="terbatas"),
        ),
        _table(
            "achievement",
            "Capaian",
            "Villages handled of those on the target list of a year.",
            year=_column("integer", "Tahun", "Year of the target list.", "Tahun daftar target.", ge=2000),
            as_of=_column("date", "Tanggal data", "Day the count holds for.", "Tanggal berlakunya hitungan."),
            handled=_column("integer", "Desa tertangani", "Villages handled.", unit="desa", ge=0),
            target=_column("integer", "Target desa", "Villages on the list.", unit="desa", ge=0),
        ),
        _table(
            "measurement_cells",
            "Sel ukur",
            "Readings gathered in small squares; a square that too few devices measured is left out.",
            lon=_LON,
            lat=_LAT,
            operator=_column("text", "Operator", "Network.", "Jaringan yang diukur.", optional=True),
            technology=_column(
                "choice", "Teknologi", "Generation.", "Generasi jaringan.", optional=True, choices=TECHNOLOGIES
            ),
            metric=_column("choice", "Metrik", "What the value is.", "Nama besaran.", choices=METRICS),
            value=_column(
                "number",
                "Nilai tengah",
                "Median, in the unit of the metric; empty for no_service.",
                "Median dalam satuan metriknya; kosong untuk no_service.",
                optional=True,
            ),
            n_readings=_column("integer", "Jumlah bacaan", "Readings.", "Banyaknya bacaan.", ge=1),
            first_month=_column("text", "Bulan pertama", "Month of the first reading.", example="2022-02"),
            last_month=_column("text", "Bulan terakhir", "Month of the last reading.", example="2022-10"),
        ),
        _table(
            "report_cells",
            "Sel laporan",
            "Citizens' reports gathered in small squares; a square with too few is left out.",
            lon=_LON,
            lat=_LAT,
            n_reports=_column("integer", "Jumlah laporan", "Reports.", "Banyaknya laporan.", ge=1),
            first_month=_column("text", "Bulan pertama", "Month of the first report.", example="2022-02"),
            last_month=_column("text", "Bulan terakhir", "Month of the last report.", example="2022-10"),
        ),
    )
}

_MESSAGES: Final[dict[str, tuple[str, Text]]] = {
    "not_nullable": (
        "missing_value",
        Text("Kolom {title} wajib diisi, tetapi kosong.", "Column {column} must be filled in but is empty."),
    ),
    "not_a_choice": (
        "not_a_choice",
        Text(
            "Nilai '{value}' tidak dikenal untuk kolom {title}; pilih: {choices_id}.",
            "Value '{value}' is not known for {column}; choose: {choices_en}.",
        ),
    ),
    "out_of_range": (
        "out_of_range",
        Text(
            "Nilai {value} di luar rentang {range} untuk kolom {title}.",
            "Value {value} is outside {range} for {column}.",
        ),
    ),
    "unreadable": (
        "unreadable_{kind}",
        Text(
            "'{value}' di kolom {title} tidak terbaca sebagai {kind_id}.",
            "'{value}' in column {column} cannot be read as {kind_en}.",
        ),
    ),
}
_KIND_WORDS: Final = {
    "number": Text("angka; tulis angkanya saja, misalnya 12,5", "a number; write it alone, such as 12.5"),
    "integer": Text("bilangan bulat; tulis angkanya saja, misalnya 12", "a whole number; write it alone, such as 12"),
    "date": Text("tanggal; tulis seperti 2022-12-26 atau 26/12/2022", "a date; write it like 2022-12-26 or 26/12/2022"),
    "time": Text("waktu; tulis seperti 2022-12-26 09:15", "a time; write it like 2022-12-26 09:15"),
    "flag": Text("ya/tidak; tulis ya atau tidak", "yes/no; write yes or no"),
}


def kind_of(schema: pa.DataFrameSchema, column: str) -> Kind:
    """Return the declared kind of a column."""
    kind: Kind = schema.columns[column].metadata["kind"]
    return kind


def required_columns(schema: pa.DataFrameSchema) -> list[str]:
    """Return the columns that a source must have."""
    return [name for name, column in schema.columns.items() if not column.nullable]


def identify(values: pd.Series, column: str, choices: Sequence[str]) -> pd.Series:
    """Turn the words of a drop-down in either language ("Tidak aktif") into identifiers ("inactive").

    Compared without case and punctuation; what is no known word stays as it is and fails its check.
    """
    known = {_folded(word): choice for choice in choices for word in (choice, *LABELS[column][choice])}
    found = {
        text: known.get(_folded(text), text) for text in values.dropna().astype("str").unique() if text not in choices
    }
    return values.replace(found) if found else values


def _folded(word: str) -> str:
    return "".join(filter(str.isalnum, word.casefold()))


def failures(
    frame: pd.DataFrame, schema: pa.DataFrameSchema, alive: NDArray[np.bool_], *, zone: ZoneInfo | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Coerce `frame` to `schema` and list every fault of the rows under `alive`.

    Args:
        frame: Columns under their standard names; optional ones may be absent, further ones are kept behind them.
        schema: One of `TABLES`.
        alive: Which rows are judged.
        zone: Zone of times that carry none.

    Returns:
        The frame with the schema's columns first, in order and typed; and findings `(column, rule, row positions, message,
        values seen)`.
    """
    frame = frame.copy()
    found: list[Finding] = []
    for name, column in schema.columns.items():
        if name not in frame:
            frame[name] = pd.Series(np.nan, index=frame.index, dtype=object)
        before = identify(frame[name], name, column.metadata["choices"]) if name in LABELS else frame[name]
        kind = column.metadata["kind"]
        bare = without_unit(before, column.metadata["unit"]) if kind in ("number", "integer") else before
        typed, unreadable = coerce(bare, kind, zone)
        frame[name] = typed
        rows = np.flatnonzero(unreadable & alive)
        if rows.size:
            found.append(_finding(schema, name, "unreadable", rows, before.iloc[rows].tolist()))
    judged = frame.loc[alive, [name for name in schema.columns if name != "geometry"]]
    plain = schema.remove_columns(["geometry"]) if "geometry" in schema.columns else schema
    try:
        plain.validate(pd.DataFrame(judged), lazy=True)
    except pa.errors.SchemaErrors as error:
        for (name, check), cases in error.failure_cases.groupby(["column", "check"], sort=False):
            rows = cases["index"].to_numpy(dtype=np.intp)
            found.append(_finding(schema, str(name), str(check), rows, frame[name].iloc[rows].tolist()))
    order = [*schema.columns, *(name for name in frame.columns if name not in schema.columns)]
    return frame[order], found


def _finding(schema: pa.DataFrameSchema, name: str, check: str, rows: NDArray[np.intp], seen: list[object]) -> Finding:
    meta = schema.columns[name].metadata
    rule, message = _MESSAGES.get(
        check,
        (check, Text("Nilai '{value}' tidak sah untuk kolom {title}.", "Value '{value}' is not valid for {column}.")),
    )
    kind = _KIND_WORDS.get(meta["kind"], Text("", ""))
    low, high = meta["range"]
    message = message.fill(
        column=name,
        title=schema.columns[name].title,
        value="{value}",
        choices_id=_choices(name, meta["choices"], "id"),
        choices_en=_choices(name, meta["choices"], "en"),
        range=f"{'' if low is None else low} … {'' if high is None else high}",
        kind_id=kind.id,
        kind_en=kind.en,
    )
    return name, rule.format(kind=meta["kind"]), rows, message, seen


def _choices(column: str, choices: Sequence[str], lang: Lang) -> str:
    """List the choices of a column by the words of its drop-down."""
    words = LABELS.get(column, {})
    return ", ".join(words[choice].of(lang) if choice in words else choice for choice in choices)
