"""What only exercise control reads of a scenario, as light Markdown to stand below what participants read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from exercise.authoring.in_words import InWords
from exercise.core.requests.matters import Matter
from exercise.core.scenario import Scenario
from exercise.core.script import Conduct, Consequence, Decision, Inject, Lapse, ResponseOption
from exercise.language import N_, _
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.tui.preview.pages import Page

__all__ = ["Control"]

HEAD = N_("\n\n---\n\n### For control only\n\n")


class Control:
    """Says notes, expected actions, conduct and what follows."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._words = InWords(scenario)

    def before(self) -> Iterator[Page]:
        """The facilitator's guide, and what is hidden."""
        from exercise.tui.preview.pages import Page

        if self._scenario.facilitator:
            yield Page("guide", _("Facilitator's guide"), self._scenario.facilitator, sign="■")
        if self._scenario.facts:
            yield Page("facts", _("Hidden facts"), self._facts(), sign="■")
        actors = [actor for actor in self._scenario.actors if actor.notes or actor.desk]
        if actors:
            yield Page("actors", _("Actors and how they answer"), self._actors(), sign="■")

    def after(self) -> Iterator[Page]:
        """What evaluators look for."""
        from exercise.tui.preview.pages import Page

        parts = [_("## Objectives")]
        for objective in self._scenario.objectives:
            tasks = "\n".join(f"- {plain(task.text)}{self._of(task.team)}" for task in objective.tasks)
            names = ", ".join(objective.commitments)
            parts += [
                f"### {plain(objective.title)}",
                objective.text,
                tasks,
                _("*Commitments:* {names}").format(names=names) if names else "",
            ]
        if self._scenario.objectives:
            yield Page("objectives", _("Objectives and tasks"), "\n\n".join(part for part in parts if part), sign="■")

    def inject(self, inject: Inject) -> str:
        """How an inject comes, what is expected, and what it changes."""
        due = self._words.due(inject)
        only = (
            _(", once this holds: {condition}").format(condition=self._words.condition(inject.when))
            if inject.when is not None
            else ""
        )
        lines = [_("**Comes** {plain}  ").format(plain=plain(due + only))]
        lines.append(_("**To** {plain}  ").format(plain=plain(self._words.addressed(inject.to))))
        lines += [_("**Noise:** no reaction is right.  ")] if inject.noise else []
        parts = ["\n".join(lines)]
        if inject.expected:
            parts.append(_("**Expected**\n\n") + "\n".join(f"- {plain(line)}" for line in inject.expected))
        parts += [_("**Notes**\n\n{notes}").format(notes=inject.notes)] if inject.notes else []
        parts += self._changes(self._words.effects(inject.effects))
        return _(HEAD) + "\n\n".join(parts)

    def decision(self, decision: Decision) -> str:
        """What each option means, and what follows from it."""
        due = self._words.due(decision)
        only = (
            _(", once this holds: {condition}").format(condition=self._words.condition(decision.when))
            if decision.when is not None
            else ""
        )
        parts = [_("**Put** {plain}").format(plain=plain(due + only))]
        parts += [decision.notes] if decision.notes else []
        for number, option in enumerate(decision.options):
            offered = (
                _(" (offered if {condition})").format(condition=self._words.condition(option.available))
                if option.available is not None
                else ""
            )
            parts.append(f"**{chr(65 + number)}) {plain(option.title + offered)}**")
            parts += self._outcome(option)
        parts += [_("**If nobody answers:** {text}").format(text=decision.lapse.text), *self._outcome(decision.lapse)]
        return _(HEAD) + "\n\n".join(parts)

    def matter(self, matter: Matter) -> str:
        """Who holds it, from when on it is known, and what comes of asking."""
        lines = [
            _("*Held by:* {plain}  ").format(plain=plain(self._scenario.names.get(matter.holder or "", _("nobody"))))
        ]
        if matter.known is not None:
            lines.append(_("*Known once:* {plain}  ").format(plain=plain(self._words.condition(matter.known))))
        for outcome in matter.outcomes:
            told = f": {plain(outcome.title)}. {plain(outcome.text)}" if outcome.text else ""
            changed = "; ".join(self._words.effects(outcome.effects))
            lines.append(
                f"- *{plain(self._words.outcome(outcome))}*{told}" + (f" ({plain(changed)})" if changed else "")
            )
        return "\n".join(lines)

    def _outcome(self, outcome: ResponseOption | Lapse) -> list[str]:
        parts = ["\n".join(map(_conduct, outcome.conduct))] if outcome.conduct else []
        parts += self._changes(self._words.effects(outcome.effects))
        return parts + [self._consequence(came) for came in outcome.consequences]

    def _consequence(self, came: Consequence) -> str:
        when = self._words.after(came.after)
        only = _(", if {condition}").format(condition=self._words.condition(came.when)) if came.when is not None else ""
        changed = "; ".join(self._words.effects(came.effects))
        told = f"“{plain(came.title)}” {plain(came.text)}" if came.text else _("nobody is told.")
        return f"› *{plain(when + only)}:* {told}" + (f" ({plain(changed)})" if changed else "")

    def _changes(self, effects: Sequence[str]) -> list[str]:
        return [_("*Changes:* {plain}").format(plain=plain("; ".join(effects)))] if effects else []

    def _facts(self) -> str:
        parts = [_("## Hidden facts")]
        for fact in self._scenario.facts:
            parts.append(f"### {plain(fact.title)}")
            parts.append("\n".join(f"- **{plain(v.value)}** ({v.weight}) {plain(v.says)}" for v in fact.values))
        return "\n\n".join(parts)

    def _actors(self) -> str:
        parts = [_("## Actors")]
        for actor in self._scenario.actors:
            parts += [f"### {plain(actor.name)}", actor.about, actor.notes]
            for reply in actor.desk.replies if actor.desk else ():
                about = ", ".join(self._scenario.matters_by_id[id].title for id in reply.about) or _("anything")
                only = (
                    _(", if {condition}").format(condition=self._words.condition(reply.when))
                    if reply.when is not None
                    else ""
                )
                parts.append(f"› *{plain(about + only)}:* {reply.answer}. {plain(reply.text)}")
        return "\n\n".join(part for part in parts if part)

    def _of(self, team: str | None) -> str:
        return f" ({plain(self._scenario.names[team])})" if team else ""


def _conduct(tag: Conduct) -> str:
    only = _(" (on a condition)") if tag.when is not None else ""
    return f"- **{_(tag.grade.value)}** {tag.commitment}{only}: {plain(tag.because)}"
