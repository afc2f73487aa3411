"""Exercises of other tools: carried as far as they go, played, and every loss said; hostile files refused in a line."""

from __future__ import annotations

import base64
import copy
import io
import json
import random
import re
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from exercise.authoring import folders
from exercise.authoring.exporting import left_behind, to_cexf
from exercise.authoring.importing.archive import open_archive
from exercise.authoring.importing.draft import Draft, DraftDecision, DraftInject, DraftOption, DraftTeam
from exercise.authoring.importing.finishing import finish
from exercise.authoring.importing.formats import FORMATS, read_source
from exercise.authoring.importing.html_text import looks_like_html, plain_text
from exercise.authoring.importing.json_source import read_json
from exercise.authoring.importing.milestones import condition
from exercise.authoring.importing.writing import Written, write
from exercise.authoring.library import load_scenario
from exercise.authoring.problems import errors_in
from exercise.authoring.yaml_source import read_source as read_yaml
from exercise.catalogue import load_reference
from exercise.cli.commands import app
from exercise.cli.seating import bots_of
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.errors import UsageError
from exercise.session.autoplay import run

FOREIGN = Path(__file__).parent / "foreign"
FORMS = ("iceberg", "cexf", "openaev", "sheet", "inject")


@pytest.fixture(scope="module", autouse=True)
def schema_made_once() -> Iterator[None]:
    """The schema beside each scenario is the same, and takes longer to make than all the rest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folders, "schema_text", cache(folders.schema_text))
        yield


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sheet as OpenAEV reads them: no headings, times counted from a day J, a row that nobody filled in."""
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "Checklist"
    rows: list[list[Any]] = [
        [
            None,
            "Send an SMS",
            "J-2",
            "Night shift",
            None,
            "Come in early.",
            "First sign",
            "Rings back",
            "Within ten",
            40,
        ],
        [
            None,
            "Send a mail",
            "J 09:30",
            "Night shift; Day shift",
            "Logs",
            "<p>Two logs <b>differ</b>.</p>",
            None,
            None,
        ],
        [None, "???", "J-1", None, None, None, None, None, None, None],
        [None, "Send a mail", "later", None, "No time", "When does this come?", None, None, None, None, "beside it"],
    ]
    for row in rows:
        page.append(row)
    book.create_sheet("Old plan").append(["kept for the record"])
    path = tmp_path_factory.mktemp("sheet") / "night-plan.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def imported(sheet: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Written]:
    """Each form imported once, as the command does."""
    out = tmp_path_factory.mktemp("imported")
    sources = {form: FOREIGN / f"{form}.json" for form in FORMS[:3]} | {"sheet": sheet, "inject": FOREIGN / "inject"}
    return {form: write(read_source(path)[0], path.name, out / form, None) for form, path in sources.items()}


def played(scenario: Scenario, policy: str, script: Mapping[str, str] | None = None) -> State:
    """The end of an exercise that bots played."""
    reference = load_reference()
    seats = dict.fromkeys(scenario.teams_by_id, policy)
    return run(scenario, {}, bots_of(scenario, reference, seats, 0, script or {})).state


def source_of(tmp_path: Path, data: object, name: str = "source.json") -> Path:
    """A file with these bytes, or this data as JSON."""
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return path


# --- what is carried ---


@pytest.mark.parametrize("form", FORMS)
def test_what_is_imported_passes_check_and_plays_to_the_end(imported: Mapping[str, Written], form: str) -> None:
    """Protects an author's first hour: the result is sound as it stands, and can be seen in play at once."""
    written = imported[form]

    assert errors_in(written.problems) == []
    scenario = load_scenario(str(written.scenario))
    state = played(scenario, "cooperative")
    assert state.clock.phase not in ("briefing", "move")
    by_time = {inject.id for inject in scenario.injects if inject.when is None}
    assert by_time <= set(state.released)


@pytest.mark.parametrize("form", FORMS)
def test_all_that_is_to_be_decided_is_marked_and_listed_with_its_line(
    imported: Mapping[str, Written], form: str
) -> None:
    """Protects the author from overlooking what a tool made up: each mark stands in the file, each line is right."""
    written = imported[form]
    lines = written.scenario.read_text(encoding="utf-8").split("\n")
    report = written.report.read_text(encoding="utf-8")

    listed = written.draft.report.to_decide

    assert len(listed) == sum("# TO DECIDE: " in line for line in lines)
    for said in listed:
        match = re.match(r"scenario\.yaml:(\d+): ([^:]+): (.+)", said)
        assert match is not None
        above = " ".join(line.strip(" #-") for line in lines[max(0, int(match[1]) - 6) : int(match[1])])
        assert match[3] in above
        assert match[3].partition("(")[0].strip() in report
    for wanted in ("threats", "date", "profile"):
        assert any(wanted in said for said in listed)


