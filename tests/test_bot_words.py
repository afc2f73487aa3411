"""What bots write and to whom: sentences of substance, to whoever a matter concerns, read in any language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from exercise.authoring.library import load_scenario
from exercise.authoring.translations import catalogue_texts, catalogue_words
from exercise.catalogue import load_reference
from exercise.catalogue.requests import load_requests
from exercise.core.detectors import ENOUGH_FOR_REASON
from exercise.core.requests import phrases
from exercise.core.requests.commands import SendRequest
from exercise.core.requests.kinds import ContentElement, Handling, RequestKind, Tlp, missing_of
from exercise.core.requests.observe import kind_view, requests_of
from exercise.core.requests.phrases import Said, filled
from exercise.core.requests.views import LetterView, MatterView, RequestView
from exercise.core.scenario import Scenario
from exercise.core.views import ClockView, ContactView, CorrespondenceView, EvidenceView
from exercise.session.autoplay import Rehearsal, run
from exercise.session.bots import Policy, make_bot
from exercise.session.correspondence import cooperative
from exercise.session.facts import draw_facts
from exercise.session.letter_words import LONGEST_RETOLD, Holders, Words

KINDS = load_requests().kinds
LONGEST = 700
"""Characters of one element that a person still reads at a table, with a matter of the library's longest text in it."""


@pytest.fixture(scope="module")
def storm() -> Scenario:
    """Card Storm, which has firms, judges, partners and papers held under conditions."""
    return load_scenario("card-storm")


def played(scenario: Scenario, policy: Policy) -> Rehearsal:
    """A whole run by bots of one policy."""
    reference = load_reference()
    bots = {team.id: make_bot(policy, scenario, reference, team.id, 1) for team in scenario.teams}
    return run(scenario, draw_facts(scenario, 1), bots)


def sent(scenario: Scenario, rehearsal: Rehearsal) -> Iterator[RequestView]:
    """All that the teams sent, as they read it."""
    for team in scenario.teams_by_id:
        yield from (row for row in requests_of(scenario, rehearsal.state, team) if not row.incoming)


@pytest.fixture(scope="module")
def helpful(storm: Scenario) -> list[RequestView]:
    """What cooperative teams sent in Card Storm."""
    return list(sent(storm, played(storm, Policy.COOPERATIVE)))


# --- a desk made by hand ---


def clock() -> ClockView:
    """A moment in a move."""
    values = {"phase": "move", "exercise": 0, "play": 0}
    return ClockView(**{name: values.get(name, 0) for name in ClockView.__dataclass_fields__})  # type: ignore[arg-type]


def line(number: int, party: str, via: str) -> ContactView:
    """An entry of a directory."""
    return ContactView(f"{party} desk", party, "", "", "", "", "", number=number, via=via, party_id=party.lower())


def desk(*contacts: ContactView, kinds: tuple[str, ...], title: str = "The outage", text: str = "", **more: Any) -> Any:
    """What Averne sees: one matter with these kinds, and these entries."""
    data: dict[str, Any] = {
        "team": "averne",
        "clock": clock(),
        "requests": (),
        "matters": (MatterView("outage", title, text, kinds),),
        "kinds": {name: kind_view(SCENARIO, KINDS[name]) for name in kinds},
        "contacts": contacts,
        "evidence": (),
    }
    return CorrespondenceView(**(data | more))


SCENARIO = load_scenario("first-light")
TABLE = Holders(
    teams=frozenset({"averne", "belcora", "sanda"}),
    titles={"outage": "The outage"},
    subject={"outage": "outage"},
    names={"averne": "Averne", "belcora": "Belcora"},
    roles={"averne": (("home-affairs", "Home affairs"), ("prosecutor", "Prosecutor"))},
    kinds=KINDS,
)


