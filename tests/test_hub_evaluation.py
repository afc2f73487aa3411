"""Evaluation over the doors: two evaluators at once, blind to each other until both have finished; teams answer."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import aiohttp
import pytest
from evaluated import ended
from hosting import Hosting, hosted, until

from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.evaluation import commands as cmd
from exercise.core.script import Grade
from exercise.errors import CommandRejected, DoorClosed
from exercise.hub.asking import evaluator_seat
from exercise.hub.audience import STILL_HIDDEN
from exercise.hub.protocol import Fetch, Hello, Watch
from exercise.hub.remote import RemoteTable
from exercise.hub.remote_evaluation import RemoteDesk
from exercise.session.autoplay import drive
from exercise.session.bots import Policy, make_bot
from exercise.session.evaluating import EvaluationDesk
from exercise.session.session import Session
from exercise.session.store import MemoryStore, Stored
from exercise.session.verify import verify


@cache
def played() -> Stored:
    """First Light, played to ENDEX by bots."""
    scenario, reference, store = load_scenario("first-light"), load_reference(), MemoryStore()
    session = Session.start_new(scenario, reference, store, seed=1, pace="stepped")
    bots = {team.id: make_bot(Policy.COOPERATIVE, scenario, reference, team.id, 1) for team in scenario.teams}
    session.start({})
    drive(scenario, lambda: session.state, session.submit, bots)
    assert len(session.state.evaluation.proposed) > 5
    return store.load(session.id)


@asynccontextmanager
async def after_endex() -> AsyncIterator[Hosting]:
    """A hub whose exercise has been played to ENDEX, with marks to judge."""
    store = MemoryStore()
    store.create(played())
    session = Session.resume(store, played().summary.id, pace="stepped")
    async with hosted(session.scenario, store, session) as hosting:
        yield hosting


async def desk_of(table: RemoteTable, delegation: str = "") -> RemoteDesk:
    """An evaluator's desk, and a delegation's seat where one is named."""
    assert table.desk is not None
    desk = await table.desk.open()
    if delegation:
        await desk.enrol(delegation)
    return desk


ONE, OTHER = "dunmere", "elvast"


class Ear:
    """A client that keeps every byte it is sent, and asks for whatever there is after each step."""

    def __init__(self, kind: str, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.kind, self.ws, self.heard, self._number = kind, ws, "", 1_000

    def sings(self) -> list[str]:
        """Where a canary was heard, with what stood before it."""
        # Exercise control reads what a team answers on the team's own screen.
        own = "(?! of the team)" if self.kind.startswith(("controller", "facilitator")) else ""
        return re.findall(f".{{0,200}}canary{own}.{{0,40}}", self.heard)

    async def ask_for_all(self) -> None:
        """Fetches all there is, and returns once the last answer is here, and with it what was pushed before."""
        for what in ("dossier", "moments", "assessment", "survey"):
            await self.ws.send_str(Fetch.model_validate({"id": 1, "what": what}).model_dump_json())
        self._number += 1
        await self.ws.send_str(f'{{"say":"ask","id":{self._number}}}')
        while f'"id":{self._number}' not in self.heard:
            data = (await self.ws.receive(timeout=20)).data
            self.heard += data if isinstance(data, str) else zlib.decompress(data).decode()


async def ear(hosting: Hosting, http: aiohttp.ClientSession, kind: str, seat: str = "") -> Ear:
    """Somebody of a kind who watches all that may be watched, and tries the rest."""
    ws = await http.ws_connect(hosting.url, max_msg_size=2**26)
    code = hosting.code(kind, seat)
    await ws.send_str(Hello(code=code, name=f"Ear {kind} {seat}", seat=seat).model_dump_json())
    teams = [team.id for team in hosting.room.session.scenario.teams]
    for feed in ("evaluation", "wash", "public", "control", "room", *(f"seat:{team}" for team in teams)):
        await ws.send_str(Watch(feed=feed).model_dump_json())
    return Ear(f"{kind} {seat}", ws)


async def test_not_one_byte_of_a_judgment_is_heard_before_all_have_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects blind evaluation: whoever listens at any door, canaries of each kind sing only to their own author."""
    monkeypatch.setattr("exercise.hub.guard.Allowance.take", lambda self, amount=1.0: True)
    async with after_endex() as hosting, aiohttp.ClientSession() as http:
        session = hosting.room.session
        first = await desk_of(await hosting.onlooker("Wren", "evaluator"), ONE)
        listeners = [
            await ear(hosting, http, kind, seat)
            for kind, seat in (
                *(("evaluator", ""), ("observer", ""), ("spectator", ""), ("controller", ""), ("facilitator", "")),
                *(("participant", team.id) for team in session.scenario.teams),
            )
        ]
        second = await desk_of(await hosting.onlooker("Osprey", "evaluator"), "University of the Coast")
        marks = first.view().dossier.marks
        objective = session.scenario.objectives[0].id if session.scenario.objectives else ""
        for one in marks[:3]:
            other = next(grade for grade in one.grades if grade is not one.mark.grade)
            await first.submit(cmd.JudgeMark(mark=one.id, grade=other, reason="canary judged it otherwise"))
        team, clause = marks[0].mark.team, marks[0].mark.commitment
        await first.submit(
            cmd.AddMark(team=team, commitment=clause, grade=Grade.PARTLY, reason="canary added this one", entries=(2,))
        )
        if objective:
            await first.submit(cmd.Rate(objective=objective, rating="U", strengths="canary", improvements="canary"))
        for listener in listeners:
            if listener.kind == f"participant {team}":
                await listener.ws.close()
        listeners = [listener for listener in listeners if not listener.ws.closed]
        answering = await hosting.person(team, f"Ear participant {team}")
        await answering.client(team).submit(cmd.AnswerMark(seat=team, mark=marks[0].id, text="canary of the team"))
        await first.submit(cmd.FinishEvaluation())

        for listener in listeners:
            await listener.ask_for_all()
            assert not listener.sings(), (listener.kind, listener.sings())
        view = second.view()
        assert "canary" not in repr(view) and view.standing.others is None and view.standing.answers is None
        assert [(one.name, one.finished) for one in view.standing.evaluators] == [("Wren", True), ("Osprey", False)]

        await second.submit(cmd.JudgeMark(mark=marks[0].id, grade=marks[0].mark.grade))
        await second.submit(cmd.FinishEvaluation())
        assert second.view().standing.all_finished and "canary judged" in repr(second.view())
        await until(lambda: first.view().standing.all_finished)
        assert [one.id for one in first.view().disagreements()] == [marks[0].id]
        await first.submit(cmd.SettleMark(mark=marks[0].id, grade=Grade.PARTLY, reason="we came to this together"))
        late = listeners[0]
        await late.ask_for_all()
        assert late.kind == "evaluator " and not late.sings(), "whoever sits down later judges blind as well"
        assert verify(session.store.load(session.id).file_lines(), rules=True).ok