def test_a_branch_comes_when_its_option_was_taken_and_no_other_does(imported: Mapping[str, Written]) -> None:
    """Protects the tree: what was a jump to the next inject there is a condition here, and works in play."""
    scenario = load_scenario(str(imported["iceberg"].scenario))

    by_list = played(scenario, "scripted", {"queue-decision": "paper", "list-decision": "call"})
    by_crowd = played(scenario, "scripted", {"queue-decision": "wait", "crowd-decision": "police"})
    sent_home = played(scenario, "scripted", {"queue-decision": "home"})
    silence = played(scenario, "silent")

    always = {"queue", "late"}
    assert set(by_list.released) == always | {"list", "list-message-1", "end"}
    assert set(by_crowd.released) == always | {"crowd", "end"}
    assert set(sent_home.released) == always
    # Nobody answers: the story goes on by the first way that the source offers.
    assert set(silence.released) == always | {"list", "list-message-1", "end"}
    assert silence.decisions["queue-decision"].status == "lapsed"


def test_a_message_that_an_inject_triggers_comes_with_it_from_its_sender(imported: Mapping[str, Written]) -> None:
    """Protects outside voices: the press writes as the press, and what teams were to send stays with control."""
    scenario = load_scenario(str(imported["iceberg"].scenario))

    message = scenario.injects_by_id["list-message-1"]

    assert (message.follows, message.channel, message.sender) == ("list", "media", "Evening press")
    assert "Names wanted" in scenario.injects_by_id["list"].notes


def test_a_flow_becomes_times_and_what_tools_evaluate_becomes_tasks(imported: Mapping[str, Written]) -> None:
    """Protects an exercise of CEXF: its order holds, its mail is read as text, evaluators get what tools checked."""
    scenario = load_scenario(str(imported["cexf"].scenario))

    mail, pumps, image = scenario.injects

    assert (mail.at, pumps.at, scenario.minutes) == (0, 45 * 60, 90)
    assert (mail.channel, mail.sender) == ("e-mail", "orders@pumps.example")
    assert "Please pay to the new account." in mail.text
    assert mail.expected == ("Sharing", "Labels used")
    assert "Event.tag is water-fraud or Event.note count >2 (0 to 10 points)" in mail.notes
    assert pumps.when is not None
    assert image.at is None and "released-by-hand" in scenario.flags
    tasks = [task.text for task in scenario.objectives[0].tasks]
    assert tasks == ["Sharing (New account)", "Labels used (New account)"]
    assert mail.text.startswith("Please pay") and "Title in the source: a bill from the pump shop" in mail.notes


def test_mails_media_and_expectations_of_openaev_find_their_places(imported: Mapping[str, Written]) -> None:
    """Protects an export of OpenAEV: what people read and do is carried, with teams, times and variables."""
    scenario = load_scenario(str(imported["openaev"].scenario))
    mail, call, paper, technical, riddle, spare = scenario.injects

    assert [inject.at for inject in (mail, call, paper, technical)] == [600, 5400, 7200, 9000]
    assert (mail.title, mail.to, mail.sender) == (
        "Screens dark in the northern valley",
        ("dispatch-room",),
        "control@grid.example",
    )
    assert mail.text.startswith("Good evening [user.firstname],\n\n- seven stations\n- no values\n\nSee the map")
    assert mail.expected == ("Calls the ministry",)
    assert call.channel == "phone" and call.text.endswith("<call the desk>")
    assert (paper.to, paper.channel, paper.sender, paper.title) == (
        ("all",),
        "media",
        "M. Ozola, Averne Evening",
        "Lights out",
    )
    assert riddle.at is None and spare.at is None
    assert scenario.objectives[0].title == "Keep one picture"
    assert [question.text for question in scenario.survey] == ["Did you know whom to call?"]
    assert [question.text for question in scenario.hot_wash] == ["Talking: How the teams spoke to each other."]
    state = played(scenario, "cooperative")
    assert call.id in state.released and riddle.id not in state.released


