"""One slip of an author, one message: where it is, what it is in the author's words, and what to write instead."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from exercise.authoring.library import read_scenario
from exercise.authoring.msel.columns import heading_of
from exercise.authoring.msel.values import since_startex, story_time
from exercise.authoring.problems import errors_in
from exercise.cli import commands as _commands  # noqa: F401, its commands are declared as it loads
from exercise.cli.arguments import app

WARD = """\
format: 1
id: ward
title: White Ward
summary: Four hospitals lose their records.
threats: [T-os4]
date: 2026-02-03T06:00
briefing: The records do not open.
teams:
  - id: tamarne
    name: Republic of Tamarne
    short: Tamarne
    about: A small republic.
    roles: [{ id: ministry, name: Ministry of Health }, { id: cert, name: Response team }]
    profile:
      - { instrument: un-norms-2015 }
    directory:
      - { name: Nimbrel's desk, party: nimbrel, channel: phone, via: operator-hotline }
  - { id: alder, name: Alder Hospitals, short: Alder, about: Four hospitals., kind: company }
actors:
  - { id: nimbrel, name: Nimbrel, about: A provider of clouds. }
facts:
  - id: copy
    title: Whether the copy is clean
    values: [{ value: clean, weight: 2, says: It is. }, { value: dirty, says: It is not. }]
flags:
  told: The families have been told.
indicators:
  - { id: wards, name: Wards that work, start: 60 }
evidence:
  - { id: log, title: Log of the console, text: Nine days., source: Nimbrel }
moves:
  - id: morning
    title: The morning
    starts: T+0:00
    ends: T+2:00
    minutes: 20m
  - id: noon
    title: Noon
    starts: T+3:00
    ends: T+6:00
    minutes: 20m
injects:
  - id: note
    move: morning
    minute: 1m
    to: [all]
    channel: phone
    from: Night desk
    title: The note
    text: |
      Every screen shows the same words.
    effects: [{ learn: log, team: tamarne }]
  - id: mother
    move: noon
    minute: 2m
    to: [alder]
    channel: phone
    from: A mother
    title: Which dose?
    text: Nobody can tell me.
    when: { flag: told }
decisions:
  - id: ring
    team: tamarne
    move: morning
    minute: 5m
    title: Who is told
    text: The families wait.
    window: 5m
    options:
      - id: now
        title: Ring them now
        conduct:
          - { commitment: un-e, grade: honoured, because: Those concerned were told. }
        acts: [{ act: tell-public }]
        effects: [{ flag: told }, { indicator: wards, by: 3 }]
      - id: later
        title: Ring them at three
        conduct:
          - { commitment: un-d, grade: honoured, because: The trail was kept warm. }
    lapse:
      text: The porters told everybody.
occasions:
  - id: warned
    detector: warned-partners
    team: tamarne
    opens: { knows: log, team: tamarne }
    until: T+3:00
    toward: [alder]
    commitments: [un-d]
"""


def problems(folder: Path, written: str) -> set[tuple[int, str, str]]:
    """Line, path and words of all that `check` says of a scenario."""
    file = folder / "scenario.yaml"
    file.write_text(written, encoding="utf-8")
    return {(one.line, one.path, one.text) for one in read_scenario(file)[1]}


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What is said of the small scenario anyway: it has one dilemma where two are better, and the like."""
    found = problems(tmp_path_factory.mktemp("ward"), WARD)
    assert not any("dose" in text or "mother" in path for _, path, text in found)
    return {text for _, _, text in found}


ASKS = """request:
      kind: indicators-wanted
      by: nimbrel
      to: alder
      via: cert
      subject: Signs
      deadline: T+5:00
      content: { what: Addresses., why: To compare. }
      mends: { safe: Inside our team. }"""

SLIPS = [
    # One wrong key of an effect had been told as missing too.
    ("{ learn: log, team: tamarne }", "{ learn: log, teams: tamarne }", "effects[1].teams", "did you mean 'team'?"),
    # A dash that is missing makes every key of the item stand twice.
    (
        "  - id: mother",
        "    id: mother",
        "injects[note].id",
        "a new item begins here, '- ' is missing before it",
    ),
    ("  - id: noon", "    id: noon", "moves[morning].id", "a new item begins here"),
    ("decisions:\n", "", "injects[ring]", "looks like an item of 'decisions' and should stand there; is the line 'de"),
    ("indicators:", "indicator:", "indicator", "did you mean 'indicators'?"),
    (
        "because: Those concerned",
        "because: Families, friends, and those",
        ".because",
        "a comma ends a text that stands",
    ),
    ("weight: 2,", "weight: 2,5,", "facts[copy].values[1]", "a number takes a point, not a comma"),
    ("      Every screen", "    Every screen", "", "the text below | or > stands deeper than its key"),
    ("title: Which dose?", "title: [Urgent] Which dose?", "", "a text that begins with [ must be in quotes"),
    ("  - id: mother", "  -id: mother", "", "a space is missing after the dash"),
    ("title: Which dose?", "title: - Which dose?", "", "or a text that begins with - in quotes"),
    # Names where ids belong.
    ("    move: noon", "    move: Noon time", "injects[mother].move", "such as 'noon-time'"),
    ("    move: morning\n    minute: 5m", "    move: The morning\n    minute: 5m", ".move", "id belongs here: morning"),
    ("to: [alder]", "to: [tamarne/Response team]", ".to[1]", "its id belongs here: tamarne/cert"),
    ("to: [alder]", "to: [cert]", ".to[1]", "'cert' is a role and stands behind its team: tamarne/cert"),
    ("{ flag: told }\ndec", "{ chose: Who is told, option: now }\ndec", ".when.chose", "id belongs here: ring"),
    ("{ flag: told }\ndec", "{ chose: ring, option: Ring them now }\ndec", ".when.option", "id belongs here: now"),
    ("team: tamarne\n    move", "team: tamarne/cert\n    move", ".team", "a team stands here, without a role: tamarne"),
    ("{ indicator: wards,", "{ indicator: Wards that work,", ".indicator", "id belongs here: wards"),
    # Forms.
    ("when: { flag: told }", "when: told", "injects[mother].when", "in braces here: { flag: told }"),
    ("when: { flag: told }", "when: not told", "injects[mother].when", "{ not: { flag: told } }"),
    ("[{ flag: told }, {", "[told, {", ".effects[1]", "in braces here: { flag: told }"),
    ("[{ flag: told }, {", "[not told, {", ".effects[1]", "in braces here: { clear: told }"),
    ("when: { flag: told }", "when: { and: [{ flag: told }] }", ".when.and", "did you mean 'all'?"),
    ("when: { flag: told }", "when: { flag: told, lapsed: ring }", ".lapsed", "for several conditions write { all: ["),
    ("{ flag: told }, { ind", "{ flag: told, ind", ".flag", "does not go together with 'indicator'; each has its own"),
    ("when: { flag: told }", "when: { indicator: wards, above: 3 }", ".when.above", "did you mean 'at_least'?"),
    ("by: 3", "change: 3", ".change", "did you mean 'by'?"),
    ("- { instrument: un-norms-2015 }", "- un-norms-2015", ".profile[1]", "write { instrument: … }"),
    ("{ act: tell-public }", "tell-public", ".acts[1]", "write { act: … }"),
    ("lapse:\n      text: The", "lapse: The", ".lapse", "write { text: … }"),
    ("title: Which dose?", "title:", "injects[mother].title", "nothing is written here; it should be text"),
    ("format: 1", "format: 1\nlanguage: English", "language", "write such as en, lv or ro"),
    ("starts: T+3:00", "starts: T+3", "moves[noon].starts", "did you mean T+3:00?"),
    ("when: { flag: told }", "when: ring", "injects[mother].when", "in braces here: { chose: ring }"),
    ("when: { flag: told }", "when: note", "injects[mother].when", "in braces here: { released: note }"),
    ("when: { flag: told }", "when: { time: T+3:00 }", ".when.time", "write { from: T+3:00 } or { until: T+3:00 }"),
    ("when: { flag: told }", "when: { time: { after: T+3:00 } }", ".when.time.after", "did you mean 'from'?"),
    ("    lapse:", "    free: true\n    lapse:", ".free", "write {} for the usual"),
    # Names that are nowhere.
    ("un-e,", "UN norm E,", ".commitment", "`exercise commitments` lists them all"),
    ("un-norms-2015", "norms", ".instrument", "known are: baltic-assembly-res-cybercrime"),
    ("party: nimbrel", "party: newsroom", ".party", "known: alder, nimbrel, tamarne"),
    # What is sound as a form and cannot be meant.
    (
        "move: noon\n    minute: 2m",
        "follows: mother",
        ".follows",
        "cannot follow itself, so this never comes: mother → m",
    ),
    ("until: T+3:00", "until: T-1:00", ".until", "before the first move begins"),
    ("toward: [alder]", "toward: [tamarne]", ".toward", "is the team itself"),
    ("minute: 5m", "minute: 30m", ".minute", "'morning' takes 20m"),
    ("from: A mother", "from: nimbrel", ".from", "'nimbrel' is an id, and is read as it stands; write 'Nimbrel'"),
    ("    text: Nobody can tell me.", "    text: |", "injects[mother].text", "an empty message would come"),
    ("by: 3", "by: 300", ".effects[2]", "'wards' goes from 0 to 100, so it can never move by 300"),
    ("by: 3", "to: 300", ".effects[2]", "so it can never be 300"),
    ("when: { flag: told }", "when: { not: { indicator: wards, at_least: 101 } }", ".when.not", "so this never holds"),
    ("window: 5m", "window: 5m\n    deadline: T+0:10", ".deadline", "has passed when the decision opens, at T+0:30"),
    ("minute: 2m", "minute: 2m\n    expires: T+1:00", "injects[mother].expires", "so it never does"),
    ("    lapse:", "        consequences: [{ after: 1h }]\n    lapse:", ".consequences[1]", "neither text nor effects"),
    ("when: { flag: told }", ASKS.replace("to: alder", "to: alder/it"), ".request.to", "stands here, without a role"),
    ("when: { flag: told }", ASKS.replace("safe:", "safety:"), ".request.mends.safety", "did you mean 'safe'?"),
    (
        "when: { flag: told }",
        ASKS.replace("T+5:00", "T+3:00"),
        ".request.deadline",
        "has passed when the request comes",
    ),
    ("un-d, grade: honoured", "un-d, grade: breached", ".grade", "is breached only with 'bad_faith: true'"),
    (
        "un-d, grade: honoured",
        "se-p7, grade: honoured",
        "options[later]",
        "never marked: no text of the team's profile has se-p7",
    ),
]


@pytest.mark.parametrize(("before", "after", "path", "words"), SLIPS, ids=[f"{n}" for n in range(len(SLIPS))])
def test_a_slip_is_told_once_and_by_what_it_is(
    tmp_path: Path, usual: set[str], before: str, after: str, path: str, words: str
) -> None:
    """Protects authors who cannot program: no slip is passed over, told by its consequences, or told many times."""
    assert before in WARD
    found = {one for one in problems(tmp_path, WARD.replace(before, after, 1)) if one[2] not in usual}
    told = [one for one in found if words in one[2]]
    assert len(told) == 1 and told[0][1].endswith(path), found
    others = {one for one in found if one != told[0]}
    # An option that strains nothing, or a flag that nobody reads, comes of the change and is true.
    assert all("this option" in text or "nothing ever" in text for _, _, text in others), others


def test_injects_in_a_ring_are_told_once(tmp_path: Path, usual: set[str]) -> None:
    """Protects a message from never coming unnoticed: two that wait for each other have no first."""
    ring = WARD.replace("move: morning\n    minute: 1m", "follows: mother", 1)
    ring = ring.replace("move: noon\n    minute: 2m", "follows: note", 1)
    found = {one for one in problems(tmp_path, ring) if "follow itself" in one[2]}
    assert [(line, path) for line, path, _ in found] == [(44, "injects[note].follows")]


def test_several_items_in_the_wrong_list_are_one_message(tmp_path: Path) -> None:
    """Protects from forty messages for one lost line: what stands below it is counted."""
    second = WARD[WARD.index("  - id: ring") : WARD.index("occasions:")].replace("id: ring", "id: again")
    found = problems(tmp_path, WARD.replace("decisions:\n", "").replace("occasions:", f"{second}occasions:"))
    assert [(path, text) for _, path, text in found] == [
        (
            "injects[ring]",
            "this looks like an item of 'decisions' and should stand there, and so should the one below it; "
            "is the line 'decisions:' missing?",
        )
    ]


def test_a_mark_that_its_text_lets_stand_is_not_warned_of(tmp_path: Path) -> None:
    """Protects authors who say how a breach came about from a warning that they have answered already."""
    knowing = WARD.replace("un-d, grade: honoured", "un-d, grade: breached, knowing: true")
    assert not any("is breached only" in text for _, _, text in problems(tmp_path, knowing))


def test_an_edition_of_its_own_is_called_as_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects sessions of two editions from being kept under one id, and the editor's help in the new folder."""
    monkeypatch.chdir(tmp_path)
    Path("ward").mkdir()
    problems(Path("ward"), WARD)
    Path("ward/scenario.schema.json").write_text("{}", encoding="utf-8")
    say = CliRunner().invoke
    assert say(app, ["msel", "export", "ward", "--out", "sheet.csv"]).exit_code == 0
    sheet = Path("sheet.csv").read_text(encoding="utf-8-sig").splitlines()
    # A remark that somebody typed into the first cell of a row is no message.
    Path("sheet.csv").write_text("\n".join((*sheet[:4], f"coffee{',' * 16}", *sheet[4:])), encoding="utf-8")
    brought = say(app, ["msel", "import", "sheet.csv", "--into", "ward", "--out", "second-ward"])
    assert "a remark and no inject" in brought.output and "new inject" not in brought.output
    made = Path("second-ward/scenario.yaml").read_text(encoding="utf-8")
    assert made == WARD.replace("id: ward\n", "id: second-ward\n", 1)
    assert Path("second-ward/scenario.schema.json").is_file()
    checked = say(app, ["check", "second-ward"]).output
    assert "let both be the same" not in checked and "1 dilemma, 0 quick decisions, 1 occasion," in checked
    assert Path("ward/scenario.yaml").read_text(encoding="utf-8") == WARD


def test_a_quotation_mark_in_a_translation_is_told_by_what_it_is(tmp_path: Path) -> None:
    """Protects translators without Poedit: a mark inside a text costs the whole file, so it says what to type."""
    (tmp_path / "texts").mkdir()
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    written = f'{head}msgctxt "title"\nmsgid "White Ward"\nmsgstr "Baltā "palāta""\n'
    (tmp_path / "texts/lv.po").write_text(written, encoding="utf-8")
    told = [(line, text) for line, _, text in problems(tmp_path, WARD) if "backslash" in text]
    assert len(told) == 1 and told[0][0] in (6, 7)


def told(folder: Path, written: str) -> list[tuple[int, str]]:
    """Line and words of the errors of a scenario."""
    file = folder / "scenario.yaml"
    file.write_text(written, encoding="utf-8")
    return [(one.line, one.text) for one in errors_in(read_scenario(file)[1])]


def test_what_another_program_did_to_a_whole_file_is_told_once(tmp_path: Path) -> None:
    """Protects authors from a page of messages for one step: pasted twice, blanks of the web, another format."""
    ((line, text),) = told(tmp_path, WARD + WARD)
    assert line == WARD.count("\n") + 1 and "the scenario begins a second time" in text
    ((_, text),) = told(tmp_path, WARD.replace("title:", "title\u00a0:"))
    assert "cannot be seen (U+00A0)" in text and "so it is in 9 more keys below" in text
    ((_, text),) = told(tmp_path, "{\\rtf1\\ansi format: 1}")
    assert "word processor" in text and "UTF-8" in text


def test_a_sheet_without_known_columns_says_how_to_name_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects from a scenario of empty messages: the way to say which column is which stands where it is missed."""
    monkeypatch.chdir(tmp_path)
    Path("plan.csv").write_text("When,Zeichen,Event\n08:00,Hello,Call\n", encoding="utf-8")
    said = CliRunner().invoke(app, ["msel", "import", "plan.csv", "--new", "plan"]).output
    assert "No column was taken for To or Message; if one is, name it, as in --map 'To=B'." in said


def test_a_sign_for_a_dash_is_told_where_it_stands(tmp_path: Path) -> None:
    """Protects from a message about the line below: the first item of a list has none above it to differ from."""
    line = WARD[: WARD.index("  - id: tamarne")].count("\n") + 1
    assert told(tmp_path, WARD.replace("  - id: tamarne", "  – id: tamarne"))[0] == (
        line,
        "– begins no item of a list; type an ordinary hyphen and a space: '- '",
    )


def test_headings_in_plain_words_are_known() -> None:
    """Protects whoever plans by a sheet of their own: To whom, How and What they see had gone to the notes."""
    headings = ("To whom", "How", "What they see", "Our notes")
    assert [heading_of(text) for text in headings] == ["to", "method", "message", "notes"]


def test_a_date_of_the_story_is_a_time_of_it(tmp_path: Path) -> None:
    """Protects what people type where the sheet says when: the day and the hour of the story, and no other day."""
    (tmp_path / "scenario.yaml").write_text(WARD.replace("T06:00", "T06:00+02:00"), encoding="utf-8")
    ward = read_scenario(tmp_path / "scenario.yaml")[0]
    assert ward is not None
    assert story_time(since_startex(ward, datetime(2026, 2, 3, 6, 40))) == 40 * 60
    assert story_time(since_startex(ward, datetime(2026, 2, 4, 6, 40))) is None


def test_a_time_with_a_point_is_a_time_behind_a_t() -> None:
    """Protects what people type into a sheet: T+10.10 can mean one thing only, 10.10 more than one."""
    assert story_time("T+10.10") == 10 * 3600 + 10 * 60
    assert story_time("10.10") is None
