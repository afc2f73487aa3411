"""Each team reads its own language, wherever it sits; what is assessed, and what is kept from it, stays the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest
from hosting import hosted, until
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import SEATS, Wish, scenarios, wishes
from test_properties import steps

from exercise.authoring.languages import reading
from exercise.authoring.library import load_scenario
from exercise.authoring.translations_file import reader
from exercise.catalogue import load_reference
from exercise.core.assess import assess
from exercise.core.commands import StartExercise
from exercise.core.control.commands import EditInject, RevealFact, WriteInject
from exercise.core.evolve import replay
from exercise.core.observe import participant_view
from exercise.core.overview import facilitator_view, hot_wash_view, spectator_view
from exercise.core.scenario import Scenario
from exercise.core.script import Channel
from exercise.core.tongues import Words, as_read, in_language, read_by, speaking_to, texts_of
from exercise.core.wording import worded
from exercise.errors import UsageError
from exercise.hub.host import HostConfig
from exercise.plain.play import play as by_lines
from exercise.session.autoplay import Rehearsal, drive, play_on, run, wake_bots
from exercise.session.bots import Policy, make_bot
from exercise.session.control import Startex, StepOn
from exercise.session.facts import draw_facts
from exercise.session.logfile import open_log, write_log
from exercise.session.perspectives import perspectives, sight
from exercise.session.player import LogPlayer
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.table import LocalTable

LATVIAN = re.compile("[āčēģīķļņšūž]")
SIGN = re.compile(r"⟦([^⟧]+)⟧")
"""What a made translation is told by: the id of its text between brackets that no scenario has."""


def translated(scenario: Scenario, say: Callable[[Words], str], *teams: str, language: str = "xx") -> Scenario:
    """The scenario with every text in a made language, which these teams read."""
    texts = {one.id: say(one) for one in texts_of(scenario)}
    made = scenario.model_copy(update={"translations": {language: texts}})
    return speaking_to(made, dict.fromkeys(teams, language))


def signed(one: Words) -> str:
    """The sign of a text."""
    return f"⟦{one.id}⟧"


@cache
def first_light(*languages: str) -> Scenario:
    """First Light, with languages as a command line gives them."""
    return reading(load_scenario("first-light"), languages)


def rehearsed(scenario: Scenario, policy: Policy = Policy.COOPERATIVE, seed: int = 3) -> Rehearsal:
    """A whole run by bots."""
    reference = load_reference()
    bots = {team.id: make_bot(policy, scenario, reference, team.id, seed, {}) for team in scenario.teams}
    return run(scenario, draw_facts(scenario, seed), bots)


@pytest.mark.parametrize("name", ["first-light", "card-storm", "after-the-storm"])
def test_every_text_has_an_id_of_its_own(name: str) -> None:
    """Protects the key of every translation: two texts under one id would exchange their words."""
    ids = [one.id for one in texts_of(load_scenario(name))]
    assert len(ids) == len(set(ids)) > 1000


def test_a_translated_scenario_differs_in_nothing_but_its_words() -> None:
    """Protects rules and marks: ids, conditions, conduct, times and effects are those of the author, to the letter."""
    source = load_scenario("card-storm")
    made = translated(source, signed).in_language("xx")
    back = {one.id: one.text for one in texts_of(source)}

    def undone(value: Any) -> Any:
        if isinstance(value, str):
            return SIGN.sub(lambda found: back[found[1]], value)
        if isinstance(value, dict):
            return {key: undone(held) for key, held in value.items()}
        return [undone(item) for item in value] if isinstance(value, list) else value

    again = undone(made.model_dump(mode="json", by_alias=True))
    assert again == {**source.model_dump(mode="json", by_alias=True), "language": "xx", "translations": {}}
    assert [one.text for one in texts_of(made)] == [signed(one) for one in texts_of(source)]


@pytest.mark.parametrize("name", ["first-light", "live-wire"])
def test_a_run_and_its_marks_are_the_same_in_any_language(name: str) -> None:
    """Protects the assessment: bots that play teams of another language do the same, and it is marked the same."""
    source = load_scenario(name)
    dice = Random(7)
    other = translated(source, lambda one: "".join(dice.choices("aeiou –„”0123.", k=20)), *source.teams_by_id)
    here, there = rehearsed(source, Policy.RANDOM), rehearsed(other, Policy.RANDOM)
    assert [entry.event for entry in here.entries] == [entry.event for entry in there.entries]
    reference = load_reference()
    marks = assess(source, reference, here.entries).marks
    assert marks and assess(other, reference, there.entries).marks == marks
    told = worded(assess(other, reference, there.entries), read_by(other, source.teams[0].id))
    unworded = [replace(mark, reason="", title="") for mark in told.marks]
    assert unworded == [replace(mark, reason="", title="") for mark in marks]


@given(scenarios(), wishes, st.data())
@settings(max_examples=25)
def test_marks_and_rules_never_read_a_translation(played: Scenario, wanted: list[Wish], data: st.DataObject) -> None:
    """Protects the same for any scenario, any conduct and any words: events and marks do not change by one letter."""
    texts = st.text(min_size=1, max_size=12)
    other = translated(played, lambda one: data.draw(texts) if len(one.id) % 3 == 0 else "ā", "averne")
    events = [step.events for step in steps(played, wanted)]
    assert [step.events for step in steps(other, wanted)] == events
    state = replay(event for batch in events for event in batch)
    for seat in SEATS:
        view, source = participant_view(other, state, seat), participant_view(played, state, seat)
        assert [shown.id for shown in view.decisions] == [shown.id for shown in source.decisions]
        assert [item.number for item in view.inbox] == [item.number for item in source.inbox]
        assert view == source or seat.startswith("averne")


def test_what_only_control_reads_reaches_no_seat_in_any_language() -> None:
    """Protects secrets: of a made translation that names each text, seats see only what is addressed to them by then.

    Who reads a text is told to translators by the same words, so that these are held to the views as well.
    """
    source = load_scenario("first-light")
    scenario = translated(source, signed, *source.teams_by_id)
    words = {one.id: reader(source, one) for one in texts_of(source) if not one.id.startswith("request_")}
    secret = {id for id, who in words.items() if who == "exercise control only" or "hot wash" in who}
    private = {id: who for id, who in words.items() if who.partition(":")[0] in ("Dunmere", "Elvast")}
    assert len(secret) > 150 and len(private) > 200
    texts = {one.id: one.text for one in texts_of(source)}
    reference = load_reference()
    bots = {team.id: make_bot(Policy.COOPERATIVE, scenario, reference, team.id, 3, {}) for team in scenario.teams}
    rehearsal = Rehearsal(scenario)
    seen: set[str] = set()

    def look() -> None:
        state = rehearsal.state
        public = set(SIGN.findall(repr(spectator_view(scenario, state))))
        assert not public, "the public reads the scenario's own language"
        for team in source.teams:
            for seat in (team.id, *(f"{team.id}/{role.id}" for role in team.roles)):
                view = participant_view(scenario, state, seat)
                found = set(SIGN.findall(repr(view)))
                assert not found & secret
                told: set[str] = set()
                for request in view.requests:
                    # A team may tell a partner what it knows itself, as bots do that write who they are and what of.
                    written = set(SIGN.findall(repr((request.content, request.steps))))
                    theirs = {team.short, scenario.names.get(request.other_id)}
                    known = {texts[id] for id, who in private.items() if who in theirs}
                    told |= {id for id in written if texts[id] in known}
                for id in (found - told) & private.keys():
                    short, _colon, role = private[id].partition(": ")
                    own = next((one.name for one in team.roles if seat == f"{team.id}/{one.id}"), "")
                    # A seat for the whole team has what each of its roles has.
                    fits = team.short == short and (not role or not own or role == own)
                    assert fits or ", " in private[id], (seat, id, private[id])
                seen.update(found)

    rehearsal.submit(StartExercise(facts=draw_facts(scenario, 3)))
    going = True
    while going:
        wake_bots(scenario, lambda: rehearsal.state, rehearsal.submit, bots)
        look()
        going = play_on(scenario, lambda: rehearsal.state, rehearsal.submit)
    assert len(seen - set(secret)) > 200, "hardly anything was looked at"
    assert not SIGN.search(repr(facilitator_view(scenario, rehearsal.state)))
    after = SIGN.findall(repr(hot_wash_view(scenario, rehearsal.state, "dunmere")))
    assert "facilitator" not in after and not [id for id in after if id.endswith(".notes") or ".expected." in id]


def test_two_languages_at_one_terminal() -> None:
    """Protects a game of two teams at one keyboard: each reads its own language, in the hot wash and its marks too."""
    scenario = first_light("elvast=lv")
    session = Session.start_new(scenario, load_reference(), MemoryStore(), seed=3, pace="stepped")
    bots = {
        team.id: make_bot(Policy.COOPERATIVE, scenario, session.reference, team.id, 3, {}) for team in scenario.teams
    }
    table = LocalTable(session, ("dunmere", "elvast"), {})
    session.start()
    drive(scenario, lambda: session.state, session.submit, bots)
    english, latvian = table.client("dunmere"), table.client("elvast")
    assert (english.view().language, latvian.view().language) == ("en", "lv")
    assert [name for _, name in table.seats] == ["Republic of Dunmere", "Elvastas Republika"]
    for client, speaks in ((english, False), (latvian, True)):
        view, wash, assessment = client.view(), client.hot_wash(), client.assessment()
        assert wash is not None and assessment is not None
        texts = [
            view.briefing.briefing,
            *(item.text for item in view.inbox),
            *(shown.text for shown in view.decisions),
            *(entry.name for entry in view.contacts),
            *(item.about for item in view.indicators),
            *(piece.text for piece in view.evidence),
            *(kind.about for kind in view.kinds),
            *(request.kind_name for request in view.requests),
            *(text for _, text in wash.questions),
            *(text for _, text in wash.facts),
            *(mark.reason for mark in assessment.marks if mark.source == "tag"),
        ]
        assert len(texts) > 100
        assert {bool(LATVIAN.search(text)) for text in texts if len(text) > 60} == {speaks}
    assert [mark.grade for mark in (english.assessment() or table.assessment()).marks] == [  # type: ignore[union-attr]
        mark.grade
        for mark in (latvian.assessment() or table.assessment()).marks  # type: ignore[union-attr]
    ]


def test_what_the_log_took_from_the_scenario_is_read_in_ones_language() -> None:
    """Protects requests: what an actor asks and answers stands in events, and is read in Latvian all the same."""
    scenario = first_light("lv")
    view = participant_view(scenario, rehearsed(scenario).state, "dunmere")
    asked = next(request for request in view.requests if request.other_id == "morvane")
    assert "Kas viltotajām lapām ir kopīgs" in asked.content[0][2]
    answers = [step.text for request in view.requests for step in request.steps if step.text]
    assert any(LATVIAN.search(text) for text in answers)
    offered = participant_view(scenario, rehearsed(scenario).state, "elvast").requests
    words = [request.handling.words for request in offered if request.handling and request.handling.words]
    assert "Presei ne pirms pirmdienas." in words
    written = [text for request in (*view.requests, *offered) for _, _, text, _ in request.content if text]
    assert not [text for text in (*answers, *written) if not LATVIAN.search(text) and len(text) > 40]
    assert "Viltotās vēstules un to adrese. Kas šādu vēstuli saņem, kas tajā nav pareizi un ko ar to darīt." in written
    assert "Pazīmes, pēc kurām var atrast citas viltotas lapas. Pazīmes, ko meklēt, vai paraugs." in written
    read = read_by(scenario, "elvast")
    gaps = read.said("We are ready to help and need first: Data, and their tie to the offence, What will follow.")
    assert gaps == "Esam gatavi palīdzēt, un vispirms mums vajag: Dati un to saistība ar nodarījumu, Kas sekos."
    assert read.said("Offence and facts: they broke in.") == "Offence and facts: they broke in."


def test_controls_own_words_stay_and_a_changed_time_keeps_the_translation() -> None:
    """Protects the room: control's words are read as written; an inject that only comes later is still Latvian."""
    scenario = first_light("dunmere=lv")
    session = Session.start_new(scenario, load_reference(), MemoryStore(), seed=3, pace="stepped")
    session.start()
    session.submit(EditInject(inject="dun-directory", at=3 * 3600 - 60))
    session.submit(EditInject(inject="dun-board", title="Look at the board", text="It is behind the door."))
    session.submit(
        WriteInject(sender="Control", channel=Channel.EMAIL, to=("all",), title="Hello", text="A word to all.")
    )
    for _ in range(14):
        session.step()
    session.submit(RevealFact(fact="machine", to=("dunmere",)))
    shown = {item.title: item.text for item in participant_view(scenario, session.state, "dunmere").inbox}
    assert shown["Look at the board"] == "It is behind the door."
    assert shown["Hello"] == "A word to all."
    assert LATVIAN.search(shown["Vai dators ar viltoto lapu kalpo vēl kādam?"])
    assert "nospiediet c" in shown["Kam mēs zvanām?"]


