"""What is said across the tables: words inside the team, messages to other teams and to exercise control."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exercise.core.asked import FACILITATOR
from exercise.core.teamwork.views import TalkLine
from exercise.core.views import ParticipantView
from exercise.language import _
from exercise.plain.review import find_team
from exercise.plain.words import counted, field, heading, one_line, say, story, wrapped

CONTROL = ("control", "facilitator", "exercise control")
"""What people call exercise control when they write to it."""


def page(view: ParticipantView, width: int, acts: bool = True) -> Iterator[str]:
    """All that was said to and by the team; `acts` also says how to say something."""
    yield from heading(_("Messages: {counted}").format(counted=counted(len(view.talk), "line")), width)
    for line in view.talk:
        yield from field(label(line), line.text, width)
    if not acts:
        return
    yield from say(
        _(
            "Type 'say' with a team or 'control' and your words, 'official' in the same way for what is to count as "
            "your team's word, 'talk' for your own team."
        ),
        width,
    )


def label(line: TalkLine) -> str:
    """When, from whom, to whom, and how it was meant."""
    kind = {"talk": _(", in the team"), "control": ""}.get(
        line.kind, _(", official") if line.official else _(", aside")
    )
    return _("{story}, {sender} to {to}{kind}").format(
        story=story(line.exercise), sender=one_line(line.sender), to=one_line(line.to), kind=kind
    )


def news(before: ParticipantView | None, after: ParticipantView, width: int) -> Iterator[str]:
    """What others have said since."""
    for line in after.talk[len(before.talk) if before else 0 :]:
        if line.seat != after.seat:
            yield from wrapped(
                one_line(_("Said at {label}: {text}").format(label=label(line), text=line.text)), width, hang="  "
            )


def addressee(names: Mapping[str, str], text: str) -> tuple[str, str, str]:
    """Whom a line is to, what that is called, and the words: the longest name that the line begins with."""
    typed = one_line(text)
    known = {name.casefold(): (FACILITATOR, "exercise control") for name in CONTROL}
    for id, name in names.items():
        known |= {id.casefold(): (id, name), name.casefold(): (id, name)}
    for name in sorted(known, key=len, reverse=True):
        after = typed[len(name) :]
        if typed.casefold().startswith(name) and (not after or not after[0].isalnum()):
            id, called = known[name]
            return id, called, after.lstrip(" :,")
    first, _, rest = typed.partition(" ")
    found = find_team(names, first.rstrip(":,"))
    return (found, names[found], rest) if found else ("", "", typed)
