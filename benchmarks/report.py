"""What a report costs: a session of four hours with sixty seats, from the log's file to each form."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, get_args

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.timing import line, seconds
from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.commands import Command, ReadMessage, WriteNote
from exercise.core.scenario import Scenario
from exercise.core.teamwork.commands import Say, TakeSeat
from exercise.errors import CommandRejected
from exercise.report.compose import compose
from exercise.report.editions import report_of
from exercise.report.tables import csv_files
from exercise.report.writing import Form, files
from exercise.session.autoplay import play_on, wake_bots
from exercise.session.bots import Policy, make_bot
from exercise.session.logfile import open_log
from exercise.session.session import Session
from exercise.session.store import MemoryStore, export_log

SEATS = 15
"""In each of four teams."""
WORDS = "We have looked at this with the duty desk and will come back to you before the hour is out, as agreed."


def scenario() -> Scenario:
    """Card Storm at half its pace, each decision put twice, with fifteen roles in each team."""
    data: dict[str, Any] = load_scenario("card-storm").model_dump(mode="json", by_alias=True)
    for team in data["teams"]:
        roles = [{"id": f"desk-{number}", "name": f"Desk {number}"} for number in range(SEATS - len(team["roles"]))]
        team["roles"] += roles
        # With many at the table a bot still answers for its team.
        team["mode"] = "lead"
    for move in data["moves"]:
        move["minutes"] = _twice(move["minutes"])
        if move["plenary"]:
            move["plenary"]["minutes"] = _twice(move["plenary"]["minutes"])
    again = deepcopy(data["decisions"])
    for decision in again:
        decision["id"] += "-again"
        decision["title"] = f"{decision['title'][:180]} (again)"
    data["decisions"] += again
    return Scenario.model_validate(data)


def _twice(length: str) -> str:
    return f"{2 * int(length.removesuffix('m'))}m" if length.endswith("m") and "h" not in length else "1h"


def write(path: Path) -> int:
    """Plays it with bots that decide, and sixty people who sit, read, talk and write; returns how many entries."""
    made, reference, store = scenario(), load_reference(), MemoryStore()
    session = Session.start_new(made, reference, store, seed=1, roster={"averne": "people"}, pace="stepped")
    seats = [f"{team.id}/{role.id}" for team in made.teams for role in team.roles]
    for number, seat in enumerate(seats):
        session.submit(TakeSeat(seat=seat, name=f"Person {number}"))
    session.start()
    bots = {team.id: make_bot(Policy.COOPERATIVE, made, reference, team.id, 1) for team in made.teams}
    wake_bots(made, lambda: session.state, session.submit, bots)
    step = 0
    while play_on(made, lambda: session.state, session.submit):
        wake_bots(made, lambda: session.state, session.submit, bots)
        for command in _people(session, seats, step):
            try:
                session.submit(command)
            except CommandRejected:
                continue
        step += 1
    export_log(store, session.id, path)
    return len(session.entries)


def _people(session: Session, seats: list[str], step: int) -> Iterator[Command]:
    """At every step each third of the seats says something, and a few write it down and read their mail."""
    if session.state.clock.phase == "ended":
        return
    last = len(session.state.messages) - 1
    for number, seat in enumerate(seats):
        if (number + step) % 3 == 0:
            yield Say(seat=seat, to=seat.partition("/")[0], text=f"{WORDS} ({step})")
        if (number + step) % 7 == 0:
            yield WriteNote(seat=seat, text=f"{WORDS} ({step})")
        if (number + step) % 2 == 0:
            yield ReadMessage(seat=seat, number=max(0, last))


def main() -> None:
    """Prints the figures."""
    print("After-action report (from the log's file; one core)")
    with tempfile.TemporaryDirectory() as folder:
        long = Path(folder) / "long.jsonl"
        entries = write(long)
        log = open_log(long)
        play = log.entries[-1].play // 60
        line("log of a session of sixty seats", f"{entries:,} entries", f"{play // 60} h {play % 60} min of play")
        whole = seconds(lambda: files(compose(report_of(open_log(long))), "html", "report"))
        line("HTML, from the file to the page", f"{whole:.1f} s", "", "wanted: under 10 s")
        data = report_of(open_log(long))
        document = compose(data)
        line("  reading the log", f"{seconds(lambda: open_log(long)):.2f} s")
        line("  gathering", f"{seconds(lambda: report_of(open_log(long))):.2f} s", "with reading")
        line("  laying out, with the charts", f"{seconds(lambda: compose(data)):.2f} s")
        for form in get_args(Form):
            began = time.perf_counter()
            size = sum(map(len, files(document, form, "report").values()))
            line(f"  writing {form}", f"{time.perf_counter() - began:.2f} s", f"{size / 1e6:.1f} MB")
        line("  writing json", f"{seconds(data.model_dump_json):.2f} s")
        line("  writing csv", f"{seconds(lambda: csv_files(data)):.2f} s")
        line("anonymous edition as data", f"{seconds(lambda: report_of(open_log(long), 'anonymous')):.2f} s")


if __name__ == "__main__":
    main()
