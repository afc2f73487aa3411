"""The hot wash in control's hand: which page everybody's screen shows, and the head of the log."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList, Static

from exercise.core.control.commands import TurnPage
from exercise.language import N_, _, ngettext
from exercise.session.control import EndSurvey, EvaluatorCard
from exercise.session.surveying import FEW, SurveyProgress
from exercise.tui.console.arriving import arrived
from exercise.tui.console.base import ConsoleScreen
from exercise.tui.hot_wash_pages import HOT_WASH_PAGES
from exercise.tui.screens.head import grouped
from exercise.tui.screens.hotwash import HotWashScreen
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import ProseView, safe

__all__ = ["HotWashControlScreen"]

_QUIET = "$foreground 65%"
_FREE = "-"


class HotWashControlScreen(ConsoleScreen[None]):
    """Turned by enter or by one key forward and back; before ENDEX it only says what will be here."""

    CSS_PATH = "hotwash.tcss"
    TITLE_WORDS = N_("the hot wash in your hand")
    HELP = N_("""
After ENDEX everybody looks back together. What you choose here is on **everybody's** screen at once: participants,
observers, and the wall.

- **enter** turns everybody to the marked page; **]** and **[** turn to the next and the one before.
- **Everybody by themselves** leaves the page open: each looks where they like.
- **o** opens the hot wash here, as it is on the screens, to talk from it.
- The page **Survey** opens a sheet for everybody who took part. You see how many have answered, never who or what;
  **c** closes it, and the answers enter the log, shuffled.
- **Evaluators** judge by their own code, blind to each other. You see who has finished.

The **head** is the last line's hash of the log. Everybody's screen shows the same one: whoever writes it down can
check later that the log they are given is the one that was played.
""")
    BINDINGS = [
        Binding("right_square_bracket", "turn(1)", "Next page", key_display="]", tooltip="Turn everybody one page on"),
        Binding("left_square_bracket", "turn(-1)", "Page before", key_display="[", tooltip="Turn everybody back"),
        Binding("o", "open", "Open here", tooltip="Open the hot wash here, as it is on the screens"),
        Binding("c", "close_survey", "Close survey", tooltip="Put the survey's answers into the log, without names"),
    ]

    def page(self) -> ComposeResult:
        yield Static(id="head", markup=False)
        yield Static(id="after", markup=False)
        yield Choices(id="pages", classes="panel")
        yield ProseView(id="wait", classes="panel")

    def on_mount(self) -> None:
        self.query_one("#pages").border_title = _("On everybody's screen")
        self.start_at(self.query_one("#pages" if self._ended else "#wait"))

    @property
    def _ended(self) -> bool:
        return self.control.view().clock.phase == "ended"

    def refresh_page(self) -> None:
        room, view = self.control.room(), self.control.view()
        self.query_one("#pages").display, self.query_one("#wait").display = self._ended, not self._ended
        after = self.query_one("#after", Static)
        after.display = self._ended
        if not self._ended:
            self.query_one("#head", Static).update(safe(_("The hot wash opens at ENDEX."), "bold"))
            self.query_one("#wait", ProseView).show(_(_BEFORE), keep_place=True)
            return
        signs = grouped(room.head)
        # In the same groups in which it stands on the others' screens, to be read out.
        halves = ["   ".join(signs[at : at + 2]) for at in range(0, len(signs), 2)]
        # What is noted after ENDEX makes the log longer, and leaves this head where it is.
        head = safe(_("Head of the log at ENDEX:\n"), _QUIET) + safe("\n".join(halves), "bold")
        self.query_one("#head", Static).update(head)
        if room.survey is not None:
            after.update(after_text(room.survey, room.evaluators))
        rows = []
        for id, title in ((_FREE, N_("Everybody by themselves")), *HOT_WASH_PAGES):
            now = view.page == ("" if id == _FREE else id)
            left = safe(f"{'▶' if now else ' '} {_(title)}", "bold" if now else "")
            rows.append((id, Line(left, safe(_("on every screen now") if now else "", _QUIET))))
        choices = self.query_one("#pages", Choices)
        choices.show(rows)
        if self.focused is None:
            choices.focus()
        if choices.highlighted is None:
            choices.choose(view.page or _FREE)

    def hint(self) -> str:
        if not self._ended:
            return _("esc goes back. E on the main screen ends the exercise.")
        return _("enter turns everybody to the marked page, ] to the next one. esc goes back.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "close_survey":
            survey = self.control.room().survey
            return survey is not None and not survey.closed
        return self._ended if action in ("turn", "open") else True

    @on(OptionList.OptionSelected, "#pages")
    def _turn_to(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is not None:
            self._show(event.option_id)

    def _show(self, id: str) -> None:
        titles = dict(HOT_WASH_PAGES)
        said = (
            _("Everybody sees: {titles}.").format(titles=_(titles[id]))
            if id in titles
            else _("Everybody looks where they like.")
        )
        self.run_worker(self.asked(self.control.submit(TurnPage(page="" if id == _FREE else id)), said), exclusive=True)

    def action_turn(self, by: int) -> None:
        ids = [id for id, _ in HOT_WASH_PAGES]
        now = self.control.view().page
        at = (ids.index(now) + by) % len(ids) if now in ids else 0 if by > 0 else len(ids) - 1
        self.query_one("#pages", Choices).choose(ids[at])
        self._show(ids[at])

    def action_open(self) -> None:
        self.run_worker(self._open(), exclusive=True)

    def action_close_survey(self) -> None:
        survey = self.control.room().survey
        if survey is not None:
            few = (
                _(" With fewer than {few} it can be guessed who said what.").format(few=FEW)
                if survey.answered < FEW
                else ""
            )
            text = _("{counted}.{few} The answers enter the log without names, and no more are taken.").format(
                counted=counted(survey), few=few
            )
            end = partial(self.control.ask, EndSurvey(thin=True))
            self.sure(_("Close the survey?"), text, end, yes=_("Close it"), no=_("Not yet"))

    async def _open(self) -> None:
        team = self.control.teams[0][0]
        client = self.control.looking_at(team)
        if await self.asked(arrived(client, wash=True)):
            self.app.push_screen(HotWashScreen(client, title=self.control.title))


def after_text(survey: SurveyProgress, evaluators: tuple[EvaluatorCard, ...]) -> Content:
    """How far the survey is, and who evaluates: who has finished, and nothing of what was judged."""
    far = (
        _("closed; the answers stand in the log")
        if survey.closed
        else _("{counted}; c closes it").format(counted=counted(survey))
    )
    text = safe(_("Survey: "), _QUIET) + safe(far)
    text += safe(_("\nEvaluators: "), _QUIET)
    if not evaluators:
        return text + safe(_("none has sat down yet"))
    known = [
        _("{name} for {delegation} {it}").format(
            name=one.name or _("without a name"),
            delegation=one.delegation,
            it=_("✔ finished") if one.finished else _("… at work"),
        )
        for one in evaluators
    ]
    return text + safe(" · ".join(known))


def counted(survey: SurveyProgress) -> str:
    """`7 of 12 have answered`."""
    return ngettext("{answered} of {asked} has answered", "{answered} of {asked} have answered", survey.asked).format(
        answered=survey.answered, asked=survey.asked
    )


_BEFORE = N_("""
After ENDEX, everybody's screen opens the hot wash: the scorecards, how the indicators went, what was true, what was
decided, the questions for the talk, and the requests.

From here you will turn the pages for all, or leave everybody to look where they like.
""")
