"""The styles of the Word form: real ones, so that whoever gets the file changes its looks in one place.

A host's own document may stand in: its letterhead, its styles. What it lacks is taken from here.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

ACCENT, SOFT, RULE, BAND, WARN = "12395B", "4D5966", "C5CCD3", "F3F6F8", "8A3A0C"
BODY, HEADS = "Calibri", "Cambria"
TABLE, FACTS = "Report Table", "Report Facts"

# name: size in points, bold, colour, font, points before, points after, kept with the next paragraph
_PARAGRAPHS: dict[str, tuple[float, bool, str | None, str, float, float, bool]] = {
    "Normal": (10.5, False, None, BODY, 0, 6, False),
    "Title": (28, True, ACCENT, HEADS, 150, 8, True),
    "Subtitle": (15, False, SOFT, HEADS, 0, 24, False),
    "Heading 1": (18, True, ACCENT, HEADS, 26, 10, True),
    "Heading 2": (14, True, ACCENT, BODY, 18, 6, True),
    "Heading 3": (11.5, True, ACCENT, BODY, 14, 4, True),
    "Heading 4": (10.5, True, SOFT, BODY, 10, 3, True),
    "Caption": (9.5, False, SOFT, BODY, 8, 4, False),
    "List Bullet": (10.5, False, None, BODY, 0, 3, False),
    "List Number": (10.5, False, None, BODY, 0, 3, False),
    "Quote": (10.5, False, None, BODY, 4, 2, False),
    "Quote Source": (9, False, SOFT, BODY, 0, 8, False),
    "Lead": (12, False, None, BODY, 0, 8, False),
    "Small": (9, False, SOFT, BODY, 0, 6, False),
    "Notice": (10.5, False, None, BODY, 8, 10, False),
    "Table Text": (9, False, None, BODY, 2, 2, False),
    "Contents Title": (18, True, ACCENT, HEADS, 0, 10, True),
    "toc 1": (10.5, True, None, BODY, 7, 2, False),
    "toc 2": (10.5, False, SOFT, BODY, 0, 2, False),
    "Banner": (8, True, WARN, BODY, 0, 3, False),
    "Room": (10.5, False, None, BODY, 0, 0, False),
    "Header": (8.5, False, SOFT, BODY, 0, 0, False),
    "Footer": (8.5, False, SOFT, BODY, 0, 0, False),
}


def fresh(paper: str = "a4") -> WordDocument:
    """An empty document on A4 or Letter with all styles that a report uses."""
    from docx import Document
    from docx.shared import Mm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(215.9), Mm(279.4)) if paper == "letter" else (Mm(210), Mm(297))
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    section.header_distance = section.footer_distance = Mm(11)
    for name in _PARAGRAPHS:
        _paragraph(document.styles, name)
    _edges(document.styles)
    _hyperlink(document.styles)
    _tables(document.styles)
    compat = (
        document.settings.element.get_or_add_compat()
        if hasattr(document.settings.element, "get_or_add_compat")
        else None
    )
    if compat is None:
        _today(document)
    return document


_SETTING = (
    '<w:compatSetting {} w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
)


def _today(document: WordDocument) -> None:
    """Keeps Word from opening the file in its mode for documents of 2007."""
    from docx.oxml.ns import qn

    settings = document.settings.element
    compat = settings.find(qn("w:compat"))
    if compat is None:
        return
    for old in compat.findall(qn("w:compatSetting")):
        compat.remove(old)
    compat.append(_xml(_SETTING))


def completed(document: WordDocument) -> None:
    """Gives a host's document the styles it lacks, and takes its body away: what it is for is all around the body."""
    from docx.oxml.ns import qn

    ours = fresh()
    known = {style.name for style in document.styles}
    for name in (*_PARAGRAPHS, "Hyperlink", TABLE, FACTS):
        # python-docx knows the headings and the caption by the names that Word shows.
        style = next(style for style in ours.styles if style.name == name)
        if name not in known:
            document.styles.element.append(deepcopy(style.element))
    body = document.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)


def _xml(text: str) -> Any:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    return parse_xml(text.format(nsdecls("w")))