def asked(view: CorrespondenceView, table: Holders = TABLE) -> list[tuple[str, str]]:
    """What a helpful team sends now: kind and party."""
    parties = {contact.number: contact.party_id for contact in view.contacts}
    commands = [command for command in cooperative(view, table) if isinstance(command, SendRequest)]
    return [(command.kind, parties[command.contact]) for command in commands]


def letter(kind: str, **more: Any) -> LetterView:
    """A request of Belcora to Averne that waits for an answer."""
    data: dict[str, Any] = {
        "number": 1,
        "incoming": True,
        "kind": kind,
        "matter_id": "outage",
        "other_id": "belcora",
        "status": "delivered",
        "revision": 1,
        "play": 0,
        "missing": (),
        "may": ("answer",),
        "over": False,
    }
    return LetterView(**(data | more))


# --- what is written ---


@pytest.mark.parametrize("text", ["", "Two pumps stand still in Marn.", "You have been asked to stay silent."])
def test_every_element_of_every_kind_has_words_of_its_own(text: str) -> None:
    """Protects a room that plays with bots: no element is empty, says the same as another, or runs on."""
    for kind in KINDS.values():
        view = desk(kinds=(kind.id,), text=text)
        content = Words(view, TABLE).content(kind_view(SCENARIO, kind), "outage", "belcora")
        assert missing_of(kind.elements, content) == ()
        assert len({*content.values()}) == len(kind.elements)
        assert all(
            len(said) <= LONGEST and "{" not in said and "You have been" not in said for said in content.values()
        )


def test_every_element_and_every_answer_of_the_catalogue_has_sentences() -> None:
    """Protects the same at its source: a kind that somebody adds gets what is written in it, and Latvian for it."""
    bare = [f"{kind.id}.{element.id}" for kind in KINDS.values() for element in kind.elements if not element.says]
    assert bare == []
    answered = {kind.id for kind in KINDS.values() if kind.shape == "asks"} - {"judicial-order"}
    assert [name for name in sorted(answered) if not (KINDS[name].accepts and KINDS[name].fulfils)] == []
    latvian = catalogue_texts("lv")
    assert [words.id for words in catalogue_words() if words.id not in latvian] == []


def test_a_kind_of_a_scenarios_own_falls_back_to_a_sensible_phrase() -> None:
    """Protects authors who add a kind and write no sentences for bots: each element is still its own."""
    elements = tuple(
        ContentElement(id=name.lower(), name=name, ask="Which?", why="It is needed.") for name in ("Dose", "Stock")
    )
    own = RequestKind(id="vaccine", name="Vaccine", about="Asks.", use="Early.", channels=("cert",), elements=elements)
    content = Words(desk(kinds=()), Holders(names={"averne": "Averne"}, kinds={"vaccine": own})).content(
        kind_view(SCENARIO, own), "outage", "belcora"
    )
    assert missing_of(elements, content) == () and "Dose" in content["dose"]


def test_what_was_told_to_us_alone_or_at_length_is_not_passed_on() -> None:
    """Protects sense and space: a letter neither says 'you' to the wrong people nor carries a whole briefing."""
    kind = kind_view(SCENARIO, KINDS["indicators"])
    for text in ("Nobody at your table knows.", "Long. " * LONGEST_RETOLD):
        said = Words(desk(kinds=("indicators",), text=text), TABLE).content(kind, "outage", "belcora")
        assert said["signs"] == "The outage."
    said = Words(desk(kinds=("indicators",), text="Two pumps."), TABLE).content(kind, "outage", "belcora")
    assert said["signs"] == "The outage. Two pumps."


def test_whoever_writes_names_the_role_that_sees_to_it() -> None:
    """Protects who asks: an investigation is the prosecutor's, and what no role is made for is the first role's."""
    words = Words(desk(kinds=()), TABLE)
    said = words.content(kind_view(SCENARIO, KINDS["preservation"]), "outage", "belcora")
    assert said["authority"].startswith("Averne, Prosecutor.")
    said = words.content(kind_view(SCENARIO, KINDS["indicators-wanted"]), "outage", "belcora")
    assert "Averne, Home affairs" in said["safe"]


