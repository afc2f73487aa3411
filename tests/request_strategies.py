"""Lives of cooperation requests at random: a world with three States that ask each other, and what they may wish."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from random import Random

from asking import world
from given import Row, inject
from hypothesis import strategies as st

from exercise.core import commands as cmd
from exercise.core.asked import FACILITATOR
from exercise.core.decide import next_instant
from exercise.core.requests import commands as rq
from exercise.core.requests.rules import may
from exercise.core.scenario import Scenario
from exercise.core.state import State


def parties_of(played: Scenario) -> tuple[str, ...]:
    """Who may do something about a request: the teams, and control for its actors."""
    return (*played.teams_by_id, FACILITATOR)


@cache
def three_askers() -> Scenario:
    """The world of `asking` with a third State, which all know, an actor that asks by itself, and a judge who signs."""
    data = world().model_dump(mode="json", by_alias=True)
    teams: dict[str, Row] = {team["id"]: team for team in data["teams"]}
    third = deepcopy(teams["belmark"]) | {"id": "cadria", "name": "Republic of Cadria", "short": "Cadria"}
    data["teams"].append(third)
    police = {"name": "Police centre", "party": "centre", "channel": "network", "via": "police"}
    for team in (teams["averne"], teams["belmark"]):
        team["directory"].append({"name": "Cadria CERT", "party": "cadria", "channel": "mail", "via": "cert"})
    for team in (teams["belmark"], third):
        team["directory"].append(police)
    third["directory"].append({"name": "Belmark 24/7", "party": "belmark", "channel": "phone", "via": "contact-24-7"})
    asked = {"by": "centre", "via": "police", "subject": "A name.", "deadline": "T+3:00"}
    data["injects"] += [
        inject("centre-asks", at="T+1:00", request=asked | {"kind": "preservation", "to": "belmark"}),
        inject(
            "centre-gives",
            at="T+1:30",
            request=asked
            | {"kind": "warning", "to": "cadria", "encloses": ["record"], "handling": {"purpose": "investigation"}},
        ),
        inject("judge", at="T+2:00", effects=[{"flag": "order"}, {"flag": "told"}]),
    ]
    return Scenario.model_validate(data)


@dataclass(frozen=True)
class RequestWish:
    """What somebody is about to do with a request; the dice say the rest, by what then stands open."""

    kind: str
    seed: int
    number: int
    """Its place in the life, which makes its words its own."""

    @property
    def words(self) -> str:
        """Words that nobody else writes."""
        return f"words quetzal-{self.number}-quetzal here"


_REQUEST_KINDS = (
    *["send"] * 6,
    *["answer"] * 5,
    *["fulfil"] * 3,
    *["take"] * 3,
    *["mend", "acknowledge"] * 2,
    *["clock"] * 4,
    *["withdraw", "wild", "close", "order"],
)

request_wishes: st.SearchStrategy[list[RequestWish]] = st.builds(
    lambda seed, length: [
        RequestWish(dice.choice(_REQUEST_KINDS), dice.randrange(2**32), number)
        for dice in [Random(seed)]
        for number in range(length)
    ],
    st.integers(0, 2**32),
    st.integers(0, 50),
)
"""The lives of some requests, by the throw of dice: most steps can be taken, some cannot."""


def request_command(wish: RequestWish, played: Scenario, state: State) -> cmd.Command:
    """The command that such a wish leads to where the exercise stands now."""
    dice, play = Random(wish.seed), state.clock.play
    play += dice.choice([0, 0, 0, 1, 20])
    match wish.kind:
        case "close" if dice.random() < 0.4:
            return cmd.CloseMove(play=play)
        case "clock" | "close":
            instant = next_instant(played, state)
            return cmd.AdvanceClock(play=instant if instant is not None and dice.random() < 0.7 else play + 60)
        case "order":
            return cmd.ReleaseInject(inject=dice.choice(played.injects).id, play=play)
        case "send":
            return _sending(wish, dice, played, state, play)
    return _about(wish, dice, played, state, play)


def _handling(dice: Random) -> Row | None:
    if dice.random() < 0.4:
        return None
    row: Row = {
        "tlp": dice.choice(["red", "amber", "green", "clear"]),
        "purpose": dice.choice(["any", "any", "defence", "investigation"]),
        "words": dice.choice(["", "", "Ask first.", "Not to the press."]),
    }
    return row


def _some(dice: Random, held: Iterable[str]) -> list[str]:
    names = list(held)
    return dice.sample(names, dice.randint(0, min(2, len(names)))) if dice.random() < 0.95 else ["ghost"]


def _sending(wish: RequestWish, dice: Random, played: Scenario, state: State, play: int) -> cmd.Command:
    team = dice.choice(played.teams)
    entry = dice.randint(1, len(team.directory))
    via = team.directory[entry - 1].via
    fit = [kind.id for kind in played.request_kinds if via in kind.channels]
    kind = dice.choice(fit) if fit and dice.random() < 0.9 else dice.choice(played.request_kinds).id
    elements = played.kinds_by_id[kind].elements
    deadline = state.clock.exercise + dice.choice([600, 1800, 5400])
    data = {
        "seat": team.id,
        "kind": kind,
        "contact": entry,
        "matter": dice.choice([None, *(matter.id for matter in (*played.matters[:1], *played.matters))]),
        "subject": f"subject {wish.words}",
        "content": {part.id: f"{part.id} {wish.words}" for part in elements if dice.random() < 0.6},
        "handling": _handling(dice),
        "deadline": dice.choice([None, deadline, deadline]),
        "encloses": _some(dice, state.knowledge.get(team.id, ())),
        "play": play,
    }
    return rq.SendRequest.model_validate(data)


_VERBS = {"take": "take-conditions", "wild": "answer"}


def _about(wish: RequestWish, dice: Random, played: Scenario, state: State, play: int) -> cmd.Command:
    # Mostly somebody who may do it; now and then anybody, to any request.
    open_to = [
        (party, number)
        for party in parties_of(played)
        for number, id in enumerate(state.boards.get(party, ()), 1)
        if _VERBS.get(wish.kind, wish.kind) in may(played, state, state.requests[id], party)
    ]
    if open_to and dice.random() < 0.8:
        party, number = dice.choice(open_to)
    else:
        party = dice.choice(parties_of(played))
        number = dice.randint(1, len(state.boards.get(party, ())) + 1)
    board = state.boards.get(party, ())
    request = state.requests[board[number - 1]] if number <= len(board) else None
    revision = request.revision if request and dice.random() < 0.95 else 7
    base: Row = {"seat": party, "request": number, "play": play}
    current = base | {"revision": revision}
    match wish.kind:
        case "answer":
            how = dice.choice(["accept", "accept", "part", "conditional", "refuse", "ask-back"])
            more: Row = {
                "answer": how,
                "text": wish.words,
                "conditions": _handling(dice),
                "days": dice.choice([None, 30]),
            }
            return rq.AnswerRequest.model_validate(current | more)
        case "mend":
            elements = played.kinds_by_id[request.kind].elements if request else ()
            said = {part.id: f"{part.id} {wish.words}" for part in elements if dice.random() < 0.8}
            return rq.MendRequest.model_validate(current | {"content": said})
        case "take":
            return rq.TakeConditions.model_validate(current | {"accept": dice.random() < 0.8, "text": wish.words})
        case "fulfil":
            encloses = _some(dice, state.knowledge.get(party, [played.evidence[0].id]))
            more = {"text": wish.words, "encloses": encloses, "handling": _handling(dice)}
            return rq.FulfilRequest.model_validate(current | more)
        case "withdraw":
            return rq.WithdrawRequest.model_validate(base | {"text": wish.words})
        case "wild":
            return rq.AnswerRequest.model_validate(current | {"answer": "refuse", "ground": "ghost"})
    return rq.AcknowledgeRequest.model_validate(base)