def test_a_simulation_of_another_version_is_read_as_well(tmp_path: Path) -> None:
    """Protects exports whose keys have drifted: another prefix, ids in place of objects and the other way round."""
    data = {
        "export_version": 2,
        "exercise_information": {"exercise_name": "Thin Ice", "exercise_start_date": "2031-02-03T08:30:00Z"},
        "exercise_teams": [{"team_id": "t", "team_name": "Night desk"}],
        "exercise_injects": [
            {"inject_id": "b", "inject_title": "Then", "inject_depends_duration": "120", "inject_depends_on": "a",
             "inject_content": {"body": "It breaks.", "subject": "Then"}, "inject_teams": [{"team_id": "t"}],
             "inject_injector_contract": "some-contract", "inject_collect_status": "never"},
            {"inject_id": "a", "inject_title": "First", "inject_depends_duration": 60, "inject_all_teams": True,
             "inject_content": {"message": "It cracks.", "expectations": None}},
        ],
    }  # fmt: skip

    draft, said = read_source(source_of(tmp_path, data))
    written = write(draft, "source.json", tmp_path / "out", None)

    scenario = load_scenario(str(written.scenario))
    assert said == "OpenAEV / OpenBAS"
    assert [(row.title, row.at, row.to) for row in scenario.injects] == [
        ("First", 60, ("all",)),
        ("Then", 120, ("night-desk",)),
    ]
    assert scenario.date.isoformat() == "2031-02-03T08:30:00"
    assert {"first", "then"} <= set(played(scenario, "silent").released)
    lost = {line.where: line.text for line in draft.report.lines}
    assert lost["exercise_injects[0].inject_collect_status"] == "never"
    assert lost["exercise_injects[0].inject_injector_contract"] == "some-contract"


def test_a_sheet_without_headings_is_read_by_its_times(imported: Mapping[str, Written]) -> None:
    """Protects a plan kept in a spreadsheet: days before it are moves before it, teams come from cells."""
    scenario = load_scenario(str(imported["sheet"].scenario))

    first, second, third = scenario.injects

    assert (first.at, second.at, third.at) == (-48 * 3600, 9 * 3600 + 1800, None)
    assert (first.channel, first.title, first.expected) == ("phone", "Come in early.", ("Rings back",))
    assert second.text == "Two logs differ." and second.to == ("night-shift", "day-shift")
    assert [move.starts for move in scenario.moves] == [-48 * 3600, 9 * 3600 + 1800]
    assert "beside it" in third.notes


def test_milestones_become_flags_and_conditions_that_work_in_play(imported: Mapping[str, Written]) -> None:
    """Protects a definition of INJECT: what a milestone lets come does come, and to the role it is for."""
    scenario = load_scenario(str(imported["inject"].scenario))
    shut, spare, ask, odd = scenario.injects

    state = played(scenario, "cooperative")

    assert (shut.at, shut.to, shut.sender, shut.channel) == (300, ("participants/manager",), "Warehouse", "e-mail")
    assert shut.text == "The doors of the **warehouse** stay shut."
    assert {"alarm-given", "pharmacy-told"} <= set(state.flags)
    assert set(state.released) == {shut.id, ask.id, odd.id} and spare.id not in state.released
    assert [option.title for option in scenario.decisions[0].options] == ["The manager", "The ministry", "Nobody"]
    said = {line.where for line in imported["inject"].draft.report.lines}
    assert {"content/spare.md", "injects[2].overlay.duration", "tools[0].default_response"} <= said


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a", {"flag": "a"}),
        ("a and b or not c", {"any": [{"all": [{"flag": "a"}, {"flag": "b"}]}, {"not": {"flag": "c"}}]}),
        ("not (a or b) and c", {"all": [{"not": {"any": [{"flag": "a"}, {"flag": "b"}]}}, {"flag": "c"}]}),
        *((wrong, None) for wrong in ("", "a and", "(a", "a)", "a b", "a == b", "nobody", "not", "not " * 61 + "a")),
    ],
)
def test_conditions_over_milestones_are_read_by_their_grammar(text: str, data: dict[str, Any] | None) -> None:
    """Protects branches from being guessed: what is not understood is said, and never half read."""
    assert condition(text, {"a": "a", "b": "b", "c": "c"}.get) == data


# --- nothing is lost in silence ---

IDS = re.compile(r"(?:[a-z]+-uuid(?:-\d+)?|lc-1|lq-1|v-1|contract-\w+)")
"""Ids of the made-up export: they only point from one place of it to another."""


def leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text below a value, with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    elif isinstance(value, str) and value:
        yield path, value


def flat(text: str) -> str:
    """A text with single blanks."""
    return " ".join(text.split())