def test_answers_say_what_is_done_with_what_was_asked() -> None:
    """Protects consultations and preservation: days are named, and a team tells how it reads what it knows of."""
    words = Words(desk(kinds=(), text="Two pumps stand still."), TABLE)
    assert "90 days" in words.accepts(letter("preservation"), 90)
    assert words.fulfils(letter("consultation")).endswith("Two pumps stand still.")
    assert words.fulfils(letter("consultation", matter_id="other")) == "Held as agreed; for us spoke: Home affairs."
    gives = Holders(holder={"outage": "averne"}, gives={"outage": ("Pump log",)}, kinds=KINDS)
    assert words.fulfils(letter("operator-request")) == "We have looked into it on our side."
    assert Words(desk(kinds=()), gives).fulfils(letter("operator-request")).endswith("Enclosed: Pump log.")
    assert "Pump log" not in Words(desk(kinds=()), gives).fulfils(letter("preservation"))


def test_a_curt_no_names_its_ground_and_is_still_no_reason() -> None:
    """Protects marks: who turns others down in few words gives a ground, as before, and no reasons."""
    words = Words(desk(kinds=()), TABLE)
    for kind in KINDS.values():
        if kind.grounds:
            said = words.refuses(letter(kind.id), kind.grounds[-1].id)
            assert said != phrases.NOT_NOW[0] and len(said.split()) < ENOUGH_FOR_REASON


def test_a_run_reads_like_letters(helpful: list[RequestView]) -> None:
    """Protects the whole: nothing is left open or empty in what a run of bots wrote, and all of it is complete."""
    assert len(helpful) > 40
    for request in helpful:
        assert not request.missing
        written = [said for _, _, said, _ in request.content] + [step.text for step in request.steps]
        assert not [said for said in written if "{" in said or "our file" in said]
    taken = {step.text for request in helpful for step in request.steps if step.step == "accepted"}
    assert len(taken) > 8


# --- to whom ---


def test_talks_between_states_are_not_put_to_a_firm() -> None:
    """Protects sense: how grave it is for both States is asked of one, though a firm's line is fit for it as well."""
    firm, state = line(1, "Sanda", "cert"), line(2, "Belcora", "osce-contact")
    assert asked(desk(firm, state, kinds=("severity-view",))) == [("severity-view", "belcora")]
    assert asked(desk(firm, kinds=("severity-view",))) == [("severity-view", "sanda")]


def test_talks_and_calls_go_to_whom_the_matter_names() -> None:
    """Protects sense: what Kestrand knows is asked of Kestrand."""
    lines = line(1, "Belcora", "osce-contact"), line(2, "Kestrand", "osce-contact")
    view = desk(*lines, kinds=("consultation",), title="What Kestrand knows")
    assert asked(view) == [("consultation", "kestrand")]
    assert asked(desk(*lines, kinds=("contact-call",), title="What Kestrand knows")) == [("contact-call", "kestrand")]
    assert asked(desk(*lines, kinds=("contact-call",))) == [("contact-call", "belcora")]


def test_a_call_about_a_matter_goes_to_its_holder() -> None:
    """Protects sense: whoever holds a matter had been the one who was never called about it."""
    lines = line(1, "Belcora", "osce-contact"), line(2, "Norvane", "osce-contact")
    table = Holders(holder={"outage": "norvane"}, teams=TABLE.teams, kinds=KINDS)
    assert asked(desk(*lines, kinds=("contact-call",)), table) == [("contact-call", "norvane")]
    assert asked(desk(lines[0], kinds=("contact-call",)), table) == [("contact-call", "belcora")]


def test_what_a_firm_needs_is_told_to_the_firm_that_holds_the_matter() -> None:
    """Protects sense: it had gone to the first firm of the directory, and never to the one it is about."""
    lines = line(1, "Gannet", "operator-hotline"), line(2, "Brightwater", "operator-hotline")
    table = Holders(holder={"outage": "brightwater"}, kinds=KINDS)
    view = desk(*lines, kinds=("operator-information",))
    assert asked(view, table) == [("operator-information", "brightwater")]


