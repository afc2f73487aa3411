"""What can come in a course, each under one short name, so that all of it is counted, compared and drawn alike.

A name is a kind, a colon, and the ids that lead there, with slashes between them: `inject:press-call`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from exercise.core.scenario import Scenario
from exercise.core.script import Decision, Lapse, ResponseOption
from exercise.core.turn import LAPSE

Kind = Literal[
    "inject", "decision", "offered", "option", "consequence", "outcome", "reply", "request", "flag", "evidence"
]
"""What a thing is:

| name                                | came where                                                             |
| ----------------------------------- | ---------------------------------------------------------------------- |
| `inject:ID`                         | it was released                                                        |
| `decision:ID`                       | it was put to its team                                                 |
| `offered:DECISION/OPTION`           | the team could have chosen it                                          |
| `option:DECISION/OPTION`            | it was chosen; `option:DECISION/lapse` where the window closed         |
| `consequence:DECISION/OPTION/INDEX` | it took effect, of an option or of the lapse, INDEX from 0             |
| `outcome:MATTER/INDEX`              | it came of a request about that matter                                 |
| `reply:ACTOR/INDEX`                 | that reply of an actor's desk was given                                |
| `request:TEAM/MATTER/KIND`          | the team sent it and it arrived (only kinds that the matter lists)     |
| `flag:ID`                           | it was raised                                                          |
| `evidence:TEAM/ID`                  | the team came to hold it                                               |
"""

Thing = str


def inject(id: str) -> Thing:
    """An inject that is released."""
    return f"inject:{id}"


def decision(id: str) -> Thing:
    """A decision that is put."""
    return f"decision:{id}"


def offered(decision: str, option: str) -> Thing:
    """An option that can be chosen."""
    return f"offered:{decision}/{option}"


def option(decision: str, option: str = LAPSE) -> Thing:
    """An option that is chosen, or the lapse."""
    return f"option:{decision}/{option}"


def consequence(decision: str, source: str, index: int) -> Thing:
    """A consequence of an option, or of the lapse."""
    return f"consequence:{decision}/{source}/{index}"


def outcome(matter: str, index: int) -> Thing:
    """An outcome of a matter."""
    return f"outcome:{matter}/{index}"


def reply(actor: str, index: int) -> Thing:
    """A reply of an actor's desk."""
    return f"reply:{actor}/{index}"


def request(team: str, matter: str, kind: str) -> Thing:
    """A request about a matter that arrives."""
    return f"request:{team}/{matter}/{kind}"


def flag(id: str) -> Thing:
    """A flag that is raised."""
    return f"flag:{id}"


def evidence(team: str, id: str) -> Thing:
    """Evidence that a team comes to hold."""
    return f"evidence:{team}/{id}"


def kind_of(thing: Thing) -> str:
    """What a thing is."""
    return thing.partition(":")[0]


def ids_of(thing: Thing) -> tuple[str, ...]:
    """The ids in a thing's name."""
    return tuple(thing.partition(":")[2].split("/"))


def answers_of(decision: Decision) -> tuple[tuple[str, ResponseOption | Lapse], ...]:
    """Every way in which a decision may end, by its name in `option:…`: the options in their order, and the lapse."""
    return (*((one.id, one) for one in decision.options), (LAPSE, decision.lapse))


def things_of(scenario: Scenario) -> Iterator[Thing]:
    """Everything that a scenario says may come, in the order of the file; requests and evidence left out.

    Who may come to hold a piece of evidence, and who may send what, follows from the rest.
    """
    for row in scenario.injects:
        yield inject(row.id)
    for put in scenario.decisions:
        yield decision(put.id)
        for one in put.options:
            yield offered(put.id, one.id)
            yield option(put.id, one.id)
        yield option(put.id)
        for source, answer in answers_of(put):
            for index in range(len(answer.consequences)):
                yield consequence(put.id, source, index)
    for matter in scenario.matters:
        for index in range(len(matter.outcomes)):
            yield outcome(matter.id, index)
    for actor in scenario.actors:
        for index in range(len(actor.desk.replies) if actor.desk else 0):
            yield reply(actor.id, index)
    for name in scenario.flags:
        yield flag(name)
