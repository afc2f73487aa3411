"""Detectors over requests: each seen to honour, to fall short, and to stay silent where nothing was put to the test."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, get_args

import pytest
from asking import FULL, KINDS, send, world
from given import FACTS, Row, decision, inject, option

from exercise.catalogue import load_reference
from exercise.core import commands as cmd
from exercise.core.assess import Assessment, assess
from exercise.core.decide import decide
from exercise.core.events import ExerciseStarted, LogEntry
from exercise.core.evolve import evolve
from exercise.core.marks import Mark
from exercise.core.reasons import told
from exercise.core.reference import Reference
from exercise.core.requests import commands as ask
from exercise.core.requests.kinds import RequestDetector
from exercise.core.requests.marks import ANSWERING, ASKING, put_by_requests
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.language import speaking

PROFILE = ("seecp-chisinau-2008", "osce-mc-dec-5-17", "osce-cbm", "budapest-convention", "un-norms-2015")
GAP = {"authority": "National police desk"}
WHY = "Our law does not let us go further in such a case."

KEEP = KINDS[0] | {
    "id": "keep",
    "marks": {name: ["bc-29"] for name in get_args(RequestDetector) if name not in ("check-first", "basis-named")}
    | {"basis-named": ["bc-29", "ba-pre3", "os-pp8"]},
}
TAP = KINDS[0] | {
    "id": "tap",
    "name": "Traffic data",
    "basis": ["bc-33"],
    "coercive": True,
    "volatile": False,
    "acts": {"fulfilled": ["answer", "coerce"], "refused": ["refuse"]},
    "marks": {"check-first": ["bc-15"], "specified-only": ["bc-33"], "reasons-given": ["bc-27"]},
}
ORDER: Row = {
    "id": "order",
    "name": "Order of a judge",
    "about": "Asks a judge.",
    "use": "Before a power is used.",
    "basis": ["bc-15"],
    "channels": ["court"],
    "acts": {"sent": ["seek-check"]},
}
GIVE: Row = {
    "id": "give",
    "name": "Information",
    "about": "Gives.",
    "use": "When others need it.",
    "shape": "gives",
    "channels": ["cert", "contact-24-7", "police"],
    "marks": {name: ["bc-26"] for name in ("handling-stated", "conditions-kept", "answered-in-time", "reasons-given")},
}
TALK: Row = {
    "id": "talk",
    "name": "Consultation",
    "about": "Asks to talk.",
    "use": "Before a quarrel.",
    "channels": ["cert", "contact-24-7"],
    "acts": {"sent": ["consult"], "accepted": ["consult"], "fulfilled": ["consult"]},
}
PING: Row = KINDS[3] | {"marks": {"answered-in-time": ["cbm-8"]}}
NOTICE: Row = GIVE | {"id": "notice", "name": "New contact", "renews": "addressee", "marks": {}}


def judge(name: str, answer: str) -> Row:
    """A judge who always answers in one way, at once."""
    return {"id": name, "name": f"Judge {name}", "desk": {"speed": "1m", "replies": [{"answer": answer, "text": WHY}]}}


def at_court(name: str) -> Row:
    """A line of a directory."""
    return {"name": f"Judge {name}", "party": name, "channel": "phone", "via": "court"}


@cache
def _plain() -> Scenario:
    return world()


def setting(*, profile: tuple[str, ...] = PROFILE, **more: Any) -> Scenario:
    """The small world with kinds that are marked, teams that are bound, three judges and a quarrel to come."""
    held = [{"instrument": name} for name in profile]
    averne, belmark = (team.model_dump() | {"profile": held} for team in _plain().teams)
    belmark["directory"] = (*belmark["directory"], *map(at_court, ("kind", "stern", "slow")))
    actors = [actor.model_dump(by_alias=True) for actor in _plain().actors]
    actors[0]["desk"]["mandate"] = ["keep", "give", "consent"]
    actors[0]["desk"]["replies"] = [{"kinds": ["keep"], "answer": "conditional", "conditions": {"tlp": "amber"}}]
    actors[0]["desk"]["replies"][0] |= {"gives": ["record"], "text": "Under our conditions.", "gaps": True}
    matters = [matter.model_dump(by_alias=True) for matter in _plain().matters]
    matters[0] |= {"kinds": ["keep", "tap"], "ready": None}
    escalate = {"act": "escalate", "toward": ["belmark"]}
    publish = {"act": "tell-public", "about": "record", "against_conditions": True}
    quarrel = decision("quarrel", option("accuse", acts=[escalate]), option("publish", acts=[publish]), window="20m")
    data: Row = {
        "teams": [averne, belmark],
        "actors": [*actors, judge("kind", "accept"), judge("stern", "refuse"), judge("slow", "silent")],
        "request_kinds": [*KINDS[1:3], *KINDS[4:], KEEP, TAP, ORDER, GIVE, TALK, PING, NOTICE],
        "matters": matters,
        "decisions": [quarrel],
    }
    return world(**(data | more))


class Play:
    """A log being written by the rules themselves; `minute` is play time."""

    def __init__(self, played: Scenario | None = None) -> None:
        self.scenario = played or setting()
        self.state, self.entries = State(), list[LogEntry]()
        self.do(cmd.StartExercise(facts=FACTS))

    def do(self, command: cmd.Command, minute: float = 0) -> Play:
        """One command, at a minute of play."""
        at = command.model_copy(update={"play": max(int(minute * 60), self.state.clock.play)})
        batch = len(self.entries) + 1
        for event in decide(self.scenario, self.state, at):
            self.state = evolve(self.state, event)
            clock = self.state.clock
            seq = len(self.entries) + 1
            self.entries.append(LogEntry(seq, batch, at.seat, "", clock.play, clock.exercise, event))
        return self

    def sent(self, kind: str = "keep", contact: int = 1, minute: float = 0, **more: Any) -> Play:
        """Averne, unless another seat is named, sends a request; whole unless said otherwise."""
        whole = {"content": FULL} if kind in ("keep", "tap") else {}
        return self.do(send(kind, contact, **(whole | more)), minute)

    def _at(self, id: str, seat: str) -> Row:
        return {
            "seat": seat,
            "request": self.state.boards[seat].index(id) + 1,
            "revision": self.state.requests[id].revision,
        }

    def answered(self, how: str, minute: float = 1, *, id: str = "r1", seat: str = "belmark", **more: Any) -> Play:
        """The addressee answers."""
        return self.do(ask.AnswerRequest.model_validate(self._at(id, seat) | {"answer": how, **more}), minute)

    def opened(self, minute: float = 1, *, id: str = "r1", seat: str = "belmark") -> Play:
        """The addressee looks at it."""
        return self.do(ask.AcknowledgeRequest(seat=seat, request=self._at(id, seat)["request"]), minute)

    def mended(self, minute: float = 2, *, id: str = "r1", **content: str) -> Play:
        """Averne supplies what was missing."""
        more = content or {"offence": FULL["offence"]}
        return self.do(ask.MendRequest.model_validate(self._at(id, "averne") | {"content": more}), minute)

    def took(
        self, minute: float = 3, *, id: str = "r1", seat: str = "averne", accept: bool = True, **more: Any
    ) -> Play:
        """A team accepts conditions, or declines them."""
        return self.do(ask.TakeConditions.model_validate(self._at(id, seat) | {"accept": accept, **more}), minute)

    def fulfilled(self, minute: float = 4, *, id: str = "r1", seat: str = "belmark", **more: Any) -> Play:
        """The addressee does what it accepted."""
        return self.do(ask.FulfilRequest.model_validate(self._at(id, seat) | more), minute)

    def withdrawn(self, minute: float = 1) -> Play:
        """Averne takes its first request back."""
        return self.do(ask.WithdrawRequest(seat="averne", request=1), minute)

    def chose(self, what: str, minute: float = 5) -> Play:
        """Averne decides on the quarrel."""
        return self.do(cmd.ChooseResponse(seat="averne", decision="quarrel", option=what, revision=1), minute)

    def ended(self, minute: float = 14) -> Play:
        """ENDEX."""
        return self.do(cmd.EndExercise(), minute)

    def assessed(self) -> Assessment:
        """The assessment of all of it."""
        return assess(self.scenario, load_reference(), self.entries)

    def mark(self, source: str, *, team: str = "averne", id: str = "r1") -> Mark | None:
        """What a detector says of a team in a request, under the first commitment; none where it says nothing."""
        found = [m for m in self.assessed().marks if (m.source, m.team, m.occasion) == (source, team, f"request:{id}")]
        return found[0] if found else None

    def grade(self, source: str, *, team: str = "averne", id: str = "r1") -> str | None:
        """The grade of that mark."""
        mark = self.mark(source, team=team, id=id)
        return mark.grade.value if mark else None


def play(**more: Any) -> Play:
    """An exercise that has just started."""
    return Play(setting(**more))


def test_every_detector_that_a_kind_may_name_is_there() -> None:
    """Protects the catalogue: a kind names no detector that would silently mark nothing."""
    assert set(get_args(RequestDetector)) == {*ASKING, *ANSWERING, "basis-named"}


# --- the requester


def test_whole_request_is_complete() -> None:
    """Protects the requester who says all that is demanded, and the words and the place of its mark."""
    mark = play().sent().mark("complete")

    assert mark is not None
    assert (mark.grade.value, mark.id) == ("honoured", "averne:bc-29:request:r1:complete")
    assert mark.title == "Preservation of stored data to Belmark"
    assert mark.reason == "Sent to Belmark at T+0:00 with all that such a request has to say."


def test_request_mended_later_is_partly_complete() -> None:
    """Protects who mends a gap: the mark shows the sending, the asking back and the mending."""
    story = play().sent(content=GAP).answered("ask-back", missing=("offence",)).mended()
    mark = story.mark("complete")

    assert mark is not None and mark.grade.value == "partly"
    assert len(mark.entries) == 3 and "without: Offence; Belmark asked back at T+0:12" in mark.reason


def test_request_never_made_whole_is_neglected() -> None:
    """Protects the demand: a gap that was named and left is neglected, and so is one that was answered all the same."""
    left = play().sent(content=GAP).answered("ask-back", missing=("offence",))

    assert left.grade("complete") is None
    assert left.ended().grade("complete") == "neglected"
    assert play().sent(content=GAP).answered("accept").grade("complete") == "neglected"


def test_request_sent_again_whole_is_partly_complete() -> None:
    """Protects who cannot mend, since an answer came, and sends it again."""
    story = play().sent(content=GAP).answered("refuse", text=WHY, ground="political-offence").sent(minute=2)

    assert (story.grade("complete"), story.grade("complete", id="r2")) == ("partly", "honoured")


def test_request_that_reached_nobody_is_not_tested_for_its_content() -> None:
    """Protects from marks on words that nobody received: withdrawn on its way, or failed."""
    gone = play().sent("keep", 4, content=GAP).withdrawn()
    failed = play().sent("keep", 2, content=GAP).ended()

    for story in (gone, failed):
        assert {story.grade(s) for s in ("complete", "urgent-route", "basis-named", "handling-stated")} == {None}


def test_fit_channel_that_arrives_is_honoured() -> None:
    """Protects the right way, once the message has arrived."""
    on_its_way = play().sent("keep", 4)

    assert play().sent().grade("fit-channel") == "honoured"
    assert on_its_way.grade("fit-channel") is None


def test_unfit_channel_is_lifted_by_sending_again() -> None:
    """Protects who learns: sent again by a fit channel is partly, left at that is neglected, and only after a while."""
    failed = play().sent("keep", 2)

    assert failed.grade("fit-channel") is None
    assert failed.ended(5).grade("fit-channel") is None
    assert play().sent("keep", 2).ended(14).grade("fit-channel") == "neglected"
    assert play().sent("keep", 2).sent("keep", 1, 2).grade("fit-channel") == "partly"


def test_desk_without_the_mandate_counts_as_a_wrong_way() -> None:
    """Protects the same rule where the channel is right and the desk is not."""
    kinds = [k | {"marks": {"fit-channel": ["bc-25"]}} if k["id"] == "tap" else k for k in (KEEP, TAP)]
    kinds[1]["channels"] = ["contact-24-7", "police"]
    story = play(request_kinds=kinds, matters=[]).sent("tap", 4).do(cmd.AdvanceClock(), 2).ended(16)
    mark = story.mark("fit-channel")

    assert mark is not None and mark.grade.value == "neglected" and "no mandate" in mark.reason


def test_stale_entry_is_nobody_s_fault_until_it_is_known() -> None:
    """Protects the sender who could not know, and marks the one whose own ping had shown it."""
    unknown = play().sent("keep", 3).do(cmd.AdvanceClock(), 3).ended(17)
    known = play().sent("ping", 3).do(cmd.AdvanceClock(), 2).sent("keep", 3, 3).do(cmd.AdvanceClock(), 6)
    mark = known.mark("fit-channel", id="r2")

    assert unknown.grade("fit-channel") is None
    assert mark is not None and mark.grade.value == "neglected" and len(mark.entries) == 3


@pytest.mark.parametrize(
    ("more", "grade"),
    [
        ({"urgent": True, "deadline": 7200}, "honoured"),
        ({"urgent": True}, "partly"),
        ({"deadline": 7200}, "partly"),
        ({}, "neglected"),
    ],
)
def test_what_may_be_lost_is_asked_for_with_urgency_and_a_time(more: Row, grade: str) -> None:
    """Protects the quick route, with its two halves."""
    assert play().sent(**more).grade("urgent-route") == grade


def test_what_lasts_needs_no_urgency() -> None:
    """Protects requests that can wait from a test meant for data that vanish."""
    kinds = [KEEP | {"volatile": False}]

    assert play(request_kinds=kinds, matters=[]).sent().grade("urgent-route") is None


@pytest.mark.parametrize(
    ("basis", "grade"),
    [
        (("bc-29",), "honoured"),
        (("un-g", "bc-29"), "honoured"),
        (("un-g",), "partly"),
        (("budapest-convention",), "partly"),
        ((), "neglected"),
        (("ba-b6",), "neglected"),
    ],
)
def test_basis_has_to_carry_the_request(basis: tuple[str, ...], grade: str) -> None:
    """Protects the legal base: the article that carries it, another text of the profile, none of the profile."""
    assert play().sent(basis=basis).grade("basis-named") == grade


def test_clause_on_another_text_says_nothing_where_this_one_carries_it() -> None:
    """Protects the norms: that a request rests on an article does not mean they were honoured, or ignored."""
    under = {m.commitment for m in play().sent(basis=("bc-29",)).assessed().marks if m.source == "basis-named"}

    assert under == {"bc-29"}


def test_who_holds_no_fitting_text_is_not_tested_for_the_basis() -> None:
    """Protects teams outside the treaty from naming what does not bind them."""
    kinds = [KEEP | {"marks": {"basis-named": ["se-p1"]}}]
    story = play(profile=("seecp-chisinau-2008",), request_kinds=kinds, matters=[]).sent(basis=("se-p7",))

    assert story.assessed().marks == ()


# --- what is given, and its conditions


def test_handling_is_stated_or_left_out() -> None:
    """Protects the giver's word on how far information may go, also where it says 'to all'."""
    assert play().sent("give", 2, handling={"tlp": "clear"}).grade("handling-stated") == "honoured"
    assert play().sent("give", 2).grade("handling-stated") == "neglected"


