"""A game of two teams who ask each other, over the real rules, for the tests of the screens of requests."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from asking import FULL, answer, send, world
from fake_client import FakeTable
from screens import until
from support import FakeClock
from textual.pilot import Pilot

from exercise.catalogue import load_reference
from exercise.core.requests.kinds import Handling, Step, Tlp
from exercise.core.requests.views import ElementView, KindView, MatterView, RequestStep, RequestView
from exercise.core.scenario import Scenario
from exercise.core.views import ContactView, EvidenceView
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.table import LocalTable
from exercise.tui.app import ExerciseApp
from exercise.tui.screens.handover import HandoverScreen
from exercise.tui.screens.play import PlayScreen

PROFILE = [{"instrument": "budapest-convention"}]


@lru_cache(maxsize=1)
def asking_scenario() -> Scenario:
    """The small world of requests, whose teams have accepted the convention that its kinds rest on."""
    data = world().model_dump(mode="json", by_alias=True)
    for team in data["teams"]:
        team["profile"] = PROFILE
    return Scenario.model_validate(data)


def asking_table(scenario: Scenario | None = None) -> LocalTable:
    """The game in its first move, on a stepped clock, with both teams at this keyboard."""
    clock = FakeClock()
    session = Session.start_new(
        scenario or asking_scenario(),
        load_reference(),
        MemoryStore(),
        seed=4,
        session_id="asking-1",
        now=clock,
        wall=clock.wall,
        pace="stepped",
    )
    table = LocalTable(session, ("averne", "belmark"), {})
    session.start()
    return table


def moved_on(table: LocalTable, play: int) -> None:
    """The clock has come to so many seconds of play."""
    table.session.advance(play)


def asking_app(table: LocalTable, **more: Any) -> ExerciseApp:
    """The program on this game; its first screen hides the first team until its people have the keyboard."""
    return ExerciseApp(table=table, **more)


async def came(pilot: Pilot[Any], screen: type[Any]) -> None:
    """Wait until a screen is there and has settled."""
    await until(pilot, lambda: isinstance(pilot.app.screen, screen) and pilot.app.screen.is_mounted)
    await pilot.pause()


async def sit_down(pilot: Pilot[Any]) -> None:
    """The first team takes the keyboard."""
    await came(pilot, HandoverScreen)
    await pilot.press("enter")
    await came(pilot, PlayScreen)


def lively_table() -> LocalTable:
    """A game in which Averne's board has requests of both directions, waiting, under way and over."""
    table = asking_table()
    gap = {"authority": "National police desk, duty officer"}
    table.submit(send("preservation", 1, matter="host", content=gap, urgent=True, deadline=4 * 3600, basis=("bc-29",)))
    table.submit(send("ping", 3))
    table.submit(send("preservation", 4, content=FULL, subject="A name on a card", deadline=2 * 3600))
    table.submit(send("warning", 2, subject="A control server", handling={"tlp": "amber", "purpose": "defence"}))
    table.submit(send("preservation", 1, seat="belmark", subject="A phone", content=FULL))
    mine = next(request.number for request in table.client("averne").view().requests if request.incoming)
    table.submit(answer(mine, "accept", seat="averne", text="We keep it.", days=90))
    moved_on(table, 110)
    table.submit(
        send("preservation", 1, seat="belmark", subject="Mail boxes of a bank", content=gap, deadline=3 * 3600)
    )
    table.submit(answer(1, "ask-back", missing=("offence",), text="Tell us which offence it is."))
    return table


_STEP_OF = RequestView(
    number=1,
    incoming=False,
    kind="preservation",
    kind_name="Preservation",
    shape="asks",
    other="Belcora",
    other_id="belcora",
    contact="24/7 contact",
    channel="24/7 contact point",
    matter="Logs",
    matter_id="logs",
    basis=("bc-29",),
    content=(("authority", "Authority", "", True), ("note", "Note", "Some words", False)),
    missing=("authority",),
    named=("authority",),
    handling=None,
    conditions=None,
    encloses=(),
    gave=(),
    urgent=False,
    status="sent",
    revision=1,
    sent=600,
    deadline=9000,
    over=False,
    may=(),
    not_ready="",
    ground="",
    days=None,
    steps=(RequestStep("sent", 600, 60, "Averne", ""),),
)


def every_step() -> tuple[RequestView, ...]:
    """A request at every step of its life, asked and given, sent and come in."""
    return tuple(
        replace(_STEP_OF, status=step.value, shape=shape, incoming=incoming)
        for step in Step
        for shape in ("asks", "gives", "calls")
        for incoming in (False, True)
    )


def hostile_table(words: str) -> FakeTable:
    """A team whose every word about requests is one that breaks screens which parse what they show."""
    table = FakeTable()
    client = table.client("averne")
    bound = Handling(tlp=Tlp.RED, words=words[:300])
    element = ElementView("authority", words, words, words, True)
    kind = KindView(
        id="preservation",
        name=words,
        about=words,
        use=words,
        shape="asks",
        basis=("bc-29", words[:60]),
        channels=(("contact-24-7", words),),
        elements=(element,),
        grounds=(("no", words, "bc-29"),),
        automatic=False,
        volatile=True,
        coercive=True,
        least_days=60,
        lifts=False,
    )
    request = replace(
        _STEP_OF,
        incoming=True,
        status="acknowledged",
        may=("answer", "mend"),
        kind_name=words,
        other=words,
        contact=words,
        channel=words,
        matter=words,
        basis=("bc-29", words[:60]),
        content=(("authority", words, "", True), ("note", words, words, False)),
        handling=bound,
        conditions=bound,
        encloses=(words,),
        gave=(words,),
        ground=words,
        not_ready=words,
        steps=(RequestStep("refused", 600, 60, words, words),),
    )
    client.change(
        requests=(request, replace(request, number=2, incoming=False, status="failed", over=True, may=())),
        kinds=(kind,),
        matters=(MatterView("logs", words, words, ("preservation",)),),
        contacts=(ContactView(words, words, words, words, words, words, words, 1, "contact-24-7", words, "dead"),),
        evidence=(EvidenceView(words, words, words, words, "tip", 60, "Belcora", bound),),
    )
    return table
