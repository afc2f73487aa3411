"""The MSEL as a sheet: out and back without a trace, edits that touch nothing else, and other people's sheets."""

from __future__ import annotations

import copy
import csv
import io
import itertools
import stat
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.authoring.library import find, library, read_scenario
from exercise.authoring.msel.adopting import adopt, read_map
from exercise.authoring.msel.bringing import Brought, bring_back, compared
from exercise.authoring.msel.column_times import column_times
from exercise.authoring.msel.columns import CONDUCTTR, OURS, heading_of, recognised
from exercise.authoring.msel.export import as_csv, as_xlsx
from exercise.authoring.msel.paragraphs import joined, wrapped_like
from exercise.authoring.msel.rows import MselRow, msel_rows
from exercise.authoring.msel.sheet import Row, Sheet, Value, read_sheet, said
from exercise.authoring.msel.values import audiences, channel, clock, story_time
from exercise.authoring.problems import errors_in
from exercise.cli import msel as cli
from exercise.core.scenario import Scenario
from exercise.errors import ExerciseError, UsageError

SMALL = """\
# A small exercise; its comments are its author's.
format: 1
id: small
title: Small Harbour
summary: A leak, and a call too many.
threats: [T-se2]
date: "2019-03-12T06:00"
briefing: You are on duty this morning.
teams:
  - {id: averne, name: Republic of Averne, short: Averne, about: A coast., roles: &posts [{id: police, name: Police}]}
  - id: belcora
    name: Republic of Belcora
    short: Belcora
    about: A plain.
    roles: *posts
actors:
  - {id: centre, name: Regional police centre}
flags: {told: Belcora knows.}
moves:
  - id: morning
    title: Morning   # the first
    starts: T+0:00
    ends: T+2:00
    minutes: 20m
    text: The day begins.
    plenary: {minutes: 5m, text: Come together., questions: [What do you know?]}
  - {id: evening, title: Evening, starts: "T+10:00", ends: "T+12:00", minutes: 20m}
injects:
  # The call that opens it.
  - id: call
    at: T+0:10   # not before
    to: [averne]
    channel: phone
    from: Harbour desk
    title: A call
    text: |
      Somebody asks for you. The line is bad and the voice is not one that anybody here has heard before, they say.
      They leave a number and hang up. It has one digit too many.
      Harbour desk
    notes: Let them ring back.   # they will not
    expected: ["Rings back", Tells Belcora]

  - id: echo
    follows: call
    to: [belcora/police, averne]
    channel: e-mail
    from: Desk
    title: "No. 2: yes"
    text: >-
      A folded text, which goes on and on over the end of its first line, and then over that of the second one too, and
      ends here.
  - {id: late, move: evening, minute: 5m, to: [all], channel: media, from: Wire, title: Late, text: Nobody reads it.}
  - id: asked
    at: T+0:30
    when: {flag: told}
    to: [averne]
    channel: police-message
    from: Regional police centre
    title: They ask
    text: In short.
    request:
      kind: police-exchange
      by: centre
      to: averne
      via: regional-centre
      subject: Who else was hit?
      content: {what: Three members ask the same.}
      deadline: T+1:00
decisions:
  - id: tell
    team: averne
    at: T+0:20
    kind: quick
    title: Tell them?
    text: Now or later.
    window: 5m
    deadline: T+1:30
    options:
      - {id: now, title: Now, effects: [{flag: told}]}
      - {id: later, title: Later}
    lapse: {text: Nobody did.}
objectives:
  - {id: exchange, title: Exchange what is known}
"""


@dataclass(frozen=True)
class Desk:
    """A scenario in a folder, and its sheet as somebody has it open."""

    file: Path
    heads: list[str]
    rows: list[dict[str, str]]

    def row(self, id: str) -> dict[str, str]:
        return next(row for row in self.rows if row["ID"] == id)

    def back(self, drop: bool = False, separator: str = ",", encoding: str = "utf-8-sig") -> Brought:
        """Saves the sheet as CSV and brings it back."""
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, self.heads, delimiter=separator, restval="")
        writer.writeheader()
        writer.writerows(self.rows)
        sheet = self.file.with_name("sheet.csv")
        sheet.write_bytes(out.getvalue().encode(encoding))
        return bring_back(sheet, self.file, drop)


def opened(folder: Path, text: str = SMALL) -> Desk:
    """The small exercise's sheet, opened."""
    folder.mkdir(exist_ok=True)
    file = folder / "scenario.yaml"
    file.write_bytes(text.encode())
    rows = msel_rows(scenario_of(file))
    heads = [column.heading for column in OURS]
    cells = [{column.heading: row.cells.get(column.key, "") for column in OURS} for row in rows]
    return Desk(file, heads, cells)


def scenario_of(file: Path) -> Scenario:
    """The scenario of a file that has no errors."""
    scenario, problems, _ = read_scenario(file)
    assert scenario is not None, [str(problem) for problem in errors_in(problems)]
    return scenario


def taken(desk: Desk, brought: Brought) -> Scenario:
    """The scenario once the changes are written."""
    desk.file.write_bytes(brought.new.encode())
    return scenario_of(desk.file)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The small exercise's sheet, opened."""
    return opened(tmp_path)