def test_handling_said_in_words_is_said() -> None:
    """Protects who fills in how far it may go and sets no marking: that is a word on it; an empty one is none."""
    element = {"id": "handling", "name": "How far", "ask": "How far may it go?", "why": "Rules."}
    kinds = [*KINDS[1:3], *KINDS[4:], GIVE | {"elements": [element]}]

    def graded(**content: str) -> str | None:
        return play(request_kinds=kinds, matters=[]).sent("give", 2, content=content).grade("handling-stated")

    assert graded(handling="To your duty desk.") == "honoured"
    assert graded() == graded(handling="  ") == "neglected"


def test_handling_of_what_is_handed_over_is_the_addressee_s_word() -> None:
    """Protects both sides of a request that asks: who hands nothing over has nothing to say."""
    stated = play().sent(matter="host").answered("accept").fulfilled(handling={"tlp": "amber"})
    silent = play().sent(matter="host").answered("accept").fulfilled()
    nothing = play().sent().answered("accept").fulfilled()

    stories = (stated, silent, nothing)
    assert [s.grade("handling-stated", team="belmark") for s in stories] == ["honoured", "neglected", None]
    assert {s.grade("handling-stated") for s in stories} == {None}


def from_the_centre(**more: Any) -> Play:
    """Averne gets a record from the police centre and accepts its conditions."""
    return play(**more).sent("keep", 4).do(cmd.AdvanceClock(), 5).took(6)


