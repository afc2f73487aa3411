"""The survey after the hot wash: answered once each, lost by no crash, and nobody can tell who said what."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import aiohttp
import pytest
from hosting import Hosting, hosted, until

from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.asked import FACILITATOR
from exercise.core.cast import SurveyQuestion
from exercise.core.commands import EndExercise
from exercise.core.evaluation.commands import CloseSurvey
from exercise.core.evaluation.survey import STANDARD
from exercise.errors import CommandRejected
from exercise.hub.protocol import Fetch, HandIn, Hello, Watch
from exercise.hub.remote import RemoteTable
from exercise.hub.room import Room
from exercise.session.control import EndSurvey
from exercise.session.database import open_store
from exercise.session.session import Session
from exercise.session.sheets import SHUT
from exercise.session.store import MemoryStore, Store
from exercise.session.surveying import LocalSurvey, close_survey, tidy


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each kind of store, empty."""
    made: Store
    if request.param == "memory":
        made = MemoryStore()
    elif request.param == "sqlite":
        made = open_store(tmp_path / "sessions.db")
    else:
        made = open_store(request.getfixturevalue("cluster").database())
    yield made
    made.close()


def ended(store: Store, **changes: Any) -> Session:
    """An exercise that has come to ENDEX."""
    scenario = load_scenario("first-light").model_copy(update=changes)
    session = Session.start_new(scenario, load_reference(), store, seed=1, pace="stepped")
    session.start({})
    session.submit(EndExercise())
    return session


def test_a_store_holds_answers_apart_from_people(store: Store) -> None:
    """Protects what every store promises: once each, no order, nothing after it is shut, and then nothing at all."""
    session = ended(store)
    for number in range(12):
        store.keep(session.id, f"p{number}", "survey", "half")
        store.hand_in(session.id, f"who{number}", (("kept", f"text {number}"), ("pace", "3")), drafted_by=f"p{number}")
    with pytest.raises(CommandRejected, match="already"):
        store.hand_in(session.id, "who3", (("kept", "again"),))

    assert store.answered(session.id) == {f"who{number}" for number in range(12)}
    assert all(store.kept(session.id, f"p{number}") == {} for number in range(12))
    held = store.shut_survey(session.id)

    assert sorted(held) == sorted([("pace", "3")] * 12 + [("kept", f"text {number}") for number in range(12)])
    orders = {tuple(text for key, text in store.shut_survey(session.id) if key == "kept") for _ in range(5)}
    assert len(orders) > 1, "the order is drawn anew each time"
    with pytest.raises(CommandRejected, match="closed"):
        store.hand_in(session.id, "late", (("kept", "late"),))
    store.keep(session.id, "slow", "survey", "half")
    store.keep(session.id, "slow", "draft", "something else")
    store.forget_survey(session.id)
    assert store.shut_survey(session.id) == () and store.answered(session.id) == {SHUT}
    assert store.kept(session.id, "slow") == {"draft": "something else"}


def test_nothing_in_the_database_ties_an_answer_to_a_person(tmp_path: Path) -> None:
    """Protects anonymity against whoever has the file: no row, no place of a row and no journal tells whose it is."""
    store = open_store(tmp_path / "s.db")
    session = ended(store)
    seen: list[dict[str, str]] = []
    for number in range(6):
        store.keep(session.id, f"person{number}", "survey", f"secret draft {number}")
        answers = (("kept", f"canary{number} kept"), ("change", f"canary{number} change"))
        store.hand_in(session.id, f"digest{number}", answers, drafted_by=f"person{number}")
        with sqlite3.connect(tmp_path / "s.db") as db:
            rows = db.execute("SELECT id, text FROM answers").fetchall()
            assert [name for _, name, *_ in db.execute("PRAGMA table_info(answers)")] == [
                *("session", "id", "question", "text")
            ]
            with pytest.raises(sqlite3.OperationalError):
                db.execute("SELECT rowid FROM answers")
        seen.append({text: id for id, text in rows})
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"secret draft" not in raw, "what was half-written is overwritten, in the journal too"
    assert all(raw.count(f"canary{number} kept".encode()) == 1 for number in range(6)), "no older copy tells an order"
    kept = [seen[n]["canary0 kept"] for n in range(6)]
    assert len(set(kept)) == 6, "every row is written anew, so that neighbours tell nothing"

    close_survey(store, session, thin=False)
    store.close()
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    with sqlite3.connect(tmp_path / "s.db") as db:
        assert db.execute("SELECT * FROM answers").fetchall() == []
        assert [who for _, who in db.execute("SELECT * FROM answered")] == [SHUT]
    assert all(f"digest{number}".encode() not in raw for number in range(6)), "who has answered is forgotten as well"


