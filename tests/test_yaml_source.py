"""The authoring loader: what an author sees is what is read, and every mistake is told at its place in plain words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from exercise.authoring import yaml_source
from exercise.authoring.nearest import did_you_mean
from exercise.authoring.problems import Problem, quoted
from exercise.authoring.source_text import LARGEST_SCENARIO, LARGEST_TEXT
from exercise.authoring.yaml_source import Source, as_model, load_model, parse, read_source
from exercise.core.text import HOSTILE, clean_text

LOADERS = [pytest.param(yaml.SafeLoader, id="pure")]
if hasattr(yaml, "CSafeLoader"):
    LOADERS.append(pytest.param(yaml.CSafeLoader, id="libyaml"))


class Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Flag(Record):
    flag: str


class Indicator(Record):
    indicator: str
    at_least: float


class AllOf(Record):
    all: tuple[Condition, ...] = Field(min_length=1)


class Not(Record):
    not_: Condition = Field(alias="not")


Condition = Flag | Indicator | AllOf | Not


class SetFlag(Record):
    flag: str
    to: bool = True


class Move(Record):
    indicator: str
    by: int = Field(ge=-10, le=10)


def _which(value: Any) -> str | None:
    return next((key for key in ("flag", "indicator") if isinstance(value, dict) and key in value), None)


Effect = Annotated[
    Annotated[SetFlag, Tag("flag")] | Annotated[Move, Tag("indicator")],
    Discriminator(_which, custom_error_type="effect", custom_error_message="an effect has one of: flag, indicator"),
]


class Inject(Record):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1, max_length=60)
    channel: Literal["e-mail", "phone", "media"] = "e-mail"
    to: tuple[str, ...] = ()
    option: str | tuple[str, ...] = ""
    at: int | None = None
    when: Condition | None = None
    effects: tuple[Effect, ...] = ()

    @model_validator(mode="after")
    def _scheduled(self) -> Inject:
        if self.at is not None and self.when is not None:
            raise ValueError("use at or when, not both")
        return self


class Play(Record):
    id: str
    day: date = date(2031, 3, 12)
    noise: bool = False
    briefing: str = ""
    names: dict[Annotated[str, Field(pattern="^[a-z]+$")], str] = {}
    injects: tuple[Inject, ...] = Field(default=(), min_length=1)


for _model in (AllOf, Not, Inject, Play):
    _model.model_rebuild()

SAMPLE = """\
# A small play with something of every form.
id: storm
day: 2031-03-12
noise: no
briefing: |
  Cards fail at the tills.

  It is 6:30 in Averne — nobody knows why.
names: {desk: "News desk", chair: 'The chair''s seat'}
injects:
  - id: press-call
    title: A reporter rings
    channel: phone
    to: [averne, "cadria"]
    at: 30
    effects: &calm
      - {indicator: calm, by: -2}
      - flag: rung
  - id: second
    title: >-
      Folded over
      two lines
    when:
      all:
        - flag: rung
        - not: {indicator: calm, at_least: 3.5}
    effects: *calm
"""


def lines(text: str, model: type[BaseModel] = Play) -> list[str]:
    """All problems of a text as an author sees them."""
    return [str(problem) for problem in as_model(parse(text, "f.yaml"), model)[1]]


def only(text: str, model: type[BaseModel] = Play) -> str:
    """The one problem of a text."""
    found = lines(text, model)
    assert len(found) == 1, found
    return found[0]


def in_first_inject(text: str) -> str:
    """A play whose first inject has these further lines, the first of them line 5."""
    return "id: a\ninjects:\n  - id: one\n    title: One\n" + "".join(f"    {line}\n" for line in text.splitlines())


@pytest.fixture(params=LOADERS)
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs a test with libyaml and with the parser used where there is none."""
    monkeypatch.setattr(yaml_source, "_LOADER", request.param)


# What is read


@pytest.mark.usefixtures("either_parser")
def test_sample_becomes_a_model() -> None:
    """A correct file gives the model and not one problem, whichever parser the machine has."""
    play, problems = as_model(parse(SAMPLE, "f.yaml"), Play)
    assert problems == []
    assert isinstance(play, Play)
    assert play.day == date(2031, 3, 12)
    assert play.injects[0].effects == play.injects[1].effects
    assert play.briefing.endswith("nobody knows why.")
    assert play.injects[1].title == "Folded over two lines"


