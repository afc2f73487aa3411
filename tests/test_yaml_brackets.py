"""Slips inside `{…}` and `[…]`, each told by what it is and where it is."""

from __future__ import annotations

import pytest
import yaml

from exercise.authoring import yaml_source
from exercise.authoring.yaml_source import parse

PARSERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if hasattr(yaml, "CSafeLoader") else [])]

UNCLOSED = "the bracket that opens here is not closed"
COLON = "a colon and a space cannot stand inside this text"

SLIPS = [
    ("c:\n  - { x: y, because: Result: closed. }\n  - { x: z }\n", f"f:2:28: {COLON}; put the whole text in quotes"),
    ("c: [one, Result: closed: now, three]\nd: 1\n", f"f:1:24: {COLON}"),
    ("c: { a: 1,\n  b: Result: closed }\n", f"f:2:12: {COLON}"),
    ("c: { a: 1 b: 2 }\n", "or a comma before 'b' if that begins something new"),
    ("c: { a: 1, when: lapsed: words, x: 3 }\n", "f:1:24: a condition stands in braces"),
    ("c:\n  - { x: y, because: the case # 4 was closed }\n  - { x: z }\n", "f:2:31: what follows # is a note"),
    ("c: [one, the case # 4, three]\nd: 1\n", "f:1:19: what follows # is a note"),
    ("c: [one, two # see [4]\n", "f:1:14: what follows # is a note"),
    ("c:\n  - { x: y, b: 'It's closed now', z: 3 }\n", "f:2:19: this ends the text that ' begins"),
    ("c: { a: 'Don''t', b: 'isn't it' }\n", "f:1:26: this ends the text that ' begins"),
    ('c: { a: x, b: "He said "no" then" }\n', "f:1:25: the quotation marks end before the text does"),
    ('c: { a: "x" b: 2 }\n', "f:1:13: a comma is missing before this"),
    ("c: [{ a: 1 } { b: 2 }]\n", "f:1:14: a comma is missing before this"),
    ("c: [one, two\nd: 1\n", f"f:1:4: {UNCLOSED}"),
    ("c: { a: 1, b: 2\nd: 1\n", f"f:1:4: {UNCLOSED}"),
    ("c: { a: '# 1', b: 2\nd: 1\n", f"f:1:4: {UNCLOSED}"),
    ("c: [{ a: 1 }, { b: 3 ]  # not [yet]\nd: 1\n", f"f:1:15: {UNCLOSED}"),
    ("a:\n  - { b: 1\n  - id: c\n", f"f:2:5: {UNCLOSED}"),
]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(("text", "expected"), SLIPS)
def test_a_slip_in_brackets_is_told_by_its_reason(
    text: str, expected: str, parser: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects whoever looks for a comma where a colon, a note or an apostrophe is what stands in the way."""
    monkeypatch.setattr(yaml_source, "_LOADER", parser)
    found = [str(problem) for problem in parse(text, "f").problems]
    assert len(found) == 1 and expected in found[0], found
