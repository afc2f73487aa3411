"""Lists of a Word document, numbered and not, as Word itself keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exercise.report.word_styles import ACCENT

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_LEVEL = (
    '<w:abstractNum {spaces} w:abstractNumId="{id}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
    '<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="397" w:hanging="284"/></w:pPr><w:rPr><w:color w:val="{colour}"/></w:rPr></w:lvl>'
    "</w:abstractNum>"
)


class Lists:
    """Lists of two kinds; each that is numbered begins anew at one."""

    def __init__(self, word: WordDocument, spaces: str) -> None:
        from docx.oxml import parse_xml
        from docx.oxml.ns import qn

        self._spaces, self._parse, self._qn = spaces, parse_xml, qn
        self._numbering = _numbering(word, spaces)
        self._kinds = self._free("w:abstractNum", "w:abstractNumId")
        for add, (kind, text) in enumerate((("bullet", "•"), ("decimal", "%1."))):
            level = _LEVEL.format(spaces=spaces, id=self._kinds + add, kind=kind, text=text, colour=ACCENT)
            # Kinds stand before the lists that are of them.
            first = self._numbering.find(qn("w:num"))
            element = parse_xml(level)
            self._numbering.append(element) if first is None else first.addprevious(element)
        self._bullets = self._add(numbered=False)

    def begun(self, *, numbered: bool) -> int:
        """The number of a list that begins here."""
        return self._add(numbered=True) if numbered else self._bullets

    def _add(self, *, numbered: bool) -> int:
        number = max(self._free("w:num", "w:numId"), 1)
        anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>' if numbered else ""
        kind = f'<w:abstractNumId w:val="{self._kinds + numbered}"/>'
        self._numbering.append(self._parse(f'<w:num {self._spaces} w:numId="{number}">{kind}{anew}</w:num>'))
        return number

    def _free(self, tag: str, key: str) -> int:
        return max((int(each.get(self._qn(key))) for each in self._numbering.findall(self._qn(tag))), default=-1) + 1


def _numbering(word: WordDocument, spaces: str) -> Any:
    """The document's own record of its lists, made where it has none."""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.oxml import parse_xml
    from docx.parts.numbering import NumberingPart

    part = word.part
    if not any(each.reltype == RELATIONSHIP_TYPE.NUMBERING for each in part.rels.values()):
        # A letterhead without any list has no part for them, and the library cannot make one.
        made = NumberingPart(
            PackURI("/word/numbering.xml"),
            CONTENT_TYPE.WML_NUMBERING,
            parse_xml(f"<w:numbering {spaces}/>"),
            part.package,
        )
        part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
    return part.numbering_part.element
