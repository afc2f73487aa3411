"""The whole course in one picture: every decision in the lane of its move, and which decisions bear on which.

The graphs of teams and moves show how; this one shows where to look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape

from exercise.analysis import things
from exercise.analysis.explored import Explored
from exercise.analysis.graph_of_course import Graph, slug
from exercise.analysis.things import Thing
from exercise.core.scenario import Scenario

_BOX, _HIGH, _GAP = 176, 34, 10
_LANE = _BOX + 74
_LEFT, _TOP = 86, 30
_LONGEST = 25


def bearings(explored: Explored) -> Mapping[tuple[str, str], int]:
    """Decisions that bear on another, in how many courses: on its being put, on what it offers, on what came of it.

    What stands between, such as an inject that an answer brought, is passed over.
    """
    onward: dict[Thing, list[tuple[Thing, int]]] = {}
    for (a, b), often in explored.figures.edges.items():
        onward.setdefault(a, []).append((b, often))
    found: Counter[tuple[str, str]] = Counter()
    for thing in list(onward):
        if things.kind_of(thing) not in ("option", "consequence"):
            continue
        home = things.ids_of(thing)[0]
        for target, often in _reached(thing, onward):
            if target != home:
                found[home, target] = max(found[home, target], often)
    return found


def _reached(start: Thing, onward: Mapping[Thing, list[tuple[Thing, int]]]) -> Iterator[tuple[str, int]]:
    """The decisions that something leads to, by way of injects alone, with the thinnest stretch of the way."""
    seen, left = {start}, [(start, 10**9)]
    while left:
        thing, most = left.pop()
        for after, often in onward.get(thing, ()):
            kind, width = things.kind_of(after), min(most, often)
            if kind in ("decision", "offered", "consequence"):
                yield things.ids_of(after)[0], width
            elif kind == "inject" and after not in seen:
                seen.add(after)
                left.append((after, width))


def overview(scenario: Scenario, explored: Explored, drawn: tuple[Graph, ...]) -> str:
    """The picture: moves are lanes from left to right, teams rows; boxes lead to the graphs."""
    cells: dict[tuple[str, int], list[str]] = {}
    for graph in drawn:
        ids = [things.ids_of(thing)[0] for thing in graph.nodes if things.kind_of(thing) == "decision"]
        cells[graph.team, graph.move] = ids
    places: dict[str, tuple[float, float]] = {}
    parts: list[str] = []
    y, right = float(_TOP), _LEFT + len(scenario.moves) * _LANE
    for team in scenario.teams:
        rows = max((len(ids) for (whose, _), ids in cells.items() if whose == team.id), default=0)
        if not rows:
            continue
        parts.append(f'<text class="lane" x="4" y="{y + 21}">{_words(team.short, 12)}</text>')
        for (whose, move), ids in cells.items():
            if whose == team.id:
                places |= {id: (_LEFT + move * _LANE, y + n * (_HIGH + _GAP)) for n, id in enumerate(ids)}
        y += rows * (_HIGH + _GAP) + 14
        parts.append(f'<line class="scale" x1="0" x2="{right}" y1="{y - 12}" y2="{y - 12}"/>')
    for number, lane in enumerate(scenario.moves):
        x = _LEFT + number * _LANE
        parts.append(f'<text class="lane" x="{x}" y="16">{number + 1}. {_words(lane.title, 26)}</text>')
    links = [(pair, often) for pair, often in sorted(bearings(explored).items()) if {*pair} <= places.keys()]
    parts += [_link(places[a], places[b], often / explored.courses) for (a, b), often in links]
    bears = Counter(a for (a, _), _ in links)
    homes = {id: graph.anchor for graph in drawn for id in cells[graph.team, graph.move]}
    parts += [_box(scenario, explored, id, place, bears[id], homes[id]) for id, place in places.items()]
    # Room for the lines that swing out beside the last lane.
    wide = right - _LANE + _BOX + 30
    said = f"{len(places)} decisions in {len(scenario.moves)} moves; {len(links)} times one bears on another"
    return (
        f'<svg class="overview" viewBox="0 0 {wide} {y:.0f}" width="{wide}" height="{y:.0f}" role="group" '
        f'aria-label="{escape(said)}">{"".join(parts)}</svg>'
    )


def _box(scenario: Scenario, explored: Explored, id: str, place: tuple[float, float], bears: int, anchor: str) -> str:
    x, y = place
    row = scenario.decisions_by_id[id]
    dead = not explored.figures.came[things.decision(id)]
    said = f"{row.title}, bears on {bears} other decisions" + (", never put" if dead else "")
    return (
        f'<a href="#{anchor}" class="node decision{" dead" if dead else ""}" aria-label="{escape(said)}">'
        f"<title>{escape(said)}</title>"
        f'<rect x="{x}" y="{y}" width="{_BOX}" height="{_HIGH}"/><text x="{x + 7}" y="{y + 14}">'
        f'{_words(row.title, _LONGEST)}</text><text class="count" x="{x + 7}" y="{y + 27}">'
        f"{'never put' if dead else f'bears on {bears}' if bears else 'bears on no other'}</text></a>"
    )


def _link(one: tuple[float, float], other: tuple[float, float], share: float) -> str:
    """A line from box to box, bent so that those within one lane swing out on the right."""
    (x1, y1), (x2, y2) = one, other
    start, end = (x1 + _BOX, y1 + _HIGH / 2), (x2, y2 + _HIGH / 2)
    if x2 <= x1:
        end = (x2 + _BOX, y2 + _HIGH / 2)
        bend = max(start[0], end[0]) + 30
        path = f"M{start[0]},{start[1]}C{bend},{start[1]} {bend},{end[1]} {end[0]},{end[1]}"
    else:
        middle = (start[0] + end[0]) / 2
        path = f"M{start[0]},{start[1]}C{middle},{start[1]} {middle},{end[1]} {end[0]},{end[1]}"
    return f'<path class="edge" d="{path}" stroke-width="{0.7 + 4 * share:.2f}"/>'


def _words(text: str, most: int) -> str:
    return escape(text if len(text) <= most else text[: most - 1] + "…")


def in_words(scenario: Scenario, explored: Explored) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The same as text: each decision, as its anchor and title, with those that it bears on."""
    found = bearings(explored)
    for decision in scenario.decisions:
        others = tuple(scenario.decisions_by_id[b].title for a, b in sorted(found) if a == decision.id)
        yield f"#{slug(things.decision(decision.id))}", (decision.title, *others)