def lines_changed(brought: Brought) -> list[str]:
    """The lines of the scenario that are not the same any more."""
    new = brought.new.splitlines()
    return [line for line in brought.old.splitlines() if line not in new]


# --- out and back ---


@pytest.mark.parametrize("name", library())
def test_a_sheet_that_nobody_edited_changes_nothing(name: str, tmp_path: Path) -> None:
    """Protects the author's file: out and back is the same, byte for byte, in every crisis of the library."""
    file = find(name)
    scenario, _, source = read_scenario(file)
    assert scenario is not None
    rows = msel_rows(scenario, start=9 * 3600)
    sheet = tmp_path / "sheet"
    # As CSV it does not remember what went out, so that every cell is compared with the scenario itself.
    sheet.write_bytes(as_csv(rows, OURS) if len(name) % 2 else as_xlsx(scenario, rows))

    brought = compared(read_sheet(sheet), scenario, source, file)

    assert brought.told == ()
    assert brought.new.encode() == file.read_bytes()


def test_the_rows_stand_in_time_with_all_that_happens(desk: Desk) -> None:
    """Protects whoever runs by the sheet: moves, requests, deadlines and what follows stand where they come."""
    ids = [row["ID"] for row in desk.rows]

    assert ids == [
        *("startex", "move/morning", "call", "echo", "decision/tell", "asked", "asked/request", "asked/request/due"),
        *("decision/tell/deadline", "move/morning/plenary", "move/evening", "late", "endex"),
    ]
    assert desk.row("asked")["Comes only when"] == "when Belcora knows"
    assert desk.row("echo")["To"] == "Belcora/Police\nAverne"
    assert desk.row("late")["Exercise time"] == "T+10:30"


def test_real_times_follow_from_the_start_and_a_team_gets_its_rows(desk: Desk) -> None:
    """Protects a controller with a watch, and one who looks after a single team."""
    scenario = scenario_of(desk.file)
    real = {row.id: row.cells.get("real") for row in msel_rows(scenario, start=23 * 3600 + 50 * 60)}
    own = [row.id for row in msel_rows(scenario, "belcora")]

    assert (real["startex"], real["move/morning/plenary"], real["move/evening"], real["endex"]) == (
        *("23:50", "00:10", "00:15", "00:35"),
    )
    assert "call" not in own and "decision/tell" not in own and {"echo", "late", "move/morning"} <= set(own)


def test_texts_wrapped_by_hand_flow_and_come_back_as_they_were() -> None:
    """Protects an author's diff: in a cell a paragraph is one line, and back in the file it has the old line ends."""
    text = SMALL.split("text: |\n")[1].split("    notes")[0].replace("      ", "").strip()

    assert joined(text).count("\n") == 1
    assert wrapped_like(text, joined(text)) == text
    assert wrapped_like("short", "one\ntwo") == "one\ntwo"


# --- edits ---


def test_a_text_that_ends_in_a_backslash_keeps_it() -> None:
    """Protects the last sign of a cell: it is a break only where the program itself put it."""
    assert [joined(text) for text in ("\\", "C:\\", "one\ntwo\\")] == ["\\", "C:\\", "one\ntwo\\"]


def test_every_cell_that_may_be_changed_is_carried_and_nothing_else_moves(desk: Desk) -> None:
    """Protects the promise of the sheet: each change stands where it belongs, and all other lines as they were."""
    edits: Sequence[tuple[str, str, str]] = (
        ("call", "Exercise time", "0:15"),
        ("call", "From", "Coast: guard"),
        ("call", "To", "all"),
        ("call", "Method", "E-Mail"),
        ("call", "Subject", "A call, again"),
        ("call", "Message", joined(scenario_of(desk.file).injects[0].text).replace("a number", "no number")),
        ("call", "Expected action", "Rings back\nAsks who it was"),
        ("call", "Objective", "exchange what is KNOWN"),
        ("call", "Responsible", "M. Orr"),
        ("call", "Status", "approved"),
        ("call", "Notes", "no"),
        ("late", "Exercise time", "T+11:00"),
        ("echo", "Exercise time", "T+0:12"),
        ("echo", "Message", "- a list\n- of two"),
        ("asked/request", "Subject", "Who was hit"),
        ("asked/request/due", "Exercise time", "T+1:10"),
        ("decision/tell", "Subject", "Tell whom?"),
        ("decision/tell", "To", "Averne/Police"),
        ("decision/tell", "Status", "entered"),
        ("decision/tell/deadline", "Exercise time", "T+1:20"),
        ("move/morning", "Subject", "Early"),
        ("move/morning", "Message", ""),
        ("move/morning/plenary", "Expected action", "What now?\nWho speaks?"),
    )
    request = desk.row("asked/request")
    request["Message"] = request["Message"].replace("Three", "Four")
    for id, head, text in edits:
        desk.row(id)[head] = text

    brought = desk.back()
    scenario = taken(desk, brought)

    assert not [told for told in brought.told if told.sort == "open"]
    call, echo, late, asked = scenario.injects
    assert (call.at, call.sender, call.to, call.channel) == (900, "Coast: guard", ("all",), "e-mail")
    assert (call.title, call.expected) == ("A call, again", ("Rings back", "Asks who it was"))
    assert (call.objective, call.responsible, call.status, call.notes) == ("exchange", "M. Orr", "approved", "no")
    assert "leave no number and hang up" in call.text and call.text.count("\n") == 2
    assert (late.at, late.move, late.minute, echo.at, echo.follows) == (39_600, None, None, 720, None)
    assert echo.text == "- a list\n- of two"
    assert asked.request is not None and asked.request.content["what"].startswith("Four members")
    assert (asked.request.subject, asked.request.deadline) == ("Who was hit", 4200)
    tell, morning = scenario.decisions[0], scenario.moves[0]
    assert (tell.title, tell.role, tell.status, tell.deadline) == ("Tell whom?", "police", "entered", 4800)
    assert (morning.title, morning.text) == ("Early", "")
    assert morning.plenary is not None and morning.plenary.questions == ("What now?", "Who speaks?")
    for kept in ("  # The call that opens it.", "    at: T+0:15   # not before", "    title: Early   # the first"):
        assert kept in brought.new.splitlines()
    assert '    notes: "no"   # they will not' in brought.new
    untouched = [line for line in SMALL.splitlines() if line.startswith(("  - {id: averne", "    roles: *", "threats"))]
    assert set(untouched) <= set(brought.new.splitlines())


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp")), max_size=150)
TRICKY = st.sampled_from(
    ["no", "1:30", "# x", "a: b", "- c", "*d", "&e", "{f}", "'g", '"h', "=1+1", "| i", "!j", "~", "@k"]
)
CELLS = st.lists(st.one_of(WORDS, TRICKY), min_size=1, max_size=4).map("\n".join)