async def test_whoever_is_not_enrolled_sees_no_marks_of_one_who_has_finished() -> None:
    """Protects the second evaluator's blindness against a look before sitting down."""
    async with after_endex() as hosting:
        first = await desk_of(await hosting.onlooker("Wren", "evaluator"), ONE)
        mark = first.view().dossier.marks[0]
        await first.submit(cmd.JudgeMark(mark=mark.id, grade=None, reason="it does not apply"))
        await first.submit(cmd.FinishEvaluation())

        second = await desk_of(await hosting.onlooker("Osprey", "evaluator"))

        assert second.view().standing.me is None and not second.view().standing.judgments(mark.id)
        assert "does not apply" not in repr(second.view().standing)


async def test_a_lost_line_costs_an_evaluator_nothing() -> None:
    """Protects an evening's work: after a lost line, and after a restart of the hub, the same seat goes on."""
    async with after_endex() as hosting:
        table = await hosting.onlooker("Wren", "evaluator")
        desk: EvaluationDesk = await desk_of(table, ONE)
        seat, marks = desk.seat, desk.view().dossier.marks
        await desk.submit(cmd.JudgeMark(mark=marks[0].id, grade=marks[0].mark.grade))
        desk.keep("reason|x", "half a reason")
        seen: list[int] = []
        stop = desk.subscribe(lambda: seen.append(len(desk.view().standing.mine)))
        ws = table.link._ws
        assert ws is not None
        await ws.close()
        await until(lambda: table.link.trouble)
        assert desk.view().standing.mine, "what was there stays on the screen meanwhile"
        with pytest.raises(CommandRejected):
            await desk.submit(cmd.JudgeMark(mark=marks[1].id, grade=marks[1].mark.grade))
        await until(lambda: not table.link.trouble and "evaluation" in table.link.received)

        await desk.submit(cmd.JudgeMark(mark=marks[1].id, grade=marks[1].mark.grade))

        assert seen[-1] == 2 and desk.kept("reason|x") == "half a reason"
        stop()
        session, store = hosting.room.session, hosting.room.store
        await table.link.drop()
    async with hosted(session.scenario, store, session) as again:
        table = await again.onlooker("Wren", "evaluator")
        desk = await desk_of(table)
        assert desk.seat == seat and len(desk.view().standing.mine) == 2 and desk.kept("reason|x")
        assert "wren" not in seat.casefold(), "a seat stays in the log when names are taken out"