@pytest.mark.parametrize("form", FORMS[:3])
def test_every_text_of_a_source_stands_in_the_scenario_or_in_the_report(
    imported: Mapping[str, Written], form: str
) -> None:
    """Protects what authors wrote elsewhere: a text that is in neither file has been lost without a word.

    Left out on purpose are people's names and addresses, contracts of machines (one line each), variables' marks
    and tags of HTML, which are compared by their words.
    """
    written = imported[form]
    held = load_scenario(str(written.scenario)).model_dump_json()
    scenario = flat(" ".join(text for _, text in leaves(json.loads(held))))
    found = scenario + flat(written.report.read_text(encoding="utf-8"))
    data = json.loads((FOREIGN / f"{form}.json").read_text(encoding="utf-8"))

    missing = []
    for path, text in leaves(data):
        if path.startswith(".scenario_users") or IDS.fullmatch(text) or "injector_contract_content" in path:
            continue
        if path.endswith("parameters.content") and "base64" in json.dumps(data["inject_payloads"]):
            with_bytes = base64.b64decode(text) if not text.startswith("Nobody") else text.encode()
            text = with_bytes.decode("utf-8", errors="ignore") if b"\xff" not in with_bytes else "image.bin, 256 bytes"
        text = re.sub("(?m)^(From|Subject): ", "", text) if path.endswith("parameters.content") else text
        words = plain_text(text)[0] if looks_like_html(text) else text
        parts = [part for part in re.split(r"\$\{[^}]*\}|\n+", words) if part.strip(" -,")]
        missing += [(path, part) for part in parts if flat(part.strip(" .-")) not in found]

    # What has become a form of ours: versions, kinds, directions, a length of time, and which row means which.
    form_only = (
        "schema_version",
        "content-type",
        "expectation_type",
        "variable_type",
        "direction",
        "total_duration",
        "inject_uuid",
    )
    references = ("followed_by", "action_payload_resource_uuid", "uuid")
    assert [row for row in missing if row[0].rpartition(".")[2] not in (*form_only, *references)] == []
    assert "Kalve" not in found and "jana.k@grid.example" not in found


def test_every_text_of_a_definition_stands_in_the_scenario_or_in_the_report(imported: Mapping[str, Written]) -> None:
    """Protects the same for a folder: every value of its files is found again, by its words."""
    written = imported["inject"]
    held = flat(" ".join(path.read_text(encoding="utf-8") for path in (written.scenario, written.report)))
    folder = FOREIGN / "inject"

    texts = [text for path in folder.rglob("*.yml") for _, text in leaves(read_yaml(path).data)]
    texts += [(folder / "content" / "doors.md").read_text(encoding="utf-8")]
    # A condition is written in another form, a type is a form, and of a file's name its text stands there.
    form_only = (
        "alarm_given and not (pharmacy_told or all_over)",
        "email",
        "radio",
        "free-form",
        "doors.md",
        "first alarm",
    )
    missing = {part for text in texts if text not in form_only for part in text.split(", ") if flat(part) not in held}

    assert missing == set()


def test_every_cell_of_a_sheet_stands_in_the_scenario_or_in_the_report(
    imported: Mapping[str, Written], sheet: Path
) -> None:
    """Protects the same for a spreadsheet: whatever a cell says is found again."""
    from openpyxl import load_workbook

    written = imported["sheet"]
    held = flat(" ".join(path.read_text(encoding="utf-8") for path in (written.scenario, written.report)))

    cells = [str(value) for page in load_workbook(sheet) for row in page.iter_rows(values_only=True) for value in row
             if value is not None]  # fmt: skip
    times = ("J-2", "J 09:30")
    texts = [plain_text(cell)[0] for cell in cells if cell not in times]
    missing = {part for text in texts for part in text.split("; ") if part not in held}

    assert missing == set()


def test_keys_that_nobody_knows_are_listed_each_once(imported: Mapping[str, Written]) -> None:
    """Protects authors whose tool has grown: a new key is not understood, and that is said."""
    said = {line.where: line.text for form in FORMS for line in imported[form].draft.report.lines
            if line.why == "this key is not known here"}  # fmt: skip

    assert said["scenario_weather.wind"] == "from the north-east"
    assert said["colour_scheme"] == "seagreen"
    assert said["metadata.reviewer"] == "Second desk"


def test_the_same_source_makes_the_same_files(imported: Mapping[str, Written], tmp_path: Path) -> None:
    """Protects ids that others already refer to: importing again changes no byte."""
    path = FOREIGN / "openaev.json"

    again = write(read_source(path)[0], path.name, tmp_path / "openaev", None)

    for name in ("scenario", "report"):
        first: Path = getattr(imported["openaev"], name)
        assert getattr(again, name).read_bytes() == first.read_bytes()