def test_conditions_that_were_accepted_and_kept_are_honoured_at_the_end() -> None:
    """Protects the receiver: kept to ENDEX is honoured, and before it nothing can be said."""
    story = from_the_centre()

    assert story.grade("conditions-kept") is None
    assert story.ended(16).grade("conditions-kept") == "honoured"


def test_conditions_broken_by_a_later_request_are_breached_knowingly() -> None:
    """Protects the giver: passed on to another team, with the entries of the taking and of the passing on."""
    mark = from_the_centre().sent("give", 2, 8, encloses=("record",)).mark("conditions-kept")

    assert mark is not None and (mark.grade.value, mark.knowing) == ("breached", True)
    assert "“A record” was passed on to Belmark against them" in mark.reason and len(mark.entries) == 3


def test_conditions_broken_by_an_answer_or_an_option_are_breached() -> None:
    """Protects from the two other ways out: handed over in answer, or published by a decision."""
    handed = from_the_centre().sent(seat="belmark", minute=7).answered("accept", 8, id="r2", seat="averne")
    handed.fulfilled(9, id="r2", seat="averne", encloses=("record",))

    assert handed.grade("conditions-kept") == "breached"
    assert from_the_centre().chose("publish", 8).grade("conditions-kept") == "breached"


def test_conditions_lifted_first_are_honoured_whatever_follows() -> None:
    """Protects who asks before it uses: consent is said in the reason, and passing on is then no breach."""
    yes: Row = {"kinds": ["consent"], "answer": "accept", "text": "You may."}
    actors = [actor.model_dump(by_alias=True) for actor in setting().actors]
    actors[0]["desk"]["replies"] = [*actors[0]["desk"]["replies"], yes]
    story = from_the_centre(actors=actors).sent("consent", 4, 7, encloses=("record",)).do(cmd.AdvanceClock(), 13)
    story.sent("give", 2, 14, encloses=("record",))
    mark = story.mark("conditions-kept")

    assert mark is not None and mark.grade.value == "honoured" and "giver's consent" in mark.reason