TEXTS = ["no", "yes", "on", "off", "NO", "True", "FALSE", "Null", "1:30", "12:30:45", "0o17", "0x1F", "012", "1_000"]
TEXTS += [
    "2024-03-12",
    "2024-03-12T06:00",
    "1e5",
    ".5",
    "5.",
    "+5",
    ".inf",
    ".nan",
    "9" * 30,
    "T+1:30",
    "=",
]


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("text", TEXTS)
def test_plain_words_stay_text(text: str) -> None:
    """What YAML 1.1 would make a truth value, a number to base 60 or a date stays as the author wrote it."""
    assert parse(f"a: {text}\nb: [{text}]\n", "f").data == {"a": text, "b": [text]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("3", 3),
        ("-3", -3),
        ("0", 0),
        ("3.50", 3.5),
        ("-0.25", -0.25),
        ('"3"', "3"),
        ("'true'", "true"),
        ('""', ""),
        ("'~'", "~"),
    ],
)
def test_plain_values(text: str, value: object) -> None:
    """Numbers, true, false and nothing are read as such, unless quoted."""
    data = parse(f"a: {text}\n", "f").data
    assert data == {"a": value} and type(data["a"]) is type(value)


def test_truth_words_fit_truth_fields() -> None:
    """`noise: no` means no where the model asks for true or false."""
    play, _ = as_model(parse(SAMPLE.replace("noise: no", "noise: yes"), "f"), Play)
    assert play is not None and play.noise is True


# Places


def test_places_of_keys_and_values() -> None:
    """Keys and values are placed as editors count, and items of lists at their first character."""
    source = parse(SAMPLE, "f.yaml")
    assert source.places[("id",)] == ((2, 1), (2, 5))
    assert source.places[("injects", 0)] == ((11, 5), (11, 5))
    assert source.places[("injects", 0, "to", 1)][1] == (14, 18)
    assert source.where(("injects", 0, "effects", 0, "by")) == (17, 31)
    assert source.where(("injects", 1, "effects", 1, "flag")) == (27, 5), "inside an alias: the key that holds it"
    assert source.where(("injects", 1, "nothing")) == (19, 5)
    assert source.where(("nothing", 3)) == (2, 1), "the first key of the file"


names = st.text(st.sampled_from("abcdeé_-漢😀"), min_size=1, max_size=8)
leaves = (
    st.none() | st.booleans() | st.integers(-999, 999) | st.text(st.sampled_from("ab no1:#-'\"\n漢😀é"), max_size=20)
)
trees = st.dictionaries(
    names,
    st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(data=trees, flow=st.sampled_from([True, False, None]), indent=st.integers(2, 6), crlf=st.booleans())
def test_places_point_at_the_text_of_keys(data: Any, flow: bool | None, indent: int, crlf: bool) -> None:
    """Whatever the layout, the data is read as written and each key's place is where its letters stand."""
    data = _composed(data)
    text = yaml.safe_dump(data, default_flow_style=flow, indent=indent, allow_unicode=True)
    source = parse(text.replace("\n", "\r\n") if crlf else text, "f")
    assert source.problems == []
    assert source.data == data
    rows = text.split("\n")
    for path, (key, _) in source.places.items():
        if path and isinstance(path[-1], str):
            assert rows[key.line - 1][key.column - 1 :].lstrip("'\"").startswith(path[-1])


def _composed(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_composed(item) for item in value]
    if isinstance(value, dict):
        return {_composed(key): _composed(item) for key, item in value.items()}
    return value


# Traps


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1: a: this key stands here twice, first in line 1"),
        (
            "x:\n  - id: one\n    to: 1\n    to: 2\n",
            "f.yaml:4:5: x[one].to: this key stands here twice, first in line 3",
        ),
        (
            "x:\n  - id: one\n    id: two\n",
            "f.yaml:3:5: x[one].id: this key stands here twice, first in line 2; if a new item begins here, '- ' is",
        ),
        ("12: a\n", "f.yaml:1:1: a key must be text; put '12' in quotes if it is meant"),
        ("a:\n  true: b\n", "f.yaml:2:3: a: a key must be text; put 'true' in quotes if it is meant"),
        ("? [a, b]\n: c\n", "f.yaml:1:3: a key must be a plain name"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "f.yaml:3:3: c: merging with << is not supported; write the lines out"),
        ("a: !secret b\n", "f.yaml:1:4: a: '!secret' is a YAML tag"),
        ("a: !!python/object/apply:os.system [ls]\n", "f.yaml:1:4: a: 'tag:yaml.org,2002:python/object/apply:o…' is a"),
        ("a: *nothing\n", "f.yaml:1:4: a: *nothing repeats an &nothing that is not above"),
        ("a: &x [*x]\n", "f.yaml:1:8: a[1]: *x repeats itself without end"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document begins here"),
        ("", "f.yaml:1:1: the file is empty"),
        ("# nothing\n---\n", "f.yaml:1:1: the file is empty"),
        ("[" * 5000, "nested more than 40 levels deep"),
        ("a: b\x1b[31m\n", "f.yaml:1:5: an invisible control character (U+001B) is not allowed; delete it"),
        ("a: b\x85c\n", "f.yaml:1:5: an invisible control character (U+0085) is not allowed"),
    ],
)
def test_traps_of_yaml_are_named(text: str, expected: str) -> None:
    """What YAML allows and an author hardly means is refused with its place and with advice."""
    found = [str(problem) for problem in parse(text, "f.yaml").problems]
    assert len(found) == 1 and expected in found[0], found


