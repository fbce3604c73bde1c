"""Official documents as Word files, in the format of GB/T 9704-2012: what an office passes on.

The typefaces of the standard are named in the file and not shipped; a computer that lacks them
shows its nearest. The same content as the PDF of record, which alone is of record.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE, BODY, HEAD, SUBHEAD, SONG = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "黑体",
    "楷体_GB2312",
    "宋体",
)
RED = RGBColor(0xD7, 0x00, 0x0F)
LINE = Pt(28.95)  # 版心 225 mm，每面 22 行
TYPE = 16  # 3 号
RIGHT, CENTRE, LEFT = (
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
)


@dataclass(frozen=True)
class Annex:
    """附件：标题各行、表头、各行、合计行；`numeric` 是右对齐的列。"""

    title: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    numeric: frozenset[int] = frozenset()
    widths_mm: tuple[int, ...] = ()


@dataclass(frozen=True)
class OfficialPaper:
    """一份公文。`body` 的各段是 `(层次, 文字)`：p 正文，h2 一、，h3 （一）。"""

    letterhead: str
    number: str
    title: tuple[str, ...]
    addressee: str
    body: Sequence[tuple[str, str]]
    signature: str
    date: str
    attachments: tuple[str, ...] = ()
    copies: str = ""
    issuer_line: tuple[str, str] = ("", "")
    annex: Annex | None = None


def official_docx(paper: OfficialPaper) -> bytes:
    """The file's bytes."""
    word = docx.Document()
    word.core_properties.author = paper.signature
    word.core_properties.title = "".join(paper.title)
    word.core_properties.created = word.core_properties.modified = datetime(2000, 1, 1, tzinfo=UTC)
    _page(word)
    _head(word, paper)
    for level, text in paper.body:
        face = {"h2": HEAD, "h3": SUBHEAD}.get(level, BODY)
        _paragraph(word, text, face=face, indent=2, keep=level != "p")
    _foot(word, paper)
    if paper.annex is not None:
        _annex(word, paper.annex)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


# --- Page ----------------------------------------------------------------------------------------


def _page(word: Any) -> None:
    """A4；天头 37、订口 28 mm，版心 156 × 225 mm；页码在版心下 7 mm，单页居右双页居左。"""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(23)
    word.settings.odd_and_even_pages_header_footer = True
    _face(word.styles["Normal"], BODY, TYPE)
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        line = footer.paragraphs[0]
        line.alignment = align
        side = "right_indent" if align == RIGHT else "left_indent"
        setattr(line.paragraph_format, side, Pt(14))
        _run(line, "— ", SONG, 14)
        _page_number(line)
        _run(line, " —", SONG, 14)