def test_conditions_accepted_with_what_is_given_bind_the_addressee() -> None:
    """Protects information given unasked: Belmark accepts the conditions of a tip, and then tells the press."""
    story = play().sent("give", 2, encloses=("tip",), handling={"tlp": "red"}).took(1, seat="belmark")

    assert story.grade("conditions-kept", team="belmark") is None
    story.sent("statement", 3, 2, seat="belmark", encloses=("tip",))
    assert story.grade("conditions-kept", team="belmark") == "breached"
    assert story.grade("conditions-kept") is None


def test_what_was_learned_otherwise_and_passed_on_is_marked_with_the_passing_on() -> None:
    """Protects evidence that came with the story: it is marked under the request it left by."""
    mark = play().sent("give", 4, encloses=("tip",)).mark("conditions-kept")

    assert mark is not None and mark.grade.value == "breached" and "“A tip”" in mark.reason


# --- the addressee


def test_answer_of_any_kind_is_in_time() -> None:
    """Protects timeliness: yes, no, and asking back are answers; with or without a time to answer by."""
    assert play().sent().answered("accept").grade("answered-in-time", team="belmark") == "honoured"
    assert play().sent(deadline=7200).answered("refuse", 3).grade("answered-in-time", team="belmark") == "honoured"
    back = play().sent(content=GAP, deadline=7200).answered("ask-back", missing=("offence",))
    assert back.grade("answered-in-time", team="belmark") == "honoured"


