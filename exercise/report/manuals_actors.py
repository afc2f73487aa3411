"""The part of the handbook about those whom control plays: who they are, and how each desk answers."""

from __future__ import annotations

from collections.abc import Iterator

from exercise.core.conditions import Condition
from exercise.core.requests.matters import Actor
from exercise.core.times import format_duration
from exercise.language import _
from exercise.report.blocks import Block, Facts, Heading, Paragraph, Table
from exercise.report.manuals_common import ANSWERS, Planned, alternatives, celled, kind_names, labelled, told
from exercise.report.words import upper


def actors(planned: Planned) -> Iterator[Block]:
    """Who is played by control, and how each desk answers."""
    scenario = planned.scenario
    if not scenario.actors:
        return
    yield Heading(_("Actors and their desks"), 1)
    yield Paragraph(
        _("A desk answers by itself after its time; you may answer before it does. The first line that fits is taken.")
    )
    for actor in scenario.actors:
        yield Heading(actor.name, 2)
        yield from told(actor.about, 3)
        yield from _desk(planned, actor)


def _desk(planned: Planned, actor: Actor) -> Iterator[Block]:
    scenario, desk = planned.scenario, actor.desk
    rows = [(_("How to play it"), celled(actor.notes))] if actor.notes else []
    if desk is not None:
        kinds = kind_names(scenario, desk.mandate)
        rows += [(_("Answers after"), format_duration(desk.speed)), (_("Takes"), kinds or _("every kind of request"))]
        rows += [(_("To others it says"), desk.outside)] if desk.mandate else []
        rows.append((_("If no line fits"), desk.otherwise))
    if rows:
        yield Facts(tuple(rows))
    if desk is None or not desk.replies:
        return
    yield Table(
        (_("Asked"), _("After"), _("Answer"), _("It says")),
        tuple(
            (
                _asked(planned, reply.kinds, reply.about, reply.by)
                + _only(planned, reply.when)
                + _from(planned, reply.not_before),
                format_duration(reply.after if reply.after is not None else desk.speed),
                ANSWERS[reply.answer],
                "\n".join(
                    filter(
                        None,
                        (
                            celled(reply.text),
                            labelled(_("Terms"), planned.words.handling(reply.conditions)),
                            labelled(_("Changes"), "; ".join(planned.words.effects(reply.effects))),
                        ),
                    )
                ),
            )
            for reply in desk.replies
        ),
        widths=(3, 0.9, 1, 4),
    )


def _asked(planned: Planned, kinds: tuple[str, ...], about: tuple[str, ...], by: tuple[str, ...]) -> str:
    scenario = planned.scenario
    matters = [scenario.matters_by_id[id].title for id in about if id in scenario.matters_by_id]
    parts = (
        kind_names(scenario, kinds) or _("anything"),
        _("about {matters}").format(matters=alternatives(matters)) if matters else "",
        _("by {names}").format(names=alternatives(scenario.names.get(id, id) for id in by)) if by else "",
    )
    return upper(", ".join(filter(None, parts)))


def _only(planned: Planned, condition: Condition | None) -> str:
    return "\n" + _("only if {condition}").format(condition=planned.words.condition(condition)) if condition else ""


def _from(planned: Planned, time: int | None) -> str:
    return "\n" + _("not before {time}").format(time=planned.words.time(time)) if time is not None else ""
