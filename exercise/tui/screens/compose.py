"""Choosing what a request is to do, whom it goes to and what it is about; the form comes after these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList, Static

from exercise.core.requests.addressees import addressees
from exercise.core.requests.bases import NONE_HELD, held
from exercise.language import N_, _
from exercise.tui.screens.browse import BrowseScreen
from exercise.tui.screens.directory import contact_card
from exercise.tui.screens.picker import clause
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.request_words import STANDS, at_party
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.requests.views import KindView, MatterView
    from exercise.core.views import ContactView
    from exercise.tui.composing import Composer, Stage

__all__ = ["OTHER_MATTER", "EntryScreen", "KindScreen", "MatterScreen"]

OTHER_MATTER = "+other"
"""In place of a matter's id; no id can look like this."""

_QUIET = "$foreground 65%"


class _Step(BrowseScreen):
    """A list to take one thing from, with what it means beside it; taking it leads on."""

    STAGE: Stage = "kind"
    DEFAULT_CSS = """
    _Step .so-far { height: auto; max-height: 3; padding: 0 2; }
    """
    BINDINGS = [Binding("tab", "read", "Read on", show=False, tooltip="Go to the text at the right, and back")]

    def __init__(self, composer: Composer) -> None:
        super().__init__(composer.client, live=composer.live, now=composer.now)
        self._composer = composer
        self._was_shown = False

    def looked_up(self) -> ComposeResult:
        yield Static(classes="so-far", markup=False)
        yield from super().looked_up()

    def so_far(self) -> str:
        """What is being written, as far as it is chosen before this step."""
        return ""

    def show_entries(self) -> None:
        super().show_entries()
        # Whoever comes back to this step may have chosen more since.
        head, so_far = self.query_one(".so-far", Static), self.so_far()
        head.display = bool(so_far)
        head.update(safe(so_far, "bold"))
        chosen = self.taken_before()
        if not self._was_shown and chosen is not None:
            self.query_one("#rows", Choices).choose(chosen)
        self._was_shown = True

    async def on_unmount(self) -> None:
        await self._composer.pen.put_down()

    def taken_before(self) -> str | None:
        """The row that was taken when one was here before."""
        return None

    def take(self, key: str) -> bool:
        """Write a choice into the draft; False where it cannot be taken."""
        raise NotImplementedError

    def action_read(self) -> None:
        self.focus_next()

    @on(OptionList.OptionSelected, "#rows")
    def _take(self, event: OptionList.OptionSelected) -> None:
        # The base would go to the text instead.
        event.prevent_default()
        if event.option_id is not None and self.take(event.option_id):
            self.say("")
            self._composer.onward(self.STAGE)


