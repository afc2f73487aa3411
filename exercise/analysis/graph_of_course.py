"""The course of a scenario as graphs, one for each team and move: what brings what, how often, and what never comes.

What leads to another move, or to another team, is drawn as a small box that links there, so that no graph grows past
what a person can read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from exercise.analysis import things
from exercise.analysis.explored import Explored
from exercise.analysis.finding_dead import bearer_of
from exercise.analysis.things import Thing
from exercise.core.scenario import Scenario
from exercise.core.script import ChangeIndicator, Consequence, Learn, SetFlag
from exercise.core.times import tell_exercise_time
from exercise.core.timetable import timetable
from exercise.core.turn import LAPSE

_DRAWN = ("inject", "decision", "option", "consequence")
_MOST_OUTSIDE = 4
"""Links out of one box; what leads to more says how many."""


@dataclass(frozen=True)
class Node:
    """One box."""

    id: str
    kind: str
    """inject, decision, option, lapse, consequence, clock, or link."""
    text: str
    courses: int
    dead: bool
    href: str = ""

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types, as the page's script reads them."""
        return {
            "id": self.id,
            "kind": self.kind,
            "text": self.text,
            "courses": self.courses,
            "dead": self.dead,
            "href": self.href,
        }


@dataclass
class Graph:
    """One team in one move."""

    team: str
    move: int
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[tuple[str, str], int] = field(default_factory=dict)
    """How many courses went along it; 0 for what none did."""

    @property
    def anchor(self) -> str:
        """Where it stands in the page."""
        return f"graph-{self.team}-{self.move + 1}"

    def as_data(self, courses: int) -> dict[str, Any]:
        """Plain JSON types, as the page's script reads them."""
        return {
            "anchor": self.anchor,
            "courses": courses,
            "nodes": [node.as_data() for node in self.nodes.values()],
            "edges": [{"from": a, "to": b, "courses": often} for (a, b), often in self.edges.items()],
        }


def graphs(scenario: Scenario, explored: Explored) -> tuple[Graph, ...]:
    """A graph for each team and move in which the team has anything to decide."""
    return _Drawing(scenario, explored).graphs()


