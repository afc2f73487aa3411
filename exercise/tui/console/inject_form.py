"""Forms for injects: one that has not come yet is changed, and a new one is written on the spot."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, OptionList, TextArea

from exercise.core.control.commands import LONGEST_SENDER, LONGEST_TITLE, EditInject, WriteInject
from exercise.core.script import Channel
from exercise.core.text import clean_text
from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.console.addressees import Addressees, named
from exercise.tui.console.base import ConsoleScreen
from exercise.tui.console.corrections import SureScreen
from exercise.tui.console.msel import names_of
from exercise.tui.console.pacing import read_time
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.form import label, ticks
from exercise.tui.widgets.inbox import channel_name
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain
from exercise.tui.widgets.writing import ManyLines, OneLine

if TYPE_CHECKING:
    from exercise.core.control.commands import ControlCommand
    from exercise.core.views import MselRow
    from exercise.session.control import Control

__all__ = ["EditScreen", "WriteScreen"]


LONGEST_TEXT = 40_000
"""Characters of a text that the rules take."""


_ANEW = re.compile(r"\s|>|(?:#{1,6}|[-*+]|\d{1,3}[.)])\s|([-*_])(?:\s*\1){2,}\s*$")
"""A line before which none needs a mark: an item, a heading, a quotation, a rule, or what goes on with an item."""
_WHOLE = re.compile(r"\s*$|\s*>|#{1,6}\s|([-*_])(?:\s*\1){2,}\s*$|.*(?:\\|  )$")
"""A line that takes no mark: an empty one, a heading, a quotation, a rule, or one that has it."""


def marked_ends(text: str) -> str:
    """What was typed, with the mark of light Markdown at each line's end that would be taken for a blank without it."""
    lines = text.split("\n")
    for number, after in enumerate(lines[1:]):
        if after and not _WHOLE.match(lines[number]) and not _ANEW.match(after):
            lines[number] = f"{lines[number].rstrip()}\\"
    return "\n".join(lines)


def typed_ends(text: str) -> str:
    """A text that this form has marked, as it was typed."""
    return "\n".join(line.removesuffix("\\") for line in text.split("\n"))


class _InjectForm(ConsoleScreen[str]):
    """What both forms share; ends with a line on what came of it, or None where nothing was done."""

    CSS_PATH = "inject_form.tcss"
    BINDINGS = [
        Binding("ctrl+s", "save", "Save", key_display="^s", priority=True, tooltip="Take the form as it stands"),
    ]

    def when_field(self, value: str, explained: str) -> ComposeResult:
        """A line for a time of the story."""
        yield label(_("When"), explained)
        yield Input(value, placeholder="T+1:30", max_length=12, compact=True, id="form-when", classes="line")

    def words_fields(self, title: str, text: str, *, typed: bool = True) -> ComposeResult:
        """Title and text, which was typed here or else wrapped by its author."""
        yield label(_("Title"))
        yield OneLine(title, max_length=LONGEST_TITLE, compact=True, id="form-title", classes="line")
        kept = _("Read so in every language; **bold**, lists and line ends are kept.")
        wrapped = _("Read so in every language; **bold**, lists and empty lines are kept.")
        yield label(_("Text"), kept if typed else wrapped)
        yield ManyLines(text, id="form-text", tab_behavior="focus", soft_wrap=True)

    @property
    def title_written(self) -> str:
        """The title as it stands."""
        return self.query_one("#form-title", Input).value.strip()

    @property
    def text_written(self) -> str:
        """The text as it stands."""
        return self.query_one("#form-text", TextArea).text.strip()

    @property
    def when_written(self) -> str:
        """The time as it stands."""
        return self.query_one("#form-when", Input).value.strip()

    def complain(self, text: str, field: str) -> None:
        """Say what is missing, and go there."""
        self.say(text, wrong=True)
        self.query_one(field).focus()

    def words_missing(self) -> bool:
        """Whether title or text cannot be taken yet; says so."""
        if not self.title_written:
            self.complain(_("It needs a title."), "#form-title")
        elif not self.text_written:
            self.complain(_("It needs a text."), "#form-text")
        elif len(self.text_written) > LONGEST_TEXT:
            self.complain(
                _("The text is longer than {longest_text:,} characters.").format(longest_text=LONGEST_TEXT),
                "#form-text",
            )
        else:
            return False
        return True

    def time_read(self) -> int | None:
        """The time written, in seconds; None, with a complaint, where it cannot be used."""
        clock, written = self.control.view().clock, self.when_written
        time = read_time(written)
        if time is None:
            self.complain(
                _("A time of the story is written T+1:30, not {written}.").format(written=written), "#form-when"
            )
        elif clock.phase != "briefing" and time <= clock.exercise:
            said = _("{exercise_time} is not to come any more: it is {exercise_time2}.").format(
                exercise_time=exercise_time(time), exercise_time2=exercise_time(clock.exercise)
            )
            self.complain(said, "#form-when")
            return None
        return time

    async def send(self, command: ControlCommand, done: str) -> None:
        """Ask, and close the form once it is taken; a refusal leaves it as it is."""
        try:
            await self.control.submit(command)
        except ExerciseError as error:
            self.say(str(error), wrong=True)
        else:
            self.dismiss(done)

    def changed(self) -> bool:
        """Whether leaving loses anything."""
        return False

    def action_back(self) -> None:
        if not self.changed():
            self.dismiss(None)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(None)

        question = SureScreen(
            _("Leave what you wrote?"), _("It is not kept."), yes=_("Leave it"), no=_("Go on writing")
        )
        self.app.push_screen(question, answered)