def test_answer_after_a_time_that_nobody_had_is_honoured_and_says_why() -> None:
    """Protects who was asked for something by a time that came before a room could answer: the reason says so."""
    mark = play().sent(minute=1, deadline=1_500).answered("accept", 4).mark("answered-in-time", team="belmark")

    assert mark is not None and mark.grade.value == "honoured"
    assert mark.reason.endswith("; that is in time, for a room has some minutes of play to answer in.")
    with speaking("lv"):
        assert "in time" not in told(mark.reason, {})


def test_taking_or_declining_conditions_is_an_answer() -> None:
    """Protects who is given something: it answers by its word on the conditions."""
    story = play().sent("give", 2, handling={"tlp": "red"}).took(2, seat="belmark", accept=False, text="No.")

    assert story.grade("answered-in-time", team="belmark") == "honoured"
    assert play().sent("give", 2).grade("answered-in-time", team="belmark") is None


def test_lapsed_request_is_neglected_and_after_asking_back_partly() -> None:
    """Protects who waits: silence is neglected, an answer that stopped halfway is partly."""
    lapsed = play().sent(deadline=3600).do(cmd.AdvanceClock(), 8)
    halfway = play().sent(content=GAP, deadline=3600).answered("ask-back", missing=("offence",)).mended()

    assert lapsed.grade("answered-in-time", team="belmark") == "neglected"
    assert halfway.do(cmd.AdvanceClock(), 9).grade("answered-in-time", team="belmark") == "partly"


def test_request_left_open_is_neglected_only_after_a_while() -> None:
    """Protects the addressee of a late request, of one with time left, of one taken back, and of a ping."""
    assert play().sent(minute=0).ended(14).grade("answered-in-time", team="belmark") == "neglected"
    assert play().sent(minute=10).ended(14).grade("answered-in-time", team="belmark") is None
    assert play().sent(minute=0).grade("answered-in-time", team="belmark") is None
    assert play().sent(deadline=13_000).ended(14).grade("answered-in-time", team="belmark") is None
    assert play().sent().withdrawn().ended(14).grade("answered-in-time", team="belmark") is None
    assert play().sent("ping").ended(14).grade("answered-in-time", team="belmark") is None


@pytest.mark.parametrize(
    ("how", "more", "grade"),
    [
        ("ask-back", {"missing": ("offence",)}, "honoured"),
        ("ask-back", {"text": "Please name the offence to us."}, "honoured"),
        ("ask-back", {"text": "Please say a little more."}, "partly"),
        ("accept", {"missing": ("offence",)}, "honoured"),
        ("accept", {}, "partly"),
        ("part", {"text": "We keep what we can."}, "partly"),
        ("refuse", {"text": WHY}, "neglected"),
    ],
)
def test_gap_is_named_or_passed_over(how: str, more: Row, grade: str) -> None:
    """Protects the requester who does not see what is missing, by list or in words."""
    assert play().sent(content=GAP).answered(how, **more).grade("gap-named", team="belmark") == grade


