"""Live Wire, Level Ground and Silent Counters: no message or mark says what the teams' own conduct has made untrue."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.assess import assess
from exercise.core.conditions import holds
from exercise.core.events import ConsequenceCame, InjectReleased
from exercise.core.records import replace
from exercise.core.scenario import Scenario
from exercise.session.autoplay import Rehearsal, run
from exercise.session.bots import Scripted
from exercise.session.facts import draw_facts

story = cache(load_scenario)


def played(name: str, facts: Mapping[str, str] | None = None, **answers: str) -> Rehearsal:
    """A whole exercise in which the teams give these answers (`_` for `-`) and no others."""
    scenario: Scenario = story(name)
    script = Scripted({decision.replace("_", "-"): option for decision, option in answers.items()})
    drawn = {**draw_facts(scenario, 1), **(facts or {})}
    return run(scenario, drawn, {team.id: script for team in scenario.teams})


def came(game: Rehearsal) -> set[str]:
    """The injects that were released."""
    return {entry.event.inject for entry in game.entries if isinstance(entry.event, InjectReleased)}


def reasons(game: Rehearsal, team: str) -> set[str]:
    """Why a team's marks are what they are."""
    found = assess(game.scenario, load_reference(), game.entries, game.states)
    return {mark.reason for mark in found.marks if mark.team == team}


def test_a_tool_given_on_terms_is_held_on_terms() -> None:
    """Protects Averne's terms in Live Wire: the option 'to Cadria, under conditions' binds Cadria in its locker too."""
    # when
    bound = played("live-wire", av_cure="narrow").state.knowledge["cadria"]
    free = played("live-wire", av_cure="wide").state.knowledge["cadria"]

    # then
    assert bound["cure-amblet"].handling is not None
    assert "locker-cure" not in bound
    assert free["locker-cure"].handling is None


def test_who_warned_all_towns_is_not_told_that_it_warned_none() -> None:
    """Protects a mark of Live Wire from the answer of five hours before: 212 town halls had been warned by then."""
    untrue = "It warned no town although it had reason to think that some were next."

    assert untrue in reasons(played("live-wire", ca_password="ask"), "cadria")
    assert untrue not in reasons(played("live-wire", ca_towns="warn", ca_password="ask"), "cadria")


def test_what_was_sent_in_due_form_is_not_marked_as_half_a_paper() -> None:
    """Protects who wrote the whole request before the question was put: what is said of gaps no longer holds."""
    # given
    decision = story("live-wire").decisions_by_id["ca-request"]
    first_page = next(option for option in decision.options if option.id == "complete")

    # then
    game = played("live-wire")
    half = [conduct for conduct in first_page.conduct if conduct.commitment in ("bc-29", "se-pre4")]
    assert len(half) == 2
    assert all(conduct.when is not None and holds(conduct.when, game.state) for conduct in half)
    assert all("preservation" in str(conduct.when) for conduct in half)


def test_belcora_does_not_tell_of_a_provider_that_it_has_told_of() -> None:
    """Protects Live Wire from letters of bots that say 'neither has it' to those who have had it for hours."""
    matter = next(matter for matter in story("live-wire").matters if matter.id == "next-provider")
    assert matter.known is not None

    for option in ("narrow", "full"):
        assert not holds(matter.known, played("live-wire", be_chain=option).state)
    assert holds(matter.known, played("live-wire").state)


def test_larkfield_does_not_ask_for_the_paper_that_it_has() -> None:
    """Protects Averne where it ordered the machine kept before the question came: it is thanked and not asked anew."""
    asks, thanks = (story("live-wire").injects_by_id[name].when for name in ("larkfield-abuse", "larkfield-has-paper"))
    assert asks is not None and thanks is not None

    before = Rehearsal(story("live-wire")).state
    after = replace(before, flags=before.flags | {"larkfield-early"})
    assert (holds(asks, before), holds(thanks, before)) == (True, False)
    assert (holds(asks, after), holds(thanks, after)) == (False, True)


def test_the_paper_writes_of_files_what_gharune_did_with_them() -> None:
    """Protects Level Ground's headline: under each answer the story beneath it is the one that happened."""
    papers = {"press-remote", "press-cloud", "press-disk"}

    assert came(played("level-ground", who_touches="remote", stellan="month")) & papers == {"press-remote"}
    assert came(played("level-ground", who_touches="hands", stellan="month")) & papers == {"press-cloud"}
    assert came(played("level-ground", who_touches="hands", stellan="decline")) & papers == {"press-disk"}


def test_the_editor_prints_a_number_only_where_files_were_opened() -> None:
    """Protects Gharune where it kept its files shut: nobody counts nineteen of them afterwards."""
    told = {}
    for option in ("remote", "hands", "wait"):
        game = played("level-ground", facts={"files": "none"}, who_touches=option, files="weigh")
        decision = game.scenario.decisions_by_id["files"]
        weigh = next(option for option in decision.options if option.id == "weigh")
        told[option] = {
            weigh.consequences[entry.event.index].title
            for entry in game.entries
            if isinstance(entry.event, ConsequenceCame) and entry.event.decision == "files"
        }

    assert told == {"remote": {"We print your numbers"}, "hands": {"We print your sentence"}, "wait": told["hands"]}


def test_what_goes_out_in_a_teams_name_is_shown_to_that_team() -> None:
    """Protects tables from learning of their own letters in the newspaper."""
    disk = story("level-ground").injects_by_id["disk-arrives"]
    working_file = story("silent-counters").injects_by_id["working-file"]

    assert {"gharune", "averne"} <= set(disk.to)
    assert set(working_file.to) & {"all", "elvast"}


def test_kestrand_says_that_it_was_called_where_elvast_called() -> None:
    """Protects Silent Counters: three questions put to a contact point are a call to it."""
    calls = {"kestrand-called", "kestrand-uncalled"}

    assert came(played("silent-counters", condemn="weigh")) & calls == {"kestrand-called"}
    assert came(played("silent-counters", condemn="act")) & calls == {"kestrand-uncalled"}
