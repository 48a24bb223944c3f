"""The fields that a template may use, per kind of letter: for the office that edits one, and for the message when one is misspelt.

The names are Indonesian, because the people who edit a letter are. Lists are written `desa[]`; what stands behind a dot is told
of each entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from blankspot.out.letters.model import FILE_STEMS, KINDS
from blankspot.words import Lang, Text

if TYPE_CHECKING:
    from blankspot.out.letters.model import LetterKind

Fields = dict[str, Text]

COMMON: Final[Fields] = {
    "nomor": Text("Nomor surat", "Number of the letter"),
    "tanggal": Text("Tanggal surat, misalnya 1 November 2022", "Date of the letter"),
    "sifat": Text("Biasa, Penting, Segera, atau Sangat Segera", "How urgent it is"),
    "lampiran": Text("Banyaknya berkas lampiran, misalnya 3 (tiga) berkas", "How many files go with it"),
    "berkas[]": Text("Nama berkas lampiran", "Names of the files that go with it"),
    "hal": Text("Perihal surat", "Subject"),
    "kepada[].sebutan": Text("Yang dituju, misalnya Pimpinan Telkomsel", "Whom it is addressed to"),
    "kepada[].up": Text("Untuk perhatian", "For the attention of"),
    "kepada[].alamat": Text("Alamat yang dituju", "Address"),
    "kepada[].tempat": Text("Kota yang dituju, atau Tempat", "Place"),
    "tembusan[]": Text("Penerima tembusan", "Who gets a copy"),
    "kantor.nama": Text("Nama perangkat daerah", "Name of the office"),
    "kantor.induk": Text("Pemerintah daerah", "The government it belongs to"),
    "kantor.alamat": Text("Alamat kantor", "Address of the office"),
    "kantor.kota": Text("Kota tempat surat dibuat", "Town"),
    "kantor.kontak": Text("Telepon, surel, dan laman dalam satu baris", "Phone, e-mail and website in one line"),
    "kepala.jabatan": Text("Jabatan penanda tangan", "Title of the signatory"),
    "kepala.nama": Text("Nama penanda tangan", "Name of the signatory"),
    "kepala.pangkat": Text("Pangkat penanda tangan", "Rank of the signatory"),
    "kepala.nip": Text("NIP penanda tangan", "Employee number of the signatory"),
    "progres.kalimat": Text("43 dari 60 desa (71,67 %) per 26 Desember 2022", "43 of 60 desa (71.67 %) as of …"),
    "progres.selesai": Text("Jumlah desa target yang tertangani", "Desa of the target list that are handled"),
    "progres.target": Text("Jumlah desa dalam daftar target", "Desa on the target list"),
    "progres.sisa": Text("Jumlah desa target yang belum tertangani", "Desa of the list that are not handled"),
    "progres.persen": Text("Capaian dalam persen", "Achievement in percent"),
    "progres.tahun": Text("Tahun daftar target", "Year of the target list"),
    "progres.definisi": Text("Arti pembilang dan penyebut", "What numerator and denominator mean"),
    "data.tanggal": Text("Tanggal data status sinyal", "Day that the signal data speak of"),
    "data.profil": Text("Profil ambang status sinyal", "Profile of thresholds behind the classes"),
}  # fmt: skip
_DESA: Final[Fields] = {
    "jumlah_desa": Text("Jumlah desa dalam daftar", "How many desa are listed"),
    "jumlah_desa_terbilang": Text("Jumlah desa dengan huruf", "The same in words"),
    "jumlah_kecamatan": Text("Jumlah kecamatan dalam daftar", "How many districts they lie in"),
    "jumlah_penduduk": Text("Jumlah penduduk desa dalam daftar", "How many people live there"),
    "daftar_kecamatan": Text("Nama kecamatan, dirangkai", "The districts by name"),
    "desa[].no": Text("Nomor urut", "Running number"),
    "desa[].kode": Text("Kode desa", "Village code"),
    "desa[].nama": Text("Nama desa", "Name"),
    "desa[].jenis": Text("desa, kelurahan, atau desa adat", "Kind of village"),
    "desa[].kecamatan": Text("Kecamatan", "District"),
    "desa[].kabupaten": Text("Kabupaten/kota", "Regency"),
    "desa[].lintang": Text("Lintang, misalnya 6,94421° LS", "Latitude"),
    "desa[].bujur": Text("Bujur, misalnya 107,74003° BT", "Longitude"),
    "desa[].titik": Text("Letak titik: kantor desa, atau titik di dalam desa", "What the point is"),
    "desa[].penduduk": Text("Jumlah penduduk", "People"),
    "desa[].status": Text("Status sinyal", "Signal class"),
    "desa[].alasan": Text("Alasan status sinyal", "Why that class"),
    "desa[].tahap": Text("Tahap penanganan", "Stage of handling"),
    "desa[].usulan": Text("Dokumen usulan", "Document of the proposal"),
}  # fmt: skip
_FORUM: Final[Fields] = {
    "acara.nama": Text("Nama forum", "Name of the forum"),
    "acara.hari": Text("Hari pelaksanaan", "Day of the week"),
    "acara.tanggal": Text("Tanggal pelaksanaan", "Day"),
    "acara.tanggal_huruf": Text("Hari dan tanggal dengan huruf", "Day written out"),
    "acara.waktu": Text("Waktu pelaksanaan", "Clock"),
    "acara.tempat": Text("Tempat pelaksanaan", "Place"),
    "acara.agenda[]": Text("Agenda", "Agenda"),
}  # fmt: skip
_INVITATION: Final[Fields] = {
    "undangan[]": Text("Daftar undangan", "Who is invited"),
    "jumlah_kasus": Text("Jumlah kasus terbuka", "How many cases are open"),
    "kecamatan[].nama": Text("Kecamatan", "District"),
    "kecamatan[].jumlah": Text("Jumlah kasus terbuka di kecamatan itu", "How many open cases it has"),
    "kecamatan[].kasus[].no": Text("Nomor urut", "Running number"),
    "kecamatan[].kasus[].kode": Text("Kode desa", "Village code"),
    "kecamatan[].kasus[].desa": Text("Nama desa", "Village"),
    "kecamatan[].kasus[].tahap": Text("Tahap penanganan", "Stage"),
    "kecamatan[].kasus[].sejak": Text("Tanggal tahap itu dicapai", "Since when"),
    "kecamatan[].kasus[].mitra": Text("Mitra", "Partner"),
    "kecamatan[].kasus[].kendala": Text("Kendala, atau alasan keputusan", "Constraint, or reason of the decision"),
}  # fmt: skip
_MINUTES: Final[Fields] = {
    "hadir[]": Text("Pihak yang hadir", "Who was present"),
    "periode.sejak": Text("Awal periode kesepakatan", "Begin of the period"),
    "periode.sampai": Text("Akhir periode kesepakatan", "End of the period"),
    "jumlah_disepakati": Text("Jumlah kasus yang disepakati", "How many cases were agreed"),
    "disepakati[].no": Text("Nomor urut", "Running number"),
    "disepakati[].kode": Text("Kode desa", "Village code"),
    "disepakati[].desa": Text("Nama desa", "Village"),
    "disepakati[].kecamatan": Text("Kecamatan", "District"),
    "disepakati[].layanan": Text("seluler atau titik internet", "mobile or internet point"),
    "disepakati[].keputusan": Text("Disetujui atau Ditugaskan", "Approved or assigned"),
    "disepakati[].tanggal": Text("Tanggal keputusan", "Day of the decision"),
    "disepakati[].tahap": Text("Tahap sekarang", "Present stage"),
    "disepakati[].mitra": Text("Mitra", "Partner"),
    "disepakati[].jenis": Text("Jenis penanganan", "What is built"),
    "disepakati[].dana": Text("Sumber dana", "Source of funds"),
    "disepakati[].anggaran": Text("Anggaran", "Budget"),
    "disepakati[].triwulan": Text("Rencana triwulan", "Planned quarter"),
    "jumlah_belum": Text("Jumlah kasus terbuka lain", "How many other cases are open"),
    "belum[].no": Text("Nomor urut", "Running number"),
    "belum[].kode": Text("Kode desa", "Village code"),
    "belum[].desa": Text("Nama desa", "Village"),
    "belum[].kecamatan": Text("Kecamatan", "District"),
    "belum[].tahap": Text("Tahap penanganan", "Stage"),
    "belum[].sejak": Text("Tanggal tahap itu dicapai", "Since when"),
    "belum[].mitra": Text("Mitra", "Partner"),
    "belum[].kendala": Text("Kendala, atau alasan keputusan", "Constraint, or reason of the decision"),
    "jumlah_tindak_lanjut": Text("Jumlah tindak lanjut terbuka", "How many follow-ups are open"),
    "tindak_lanjut[].no": Text("Nomor urut", "Running number"),
    "tindak_lanjut[].pokok": Text("Desa atau pokok", "Village or subject"),
    "tindak_lanjut[].kendala": Text("Kendala", "Constraint"),
    "tindak_lanjut[].uraian": Text("Tindak lanjut", "Follow-up"),
    "tindak_lanjut[].penanggung_jawab": Text("Penanggung jawab", "Owner"),
    "tindak_lanjut[].batas": Text("Batas waktu", "Due day"),
}  # fmt: skip
FIELDS: Final[dict[LetterKind, Fields]] = {
    "request": COMMON | _DESA,
    "invitation": COMMON | _FORUM | _INVITATION,
    "minutes": COMMON | _FORUM | _MINUTES,
}
_INTRO: Final = Text(
    """TEMPLAT SURAT DAN BERITA ACARA