class KindScreen(_Step):
    """What can be asked, given or tried out, each with when one does so and what it demands."""

    STAGE = "kind"
    TITLE_WORDS = N_("what do you want to do?")
    HINT = N_("Step 1 of 5: what do you want to do? enter takes what is marked.")
    EMPTY = N_("Your directory has no entry by which a request could go.")
    HELP = N_("""
A request is more than a letter: each kind says what it demands, so that the other side can act on it.

Mark a kind to read **the moment** for it, **what it has to say**, **which ways** it goes, and **what it rests on**.
**enter** takes the marked one. Nothing is sent before you have seen all of it once more.
""")

    def so_far(self) -> str:
        composer = self._composer
        pieces = {piece.id: piece.title for piece in composer.view.evidence}
        parts = [_("To: {name}").format(name=at_party(to.name, to.party)) if (to := composer.contact) else ""]
        enclosed = "; ".join(pieces[id] for id in composer.draft.encloses if id in pieces)
        parts += [_("With it goes: {titles}").format(titles=enclosed) if enclosed else ""]
        return "\n".join(part for part in parts if part)

    def entries(self) -> list[tuple[str, Content | Lines, str]]:
        composer = self._composer
        contact = composer.contact if composer.draft.contact else None
        parts = {"asks": _("Ask for something"), "gives": _("Give or warn"), "calls": _("Call or test a contact")}
        if composer.draft.encloses:
            parts = {"gives": parts["gives"], "asks": parts["asks"], "calls": parts["calls"]}
        fit = [k for k in composer.view.kinds if contact is None or contact.via in {id for id, _unused in k.channels}]
        found: list[tuple[str, Content | Lines, str]] = []
        for shape, title in parts.items():
            kinds = [kind for kind in fit if kind.shape == shape]
            if kinds:
                found.append((f"#{shape}", safe(title, "bold $primary"), ""))
            found += [self._row(kind) for kind in kinds]
        others = [kind for kind in composer.view.kinds if kind not in fit]
        if others and contact is not None:
            found.append(("#others", safe(_("Not made for: {takes}").format(takes=contact.takes), "bold $primary"), ""))
            found += [self._row(kind) for kind in others]
        return found

    def _row(self, kind: KindView) -> tuple[str, Content | Lines, str]:
        return kind.id, Lines(("  ", safe(kind.name))), self._card(kind)

    def _card(self, kind: KindView) -> str:
        lines = [
            f"## {plain(kind.name)}",
            "",
            plain(kind.about),
            "",
            _("**The moment for it:** {use}").format(use=plain(kind.use)),
            "",
        ]
        if kind.volatile:
            lines += [_("**Hurry:** what it is about may be lost."), ""]
        if kind.coercive:
            lines += [_("**A power is used:** carrying it out reaches into somebody's rights."), ""]
        if kind.automatic:
            lines += [_("**No words needed:** the desk answers by itself."), ""]
        if kind.elements:
            lines += [_("**It has to say**"), ""]
            lines += [f"- {plain(e.name)}{'' if e.required else _(' (helps, is not demanded)')}" for e in kind.elements]
            lines += [""]
        known = [matter for matter in self._composer.view.matters if kind.id in matter.kinds]
        if known:
            lines += [_("**You know of**"), "", *(f"- {plain(matter.title)}" for matter in known), ""]
        lines += [_("**It goes by**"), "", *(f"- {plain(name)}" for _unused, name in kind.channels), ""]
        if kind.basis:
            lines += [_("**It can rest on**"), ""]
            reference = self._client.reference
            rests = [f"- {plain(clause(reference, id))}" for id in held(self._composer.view, reference, kind.basis)]
            lines += rests or [_(NONE_HELD)]
        return "\n".join(lines)

    def taken_before(self) -> str | None:
        return self._composer.draft.kind

    def take(self, key: str) -> bool:
        self._composer.draft.kind = key
        return True


