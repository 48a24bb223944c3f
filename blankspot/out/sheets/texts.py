"""Every word of a sheet that is not a label of the tables, in Indonesian and English."""

from __future__ import annotations

from typing import Final

from blankspot.words import Text

THEME: Final = Text("Peta status sinyal seluler desa", "Map of mobile signal by desa")
LEVELS: Final[dict[int, Text]] = {
    1: Text("Provinsi", "Province"),
    2: Text("Kabupaten/Kota", "Kabupaten/Kota"),
    3: Text("Kecamatan", "Kecamatan"),
    4: Text("Desa", "Desa"),
}
MARKS: Final[dict[str, Text]] = {
    "fused": Text("G", "F"),
    "modelled": Text("P", "M"),
    "reported": Text("L", "R"),
    "indicative": Text("I", "I"),
}
CONFIDENCES: Final[dict[str, Text]] = {
    "measured": Text("terukur (tanpa tanda)", "measured (no mark)"),
    "fused": Text("gabungan ukur dan prediksi", "fused from readings and model"),
    "modelled": Text("prediksi model", "modelled"),
    "reported": Text("laporan, belum diukur", "reported, not measured"),
    "indicative": Text("indikatif, ukuran sedikit", "indicative, few readings"),
}
COARSE: Final = Text("prediksi kasar, tanpa data ketinggian", "coarse prediction, without terrain")
WORDS: Final[dict[str, Text]] = {
    "as_of": Text("Keadaan per {day}", "State as of {day}"),
    "no_day": Text("Tanggal data tidak dinyatakan", "Date of the data not stated"),
    "scale": Text("Skala 1:{n}", "Scale 1:{n}"),
    "scale_told": Text("1 cm di peta = {length} di lapangan", "1 cm on the map = {length} on the ground"),
    "north": Text("U", "N"),
    "projection": Text("Proyeksi: {name}", "Projection: {name}"),
    "grid": Text(
        "Sistem grid: grid UTM tiap {length} (biru) dan grid geografis (tepi luar)",
        "Grid: UTM grid every {length} (blue) and geographic graticule (outer edge)",
    ),
    "grid_plain": Text(
        "Sistem grid: grid proyeksi tiap {length} (biru) dan grid geografis (tepi luar)",
        "Grid: projected grid every {length} (blue) and geographic graticule (outer edge)",
    ),
    "zones": Text(
        "Wilayah ini juga terletak di zona {zones}; grid zona {own} diteruskan ke sana.",
        "The area also lies in zone {zones}; the grid of zone {own} is continued into it.",
    ),
    "datum": Text(
        "Datum horizontal: WGS 84; beda dengan SRGI2013 paling besar sekitar 1 m, tidak tampak pada skala ini",
        "Horizontal datum: WGS 84; it differs from SRGI2013 by about 1 m at most, not visible at this scale",
    ),
    "true_north": Text(
        "Panah menunjuk utara grid; di tengah peta, utara sebenarnya {angle} ke {side} darinya. Utara magnetis tidak dicantumkan karena berubah tiap tahun.",
        "The arrow shows grid north; at the middle of the map true north lies {angle} {side} of it. Magnetic north is not given, as it changes every year.",
    ),
    "true_north_same": Text(
        "Panah menunjuk utara grid, yang di tengah peta sama dengan utara sebenarnya. Utara magnetis tidak dicantumkan karena berubah tiap tahun.",
        "The arrow shows grid north, which at the middle of the map is true north. Magnetic north is not given, as it changes every year.",
    ),
    "east": Text("timur", "east"),
    "west": Text("barat", "west"),
    "legend": Text("Keterangan", "Legend"),
    "class_head": Text("Status sinyal desa", "Signal status of desa"),
    "not_judged": Text("Belum dinilai", "Not judged"),
    "confidence_head": Text(
        "Dasar penilaian (warna makin muda, tanda di nama)", "What it rests on (lighter fill, mark at the name)"
    ),
    "outline_head": Text("Penanganan (garis dalam)", "Handling (inner outline)"),
    "outline_queued": Text("diajukan hingga disetujui", "requested up to approved"),
    "outline_underway": Text("dikerjakan", "under way"),
    "outline_done": Text("tertangani", "handled"),
    "outline_stopped": Text("ditolak atau ditunda", "rejected or deferred"),
    "border_head": Text("Batas administrasi (indikatif)", "Administrative borders (indicative)"),
    "border_province": Text("provinsi", "province"),
    "border_regency": Text("kabupaten/kota", "kabupaten/kota"),
    "border_district": Text("kecamatan", "kecamatan"),
    "border_village": Text("desa/kelurahan", "desa/kelurahan"),
    "symbol_head": Text("Simbol", "Symbols"),
    "gap": Text("blankspot belum tertangani", "blankspot not yet handled"),
    "number_key": Text("nomor desa, lihat daftar", "number of a desa, see the list"),
    "context": Text("wilayah di luar lembar ini", "area outside this sheet"),
    "site_active": Text("menara aktif", "active tower"),
    "site_planned": Text("menara rencana", "planned tower"),
    "site_inactive": Text("menara tidak aktif", "inactive tower"),
    "site_crowdsourced": Text("perkiraan urun daya", "crowd-sourced guess"),
    "internet": Text("titik layanan internet", "internet point"),
    "facility": Text("fasilitas publik", "public facility"),
    "roads": Text("jalan", "road"),
    "rivers": Text("sungai", "river"),
    "figures": Text("Angka", "Figures"),
    "progress": Text("Tertangani dari daftar target {year}", "Handled, of the target list of {year}"),
    "no_target": Text(
        "Tidak ada desa dari daftar target {year} di wilayah ini.",
        "No desa of the target list of {year} lies in this area.",
    ),
    "total": Text("Jumlah", "Total"),
    "desa": Text("desa", "desa"),
    "share": Text("bagian", "share"),
    "open_gaps": Text("Blankspot belum tertangani", "Blankspots not yet handled"),
    "locator": Text("Diagram lokasi", "Location"),
    "index": Text("Petunjuk letak peta", "Index of sheets"),
    "zone_diagram": Text("Zona UTM Indonesia", "UTM zones"),
    "equator": Text("Khatulistiwa", "Equator"),
    "history": Text("Riwayat data", "Sources and history"),
    "source_rows": Text("{n} baris", "{n} rows"),
    "licence": Text("lisensi {licence}", "licence {licence}"),
    "sources_more": Text("… dan {n} sumber lain (out/provenance.json)", "… and {n} more sources (out/provenance.json)"),
    "no_sources": Text("Sumber tidak dinyatakan.", "Sources not stated."),
    "profile": Text(
        "Diolah dengan blankspot {version}, profil ambang {profile}.",
        "Made with blankspot {version}, profile of thresholds {profile}.",
    ),
    "edition": Text("Edisi {edition} – {year}", "Edition {edition} – {year}"),
    "sheet_of": Text("Lembar {n} dari {total}", "Sheet {n} of {total}"),
    "code": Text("Kode wilayah {code}", "Area code {code}"),
    "unknown_note": Text(
        "“Belum cukup data” bukan berarti tanpa sinyal.", "“Not enough data” does not mean no signal."
    ),
    "internet_note": Text(
        "Titik layanan internet tidak mengakhiri blankspot seluler.",
        "An internet point does not end a cellular blankspot.",
    ),
    "no_verdicts": Text(
        "Status sinyal belum dinilai; peta hanya menampilkan batas.",
        "Signal status has not been judged; the map only shows borders.",
    ),
    "borders_note": Text(
        "Batas administrasi pada peta ini indikatif dan bukan rujukan resmi garis batas wilayah.",
        "Administrative borders on this map are indicative and no official reference.",
    ),
    "unshaped": Text(
        "{n} desa tanpa batas tidak tergambar: {names}", "{n} desa without a border are not drawn: {names}"
    ),
    "unlabelled": Text(
        "{n} desa digambar tanpa nama karena terlalu kecil pada skala ini.",
        "{n} desa are drawn without a name, too small at this scale.",
    ),
    "copyright": Text("Hak cipta dilindungi undang-undang.", "All rights reserved by law."),
    "logo": Text("Logo", "Logo"),
    "no_agency": Text("Instansi penerbit belum diisi", "Publishing office not filled in"),
    "no_agency_hint": Text("([office] di blankspot.toml)", "([office] in blankspot.toml)"),
    "keys": Text("Daftar desa", "List of desa"),
    "keys_more": Text("… {n} desa lain", "… {n} more desa"),
    "sheet_ref": Text("lembar {n}", "sheet {n}"),
}
