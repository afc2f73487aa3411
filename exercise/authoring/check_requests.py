"""What `exercise check` finds in all that concerns requests: contacts, matters, desks, injects that ask, own kinds."""

from __future__ import annotations

from collections.abc import Iterable

from exercise.authoring.checking import Checking, own_channels, own_kinds
from exercise.authoring.nearest import did_you_mean
from exercise.authoring.problems import Path
from exercise.core.requests.kinds import Handling, Purpose, RequestKind
from exercise.core.requests.matters import Desk, Matter, Outcome, Reply
from exercise.core.script import IncomingRequest, Inject

NOTHING_HELD = "nothing-held"
"""The ground that every desk may give, whatever the kind."""


def check_requests(checking: Checking) -> None:
    """Says every error in what concerns requests."""
    scenario = checking.scenario
    _own_kinds(checking)
    for n, team in enumerate(scenario.teams):
        for m, contact in enumerate(team.directory):
            here: Path = ("teams", n, "directory", m)
            if contact.via is not None:
                checking.name("channel", contact.via, (*here, "via"))
                if contact.party == team.id:
                    checking.say((*here, "party"), "a team sends no requests to itself; leave `via` out here")
    for n, piece in enumerate(scenario.evidence):
        _party(checking, piece.giver, ("evidence", n, "giver"))
        _handling(checking, piece.handling, ("evidence", n, "handling"))
    for n, matter in enumerate(scenario.matters):
        _matter(checking, matter, ("matters", n))
    for n, actor in enumerate(scenario.actors):
        if actor.desk is not None:
            _desk(checking, actor.desk, ("actors", n, "desk"))
    for n, inject in enumerate(scenario.injects):
        if inject.request is not None:
            _incoming(checking, inject, inject.request, ("injects", n, "request"))


def _own_kinds(checking: Checking) -> None:
    channels, kinds = own_channels(checking.scenario), own_kinds(checking.scenario)
    checking.twice([channel.id for channel in channels], ("request_channels",))
    checking.twice([kind.id for kind in kinds], ("request_kinds",))
    for n, channel in enumerate(channels):
        checking.names("commitment", channel.clauses, ("request_channels", n, "clauses"))
    for n, kind in enumerate(kinds):
        here: Path = ("request_kinds", n)
        if kind.id == "any":
            checking.say((*here, "id"), "'any' stands for every kind in conditions; call this kind otherwise")
        checking.names("commitment", kind.basis, (*here, "basis"))
        checking.names("channel", kind.channels, (*here, "channels"))
        checking.twice([element.id for element in kind.elements], (*here, "elements"))
        checking.twice([ground.id for ground in kind.grounds], (*here, "grounds"))
        for m, ground in enumerate(kind.grounds):
            if ground.clause:
                checking.name("commitment", ground.clause, (*here, "grounds", m, "clause"))
        for detector, names in kind.marks.items():
            checking.names("commitment", names, (*here, "marks", detector))


def _matter(checking: Checking, matter: Matter, path: Path) -> None:
    checking.names("team", matter.teams, (*path, "teams"))
    checking.names("kind", matter.kinds, (*path, "kinds"))
    _party(checking, matter.holder, (*path, "holder"))
    checking.names("evidence", matter.gives, (*path, "gives"))
    checking.names("evidence", matter.part, (*path, "part"))
    checking.condition(matter.known, (*path, "known"))
    checking.condition(matter.ready, (*path, "ready"))
    for n, outcome in enumerate(matter.outcomes):
        _outcome(checking, outcome, (*path, "outcomes", n))


def _outcome(checking: Checking, outcome: Outcome, path: Path) -> None:
    checking.names("kind", outcome.kinds, (*path, "kinds"))
    # An actor raises a matter too, where it asks a team by an inject.
    checking.names("party", outcome.by, (*path, "by"))
    checking.condition(outcome.when, (*path, "when"))
    checking.audience(outcome.to, (*path, "to"))
    checking.effects(outcome.effects, (*path, "effects"))