SYNTAX = [
    ("a:\n\tb: 1\n", "f.yaml:2:1: a tab stands in the indent of this line; use spaces instead"),
    ("a: 1\n \tb: 1\n", "f.yaml:2:2: a tab stands in the indent"),
    ("a: b: c\n", "f.yaml:1:5: a colon and a space cannot stand inside this text"),
    ('a: 1\nb: "open\nc: 2\n', "f.yaml:2:4: the quotation mark that opens here is never closed"),
    ("a: 1\nb: 'open\n", "f.yaml:2:4: the quotation mark that opens here is never closed"),
    ("a: [b, c\nd: 1\n", "f.yaml:1:4: the bracket that opens here is not closed"),
    ("a: {b: 1\n", "f.yaml:1:4: the bracket that opens here is not closed"),
    ("a: 'it's'\n", "f.yaml:1:8: the quotation marks end before the text does"),
    ('a: "x" y\n', "f.yaml:1:8: the quotation marks end before the text does"),
    ("a:b\nc: d\n", "f.yaml:1:3: a space is missing after the colon"),
    ("a:\n  -\t- b\n", "f.yaml:2:4: a tab stands here; use spaces instead"),
    ("a:\n  b: 1\n c: 2\n", "f.yaml:3:2: this line does not go on as the lines above"),
    ("a:\n  - b\n  c: 1\n", "f.yaml:3:3: a list goes on here without '- ' before this line, or its indent differs"),
    ("a: @home\n", "f.yaml:1:4: a text that begins with @ must be in quotes"),
    ("a: `b`\n", "f.yaml:1:4: a text that begins with ` must be in quotes"),
    ("a: %b\n", "f.yaml:1:4: a text that begins with % must be in quotes"),
    ("a: **bold**\n", "must be in quotes"),
    ('a: "C:\\qdir"\n', "a backslash has a special meaning in double quotes"),
    (
        "a: ]b\n",
        "f.yaml:1:4: a value should begin here; put a text that begins with a bracket, comma or sign in quotes",
    ),
    ("a: - b\n", "a list cannot begin here"),
    ("a: | text\n", "after | or > begin a new line"),
    (
        'a: "x\nb: c\nd: [e, "f", g]\nh: [i, "j"]\nk: "l"\n',
        "f.yaml:1:4: the quotation mark that opens here is never closed",
    ),
    ("a:\u00a0b\nc: d\n", "f.yaml:1:3: this only looks like a blank"),
    ("a:\n  b: 1\n\u00a0\u00a0c: 2\n  d: 3\n", "f.yaml:3:1: this only looks like a blank"),
    ("a: “b: c”\n", "f.yaml:1:4: curly quotation marks hold nothing together"),
    ("a: [{ b: “c, d: e: f” }]\n", "f.yaml:1:10: curly quotation marks hold nothing together"),
    ("a: 1\nloose\nb: 2\n", "f.yaml:2:1: this line is neither 'key: value' nor part of a text"),
]


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(("text", "expected"), SYNTAX)
def test_syntax_errors_in_plain_words(text: str, expected: str) -> None:
    """A syntax error is one line that says what to do at the place where to do it, without the parser's jargon."""
    found = [str(problem) for problem in parse(text, "f.yaml").problems]
    assert len(found) == 1 and expected in found[0], found
    assert not any(word in found[0] for word in ("token", "scalar", "mapping", "sequence", "simple key"))