def test_one_of_two_gaps_named_is_partly_and_silence_is_neglected() -> None:
    """Protects from half a hint, and from none."""
    half = play().sent(content={"note": "Please be quick."}).answered("ask-back", missing=("offence",))

    assert half.grade("gap-named", team="belmark") == "partly"
    silent = play().sent(content=GAP, deadline=3600).do(cmd.AdvanceClock(), 8)
    assert silent.grade("gap-named", team="belmark") == "neglected"


def test_whole_request_has_no_gap_to_name() -> None:
    """Protects from a test of what was not there, also once the requester mended it unasked."""
    mended = play().sent(content=GAP).opened().mended(2).answered("accept", 3)

    assert play().sent().answered("ask-back", missing=("offence",)).grade("gap-named", team="belmark") is None
    assert mended.grade("gap-named", team="belmark") is None
    assert mended.grade("complete") == "partly"


@pytest.mark.parametrize(
    ("how", "more", "grade"),
    [
        ("part", {"text": WHY}, "honoured"),
        ("part", {"text": "Half of it."}, "partly"),
        ("conditional", {"text": WHY, "conditions": {"tlp": "amber"}}, "honoured"),
        ("conditional", {"conditions": {"tlp": "amber"}}, "partly"),
        ("refuse", {"text": WHY, "ground": "political-offence"}, "partly"),
        ("refuse", {"text": WHY}, "neglected"),
        ("refuse", {"text": "No.", "ground": "political-offence"}, "neglected"),
        ("refuse", {}, "neglected"),
        ("accept", {}, None),
    ],
)
def test_less_than_a_yes_asks_for_reasons(how: str, more: Row, grade: str | None) -> None:
    """Protects the rule on refusals: reasons, and partial help weighed before."""
    assert play().sent().answered(how, **more).grade("reasons-given", team="belmark") == grade


def test_refusal_after_a_part_was_offered_is_honoured() -> None:
    """Protects who weighed partial help before it said no to the rest."""
    story = play().sent(matter="host").answered("part", text=WHY).sent(matter="host", minute=2)
    story.answered("refuse", 3, id="r2", text=WHY, ground="political-offence")

    assert story.grade("reasons-given", team="belmark", id="r2") == "honoured"


def test_refusal_by_request_is_marked_once() -> None:
    """Protects from two marks for one no: the act of refusing belongs to its request."""
    story = play().sent("tap").answered("refuse")
    found = [mark.id for mark in story.assessed().marks if mark.source == "reasons-given"]

    assert found == ["belmark:bc-27:request:r1:reasons-given"]


@pytest.mark.parametrize(("text", "grade"), [(WHY, "honoured"), ("No.", "neglected")])
def test_offer_declined_asks_for_reasons(text: str, grade: str) -> None:
    """Protects who offers something: no ground is asked for, only why."""
    story = play().sent("give", 2, handling={"tlp": "red"}).took(2, seat="belmark", accept=False, text=text)

    assert story.grade("reasons-given", team="belmark") == grade


def test_what_was_agreed_is_done_or_left() -> None:
    """Protects who relies on a yes: done is honoured, left undone neglected, but not where there was no time."""
    agreed = play().sent().answered("accept")

    assert agreed.grade("carried-out", team="belmark") is None
    assert agreed.ended(14).grade("carried-out", team="belmark") == "neglected"
    assert play().sent().answered("accept").fulfilled().grade("carried-out", team="belmark") == "honoured"
    assert play().sent().answered("accept", 8).ended(14).grade("carried-out", team="belmark") is None
    assert play().sent().answered("ask-back", text="What is it about?").ended().grade("carried-out") is None


@pytest.mark.parametrize(("signed", "grade"), [(None, None), ("T+0:30", "neglected"), ("T+1:30", None)])
def test_what_stood_in_the_way_is_not_blamed(signed: str | None, grade: str | None) -> None:
    """Protects who waits for its judge: the ten minutes run from when nothing stood in the way any more."""
    matters = [matter.model_dump(by_alias=True) for matter in _plain().matters]
    matters[0] |= {"kinds": ["keep"]}
    order = [inject("order", at=signed, effects=[{"flag": "order"}])] if signed else []
    story = play(matters=matters, injects=[inject("call"), *order]).sent(matter="host").answered("accept")

    assert story.ended(14).grade("carried-out", team="belmark") == grade


