"""What a YAML syntax error means, in words for someone who has never heard of tokens, scalars and block mappings."""

from __future__ import annotations

import re

import yaml

from exercise.authoring.lookalikes import WIDE_COLON
from exercise.authoring.problems import Position, Problem
from exercise.authoring.source_text import position_of
from exercise.authoring.yaml_brackets import bracket_slip

__all__ = ["syntax_problem"]

_TABS = re.compile(r" *\t")
_FALSE_BLANK = re.compile(r"[ -]*[\u00a0\u2002-\u200a\u202f\u3000]|[ -]*[\w-]+:[\u00a0\u2002-\u200a\u202f\u3000]")
"""Where a blank belongs and another character stands that looks like one."""
_CURLY = re.compile(r"(?:^|[:\[{,-]) *([\u201c-\u201f\u2018-\u201b])")
_GLUED = re.compile(r"[ -]*[\w-]+:(?=[^\s/])")
_GLUED_DASH = re.compile(r" *-(?=[\w'\"{\[])")
_FALSE_DASH = re.compile(r" *([\u2010-\u2015\u2212\u2022\u25cf\u25aa\u00b7*]) ")
"""Signs at the head of a line that word processors make of the hyphen that begins an item."""
_FALSE_DASH_KEY = re.compile(_FALSE_DASH.pattern + r"[\w-]+:(?: |$)")
_CONDITION = re.compile(r"[ -]*(?:when|available|ready|known|opens|unable|told|returned): +[a-z]+: ")
_OPENS_TEXT = re.compile(r"[ -]*[\w-]+: *[|>][+-]?\d?\s*$")
_BRACKETED = re.compile(r"[ -]*[\w-]+: +(?=[\[{])")
_KEYED = re.compile(r"([ -]*)[\w-]+: +[^\s|>]")
_WIDE_COLON = re.compile(rf"[ -]*[\w-]+ ?({WIDE_COLON.pattern})")

_QUOTE_OPEN = "the quotation mark that opens here is never closed"
_BRACKET_OPEN = "the bracket that opens here is not closed, or a comma is missing inside it"
_COLON = "a colon and a space cannot stand inside this text; put the whole text in quotes, or check the indent"
_NO_BLANK = "this only looks like a blank (such come along from web pages and word processors); type an ordinary one"
_CURLY_MARKS = "curly quotation marks hold nothing together here; put the text in straight ones"
_DEEPER = "this line is indented deeper than the one above, which it does not belong to; check the indent of both"
_INDENT = "this line does not go on as the lines above; check its indent, and that quotes around a text hold all of it"

# Asked in this order of "context; problem"; both of PyYAML's parsers are covered, which word some errors differently.
# The third part says whether the place is where the construct began rather than where the parser gave up.
_WORDS: tuple[tuple[str, str, bool], ...] = (
    (r"quoted scalar.*(end of stream|document indicator|separator)", _QUOTE_OPEN, True),
    (
        r"escape|hexdecimal",
        "a backslash has a special meaning in double quotes; use single quotes, or write it twice",
        False,
    ),
    (r"flow (sequence|mapping)", _BRACKET_OPEN, True),
    (
        r"(block|flow) node",
        "a value should begin here; put a text that begins with a bracket, comma or sign in quotes",
        False,
    ),
    (r"mapping values are not allowed", _COLON, False),
    (
        r"sequence entries are not allowed",
        "a list cannot begin here; put its first '- ' on a line of its own, or a text that begins with - in quotes",
        False,
    ),
    (r"(scanning an (alias|anchor)|alphabetic or numeric)", "a text that begins with * or & must be in quotes", False),
    (r"block scalar", "after | or > begin a new line, and indent the text below it", False),
    (
        r"block (collection|sequence)|'-' indicator",
        "a list goes on here without '- ' before this line, or its indent differs",
        False,
    ),
    (
        r"could not find expected ':'",
        "this line is neither 'key: value' nor part of a text; a colon or an indent is missing",
        True,
    ),
    (r"block mapping|expected key|block end", _INDENT, False),
    (r"tag|%|directive", "a text that begins with % or ! must be in quotes", False),
    (r"document start", _INDENT, False),
)