@pytest.mark.usefixtures("either_parser")
def test_alias_bombs_are_refused_before_they_grow() -> None:
    """Aliases of aliases are counted as what they would become, in items, depth and letters, and refused."""
    wide = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    wide += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    tall = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 60))
    long = f"a: &a {'x' * 1_000_000}\nb: [{', '.join(['*a'] * 40)}]\n"
    for text, reason in ((wide, "repeats by aliases"), (tall, "levels deep"), (long, "repeats by aliases")):
        source = parse(text, "f.yaml")
        assert source.data is None
        assert [reason in str(problem) for problem in source.problems] == [True]


def test_small_aliases_are_allowed() -> None:
    """Saying a thing once and repeating it is of use to authors."""
    assert parse("a: &a [1, 2]\nb: *a\n", "f").data == {"a": [1, 2], "b": [1, 2]}


def test_all_traps_of_a_file_are_told_at_once() -> None:
    """One trap does not hide the next, nor those that only the model can see."""
    found = lines("id: 1\nid: 2\ncolour: red\n<<: x\ninjects: []\n")
    assert [line.split(": ")[0] for line in found] == [
        "f.yaml:1:5",
        "f.yaml:2:1",
        "f.yaml:3:1",
        "f.yaml:4:1",
        "f.yaml:5:10",
    ]


# Files


def write(folder: Path, data: bytes, name: str = "scenario.yaml") -> Path:
    """A file with these bytes."""
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    return file


@pytest.mark.parametrize(
    ("data", "place", "expected"),
    [
        (SAMPLE.encode("utf-16"), ":1:1", "saved as UTF-16"),
        (b"id: a\nname: caf\xe9\n", ":2:10", "not written in UTF-8; save it as UTF-8"),
        ("id: à\nname: ".encode() + b"\xff", ":2:7", "not written in UTF-8"),
        (b"id: a\n\x00\x01", ":2:1", "not a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", ":1:1", "not a text file"),
        (b"a: b\n" * 2_100_000, "", "larger than the 2 MiB allowed"),
    ],
)
def test_files_that_are_no_text(tmp_path: Path, data: bytes, place: str, expected: str) -> None:
    """Wrong encodings, binary files and huge ones are told as such, with the first wrong place."""
    file = write(tmp_path, data)
    made, problems, _ = load_model(file, Play)
    assert made is None
    assert len(problems) == 1
    assert str(problems[0]).startswith(f"{file}{place}: ") and expected in str(problems[0])


def test_marks_and_line_ends_of_windows_pass(tmp_path: Path) -> None:
    """A file from Notepad, with its byte order mark and line ends, reads as any other, places included."""
    source = read_source(write(tmp_path, ("\ufeff" + SAMPLE.replace("\n", "\r\n")).encode()))
    plain = parse(SAMPLE, "f")
    assert source.data == plain.data and source.places == plain.places and source.problems == []


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A wrong name gets the right one; a folder is told to be one."""
    write(tmp_path, b"id: a\n")
    made, problems, _ = load_model(tmp_path / "scenrio.yaml", Play)
    assert made is None
    assert str(problems[0]).endswith("scenrio.yaml: there is no such file; did you mean 'scenario.yaml'?")
    assert "folder" in str(load_model(tmp_path, Play)[1][0])
    assert "cannot be read" in str(load_model(tmp_path / ("x" * 5000), Play)[1][0])


# Texts beside the file


def test_texts_beside_the_file(tmp_path: Path) -> None:
    """`{file: …}` stands for the text of that file; a mapping with more keys stays what it is."""
    write(tmp_path, "\ufeffWelcome\r\nto Averne\u202e.\r\n".encode(), "texts/briefing.md")
    file = write(tmp_path, b"briefing: {file: texts/briefing.md}\nmore: {file: texts/briefing.md, title: x}\n")
    source = read_source(file)
    assert source.data["briefing"] == "Welcome\nto Averne.\n"
    assert source.data["more"] == {"file": "texts/briefing.md", "title": "x"}
    assert [str(problem) for problem in source.problems] == [
        f"{tmp_path}/texts/briefing.md:2:10: warning: invisible characters were left out, the first of them U+202E"
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "texts/breifing.md",
            "there is no file 'texts/breifing.md' in the scenario's folder; did you mean 'texts/briefing.md'?",
        ),
        ("briefing.md", "did you mean 'texts/briefing.md'?"),
        ("../outside.md", "must be a file inside the scenario's folder"),
        ("texts/../../outside.md", "must be a file inside"),
        ("/etc/passwd", "must be a file inside"),
        ("C:/windows/win.ini", "must be a file inside"),
        ("texts\\briefing.md", "with forward slashes"),
        ("escape.md", "leads out of the scenario's folder"),
        ("loop.md", ""),
        ("texts", "there is no file"),
        ("", "must be a file inside"),
        ("x" * 5000, "is not a usable file name"),
    ],
)
def test_texts_come_only_from_the_folder(tmp_path: Path, name: str, expected: str) -> None:
    """No name leads out of the scenario's folder, and one that is wrong is told at its place, once."""
    home = tmp_path / "home"
    home.mkdir()
    write(tmp_path, b"secret", "outside.md")
    write(home, b"text", "texts/briefing.md")
    (home / "escape.md").symlink_to(tmp_path / "outside.md")
    (home / "loop.md").symlink_to(home / "loop.md")
    file = write(home, f"id: a\nbriefing: {{file: '{name}'}}\ninjects:\n  - {{id: a, title: b}}\n".encode())
    made, problems, _ = load_model(file, Play)
    assert made is None
    assert len(problems) == 1
    assert str(problems[0]).startswith(f"{file}:2:18: briefing.file: ") and expected in str(problems[0])
    assert "secret" not in str(problems[0])