@settings(max_examples=40)
@given(
    texts=st.fixed_dictionaries(
        {"Message": CELLS, "Subject": st.one_of(WORDS, TRICKY), "Notes": CELLS, "Status": TRICKY}
    )
)
def test_whatever_is_typed_comes_back_as_typed(
    texts: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Protects every text: whatever it holds, the file says it again, and a second sheet shows it as it was typed."""
    desk = opened(tmp_path_factory.getbasetemp() / "typed")
    for head, text in texts.items():
        desk.row("call")[head] = text

    brought = desk.back()
    desk.file.write_bytes(brought.new.encode())
    scenario, problems, _ = read_scenario(desk.file)

    if scenario is not None:
        again = next(row for row in msel_rows(scenario) if row.id == "call")
        for key, head in (("message", "Message"), ("notes", "Notes"), ("status", "Status"), ("subject", "Subject")):
            typed = "\n".join(line.rstrip() for line in said(texts[head]).split("\n")).strip()
            if typed or key in ("notes", "status"):
                shown = again.cells.get(key, "")
                assert shown.split() == typed.split(), (head, shown, typed)
    else:
        # A title may be too long for a line; the message then says so, and nothing else is wrong.
        assert all("too long" in problem.text for problem in errors_in(problems)), list(map(str, problems))
    before = [line for line in SMALL.splitlines() if line.startswith(("  - id: echo", "decisions", "# A small"))]
    assert set(before) <= set(brought.new.splitlines())


@pytest.mark.parametrize("form", [lambda text: text.replace("\n", "\r\n"), lambda text: f"\ufeff{text}"])
def test_line_ends_and_marks_of_the_file_stay(form: Callable[[str], str], tmp_path: Path) -> None:
    """Protects an author on another system: the file keeps its own line ends, in what is new as well."""
    desk = opened(tmp_path, form(SMALL))
    desk.row("call")["Notes"] = "First\n\nSecond"
    desk.row("echo")["Responsible"] = "Jo"

    brought = desk.back()

    assert brought.new.startswith("\ufeff") == brought.old.startswith("\ufeff")
    assert brought.new.count("\r") == (brought.new.count("\n") if "\r" in brought.old else 0)
    assert len(lines_changed(brought)) == 1
    assert taken(desk, brought).injects[0].notes == "First\n\nSecond"
    assert "    notes: |   # they will not" in brought.new.splitlines()


def test_what_follows_another_stays_with_it_when_both_are_moved(desk: Desk) -> None:
    """Protects a shifted timeline: an inject that follows another is not torn from it by having the same new time."""
    for id in ("call", "echo"):
        desk.row(id)["Exercise time"] = "T+0:25"

    scenario = taken(desk, desk.back())

    assert (scenario.injects[0].at, scenario.injects[1].follows) == (1500, "call")


def test_what_has_no_place_goes_to_the_notes_once(desk: Desk) -> None:
    """Protects what people write beside the table: a column of their own and a word nobody knows are kept and told."""
    desk.heads.append("Venue")
    desk.row("call").update(
        {"Venue": "Hall B", "Method": "carrier pigeon", "Comes only when": "if asked", "To": "Nowhere"}
    )
    desk.row("move/evening").update({"Responsible": "Director"})

    brought = desk.back()
    scenario = taken(desk, brought)
    again = desk.back()

    notes = scenario.injects[0].notes
    assert notes.startswith("Let them ring back.")
    for kept in ("Venue: Hall B", "Method: carrier pigeon", "Comes only when: if asked", "To: Nowhere"):
        assert kept in notes
    opened_lines = [told.text for told in brought.told if told.sort == "open"]
    assert len(opened_lines) == 4 and any("Director" in line for line in opened_lines)
    assert again.new == again.old


def test_new_rows_become_injects_with_ids_of_their_own(desk: Desk) -> None:
    """Protects whoever adds a row: it stands behind its neighbour, with fresh id, and says what is still to decide."""
    at = desk.rows.index(desk.row("call")) + 1
    new = {
        "Exercise time": "T+0:12",
        "Subject": "A call",
        "Message": "It rings.\nAgain.",
        "To": "Belcora",
        "Method": "phone",
    }
    copied = desk.row("call") | {"Message": "Somebody else asks for you."}
    desk.rows[at:at] = [new, {"Subject": "When?", "Notes": "Soon", "Move": "Evening"}, copied, dict(desk.row("echo"))]
    desk.rows.append({"ID": "decision/none", "Subject": "A decision", "Message": "?"})

    brought = desk.back()
    scenario = taken(desk, brought)

    assert [inject.id for inject in scenario.injects[:5]] == ["call", "a-call", "when", "a-call-2", "echo"]
    assert scenario.injects[1].text == "It rings.\nAgain." and scenario.injects[1].at == 720
    assert scenario.injects[2].move == "evening"
    assert "# TO DECIDE: by what means it comes" in brought.new
    assert any("'decision/none' is no row" in told.text for told in brought.told)
    assert len(scenario.injects) == 7
    assert desk.back().new == brought.new


def test_rows_that_are_gone_are_told_and_taken_out_only_on_demand(desk: Desk) -> None:
    """Protects against a slip: a deleted row stays until one says otherwise, and other teams' rows in any case."""
    desk.rows[:] = [row for row in desk.rows if not row["ID"].startswith(("late", "asked", "move/evening"))]

    kept, dropped = desk.back(), desk.back(drop=True)

    assert kept.new == kept.old and sum(told.sort == "missing" for told in kept.told) == 3
    assert [inject.id for inject in taken(desk, dropped).injects] == ["call", "echo"]
    assert "move/evening" in next(told.text for told in dropped.told if told.sort == "missing")


def test_a_sheet_of_another_scenario_is_not_taken(desk: Desk) -> None:
    """Protects against the wrong file: a sheet whose rows are not this scenario's does not fill it with strangers."""
    for row in desk.rows:
        row["ID"] = f"x{row['ID']}" if row["ID"] not in ("startex", "endex") else row["ID"]

    with pytest.raises(UsageError, match="exported from another scenario"):
        desk.back()


def test_a_sheet_for_one_team_takes_no_other_rows_out(tmp_path: Path) -> None:
    """Protects the other teams: what was never in a team's sheet is not missing from it."""
    desk = opened(tmp_path)
    own = {row.id: row for row in msel_rows(scenario_of(desk.file), "belcora")}
    desk.rows[:] = [{column.heading: row.cells.get(column.key, "") for column in OURS} for row in own.values()]

    assert desk.back(drop=True).new == SMALL
    desk.rows[:] = [row for row in desk.rows if "@" not in row["ID"]]
    with pytest.raises(UsageError, match="STARTEX and ENDEX are gone"):
        desk.back(drop=True)


def test_a_sheet_knows_what_was_changed_in_it(tmp_path: Path) -> None:
    """Protects two people at work: what only the author changed since stays, and what both changed is told."""
    desk = opened(tmp_path)
    sheet = tmp_path / "sheet.xlsx"
    scenario = scenario_of(desk.file)
    sheet.write_bytes(as_xlsx(scenario, msel_rows(scenario)))
    book = openpyxl.load_workbook(sheet)
    places = {row[-1].value: row for row in book["MSEL"].iter_rows()}
    heads = [cell.value for cell in places["ID"]]
    places["call"][heads.index("Subject")].value = "Sheet's"
    places["call"][heads.index("Exercise time")].value = time(0, 20)
    places["echo"][heads.index("Responsible")].value = "Jo"
    book.save(sheet)
    late = next(line for line in SMALL.splitlines(keepends=True) if "id: late" in line)
    since = (
        SMALL.replace(late, "")
        .replace("title: A call\n", "title: Author's\n")
        .replace("from: Harbour desk", "from: Author")
    )
    desk.file.write_text(since + "hot_wash: [{text: And now?}]\n", encoding="utf-8")

    brought = bring_back(sheet, desk.file)
    after = taken(desk, brought)

    assert (after.injects[0].sender, after.injects[0].title, after.injects[0].at) == ("Author", "Sheet's", 1200)
    assert after.injects[1].responsible == "Jo"
    assert [told.text for told in brought.told if told.sort == "open"] == [
        "call: Subject: changed here, and in the scenario since it was exported, where it said 'Author's'",
        next(told.text for told in brought.told if told.text.startswith("late: taken out of the scenario since")),
    ]


@pytest.mark.parametrize(("separator", "encoding"), [(";", "cp1252"), ("\t", "utf-16"), (",", "utf-8")])
def test_sheets_come_back_in_any_dress(separator: str, encoding: str, desk: Desk) -> None:
    """Protects offices with other settings: separators and encodings are found out."""
    desk.row("call")["Subject"] = "Ein Anruf, später; „vielleicht“ – 5 €"

    assert (
        taken(desk, desk.back(separator=separator, encoding=encoding)).injects[0].title.startswith("Ein Anruf, später")
    )


def test_a_value_that_is_repeated_elsewhere_is_not_changed_behind_its_back(tmp_path: Path) -> None:
    """Protects anchors: what stands in two places by & and * is changed in neither without being told."""
    text = SMALL.replace("to: [averne]\n    channel: phone", "to: &who [averne]\n    channel: phone")
    desk = opened(tmp_path, text.replace("to: [belcora/police, averne]", "to: *who"))
    desk.row("echo")["To"] = "Belcora"
    changed = taken(desk, desk.back())
    assert [inject.to for inject in changed.injects[:2]] == [("averne",), ("belcora",)]

    desk = opened(tmp_path, text.replace("to: [belcora/police, averne]", "to: *who"))
    desk.row("call")["To"] = "Belcora"
    with pytest.raises(UsageError, match="cannot be changed from here"):
        desk.back()


# --- the file itself ---


def test_a_cell_never_becomes_a_formula(tmp_path: Path) -> None:
    """Protects whoever opens the sheet: a text that begins like a formula is text, and comes back unharmed."""
    text = SMALL.replace("title: A call\n", "title: =HYPERLINK(1)\n").replace("from: Desk", 'from: "-x"')
    text = text.replace("notes: Let them ring back.", 'notes: "\'@them _x0041_"')
    file = opened(tmp_path, text).file
    scenario = scenario_of(file)
    rows = msel_rows(scenario)
    plain, book = tmp_path / "a.csv", tmp_path / "a.xlsx"
    plain.write_bytes(as_csv(rows, OURS))
    book.write_bytes(as_xlsx(scenario, rows))

    cells = [cell for row in openpyxl.load_workbook(book)["MSEL"].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "'=HYPERLINK(1)" in plain.read_text(encoding="utf-8-sig")
    assert not [
        cell for row in csv.reader(plain.open(encoding="utf-8-sig")) for cell in row if cell[:1] in tuple("=+-@")
    ]
    for sheet in (plain, book):
        assert bring_back(sheet, file).told == ()


def test_the_sheet_is_made_to_be_printed(desk: Desk) -> None:
    """Protects paper: landscape, as wide as the page, the heading on each, with banner and page numbers."""
    scenario = scenario_of(desk.file)
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(scenario, msel_rows(scenario), "letter")))
    sheet: Any = book["MSEL"]

    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert (sheet.print_title_rows, sheet.freeze_panes, sheet.auto_filter.ref) == ("$1:$1", "C2", "A1:Q14")
    assert "EXERCISE" in sheet.oddHeader.center.text and "&P" in sheet.oddFooter.right.text
    assert "approved" in sheet.data_validations.dataValidation[0].formula1
    assert sheet["I4"].alignment.wrap_text and book["Columns"]["A1"].value
    assert [book[name].sheet_state for name in book.sheetnames] == ["visible", "visible", "hidden"]