Templat di folder ini boleh disunting dengan Word atau LibreOffice: kop, lambang, huruf, kalimat, susunan tabel.
Simpan tetap sebagai .docx dengan nama yang sama. Templat yang dihapus diganti dengan bawaan saat surat dibuat.

Cara menulis isian
  {{ nomor }}                          isian biasa
  {{ kepala.nama }}                    bagian dari suatu isian
  {%p if tembusan %} … {%p endif %}    paragraf yang hanya muncul bila ada isinya
  {%p for t in tembusan %} … {{ t }} … {%p endfor %}      paragraf yang diulang
  {%tr for d in desa %} … {{ d.nama }} … {%tr endfor %}   baris tabel yang diulang; kedua tanda menempati baris sendiri

Isian yang salah eja tidak dibiarkan kosong: surat tidak jadi dibuat, dan pesannya menyebut isian itu.
Teks dari data selalu masuk sebagai teks biasa. Templat bernama akhir .en.docx diisi dengan kata bahasa Inggris.
Kop dan penanda tangan diambil dari bagian [office] di blankspot.toml.
""",
    """TEMPLATES OF LETTERS AND MINUTES

The templates in this folder are yours to edit in Word or LibreOffice: letterhead, emblem, fonts, sentences, tables.
Keep them as .docx under the same name. A template that is deleted is replaced by the built-in one when a letter is made.