def test_what_a_hidden_fact_held_up_is_not_blamed() -> None:
    """Protects the secrecy of facts: a mark that depended on one would tell it."""
    matters = [matter.model_dump(by_alias=True) for matter in _plain().matters]
    matters[0] |= {"kinds": ["keep"], "ready": {"fact": "source", "is": "crew"}}
    story = play(matters=matters).sent(matter="host").answered("accept").ended(14)

    assert story.grade("carried-out", team="belmark") is None


@pytest.mark.parametrize(("days", "grade"), [(60, "honoured"), (30, "neglected"), (None, "partly")])
def test_data_are_kept_for_sixty_days(days: int | None, grade: str) -> None:
    """Protects the number in the treaty."""
    assert play().sent().answered("accept", days=days).grade("kept-long-enough", team="belmark") == grade


def test_days_are_not_tested_where_nothing_is_kept() -> None:
    """Protects who refused, and who waits for its conditions to be accepted."""
    offered = play().sent().answered("conditional", conditions={"tlp": "amber"}, days=30)

    assert play().sent().answered("refuse").grade("kept-long-enough", team="belmark") is None
    assert offered.grade("kept-long-enough", team="belmark") is None
    assert offered.took().grade("kept-long-enough", team="belmark") == "neglected"


@pytest.mark.parametrize(
    ("contact", "grade"), [(4, "honoured"), (5, "breached"), (6, "partly"), (None, "neglected"), ("late", "neglected")]
)
def test_power_is_used_only_after_a_judge_agreed(contact: Any, grade: str) -> None:
    """Protects the independent check: agreed, refused, not answered, not asked, asked afterwards."""
    story = play().sent("tap", matter="host").answered("accept")
    if isinstance(contact, int):
        story.sent("order", contact, 2, seat="belmark")
    story.do(cmd.AdvanceClock(), 4).fulfilled(5)
    if contact == "late":
        story.sent("order", 4, 6, seat="belmark").do(cmd.AdvanceClock(), 8)
    mark = story.mark("check-first", team="belmark")

    assert mark is not None and mark.grade.value == grade
    assert len(mark.entries) == {"honoured": 3, "breached": 3, "partly": 2, "neglected": 1}[grade]


def test_order_about_another_power_does_not_cover_this_one() -> None:
    """Protects the scope of an order: one for something else that a power could be used on is no order for this."""
    matters = [matter.model_dump(by_alias=True) for matter in _plain().matters]
    matters[0] |= {"kinds": ["tap"], "ready": None}
    matters[1] |= {"kinds": ["tap", "order"], "known": None}
    story = play(matters=matters).sent("tap", matter="host").answered("accept")
    story.sent("order", 4, 2, seat="belmark", matter="secret").do(cmd.AdvanceClock(), 4).fulfilled(5)

    assert story.grade("check-first", team="belmark") == "neglected"


def test_power_that_was_not_used_needs_no_judge() -> None:
    """Protects who agreed and did nothing yet."""
    assert play().sent("tap").answered("accept").grade("check-first", team="belmark") is None


def test_power_is_used_for_what_was_specified() -> None:
    """Protects against the sweep: whole and done, sent back, done with gaps, a part of what was clear."""
    done = play().sent("tap").answered("accept").fulfilled()
    swept = play().sent("tap", content=GAP).answered("accept").fulfilled()
    careful = play().sent("tap", content=GAP).answered("part", missing=("offence",)).fulfilled()
    back = play().sent("tap", content=GAP).answered("ask-back", missing=("offence",))

    grades = [story.grade("specified-only", team="belmark") for story in (done, swept, careful, back)]
    assert grades == ["honoured", "breached", "partly", "honoured"]
    assert play().sent("tap").answered("refuse").grade("specified-only", team="belmark") is None


# --- consultation, and contacts


def quarrel(story: Play) -> tuple[str, ...]:
    """How Averne's accusation is marked under the paragraph on the measures."""
    return tuple(m.grade.value for m in story.chose("accuse").assessed().marks if m.source == "consulted-first")


def test_escalating_while_an_agreed_consultation_is_pending_is_a_breach() -> None:
    """Protects a consultation to which both agreed: held first it counts, unanswered it counts, pending it binds."""
    asked = play().sent("talk", 2)
    agreed = play().sent("talk", 2).answered("accept")
    by_the_other = play().sent("talk", 2, seat="belmark").answered("accept", seat="averne")
    held = play().sent("talk", 2).answered("accept").fulfilled()

    assert [quarrel(story) for story in (asked, agreed, by_the_other, held)] == [
        ("honoured",),
        ("breached",),
        ("breached",),
        ("honoured",),
    ]
    assert quarrel(play()) == ("neglected",)


