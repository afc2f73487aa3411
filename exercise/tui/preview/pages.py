"""The pages of a preview in the story's order, each as light Markdown, from the same parts as the screens of play."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exercise.authoring.everything import Everything
from exercise.core.script import Decision, Inject, Move
from exercise.core.times import tell_exercise_time
from exercise.core.views import ParticipantView
from exercise.language import _
from exercise.tui.preview.control import Control
from exercise.tui.screens.briefing import briefing_text
from exercise.tui.screens.directory import contact_card
from exercise.tui.widgets.inbox import letter
from exercise.tui.widgets.request_words import handling_text
from exercise.tui.widgets.telling import course_text, decision_text
from exercise.tui.widgets.words import plain

__all__ = ["Page", "pages"]


@dataclass(frozen=True, slots=True)
class Page:
    """One thing to read; without text it is a heading of the list. `id` is stable while its author edits it."""

    id: str
    title: str
    text: str = ""
    when: str = ""
    sign: str = ""
    """What it is: a letter for the list, such as ◆ for a decision."""


def pages(everything: Everything, seat: str, *, control: bool) -> list[Page]:
    """All that a seat comes to read, in time order; with `control` everything there is, and what only control reads."""
    return list(_Pages(everything, seat, control).all())


class _Pages:
    def __init__(self, everything: Everything, seat: str, control: bool) -> None:
        self._everything, self._seat = everything, seat
        self._scenario = everything.scenario
        self._view = everything.view(seat)
        self._control = Control(everything.scenario) if control else None
        self._mine = everything.inject_of(seat)

    def all(self) -> Iterator[Page]:
        """Every page."""
        view, control = self._view, self._control
        yield Page("#before", _("Before the start"))
        if control is not None:
            yield from control.before()
        yield Page("briefing", _("Briefing"), briefing_text(view), sign="≡")
        yield Page("directory", _("Contact directory"), _directory(view), sign="≡")
        if view.matters:
            yield Page("asks", _("What can be asked about"), self._asks(view), sign="≡")
        if view.evidence:
            yield Page("evidence", _("What may come to be held"), _evidence(view), sign="≡")
        if view.indicators:
            yield Page("situation", _("The situation at the start"), _situation(view), sign="≡")
        for number, move in enumerate(self._scenario.moves):
            yield from self._move(number, move)
        loose = list(self._rows(len(self._scenario.moves)))
        if loose:
            yield Page("#loose", _("On a condition, at any time"))
            yield from loose
        team = seat_team(self._seat)
        questions = [q.text for q in self._scenario.hot_wash if q.team in (None, team) or control is not None]
        if questions:
            yield Page("#after", _("After the end"))
            yield Page("hot-wash", _("Questions of the hot wash"), _questions(_("Hot wash"), "", questions), sign="≡")
        if control is not None:
            yield from control.after()

    def _move(self, number: int, move: Move) -> Iterator[Page]:
        length = _("{minutes} min").format(minutes=move.minutes // 60)
        yield Page(f"#{move.id}", _("Move {number}: {title}").format(number=number + 1, title=move.title), when=length)
        if move.text:
            text = f"## {plain(move.title)}\n\n{move.text}"
            yield Page(f"move:{move.id}", _("Read out as it opens"), text, tell_exercise_time(move.starts), "≡")
        yield from self._rows(number)
        if move.plenary is not None:
            text = _questions(_("Plenary"), move.plenary.text, move.plenary.questions)
            yield Page(
                f"plenary:{move.id}",
                _("Plenary"),
                text,
                _("{minutes} min").format(minutes=move.plenary.minutes // 60),
                "≡",
            )

    def _rows(self, move: int) -> Iterator[Page]:
        for row in self._everything.rows:
            if self._everything.places[row.id].move == move:
                page = self._inject(row) if isinstance(row, Inject) else self._decision(row)
                if page is not None:
                    yield page

    def _inject(self, inject: Inject) -> Page | None:
        place = self._mine.get(inject.id)
        when = self._when(inject)
        if place is None:
            # Control reads what goes to others too, as those read it.
            return self._of_others(inject, when) if self._control is not None else None
        item = self._view.inbox[place]
        text = letter(item, self._view.clock)
        if inject.request is not None and inject.request.to == seat_team(self._seat):
            text += self._request(inject)
        if self._control is not None:
            text += self._control.inject(inject)
        return Page(f"inject:{inject.id}", item.title, text, when, "●")

    def _of_others(self, inject: Inject, when: str) -> Page:
        seat = next((seat for seat in self._everything.seats if inject.id in self._everything.inject_of(seat)), "")
        assert self._control is not None
        told = self._control.inject(inject)
        if not seat:
            return Page(
                f"inject:{inject.id}",
                inject.title,
                f"## {plain(inject.title)}\n\n{inject.text}{told}",
                when,
                "●",
            )
        view = self._everything.view(seat)
        item = view.inbox[self._everything.inject_of(seat)[inject.id]]
        short = view.team_short
        return Page(f"inject:{inject.id}", f"{short}: {item.title}", letter(item, view.clock) + told, when, "●")

    def _request(self, inject: Inject) -> str:
        """The request that comes with an inject, as it then stands on the board."""
        asked = inject.request
        assert asked is not None
        kind = self._scenario.kinds_by_id.get(asked.kind)
        channel = self._scenario.channels_by_id.get(asked.via)
        lines = [
            "",
            "",
            "---",
            "",
            "### " + _("On the board of requests: {kind}").format(kind=plain(kind.name if kind else asked.kind)),
            "",
        ]
        by = self._scenario.names.get(asked.by, asked.by)
        lines.append(
            _("**By** {plain}, {plain2}  ").format(
                plain=plain(by), plain2=plain(channel.name if channel else asked.via)
            )
        )
        if asked.subject:
            lines.append(_("**About** {plain}  ").format(plain=plain(asked.subject)))
        if asked.deadline is not None:
            lines.append(_("**Answer wanted by** {time}  ").format(time=tell_exercise_time(asked.deadline)))
        if asked.handling is not None:
            lines.append(_("**Conditions** {plain}  ").format(plain=plain(handling_text(asked.handling))))
        names = {element.id: element.name for element in kind.elements} if kind else {}
        lines += [f"**{plain(names.get(id, id))}** {plain(text)}  " for id, text in asked.content.items()]
        return "\n".join(lines)

    def _decision(self, decision: Decision) -> Page | None:
        mine = decision.team == seat_team(self._seat)
        if not mine and self._control is None:
            return None
        view = self._view if mine else self._everything.view(decision.team)
        shown = next(one for one in view.decisions if one.id == decision.id)
        text = decision_text(shown, "" if mine else view.team_short)
        text += _("\n\n*Open for {minutes} min.*").format(minutes=decision.window // 60)
        if shown.free_prompt is not None:
            text += _("\n\n**✎) In your own words**\n\n{plain}").format(plain=plain(shown.free_prompt))
        if self._control is not None:
            text += self._control.decision(decision)
        else:
            text += _("\n\n---\n\n*If nobody answers:* {text}").format(text=decision.lapse.text)
        title = shown.title if mine else f"{view.team_short}: {shown.title}"
        return Page(f"decision:{decision.id}", title, text, self._when(decision), "◆" if mine else "◇")

    def _when(self, row: Inject | Decision) -> str:
        place = self._everything.places[row.id]
        if place.move == len(self._scenario.moves):
            return "?"
        return tell_exercise_time(place.exercise) + ("?" if row.when is not None else "")

    def _asks(self, view: ParticipantView) -> str:
        kinds = {kind.id: kind.name for kind in view.kinds}
        parts = ["## " + _("What can be asked about")]
        for matter in view.matters:
            names = [kinds[kind] for kind in matter.kinds or () if kind in kinds]
            by = _("\n\n*Asked or told as:* {plain}").format(plain=plain(", ".join(names))) if names else ""
            parts.append(f"### {plain(matter.title)}\n\n{matter.text}{by}")
            if self._control is not None:
                parts.append(self._control.matter(self._scenario.matters_by_id[matter.id]))
        return "\n\n".join(part for part in parts if part)


def seat_team(seat: str) -> str:
    """The team of a seat."""
    return seat.partition("/")[0]


def _directory(view: ParticipantView) -> str:
    return "\n\n---\n\n".join(map(contact_card, view.contacts)) or _("This team has no contact directory.")


def _evidence(view: ParticipantView) -> str:
    parts = ["## " + _("What this team may come to hold")]
    for piece in view.evidence:
        terms = handling_text(piece.handling, none="") if piece.handling is not None else ""
        lines = [f"### {plain(piece.title)}", "", _("**From** {plain}  ").format(plain=plain(piece.source))]
        bound = "; ".join(filter(None, (terms, piece.conditions)))
        lines += [_("**Conditions** {plain}  ").format(plain=plain(bound))] if bound else []
        parts.append("\n".join((*lines, "", piece.text)))
    return "\n\n".join(parts)


def _situation(view: ParticipantView) -> str:
    told = []
    for indicator in view.indicators:
        value = f"{indicator.value:g} {indicator.unit}".strip()
        told.append(
            _("{course_text}\n\nAt the start: **{plain}**").format(
                course_text=course_text(indicator), plain=plain(value)
            )
        )
    return "\n\n---\n\n".join(told)


def _questions(title: str, text: str, questions: tuple[str, ...] | list[str]) -> str:
    listed = "\n".join(f"- {plain(question)}" for question in questions)
    return "\n\n".join(part for part in (f"## {title}", text, listed) if part)
