"""The report as a Word document: styles, contents, captions and page numbers as Word itself would have made them."""

from __future__ import annotations

import io
import re
from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from exercise.errors import UsageError
from exercise.report.blocks import Document, Figure
from exercise.report.layout import laid_out
from exercise.report.word_lists import Lists
from exercise.report.word_styles import FACTS, RULE, TABLE, completed, fresh

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.section import Section
    from docx.text.paragraph import Paragraph

_NO_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BEGIN = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> {instruction} '
    '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
_PAGE = '<w:r><w:br w:type="page"/></w:r>'
_FIELD = f"{_BEGIN}<w:r><w:t>{{shown}}</w:t></w:r>{_END}"
_BETWEEN = f'<w:insideV w:val="single" w:sz="4" w:space="0" w:color="{RULE}"/>'
_TALLEST = 20.5
"""Centimetres of a page that a figure may take, its caption left out."""
_FEW_ROWS, _FEW_LETTERS = 8, 900
"""Up to so much, facts stand on one page; the same as in the paper form."""


def to_docx(document: Document, templates: Path | None = None) -> bytes:
    """The whole report as a .docx; a host's `report.docx` lends its letterhead and its styles where it is given."""
    _libraries()
    own = templates / "report.docx" if templates else None
    word = _opened(own) if own is not None and own.is_file() else fresh(document.paper)
    return _Writer(word, document).written()


def base_document() -> bytes:
    """An empty document with the styles of a report, for a host to change in Word."""
    _libraries()
    file = io.BytesIO()
    fresh().save(file)
    return file.getvalue()


def _libraries() -> None:
    try:
        import docx  # noqa: F401
    except ImportError:
        raise UsageError("Reports and manuals need more libraries: pip install 'exercise[report]'") from None


def _opened(path: Path) -> WordDocument:
    import docx

    try:
        word = docx.Document(str(path))
    # What a broken package raises differs by where it is broken, and none of it is python-docx's own.
    except Exception as error:
        raise UsageError(f"{path}: this is no Word document that can be opened ({type(error).__name__}).") from error
    completed(word)
    return word