def renewal(**more: Any) -> Play:
    """Belmark, whose entry in Averne's directory is old, is watched from the start until T+2:00."""
    row: Row = {"id": "fresh", "detector": "contact-kept", "team": "belmark", "opens": {"released": "call"}}
    return play(occasions=[row | {"until": "T+2:00", "commitments": ["cbm-8"]} | more])


def test_own_contact_is_renewed_by_notice_or_by_answer() -> None:
    """Protects the measure on contact points: told unasked or when asked, late or never."""
    told = renewal().sent("notice", 2, 3, seat="belmark")
    answered = renewal().sent("contact-data", 2, 3).answered("accept", 4).fulfilled(5)
    late = renewal().sent("notice", 2, 12, seat="belmark")
    never = renewal().ended(14)
    grades = [[m.grade.value for m in s.assessed().marks if m.source == "contact-kept"] for s in (told, answered, late)]

    assert grades == [["honoured"], ["honoured"], ["partly"]]
    assert [m.grade.value for m in never.assessed().marks if m.source == "contact-kept"] == ["neglected"]


def test_contact_that_is_right_everywhere_is_not_tested() -> None:
    """Protects a team whose entries are fresh, and the time before the end."""
    assert [m for m in renewal(team="averne").ended(14).assessed().marks if m.source == "contact-kept"] == []
    assert [m for m in renewal().ended(5).assessed().marks if m.source == "contact-kept"] == []


# --- all of them


def long_story() -> Play:
    """A story with much in it."""
    story = from_the_centre().sent("tap", 1, 7, matter="host", content=GAP)
    story.answered("ask-back", 8, id="r2", missing=("offence",)).mended(9, id="r2").answered("accept", 10, id="r2")
    story.sent("order", 5, 11, seat="belmark").fulfilled(13, id="r2")
    story.sent("give", 2, 14, encloses=("record",)).sent("keep", 2, 14).sent("talk", 1, 14, seat="belmark")
    return story.ended(19)


def test_marks_of_any_prefix_rest_on_its_own_entries() -> None:
    """Protects replay: at no moment does a mark show, or depend on, what had not happened yet."""
    story = long_story()
    for length in range(1, len(story.entries) + 1):
        found = assess(story.scenario, load_reference(), story.entries[:length])
        for mark in found.marks:
            assert min(mark.entries) >= 1 and max(mark.entries) <= length, mark
            assert mark.reason and mark.exercise <= story.entries[length - 1].exercise


def test_only_teams_are_marked_and_each_mark_has_its_own_id() -> None:
    """Protects the card: controlled actors answer as the scenario says, and are not judged for it."""
    marks = long_story().assessed().marks

    assert {mark.team for mark in marks} == {"averne", "belmark"}
    assert len({mark.id for mark in marks}) == len(marks) >= 9


def test_marks_do_not_depend_on_facts() -> None:
    """Protects fairness: the same conduct is marked the same, whatever is true behind the crisis."""
    story = long_story()
    first = story.entries[0]
    assert isinstance(first.event, ExerciseStarted)
    changed = replace(first, event=replace(first.event, facts={"source": "insider"}))

    assert assess(story.scenario, load_reference(), [changed, *story.entries[1:]]).marks == story.assessed().marks


def test_what_is_looked_at_under_one_catalogue_is_not_taken_for_another() -> None:
    """Protects marks from what was kept of an assessment by a log's own part of the catalogue, which says less."""
    story, whole = long_story(), load_reference()
    less = Reference(whole.instruments, {id: text for id, text in whole.commitments.items() if id != "bc-29"})
    fresh = story.assessed().marks
    again = long_story().scenario

    assert not any(mark.commitment == "bc-29" for mark in assess(again, less, story.entries).marks)
    assert assess(again, whole, story.entries).marks == fresh


def test_what_a_scenario_asks_for_by_requests_counts_as_testable() -> None:
    """Protects 'not tested': a matter that a team could have raised, or is asked about, stands on its card."""
    played = setting()

    assert "conditions-kept" in put_by_requests(played, "averne")["bc-29"]
    assert "check-first" in put_by_requests(played, "belmark")["bc-15"]
    assert "bc-15" not in put_by_requests(played, "averne")
    assert "bc-29" in Play(played).assessed().scorecards["belmark"].untested


def test_table_of_commitments_is_up_to_date() -> None:
    """Protects readers of the table: it says what catalogue and scenarios say now; `docs/coverage.py` writes it."""
    path = Path(__file__).parent.parent / "docs" / "coverage.py"
    spec = spec_from_file_location("coverage_of_commitments", path)
    assert spec is not None and spec.loader is not None
    coverage = module_from_spec(spec)
    spec.loader.exec_module(coverage)

    assert coverage.FILE.read_text(encoding="utf-8") == coverage.document()