@pytest.mark.parametrize(
    ("data", "expected"),
    [(b"x" * (LARGEST_TEXT + 1), ": the file is larger than the 200 kB"), (b"ab\ncd\xff", ":2:3: a character here is")],
)
def test_texts_that_cannot_be_used(tmp_path: Path, data: bytes, expected: str) -> None:
    """What is wrong inside a text is told at its place in that text, not as a mistake of the scenario."""
    write(tmp_path, data, "texts/t.md")
    file = write(tmp_path, b"id: a\nbriefing: {file: texts/t.md}\ninjects:\n  - {id: a, title: b}\n")
    problems = load_model(file, Play)[1]
    assert [str(problem).startswith(f"{tmp_path}/texts/t.md{expected}") for problem in problems] == [True]


# Faults of the model in plain words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("titel: x", "5:5: injects[one].titel: this key is not known here; did you mean 'title'?"),
        ("colour: x", "5:5: injects[one].colour: this key is not known here; known are: id, title, channel, to"),
        ("channel: email", "5:14: injects[one].channel: 'email' is not one of the choices: e-mail, phone, media; did"),
        ("channel: ", "5:5: injects[one].channel: nothing is written here; choose one of: e-mail, phone, media"),
        ("to: averne", "5:9: injects[one].to: should be a list, not 'averne'; put it in brackets"),
        ("to: [a, 12]", "5:13: injects[one].to[2]: should be text, not the number 12; put it in quotes"),
        ("option: {a: 1}", "5:13: injects[one].option: should be text or a list, not keys with values"),
        ("at: soon", "5:9: injects[one].at: should be a whole number, such as 3, not 'soon'"),
        ("at: 1.5", "5:9: injects[one].at: should be a whole number, such as 3, not the number 1.5"),
        ("at: 3\nwhen: {flag: x}", "3:5: injects[one]: use at or when, not both"),
        ("effects: [x]", "5:15: injects[one].effects[1]: an effect has one of: flag, indicator, not 'x'"),
        ("effects: [{falg: x}]", "5:16: injects[one].effects[1].falg: an effect has one of: flag, indicator; did you"),
        ("effects: [{flag: x, too: true}]", "5:25: injects[one].effects[1].too: this key is not known here; did you"),
        ("effects: [{indicator: x}]", "5:15: injects[one].effects[1]: 'by' is missing; add a line 'by: …' here"),
        ("effects: [{indicator: x, by: 11}]", "5:34: injects[one].effects[1].by: must be at most 10"),
        ("effects: [{flag: 3}]", "5:22: injects[one].effects[1].flag: should be text"),
    ],
)
def test_faults_in_plain_words(text: str, expected: str) -> None:
    """Each kind of mistake is told once, where it stands, with what to write instead."""
    assert only(in_first_inject(text)).startswith(f"f.yaml:{expected}")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("{flagg: x}", "5:12: injects[one].when.flagg: this key is not known here; did you mean 'flag'?"),
        ("{indicator: x, at_lest: 3}", "5:26: injects[one].when.at_lest: this key is not known here; did you mean 'at"),
        ("{indicator: x, at_least: many}", "5:36: injects[one].when.at_least: should be a number, not 'many'"),
        ("{indicator: x}", "5:5: injects[one].when: 'at_least' is missing"),
        ("{all: [{flag: x}, {not: {flag: 3}}]}", "5:42: injects[one].when.all[2].not.flag: should be text"),
        ("{all: []}", "5:17: injects[one].when.all: needs at least 1 item, has 0"),
        ("{}", "5:5: injects[one].when: needs one of these keys: flag, indicator, at_least, all, not"),
        ("soon", "5:11: injects[one].when: should be keys with values, one 'key: value' a line, not 'soon'"),
        (
            "{not: {not: {not: {indicator: 3, at_least: 3}}}}",
            "5:41: injects[one].when.not.not.not.indicator: should be",
        ),
    ],
)
def test_one_line_for_a_union(when: str, expected: str) -> None:
    """Of all the forms a condition may have, only the one the author meant is spoken of."""
    assert only(in_first_inject(f"when: {when}")).startswith(f"f.yaml:{expected}")


