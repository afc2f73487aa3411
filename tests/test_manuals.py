"""Manuals, briefs, handbook and evaluation guides: what each holds, what none of the players' may, and their forms."""

from __future__ import annotations

import io
import os
import re
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from given import scenario
from hostile_report import Page
from typer.testing import CliRunner

from exercise.authoring.languages import reading
from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.scenario import Scenario
from exercise.errors import UsageError
from exercise.hub.handouts import cards
from exercise.report.blocks import Document
from exercise.report.layout import laid_out
from exercise.report.manuals import KINDS, Manual, manuals
from exercise.report.manuals_common import BANNER
from exercise.report.writing import FORMS, files

NASTY = (
    '<script>alert(1)</script></style>#read("/etc/passwd") {{ 7 * 7 }} \\" --> | x | $y$ `z` " @ref'
    "<img src=x onerror=a()>[a](javascript:a())![b](http://b.example/p)"
)
"""No longer than a title may be; the longest of the rest take its beginning."""

STRUCTURE = (
    "id",
    "commitments",
    "threats",
    "timely",
    "repairs",
    "date",
    "unit",
    "value",
    "licence",
    "kind",
    "detector",
)
PUBLIC = re.compile(
    r"(title|summary|briefing|language|teams/\d+/(name|short|about)|teams/\d+/roles/\d+/name|actors/\d+/(name|about)"
    r"|objectives/\d+/title|teams/\d+/directory/\d+/(name|channel|address|hours|updated|party|level)"
    r"|translations/.*)"
)
"""What everybody may read before STARTEX."""
LATER = re.compile(r"(moves/.*|hot_wash/.*)")
"""What everybody reads, but not before its time."""
OWN = re.compile(r"teams/(\d+)/(brief|roles/\d+/brief)")
"""What one team is told."""
DEFAULTS = {"Exercise control", "What came of it", "It cannot be done yet."}
"""Words that no author wrote; nobody sees them where nothing is said."""