def _page_number(line: Any) -> None:
    run = _run(line, "", SONG, 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        run._r.append(part)  # noqa: SLF001  python-docx has no field of its own


# --- Parts ---------------------------------------------------------------------------------------


def _head(word: Any, paper: OfficialPaper) -> None:
    """发文机关标志上距版心 35 mm；文号在其下空二行；4 mm 下红线；标题在红线下空二行。"""
    size = 44 if len(paper.letterhead) <= 8 else 32 if len(paper.letterhead) <= 12 else 24
    mark = _paragraph(word, "", align=CENTRE, exact=False)
    mark.paragraph_format.space_before = Mm(35)
    _run(mark, paper.letterhead, TITLE, size, colour=RED)
    number = _paragraph(word, paper.number, align=CENTRE)
    number.paragraph_format.space_before = 2 * LINE
    _rule(number, "D7000F", size=20, space=11)
    for place, line in enumerate(paper.title):
        title = _paragraph(word, line, face=TITLE, size=22, align=CENTRE, line=Pt(36))
        title.paragraph_format.space_before = Pt(0) if place else 2 * LINE
    title.paragraph_format.space_after = LINE
    _paragraph(word, paper.addressee)


def _foot(word: Any, paper: OfficialPaper) -> None:
    """附件说明空一行左空二字；成文日期右空四字，署名以它居中；版记在最后。"""
    for place, text in enumerate(paper.attachments):
        made = _paragraph(word, text, indent=2)
        made.paragraph_format.space_before = Pt(0) if place else LINE
    date_width = sum(8 if c.isascii() else TYPE for c in paper.date)
    shift = (date_width - TYPE * len(paper.signature)) / 2
    signed = _paragraph(word, paper.signature, align=RIGHT, keep=True)
    signed.paragraph_format.space_before = 2 * LINE
    signed.paragraph_format.right_indent = Pt(max(2 * TYPE, 4 * TYPE + shift))
    dated = _paragraph(word, paper.date, align=RIGHT)
    dated.paragraph_format.right_indent = Pt(4 * TYPE)
    if paper.copies:
        copies = _paragraph(word, paper.copies, size=14, line=Pt(22))
        copies.paragraph_format.space_before = LINE
        _rule(copies, "000000", size=8, space=2, side="top")
        _rule(copies, "000000", size=6, space=2)
    if any(paper.issuer_line):
        line = _paragraph(word, "", size=14, line=Pt(22))
        line.paragraph_format.tab_stops.add_tab_stop(Mm(151), alignment=2)
        _run(line, "\t".join(paper.issuer_line), BODY, 14)
        _rule(line, "000000", size=8, space=2)


def _annex(word: Any, annex: Annex) -> None:
    """附件另面编排；“附件”顶格黑体，标题居中。"""
    mark = _paragraph(word, "附件", face=HEAD)
    mark.paragraph_format.page_break_before = True
    for place, line in enumerate(annex.title):
        title = _paragraph(word, line, face=TITLE, size=18, align=CENTRE)
        title.paragraph_format.space_before = Pt(0) if place else LINE
    title.paragraph_format.space_after = Pt(14)
    table = word.add_table(rows=0, cols=len(annex.header))
    table.style = "Table Grid"
    table.autofit = not annex.widths_mm
    _row(table, annex.header, annex, face=HEAD, centred=True)
    _repeat(table.rows[0])
    for row in annex.rows:
        _row(table, row, annex)
    if annex.total:
        _row(table, annex.total, annex, face=HEAD)


def _row(
    table: Any, texts: Sequence[str], annex: Annex, *, face: str = BODY, centred: bool = False
) -> None:
    for place, (cell, text) in enumerate(zip(table.add_row().cells, texts, strict=True)):
        line = cell.paragraphs[0]
        right = RIGHT if place in annex.numeric else LEFT
        line.alignment = CENTRE if centred else right
        line.paragraph_format.line_spacing = Pt(18)
        _run(line, text, face, 12)
        if annex.widths_mm:
            cell.width = Mm(annex.widths_mm[place])


def _repeat(row: Any) -> None:
    """The heading comes again on every page."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001
    properties.append(OxmlElement("w:tblHeader"))


# --- Type ----------------------------------------------------------------------------------------


def _paragraph(
    word: Any,
    text: str,
    *,
    face: str = BODY,
    size: int = TYPE,
    align: Any = None,
    indent: int = 0,
    keep: bool = False,
    line: Any = LINE,
    exact: bool = True,
) -> Any:
    made = word.add_paragraph()
    layout = made.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    if exact:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, line
    layout.first_line_indent = Pt(indent * size) if indent else None
    layout.keep_with_next = keep
    made.alignment = align
    if text:
        _run(made, text, face, size)
    return made


def _run(line: Any, text: str, face: str, size: int, *, colour: RGBColor | None = None) -> Any:
    run = line.add_run(text)
    _face(run, face, size)
    if colour is not None:
        run.font.color.rgb = colour
    return run


def _face(holder: Any, face: str, size: int) -> None:
    """One face for Chinese and Latin alike."""
    holder.font.name, holder.font.size = face, Pt(size)
    fonts = holder.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(script), face)


def _rule(line: Any, colour: str, *, size: int, space: int, side: str = "bottom") -> None:
    """A line above or below a paragraph; `size` in eighths of a point, `space` in points."""
    properties = line._p.get_or_add_pPr()  # noqa: SLF001
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(
            borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
    edge = OxmlElement(f"w:{side}")
    values = {"val": "single", "sz": str(size), "space": str(space), "color": colour}
    for name, value in values.items():
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)
