"""Who reads what: in each edition and each form, what must not be there is not, and what must be is."""

from __future__ import annotations

import html
import io
import re
import zipfile
from functools import cache

import pytest
from reported import PLACE, bird, interrupted, reported

from exercise.errors import UsageError
from exercise.report.anonymous import common_words, proper_names
from exercise.report.compose import compose
from exercise.report.editions import EDITIONS, report_of
from exercise.report.model import AfterAction, Edition
from exercise.report.tables import csv_files
from exercise.report.writing import files

FORMS = ("html", "md", "docx", "json", "csv")
PRIVATE = ("seat", "kontrol", "person", "never")
OPEN = ("reason", "dissent", "strong", "weak", "answer", "free", "area")
"""Words that everybody who took part may read in a report."""
CONTROL = (
    "guidance",
    "flag",
    "notes",
    "expected",
    "never",
    "role",
    "author",
    "observation",
    "observer",
    "why",
    "slip",
    "teamsurvey",
    "contact",
)
"""Words for exercise control alone."""
SEATS = ("journal", "talk", "message", "draft")
NAMES = ("averne", "belmark", "avernese", PLACE.split()[1].lower())


@cache
def data_of(edition: Edition) -> AfterAction:
    """The report as data."""
    return report_of(reported(), edition)


@cache
def text_of(edition: Edition, form: str) -> str:
    """All words of one form of one edition, in small letters, with nothing of markup between them."""
    data = data_of(edition)
    if form == "json":
        return data.model_dump_json().lower()
    if form == "csv":
        return "\n".join(content.decode("utf-8-sig") for content in csv_files(data).values()).lower()
    made = files(compose(data), form, "report")  # type: ignore[arg-type]
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(made["report.docx"])) as parts:
            inside = [parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))]
        return html.unescape(re.sub(r"<[^>]+>", "", "\n".join(inside))).lower()
    text = "\n".join(content.decode() for content in made.values()).lower()
    return html.unescape(re.sub(r"\\(.)", r"\1", text))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("edition", ["participants", "anonymous"])
def test_no_private_word_reaches_participants(edition: Edition, form: str) -> None:
    """Notes, journals, talk, drafts, names and what never came stay with exercise control, whatever the form."""
    # Where somebody wrote a neighbour's name into a reason that all may read, participants read it as it was written.
    text = text_of(edition, form).replace(
        "says kanaripersonleadvogel", "" if edition == "participants" else "kanariperson"
    )
    found = {word for word in re.findall(r"kanari[a-z]+", text) if word.removeprefix("kanari").startswith(PRIVATE)}
    assert not found


@pytest.mark.parametrize("form", FORMS)
def test_anonymous_edition_names_nobody(form: str) -> None:
    """No delegation, place, person or session can be read out of any form, also where people wrote the name."""
    text = text_of("anonymous", form)
    assert [name for name in (*NAMES, "reported-1", "secretariat") if name in text] == []
    assert "delegation a" in text and "delegation b" in text


@pytest.mark.parametrize(
    ("edition", "form"),
    [("facilitator", "html"), *((edition, form) for edition in EDITIONS[1:] for form in FORMS)],
)
def test_what_all_may_read_is_there(edition: Edition, form: str) -> None:
    """Leaving words out is no way to keep a secret: what is open stands in every edition and form that has its page."""
    text = text_of(edition, form)
    assert [word for word in OPEN if bird("open", word) not in text] == []


def test_facilitators_edition_has_everything() -> None:
    """Exercise control gets its notes, everybody's words and all names, on the page and as data."""
    wanted = [bird("kontrol", word) for word in CONTROL] + [bird("seat", word) for word in SEATS]
    wanted += ["kanaripersonleadvogel", "kanaripersononevogel", "kanaripersontwovogel"]
    for form in ("html", "json"):
        text = text_of("facilitator", form)
        assert [word for word in wanted if word not in text] == [], form


def test_briefs_stand_in_no_report() -> None:
    """A team's brief is read by its own seats before play; no edition prints it for others."""
    assert [form for form in FORMS if bird("never", "")[:-5] in text_of("facilitator", form)] == []


def test_delegations_are_in_no_known_order() -> None:
    """Letters do not follow the order of the scenario, which anybody may read."""
    made = data_of("anonymous")
    log = reported()
    scenario = [team.id for team in log.scenario.teams]
    counts = {team.id: data.counts for team, data in zip(log.scenario.teams, data_of("facilitator").teams, strict=True)}
    assert [team.short for team in made.teams] == ["Delegation A", "Delegation B"]
    assert [team.counts for team in made.teams] != [counts[id] for id in scenario]


def test_ids_of_the_anonymous_edition_say_nothing() -> None:
    """An author's ids hold initials of teams, so they are numbered anew and still hold together."""
    made = data_of("anonymous")
    decisions = {row.id for row in made.decisions}
    assert {row.decision for row in made.marks if row.decision} <= decisions
    assert {row.decision for row in made.timeline if row.decision} <= decisions
    assert {mark.team for mark in made.marks} <= {team.id for team in made.teams}
    assert all(re.fullmatch(r"decision-\d+", id) for id in decisions)


def test_names_are_told_from_words() -> None:
    """A name is never written small and stands with a capital inside a sentence; a plain word is left alone."""
    scenario = reported().scenario
    names = proper_names(scenario, common_words(scenario))
    assert {"Averne", "Belmark", "Port", "Ysel"} <= names
    assert not {"The", "You", "State", "Records", "Police"} & names


def test_no_edition_for_participants_before_endex() -> None:
    """Until the hot wash a team's decisions are its own: one line says so, and nothing is written."""
    for edition in ("participants", "anonymous"):
        with pytest.raises(UsageError, match="has not come to ENDEX"):
            report_of(interrupted(), edition)
    assert report_of(interrupted()).control is not None