class EditScreen(_InjectForm):
    """Title, text and time of an inject that has not come; only what was changed is sent."""

    TITLE_WORDS = N_("changing an inject")
    HELP = N_("""
Change the words or the time of an inject before it comes. The teams see only what comes in the end.

**tab** goes from field to field; **ctrl+s** takes the form; **esc** leaves the inject as it was. The time is a time of
the story, such as T+1:30. An inject without a time of its own waits for its condition, or for your hand; give it a time
and it comes then.
""")

    def __init__(self, control: Control, inject: MselRow) -> None:
        super().__init__(control)
        self._inject = inject
        # A field draws what it holds as it is, so it is given clean words, and is unchanged while it holds them.
        self._title = " ".join(clean_text(inject.title).split())
        self._text = clean_text(inject.text).strip()
        if inject.written:
            self._text = typed_ends(self._text)
        self._due = exercise_time(inject.due) if inject.due is not None else ""

    def hint(self) -> str:
        return _("tab: next field · ctrl+s takes it · esc leaves the inject as it was.")

    def page(self) -> ComposeResult:
        with VerticalScroll(id="form", classes="panel", can_focus=False):
            yield from self.words_fields(self._title, self._text, typed=self._inject.written)
            told = {"held": _("It is held: another time lets it come by itself again.")}
            told |= {"skipped": _("It is skipped: another time lets it come again.")}
            yield from self.when_field(self._due, told.get(self._inject.status, _("Time of the story.")))

    def on_mount(self) -> None:
        self.query_one("#form").border_title = _("Inject {number}").format(number=self._inject.number)
        self.query_one("#form-text").focus()

    def changed(self) -> bool:
        return (self.title_written, self.text_written, self.when_written) != (self._title, self._text, self._due)

    async def action_save(self) -> None:
        inject = self._inject
        if not self.changed():
            self.say(_("Nothing is changed yet; esc goes back."))
            return
        if self.words_missing():
            return
        at = None
        if self.when_written != self._due:
            at = self.time_read() if self.when_written else None
            if at is None:
                if not self.when_written:
                    self.complain(_("A time cannot be taken away; h on the list holds the inject back."), "#form-when")
                return
        text = marked_ends(self.text_written) if inject.written else self.text_written
        command = EditInject(
            inject=inject.inject,
            title=self.title_written if self.title_written != self._title else None,
            text=text if self.text_written != self._text else None,
            at=at,
        )
        await self.send(command, _("Changed: {title_written}").format(title_written=self.title_written))


