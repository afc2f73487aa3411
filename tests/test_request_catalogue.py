"""The kinds of request: nothing dangling, all that the articles ask for, and shown so that it can be read."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any, get_args

import pytest

from exercise.catalogue import load_catalogue, show
from exercise.catalogue.requests import RequestBook, load_requests, request_problems
from exercise.catalogue.show_requests import DETECTORS
from exercise.core import commitments as texts
from exercise.core.acts import ActKind
from exercise.core.requests.kinds import RequestDetector, RequestKind, Step, Tlp, missing_of
from exercise.errors import ScenarioError, UsageError

CHANNELS = (
    "contact-24-7 interpol europol regional-centre central-authority cert osce-contact osce-network "
    "un-directory foreign-ministry operator-hotline court parliament press private-line"
)

NOT_BY_REQUEST = {"in-o1", "in-o2", "un-f", "un-g", "un-k"}
"""Conduct seen in a turn that no request shows: what was agreed beforehand, and what a measure of one's own hits or
guards; a firm that is called may be no infrastructure at all."""


@pytest.fixture(name="book")
def _book() -> RequestBook:
    """Give the kinds as they ship."""
    return load_requests()


def changed(book: RequestBook, name: str, **fields: Any) -> RequestBook:
    """Make a book in which one kind differs."""
    return replace(book, kinds={**book.kinds, name: book.kinds[name].model_copy(update=fields)})


def test_nothing_dangles(book: RequestBook) -> None:
    """Protects every reference: clauses, channels, ids, acts and marks of all kinds hold."""
    assert request_problems(book, load_catalogue()) == []


def test_the_book_is_read_once_and_frozen(book: RequestBook) -> None:
    """Protects speed and what sessions share: one reading a process, and nobody can change it."""
    assert load_requests() is book
    with pytest.raises(TypeError):
        book.kinds["preservation"] = book.kinds["ping"]  # type: ignore[index]


def test_channels_are_those_the_scenarios_name(book: RequestBook) -> None:
    """Protects stable keys: directories of scenarios name channels by these ids, and all but one are standing."""
    assert " ".join(book.channels) == CHANNELS
    assert [name for name, channel in book.channels.items() if not channel.standing] == ["private-line"]
    assert all(0 <= channel.transit <= 30 * 60 for channel in book.channels.values())


def test_preservation_demands_the_six_elements_of_article_29(book: RequestBook) -> None:
    """Protects the clause that is checked most: six elements, sixty days, and no dual criminality among the grounds."""
    kind = book.kinds["preservation"]

    assert [e.id for e in kind.demanded] == ["authority", "offence", "data", "custodian", "necessity", "intent"]
    assert (kind.least_days, kind.volatile, kind.coercive) == (60, True, False)
    assert {ground.id for ground in kind.grounds} == {"political-offence", "essential-interests"}
    assert {ground.clause for ground in kind.grounds} == {"bc-29"}
    assert missing_of(kind.elements, {"authority": "Police of Averne", "offence": "Card fraud"}) == (
        *("data", "custodian", "necessity", "intent"),
    )


def test_orders_of_a_judge_ask_for_the_five_safeguards(book: RequestBook) -> None:
    """Protects rights: whoever asks for an order is led through all five points, by the names that acts know."""
    elements = [e.id for e in book.kinds["judicial-order"].demanded]

    assert elements == ["ground", "authority", "scope", "duration", "third-parties"]


def test_powers_over_persons_are_marked_for_the_check_before_them(book: RequestBook) -> None:
    """Protects safeguards against speed: each coercive kind is looked at for staying with what was specified."""
    coercive = {name for name, kind in book.kinds.items() if kind.coercive}

    assert coercive == {"real-time-traffic", "content-data", "stored-data", "abatement"}
    assert all("specified-only" in book.kinds[name].marks for name in coercive)
    assert all({"bc-15", "se-p2"} <= set(book.kinds[name].marks["check-first"]) for name in coercive - {"abatement"})


@pytest.mark.parametrize(
    ("name", "step", "act"),
    [
        ("scheme-warning", Step.SENT, ActKind.WARN),
        ("indicators", Step.SENT, ActKind.SHARE),
        ("network-message", Step.SENT, ActKind.CONTACT),
        ("consultation", Step.ACCEPTED, ActKind.CONSULT),
        ("consultation", Step.REFUSED, ActKind.REFUSE_CONTACT),
        ("preservation", Step.FULFILLED, ActKind.PRESERVE),
        ("help-wanted", Step.SENT, ActKind.SEEK_HELP),
        ("stored-data", Step.FULFILLED, ActKind.COERCE),
        ("judicial-order", Step.SENT, ActKind.SEEK_CHECK),
        ("parliament-informed", Step.SENT, ActKind.TELL_PARLIAMENT),
        ("public-statement", Step.SENT, ActKind.TELL_PUBLIC),
        ("user-advice", Step.SENT, ActKind.ADVISE_USERS),
        ("operator-information", Step.SENT, ActKind.INVOLVE_OPERATOR),
    ],
)
def test_steps_are_acts(book: RequestBook, name: str, step: Step, act: ActKind) -> None:
    """Protects occasions and conditions: what a team does by a request counts as what it would have chosen."""
    assert act in book.kinds[name].acts[step]


def test_a_ping_is_no_contact(book: RequestBook) -> None:
    """Protects from ticking boxes: testing a number says nothing to anyone, and counts as no act."""
    kind = book.kinds["ping"]

    assert kind.automatic
    assert not kind.acts
    assert not kind.elements


def test_every_commitment_seen_in_a_turn_has_a_kind(book: RequestBook) -> None:
    """Protects coverage: what requests can bring in is marked somewhere, and what they cannot is named here."""
    marked = {name for kind in book.kinds.values() for names in kind.marks.values() for name in names}
    turn = {c.id for c in load_catalogue().commitments.values() if c.test is texts.Testable.TURN}

    assert turn - marked == NOT_BY_REQUEST


def test_every_detector_is_used_and_told(book: RequestBook) -> None:
    """Protects the page and the rules: no detector without a kind, none without words for it."""
    used = {detector for kind in book.kinds.values() for detector in kind.marks}

    assert used == set(get_args(RequestDetector)) == set(DETECTORS)


def test_questions_are_questions_and_reasons_are_given(book: RequestBook) -> None:
    """Protects people who are no lawyers: each element asks something, says why, and no kind asks too much."""
    for kind in book.kinds.values():
        assert len(kind.elements) <= 8
        for element in kind.elements:
            assert "?" in element.ask, (kind.id, element.id)
            assert element.why.endswith("."), (kind.id, element.id)


def test_conditions_of_the_traffic_light_are_not_asked_twice(book: RequestBook) -> None:
    """Protects the form: colours are a field of every request, so that no element asks for one in words."""
    words = {word.value for word in Tlp} - {"clear"}
    asked = [e.ask.lower().split() for kind in book.kinds.values() for e in kind.elements]

    assert not [row for row in asked if words & set(row)]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"basis": ("bc-99",)}, "basis: no commitment 'bc-99'"),
        ({"channels": ("pigeon",)}, "no channel 'pigeon'"),
        ({"channels": ("private-line",)}, "did not stand before the crisis"),
        ({"channels": ("cert", "cert")}, "channel 'cert' stands twice"),
        ({"grounds": ()}, "knows no ground to refuse it"),
        ({"id": "bc-29"}, "bc-29: an entry of the catalogue has this id"),
        ({"coercive": True}, "is coercive, so that 'fulfilled' must coerce"),
        ({"acts": {Step.LAPSED: (ActKind.WARN,), Step.REFUSED: (ActKind.REFUSE,)}}, "'warn' is nothing that 'lapsed'"),
        ({"acts": {}}, "'refused' must be an act"),
        ({"marks": {"complete": ()}}, "'complete' names no commitment"),
        ({"marks": {"complete": ("se-p8",)}}, "'se-p8' is context"),
        ({"marks": {"complete": ("bc-29", "bc-29")}}, "'bc-29' stands twice"),
        ({"marks": {"check-first": ("bc-15",)}}, "the kind is not coercive"),
        ({"shape": "gives"}, "who is given something does nothing by 'fulfilled'"),
    ],
)
def test_problems_are_found(book: RequestBook, fields: dict[str, Any], problem: str) -> None:
    """Protects the check of references from passing because it sees nothing."""
    found = request_problems(changed(book, "preservation", **fields), load_catalogue())

    assert any(problem in line for line in found), found


def test_elements_and_grounds_have_ids_of_their_own(book: RequestBook) -> None:
    """Protects answers: two elements of one id would fill each other in."""
    kind = book.kinds["preservation"]
    doubled = changed(book, "preservation", elements=kind.elements[:1] * 2, grounds=kind.grounds[:1] * 2)

    found = request_problems(doubled, load_catalogue())

    assert "preservation: element 'authority' stands twice" in found
    assert "preservation: ground 'political-offence' stands twice" in found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kinds: [", "requests.yaml: while parsing"),
        ("kinds: [{id: x, name: X, about: A, use: U}]", "requests.yaml: x: channels: Field required"),
        ("kinds: {id: x}", "requests.yaml: x: name: Field required"),
        ("channels: [7]", "requests.yaml: ?"),
        (
            "channels: [{id: a, name: A, about: B}, {id: a, name: A, about: B}]",
            "requests.yaml: the id 'a' is used twice",
        ),
    ],
)
def test_broken_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str) -> None:
    """Protects whoever edits the data: file and entry are named in one line, without a traceback."""
    (tmp_path / "requests.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(resources, "files", lambda _name: tmp_path)

    with pytest.raises(ScenarioError) as caught:
        load_requests.__wrapped__()

    assert caught.value.problems[0].startswith(message)


def test_kinds_survive_json(book: RequestBook) -> None:
    """Protects logs, which carry the kinds they use: what is written is what is read again."""
    for kind in book.kinds.values():
        assert RequestKind.model_validate_json(kind.model_dump_json()) == kind


def test_pages_fit_eighty_columns(book: RequestBook) -> None:
    """Protects the layout at the smallest terminal: the list, and every kind in full."""
    pages = [show.run(kinds=True), *(show.run(name) for name in book.kinds)]

    assert [line for page in pages for line in page.splitlines() if len(line) > show.WIDTH] == []


def test_one_kind_tells_what_it_demands_and_why() -> None:
    """Protects the person who fills it in: question, reason, ways, grounds and marks are on one page."""
    page = show.run(" Preservation ")

    for part in (
        "Who asks",
        "Which authority of yours",
        "Why: Article 29, paragraph 2",
        "contact-24-7",
        "political one",
    ):
        assert part in page
    assert "60 days at least" in page
    assert "kept long enough: bc-29" in page
    assert "may be left out" in show.run("spontaneous-information")


def test_kinds_are_listed_as_text_and_data(book: RequestBook) -> None:
    """Protects looking kinds up: all of them, or those with a word in them, also for programs."""
    assert f"{len(book.kinds)} kinds" in show.run(kinds=True)
    assert [row["id"] for row in json.loads(show.run(kinds=True, json=True))] == list(book.kinds)
    assert "flaw-report" in show.run(kinds=True, text="vendor")
    assert show.run(kinds=True, text="zeppelin") == show.NOTHING
    assert json.loads(show.run("ping", json=True))["type"] == "request-kind"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"entry_id": "preservaton"}, "did you mean 'preservation'"),
        ({"entry_id": "preservation", "kinds": True}, "not both"),
        ({"kinds": True, "force": "treaty"}, "by --text alone"),
    ],
)
def test_wrong_use_gives_one_line(asked: dict[str, Any], message: str) -> None:
    """Protects whoever mistypes: one line that says what is nearest or what to leave out."""
    with pytest.raises(UsageError, match=message):
        show.run(**asked)