def test_advice_to_people_goes_where_people_read(helpful: list[RequestView]) -> None:
    """Protects sense: advice to those affected had gone to another team's desk where one had a fit line."""
    advice = [request for request in helpful if request.kind in ("user-advice", "public-statement")]
    assert advice and {request.channel_id for request in advice} == {"press"}


def test_consent_is_asked_of_who_set_the_terms_and_names_the_papers(helpful: list[RequestView]) -> None:
    """Protects conditions: only the giver can lift them, and only of what the request encloses."""
    asked_for = [request for request in helpful if request.kind == "consent"]
    assert asked_for and all(request.encloses for request in asked_for)
    assert any(request.other_id == "veyra" and "filter" in request.content[0][2] for request in asked_for)
    assert asked(desk(line(1, "Belcora", "cert"), kinds=("consent",))) == []
    paper = EvidenceView("Log", "…", "", "", id="log", giver="Belcora", handling=Handling(tlp=Tlp.RED))
    lines = line(1, "Norvane", "cert"), line(2, "Belcora", "cert")
    assert asked(desk(*lines, kinds=("consent",), evidence=(paper,))) == [("consent", "belcora")]


def test_a_judge_is_asked_about_the_matter_that_the_request_is_about() -> None:
    """Protects the check before a power is used: the first order at hand may be about something else."""
    contact = line(1, "Judge", "court")
    matters = tuple(MatterView(id, id, "", ("judicial-order",)) for id in ("lines-order", "outage-order"))
    subject = {"outage": "outage", "outage-order": "outage", "lines-order": "lines"}
    table = Holders(subject=subject, holder={"outage-order": "judge", "lines-order": "judge"}, kinds=KINDS)
    request = letter("stored-data", status="accepted", may=("fulfil",))
    view = desk(contact, kinds=("judicial-order", "stored-data"), matters=matters, requests=(request,))
    [command] = cooperative(view, table)
    assert getattr(command, "matter", None) == "outage-order"


# --- read in another language ---

SAID = Said(
    {"{us}, {role}.": "{us}: {role}.", "Enclosed: {given}.": "Beilage: {given}.", "Home affairs": "Inneres"}
    | {"We keep it for {days} days.": "Wir halten es {days} Tage.", "Log, short": "Protokoll, kurz", "Map": "Karte"},
    same={"Averne"},
)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Averne, Home affairs.", "Averne: Inneres."),
        ("Averne, Home affairs. We keep it for 90 days.", "Averne: Inneres. Wir halten es 90 Tage."),
        ("Enclosed: Log, short, Map.", "Beilage: Protokoll, kurz, Karte."),
        ("Map", "Karte"),
        ("Averne, Somebody else.", "Averne, Somebody else."),
        ("We keep it for a few days.", "We keep it for a few days."),
        ("Averne, Home affairs. And more.", "Averne, Home affairs. And more."),
        ("Map " * 900, "Map " * 900),
        ("Enclosed: " + "Map, " * 700, "Enclosed: " + "Map, " * 700),
    ],
)
def test_what_bots_made_of_sentences_is_read_part_by_part(text: str, read: str) -> None:
    """Protects teams of another language, and people's own words, which are nobody's to change."""
    assert SAID.told(text) == read


def test_a_part_with_nothing_to_put_in_is_left_out_and_an_unknown_slot_is_told() -> None:
    """Protects letters and authors: no half sentence is sent, and a slip in a slot's name is found in the file."""
    assert filled(("Held by: {holder}.", "Please keep it."), {"holder": ""}) == "Please keep it."
    with pytest.raises(ValueError, match=r"nothing to put in for '\{host\}'"):
        ContentElement(id="a", name="A", ask="?", why=".", says=("Held by {host}.",))
