"""The report of a workspace: what it says (`assemble`), and its two readings, a page and a workbook.

model       figures, tables, charts and sections as values     period      quarter, year, or up to a day
data        the frames it is made from                         assembly    the order of telling
performance, figures, groups, handling, trends, constraints, changed, findings, lists, villages, headlines    what is told
html, charts, workbook, layout                                 how it looks on a page and in a workbook
plain       the same for machines
"""

from __future__ import annotations

from blankspot.out.reports.assembly import assemble
from blankspot.out.reports.data import ReportData, Rule
from blankspot.out.reports.html import write_html
from blankspot.out.reports.model import Document
from blankspot.out.reports.period import Period, of_day, of_quarter, of_year
from blankspot.out.reports.plain import to_plain
from blankspot.out.reports.workbook import write_workbook

__all__ = [
    "Document",
    "Period",
    "ReportData",
    "Rule",
    "assemble",
    "of_day",
    "of_quarter",
    "of_year",
    "to_plain",
    "write_html",
    "write_workbook",
]