def test_conducttrs_columns_are_its_own(desk: Desk) -> None:
    """Protects whoever goes on in that tool: its header, word for word."""
    made = as_csv(msel_rows(scenario_of(desk.file)), CONDUCTTR).decode("utf-8-sig")

    assert made.split("\r\n")[0] == "Number,Time,From,Faction,To,Team,Method,Subject,Message,Expected Action,Tab"


# --- sheets from strangers ---


def packed(change: Callable[[zipfile.ZipFile], None] | None = None, **parts: str) -> bytes:
    """A spreadsheet of one cell, with parts replaced or added."""
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Time", "Message"])
    book.save(out)
    made = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, parts.get(info.filename.rsplit("/", 1)[-1].replace(".", "_"), old.read(info)))
        if change is not None:
            change(new)
    return made.getvalue()


def sheet_xml(inside: str) -> str:
    """A worksheet as it begins."""
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{inside}'


def _link(archive: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("xl/link.xml")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(info, "/etc/passwd")


def _crowd(archive: zipfile.ZipFile) -> None:
    for number in range(1200):
        archive.writestr(f"xl/{number}.xml", "")


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + sheet_xml(
    "<row r='1'><c><v>&b;</v></c></row></sheetData></worksheet>"
)
HOSTILE: Mapping[str, bytes] = {
    "traversal": packed(lambda new: new.writestr("../../evil.xml", "x")),
    "absolute": packed(lambda new: new.writestr("/etc/evil.xml", "x")),
    "link": packed(_link),
    "bomb": packed(lambda new: new.writestr("xl/big.xml", b"\0" * 8_000_000)),
    "many": packed(_crowd),
    "entities": packed(sheet1_xml=BOMB),
    "far": packed(sheet1_xml=sheet_xml("<row r='900000'><c r='A900000'><v>1</v></c></row></sheetData></worksheet>")),
    "wide": packed(sheet1_xml=sheet_xml("<row r='1'><c r='XFD1'><v>1</v></c></row></sheetData></worksheet>")),
    "torn": packed(sheet1_xml=sheet_xml("<row r='1'>")),
    "no workbook": packed(workbook_xml="<x/>")[:-30],
    "other archive": packed()[:200],
    "old excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "binary": b"\x89PNG\r\n\0\0\0",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sheet_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    """Protects the machine: what leads out, bursts or is no sheet is not read, and one line says so."""
    file = tmp_path / "x.xlsx"
    file.write_bytes(HOSTILE[name])

    with pytest.raises(ExerciseError) as error:
        adopt(read_sheet(file), {})

    assert "\n" not in str(error.value) and str(error.value).startswith(str(file))


def test_merged_hidden_and_unfinished_cells_are_read_for_what_they_show(tmp_path: Path) -> None:
    """Protects other people's layouts: merged times hold for their rows, and a million merged cells cost nothing."""
    cells = (
        "<row r='1'><c r='A1' t='inlineStr'><is><t>Time</t></is></c>"
        "<c r='B1' t='inlineStr'><is><t>Message</t></is></c></row>"
        "<row r='2'><c r='A2'><v>30</v></c><c r='B2'><v>1</v></c></row>"
        "<row r='3' hidden='1'><c r='B3'><v>2</v></c></row>"
        "<row r='4'><c r='A4'><f>1+1</f></c><c r='B4'><v>3</v></c></row></sheetData>"
        "<mergeCells><mergeCell ref='A2:A3'/><mergeCell ref='C5:XFD1048576'/></mergeCells></worksheet>"
    )
    file = tmp_path / "x.xlsx"
    file.write_bytes(packed(sheet1_xml=sheet_xml(cells)))

    found = read_sheet(file).sheets[0]

    assert [row.values for row in found.rows] == [("Time", "Message"), (30, 1), (30, 2), (None, 3)]
    assert [row.hidden for row in found.rows] == [False, False, True, False]
    assert found.unread == ((4, "=1+1"),)


# --- what people write ---


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("T+1:30", 5400),
        ("t + 0:15", 900),
        ("0:15", 900),
        ("T-0:30", -1800),
        ("+90 min", 5400),
        ("2h 15m", 8100),
        ("H+2h", 7200),
        (45, 2700),
        (0.0625, 5400),
        (time(1, 30), 5400),
        (timedelta(hours=30), 108_000),
        ("soon", None),
        ("T+", None),
        ("", None),
        (None, None),
        ("9" * 30, None),
    ],
)
def test_times_of_the_story_in_any_form(cell: Value, seconds: int | None) -> None:
    """Protects a time from being guessed wrong: what is understood is exact, and the rest is nothing."""
    assert story_time(cell) == seconds