def test_a_language_without_texts_is_read_untranslated_and_nothing_breaks() -> None:
    """Protects fallback: a team may read a language in which the scenario has nothing, or has only a part."""
    source = load_scenario("first-light")
    part = source.model_copy(update={"translations": {"xx": {"injects.figures.title": "Cik?"}}})
    state = rehearsed(source).state
    view = participant_view(speaking_to(part, {"dunmere": "xx"}), state, "dunmere")
    assert [item.title for item in view.inbox if item.title == "Cik?"] and "First Light" in view.briefing.title
    none = participant_view(speaking_to(source, {"dunmere": "qq"}), state, "dunmere")
    assert replace(none, language="en") == participant_view(source, state, "dunmere")
    assert in_language(part, "en") is part and part.in_language("xx").in_language("en") is part


def test_a_log_carries_the_languages_that_are_read_and_replays_alone(tmp_path: Any) -> None:
    """Protects old logs: the texts as they were read are in the log; languages that nobody read do not burden it."""
    assert as_read(first_light()).translations == {}
    scenario = first_light("elvast=lv")
    session = Session.start_new(scenario, load_reference(), MemoryStore(), seed=3, pace="stepped")
    session.start()
    session.step()
    log = session.log()
    file = tmp_path / "kept.jsonl"
    write_log(file, log.header_line, log.lines, log.openings.values())
    again = open_log(file)
    assert again.scenario.teams_by_id["elvast"].language == "lv"
    player = LogPlayer(again.scenario, again.reference, again.entries)
    player.seek(player.length)
    assert player.view("elvast").briefing.title == "Pirmā gaisma"
    assert player.view("dunmere").briefing.title == "First Light"
    seen = {whose.id: sight(again.scenario, session.state, whose) for whose in perspectives(again.scenario, ())}
    assert seen["elvast/police"].inbox[0].title == "Cilvēki jautā, vai tas ir no jūsu biroja"
    assert seen["dunmere/police"].inbox[0].title == "Our customers have a letter that is not ours"


