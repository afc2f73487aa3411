"""What is true behind the story, to set or to tell, and the indicators, to set by hand."""

from __future__ import annotations

from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.visual import Visual
from textual.widgets import OptionList

from exercise.core.commands import SetIndicator
from exercise.core.control.commands import RevealFact, SetFact
from exercise.language import N_, _
from exercise.tui.console.addressees import AddresseesScreen, named
from exercise.tui.console.base import ConsoleScreen
from exercise.tui.console.corrections import WhyScreen
from exercise.tui.console.msel import names_of
from exercise.tui.console.pick import PickScreen
from exercise.tui.screens.confirm import AskScreen
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.indicators import number, trend
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import FactChoices, IndicatorView

__all__ = ["FactsScreen"]

QUIET = "$foreground 65%"


class FactsScreen(ConsoleScreen[None]):
    """Facts first, each with its value now; indicators below them; nothing of it is seen by the teams."""

    CSS_PATH = "facts.tcss"
    TITLE_WORDS = N_("facts and indicators")
    HELP = N_("""
The hidden **facts** are what is true behind the story; what teams find out and what comes of their choices depends on
them. They were fixed at STARTEX. The **indicators** are what the teams see of how things go.

- **enter** or **e** sets the marked fact to another value, or the marked indicator to another number. Write why: it is
  a correction, and seen as one in the hot wash. What has come of the old value stays.
- **v** reveals the marked fact: exercise control tells those whom you tick what is true. It is asked first.
""")
    BINDINGS = [
        Binding("e", "set", "Set", tooltip="Set the marked fact or indicator to another value"),
        Binding("v", "reveal", "Reveal", tooltip="Tell a team, or all, what is true"),
    ]

    def page(self) -> ComposeResult:
        with Horizontal(id="facts-both"):
            yield Choices(id="facts-list", classes="panel", mark_first=True)
            yield ProseView(id="facts-detail", classes="panel")

    def on_mount(self) -> None:
        self.query_one("#facts-list").border_title = _("Facts and indicators")
        self.query_one("#facts-list").focus()

    def hint(self) -> str:
        if self.control.view().clock.phase == "briefing":
            return _("Facts are drawn at STARTEX; to fix one beforehand, use the clock page (c).")
        return _("enter sets the marked row to another value; v tells teams what is true.")

    def refresh_page(self) -> None:
        view = self.control.view()
        rows: list[tuple[str, Content | Visual]] = []
        if view.fact_choices:
            rows.append(("#facts", safe(_("Facts"), "bold $primary")))
            rows += [(f"f:{fact[0]}", _fact_row(fact)) for fact in view.fact_choices]
        if view.indicators:
            rows.append(("#indicators", safe(_("Indicators"), "bold $primary")))
            rows += [(f"n:{place}", _indicator_row(shown)) for place, shown in enumerate(view.indicators)]
        self.query_one("#facts-list", Choices).show(rows or [("#none", safe(_("This exercise has neither."), QUIET))])
        self._show_detail()

    def _show_detail(self) -> None:
        fact, indicator = self._fact(), self._indicator()
        title, text = "", _("Nothing is marked.")
        if fact is not None:
            title, text = fact[1], _fact_text(fact)
        elif indicator is not None:
            title, text = indicator.name, _indicator_text(indicator)
        pane = self.query_one("#facts-detail", ProseView)
        pane.show(text, keep_place=True)
        pane.border_title = safe(" ".join(title.split()))

    def _fact(self) -> FactChoices | None:
        chosen = (self.query_one("#facts-list", Choices).chosen or "").partition(":")
        return next((f for f in self.control.view().fact_choices if chosen[0] == "f" and f[0] == chosen[2]), None)

    def _indicator(self) -> IndicatorView | None:
        kind, _, place = (self.query_one("#facts-list", Choices).chosen or "").partition(":")
        return self.control.view().indicators[int(place)] if kind == "n" else None

    @on(OptionList.OptionHighlighted, "#facts-list")
    def _moved(self) -> None:
        self._show_detail()

    @on(OptionList.OptionSelected, "#facts-list")
    def _taken(self) -> None:
        self.action_set()

    def action_set(self) -> None:
        fact, indicator = self._fact(), self._indicator()
        if self.control.view().clock.phase == "briefing":
            self.say(self.hint())
        elif fact is not None:
            self._set_fact(fact)
        elif indicator is not None:
            self._set_indicator(indicator)

    def _set_fact(self, fact: FactChoices) -> None:
        id, title, now, values = fact

        def picked(value: str | None) -> None:
            if value == now:
                self.say(_("It is so already."))
            elif value is not None:
                says = next(says for known, says in values if known == value)
                text = _("From now on this is true: **{says}** What has come of the old value stays.").format(
                    says=plain(says)
                )
                question = WhyScreen(
                    _("Set “{title}” to “{value}”?").format(title=title, value=value), text, yes=_("Set it")
                )
                self.app.push_screen(question, partial(decided, value))

        def decided(value: str, why: str | None) -> None:
            if why is not None:
                command = SetFact(fact=id, value=value, why=why)
                self.run_worker(self.asked(self.control.submit(command), f"{title}: {value}"))

        rows = [(value, _value_row(value, says, value == now)) for value, says in values]
        self.app.push_screen(PickScreen(_("{title}: what is to be true?").format(title=title), rows), picked)

    def _set_indicator(self, indicator: IndicatorView) -> None:
        lowest, highest = number(indicator.lowest), number(indicator.highest)

        def typed(text: str | None) -> None:
            if text is None:
                return
            value = _number(text)
            if value is None or not indicator.lowest <= value <= indicator.highest:
                self.say(
                    _("A number from {lowest} to {highest} is needed, not {text}.").format(
                        lowest=lowest, highest=highest, text=text.strip() or _("nothing")
                    ),
                    wrong=True,
                )
                return
            said = _("It stands at {number}. The teams see the change.").format(
                number=number(indicator.value, plain(indicator.unit))
            )
            question = WhyScreen(
                _("Set “{name}” to {number}?").format(name=indicator.name, number=number(value, indicator.unit)),
                said,
                yes=_("Set it"),
            )
            self.app.push_screen(question, partial(decided, value))

        def decided(value: float, why: str | None) -> None:
            if why is not None:
                command = SetIndicator(indicator=indicator.id, value=value, why=why)
                said = f"{indicator.name}: {number(value, indicator.unit)}"
                self.run_worker(self.asked(self.control.submit(command), said))

        question = AskScreen(
            _("{name}: which value?").format(name=indicator.name),
            _("From {lowest} to {highest}.").format(lowest=lowest, highest=highest),
        )
        self.app.push_screen(question, typed)

    def action_reveal(self) -> None:
        fact = self._fact()
        if fact is None:
            self.say(_("Mark a fact first; only facts are revealed."))
            return
        id, title, now, values = fact
        says = next((says for known, says in values if known == now), "")
        if not says:
            self.say(_("It is not fixed before STARTEX."))
            return
        names = names_of(self.control.teams, self.control.view())

        def ticked(to: tuple[str, ...] | None) -> None:
            if to:
                asking = self.control.submit(RevealFact(fact=id, to=to))
                self.run_worker(
                    self.asked(asking, _("Told to {named}: {title}").format(named=named(to, names), title=title))
                )

        text = _("They get a message of exercise control: **{says}**").format(says=plain(says))
        question = _("Reveal to whom? {title}").format(title=title)
        self.app.push_screen(AddresseesScreen(question, text, names, yes=_("Tell them")), ticked)