def syntax_problem(text: str, name: str, error: yaml.YAMLError) -> Problem:
    """Return what the parser stumbled on as one problem, at the place where the author has to do something."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Position(mark.line + 1, mark.column + 1) if mark is not None else Position(1, 1)
    said = f"{getattr(error, 'context', None) or ''}; {getattr(error, 'problem', None) or error}"
    tab = _tab_near(text, place)
    if tab is not None:
        return Problem(name, *tab, "", "a tab stands in the indent of this line; use spaces instead")
    begun = getattr(error, "context_mark", None)
    first = begun.line + 1 if begun is not None else place.line
    lookalike = _lookalike_near(text, place, first)
    if lookalike is not None:
        return Problem(name, *lookalike[0], "", lookalike[1])
    usual = _usual_slip(text, place, first, said)
    if usual is not None:
        return Problem(name, *usual[0], "", usual[1])
    if begun is not None and re.search(r"flow (sequence|mapping)", said):
        slip = bracket_slip(text, place, Position(begun.line + 1, begun.column + 1))
        if slip is not None:
            return Problem(name, *slip[0], "", slip[1])
    for pattern, words, at_start in _WORDS:
        if re.search(pattern, said, re.DOTALL):
            if at_start and begun is not None:
                place = Position(begun.line + 1, begun.column + 1)
            return Problem(name, *inside(text, place), "", words)
    return Problem(name, *inside(text, place), "", "this cannot be read as YAML; check the indent, quotes and colons")


def inside(text: str, place: Position) -> Position:
    """Return `place`, or the end of the text where a parser counted past it."""
    last = position_of(text, len(text))
    return min(place, last)


def _tab_near(text: str, place: Position) -> Position | None:
    lines = text.split("\n", place.line)[: place.line]
    for number in (place.line, place.line - 1):
        if 0 < number <= len(lines):
            match = _TABS.match(lines[number - 1])
            if match:
                return Position(number, match.end())
    return None


def _lookalike_near(text: str, place: Position, begun: int) -> tuple[Position, str] | None:
    """A sign that is not what it seems, where the parser gave up, or where what it gave up on began."""
    lines = text.split("\n", place.line)[: place.line]
    for number in (place.line, place.line - 1, begun):
        if not 0 < number <= len(lines):
            continue
        line = lines[number - 1]
        if match := _FALSE_BLANK.match(line):
            return Position(number, match.end()), _NO_BLANK
        if match := _WIDE_COLON.match(line):
            return Position(
                number, match.start(1) + 1
            ), "this only looks like a colon; type an ordinary one, and a space"
    for number in (place.line, begun):
        if number <= len(lines) and (dash := _FALSE_DASH.match(lines[number - 1])):
            begins = f"{dash[1]} begins no item of a list; type an ordinary hyphen and a space: '- '"
            return Position(number, dash.start(1) + 1), begins
    above = lines[place.line - 2] if 1 < place.line <= len(lines) else ""
    if dash := _FALSE_DASH_KEY.match(above):
        begins = f"{dash[1]} begins no item of a list; type an ordinary hyphen and a space: '- '"
        return Position(place.line - 1, dash.start(1) + 1), begins
    return None


def _opened_before(lines: list[str], mark: str) -> Position | None:
    """Where the quotation mark opened, lines above, that only the one in the last line closes."""
    opens = re.compile(rf"(?:[:\[{{,]|^ *-) *({mark})")
    for number in range(len(lines) - 1, 0, -1):
        if lines[number - 1].count(mark) % 2 and (match := opens.search(lines[number - 1])):
            return Position(number, match.start(1) + 1)
    return None


def _usual_slip(text: str, place: Position, begun: int, said: str) -> tuple[Position, str] | None:
    """The slips that are made most and that the parser finds late or calls by a far-fetched name."""
    lines = text.split("\n", place.line)[: place.line]
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    before, character = line[: place.column - 1].rstrip(), line[place.column - 1 : place.column]
    if "cannot start any token" in said and character:
        if character == "\t":
            return place, "a tab stands here; use spaces instead"
        return place, f"a text that begins with {character} must be in quotes"
    if before.endswith(("'", '"')) and character and re.search(r"block mapping|flow (sequence|mapping)", said):
        opened = _opened_before(lines, before[-1]) if before.count(before[-1]) % 2 else None
        if opened is not None:
            return opened, _QUOTE_OPEN
    if before.endswith(("'", '"')) and character and "block mapping" in said:
        return place, "the quotation marks end before the text does; put them around all of it, other marks inside"
    if re.search(r"mapping values|flow (sequence|mapping)", said):
        curly = _CURLY.search(line)
        if curly:
            return Position(place.line, curly.start(1) + 1), _CURLY_MARKS
    bracketed = _BRACKETED.match(line)
    if bracketed and "block mapping" in said and before.endswith(("]", "}")) and character:
        return Position(
            place.line, bracketed.end() + 1
        ), f"a text that begins with {line[bracketed.end()]} must be in quotes"
    if "block collection" in said and (dash := _GLUED_DASH.match(line)):
        return Position(place.line, dash.end() + 1), "a space is missing after the dash"
    if "mapping values" in said and _CONDITION.match(line):
        return place, "a condition stands in braces, as in { flag: warned }"
    if "mapping values" in said and place.line > 1:
        glued = _GLUED.match(lines[place.line - 2])
        if glued:
            return Position(place.line - 1, glued.end() + 1), "a space is missing after the colon"
        dash = _GLUED_DASH.match(lines[place.line - 2])
        if dash:
            return Position(place.line - 1, dash.end() + 1), "a space is missing after the dash"
        above, here = _KEYED.match(lines[place.line - 2]), _KEYED.match(line)
        if above and here and len(here[1]) > len(above[1]):
            return Position(place.line, len(here[1]) + 1), _DEEPER
    opener = lines[begun - 2] if 1 < begun <= len(lines) else ""
    if "could not find expected ':'" in said and _OPENS_TEXT.match(opener):
        return Position(begun, 1), "the text below | or > stands deeper than its key; put more blanks before this line"
    if "could not find expected ':'" in said and begun <= len(lines):
        glued = _GLUED.match(lines[begun - 1])
        if glued:
            return Position(begun, glued.end() + 1), "a space is missing after the colon"
    return None
