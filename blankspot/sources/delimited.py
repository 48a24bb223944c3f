"""Delimited text as people and loggers write it: encoding, delimiter and line numbers are found out, nothing is guessed.

UTF-8 (with or without mark) and UTF-16 with mark are taken at their word; otherwise the file is Windows-1252. A file that is
UTF-8 in one line and Windows-1252 in another was glued from two sources: any single reading would garble names, so it is
refused with the line. The delimiter is the one of comma, semicolon, tab and bar that cuts the first lines into the most
equal pieces. Rows longer than the header shift their values; they are marked and left to the reader to reject.
"""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.errors import SourceError
from blankspot.words import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DELIMITERS: Final = (",", ";", "\t", "|")
_SNIFFED_LINES: Final = 20
_LINES_PER_ROW_MAX: Final = (
    50  # an address has a few line ends; a forgotten quotation mark swallows the rest of the file
)
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read_delimited(data: bytes, name: str) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Cut delimited text into cells.

    Args:
        data: The whole file.
        name: What messages call it.

    Returns:
        All lines as texts (NaN where empty) under columns 0, 1, 2 …, the header not set apart; and the number of the line
        each one begins at, counted from 1. Lines without any content are left out.

    Raises:
        SourceError: Mixed encodings, binary content, or a quotation mark that never closes.
    """
    text = decoded(data, name)
    delimiter = _delimiter(text)
    frame, lines = _quick(text, delimiter) or _careful(text, delimiter, name)
    frame = frame.mask(frame.apply(lambda cells: cells.str.isspace().eq(other=True)))
    kept = frame.notna().any(axis=1).to_numpy()
    return frame[kept].reset_index(drop=True), lines[kept]


def decoded(data: bytes, name: str) -> str:
    """Return a file as text, by the encoding that its bytes can be.

    Raises:
        SourceError: Mixed encodings or binary content.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise _mixed(name, data[: error.start].count(b"\n") + 1) from error
    if b"\x00" in data:
        raise SourceError(
            Text(f"{name} bukan teks (berisi bita nol).", f"{name} is not text (it holds zero bytes)."),
            hint=Text("Simpan sebagai CSV UTF-8.", "Save it as UTF-8 CSV."),
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        if _holds_utf8(data):
            raise _mixed(name, line) from error
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _mixed(name, data[: error.start].count(b"\n") + 1) from error


def _holds_utf8(data: bytes) -> bool:
    """Whether some line has letters beyond ASCII and is whole UTF-8."""
    for line in data.split(b"\n"):
        if not line.isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                continue
            return True
    return False


def _mixed(name: str, line: int) -> SourceError:
    return SourceError(
        Text(
            f"{name} mencampur pengodean huruf; baris {line} tidak sama dengan yang lain.",
            f"{name} mixes character encodings; line {line} differs from the others.",
        ),
        hint=Text(
            "Buka, perbaiki huruf yang rusak, dan simpan seluruhnya sebagai CSV UTF-8.",
            "Open it, mend the broken letters and save all of it as UTF-8 CSV.",
        ),
    )


def _delimiter(text: str) -> str:
    """Return the delimiter under which the first lines fall into the most pieces, equal ones first."""
    head = text[: 1 << 16].splitlines()[:_SNIFFED_LINES]

    def merit(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(head, delimiter=delimiter) if row]
        except csv.Error:
            return 0, 0
        pieces = [width for width in widths if width > 1]
        usual = max(set(pieces), key=pieces.count, default=0)
        return pieces.count(usual) if usual else 0, usual

    return max(_DELIMITERS, key=merit)


def _quick(text: str, delimiter: str) -> tuple[pd.DataFrame, NDArray[np.int64]] | None:
    """Read by pandas' compiled parser; None where its answer would not be exact (longer rows, cells with line ends)."""
    head = text[: 1 << 16].splitlines()[:_SNIFFED_LINES]
    width = max((len(row) for row in csv.reader(head, delimiter=delimiter)), default=0)
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            header=None,
            names=list(range(max(width, 1))),
            index_col=False,
            dtype="str",
            keep_default_na=False,
            na_values=[""],
            skip_blank_lines=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        return None
    ends = text.count("\n") + (0 if text.endswith("\n") else 1)
    if len(frame) != ends or "\r" in text.replace("\r\n", ""):
        return None
    return frame, np.arange(1, ends + 1, dtype=np.int64)


def _careful(text: str, delimiter: str, name: str) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Read row by row; slower, with the exact line of each row and the cells beyond the header kept."""
    rows: list[list[str]] = []
    ends = [0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
            if ends[-1] - ends[-2] > _LINES_PER_ROW_MAX:
                raise _unclosed(name, ends[-2] + 1)
    except csv.Error as error:
        raise _unclosed(name, ends[-1] + 1) from error
    last = "".join(list(io.StringIO(text, newline=""))[ends[-2] if rows else 0 :])
    try:
        list(csv.reader(io.StringIO(last, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            raise _unclosed(name, ends[-2] + 1) from error
    width = max(map(len, rows), default=1)
    padded = [row + [""] * (width - len(row)) for row in rows]
    frame = pd.DataFrame(padded, columns=range(width), dtype="str")
    return frame.mask(frame == ""), np.array(ends[:-1], dtype=np.int64) + 1


def _unclosed(name: str, line: int) -> SourceError:
    return SourceError(
        Text(
            f"{name} rusak mulai baris {line}: ada tanda kutip yang tidak ditutup.",
            f"{name} is damaged from line {line} on: a quotation mark is not closed.",
        ),
        hint=Text("Perbaiki baris itu, lalu coba lagi.", "Mend that line and try again."),
    )