class WriteScreen(_InjectForm):
    """A message from any sender to anybody, now or at a time; shown once more before it is sent."""

    BINDINGS = [Binding("ctrl+s", "save", "Send", key_display="^s", priority=True, tooltip="Send it, after asking")]
    TITLE_WORDS = N_("writing an inject")
    HINT = N_("tab: next field · ctrl+s sends it, after asking · esc leaves it.")
    HELP = N_("""
Write a message on the spot: from any sender, by any channel, to all, to teams, or to single roles.

Tick with **enter** whom it is for and how it comes. With no time it comes at once; with a time of the story, such as
T+1:30, it waits in the MSEL and can still be changed. **tab** goes from field to field; **ctrl+s** asks once more and
sends it; **esc** leaves it.
""")

    def __init__(self, control: Control) -> None:
        super().__init__(control)
        self._names = names_of(control.teams, control.view())
        self._channel = Channel.EMAIL.value

    def page(self) -> ComposeResult:
        with VerticalScroll(id="form", classes="panel", can_focus=False):
            with Horizontal(id="form-columns"):
                with Vertical():
                    yield label(_("To"), _("enter ticks."))
                    yield Addressees(self._names, id="form-to")
                with Vertical():
                    yield label(_("By"), _("enter takes one."))
                    yield Choices(id="form-channel", mark_first=True, one_click=True)
            yield label(_("From"), _("Any sender: a ministry, a newspaper, a person."))
            yield OneLine(max_length=LONGEST_SENDER, compact=True, id="form-sender", classes="line")
            yield from self.words_fields("", "")
            yield from self.when_field("", _("Left empty, it comes at once."))

    def on_mount(self) -> None:
        self.query_one("#form").border_title = _("A new inject")
        self._fill_channels()
        self.query_one("#form-to").focus()

    def _fill_channels(self) -> None:
        rows = [(channel.value, channel_name(channel.value), "") for channel in Channel]
        self.query_one("#form-channel", Choices).show(ticks(rows, {self._channel}))

    @on(OptionList.OptionSelected, "#form-channel")
    def _by(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._channel = event.option_id or self._channel
        self._fill_channels()

    @property
    def sender_written(self) -> str:
        """The sender as it stands."""
        return self.query_one("#form-sender", Input).value.strip()

    def changed(self) -> bool:
        return bool(self.title_written or self.text_written or self.sender_written)

    def action_save(self) -> None:
        to = self.query_one("#form-to", Addressees).ticked
        if not to:
            self.complain(_("Tick whom it is for first."), "#form-to")
        elif not self.sender_written:
            self.complain(_("Say whom it comes from."), "#form-sender")
        elif not self.words_missing():
            at = self.time_read() if self.when_written else None
            if at is None and self.when_written:
                return
            command = WriteInject(
                sender=self.sender_written,
                channel=Channel(self._channel),
                to=to,
                title=self.title_written,
                text=marked_ends(self.text_written),
                at=at,
            )
            whom = named(to, self._names)
            when = _("at {exercise_time}").format(exercise_time=exercise_time(at)) if at is not None else _("now")
            text = _("**{title}**  \nfrom {sender}, by {channel_name}, to **{whom}**").format(
                title=plain(command.title),
                sender=plain(command.sender),
                channel_name=channel_name(self._channel),
                whom=plain(whom),
            )
            done = _("{it}: {title}, to {whom}").format(
                it=_("Waits in the MSEL") if at is not None else _("Sent"), title=command.title, whom=whom
            )

            def answered(yes: bool | None) -> None:
                if yes:
                    self.run_worker(self.send(command, done), exclusive=True)

            question = SureScreen(
                _("Send it {when}?").format(when=when),
                text,
                yes=_("Send {when}").format(when=when),
                no=_("Go on writing"),
            )
            self.app.push_screen(question, answered)
