"""Answers of participants: corrections that come back as messages, as files of the map's form, or in the office's own table.

A text file may hold many messages pasted one after the other, with whatever messengers and mail programs put around them:
who forwarded what and when, quotation marks, wrapped and doubled lines, chat between them. A message begins at its title or at its
correction code and ends at its end mark; where that was lost, at the first empty line, the next message of the chat or the next
answer. Each is one row, judged like any other. Names and numbers of senders are not read.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from blankspot.corrections import (
    END,
    FORMAT,
    LABEL_LINE,
    LABEL_OF,
    TITLE,
    field_of,
    is_complete,
    mask,
    read_code,
    tidy,
    visible,
)
from blankspot.sources.coordinates import read_coordinates
from blankspot.sources.delimited import decoded
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from blankspot.check import Review
    from blankspot.settings import Settings
    from blankspot.sources.files import Member

FREE_TEXTS: Final = ("text", "place", "attachment")
OUTSIDE: Final = "lines_outside"  # in a table's attrs: lines of a text file that belong to no answer
_CODE_DIGITS_MIN: Final = 6  # fewer digits after "Kode:" are somebody's talk
_COLUMNS: Final = (*(name for name in LABEL_OF if name not in ("position", "village_name")), "lon", "lat")
_ORDER: Final = {name: at for at, name in enumerate(LABEL_OF)}
_QUOTE: Final = re.compile(r"^[ \t]*((?:>[ \t]*)*)")
_CHAT: Final = re.compile(
    r"^\W*\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4}[,\s]+\d{1,2}[.:]\d{2}(?:[.:]\d{2})?(?:\s*[AaPp]\.?[Mm]\.?)?\]?\s*(?:[-\u2013]\s*)?[^:]{1,80}:\s"
)
_MAIL: Final = re.compile(
    r"^\W*(?:(?:dari|from|kepada|to|dikirim|sent|subjek|subject|tanggal|date|cc)\s*:.*(?:@|re:|fwd?:)"
    r"|-{2,}.*(?:forwarded|original|diteruskan|asli).*-{2,}|begin forwarded message)",
    re.IGNORECASE,
)
_APOSTROPHE: Final = re.compile(r"^'(?=[=+\-@])")  # put before what a spreadsheet would run
_MESSAGES: Final = {
    "correction_code_missing": Text("Pesan koreksi tanpa kode koreksi.", "A correction without its correction code."),
    "correction_code_incomplete": Text(
        "Kode koreksi '{value}' tidak lengkap; contoh yang lengkap: 32.04.05.2001-221226-79.",
        "Correction code '{value}' is not complete; a complete one is 32.04.05.2001-221226-79.",
    ),
    "correction_code_checksum": Text(
        "Kode koreksi '{value}' salah ketik: dua angka terakhirnya tidak cocok dengan yang lain.",
        "Correction code '{value}' has a slip: its last two digits do not agree with the others.",
    ),
    "correction_code_conflict": Text(
        "Kode desa {value} bukan desa dari kode koreksinya.",
        "Village code {value} is not the village of the correction code.",
    ),
    "no_content": Text(
        "Koreksi ini tidak menyatakan apa pun: pernyataan sinyal dan keterangannya kosong.",
        "This correction says nothing: both what is said of the signal and the remarks are empty.",
    ),
    "personal_data_masked": Text(
        "Nomor atau alamat surel seseorang dihapus dari teks.", "Somebody's number or e-mail address was removed from the text."
    ),
    "future_date": Text("Tanggal {value} belum terjadi.", "The date {value} is still to come."),
    "lines_outside": Text(
        "{value} baris di luar pesan koreksi tidak dibaca.", "{value} lines outside the corrections were not read."
    ),
}  # fmt: skip


class _Line(NamedTuple):
    number: int
    quotes: int
    text: str


def answers_of(member: Member) -> pd.DataFrame | None:
    """Return the answers of a text of messages or of a saved form; None where the file is another table."""
    if member.suffix not in (".txt", ".json") or not member.path.stat().st_size:
        return None
    data = member.path.read_bytes()
    if member.suffix == ".json":
        saved = _saved(data)
        return None if saved is None else _table(saved, range(1, len(saved) + 1), member)
    if b"\x00" in data[2:] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    lines = decoded(data, member.name).splitlines()
    blocks = list(_blocks(lines))
    if not blocks:
        return None
    table = _table([_fields(block) for block in blocks], [block[0].number for block in blocks], member)
    inside = {line.number for block in blocks for line in block}
    table.attrs[OUTSIDE] = sum(bool(line.strip()) and at not in inside for at, line in enumerate(lines, start=1))
    return table


def _saved(data: bytes) -> list[dict[str, str]] | None:
    try:
        read = json.loads(data.decode("utf-8-sig"))
    except ValueError:
        return None
    if not isinstance(read, dict) or read.get("format") != FORMAT or not isinstance(read.get("answers"), list):
        return None
    return [
        {name: tidy(value) for name, value in one.items() if isinstance(value, str)} if isinstance(one, dict) else {}
        for one in read["answers"]
    ]


def _table(rows: Sequence[dict[str, Any]], numbers: Sequence[int] | range, member: Member) -> pd.DataFrame:
    placed = [row | _placed(row.get("position", "")) for row in rows]
    frame = pd.DataFrame(placed, columns=list(_COLUMNS), dtype="str").replace("", np.nan)
    return frame.assign(
        source_row=np.array(list(numbers), dtype=np.int64),
        source_file=pd.Series(member.name, index=frame.index, dtype="str"),
    )


def _placed(text: str) -> dict[str, str]:
    """Return a position as two texts; one that cannot be read stands in both, for the rule that refuses it."""
    if not text:
        return {}
    found = read_coordinates(text).positions
    if len(found) != 1:
        return {"lon": text, "lat": text}
    return {"lon": repr(found[0][0]), "lat": repr(found[0][1])}


def _blocks(lines: Sequence[str]) -> Iterator[list[_Line]]:
    """Cut a text into answers."""
    plain = [_line(number, line) for number, line in enumerate(lines, start=1)]
    starts: list[int] = []
    coded = True
    for at, line in enumerate(plain):
        if TITLE.casefold() in tidy(line.text).casefold():
            starts.append(at)
            coded = False
        elif _is_code(line.text):
            if coded:
                starts.append(at)
            coded = True
    for start, end in pairwise([*starts, len(plain)]):
        yield list(_ended(plain[start:end]))


def _line(number: int, text: str) -> _Line:
    text = visible(text)
    found = _QUOTE.match(text)
    quotes = found[1].count(">") if found else 0
    return _Line(number, quotes, text)


def _is_code(text: str) -> bool:
    bare = _CHAT.sub("", text)
    found = LABEL_LINE.fullmatch(bare)
    if found is None or field_of(found["label"]) != "correction_code":
        return False
    return len(found["label"].split()) > 1 or sum(sign.isdigit() for sign in found["value"]) >= _CODE_DIGITS_MIN


def _ended(block: Sequence[_Line]) -> Iterator[_Line]:
    """Yield the lines of one answer, without the quotation marks that the line of its code has."""
    quotes = next((line.quotes for line in block if _is_code(line.text)), block[0].quotes)
    closed = any(END in line.text.casefold() for line in block)
    begun = False
    for at, line in enumerate(block):
        text = line.text
        for _ in range(quotes):
            text = re.sub(r"^[ \t]*>[ \t]?", "", text)
        if at and not closed and ((begun and not text.strip()) or _CHAT.match(text) or _MAIL.match(text)):
            return
        begun = begun or bool(LABEL_LINE.match(_CHAT.sub("", text)))
        before, end, _ = re.sub(re.escape(END), END, text, flags=re.IGNORECASE).partition(END)
        yield line._replace(text=before)
        if end:
            return


def _fields(block: Sequence[_Line]) -> dict[str, str]:
    """Read the labelled texts of an answer, whether or not its lines were wrapped or joined."""
    found: dict[str, list[str]] = {}
    now = ""
    for at, line in enumerate(block):
        rest = line.text if at else _CHAT.sub("", line.text)
        at_start = True
        while True:
            label = _next_label(rest, at_start=at_start, seen=found, now=now)
            before = rest if label is None else rest[: label.start()]
            if now and before.strip():
                found[now].append(before)
            if label is None:
                break
            now = field_of(label["label"])
            found[now] = []
            rest, at_start = label["value"], False
    return {name: tidy(" ".join(texts)).strip("*_ ") for name, texts in found.items()}


_INSIDE: Final = re.compile(LABEL_LINE.pattern.removeprefix(r"[\W_]*"), re.IGNORECASE | re.DOTALL)


def _next_label(rest: str, *, at_start: bool, seen: dict[str, list[str]], now: str) -> re.Match[str] | None:
    """Return the next label: at the start of a line any that is new, further on only one that follows in the form's order."""
    if at_start:
        found = LABEL_LINE.fullmatch(rest)
        if found is not None and field_of(found["label"]) not in seen:
            return found
    for found in re.finditer(_LABEL_WORD, rest):
        whole = _INSIDE.fullmatch(rest, found.start())
        if whole is not None:
            name = field_of(whole["label"])
            if name not in seen and _ORDER[name] > _ORDER.get(now, -1):
                return whole
    return None