def test_missing_and_misspelt_keys_of_the_whole_file() -> None:
    """What a file as a whole lacks stands at its start; a misspelt key is not told as missing too."""
    assert lines("noise: false\n") == ["f.yaml:1:1: 'id' is missing; add a line 'id: …' here"]
    assert (
        only("ID: a\ninjects: [{id: a, title: b}]\n")
        == "f.yaml:1:1: ID: this key is not known here; did you mean 'id'?"
    )
    assert only("- a\n") == "f.yaml:1:1: should be keys with values, one 'key: value' a line, not a list"


def test_faults_of_keys_and_dates() -> None:
    """The key of a free mapping is placed as a key; a wrong date shows how one is written."""
    found = lines("id: a\nday: 2031-13-40\nnames: {x: y, No No: z}\ninjects: [{id: A B, title: ''}]\n")
    assert found == [
        "f.yaml:2:6: day: should be a date such as 2031-03-12, not '2031-13-40'",
        "f.yaml:3:15: names.No No: 'No No' is not of the form asked for here",
        "f.yaml:4:16: injects[A B].id: 'A B' is not of the form asked for here; use small letters, digits and hyphens, "
        "such as 'a-b'",
        "f.yaml:4:28: injects[A B].title: must not be empty",
    ]


@settings(max_examples=100, deadline=None)
@given(value=st.text(min_size=41, max_size=400))
def test_inputs_are_quoted_in_part_at_most(value: str) -> None:
    """A message never carries more than forty characters of what stood in the file, nor any that steers a terminal."""
    shown = quoted(value)
    assert len(shown) <= 42
    assert not HOSTILE.search(shown) and "\n" not in shown


def test_too_many_problems_are_cut() -> None:
    """A hostile file cannot make an endless list."""
    text = "id: a\ninjects:\n" + "".join(f"  - {{id: a{n}, title: b, zz{n}: 1}}\n" for n in range(9000))
    found = lines(text)
    assert len(found) == 201 and found[0] == "f.yaml: there are more problems than these 200"


def test_problems_sort_by_place_and_tell_warnings() -> None:
    """Problems come in the order of the file; a warning says that it is one and stops nothing."""
    later, first = Problem("f", 10, 1, "a", "x"), Problem("f", 9, 7, "", "y", "warning")
    assert [str(problem) for problem in sorted([later, first])] == ["f:9:7: warning: y", "f:10:1: a: x"]
    play, problems = as_model(parse(SAMPLE.replace("A reporter", "A \u202ereporter"), "f.yaml"), Play)
    assert play is not None and play.injects[0].title == "A reporter rings"
    assert [problem.severity for problem in problems] == ["warning"]
    assert (problems[0].line, problems[0].path) == (12, "injects[press-call].title")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("titel", "title"),
        ("Hot-Wash", "hot_wash"),
        ("e mail", "e-mail"),
        ("zzz", None),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_nearest_name(name: str, meant: str | None) -> None:
    """Slips of the hand find their name; what is like nothing gets no guess."""
    assert did_you_mean(name, ["title", "hot_wash", "e-mail"]) == (f"; did you mean '{meant}'?" if meant else "")