async def test_each_asks_under_their_own_seat_alone() -> None:
    """Protects judgments and answers: what one claims is heard under the seat of one's own code."""
    async with after_endex() as hosting:
        state = hosting.room.session.state.evaluation
        first = await desk_of(await hosting.onlooker("Wren", "evaluator"), ONE)
        table = await hosting.onlooker("Osprey", "evaluator")
        second = await desk_of(table)
        mark = first.view().dossier.marks[0]
        judgment = cmd.JudgeMark(seat=first.seat, mark=mark.id, grade=mark.mark.grade)
        with pytest.raises(CommandRejected, match="sit down as one"):
            await second.submit(judgment)
        with pytest.raises(CommandRejected, match="different ones"):
            await second.enrol(ONE)
        await second.enrol(OTHER)
        await second.submit(judgment)
        member = next(one for one in hosting.room.people.all.values() if one.name == "Osprey")
        state = hosting.room.session.state.evaluation
        assert list(state.judged) == [(evaluator_seat(member), mark.id)] == [(second.seat, mark.id)]
        assert state.evaluators[second.seat].name == "Osprey"

        team, other = mark.mark.team, next(t.id for t in hosting.room.session.scenario.teams if t.id != mark.mark.team)
        own, rival = await hosting.person(team, "Ana"), await hosting.person(other, "Bo")
        with pytest.raises(CommandRejected, match="your team's conduct"):
            await rival.client(other).submit(cmd.AnswerMark(seat=team, mark=mark.id, text="They did it on purpose."))
        await own.client(team).submit(cmd.AnswerMark(seat=team, mark=mark.id, text="We had no line to them."))
        assert hosting.room.session.state.evaluation.answered == {mark.id: "We had no line to them."}
        for wrong in (judgment, cmd.FinishEvaluation(), cmd.WriteAction(area="mine")):
            with pytest.raises(CommandRejected):
                await own.client(team).submit(wrong)
        control = await hosting.control()
        await control.submit(cmd.WriteAction(area="Channels", action="Test the line each quarter."))
        with pytest.raises(CommandRejected):
            await control.submit(judgment)
        assert [(one.name, one.finished) for one in control.room().evaluators] == [("Wren", False), ("Osprey", False)]
        assert len(first.view().standing.plan) == 1


async def test_two_judge_at_the_same_time_and_nothing_is_lost() -> None:
    """Protects the pace of an evaluation: a page of marks confirmed by one key, from two doors at once."""
    async with after_endex() as hosting:
        desks = [
            await desk_of(await hosting.onlooker(name, "evaluator"), delegation)
            for name, delegation in (("Wren", ONE), ("Osprey", OTHER))
        ]
        marks = desks[0].view().dossier.marks[:50]

        async def judge(desk: RemoteDesk) -> None:
            for one in marks:
                await desk.submit(cmd.JudgeMark(mark=one.id, grade=one.mark.grade))

        await asyncio.gather(*map(judge, desks))

        judged = hosting.room.session.state.evaluation.judged
        assert len(judged) == 100 and all(len(desk.view().standing.mine) == 50 for desk in desks)


async def test_a_suggestion_counts_what_was_made_good_at_a_door_too() -> None:
    """Protects raters at a hub from a letter that the report does not suggest: later repairs are counted."""
    store, kept = MemoryStore(), ended(mended=True)
    store.create(kept)
    session = Session.resume(store, kept.summary.id, pace="stepped")
    async with hosted(session.scenario, store, session) as hosting:
        desk = await desk_of(await hosting.onlooker("Wren", "evaluator"))
        assert desk.view().standing.suggestion("early", "check") == "M"


async def test_before_endex_there_is_no_desk() -> None:
    """Protects marks and what the record holds until the hot wash."""
    async with hosted() as hosting:
        table = await hosting.onlooker("Wren", "evaluator")
        with pytest.raises((CommandRejected, DoorClosed), match="after ENDEX"):
            await desk_of(table)
        assert (await hosting.onlooker("Eve")).desk is None


async def test_luck_is_shown_last_and_cards_come_anew() -> None:
    """Protects the judgment of conduct from outcomes, and an open hot wash from showing marks that no longer stand."""
    async with after_endex() as hosting:
        table = await hosting.onlooker("Wren", "evaluator")
        team = hosting.room.session.scenario.teams[0].id
        played_by = await hosting.person(team, "Petra")
        desk = await desk_of(table, ONE)
        await until(lambda: table.hot_wash() is not None and played_by.opened_assessment() is not None)
        wash, before = table.hot_wash(), played_by.opened_assessment()
        assert wash is not None and wash.facts == (STILL_HIDDEN,) and before is not None

        one = desk.view().dossier.marks[0]
        other = next(grade for grade in one.grades if grade is not one.mark.grade)
        await desk.submit(cmd.JudgeMark(mark=one.id, grade=other, reason="the record shows it otherwise"))
        assert played_by.opened_assessment() is before
        await desk.submit(cmd.FinishEvaluation())

        await until(lambda: played_by.opened_assessment() is not before)
        after = played_by.opened_assessment()
        assert after is not None and next(mark for mark in after.marks if mark.id == one.id).grade is other
        await until(lambda: (found := table.hot_wash()) is not None and found.facts != (STILL_HIDDEN,))
