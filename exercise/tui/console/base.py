"""What the console's screens share: the banner, news as they come, and asking, with a refusal where the hint stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from textual.app import ComposeResult

from exercise.errors import ExerciseError
from exercise.tui.console.banner import ConsoleBanner
from exercise.tui.console.corrections import SureScreen
from exercise.tui.screens.base import ExerciseScreen

if TYPE_CHECKING:
    from exercise.session.control import Control

__all__ = ["ConsoleScreen"]

Result = TypeVar("Result")


class ConsoleScreen(ExerciseScreen[Result]):
    """A screen of exercise control: `page` builds its widgets, `refresh_page` brings them up to date.

    `refresh_page` is called when the screen opens, after each change, and each second, so it must be cheap where
    nothing has changed; `Choices.show` and `ProseView.show` are.
    """

    def __init__(self, control: Control) -> None:
        super().__init__()
        self.control = control
        self._news_waits = False

    def body(self) -> ComposeResult:
        yield ConsoleBanner(self.control)
        yield from self.page()

    def page(self) -> ComposeResult:
        """The widgets of the screen below the banner."""
        yield from ()

    def refresh_page(self) -> None:
        """Shows what is so now."""

    def on_mount(self) -> None:
        self.follow(self.control.subscribe)
        self.set_interval(1.0, self._tick)
        self.refresh_page()

    def on_screen_resume(self) -> None:
        # What changed while another screen stood over this one was not drawn.
        if self.is_mounted:
            self._refresh()

    def tell_changed(self) -> None:
        # A batch of changes is one message: what is drawn is the last of them anyway.
        if not self._news_waits:
            self._news_waits = True
            super().tell_changed()

    def look_again(self) -> None:
        self._news_waits = False
        self._tick()

    def _tick(self) -> None:
        if self.is_attached and self.is_current:
            self._refresh()

    _drawn_at: tuple[str, bool] = ("", False)
    """Phase of the exercise, and whether its clock ran, when the screen was last drawn."""

    def _refresh(self) -> None:
        clock = self.control.view().clock
        if self._drawn_at != (clock.phase, clock.running):
            # What was said of the clock holds no more.
            self._drawn_at = (clock.phase, clock.running)
            self.say("")
        self.query_one(ConsoleBanner).show()
        self.refresh_page()
        self.refresh_bindings()
        self.refresh_hint()

    async def asked(self, asking: Awaitable[object], done: str = "") -> bool:
        """Waits for what control was asked; a refusal, or what came of it, is said where the hint stands."""
        try:
            answer = await asking
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return False
        said = answer if isinstance(answer, str) and answer else done
        # After the change itself has been shown, so that the line stays.
        self.call_later(self.say, said)
        return True

    def sure(
        self,
        question: str,
        text: str,
        asking: Callable[[], Awaitable[object]],
        *,
        yes: str,
        no: str = "",
        done: str = "",
    ) -> None:
        """Asks first; only a yes carries it out. What has the focus in the question changes nothing."""

        def answered(agreed: bool | None) -> None:
            if agreed:
                self.run_worker(self.asked(asking(), done), exclusive=False)

        self.app.push_screen(SureScreen(question, text, yes=yes, no=no), answered)