def test_a_column_of_times_is_read_as_a_whole() -> None:
    """Protects a timeline: hours on the wall pass midnight, minutes count from STARTEX, dates carry their day."""
    wall = column_times(["22:00", "23:30", None, "00:15"], [None] * 4, None)
    marked = column_times(["09:00", "08:30"], [None] * 2, 0)
    minutes = column_times([0, 15, 90], [None] * 3, None)
    military = column_times([900, 1015], [None] * 2, None)
    dated = column_times([datetime(2026, 3, 10, 8), datetime(2026, 3, 11, 9)], [None] * 2, None)
    since = column_times(["0:00", "0:15", "T+1:30"], [None] * 3, None)

    assert wall.seconds == (0, 5400, None, 8100)
    assert marked.seconds == (0, -1800)
    assert (minutes.seconds, military.seconds) == ((0, 900, 5400), (0, 4500))
    assert dated.seconds == (0, 90_000) and dated.started == datetime(2026, 3, 10, 8)
    assert since.seconds == (0, 900, 5400)
    assert (clock("9:30 pm"), clock("0930"), clock("9.30"), clock("25:00")) == (77_400, 34_200, 34_200, None)


def test_audiences_and_methods_go_by_any_name(desk: Desk) -> None:
    """Protects facilitators' own words: teams by name or id, roles with a stroke, methods as people call them."""
    scenario = scenario_of(desk.file)

    assert audiences(scenario, "averne, Republic of Belcora") == (["averne", "belcora"], [])
    assert audiences(scenario, "Belcora/police; everybody") == (["belcora/police", "all"], [])
    assert audiences(scenario, "Averne and Nowhere") == (["averne"], ["Nowhere"])
    assert [channel(name) for name in ("E-Mail", "Telephone", "TWITTER", "police message", "pigeon")] == [
        *("e-mail", "phone", "media", "police-message", None),
    ]
    assert [
        heading_of(name) for name in ("Event #", "Recipient Player(s)", "expected_action", "TIME (local)", "Wetter")
    ] == [
        *("number", "to", "expected", "time", None),
    ]