def test_what_is_too_long_or_too_much_goes_to_the_notes_with_a_line() -> None:
    """Protects what does not fit: a title of a page and a seventh option are kept where control reads them."""
    long = "word " * 60
    draft = Draft("Long", teams=[DraftTeam("a", "A")])
    options = [DraftOption(f"o{n}", f"Way {n}") for n in range(1, 9)]
    draft.injects.append(DraftInject("row", long, "Text.", at=0))
    draft.decisions.append(DraftDecision("d", "a", "What?", "What?", options, at=0))

    data = finish(draft, "long").data

    assert len(data["injects"][0]["title"]) <= 200 and flat(long) in flat(data["injects"][0]["notes"])
    assert len(data["decisions"][0]["options"]) == 6 and "Way 8" in data["decisions"][0]["notes"]
    assert draft.report.count("kept elsewhere") == 3


def test_html_of_mails_becomes_text_and_words_in_angles_stay() -> None:
    """Protects what a mail says: lists and paragraphs are kept, an address in angles is no tag, the rest is named."""
    text, dropped = plain_text(
        "<head><title>T</title></head><body><h1>Head</h1><p>One&nbsp;two<br>three</p><ol><li>a</li><li>b</li></ol>"
        "Write to <ana@port.example> <a href='https://x.example'>here</a><style>p{}</style></body>"
    )

    assert text == "Head\n\nOne two\nthree\n\n1. a\n2. b\nWrite to <ana@port.example> here"
    assert dropped == [("head", "T"), ("link", "https://x.example"), ("style", "p{}")]
    assert not looks_like_html("a < b and <ana@port.example>")


# --- hostile files ---