# Cleaning


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\x1b[31mb\x07", "a[31mb"),
        ("\x9b2J\x85\x7f\x00x", "2Jx"),
        ("\u202eevil\u2066\u200f\u061c", "evil"),
        ("a\r\nb\rc\u2028d\te", "a\nb\nc\nd\te"),
        ("👩\u200d🚒 e\u0301", "👩\u200d🚒 é"),
        ("e\u202e\u0301", "é"),
        ("\ud800x", "x"),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    """What steers a terminal or misleads the eye is dropped; joined emoji and all scripts stay."""
    assert clean_text(text) == clean


@given(text=st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """A text may be cleaned at every door it passes without changing again."""
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert not HOSTILE.search(clean) and unicodedata.is_normalized("NFC", clean)


def test_escapes_in_quotes_are_cleaned() -> None:
    """A control character written as an escape does not get past the cleaning, in values or in keys."""
    source = parse('a: "x\\e[31m\\u202Ey"\n"b\\u200e": 1\n', "f.yaml")
    assert source.data == {"a": "x[31my", "b": 1}
    assert [str(problem) for problem in source.problems] == [
        "f.yaml:1:4: warning: a: an invisible control character (U+001B) was left out of this text"
    ]


# Anything at all


FRAGMENTS = [
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "*calm",
    "<<: *calm\n",
    "!!python/name:os.system ",
    "!x ",
    "\t",
]
FRAGMENTS += [
    '"',
    "'",
    "|",
    ">",
    "---\n",
    "...\n",
    "%YAML 9.9\n",
    "%TAG ! x\n",
    "? ",
    "#",
    '"\\U99999999"',
    '"\\ud800"',
    "@",
]
FRAGMENTS += [
    "`",
    "\x00",
    "\x1b[31m",
    "\u202e",
    "\u2028",
    "\x85",
    "\r",
    "\n",
    "  ",
    "file: x",
    "{file: x}",
    "~",
    "9" * 400,
]
FRAGMENTS += ["\ufeff", "\ufffe", "é", "😀", ": [" * 30, "- " * 50]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """The sample after some accidents: fragments put in, pieces cut out or moved, bytes changed, the end lost."""
    data = SAMPLE.encode()
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 30)))
        match draw(st.sampled_from(["insert", "insert", "cut", "byte", "end", "move"])):
            case "insert":
                data = data[:start] + draw(st.sampled_from(FRAGMENTS)).encode("utf-8", "surrogatepass") + data[start:]
            case "cut":
                data = data[:start] + data[end:]
            case "byte":
                data = data[:start] + bytes([draw(st.integers(0, 255))]) + data[start + 1 :]
            case "end":
                data = data[:start]
            case "move":
                data = data[:start] + data[end:] + data[start:end]
    return data


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=damaged())
@pytest.mark.usefixtures("either_parser")
def test_damaged_files_give_problems_and_nothing_else(tmp_path: Path, data: bytes) -> None:
    """Whatever a file holds gives a model or problems, one line each and inside the file; never a traceback."""
    file = write(tmp_path, data)
    made, problems, source = load_model(file, Play)
    assert (made is None) == any(problem.severity == "error" for problem in problems)
    assert all("\n" not in str(problem) for problem in problems)
    for problem in problems:
        if problem.line:
            assert (problem.line, problem.column) in set(_all_places(data))
    for key, value in source.places.values():
        assert {key, value} <= set(_all_places(data))


def _all_places(data: bytes) -> Iterator[tuple[int, int]]:
    text = data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for number, row in enumerate(text.split("\n"), 1):
        for column in range(1, len(row) + 2):
            yield number, column


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.sampled_from("ab:-[]{}&*!|>'\"%@`?, \n\t#~.\\<")))
def test_any_text_can_be_parsed(text: str) -> None:
    """Texts made of nothing but YAML's own signs raise nothing either."""
    source = parse(text, "f")
    assert isinstance(source, Source)
    assert source.data is not None or source.problems


def test_limits_leave_room() -> None:
    """A file near the limit of size is still read when its parts are few and long."""
    text = f"a: {'x' * 1000}\nb: |\n" + ("  " + "word " * 20 + "\n") * 15_000
    assert len(text) < LARGEST_SCENARIO
    assert len(parse(text, "f").data["b"]) > 1_000_000