OWN = """\
Harbour Watch - MSEL,,,,,,,
Draft 3,,,,,,,
Event #,Event Time,Event Description,Controller,Recipient Player(s),Mode,Expected Player Action,Venue
,09:00,STARTEX,,,,,
PHASE 1: Detection,,,,,,,
1,09:05,The booking system is slow.,Ana,Port Authority,Phone,Opens a ticket,Room 2
2,09:20,"Ransom note, two screens.",Ben,"Port Authority, Coast Guard/Duty",carrier pigeon,Isolates,
PHASE 2: Response,,,,,,,
7,10:15,Ministry wants a report.,Ben,All,E-Mail,,
,later,A lawyer arrives,,,In Person,,
"""


def test_somebodys_own_sheet_becomes_a_scenario_and_nothing_is_lost(tmp_path: Path) -> None:
    """Protects whoever brings a table along: it plays, and every word of it is in the scenario or in the report."""
    sheet, folder = tmp_path / "own.csv", tmp_path / "harbour-watch"
    sheet.write_text(OWN, encoding="utf-8")

    cli.import_new(str(sheet), "harbour-watch", "", str(folder), force=False)
    scenario = scenario_of(folder / "scenario.yaml")

    yaml, report = (folder / "scenario.yaml").read_text("utf-8"), (folder / "import-report.md").read_text("utf-8")
    flat = " ".join((yaml + report).split())
    lost = [cell for row in csv.reader(io.StringIO(OWN)) for cell in row if cell and not _held(cell, flat, OWN)]
    assert lost == []
    assert [team.name for team in scenario.teams] == ["Port Authority", "Coast Guard"]
    assert [inject.at for inject in scenario.injects] == [300, 1200, 4500, None]
    assert [move.title for move in scenario.moves] == ["PHASE 1: Detection", "PHASE 2: Response"]
    assert scenario.injects[1].to == ("port-authority", "coast-guard/duty")
    assert "# TO DECIDE: which texts this team has accepted" in yaml
    with pytest.raises(UsageError, match="--force"):
        cli.import_new(str(sheet), "harbour-watch", "", str(folder), force=False)