class EntryScreen(_Step):
    """Whom it goes to: a line of the team's own directory, with what is known of it."""

    STAGE = "contact"
    TITLE_WORDS = N_("to whom?")
    EMPTY = N_("Your team has no contact directory in this exercise.")
    HELP = N_("""
These are the entries of your own directory. An entry is a person or desk **and a way** to it; a request that goes the
wrong way may never reach anyone who can act on it.

Look at when an entry was **last checked**, and whether a **ping** was answered. Some entries take no requests at all.
""")

    def on_mount(self) -> None:
        self.query_one("#rows").border_title = self._question
        self.refresh_hint()

    @property
    def _question(self) -> str:
        """What is asked here, in the word for what the kind does."""
        kind = self._composer.kind
        if kind is not None and kind.shape == "gives":
            return _("Whom do you tell?")
        return _("Whom do you call?") if kind is not None and kind.shape == "calls" else _("Whom do you ask?")

    def hint(self) -> str:
        return _("Step 2 of 5: {question} By which way? enter takes what is marked.").format(question=self._question)

    def so_far(self) -> str:
        kind = self._composer.kind
        return f"{kind.name}  →" if kind is not None else ""

    def entries(self) -> list[tuple[str, Content | Lines, str]]:
        composer = self._composer
        draft = composer.draft
        sorted_out = addressees(composer.view, composer.kind, draft.matter if draft.asked_about else None)
        titles = (_("Fits, and named in what you know"), _("Fits this"), _("Goes another way"))
        found: list[tuple[str, Content | Lines, str]] = []
        for number, (title, part) in enumerate(zip(titles, sorted_out, strict=True)):
            if part:
                found.append((f"#{number}", safe(title, "bold $primary"), ""))
            found += [self._row(contact) for contact in part]
        return found

    def _row(self, contact: ContactView) -> tuple[str, Content | Lines, str]:
        rows = [("  ", safe(at_party(contact.name, contact.party)))]
        rows.append(("    ", safe(contact.takes or _("takes no requests"), _QUIET)))
        if contact.stands in STANDS:
            rows.append(("    ", safe(STANDS[contact.stands], "bold")))
        return str(contact.number), Lines(*rows), self._card(contact)

    def _card(self, contact: ContactView) -> str:
        card = contact_card(contact)
        kind = self._composer.kind
        if not contact.via or kind is None:
            return card
        order = [id for id, _unused in kind.channels]
        if contact.via not in order:
            fit = _("**✕ Not a way for this.** “{name}” goes by:").format(name=plain(kind.name))
            return f"{card}\n\n{fit}\n\n" + "\n".join(f"- {plain(name)}" for _unused, name in kind.channels)
        said = _("the first way for this kind of request") if order[0] == contact.via else _("one of the ways for it")
        return _("{card}\n\n**✓ Fits:** {said}.").format(card=card, said=said)

    def taken_before(self) -> str | None:
        contact = self._composer.draft.contact
        return None if contact is None else str(contact)

    def take(self, key: str) -> bool:
        contact = next(entry for entry in self._composer.view.contacts if str(entry.number) == key)
        if not contact.via:
            self.say(_("This entry takes no requests; choose another one."), wrong=True)
            return False
        self._composer.draft.contact = contact.number
        return True


class MatterScreen(_Step):
    """What it is about: something the team knows of, or something else."""

    STAGE = "matter"
    TITLE_WORDS = N_("what is it about?")
    HINT = N_("Step 3 of 5: what is it about? enter takes what is marked.")
    HELP = N_("""
These are the things that your team knows of by now and could ask about, offer or tell. The list grows with what you
learn. **Something else** lets you say it in your own words.
""")

    def so_far(self) -> str:
        kind, contact = self._composer.kind, self._composer.contact
        return f"{kind.name}  →  {at_party(contact.name, contact.party)}" if kind and contact else ""

    def entries(self) -> list[tuple[str, Content | Lines, str]]:
        kind = self._composer.draft.kind
        matters = self._composer.view.matters
        fit = [matter for matter in matters if not matter.kinds or kind in matter.kinds]
        others = [matter for matter in matters if matter not in fit]
        found: list[tuple[str, Content | Lines, str]] = []
        for key, title, part in (
            ("#fit", _("What you know of"), fit),
            ("#more", _("Usually asked in other ways"), others),
        ):
            if part:
                found.append((key, safe(title, "bold $primary"), ""))
            found += [(m.id, Lines(("  ", safe(m.title))), self._card(m)) for m in part]
        found.append(("#own", safe(_("In your own words"), "bold $primary"), ""))
        text = _("## Something else\n\nSay on the next page, in your own words, what it is about.")
        found.append((OTHER_MATTER, Lines(("  ", safe(_("Something else")))), text))
        return found

    def _card(self, matter: MatterView) -> str:
        card = f"## {plain(matter.title)}\n\n{matter.text or _('No more is known of it.')}"
        names = [f"- {plain(kind.name)}" for kind in self._composer.view.kinds if kind.id in matter.kinds]
        return card + _("\n\n**Usually raised by**\n\n") + "\n".join(names) if names else card

    def taken_before(self) -> str | None:
        draft = self._composer.draft
        return (draft.matter or OTHER_MATTER) if draft.asked_about else None

    def take(self, key: str) -> bool:
        draft = self._composer.draft
        draft.matter = None if key == OTHER_MATTER else key
        draft.asked_about = True
        return True