How fields are written
  {{ nomor }}                          a field
  {{ kepala.nama }}                    a part of a field
  {%p if tembusan %} … {%p endif %}    paragraphs that appear only if there is something in it
  {%p for t in tembusan %} … {{ t }} … {%p endfor %}      a paragraph that repeats
  {%tr for d in desa %} … {{ d.nama }} … {%tr endfor %}   a table row that repeats; both marks stand in rows of their own

A misspelt field is never left blank: the letter is not made, and the message names the field.
Text from data always arrives as plain text. A template whose name ends in .en.docx is filled with English words.
Letterhead and signatory come from [office] in blankspot.toml.
""",
)


def field_names(kind: LetterKind) -> list[str]:
    """Return the names of the fields that a template of this kind may use, in the order they are documented."""
    return list(FIELDS[kind])


def guide_text(lang: Lang = "id") -> str:
    """Return the page that lies beside the templates: how fields are written, and every field of every kind."""
    lines = [_INTRO.of(lang)]
    parts: list[tuple[str, Fields]] = [
        (Text("Isian semua surat", "Fields of every letter").of(lang), COMMON),
        *(
            (
                f"{KINDS[kind].of(lang)} ({stem}.docx)",
                {name: text for name, text in FIELDS[kind].items() if name not in COMMON},
            )
            for kind, stem in FILE_STEMS.items()
        ),
    ]
    for title, names in parts:
        width = max(map(len, names)) + 2
        lines += [title, "-" * len(title), *(f"  {name:<{width}}{text.of(lang)}" for name, text in names.items()), ""]
    return "\n".join(lines)