def _paragraph(styles: Any, name: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    size, bold, colour, font, before, after, kept = _PARAGRAPHS[name]
    there = {style.name: style for style in styles}
    style: Any = there.get(name) or styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, name.startswith("toc"))
    if name not in there:
        style.base_style = styles["Normal"]
    if name.startswith("toc"):
        style.hidden, style.quick_style = False, False
    style.font.name, style.font.size = font, Pt(size)
    # Said only where it has to be: the head of a table is bold by the table's style, which a plain "not bold" beats.
    style.font.bold = bold or (False if name in ("Caption", "Subtitle") else None)
    style.font.italic = name == "Quote" or (False if name == "Subtitle" else None)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        # A theme's font would win over the one named here.
        if "heme" in key:
            del fonts.attrib[key]
    for key in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(key), font)
    for spacing in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(spacing)
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour)
    elif name != "Normal":
        for element in style.element.rPr.findall(qn("w:color")):
            style.element.rPr.remove(element)
    form = style.paragraph_format
    form.space_before, form.space_after, form.keep_with_next = Pt(before), Pt(after), kept or None
    form.line_spacing = 1.12 if name in ("Normal", "Lead", "Notice", "Quote", "List Bullet", "List Number") else 1.0
    properties = style.element.get_or_add_pPr()
    for tag in ("w:numPr", "w:pBdr", "w:contextualSpacing", "w:tabs"):
        for element in properties.findall(qn(tag)):
            properties.remove(element)


_BORDER = '<w:pBdr {{}}><w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/></w:pBdr>'


def _edges(styles: Any) -> None:
    """Rules and grounds that stand beside text."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Mm

    for name, side, size, space, colour in (
        ("Heading 1", "bottom", 8, 4, ACCENT),
        ("Notice", "left", 24, 8, WARN),
        ("Quote", "left", 12, 8, RULE),
        ("Quote Source", "left", 12, 8, RULE),
    ):
        style: Any = styles[name]
        properties = style.element.get_or_add_pPr()
        properties.insert_element_before(
            _xml(_BORDER.format(side=side, size=size, space=space, colour=colour)),
            *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc"),
            *("w:outlineLvl", "w:rPr"),
        )
        if side == "left":
            style.paragraph_format.left_indent = Cm(0.45)
            style.paragraph_format.keep_together = True
    notice: Any = styles["Notice"]
    notice.element.get_or_add_pPr().insert_element_before(
        _xml('<w:shd {} w:val="clear" w:color="auto" w:fill="FDF4EC"/>'),
        *("w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr"),
    )
    banner: Any = styles["Banner"]
    banner.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    room: Any = styles["Room"]
    room.paragraph_format.line_spacing = Mm(8)
    order = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
    rule = '<w:{side} w:val="single" w:sz="4" w:space="0" w:color="' + SOFT + '"/>'
    both = rule.format(side="bottom") + rule.format(side="between")
    room.element.get_or_add_pPr().insert_element_before(_xml(f"<w:pBdr {{}}>{both}</w:pBdr>"), *order)
    second: Any = styles["toc 2"]
    second.paragraph_format.left_indent = Cm(0.6)


def _hyperlink(styles: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_UNDERLINE
    from docx.shared import RGBColor

    style: Any = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True)
    style.font.color.rgb = RGBColor.from_string("0F4C81")
    # A column of marks is nothing but links; a full line under each would hide the figures.
    style.font.underline = WD_UNDERLINE.DOTTED


_LINE = '<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
_TABLE_STYLE = """<w:style {{}} w:type="table" w:customStyle="1" w:styleId="{id}"><w:name w:val="{name}"/>
<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>
<w:tblPr><w:tblStyleRowBandSize w:val="1"/><w:tblBorders>{borders}</w:tblBorders>
<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>
</w:tblPr>{parts}</w:style>"""


def _tables(styles: Any) -> None:
    line = _LINE.format
    under = line(side="bottom", size=6, colour=ACCENT)
    first = (
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="{ACCENT}"/></w:rPr><w:tcPr>'
        f'<w:tcBorders>{under}</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
        f'<w:tblStylePr w:type="band2Horz"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{BAND}"/></w:tcPr>'
        "</w:tblStylePr>"
    )
    inside = line(side="insideH", size=4, colour=RULE)
    strong = line(side="top", size=8, colour=ACCENT) + line(side="bottom", size=8, colour=ACCENT) + inside
    light = line(side="top", size=4, colour=RULE) + line(side="bottom", size=4, colour=RULE) + inside
    for name, borders, parts in ((TABLE, strong, first), (FACTS, light, "")):
        text = _TABLE_STYLE.format(id=name.replace(" ", ""), name=name, borders=borders, parts=parts)
        styles.element.append(_xml(text))