async def test_every_door_of_a_hub_speaks_to_each_team_in_its_language() -> None:
    """Protects a room of two languages: feeds, welcome, places, scorecards and hot wash follow the seat's team."""
    async with hosted(first_light("elvast=lv")) as hosting:
        control = await hosting.control()
        english, latvian = await hosting.person("dunmere", "Ines"), await hosting.person("elvast", "Jānis")
        assert (english.title, latvian.title) == ("First Light", "Pirmā gaisma")
        await control.ask(Startex())
        for _ in range(80):
            if hosting.room.session.state.clock.phase == "ended":
                break
            await control.ask(StepOn())
        views = [table.client(team).view() for table, team in ((english, "dunmere"), (latvian, "elvast"))]
        assert [view.inbox[0].title for view in views] == [
            "Our customers have a letter that is not ours",
            "Cilvēki jautā, vai tas ir no jūsu biroja",
        ]
        for table, speaks in ((english, False), (latvian, True)):
            await until(lambda table=table: table.opened_assessment() is not None)  # type: ignore[misc]
            wash, assessment = table.hot_wash(), table.opened_assessment()
            assert wash is not None and assessment is not None
            assert not assessment.scenario.translations
            texts = [*(text for _, text in wash.questions), *(m.reason for m in assessment.marks if m.source == "tag")]
            assert {bool(LATVIAN.search(text)) for text in texts if len(text) > 60} == {speaks}


