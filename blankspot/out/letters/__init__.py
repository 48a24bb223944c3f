"""Letters and minutes as DOCX, filled from the ledger into templates that are the office's own to edit.

model        what a letter is made of               wording      numbers, days and positions as letters write them
villages     the list of desa                       content      the fields of each kind of letter
guide        the fields, documented for the office  paper        typography: A4, letterhead, tables
blocks       what official letters share            starters     the templates to begin with
render       filling a template, the only door to docxtpl
attachments  the list as XLSX, its points as GeoJSON and KML

python-docx and docxtpl are loaded only by `paper`, `blocks`, `starters` and `render`.
"""

from __future__ import annotations

from blankspot.out.letters.model import KINDS, Heading, LetterKind, Meeting, Office, Recipient

__all__ = ["KINDS", "Heading", "LetterKind", "Meeting", "Office", "Recipient"]