def _desk(checking: Checking, desk: Desk, path: Path) -> None:
    checking.names("kind", desk.mandate, (*path, "mandate"))
    for n, reply in enumerate(desk.replies):
        here = (*path, "replies", n)
        checking.names("kind", reply.kinds, (*here, "kinds"))
        checking.names("matter", reply.about, (*here, "about"))
        checking.names("team", reply.by, (*here, "by"))
        checking.condition(reply.when, (*here, "when"))
        checking.names("evidence", reply.gives, (*here, "gives"))
        checking.effects(reply.effects, (*here, "effects"))
        _handling(checking, reply.conditions, (*here, "conditions"))
        _late(checking, reply.not_before, (*here, "not_before"))
        if reply.answer == "conditional" and (reply.conditions is None or not reply.conditions.binds):
            text = "a conditional answer says in `conditions` what binds: a tlp of red or amber, a purpose, or words"
            checking.say((*here, "conditions"), text)
        _ground(checking, reply, desk, (*here, "ground"))


def _ground(checking: Checking, reply: Reply, desk: Desk, path: Path) -> None:
    """A ground is one of each kind that the reply is for, or for any kind one of some kind that the desk takes."""
    if not reply.ground or reply.ground == NOTHING_HELD:
        return
    by_id = checking.scenario.kinds_by_id
    if reply.kinds:
        for kind in (by_id[name] for name in reply.kinds if name in by_id):
            grounds = [ground.id for ground in kind.grounds]
            if reply.ground not in grounds:
                near = did_you_mean(reply.ground, grounds) or _known([*grounds, NOTHING_HELD])
                checking.say(path, f"kind '{kind.id}' knows no ground '{reply.ground}'{near}")
        return
    taken: Iterable[RequestKind] = (by_id[name] for name in desk.mandate or by_id if name in by_id)
    known = {ground.id for kind in taken for ground in kind.grounds}
    if reply.ground not in known:
        near = did_you_mean(reply.ground, known)
        checking.say(path, f"no kind that this desk takes knows a ground '{reply.ground}'{near}")


def _incoming(checking: Checking, inject: Inject, asked: IncomingRequest, path: Path) -> None:
    scenario = checking.scenario
    if asked.by in scenario.teams_by_id:
        text = f"'{asked.by}' is a team, and teams ask for themselves; an inject asks for an actor"
        checking.say((*path, "by"), text)
    else:
        checking.name("actor", asked.by, (*path, "by"))
    checking.name("team", asked.to, (*path, "to"))
    checking.name("kind", asked.kind, (*path, "kind"))
    checking.name("channel", asked.via, (*path, "via"))
    if asked.matter is not None:
        checking.name("matter", asked.matter, (*path, "matter"))
    checking.names("evidence", asked.encloses, (*path, "encloses"))
    _handling(checking, asked.handling, (*path, "handling"))
    _late(checking, asked.deadline, (*path, "deadline"))
    if asked.deadline is not None and inject.at is not None and asked.deadline <= inject.at:
        checking.say((*path, "deadline"), "this time has passed when the inject comes")
    kind = scenario.kinds_by_id.get(asked.kind)
    elements = [element.id for element in kind.elements] if kind else []
    for key, said in (("content", asked.content), ("mends", asked.mends)):
        for name in said if kind else ():
            if name not in elements:
                near = did_you_mean(name, elements) or _known(elements)
                checking.say((*path, key, name), f"kind '{asked.kind}' has no element '{name}'{near}")


def _party(checking: Checking, name: str | None, path: Path) -> None:
    if name is not None:
        checking.name("party", name, path)


def _late(checking: Checking, time: int | None, path: Path) -> None:
    if time is not None and time > checking.scenario.moves[-1].ends:
        checking.say(path, "this time is after the end of the last move, so it never comes")


def _handling(checking: Checking, handling: Handling | None, path: Path) -> None:
    if handling is not None and handling.purpose is Purpose.PUBLIC:
        text = "'public' is no limit on a use; leave the purpose out and say by tlp: clear that it may go to anyone"
        checking.say((*path, "purpose"), text)


def _known(names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f"; known are: {listed}" if listed else ""