def test_at_the_close_each_question_is_shuffled_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects from rows that can be laid side by side: the same person is not at the same place in two questions."""
    session = ended(store := MemoryStore())
    for n in range(40):
        store.hand_in(session.id, f"w{n}", (("kept", f"a{n}"), ("change", f"b{n}")))

    close_survey(store, session, thin=False)

    answers = session.state.evaluation.survey
    assert answers is not None
    kept, change = ([int(text[1:]) for text in answers[id]] for id in ("kept", "change"))
    assert sorted(kept) == sorted(change) == list(range(40)) and kept != change and kept != sorted(kept)
    event = session.entries[-1]
    assert event.seat == FACILITATOR and set(answers) == {question.id for question in STANDARD}


def test_few_sheets_are_said_to_be_few(store: Store) -> None:
    """Protects the one who is the only one to answer: control is told that anonymity is thin, and decides."""
    session = ended(store)
    store.hand_in(session.id, "a", (("kept", "x"),))

    with pytest.raises(CommandRejected, match="Only one person") as refused:
        close_survey(store, session, thin=False)
    assert refused.value.code == "thin" and session.state.evaluation.survey is None
    store.hand_in(session.id, "b", (("kept", "y"),))

    assert "answers of 2 people" in close_survey(store, session, thin=True)
    with pytest.raises(CommandRejected, match="has been closed"):
        close_survey(store, session, thin=True)


def test_a_crash_at_the_close_leaves_nothing_behind(store: Store) -> None:
    """Protects from a crash between the log and the answers that were held: they are deleted once somebody looks."""
    session = ended(store)
    store.hand_in(session.id, "a", (("kept", "x"),))
    session.submit(CloseSurvey(answers={"kept": ("x",)}))

    tidy(store, session)

    assert store.answered(session.id) == {SHUT} and store.shut_survey(session.id) == ()


async def test_at_one_terminal_people_answer_one_after_another() -> None:
    """Protects local play: as many sheets as people, none of which the next one sees, and whoever sits there closes."""
    own = (
        SurveyQuestion(id="all", text="For all?", kind="text"),
        SurveyQuestion(id="ours", text="For you?", team="marenland"),
        SurveyQuestion(id="theirs", text="For them?", team="nobody-here"),
    )
    session = ended(store := MemoryStore(), survey=own)
    desk = LocalSurvey(session, store, frozenset({"marenland"}))

    assert [question.id for question in (await desk.view()).questions] == ["all", "ours"]
    for text in ("one", "two", "three"):
        desk.keep({"all": "half"})
        assert desk.kept() == {}
        await desk.hand_in({"all": text, "ours": "4"})
    for wrong, said in (({"theirs": "1"}, "does not ask"), ({"ours": "6"}, "from 1 to 5"), ({"all": " "}, "Nothing")):
        with pytest.raises(CommandRejected, match=said):
            await desk.hand_in(wrong)
    progress = await desk.progress()
    assert progress is not None and progress.answered == 3
    await desk.close()

    assert session.state.evaluation.survey is not None and (await desk.view()).closed
    assert sorted(session.state.evaluation.survey["all"]) == ["one", "three", "two"]


async def _people(hosting: Hosting, number: int) -> list[RemoteTable]:
    team = hosting.room.session.scenario.teams[0].id
    return [await hosting.person(team, f"Bird{n}") for n in range(number)]


async def test_over_the_doors_nobody_hears_who_said_what() -> None:
    """Protects every answer on the wire: but for the one who gives it, no byte that anybody gets holds it."""
    session = ended(store := MemoryStore())
    async with hosted(session.scenario, store, session) as hosting, aiohttp.ClientSession() as http:
        heard: dict[str, str] = {}
        kinds = ("facilitator", "controller", "observer", "evaluator", "spectator")
        raws = {kind: await http.ws_connect(hosting.url, max_msg_size=2**26) for kind in kinds}
        feeds = ("control", "room", "public", "wash", "evaluation", f"seat:{session.scenario.teams[0].id}")
        for kind, ws in raws.items():
            await ws.send_str(Hello(code=hosting.code(kind), name=kind).model_dump_json())
            for feed in feeds:
                await ws.send_str(Watch(feed=feed).model_dump_json())
        people = await _people(hosting, 3)
        for n, person in enumerate(people):
            assert person.survey is not None
            person.survey.keep({"kept": f"canary{n}"})
            await person.survey.hand_in({"kept": f"canary{n} finch", "fair": "5"})
            with pytest.raises(CommandRejected, match="already"):
                await person.survey.hand_in({"kept": "twice"})
        for kind, ws in raws.items():
            for what in ("survey", "moments", "assessment", "dossier"):
                await ws.send_str(Fetch.model_validate({"id": 7, "what": what}).model_dump_json())
            await ws.send_str(HandIn(id=99, answers={"kept": "intruder"}).model_dump_json())
            heard[kind] = ""
            while '"id":99' not in heard[kind]:
                data = (await ws.receive(timeout=20)).data
                heard[kind] += data if isinstance(data, str) else zlib.decompress(data).decode()
            assert "canary" not in heard[kind], kind
            assert "not-asked" in heard[kind], kind
        assert '"answered":3,"asked":3,"closed":false' in heard["facilitator"].replace(" ", "")
        assert all("canary" not in line for line in store.load(session.id).lines)
        assert all("canary" not in repr(one) for one in store.load(session.id).openings)

        control = await hosting.control()
        with pytest.raises(CommandRejected, match="hub itself"):
            await control.submit(CloseSurvey(answers={"kept": ("made up",)}))
        assert "answers of 3" in await control.ask(EndSurvey())
        await until(lambda: (survey := control.room().survey) is not None and survey.closed)
        with pytest.raises(CommandRejected, match="closed"):
            await people[0].survey.hand_in({"kept": "late"})  # type: ignore[union-attr]
        assert (await people[0].survey.view()).closed  # type: ignore[union-attr]
    answers = session.state.evaluation.survey
    assert answers is not None and sorted(answers["kept"]) == [f"canary{n} finch" for n in range(3)]


async def test_whoever_comes_back_may_finish_and_a_crash_loses_nothing(tmp_path: Path) -> None:
    """Protects the half-written sheet of a lost terminal, and after a crash of the hub all that was handed in."""
    store = open_store(tmp_path / "s.db")
    session = ended(store)
    async with hosted(session.scenario, store, session) as hosting:
        team = session.scenario.teams[0].id
        code = hosting.code("participant", team)
        first, second = await _people(hosting, 2)
        assert first.survey is not None and second.survey is not None
        await first.survey.hand_in({"kept": "mine"})
        second.survey.keep({"kept": "half", "pace": "2"})
        await until(lambda: any(store.kept(session.id, m.key) for m in hosting.room.people.all.values()))
    store.close()
    store = open_store(tmp_path / "s.db")
    again = Session.resume(store, session.id, pace="stepped")
    async with hosted(session.scenario, store, again) as hosting:
        assert hosting.code("participant", team) == code
        first, second = await _people(hosting, 2)
        assert first.survey is not None and second.survey is not None
        assert (await first.survey.view()).handed_in and not (await second.survey.view()).handed_in
        assert second.survey.kept() == {"kept": "half", "pace": "2"}
        await second.survey.hand_in(second.survey.kept())
        # A line that breaks and mends sends again what was written; it must not stand there anew.
        second.link._written["survey"] = json.dumps({"kept": "half"})
        second.keep("survey", json.dumps({"kept": "half again"}))
        await second.survey.view()
        assert all(store.kept(session.id, m.key) == {} for m in hosting.room.people.all.values())
        room: Room = hosting.room
        assert "answers of 2" in room.surveys.close(thin=True)
    assert again.state.evaluation.survey is not None
    assert sorted(again.state.evaluation.survey["kept"]) == ["half", "mine"]
    store.close()


def test_two_hubs_at_once_lose_no_sheet(cluster: Any) -> None:
    """Protects sheets handed in at two hubs in one moment, the last of them while a third closes: all or refused."""
    address = cluster.database()
    stores = [open_store(address) for _ in range(3)]
    session = ended(stores[0])
    taken: list[str] = []

    def hub(number: int) -> None:
        for n in range(12):
            try:
                stores[number].hand_in(session.id, f"w{number}-{n}", (("kept", f"{number}-{n}"),))
            except CommandRejected:
                return
            taken.append(f"{number}-{n}")

    threads = [Thread(target=hub, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    while len(taken) < 6:
        threads[0].join(0.001)
    held = stores[2].shut_survey(session.id)
    for thread in threads:
        thread.join()

    assert sorted(text for _, text in held) == sorted(taken)
    assert stores[0].answered(session.id) - {SHUT} == {f"w{text}" for text in taken}
    for store in stores:
        store.close()


async def test_control_at_another_hub_sees_and_closes(tmp_path: Path) -> None:
    """Protects an exercise that several hubs serve: what was handed in at one counts, and is closed, at the other."""
    store = open_store(tmp_path / "s.db")
    session = ended(store)
    beside = Session.resume(store, session.id, pace="stepped")
    async with hosted(session.scenario, store, session) as here, hosted(session.scenario, store, beside) as there:
        [person] = await _people(here, 1)
        assert person.survey is not None
        await person.survey.hand_in({"kept": "from the other hub"})
        assert there.room.surveys.look()

        assert "1 person" in there.room.surveys.close(thin=True)

        with pytest.raises(CommandRejected, match="closed"):
            await person.survey.hand_in({"kept": "late"})
    store.close()