def _held(cell: str, flat: str, source: str) -> bool:
    """Whether a cell's words are kept; headings, clocks, methods and numbers are so in another form."""
    heads = source.split("\n")[2]
    understood = {"Phone", "E-Mail", "In Person", "All", "09:05", "09:20", "10:15", "1", "2"}
    parts = cell.replace("/", ", ").split(", ") if "Port" in cell else [cell]
    return cell in understood or cell in heads or all(part in flat for part in parts)


def test_columns_can_be_told(tmp_path: Path) -> None:
    """Protects sheets in other languages: letters or the sheet's own headings say what its columns are."""
    sheet = tmp_path / "own.csv"
    sheet.write_text("Heure;Texte;À\n0:10;Un appel;Averne\n0:20;Deux appels;Belcora\n", encoding="utf-8")
    book = read_sheet(sheet)

    adopted = adopt(book, read_map("Time=Heure,Message=B,To=À"))

    assert [(row.at, row.text, row.to) for row in adopted.draft.injects] == [
        (600, "Un appel", ["averne"]),
        (1200, "Deux appels", ["belcora"]),
    ]
    with pytest.raises(UsageError, match="--map"):
        adopt(book, {})
    with pytest.raises(UsageError, match="no column 'Ort'"):
        adopt(book, read_map("Time=Ort"))
    with pytest.raises(UsageError, match="not of the form"):
        read_map("Zeit")


def test_a_heading_is_told_from_content() -> None:
    """Protects sheets without a heading: a row with numbers, or mostly other words, is content."""
    rows = (Row(1, ("Send", "J-60", "message one", "description", "expectation", 100)), Row(2, ("x", "y", "z")))

    assert recognised(Sheet("x", rows)) is None


# --- commands ---


