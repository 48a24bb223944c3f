"""Filling a template: DOCX in, DOCX out, through docxtpl; this module is its only door.

What comes from data is text and nothing else: it is escaped, never rendered again, and a template cannot switch that off. A
template runs in a sandbox, because offices pass templates on to each other and one must not be able to run code. A field that
is misspelt or a mark that is broken stops the letter, and the message names the template, the mark, and the fields that exist.

The same template and the same fields give the same bytes: the dates inside the file are the letter's own.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from difflib import get_close_matches
from io import BytesIO
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import unescape

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from blankspot.errors import SourceError
from blankspot.out.letters.guide import field_names
from blankspot.out.letters.wording import one_line
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from blankspot.out.letters.model import Heading, LetterKind
    from blankspot.words import Lang

_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_MARKUP: Final = re.compile(r"<[^>]+>")
_MISSING: Final = re.compile(r"'([^']+)' is undefined|has no attribute '([^']+)'")
_UNSAFE_FILTERS: Final = ("safe", "tojson", "xmlattr", "urlize")  # they hand out text that is not escaped again
_EPOCH: Final = dt.date(2000, 1, 1)
_COMPILED: Final = "<template>"  # what Jinja calls a template without a file
_PROPERTY_MAX: Final = 255
_SHOWN_MAX: Final = 120
# lxml's XMLSyntaxError is a SyntaxError
_NOT_A_FILE: Final = (PackageNotFoundError, zipfile.BadZipFile, KeyError, SyntaxError, OSError, ValueError)


def language_of(path: Path | None) -> Lang:
    """Return the language in which a template is filled: English where its name ends in `.en.docx`, else Indonesian."""
    return "en" if path is not None and path.name.casefold().endswith(".en.docx") else "id"


def render(template: bytes, context: Mapping[str, Any], heading: Heading, *, name: str) -> bytes:
    """Fill a template and return the letter as the bytes of a DOCX file.

    Args:
        template: The bytes of a DOCX file with marks.
        context: The fields, as `content` gives them.
        heading: Gives the properties of the file: title, author and dates.
        name: What the template is called in messages.

    Raises:
        SourceError: The template is no DOCX, has a broken mark, or names a field that does not exist.
    """
    environment = _environment()
    source = _open(template, name)
    _inspect(source, environment, heading.kind, name)
    try:
        source.render(dict(context), environment, autoescape=True)
    except UndefinedError as error:
        found = _MISSING.search(str(error))
        raise _unknown_field(
            next(filter(None, found.groups()), "") if found else "", source, heading.kind, name, error
        ) from error
    except (TemplateError, TypeError, ValueError, OverflowError, ArithmeticError, SyntaxError) as error:
        raise _broken(name, str(error), _context_of(error, source)) from error
    _describe(source, heading)
    made = BytesIO()
    source.save(made)
    return dated(made.getvalue(), heading.day)


def unused(template: bytes, needed: tuple[str, ...], *, name: str) -> tuple[str, ...]:
    """Return which of the fields that a letter should show its template never mentions."""
    source = _open(template, name)
    mentioned = meta.find_undeclared_variables(_environment().parse(_text_of(source)))
    return tuple(field for field in needed if field not in mentioned)


def dated(document: bytes, day: dt.date = _EPOCH) -> bytes:
    """Return a DOCX file whose members carry `day` instead of the clock; their order and content stay as they are."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(document)) as read, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written:
        for member in read.infolist():
            entry = zipfile.ZipInfo(member.filename, date_time=(max(day.year, 1980), day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            written.writestr(entry, read.read(member))
    return made.getvalue()


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    for unsafe in _UNSAFE_FILTERS:
        environment.filters.pop(unsafe, None)
    return environment


def _open(template: bytes, name: str) -> DocxTemplate:
    source = DocxTemplate(BytesIO(template))
    try:
        source.init_docx()
    except _NOT_A_FILE as error:
        raise SourceError(
            Text(f"Templat {name} bukan berkas DOCX yang utuh.", f"The template {name} is no whole DOCX file."),
            hint=Text(
                "Simpan ulang sebagai .docx dari Word atau LibreOffice, atau hapus agar templat bawaan dipakai.",
                "Save it again as .docx from Word or LibreOffice, or delete it so that the built-in one is used.",
            ),
        ) from error
    return source


def _inspect(source: DocxTemplate, environment: ImmutableSandboxedEnvironment, kind: LetterKind, name: str) -> None:
    """Refuse broken marks, unknown fields, and a template that would let text of data be taken for markup."""
    text = _text_of(source)
    try:
        tree = environment.parse(text)
        mentioned = meta.find_undeclared_variables(tree)
    except TemplateSyntaxError as error:
        raise _broken(name, str(error.message), _line(text, error.lineno)) from error
    if next(tree.find_all(nodes.ScopedEvalContextModifier), None) is not None:
        raise _broken(name, "autoescape", "{% autoescape %}")
    known = {field.partition(".")[0].removesuffix("[]") for field in field_names(kind)}
    for field in sorted(mentioned - known - set(environment.globals)):
        raise _unknown_field(field, source, kind, name, None)


def _text_of(source: DocxTemplate) -> str:
    """Return the marked XML of the body, headers and footers, one paragraph a line."""
    edges = [
        edge
        for section in source.docx.sections
        for edge in (section.header, section.footer, section.first_page_header, section.first_page_footer)
    ]
    parts = [source.get_xml()]
    parts += [source.xml_to_string(edge._element) for edge in edges if not edge.is_linked_to_previous]  # noqa: SLF001 - docxtpl reads them so too
    whole = "\n".join(source.patch_xml(part) for part in parts)
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", whole)


def _describe(source: DocxTemplate, heading: Heading) -> None:
    """Give the file the properties of the letter; set after filling, so that they are never taken for a template."""
    moment = dt.datetime.combine(heading.day, dt.time(), tzinfo=dt.UTC)
    properties = source.docx.core_properties
    properties.title = one_line(f"{heading.topic} ({heading.number})")[:_PROPERTY_MAX]
    properties.author = one_line(heading.office.name)[:_PROPERTY_MAX]
    properties.last_modified_by = ""
    properties.revision = 1
    properties.created = properties.modified = moment


def _unknown_field(
    field: str, source: DocxTemplate, kind: LetterKind, name: str, error: Exception | None
) -> SourceError:
    tags = (
        [tag for tag in _TAG.findall(_text_of(source)) if re.search(rf"\b{re.escape(field)}\b", tag)] if field else []
    )
    shown = _plain(tags[0]) if tags else field or str(error)
    names = field_names(kind)
    leaves = {full.replace("[]", "").rpartition(".")[2]: full for full in names}
    near = [leaves[leaf] for leaf in get_close_matches(field, leaves, n=2)]
    meant = (
        Text(f" Mungkin maksudnya {' atau '.join(near)}.", f" Perhaps {' or '.join(near)} is meant.")
        if near
        else Text("", "")
    )
    listed = ", ".join(names)
    return SourceError(
        Text(
            f"Templat {name} menyebut isian yang tidak ada: {shown}.{meant.id}",
            f"The template {name} names a field that does not exist: {shown}.{meant.en}",
        ),
        hint=Text(f"Isian yang tersedia: {listed}.", f"Fields that exist: {listed}."),
    )


def _broken(name: str, reason: str, context: str) -> SourceError:
    where = Text(f" di dekat '{context}'", f" near '{context}'") if context else Text("", "")
    return SourceError(
        Text(
            f"Tanda templat di {name} tidak dapat dipahami{where.id}: {reason}.",
            f"A mark of the template {name} cannot be understood{where.en}: {reason}.",
        ),
        hint=Text(
            "Periksa pasangan {{ }} dan {% %}, serta for/endfor dan if/endif; contoh ada pada templat dari: blankspot init FOLDER.",
            "Check the pairs of {{ }} and {% %}, and for/endfor and if/endif; see the templates made by: blankspot init FOLDER.",
        ),
    )


def _context_of(error: Exception, source: DocxTemplate) -> str:
    """Return the mark that was being filled when an error came up, as its author reads it."""
    lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == _COMPILED]
    text = _text_of(source).splitlines()
    if not lines or lines[-1] is None or lines[-1] > len(text):
        return ""
    tags = _TAG.findall(text[lines[-1] - 1])
    return _plain(tags[0] if tags else text[lines[-1] - 1])


def _line(text: str, number: int) -> str:
    """Return what a reader of the template sees on a line of its text, or on the nearest line before that has any."""
    for line in reversed(text.splitlines()[:number]):
        if _plain(line):
            return _plain(line)
    return ""


def _plain(text: str) -> str:
    bare = " ".join(unescape(_MARKUP.sub("", text)).split())
    return bare if len(bare) <= _SHOWN_MAX else f"{bare[:_SHOWN_MAX]}…"
