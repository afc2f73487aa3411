"""The whole answer once more before it is sent, since it cannot be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Button

from exercise.core.acts import Safeguard
from exercise.core.commands import ChooseResponse, SetAside
from exercise.core.teamwork.commands import CastVote
from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.draft import OWN_WORDS, Draft
from exercise.tui.screens.answer import SAFEGUARDS
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.picker import asides, clause
from exercise.tui.widgets.banner import Banner
from exercise.tui.widgets.prose import ProseView
from exercise.tui.widgets.shared_draft import draft_of, shared
from exercise.tui.widgets.vote_words import NEEDS
from exercise.tui.widgets.words import plain
from exercise.tui.widgets.writing import unfit

if TYPE_CHECKING:
    from exercise.core.views import DecisionView
    from exercise.session.client import Client

__all__ = ["ReviewScreen"]


class ReviewScreen(ExerciseScreen[bool]):
    """Sends on request; a refusal is shown here and nothing is lost."""

    TITLE_WORDS = N_("checking the answer")
    HINT = N_("Read it through. ctrl+s sends it; esc goes back to change it.")
    HELP = N_("""
This is your team's answer as it will stand in the log. Sent, it **cannot be taken back**; you can come back to it later
and say whom you told or what you changed.

Where your team votes, this is your vote. You may change it as long as the decision is open.
""")
    BINDINGS = [Binding("ctrl+s", "send", "Send", tooltip="Send the answer; it cannot be taken back")]
    CSS = """
    ReviewScreen ProseView { height: 1fr; padding: 0 2; }
    ReviewScreen Horizontal { height: 3; padding: 0 2; }
    ReviewScreen Button { margin-right: 2; }
    """

    def __init__(
        self, client: Client, decision: DecisionView, draft: Draft, *, live: bool, now: Callable[[], float]
    ) -> None:
        super().__init__()
        self._client, self._decision, self._draft = client, decision, draft
        self._live, self._now = live, now
        self._busy = False
        self._voting = decision.vote.voting

    def body(self) -> ComposeResult:
        yield Banner(self._now)
        yield ProseView(self._summary(), classes="panel")
        with Horizontal():
            yield Button(_("Back"), id="back")
            yield Button(_("Cast the vote") if self._voting else _("Send the answer"), id="send", variant="warning")

    def on_mount(self) -> None:
        self.query_one(Banner).show(self._client.view(), live=self._live)
        if self._live:
            self.query_one(Banner).follow(self._client.view)
        pane = self.query_one(ProseView)
        pane.border_title = _("Your vote") if self._voting else _("Your answer")
        pane.focus()
        self.refresh_hint()

    def hint(self) -> str:
        return (
            _("Read it through. ctrl+s casts your vote; esc goes back to change it.") if self._voting else _(self.HINT)
        )

    @property
    def _shared(self) -> bool:
        return shared(self._client.view())

    def _summary(self) -> str:
        draft, reference = self._draft, self._client.reference
        titles = {option.id: option.title for option in self._decision.options}
        coercive = {option.id for option in self._decision.options if option.coercive}
        fixed = NEEDS[self._decision.vote.mode] if self._voting else _("**This cannot be taken back.**")
        parts = [f"## {plain(self._decision.title)}", fixed]
        if draft.option == OWN_WORDS:
            parts.append(
                _("**You decide, in your own words**  \n{own_words}").format(
                    own_words=plain(draft.own_words) or _("✕ nothing written yet")
                )
            )
            parts.append(
                _("**Nearest listed option**  \n{get}").format(
                    get=plain(titles.get(draft.nearest or "", "")) or _("✕ not named yet")
                )
            )
        else:
            word = _("You vote for") if self._voting else _("You decide")
            parts.append(f"**{word}**  \n{plain(titles.get(draft.option or '', ''))}")
        if self._voting or not self._shared:
            parts.append(_("**Because**  \n{reason}").format(reason=draft.reason.strip() or _("✕ no reason given")))
        if self._shared:
            together = draft_of(self._client.view(), self._decision.id)
            parts.append(
                _("**Written together**  \n{text}").format(
                    text=together.text if together and together.text else _("✕ no reason yet")
                )
            )
        basis = "\n".join(f"- {plain(clause(reference, id))}" for id in draft.basis)
        parts.append(
            _("**You rely on**\n{basis}").format(basis=basis) if basis else _("**You rely on**  \nnothing named")
        )
        parts.append(asides(reference, draft.set_aside) or _("**You set aside**  \nnothing"))
        if (draft.nearest if draft.option == OWN_WORDS else draft.option) in coercive:
            for point, (question, _unused) in SAFEGUARDS.items():
                said = plain(draft.safeguards.get(point.value, ""))
                parts.append(f"**{question}**  \n{said or _('✕ not said')}")
        return "\n\n".join(parts)

    @on(Button.Pressed, "#back")
    def _back(self) -> None:
        self.action_back()

    @on(Button.Pressed, "#send")
    async def _send(self) -> None:
        await self.action_send()

    async def action_send(self) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            await self._client.submit(self._command())
        except ExerciseError as error:
            self.say(str(error), wrong=True)
        except ValidationError as error:
            self.say(unfit(error), wrong=True)
        else:
            self.dismiss(True)
        finally:
            self._busy = False

    def _command(self) -> ChooseResponse | CastVote:
        draft, own = self._draft, self._draft.option == OWN_WORDS
        if self._voting:
            return CastVote(option=draft.option or "", reason=draft.reason, **self._grounds())
        return ChooseResponse(
            option=None if own else draft.option,
            free_text=draft.own_words if own else "",
            nearest=draft.nearest if own else None,
            # What a team wrote together is in the session already, and stands where the answer names no other reason.
            reason="" if self._shared else draft.reason,
            **self._grounds(),
        )

    def _grounds(self) -> dict[str, Any]:
        """What a vote and an answer have in common."""
        draft = self._draft
        return {
            "seat": self._client.seat,
            "play": self._client.view().clock.play,
            "decision": self._decision.id,
            "revision": self._decision.revision,
            "basis": tuple(draft.basis),
            "set_aside": tuple(SetAside(commitment=a.commitment, why=a.why, limits=a.limits) for a in draft.set_aside),
            "safeguards": {Safeguard(point): text for point, text in draft.safeguards.items() if text.strip()},
        }
