"""MS-Keg, MS-Var and MS-Ind: the statistical metadata of Peraturan BPS 5/2020, with the standard of Peraturan BPS 4/2020.

The rows follow the forms' own numbering and wording. What the program knows is filled in; what only the office knows (legal basis,
schedule, officials in charge, recommendation of BPS …) says visibly that the data steward fills it in, because an invented entry
would be worse than none. The standard of data (concept, definition, classification, measure, unit: BPS 4/2020) stands in MS-Var
and MS-Ind, where it belongs. The tables are in Indonesian: they are an official form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.out.publish.fields import TYPE_WORDS, fields_of
from blankspot.out.publish.licences import kind_words
from blankspot.out.publish.publication import FILL_IN, FREQUENCIES
from blankspot.words import date_text

if TYPE_CHECKING:
    from blankspot.out.publish.fields import Field
    from blankspot.out.publish.publication import About
    from blankspot.out.publish.selection import OpenTable, Selection
    from blankspot.settings import Settings

_BLANK: Final = f"[{FILL_IN.id}]"
_WHY: Final = (
    "Pemerintah daerah perlu mengetahui desa mana yang belum terlayani sinyal seluler, seberapa yakin hal itu diketahui, "
    "siapa yang menanganinya, dan sejauh mana target tercapai."
)
_AIM: Final = (
    "Menetapkan status sinyal seluler setiap desa dengan bukti dan selang kepercayaan, mencatat penanganannya, dan "
    "menghitung capaian terhadap daftar target."
)
_SHARE: Final = (
    "bagian penduduk (atau luas, bila data penduduk tidak ada) desa yang terlayani sinyal 4G atau lebih baru"
)


def ms_keg(about: About, selection: Selection, settings: Settings) -> pd.DataFrame:
    """Return the metadata of the activity: number, question and answer of the form MS-Keg."""
    collected = "; ".join(
        f"{one.title.id} ({', '.join(field.title.id for field in fields_of(one.schema, one.columns)[:6])} …)"
        for one in selection.tables
    )
    sources = ", ".join(dict.fromkeys(kind_words(one.kind).id for one in about.sources)) or _BLANK
    rows = [
        ("", "Judul kegiatan", about.title.id),
        ("", "Tahun", str(about.as_of.year)),
        ("", "Kode kegiatan (diisi petugas)", _BLANK),
        (
            "",
            "Cara pengumpulan data",
            "Kompilasi produk administrasi; survei; cara lain sesuai perkembangan teknologi informasi",
        ),
        ("", "Sektor kegiatan", "Teknologi informasi dan komunikasi"),
        ("", "Jenis kegiatan statistik", "Statistik sektoral"),
        ("", "Identitas rekomendasi BPS", _BLANK),
        ("1.1", "Instansi penyelenggara", about.publisher),
        ("1.2", "Alamat lengkap instansi, telepon, faksimile", _BLANK),
        ("1.2", "Surel instansi", about.email or _BLANK),
        ("2.1", "Unit eselon penanggung jawab", _BLANK),
        ("2.2", "Penanggung jawab teknis (jabatan)", _BLANK),
        ("3.1", "Latar belakang kegiatan", _WHY),
        ("3.2", "Tujuan kegiatan", _AIM),
        ("3.3", "Rencana jadwal kegiatan", _BLANK),
        ("3.4", "Variabel (karakteristik) yang dikumpulkan", collected),
        ("4.1", "Kegiatan ini dilakukan", "Berulang"),
        ("4.2", "Frekuensi penyelenggaraan", FREQUENCIES[about.frequency].id),
        ("4.3", "Tipe pengumpulan data", "Cross sectional, dengan riwayat penanganan"),
        ("4.4", "Cakupan wilayah pengumpulan data", about.area or _BLANK),
        ("4.5", "Wilayah kegiatan", about.area or _BLANK),
        ("4.6", "Metode pengumpulan data", "Pengukuran sinyal di lapangan, laporan, dan dokumen administrasi"),
        ("4.7", "Sarana pengumpulan data", "Ponsel dengan aplikasi pencatat sinyal; lembar isian"),
        ("4.8", "Unit pengumpulan data", "Desa/kelurahan"),
        ("4.9", "Sumber data", sources),
        ("5.1", "Jenis rancangan sampel", "Nonprobabilitas: jalur uji jalan dan survei desa"),
        ("5.2", "Metode pemilihan sampel tahap terakhir", "Tidak berlaku"),
        ("5.3", "Kerangka sampel tahap terakhir", "Tidak berlaku"),
        ("5.4", "Fraksi sampel keseluruhan", "Tidak berlaku"),
        (
            "5.5",
            "Nilai perkiraan sampling error variabel utama",
            f"Selang Wilson {settings.evidence.interval_level_pct:g} % atas sel {settings.evidence.cell_size_m:g} m, per desa",
        ),
        ("5.6", "Unit sampel", f"Sel {settings.evidence.cell_size_m:g} m"),
        ("5.7", "Unit observasi", "Titik ukur"),
        ("6.1", "Apakah dilakukan uji coba (pilot survey)", _BLANK),
        (
            "6.2",
            "Metode pemeriksaan kualitas pengumpulan data",
            "Setiap baris diperiksa menurut aturan; baris yang ditolak dicatat dengan alasannya",
        ),
        ("6.3", "Apakah dilakukan penyesuaian nonrespon", "Tidak; desa tanpa data cukup berstatus belum cukup data"),
        ("6.4", "Petugas pengumpulan data", _BLANK),
        ("6.5", "Persyaratan pendidikan terendah petugas", _BLANK),
        ("6.6", "Jumlah petugas", _BLANK),
        ("6.7", "Apakah dilakukan pelatihan petugas", _BLANK),
        (
            "7.1",
            "Tahapan pengolahan data",
            "Penyuntingan (editing): ya; penyandian (coding): ya; penyahihan (validasi): ya",
        ),
        ("7.2", "Metode analisis", "Deskriptif dan inferensia"),
        ("7.3", "Unit analisis", "Desa/kelurahan"),
        ("7.4", "Tingkat penyajian hasil analisis", "Desa/kelurahan, kecamatan, kabupaten/kota"),
        ("8.1", "Produk kegiatan yang tersedia untuk umum", "Digital (data terbuka); data mikro: tidak"),
        ("8.2", "Rencana rilis produk kegiatan", f"Data per {date_text(about.as_of)}; berikutnya {_BLANK}"),
        ("", "Lisensi", about.licence.title),
        ("", "Versi kode wilayah", "; ".join(about.code_versions) or _BLANK),
        ("", "Profil ambang", about.profile),
    ]
    return pd.DataFrame(rows, columns=["Nomor", "Uraian", "Isian"])


def ms_var(selection: Selection) -> pd.DataFrame:
    """Return the metadata of the variables: one row per column of every table, with the columns of the form MS-Var."""
    return pd.DataFrame(
        [_variable(table, field) for table in selection.tables for field in fields_of(table.schema, table.columns)]
    )


def _variable(table: OpenTable, field: Field) -> dict[str, str]:
    choices = "; ".join(
        f"{one} = {told}" if one != told else one
        for one, told in zip(field.choices, field.choice_words("id"), strict=True)
    )
    rules = [
        *([] if field.optional else ["wajib diisi"]),
        *([] if field.low is None else [f"paling kecil {field.low:g}"]),
        *([] if field.high is None else [f"paling besar {field.high:g}"]),
        *(["salah satu klasifikasi"] if field.choices else []),
        *(["kode wilayah yang sah"] if field.is_code else []),
    ]
    return {
        "Tabel": table.name,
        "Nama variabel": field.title.id,
        "Alias": field.name,
        "Konsep": table.title.id,
        "Definisi": field.description.id,
        "Referensi pemilihan": _BLANK,
        "Referensi waktu": "Tanggal data" if field.type not in ("date", "yearmonth") else "Menurut isiannya",
        "Ukuran": field.title.id if field.type in ("number", "integer") else "Tidak berlaku",
        "Satuan": field.unit or "Tidak berlaku",
        "Tipe data": TYPE_WORDS[field.type].id,
        "Klasifikasi isian": choices or "Tidak berlaku",
        "Aturan validasi": "; ".join(rules) or "Tidak ada",
        "Kalimat pertanyaan": _BLANK,
        "Apakah variabel dapat diakses umum": "Ya" if field.classification == "terbuka" else "Tidak",
    }


def ms_ind(selection: Selection, settings: Settings) -> pd.DataFrame:
    """Return the metadata of the indicators that the tables give, with the columns of the form MS-Ind."""
    rule = settings.village
    none = (
        f"Desa dengan {_SHARE} paling besar {rule.none_share_max_pct:g} % dan batas atas selangnya paling besar "
        f"{rule.none_upper_max_pct:g} %"
    )
    rows = [
        (
            "Persentase desa tertangani",
            "Capaian penanganan blankspot",
            "Perbandingan banyaknya desa pada daftar target yang sudah tertangani dengan banyaknya desa pada daftar target tahun itu",
            "Makin besar makin banyak target yang selesai; dapat melebihi 100 bila yang ditangani melebihi target",
            "desa tertangani ÷ desa target × 100",
            "Persentase",
            "persen",
            "Menurut tahun target",
            "capaian: handled, target",
        ),
        (
            "Banyaknya desa blankspot",
            "Desa tanpa sinyal seluler yang dapat dipakai",
            none,
            "Makin kecil makin baik; desa yang belum cukup data tidak dihitung",
            "cacah desa dengan signal_class = none",
            "Jumlah",
            "desa",
            "Menurut kecamatan dan kabupaten/kota",
            "desa: signal_class",
        ),
        (
            "Bagian desa yang terlayani sinyal 4G",
            "Cakupan sinyal di dalam desa",
            f"Taksiran {_SHARE}, dengan selang kepercayaan",
            "0 berarti tidak terlayani sama sekali, 1 berarti terlayani seluruhnya",
            "Σ bobot sel terlayani ÷ Σ bobot sel terukur",
            "Proporsi",
            "0–1",
            "Menurut desa",
            "desa: share_served, share_low, share_high",
        ),
    ]
    known = {table.name for table in selection.tables}
    kept = [row for row in rows if row[-1].partition(":")[0] in known]
    columns = [
        "Nama indikator", "Konsep", "Definisi", "Interpretasi", "Metode/rumus penghitungan", "Ukuran", "Satuan",
        "Klasifikasi penyajian", "Variabel pembangun",
    ]  # fmt: skip
    return pd.DataFrame(kept, columns=columns).assign(
        **{
            "Apakah indikator komposit": "Tidak",
            "Publikasi ketersediaan indikator pembangun": "Tidak berlaku",
            "Nama indikator pembangun": "Tidak berlaku",
            "Kegiatan penghasil variabel pembangun": "Kegiatan ini",
            "Kode kegiatan": _BLANK,
            "Level estimasi": "Desa/kelurahan",
            "Apakah indikator dapat diakses umum": "Ya",
        }
    )