_LABEL_WORD: Final = re.compile(r"(?<![\w/])(?=[^\W\d_])")


def review_answers(review: Review) -> None:
    """Judge correction codes, take the village from them, refuse answers that say nothing, and mask personal data."""
    frame = review.frame
    for name in ("correction_code", "village_code", "claim", *FREE_TEXTS):
        if name not in frame:
            frame[name] = pd.Series(np.nan, index=frame.index, dtype="str")
    written = frame["correction_code"]
    given = written.notna()
    codes = [read_code(text) if told else None for text, told in zip(written, given, strict=True)]
    complete = pd.Series(
        [told and is_complete(text) for text, told in zip(written, given, strict=True)], index=frame.index
    )
    bad = given & pd.Series([code is None for code in codes], index=frame.index)
    for rule, mask_ in (("correction_code_incomplete", bad & ~complete), ("correction_code_checksum", bad & complete)):
        review.reject(mask_, column="correction_code", rule=rule, message=_MESSAGES[rule])
    of_code = pd.Series([code.village_code if code else None for code in codes], index=frame.index, dtype="str")
    told = frame["village_code"].str.strip()
    other = of_code.notna() & told.notna() & (told != of_code)
    review.reject(
        other, column="village_code", rule="correction_code_conflict", message=_MESSAGES["correction_code_conflict"]
    )
    frame["village_code"] = told.fillna(of_code)
    for name in FREE_TEXTS:
        frame[name] = frame[name].str.replace(_APOSTROPHE, "", regex=True)
        clean = frame[name].map(mask, na_action="ignore")
        review.repair(
            frame[name].notna() & (clean != frame[name]),
            clean,
            column=name,
            rule="personal_data_masked",
            message=_MESSAGES["personal_data_masked"],
            value=pd.Series("", index=frame.index),
        )
    silent = given & frame["claim"].isna() & frame["text"].isna()
    review.reject(silent, column="text", rule="no_content", message=_MESSAGES["no_content"])


def reject_codeless(review: Review, tables: Sequence[pd.DataFrame]) -> None:
    """Refuse messages that lost their correction code, and say how many lines belong to no message."""
    for table in tables:
        if OUTSIDE not in table.attrs:
            continue
        name = str(table["source_file"].iloc[0])
        if table.attrs[OUTSIDE]:
            review.note(column="", rule=OUTSIDE, message=_MESSAGES[OUTSIDE], value=table.attrs[OUTSIDE], source=name)
        lost = (review.frame["source_file"] == name) & review.frame["correction_code"].isna()
        review.reject(
            lost, column="correction_code", rule="correction_code_missing", message=_MESSAGES["correction_code_missing"]
        )


def reject_future(review: Review, now: dt.datetime | None, settings: Settings) -> None:
    """Refuse dates after today, where the day is given."""
    if now is None:
        return
    moment = now if now.tzinfo else now.replace(tzinfo=settings.zone)
    today = pd.Timestamp(moment.astimezone(settings.zone).date())
    dates = review.frame["reported_on"]
    shown = dates.dt.strftime("%Y-%m-%d").fillna("")
    review.reject(
        dates > today, column="reported_on", rule="future_date", message=_MESSAGES["future_date"], value=shown
    )