def test_by_lines_a_game_is_told_in_the_teams_language() -> None:
    """Protects the line mode, which is what a braille display reads."""
    scenario = first_light("lv")
    session = Session.start_new(scenario, load_reference(), MemoryStore(), seed=3, pace="stepped")
    typed: Iterator[str] = iter(["start", "next", "read 1", "quit", "quit"])
    told: list[str] = []
    by_lines(LocalTable(session, ("dunmere",), {}), lambda prompt: next(typed), told.append)
    everything = "\n".join(told)
    assert "Mūsu klientiem ir vēstule" in everything
    assert "Our customers have a letter" not in everything


def test_languages_as_a_command_line_says_them() -> None:
    """Protects the host: for all teams or one, the last word counts, and a slip is told with what is known."""
    scenario = load_scenario("first-light")
    teams = {team.id: team.language for team in reading(scenario, ("lv", "dunmere=en")).teams}
    assert teams == {"dunmere": "en", "elvast": "lv"}
    assert reading(scenario, ()) is scenario
    assert HostConfig(languages=("lv",)).languages == ("lv",)
    with pytest.raises(UsageError, match=r"no team 'dunmer'; did you mean 'dunmere'\?"):
        reading(scenario, ("dunmer=lv",))
    with pytest.raises(UsageError, match="speaks 'lx'"):
        reading(scenario, ("lx",))