def test_the_commands_lose_nobodys_work(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Protects files: no sheet is overwritten unasked, a dry run writes nothing, and the file as it was is kept."""
    sheet, file = tmp_path / "m.xlsx", desk.file
    cli.export(str(file), str(sheet), None, "09:00", "own", "a4")
    with pytest.raises(UsageError, match="--force"):
        cli.export(str(file), str(sheet), None, None, "own", "a4")
    book = openpyxl.load_workbook(sheet)
    next(row for row in book["MSEL"].iter_rows() if row[-1].value == "call")[7].value = "Changed"
    book.save(sheet)

    cli.import_into(str(sheet), str(file), None, dry_run=True, drop_missing=False, force=False)
    assert "+    title: Changed" in capsys.readouterr().out and file.read_text("utf-8") == SMALL
    cli.import_into(str(sheet), str(file), None, dry_run=False, drop_missing=False, force=False)
    assert "warning" in capsys.readouterr().out
    assert file.with_name("scenario.yaml.bak").read_text("utf-8") == SMALL
    cli.import_into(str(sheet), str(file), str(tmp_path / "out"), dry_run=False, drop_missing=False, force=False)
    assert scenario_of(tmp_path / "out" / "scenario.yaml").injects[0].title == "Changed"
    with pytest.raises(UsageError, match="of the library"):
        cli.import_into(str(sheet), "first-light", None, dry_run=False, drop_missing=False, force=False)


def test_what_is_left_to_look_at_ends_with_a_finding(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects scripts: where something found no place, or a row is gone, the command says so by its code."""
    sheet = tmp_path / "m.csv"
    rows = [row for row in msel_rows(scenario_of(desk.file)) if row.id != "late"]
    sheet.write_bytes(as_csv(rows, OURS))

    with pytest.raises(typer.Exit) as left:
        cli.import_into(str(sheet), str(desk.file), None, dry_run=False, drop_missing=False, force=False)

    assert left.value.exit_code == 1 and "! not in the sheet any more: late" in capsys.readouterr().out


def test_rows_are_plain_data(desk: Desk) -> None:
    """Protects the promise of stable ids: no two rows share one, and asking twice gives the same rows."""
    scenario = scenario_of(desk.file)
    rows: tuple[MselRow, ...] = msel_rows(scenario)

    assert rows == msel_rows(copy.deepcopy(scenario))
    assert len({row.id for row in rows}) == len(rows)


def test_a_column_that_is_not_there_is_not_taken(tmp_path: Path) -> None:
    """Protects an import from a slip in --map: a column beyond the last would leave every row without its time."""
    path = tmp_path / "plan.csv"
    path.write_text("Time,To,Message\n0:10,All,Hello\n", encoding="utf-8")
    book = read_sheet(path)
    with pytest.raises(UsageError, match="no column 'D'; its last one is C"):
        adopt(book, {"time": "D"})
    assert adopt(book, {"time": "A"}).draft.injects
    assert book.sheets[0].name == "plan.csv"


@pytest.mark.parametrize(
    "words", [["--new", "x", "--dry-run"], ["--new", "x", "--drop-missing"], ["--into", "x", "--map", "Time=A"]]
)
def test_options_of_the_other_way_are_refused(words: list[str], tmp_path: Path, monkeypatch: Any) -> None:
    """Protects from a --dry-run that writes: what means nothing here is refused before anything is read."""
    from typer.testing import CliRunner

    from exercise.cli.commands import app

    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.csv").write_text("Time,To,Message\n0:10,All,Hello\n", encoding="utf-8")
    ran = CliRunner().invoke(app, ["msel", "import", "plan.csv", *words])
    assert isinstance(ran.exception, UsageError)
    assert [path.name for path in tmp_path.iterdir()] == ["plan.csv"]


def test_what_a_cell_says_in_a_form_of_its_own_is_taken_back(desk: Desk) -> None:
    """Protects the edits that look as simple as any: options' words, lengths, and the move that a row stands in."""
    for id, head, text in (
        ("decision/tell", "Expected action", "a) Now, by phone\nLater"),
        ("decision/tell", "Method", "dilemma, 8 min"),
        ("decision/tell", "Move", "evening"),
        ("call", "Move", "M2"),
        ("late", "Move", "Early"),
        ("move/morning", "Subject", "Early"),
        ("move/morning", "Expected action", "25 minutes of play, until T+2:30."),
        ("move/morning/plenary", "Subject", "Plenary, 10 minutes"),
    ):
        desk.row(id)[head] = text
    brought = desk.back()
    scenario = taken(desk, brought)
    assert not [told for told in brought.told if told.sort == "open"]
    (tell,), (morning, _) = scenario.decisions, scenario.moves
    assert [option.title for option in tell.options] == ["Now, by phone", "Later"]
    assert [option.id for option in tell.options] == ["now", "later"] and tell.options[0].effects
    assert (tell.kind, tell.window, tell.at) == ("dilemma", 480, 36_000 + 1200)
    assert (morning.title, morning.minutes, morning.ends) == ("Early", 1500, 9000)
    assert morning.plenary is not None and morning.plenary.minutes == 600
    call, late = scenario.injects_by_id["call"], scenario.injects_by_id["late"]
    assert call.at == 36_000 + 600 and (late.move, late.minute) == ("morning", 300)


def test_a_move_is_taken_only_where_it_fits_with_the_time(desk: Desk) -> None:
    """Protects from a guess: a new time counts before the move beside it, and who follows another says its time."""
    desk.row("call").update({"Exercise time": "T+10:30", "Move": "Evening"})
    desk.row("asked").update({"Exercise time": "T+0:40", "Move": "Evening"})
    desk.row("decision/tell")["Move"] = "Mornin"
    desk.row("echo")["Move"] = "Evening"
    desk.row("asked/request")["Exercise time"] = "T+0:50"
    brought = desk.back()
    assert scenario_of(desk.file).injects_by_id["call"].at == 600
    scenario = taken(desk, brought)
    assert scenario.injects_by_id["call"].at == 37_800 and scenario.injects_by_id["asked"].at == 2400
    said_of = {told.text.split(":")[0]: told.text for told in brought.told if told.sort == "open"}
    assert said_of.keys() == {"asked", "decision/tell", "echo", "asked/request"}
    assert "the time counts" in said_of["asked"] and "did you mean 'Morning'" in said_of["decision/tell"]
    assert "say its time too" in said_of["echo"]


def test_no_cell_is_passed_over_in_silence(desk: Desk) -> None:
    """Protects every edit: whichever cell of whichever row is changed or emptied, a line says what became of it."""
    for column, now in itertools.product(OURS, ("Some new words", "")):
        if column.key == "id":
            continue
        was = [row[column.heading] for row in desk.rows]
        for row in desk.rows:
            row[column.heading] = now
        brought = desk.back()
        told = {line.row for line in brought.told}
        changed = {n for n, cell in enumerate(was, 2) if cell != now}
        if column.key == "number":
            assert told == {0} and f"changed in {len(changed)} rows" in brought.told[0].text
        else:
            assert changed <= told, column.heading
        for row, cell in zip(desk.rows, was, strict=True):
            row[column.heading] = cell