class _Drawing:
    def __init__(self, scenario: Scenario, explored: Explored) -> None:
        self.scenario = scenario
        self.explored = explored
        self.came = explored.figures.came
        self.edges = {
            pair: often
            for pair, often in explored.figures.edges.items()
            if things.kind_of(pair[0]) in _DRAWN and things.kind_of(pair[1]) in _DRAWN
        }
        for pair in self._declared():
            self.edges.setdefault(pair, 0)
        self.moves = _moves(scenario, explored)

    def graphs(self) -> tuple[Graph, ...]:
        found = {
            (team, move): Graph(team, move)
            for team in self.scenario.teams_by_id
            for move in range(len(self.scenario.moves))
        }
        for decision in self.scenario.decisions:
            graph = found[decision.team, self.moves[things.decision(decision.id)]]
            for thing in self._of_decision(decision.id):
                graph.nodes[thing] = self._node(thing)
        homes = {thing: graph for graph in found.values() for thing in graph.nodes}
        for (a, b), often in sorted(self.edges.items()):
            self._edge(homes, a, b, often)
        for graph in found.values():
            self._timed(graph)
        return tuple(graph for graph in found.values() if graph.nodes)

    def _timed(self, graph: Graph) -> None:
        """Puts the hour before what comes by the clock alone, so that every row begins with what brings it."""
        reached = {b for _, b in graph.edges}
        for thing in list(graph.nodes):
            if things.kind_of(thing) != "decision" or thing in reached:
                continue
            row = self.scenario.decisions_by_id[things.ids_of(thing)[0]]
            if row.at is not None:
                text = tell_exercise_time(row.at)
            elif row.minute is not None:
                text = f"{row.minute // 60} minutes into the move"
            else:
                continue
            graph.nodes[f"at {thing}"] = Node(f"at {thing}", "clock", text, self.came[thing], False, f"#{slug(thing)}")
            graph.edges[f"at {thing}", thing] = self.came[thing]

    def _edge(self, homes: dict[Thing, Graph], a: Thing, b: Thing, often: int) -> None:
        one, other = homes.get(a), homes.get(b)
        if one is not None and one is other:
            one.edges[a, b] = often
            return
        if one is None and other is not None and things.kind_of(a) == "inject":
            # An inject belongs to no team: it stands in the graph of every decision that it brings.
            other.nodes[a] = self._node(a)
            other.edges[a, b] = often
            return
        if one is not None:
            target = self._outside(b, other)
            if sum(1 for pair in one.edges if pair[0] == a and pair[1].startswith("to ")) < _MOST_OUTSIDE:
                one.nodes[target.id] = target
                one.edges[a, target.id] = often

    def _outside(self, thing: Thing, home: Graph | None) -> Node:
        """A small box for what stands elsewhere."""
        where = ""
        href = f"#{slug(thing)}"
        if home is not None:
            where = f" ({self.scenario.teams_by_id[home.team].short}, move {home.move + 1})"
            href = f"#{home.anchor}"
        elif things.kind_of(thing) == "inject":
            where = f" (move {self.moves[thing] + 1})"
        text = f"→ {self._text(thing)}{where}"
        return Node(f"to {thing}", "link", text, self.came[thing], not self.came[thing], href)

    def _of_decision(self, id: str) -> Iterator[Thing]:
        decision = self.scenario.decisions_by_id[id]
        yield things.decision(id)
        for source in (*(option.id for option in decision.options), LAPSE):
            yield things.option(id, source)
            for index in range(len(bearer_of(decision, source).consequences)):
                yield things.consequence(id, source, index)

    def _declared(self) -> Iterator[tuple[Thing, Thing]]:
        """What the file says brings what, so that what never came is drawn as well."""
        for decision in self.scenario.decisions:
            if decision.follows is not None:
                yield things.inject(decision.follows), things.decision(decision.id)
            for thing in self._of_decision(decision.id):
                match things.kind_of(thing), things.ids_of(thing):
                    case "option", _:
                        yield things.decision(decision.id), thing
                    case "consequence", (_, source, _):
                        yield things.option(decision.id, source), thing

    def _node(self, thing: Thing) -> Node:
        kind, ids = things.kind_of(thing), things.ids_of(thing)
        if kind == "option" and ids[1] == LAPSE:
            kind = "lapse"
        return Node(thing, kind, self._text(thing), self.came[thing], not self.came[thing], f"#{slug(thing)}")

    def _text(self, thing: Thing) -> str:
        kind, ids = things.kind_of(thing), things.ids_of(thing)
        match kind:
            case "inject":
                return self.scenario.injects_by_id[ids[0]].title
            case "decision":
                return self.scenario.decisions_by_id[ids[0]].title
            case "option":
                if ids[1] == LAPSE:
                    return "No answer"
                decision = self.scenario.decisions_by_id[ids[0]]
                return next(option.title for option in decision.options if option.id == ids[1])
            case _:
                return said_of(bearer_of(self.scenario.decisions_by_id[ids[0]], ids[1]).consequences[int(ids[2])])


def said_of(came: Consequence) -> str:
    """A consequence in a few words: its title, or what it changes unseen."""
    if came.text:
        return came.title
    changed = [
        f"{e.indicator} {e.by:+g}" if isinstance(e, ChangeIndicator) and e.by is not None
        else e.indicator if isinstance(e, ChangeIndicator)
        else f"flag {e.flag}" if isinstance(e, SetFlag)
        else f"learns {e.learn}" if isinstance(e, Learn)
        else f"clears {e.clear}"
        for e in came.effects
    ]  # fmt: skip
    return "unseen: " + ", ".join(changed) if changed else "nothing"


def slug(thing: Thing) -> str:
    """The anchor of a thing in the page."""
    return "t-" + thing.replace(":", "-").replace("/", "-")


def _moves(scenario: Scenario, explored: Explored) -> dict[Thing, int]:
    """The move in which each inject and decision mostly came; where it never did, that of its time, else the last."""
    last = len(scenario.moves) - 1
    found = {things.inject(row.id): last for row in scenario.injects}
    found |= {things.decision(row.id): last for row in scenario.decisions}
    table = timetable(scenario)
    timed = [slot for slots in table.timed for slot in slots]
    timed += [item.slot for item in table.pending if item.slot is not None]
    found |= {f"{slot.kind}:{slot.row.id}": slot.move for slot in timed}
    most: dict[Thing, int] = {}
    for (thing, move), often in sorted(explored.figures.moves.items()):
        if thing in found and often > most.get(thing, 0):
            most[thing], found[thing] = often, move
    return found