def _number(text: str) -> float | None:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if isfinite(value) else None


def _fact_row(fact: FactChoices) -> Line:
    return Line(safe(f"  {fact[1]}"), safe(fact[2] or _("not drawn yet"), "bold"))


def _value_row(value: str, says: str, now: bool) -> Lines:
    return Lines(
        ("● " if now else "  ", safe(value, "bold") + safe(_(" (now)") if now else "", QUIET)), ("  ", safe(says))
    )


def _fact_text(fact: FactChoices) -> str:
    _unused, _unused, now, values = fact
    lines = []
    for value, says in values:
        lines.append(
            f"{'**● ' + plain(value) + _('** (true now)') if value == now else '○ ' + plain(value)}: {plain(says)}"
        )
    return "\n\n".join(lines)


def _indicator_row(indicator: IndicatorView) -> Line:
    words, style = trend(indicator)
    owner = _(" ({owner} only)").format(owner=indicator.owner) if indicator.owner else ""
    value = safe(f"{number(indicator.value, indicator.unit)}  ", "bold")
    return Line(safe(f"  {indicator.name}{owner}"), value + Content.styled(words, style), value)


def _indicator_text(indicator: IndicatorView) -> str:
    lines = [plain(indicator.about)]
    lines.append(
        _("**{number}** · {better} is better").format(
            number=number(indicator.value, plain(indicator.unit)), better=_(indicator.better)
        )
    )
    course = [
        f"- {exercise_time(at)} {number(value, plain(indicator.unit))}" for _unused, at, value in indicator.course
    ]
    lines.append(_("### Its course\n\n") + "\n".join(course) if course else _("It stands where it began."))
    return "\n\n".join(line for line in lines if line)