def zipped(*members: tuple[zipfile.ZipInfo | str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as file:
        for name, data in members:
            file.writestr(name, data)
    return held.getvalue()


def link() -> zipfile.ZipInfo:
    """A member that is a symbolic link."""
    info = zipfile.ZipInfo("scenario.json")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def named(name: str) -> zipfile.ZipInfo:
    """A member of any name, also one that the library would mend."""
    info = zipfile.ZipInfo("x" * len(name))
    info.filename = name
    return info


def encrypted() -> bytes:
    """A zip that says its only member is encrypted."""
    data = bytearray(zipped(("scenario.json", b"{}"), method=zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def lying(size: int) -> bytes:
    """A member that says it holds few bytes and holds many."""
    data = bytearray(zipped(("scenario.json", b"[" + b" " * 9_000_000 + b"]")))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(mark) + place
        data[start : start + 4] = size.to_bytes(4, "little")
    return bytes(data)


def overlapping() -> bytes:
    """Two names for the same bytes: the directory lists more than the file can hold."""
    data = zipped(("a.json", bytes(random.Random(1).randbytes(2_000))), ("b.json", b"{}"))
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    entry = bytearray(data[second : data.index(b"PK\x05\x06")])
    entry[20:28] = data[first + 20 : first + 28]
    entry[42:46] = bytes(4)
    return data[:second] + bytes(entry) + data[data.index(b"PK\x05\x06") :]


HOSTILE_ZIPS: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "traversal": (lambda: zipped((named("../../out.json"), b"{}")), "leads out of the archive"),
    "traversal inside": (lambda: zipped((named("a/../../b.json"), b"{}")), "leads out of the archive"),
    "windows traversal": (lambda: zipped((named("..\\out.json"), b"{}")), "leads out of the archive"),
    "absolute": (lambda: zipped((named("/etc/out.json"), b"{}")), "has an absolute path"),
    "drive": (lambda: zipped((named("C:out.json"), b"{}")), "has an absolute path"),
    "control characters": (lambda: zipped((named("a\x1b[2J.json"), b"{}")), "no file should have"),
    "link": (lambda: zipped((link(), b"/etc/passwd")), "is a link"),
    "bomb": (lambda: zipped(("scenario.json", bytes(20_000_000))), "like a bomb"),
    "many": (lambda: zipped(*((f"{n}.txt", b"") for n in range(1_001)), method=0), "files in it"),
    "nested": (lambda: zipped(("scenario.json", b"{}"), ("more.zip", zipped(("a", b"")))), "inside the archive"),
    "encrypted": (encrypted, "is encrypted"),
    "twice": (lambda: zipped(("scenario.json", b"{}"), ("Scenario.JSON", b"{}")), "is there twice"),
    "overlapping": (overlapping, "overlap"),
    "lying": (lambda: lying(100), "damaged"),
    "no exercise": (lambda: zipped(("a.txt", b"x")), "one JSON file"),
    "two exercises": (lambda: zipped(("a.json", b"{}"), ("b.json", b"{}")), "one JSON file"),
    "damaged": (lambda: b"PK\x03\x04" + b"\0" * 40, "damaged zip"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", HOSTILE_ZIPS)
def test_a_hostile_archive_is_refused_with_one_line(tmp_path: Path, kind: str) -> None:
    """Protects the machine of whoever opens a file from a stranger: nothing is unpacked, and the line says why."""
    made, why = HOSTILE_ZIPS[kind]

    with pytest.raises(UsageError) as refused:
        read_source(source_of(tmp_path, made(), "export.zip"))

    assert why in str(refused.value) and "\n" not in str(refused.value) and "\x1b" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["export.zip"]


def test_too_much_in_all_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects against many members that are each small enough: their sum counts."""
    monkeypatch.setattr("exercise.authoring.importing.archive._LARGEST_TOTAL", 1_000_000)
    parts = [(f"{n}.bin", random.Random(n).randbytes(400_000)) for n in range(3)]

    with pytest.raises(UsageError, match="unpacked it is larger"):
        open_archive(zipped(*parts, method=zipfile.ZIP_STORED), "export.zip")


def test_an_honest_zip_is_read_and_its_documents_are_named(tmp_path: Path) -> None:
    """Protects exports as they are published: the scenario is found inside, what lies beside it is listed."""
    data = zipped(("Cold Grid.json", (FOREIGN / "openaev.json").read_bytes()), ("lines.pdf", b"%PDF"))

    draft, said = read_source(source_of(tmp_path, data, "export.zip"))

    assert said == "OpenAEV / OpenBAS, zipped" and draft.title == "Cold Grid"
    assert ("lines.pdf", "4 bytes") in [(line.where, line.text) for line in draft.report.lines]


def test_a_folder_with_a_link_in_it_is_refused(tmp_path: Path) -> None:
    """Protects files outside of a definition: what a link leads to is never read."""
    (tmp_path / "definition").mkdir()
    (tmp_path / "definition" / "injects.yml").write_text("- {name: a, time: 1, content: b}\n", encoding="utf-8")
    (tmp_path / "definition" / "content").symlink_to(tmp_path)

    with pytest.raises(UsageError, match="is a link"):
        read_source(tmp_path / "definition")


def test_yaml_that_repeats_itself_without_end_is_refused(tmp_path: Path) -> None:
    """Protects against the bomb that YAML knows: names for lists of names for lists."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    (tmp_path / "injects.yml").write_text("\n".join(lines), encoding="utf-8")

    with pytest.raises(UsageError, match="repeats by aliases") as refused:
        read_source(tmp_path)

    assert "\n" not in str(refused.value)


HOSTILE_JSON: Mapping[str, tuple[bytes, str]] = {
    "deep": (b'{"injects":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "levels deep"),
    "deep behind quotes": (b'{"a":"\\"' + b'"' + b',"b":' + b"[" * 50 + b"]" * 50 + b"}", "levels deep"),
    "huge": (b'{"a":"' + b"x" * 9_000_000 + b'"}', "larger than"),
    "many": (b'{"a":[' + b"0," * 300_000 + b"0]}", "values"),
    "not a number": (b'{"a": NaN}', "NaN"),
    "infinite": (b'{"a": -Infinity}', "-Infinity"),
    "too large": (b'{"a": 1e999}', "too large"),
    "long number": (b'{"a": ' + b"9" * 10_000 + b"}", "digits"),
    "twice": (b'{"title": "a", "title": "b"}', "twice"),
    "latin": (b'{"title": "Caf\xe9"}', "UTF-8"),
    "utf-16": ('{"title": "a"}'.encode("utf-16"), "UTF-16"),
    "zero": (b'{"title": "a\0"}', "zero byte"),
    "never closed": (b'{"a": "' + b'\\"' * 100_000, "no JSON"),
    "empty": (b"  \n", "empty"),
    "a letter": (b"Dear all,\n", "no exercise known"),
    "noise": (bytes(range(128, 256)), "no exercise known"),
    "a list": (b"[1, 2]", "no exercise known"),
    "something else": (b'{"recipe": "soup"}', "no exercise known"),
    "no injects": (b'{"injects": [], "start_inject_id": "a"}', "no inject"),
}


@pytest.mark.parametrize("kind", HOSTILE_JSON)
def test_hostile_or_broken_json_is_refused_with_one_line(tmp_path: Path, kind: str) -> None:
    """Protects against files made to fill the memory or to be read in two ways; each is refused by name."""
    data, why = HOSTILE_JSON[kind]

    with pytest.raises(UsageError) as refused:
        read_source(source_of(tmp_path, data))

    assert why in str(refused.value) and "\n" not in str(refused.value) and len(str(refused.value)) < 400


def test_a_byte_order_mark_is_let_pass() -> None:
    """Protects files that a Windows editor has saved: the mark at the start is no error."""
    assert read_json(b'\xef\xbb\xbf{"a": 1}', "x") == {"a": 1}


def cexf_with(content: str, kind: str = "base64") -> dict[str, Any]:
    """The fixture with another payload."""
    data: dict[str, Any] = json.loads((FOREIGN / "cexf.json").read_text(encoding="utf-8"))
    data["inject_payloads"][0]["parameters"] |= {"content": content, "content-type": kind}
    return data


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (base64.b64encode(b"x" * 400_000).decode(), "a payload of more than 256 kB"),
        (base64.b64encode(b"x" * 40_000).decode(), "a payload too long to be read in play"),
        ("not base64 at all!", "this is no base64"),
        (base64.b64encode(b"\x1f\x8b\xff\xfe").decode(), "a payload that is no text"),
    ],
)
def test_a_payload_that_is_a_bomb_or_no_text_is_left_out_with_a_line(tmp_path: Path, content: str, why: str) -> None:
    """Protects screen and memory from payloads: what nobody could read is named with its size, and not carried."""
    draft, _ = read_source(source_of(tmp_path, cexf_with(content)))

    assert any(why in line.why for line in draft.report.lines)
    assert max(len(inject.text) for inject in draft.injects) < 1_000


def test_base64_is_decoded_once_and_never_again(tmp_path: Path) -> None:
    """Protects against wrappings in wrappings: what comes out of the first one is text, whatever it looks like."""
    inner = base64.b64encode(b"hidden twice").decode()

    draft, _ = read_source(source_of(tmp_path, cexf_with(base64.b64encode(inner.encode()).decode())))

    assert draft.injects[0].text == inner


def test_a_variable_is_filled_in_once_and_cannot_grow_without_end(tmp_path: Path) -> None:
    """Protects against a value that names itself, or one that is repeated into megabytes."""
    data = json.loads((FOREIGN / "openaev.json").read_text(encoding="utf-8"))
    data["scenario_variables"][0]["variable_value"] = "${region}${region}" + "x" * 10_000
    data["scenario_injects"][0]["inject_content"]["message"] = "${region} " * 2_000

    written = write(read_source(source_of(tmp_path, data))[0], "source.json", tmp_path / "out", None)

    assert errors_in(written.problems) == []
    assert written.scenario.stat().st_size < 200_000


def test_what_could_steer_a_terminal_or_mislead_is_taken_out_with_a_line(tmp_path: Path) -> None:
    """Protects every screen: control characters and direction overrides of a stranger's file never get there."""
    data = json.loads((FOREIGN / "iceberg.json").read_text(encoding="utf-8"))
    data["title"] = "Dark\u202e Ferry\x1b[2J"
    data["injects"][1]["content"] = "Nine\x07 hundred\u2066 people"
    data["unheard\u202eof"] = "a\x1b]0;b"

    written = write(read_source(source_of(tmp_path, data))[0], "s\x1b.json", tmp_path / "out", None)

    held = written.scenario.read_text(encoding="utf-8") + written.report.read_text(encoding="utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", held)
    cleaned = [line.where for line in written.draft.report.lines if "taken out" in line.why]
    assert cleaned == ["title", "injects[1].content"]


JUNK: list[Any] = [
    *(None, True, 0, -1, 1e9, 3.7, "", "all", "no", "1:30", "T+1:00", "a" * 300, "a\nb", "\u202ehidden\x07"),
    *("漢字", "{file: x}", "---", "${region}", "<b>x", [], {}, ["q"], {"id": "z"}, [[["deep"]]], {"a b.c": "d"}),
]


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value below."""
    if path:
        yield path
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from paths(inner, (*path, step))


@pytest.mark.parametrize("form", FORMS[:3])
def test_whatever_is_changed_in_a_source_it_is_imported_soundly_or_refused(tmp_path: Path, form: str) -> None:
    """Protects authors from tracebacks: values of other kinds, missing keys and doubled entries, as versions drift."""
    base = json.loads((FOREIGN / f"{form}.json").read_text(encoding="utf-8"))
    for seed in range(8):
        chance, data = random.Random(f"{form} {seed}"), copy.deepcopy(base)
        for _ in range(12):
            *way, last = chance.choice(list(paths(data)))
            here = data
            for step in way:
                here = here[step]
            if chance.random() < 0.7:
                here[last] = copy.deepcopy(chance.choice(JUNK))
            elif isinstance(here, list):
                here.append(copy.deepcopy(here[last]))
            else:
                del here[last]
        try:
            draft, _ = read_source(source_of(tmp_path, data), form)
        except UsageError as error:
            assert "\n" not in str(error)
            continue
        written = write(draft, "source.json", tmp_path / "out", "out", force=True)
        assert errors_in(written.problems) == []


# --- the other way ---


def test_what_is_exported_to_cexf_comes_back_as_it_was(tmp_path: Path) -> None:
    """Protects the way out: titles, senders, channels, times, texts and expected actions survive it and back."""
    scenario = load_scenario("first-light")

    data = to_cexf(scenario)
    draft, said = read_source(source_of(tmp_path, data))

    assert said == "MISP CEXF"
    names = [payload["name"] for payload in data["inject_payloads"]]
    back = dict(zip(names, draft.injects, strict=True))
    for inject in scenario.injects:
        found = back[inject.id]
        assert found.title == inject.title
        assert (found.sender, found.channel, found.expected) == (inject.sender, inject.channel, list(inject.expected))
        assert found.text.startswith(inject.text.strip()[:500])
        assert found.at == inject.at or inject.at is None
    assert any("teams" in line for line in left_behind(scenario))
    assert to_cexf(load_scenario("first-light")) == data


def test_export_names_the_losses_and_writes_nothing_over(tmp_path: Path) -> None:
    """Protects a file that is there, and whoever believes that all of a scenario went along."""
    words = ["export", "first-light", "--to", "cexf", "--out", str(tmp_path / "flow.json")]

    first, again = CliRunner().invoke(app, words), CliRunner().invoke(app, words)
    wrong = CliRunner().invoke(app, ["export", "first-light", "--to", "stix"])

    assert first.exit_code == 0 and "Not carried:" in first.output
    assert isinstance(again.exception, UsageError) and "--force" in str(again.exception)
    assert isinstance(wrong.exception, UsageError) and "cexf" in str(wrong.exception)


# --- the command ---


def test_the_command_prints_the_report_and_writes_nothing_over(tmp_path: Path) -> None:
    """Protects work done on an earlier import: it is written over only when told so."""
    words = ["import", str(FOREIGN / "iceberg.json"), "--out", str(tmp_path / "ferry"), "--name", "dark-ferry"]

    first = CliRunner().invoke(app, words)
    again = CliRunner().invoke(app, words)
    forced = CliRunner().invoke(app, [*words, "--force"])

    assert first.exit_code == 0
    assert "colour_scheme: seagreen" in first.output and "Passes check" in first.output
    assert load_scenario(str(tmp_path / "ferry")).id == "dark-ferry"
    assert isinstance(again.exception, UsageError) and "--force" in str(again.exception)
    assert forced.exit_code == 0


@pytest.mark.parametrize("wanted", FORMATS)
@pytest.mark.parametrize("name", ["iceberg.json", "cexf.json", "openaev.json", "inject"])
def test_a_source_is_not_read_as_what_it_is_not(name: str, wanted: str) -> None:
    """Protects from an empty scenario: another tool's file, forced through, is refused with what it seems to be."""
    if wanted == name.removesuffix(".json"):
        assert any(inject.text for inject in read_source(FOREIGN / name, wanted)[0].injects)
        return
    with pytest.raises(UsageError, match=r"leave --from out|name that"):
        read_source(FOREIGN / name, wanted)


def test_what_holds_no_text_of_an_inject_is_refused(tmp_path: Path) -> None:
    """Protects from an empty scenario where nothing says whose the file is: names alone are no injects."""
    data = {"injects": [{"inject_uuid": "a"}, {"inject_uuid": "b"}], "name": "Somebody's own"}
    for wanted in ("iceberg", "cexf"):
        with pytest.raises(UsageError, match="no inject in it"):
            read_source(source_of(tmp_path, data), wanted)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["missing.json"], "there is no such file"),
        ([str(FOREIGN)], "this is a folder"),
        ([str(FOREIGN / "iceberg.json"), "--from", "icberg"], "did you mean 'iceberg'"),
        ([str(FOREIGN / "iceberg.json"), "--from", "openaev-sheet"], "this is JSON and no spreadsheet; leave --from"),
        ([str(FOREIGN / "cexf.json"), "--from", "iceberg"], "seems to be of MISP CEXF, not IcebergTTX; leave --from"),
        ([str(FOREIGN / "iceberg.json"), "--from", "inject"], "is a folder with injects.yml"),
        ([str(FOREIGN / "iceberg.json"), "--name", "Dark Ferry"], "dark-ferry"),
    ],
)
def test_wrong_use_gets_one_line(words: list[str], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects whoever mistypes: what is wrong, and what to do."""
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(app, ["import", *words])

    assert isinstance(done.exception, UsageError) and why in str(done.exception)
    assert list(tmp_path.iterdir()) == []
