"""The words of the tools, the presentation, the print and the correction form, in Indonesian and English."""

from __future__ import annotations

from typing import Final

from blankspot.words import Text

STAGE: Final[dict[str, Text]] = {
    "tool_home": Text("Tampilkan seluruh wilayah", "Show the whole area"),
    "tool_locate": Text("Lokasi saya", "My location"),
    "tool_measure": Text("Ukur jarak dan luas", "Measure distance and area"),
    "tool_more": Text("Menu lain", "More"),
    "theme_dark": Text("Tampilan gelap", "Dark appearance"),
    "theme_light": Text("Tampilan terang", "Light appearance"),
    "locate_asking": Text("Menanyakan lokasi kepada peramban …", "Asking the browser for the location …"),
    "locate_in": Text(
        "Anda berada di sekitar desa {village} menurut peta ini.",
        "You are about in the village {village}, by this map.",
    ),
    "locate_edge": Text(
        "Anda berada di sekitar desa {village} menurut peta ini, dekat batas luar wilayah peta.",
        "You are about in the village {village}, by this map, near the outer border of what it shows.",
    ),
    "locate_border": Text(
        "Anda berada di sekitar desa {village} menurut peta ini, tetapi dekat batas: mungkin juga {others}.",
        "You are about in the village {village}, by this map, but near a border: it may be {others} as well.",
    ),
    "locate_near": Text(
        "Anda berada di luar wilayah peta ini, dekat {villages}.", "You are outside this map, near {villages}."
    ),
    "locate_outside": Text("Anda berada di luar wilayah peta ini.", "You are outside the area of this map."),
    "locate_accuracy": Text("Ketelitian sekitar {n} m.", "Accurate to about {n} m."),
    "locate_note": Text(
        "Batas di peta ini disederhanakan; untuk kepastian, tanyakan batas resminya. Posisi tidak disimpan dan tidak dikirim.",
        "Borders on this map are simplified; ask for the official one to be sure. The position is neither kept nor sent.",
    ),
    "locate_refused": Text(
        "Peramban tidak mengizinkan peta ini mengetahui lokasi.", "The browser does not let this map know the location."
    ),
    "locate_file": Text(
        "Peta yang dibuka langsung dari berkas sering tidak diberi izin lokasi. Izinkan lokasi di setelan peramban, atau cari nama desa.",
        "A map opened from a file is often given no location. Allow it in the browser's settings, or search the village by name.",
    ),
    "locate_unavailable": Text(
        "Lokasi tidak diketahui: nyalakan GPS, lalu coba di tempat terbuka.",
        "The location is not known: switch GPS on and try under open sky.",
    ),
    "locate_timeout": Text(
        "Lokasi belum ditemukan dalam 20 detik; coba lagi di tempat terbuka.",
        "No location within 20 seconds; try again under open sky.",
    ),
    "locate_missing": Text("Peramban ini tidak dapat menentukan lokasi.", "This browser cannot find a location."),
    "measure_start": Text("Ketuk peta untuk mulai mengukur", "Tap the map to begin measuring"),
    "measure_length": Text("Panjang {length}", "Length {length}"),
    "measure_area": Text("luas bila ditutup {area}", "area if closed {area}"),
    "measure_note": Text(
        "Dihitung pada elipsoid WGS 84, galat rumus di bawah 0,1 %; ketepatannya mengikuti letak titik yang diketuk.",
        "Computed on the WGS 84 ellipsoid, formula within 0.1 %; it is as exact as the points that were tapped.",
    ),
    "measure_middle": Text("Titik di tengah peta", "Point at the middle"),
    "measure_undo": Text("Urungkan", "Undo"),
    "measure_clear": Text("Hapus", "Clear"),
    "measure_end": Text("Selesai", "Done"),
    "scale_number": Text("± 1 : {n}", "± 1 : {n}"),
    "scale_note": Text(
        "Skala di layar, di tengah peta; di kertas lihat skala cetakannya.",
        "Scale on the screen, at the middle of the map; on paper see the printed one.",
    ),
    "north": Text("Utara", "North"),
    "north_letter": Text("U", "N"),
}