class _Writer:
    """Writes one document's blocks after each other into a Word document."""

    def __init__(self, word: WordDocument, document: Document) -> None:
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        self._word = word
        self._data = laid_out(document)
        self._pictures = [block for block in document.blocks if isinstance(block, Figure)]
        self._parse = parse_xml
        self._spaces = nsdecls("w")
        self._marks: dict[str, str] = {}
        self._lists = Lists(word, self._spaces)
        self._names = {style.name: style.style_id for style in word.styles if style.name}

    def written(self) -> bytes:
        """The finished file."""
        from docx.shared import Pt

        data = self._data
        self._properties()
        self._furnish(self._word.sections[0])
        if data["running"] and data["cover"]:
            self._text("Small", data["running"])
        title = self._text("Title", data["title"])
        if not data["cover"]:
            title.paragraph_format.space_before = 0
            title.runs[0].font.size = Pt(20)
        if data["subtitle"]:
            self._text("Subtitle", data["subtitle"])
        if data["meta"]:
            self._facts([(row["label"], _plain(row["text"])) for row in data["meta"]])
        if data["statement"]:
            self._text("Notice" if data["cover"] else "Small", data["statement"])
        if data["cover"]:
            self._contents()
        turned = False
        follows = bool(data["cover"] and data["contents"])
        for block in data["blocks"]:
            if block["landscape"] != turned:
                turned = block["landscape"]
                self._turn(turned)
                # A section begins on a page of its own.
                follows = False
            before = self._word.element.body.sectPr.getprevious()
            self._block(block)
            if follows:
                self._on_a_new_page(before.getnext())
                follows = False
        file = io.BytesIO()
        self._word.save(file)
        return file.getvalue()

    def _properties(self) -> None:
        from docx.oxml.ns import qn

        data, core = self._data, self._word.core_properties
        core.title, core.subject, core.author = (_legal(data[key])[:255] for key in ("title", "subtitle", "author"))
        core.last_modified_by, core.comments, core.keywords = core.author, _legal(data["statement"])[:255], ""
        core.language, core.revision = data["language"], 1
        for name in ("dcterms:created", "dcterms:modified"):
            # The library's own template would give a date of its own.
            for element in core._element.findall(qn(name)):
                core._element.remove(element)
        for language in self._word.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), data["language"])

    # ---- pages

    def _furnish(self, section: Section) -> None:
        """The head and foot of the pages, unless a host's own letterhead stands there; the banner stands above both."""
        own = [part for part in (section.header, section.footer) if any(each.text.strip() for each in part.paragraphs)]
        self._ours = not own
        if self._ours:
            section.different_first_page_header_footer = self._data["cover"]
            self._edge(section)
        heads = [section.header]
        if section.different_first_page_header_footer:
            heads.append(section.first_page_header)
        for head in heads if self._data["banner"] else ():
            head.is_linked_to_previous = False
            head.paragraphs[0]._p.addprevious(self._paragraph("Banner", self._runs(self._data["banner"])))

    def _edge(self, section: Section) -> None:
        section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
        width = _width(section)
        numbers = _FIELD.format(instruction="PAGE", shown="") + "<w:r><w:t xml:space='preserve'> / </w:t></w:r>"
        numbers += _FIELD.format(instruction="NUMPAGES", shown="")
        foot = self._runs(self._data["running"]) + "<w:r><w:tab/></w:r>" + numbers
        for part, style, inside in (
            (section.header, "Header", self._runs(self._data["title"])),
            (section.footer, "Footer", foot),
        ):
            for each in part.paragraphs[1:]:
                each._p.getparent().remove(each._p)
            tabs = f'<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>'
            paragraph = part.paragraphs[0]._p
            paragraph.getparent().replace(paragraph, self._paragraph(style, inside, tabs))

    def _turn(self, landscape: bool) -> None:
        """Begins a section whose pages are turned, or upright again."""
        from docx.enum.section import WD_ORIENT, WD_SECTION

        section = self._word.add_section(WD_SECTION.NEW_PAGE)
        short, long = sorted((section.page_width or 0, section.page_height or 0))
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (long, short) if landscape else (short, long)
        section.different_first_page_header_footer = False
        if self._ours:
            self._edge(section)
            if self._data["banner"]:
                banner = self._paragraph("Banner", self._runs(self._data["banner"]))
                section.header.paragraphs[0]._p.addprevious(banner)

    def _contents(self) -> None:
        """The contents as Word's own field, filled in with links; Word adds page numbers when told to update."""
        if not self._data["contents"]:
            return
        self._text("Contents Title", self._data["labels"]["contents"]).paragraph_format.page_break_before = True
        begin = _BEGIN.format(instruction='TOC \\o "1-2" \\h \\z \\u')
        tabs = f'<w:tabs><w:tab w:val="right" w:pos="{_width(self._word.sections[0])}"/></w:tabs>'
        last = self._data["contents"][-1]
        for line in self._data["contents"]:
            mark = self._mark(line["id"])
            page = _FIELD.format(instruction=f"PAGEREF {mark} \\h", shown="")
            entry = f"{self._runs(line['text'])}<w:r><w:tab/></w:r>{page}"
            inside = f'{begin}<w:hyperlink w:anchor="{mark}" w:history="1">{entry}</w:hyperlink>'
            # A paragraph of its own for the end would stand alone on the next page where the contents fill theirs.
            self._put(self._paragraph(f"toc {line['level']}", inside + (_END if line is last else ""), tabs))
            begin = ""

    def _on_a_new_page(self, element: Any) -> None:
        """Begins a page with what follows the contents."""
        from docx.oxml.ns import qn
        from docx.text.paragraph import Paragraph

        # In a table, its first paragraph.
        first = element if element.tag == qn("w:p") else next(element.iter(qn("w:p")))
        Paragraph(first, self._word._body).paragraph_format.page_break_before = True

    # ---- blocks

    def _block(self, block: dict[str, Any]) -> None:
        match block["kind"]:
            case "heading":
                # On a sheet, the title stands on the same page and needs no rival.
                level = min(block["level"] + (not self._data["cover"]), 4)
                head = self._text(f"Heading {level}", block["text"], mark=block["id"])
                # A part begins on a new page only where it is told to.
                head.paragraph_format.page_break_before = None
            case "paragraph":
                style = {"lead": "Lead", "small": "Small"}.get(block["style"], "Normal")
                self._put(self._paragraph(style, self._opened(block)))
            case "bullets":
                style = "List Number" if block["numbered"] else "List Bullet"
                number = self._lists.begun(numbered=block["numbered"])
                level = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
                for item in block["items"]:
                    self._put(self._paragraph(style, self._cell(item), level))
            case "facts":
                self._facts([(row["label"], row["cell"]) for row in block["rows"]])
            case "table":
                if block["caption"]:
                    self._caption(block, above=True)
                self._table(block)
            case "figure":
                self._figure(block)
            case "quote":
                kept = "<w:keepNext/>" if block["source"] else ""
                self._put(self._paragraph("Quote", self._runs(block["text"]), kept))
                if block["source"]:
                    self._text("Quote Source", f"— {block['source']}")
            case "notice":
                title = self._runs(block["title"], '<w:b/><w:color w:val="8A3A0C"/>') + "<w:r><w:br/></w:r>"
                inside = (title if block["title"] else "") + self._runs(block["text"])
                self._put(self._paragraph("Notice", inside))
            case "room":
                self._room(block)
            case "break":
                self._put(self._paragraph("Normal", _PAGE))

    def _room(self, block: dict[str, Any]) -> None:
        last = len(block["lines"]) - 1
        if block["opening"] or block["text"]:
            self._put(self._paragraph("Normal", self._opened(block), "<w:keepNext/>"))
        for line in block["lines"]:
            # Word draws one rule around neighbours with the same border, and a rule between them where it is told to.
            kept = "<w:keepNext/>" if line < last or block["foot"] else ""
            self._put(self._paragraph("Room", "", kept))
        if block["foot"]:
            self._put(self._paragraph("Normal", self._runs(block["foot"]), '<w:spacing w:before="120" w:after="240"/>'))

    def _figure(self, block: dict[str, Any]) -> None:
        from docx.shared import Cm, Emu

        paragraph = self._word.add_paragraph(style="Normal")
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(self._pictures[block["number"] - 1].png()))
        part = min(_width(self._word.sections[-1]) * 635 / shape.width, int(Cm(_TALLEST)) / shape.height, 1.0)
        shape.width, shape.height = Emu(int(shape.width * part)), Emu(int(shape.height * part))
        properties = shape._inline.docPr
        properties.set("descr", _legal(block["alt"]))
        properties.set("name", f"Figure {block['number']}")
        has_table = bool(block["table"] and block["table"]["rows"])
        self._caption(block, above=has_table)
        if has_table:
            self._table(block["table"])

    def _caption(self, block: dict[str, Any], *, above: bool) -> None:
        number, word = str(block["number"]), self._data["labels"][block["kind"]]
        count = _FIELD.format(instruction=f"SEQ {word} \\* ARABIC", shown=number)
        before, _, after = block["numbered"].partition(number)
        inside = self._runs(before) + count + self._runs(f"{after}. {block['caption']}")
        self._put(self._paragraph("Caption", inside, "<w:keepNext/>" if above else ""))

    def _facts(self, rows: list[tuple[str, dict[str, str]]]) -> None:
        columns = [{"width": 0.27, "numeric": False}, {"width": 0.73, "numeric": False}]
        cells = [[_plain(label), cell] for label, cell in rows]
        # A few short lines stay together, as on paper; of more, neither the first nor the last stands alone.
        short = len(rows) <= _FEW_ROWS and sum(len(cell["text"]) for _label, cell in rows) <= _FEW_LETTERS
        followed = range(1, len(rows)) if short else (1, len(rows) - 1)
        self._grid(FACTS, columns, cells, head="", caption="", followed=followed)

    def _table(self, table: dict[str, Any]) -> None:
        head = "".join(
            self._box(self._runs(column["text"]), width, column["numeric"])
            for column, width in zip(table["columns"], self._widths(table["columns"]), strict=True)
        )
        head = f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"
        self._grid(TABLE, table["columns"], table["rows"], head=head, caption=table["caption"], blank=table["blank"])

    def _grid(
        self,
        style: str,
        columns: list[dict[str, Any]],
        rows: list[list[dict[str, str]]],
        *,
        head: str,
        caption: str,
        blank: bool = False,
        followed: Container[int] = (),
    ) -> None:
        # Written as text at once: cell by cell, the library takes minutes for a long table.
        widths = self._widths(columns)
        lines = [
            "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
            + "".join(
                self._box(self._cell(cell), width, column["numeric"], kept=number in followed)
                for cell, column, width in zip(row, columns, widths, strict=True)
            )
            + "</w:tr>"
            for number, row in enumerate(rows, 1)
        ]
        look = f'w:firstRow="{int(bool(head))}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0"'
        inner = f"<w:tblBorders>{_BETWEEN}</w:tblBorders>" if blank else ""
        title = f"<w:tblCaption w:val={quoteattr(_legal(caption))}/>" if caption else ""
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        self._put(
            self._parse(
                f'<w:tbl {self._spaces}><w:tblPr><w:tblStyle w:val="{self._names[style]}"/>'
                f'<w:tblW w:w="5000" w:type="pct"/>{inner}<w:tblLayout w:type="fixed"/>'
                f'<w:tblLook {look} w:noVBand="1"/>{title}</w:tblPr>'
                f"<w:tblGrid>{grid}</w:tblGrid>{head}{''.join(lines)}</w:tbl>"
            )
        )
        # Two tables without a paragraph between them would become one.
        self._put(self._paragraph("Table Text", "", '<w:spacing w:after="120"/>'))

    def _widths(self, columns: list[dict[str, Any]]) -> list[int]:
        whole = _width(self._word.sections[-1])
        return [round(whole * column["width"]) for column in columns]

    def _box(self, inside: str, width: int, numeric: bool, *, kept: bool = False) -> str:
        keep = "<w:keepNext/>" if kept else ""
        right = '<w:jc w:val="right"/>' if numeric else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr>'
            f'<w:pStyle w:val="{self._names["Table Text"]}"/>{keep}{right}</w:pPr>{inside}</w:p></w:tc>'
        )

    # ---- paragraphs

    def _text(self, style: str, text: str, mark: str = "") -> Paragraph:
        from docx.text.paragraph import Paragraph

        inside = self._runs(text)
        element = self._paragraph(style, self._marked(inside, mark) if mark else inside)
        self._put(element)
        return Paragraph(element, self._word._body)

    def _paragraph(self, style: str, inside: str, properties: str = "") -> Any:
        return self._parse(
            f'<w:p {self._spaces}><w:pPr><w:pStyle w:val="{self._names[style]}"/>{properties}</w:pPr>{inside}</w:p>'
        )

    def _put(self, element: Any) -> None:
        # The last element of a body is its last section, which has to stay the last.
        self._word.element.body.sectPr.addprevious(element)

    def _cell(self, it: dict[str, str]) -> str:
        if it["to"]:
            runs = self._runs(it["text"], f'<w:rStyle w:val="{self._names["Hyperlink"]}"/>')
            return f'<w:hyperlink w:anchor="{self._mark(it["to"])}" w:history="1">{runs}</w:hyperlink>'
        return self._marked(self._runs(it["text"]), it["id"]) if it["id"] else self._opened(it)

    def _opened(self, it: dict[str, str]) -> str:
        """Text whose first words may stand out."""
        return self._runs(it["opening"], "<w:b/>") + self._runs(it["text"])

    def _marked(self, inside: str, place: str) -> str:
        mark = self._mark(place)
        number = mark.rpartition("_")[2]
        return f'<w:bookmarkStart w:id="{number}" w:name="{mark}"/>{inside}<w:bookmarkEnd w:id="{number}"/>'

    def _mark(self, place: str) -> str:
        """A bookmark's name: Word allows forty letters, and the beginning underline keeps it out of its lists."""
        return self._marks.setdefault(place, f"_Report_{len(self._marks) + 1}")

    @staticmethod
    def _runs(text: str, properties: str = "") -> str:
        form = f"<w:rPr>{properties}</w:rPr>" if properties else ""
        lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in _legal(text).split("\n"))
        return f"<w:r>{form}{'<w:br/>'.join(lines)}</w:r>" if text else ""


def _plain(text: str) -> dict[str, str]:
    return {"text": text, "to": "", "id": "", "opening": ""}


def _legal(text: str) -> str:
    """Without the few characters that a file of this kind cannot hold."""
    return _NO_XML.sub("", text)


def _width(section: Section) -> int:
    """Of the text, in twentieths of a point."""
    return ((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)) // 635