def _written(value: Any, write: Callable[[str, str], str], path: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _written(inner, write, f"{path}/{name}" if path else name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_written(inner, write, f"{path}/{place}") for place, inner in enumerate(value)]
    return write(path, value) if isinstance(value, str) else value


def rewritten(write: Callable[[str, str], str]) -> Scenario:
    """First Light with other words wherever people read words; what its parts know each other by stays."""
    played = load_scenario("first-light").model_dump(mode="json", by_alias=True)

    def words(path: str, text: str) -> str:
        # Prose has a blank in it; ids, times and addresses have none.
        key = path.split("/")[-1]
        ours = path.startswith(("request_kinds", "request_channels"))
        return text if ours or " " not in text or text in DEFAULTS or key in STRUCTURE else write(path, text)

    return Scenario.model_validate(_written(played, words))


@cache
def aviary() -> tuple[Scenario, dict[str, str]]:
    """First Light with a bird of its own in every text that not everybody may read at once, and where each sits."""
    birds: dict[str, str] = {}

    def put(path: str, text: str) -> str:
        if PUBLIC.fullmatch(path):
            return text
        birds[path] = f"kanari{len(birds):04}vogel"
        return birds[path]

    return rewritten(put), birds


@cache
def birdcage() -> dict[str, Manual]:
    """All documents of the aviary, by name."""
    played, _ = aviary()
    return {one.name: one for kind in KINDS for one in manuals(played, load_reference(), kind)}


def heard(text: str) -> set[str]:
    """The birds in a text; a line end may have come between."""
    return set(re.findall(r"kanari\d{4}vogel", "".join(text.split())))


def words_of(document: Document, form: str, folder: Path) -> str:
    """All that a form holds, as text."""
    found = []
    for name, content in files(document, form, "it").items():  # type: ignore[arg-type]
        if form == "docx":
            packed = zipfile.ZipFile(io.BytesIO(content))
            found += [packed.read(part).decode("utf-8", "replace") for part in packed.namelist()]
        elif form == "pdf":
            (folder / name).write_bytes(content)
            done = subprocess.run(["pdftotext", "-enc", "UTF-8", folder / name, "-"], capture_output=True, check=True)
            found.append(done.stdout.decode())
        else:
            found.append(content.decode())
    return "\n".join(found)


HAS_PDFTOTEXT = shutil.which("pdftotext") is not None


@pytest.mark.parametrize("form", FORMS)
def test_players_documents_hold_nothing_of_controls(form: str, tmp_path: Path) -> None:
    """Protects the story before it is played: no later message, fact, mark or note reaches a player in any form."""
    if form == "pdf" and not HAS_PDFTOTEXT:
        pytest.skip("no pdftotext; on Debian or Ubuntu: apt install poppler-utils")
    played, birds = aviary()
    later = {bird for path, bird in birds.items() if LATER.fullmatch(path)}
    own: dict[str, set[str]] = {}
    for path, bird in birds.items():
        if found := OWN.fullmatch(path):
            sort = "brief" if found[2] == "brief" else "roles"
            own.setdefault(f"{sort}-{played.teams[int(found[1])].id}", set()).add(bird)

    heard_in = {
        name: heard(words_of(one.document, form, tmp_path))
        for name, one in birdcage().items()
        if name.startswith(("sitman", "move-sheets", "brief-", "roles-"))
    }

    assert len(birds) > 400 and len(heard_in) == 6
    assert heard_in["sitman"] == set()
    assert heard_in["move-sheets"] == later
    for name in ("brief-dunmere", "brief-elvast", "roles-dunmere", "roles-elvast"):
        assert heard_in[name] == own[name], name


def test_the_handbook_holds_whatever_control_needs() -> None:
    """Protects the paper exercise: every note, fact, condition, consequence and answer of a desk stands in it."""
    _, birds = aviary()
    told = heard(str(laid_out(birdcage()["handbook"].document)))

    assert {path for path, bird in birds.items() if bird not in told and not OWN.fullmatch(path)} == set()


def test_a_guide_is_for_one_table_and_its_texts() -> None:
    """Protects evaluators and teams: a guide has the team's own tasks, clauses and decisions, and nobody else's."""
    played, birds = aviary()
    titles = {bird: path for path, bird in birds.items() if re.fullmatch(r"decisions/\d+/title", path)}
    for team in played.teams:
        guide = str(laid_out(birdcage()[f"eeg-{team.id}"].document))
        mine = {bird for bird, path in titles.items() if played.decisions[int(path.split("/")[1])].team == team.id}
        assert heard(guide) & titles.keys() == mine
        standings = load_reference().standings(team.profile, played.date.date())
        for id in played.objectives[0].commitments:
            assert (f"'{id} " in guide) is (standings[id] in ("applies", "observed")), id
        assert "☐ P" in guide and "Rated by" in guide


def test_hostile_words_stay_words_in_every_form(tmp_path: Path) -> None:
    """Protects whoever opens a document: nothing in a scenario becomes an element, a link or a command."""
    short = {"from": 120, "hours": 80, "updated": 40}
    nasty = rewritten(lambda path, text: NASTY[: short.get(path.split("/")[-1], 200)])
    plain = {name: {tag for tag, _ in _page(one).tags} for name, one in birdcage().items()}

    for kind in KINDS:
        for one in manuals(nasty, load_reference(), kind):
            page = _page(one)
            assert {tag for tag, _ in page.tags} <= plain[one.name] | {"ul", "li", "h5"}, one.name
            assert not {"src", "onerror", "onload"} & {name for _, names in page.tags for name in names}
            assert all(link.startswith("#") for link in page.all("href"))
            assert "<script>alert(1)</script></style>" in " ".join(page.words), one.name
    for kind, form in (("handbook", "docx"), ("briefs", "pdf")):
        assert files(manuals(nasty, load_reference(), kind)[0].document, form, "it")  # type: ignore[arg-type]


def _page(one: Manual) -> Page:
    return Page(files(one.document, "html", "it")["it.html"].decode())


@pytest.mark.skipif(not HAS_PDFTOTEXT, reason="no pdftotext; on Debian or Ubuntu: apt install poppler-utils")
@pytest.mark.parametrize("name", ["sitman", "brief-dunmere", "handbook"])
def test_every_page_says_that_it_is_an_exercise(name: str, tmp_path: Path) -> None:
    """Protects the world outside the room: a page that lies on a desk tomorrow is not taken for something real."""
    document = birdcage()[name].document
    pages = words_of(document, "pdf", tmp_path).split("\f")[:-1]
    assert len(pages) > 1 and all(BANNER in " ".join(page.split()) for page in pages)

    docx = zipfile.ZipFile(io.BytesIO(files(document, "docx", "it")["it.docx"]))
    heads = [docx.read(part).decode() for part in docx.namelist() if re.match(r"word/header\d+\.xml", part)]
    assert heads and all(BANNER in head for head in heads)
    html = files(document, "html", "it")["it.html"].decode()
    assert html.count(f'<p class="banner">{BANNER}</p>') == 2 and "@top-center" in html
    markdown = files(document, "md", "it")["it.md"].decode()
    assert markdown.startswith(f"**{BANNER}**") and markdown.rstrip().endswith(f"**{BANNER}**")


def test_a_letterhead_keeps_its_own_and_gets_the_banner(tmp_path: Path) -> None:
    """Protects a ministry's own paper: its head stays, and the banner stands above it on the first page too."""
    import docx

    own = docx.Document()
    own.sections[0].different_first_page_header_footer = True
    own.sections[0].first_page_header.paragraphs[0].text = "Ministry of Somewhere"
    own.sections[0].header.paragraphs[0].text = "Somewhere"
    own.save(str(tmp_path / "report.docx"))

    made = files(birdcage()["sitman"].document, "docx", "it", tmp_path)["it.docx"]

    section = docx.Document(io.BytesIO(made)).sections[0]
    assert [each.text for each in section.first_page_header.paragraphs] == [BANNER, "Ministry of Somewhere"]
    assert [each.text for each in section.header.paragraphs] == [BANNER, "Somewhere"]


def test_a_language_that_the_scenario_does_not_have_is_told(tmp_path: Path) -> None:
    """Protects whoever prints on the eve: papers that stay in the scenario's own language are no surprise."""
    from exercise.cli.commands import app

    words = ["print", "cold-line", "--what", "injects", "--out", str(tmp_path)]
    told = CliRunner().invoke(app, [*words, "--language", "lv"])
    assert "cold-line: no texts in lv; they stay in en." in told.stderr
    assert "no texts" not in CliRunner().invoke(app, words).stderr


def test_a_team_gets_its_papers_in_its_language() -> None:
    """Protects a table that reads another language: its brief is in it, and the manual for all is there in each."""
    played = reading(load_scenario("first-light"), ("elvast=lv",))
    papers = {
        one.name: one.document for kind in ("sitman", "briefs") for one in manuals(played, load_reference(), kind)
    }

    assert {"sitman-en", "sitman-lv", "move-sheets-lv"} <= papers.keys()
    assert papers["brief-dunmere"].title == "Republic of Dunmere" and papers["brief-dunmere"].language == "en-GB"
    assert papers["brief-elvast"].title != "Republic of Elvast" and papers["brief-elvast"].language == "lv"


def _around(document: Document) -> set[str]:
    """The document's own words: headings, columns, labels, and what stands on every page."""
    laid = laid_out(document)
    found = {laid["banner"], laid["statement"], laid["subtitle"], laid["running"], *laid["labels"].values()}
    found |= {line["label"] for line in laid["meta"]}
    for block in laid["blocks"]:
        if block["kind"] == "heading":
            found.add(block["text"])
        elif block["kind"] == "table":
            found |= {block["caption"], *(column["text"] for column in block["columns"])}
        elif block["kind"] == "facts":
            found |= {row["label"] for row in block["rows"]}
    return found - {""}


def test_papers_in_another_language_are_in_it_throughout() -> None:
    """Protects a table that reads Latvian: headings, rules, dates and the banner are in it, not the texts alone."""
    scenario, reference = load_scenario("first-light"), load_reference()
    latvian = reading(scenario, ("lv",))
    names = {actor.name for actor in scenario.actors} | {"STARTEX, ENDEX", "T+1:30", "TLP"}
    names |= {text.short for text in reference.instruments.values()}
    for kind in KINDS:
        for english, other in zip(manuals(scenario, reference, kind), manuals(latvian, reference, kind), strict=True):
            assert _around(english.document) & _around(other.document) <= names, other.name

    sitman = str(laid_out(manuals(latvian, reference, "sitman")[0].document))
    assert "2025. gada 6. marts" in sitman and "MĀCĪBAS – MĀCĪBAS" in sitman
    handbook = str(laid_out(manuals(latvian, reference, "handbook")[0].document))
    assert "Incidenti, kas sākas ar lietotājiem" in handbook and "Incidents that begin with users" not in handbook
    dealt = cards(latvian).html
    assert '<html lang="lv">' in dealt and not re.search(r"cut here|Enclosed|<dt>(To|From|By)|Answered", dealt)


def test_little_is_needed() -> None:
    """Protects an author's first evening: without objectives, actors, facts and questions there are manuals too."""
    bare = scenario().model_copy(update={"facts": (), "decisions": (), "evidence": (), "indicators": ()})
    for kind in KINDS:
        for one in manuals(bare, load_reference(), kind, "letter"):
            assert all(files(one.document, form, "it") for form in ("html", "md"))


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions in another way")
def test_files_are_their_owners_alone(tmp_path: Path) -> None:
    """Protects codes and notes on a shared machine, also where an older, looser file stood."""
    (tmp_path / "handbook.html").write_text("old")
    (tmp_path / "handbook.html").chmod(0o666)

    printed("--what", "handbook", "--form", "html", "--form", "md", "--out", str(tmp_path), "--force")

    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {
        "handbook.html": 0o600,
        "handbook.md": 0o600,
    }
    assert "old" not in (tmp_path / "handbook.html").read_text(encoding="utf-8")[:10]


def printed(*arguments: str) -> Any:
    """What `exercise print first-light` came to."""
    from exercise.cli.commands import app

    return CliRunner().invoke(app, ["print", "first-light", *arguments])


def test_the_command_writes_and_says_whom_each_is_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the facilitator's evening before: one command, a line for each file; codes only once there are any."""
    monkeypatch.setenv("EXERCISE_DATA_DIR", str(tmp_path / "data"))
    done = printed("--out", str(tmp_path / "out"))

    assert done.exit_code == 0 and "handbook.html: for the facilitator and controllers only" in done.output
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {
        *("inject-cards.html", "sitman.html", "brief-elvast.html", "roles-elvast.html", "eeg-dunmere.html")
    }
    assert not (tmp_path / "out" / "ticket-sheet.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--what", "tickets"), "exercise host first-light"),
        (("--what", "tickts"), "did you mean 'tickets'?"),
        (("--what", "eeg", "--form", "odt"), "There is no form 'odt'"),
        (("--what", "eeg", "--paper", "a3"), "There is no paper 'a3'"),
        (("--what", "eeg", "--templates", "nowhere"), "no such folder of templates"),
    ],
)
def test_what_cannot_be_printed_is_one_line(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects who mistypes: each refusal is a line that says what there is, and nothing is written."""
    monkeypatch.setenv("EXERCISE_DATA_DIR", str(tmp_path / "data"))
    refused = printed(*arguments, "--out", str(tmp_path / "out"))

    assert isinstance(refused.exception, UsageError) and said in str(refused.exception)
    assert "\n" not in str(refused.exception) and not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    """Protects who names a file where a folder is meant."""
    (tmp_path / "file").write_text("x")
    refused = printed("--what", "sitman", "--out", str(tmp_path / "file"))
    assert isinstance(refused.exception, UsageError) and "cannot be written" in str(refused.exception)
