"""The form that leads through a cooperation request, question by question; what was written stays when it is left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from exercise.core.reference import Reference
from exercise.core.requests import commands as cmd
from exercise.core.requests.addressees import addressees
from exercise.core.requests.bases import NONE_HELD, held
from exercise.core.requests.kinds import Handling, Purpose, Tlp
from exercise.core.requests.views import KindView
from exercise.core.times import parse_exercise_time
from exercise.core.views import ContactView, ParticipantView
from exercise.language import _
from exercise.plain import pages, request_pages
from exercise.plain import request_words as words
from exercise.plain.forms import TRIES, Cancelled, Lines, clauses, numbers_in, yes_or_no
from exercise.plain.narrowing import Entry, pick_one
from exercise.plain.request_drafts import Draft
from exercise.plain.words import INDENT, counted, heading, joined, one_line, say, story, wrapped
from exercise.plain.words import field as named

MOST_BASES = 8
MOST_ENCLOSED = 12
LONGEST_CONDITION = 300
_AFTER = re.compile(r"\+?\s*(\d{1,3})\s*(?:h|hours?|(m|min|minutes?))?", re.ASCII)


class _Question(NamedTuple):
    key: str
    name: str
    ask: Callable[[], None]
    shown: Callable[[], str]


class Compose:
    """One go at a request; the draft outlives it, so that whoever leaves can come back to it."""

    def __init__(self, lines: Lines, view: ParticipantView, reference: Reference, draft: Draft) -> None:
        self._lines = lines
        self._view = view
        self._reference = reference
        self._draft = draft

    def run(self) -> cmd.SendRequest | None:
        """Asks what is still to be asked, shows all of it and returns it once it is confirmed."""
        self._lines.say(_("At any question: a full stop or 'back' leaves and keeps what is written, '?' explains."))
        tries = 0
        while tries < TRIES:
            for question in self._questions():
                if question.key not in self._draft.done:
                    question.ask()
                    self._draft.done.add(question.key)
            asked = tuple(self._questions())
            if any(question.key not in self._draft.done for question in asked):
                continue
            self._review(asked)
            text = self._lines.ask(_("Send it (yes), or the number of a line to change"))
            numbers = numbers_in(text, len(asked))
            sure = yes_or_no(text)
            if sure:
                return self._command()
            if sure is False:
                raise Cancelled
            if numbers:
                self._change(asked[numbers[0] - 1].key)
            else:
                tries += 1
                self._lines.say(
                    _("Type 'yes' to send it, a number to change that line, or 'back' to leave it for now.")
                )
        raise Cancelled

    def _change(self, key: str) -> None:
        self._draft.done.discard(key)
        if key in ("kind", "contact"):
            # What may be enclosed without breaking conditions depends on both.
            self._draft.done.discard("encloses")

    def _questions(self) -> Iterator[_Question]:
        draft = self._draft
        yield _Question("kind", _("Kind"), self._ask_kind, lambda: self._kind.name)
        yield _Question("contact", _("To"), self._ask_contact, lambda: f"{self._contact.name} ({self._contact.takes})")
        if not draft.kind or self._kind.automatic:
            return
        yield _Question("matter", _("About"), self._ask_matter, self._about)
        for element in self._kind.elements:
            yield _Question(
                _("element {id}").format(id=element.id),
                element.name,
                partial(self._ask_element, element.id),
                partial(self._written, element.id),
            )
        yield _Question("basis", _("Rests on"), self._ask_basis, lambda: joined(draft.basis) or _("nothing named"))
        yield _Question(
            "handling", _("Conditions"), self._ask_handling, lambda: words.conditions(draft.handling) or _("not stated")
        )
        yield _Question(
            "urgent", _("Urgent"), self._ask_urgent, lambda: (_("Yes") if draft.urgent else _("No")).lower()
        )
        if self._kind.wants_answer:
            yield _Question(
                "deadline",
                _("Answer wanted by"),
                self._ask_deadline,
                lambda: _("no time") if draft.deadline is None else story(draft.deadline),
            )
        if self._view.evidence:
            yield _Question("encloses", _("With it goes"), self._ask_encloses, self._enclosed)

    @property
    def _kind(self) -> KindView:
        return next(kind for kind in self._view.kinds if kind.id == self._draft.kind)

    @property
    def _contact(self) -> ContactView:
        return next(contact for contact in self._view.contacts if contact.number == self._draft.contact)

    def _written(self, id: str) -> str:
        text = self._draft.content.get(id, "")
        if id in words.gaps(self._kind, self._draft.content):
            return _("{text} (too little to count)").format(text=text) if text else _("missing")
        return text or _("not given; it is not demanded")

    def _about(self) -> str:
        title = next((m.title for m in self._view.matters if m.id == self._draft.matter), "")
        return title or self._draft.subject or _("nothing said")

    def _enclosed(self) -> str:
        titles = [one_line(piece.title) for piece in self._view.evidence if piece.id in self._draft.encloses]
        return joined(titles) or _("nothing")

    # --- the questions ---

    def _ask_kind(self) -> None:
        self._lines.show(request_pages.kinds(self._view, self._lines.width))
        known = request_pages.in_groups(self._view.kinds)
        self._draft.kind = pick_kind(self._lines, known)
        self._lines.show(request_pages.kind(self._kind, self._lines.width))

    def _ask_contact(self) -> None:
        sorted_out = addressees(self._view, self._kind, self._draft.matter)
        entries = [contact for part in sorted_out for contact in part if contact.via]
        self._lines.show(heading(_("Who in your directory takes requests"), self._lines.width))
        fit = len(sorted_out.named) + len(sorted_out.fitting)
        for place, entry in enumerate(entries):
            if place == 0 and fit:
                self._lines.say(_("Fits “{kind}”:").format(kind=one_line(self._kind.name)))
            if place == fit:
                self._lines.say(_("Goes another way:"))
            notes = [one_line(entry.party), one_line(entry.takes)]
            notes += [_("last checked {updated}").format(updated=one_line(entry.updated))] if entry.updated else []
            notes += [words.tried(entry)] if entry.stands else []
            self._lines.say(f"{entry.number}. {one_line(entry.name)}: {'; '.join(notes)}")
        rows = [Entry(entry.number, entry.name, f"{entry.party} {entry.takes}") for entry in entries]
        only = "1" if len(self._view.contacts) == 1 else ""
        self._draft.contact = pick_one(self._lines, _("Number of the entry, or a word of it"), rows, only)

    def _ask_matter(self) -> None:
        draft, kind = self._draft, self._kind
        fit = [matter for matter in self._view.matters if not matter.kinds or kind.id in matter.kinds]
        matters = [*fit, *(matter for matter in self._view.matters if matter not in fit)]
        draft.matter, draft.subject = None, ""
        if matters:
            self._lines.show(heading(_("What it is about"), self._lines.width))
            for n, matter in enumerate(matters, 1):
                if n == 1 and fit:
                    self._lines.say(_("Fits “{kind}”:").format(kind=one_line(kind.name)))
                if n == len(fit) + 1:
                    self._lines.say(_("Usually asked in other ways:"))
                names = [one_line(known.name) for known in self._view.kinds if known.id in matter.kinds]
                by = _("; usually by {kinds}").format(kinds="; ".join(names)) if names and matter not in fit else ""
                self._lines.say(f"{n}. {one_line(matter.title)}{by}")
            self._lines.say(_("0. Something else, in your own words"))
        for _unused in range(TRIES if matters else 0):
            text = self._lines.ask(
                _("Number of what it is about"), _("One of the things your team knows, or 0 for others.")
            )
            numbers = numbers_in(text, len(matters))
            if numbers:
                draft.matter = matters[numbers[0] - 1].id
                self._lines.show(
                    named(_("What you know of it"), matters[numbers[0] - 1].text, self._lines.width, INDENT)
                )
                return
            if text in ("0", "0."):
                break
            self._lines.say(_("Type a number from 0 to {count}.").format(count=len(matters)))
        else:
            if matters:
                raise Cancelled
        draft.subject = self._lines.ask(_("What it is about, in your own words"))

    def _ask_element(self, id: str) -> None:
        element = next(element for element in self._kind.elements if element.id == id)
        width = self._lines.width
        self._lines.show(say(f"{one_line(element.name)}: {one_line(element.ask)}", width))
        must = "" if element.required else _(" It is not demanded.")
        self._lines.show(named(_("Why"), f"{one_line(element.why)}{must}", width, INDENT))
        before = self._draft.content.get(id, "")
        if before:
            self._lines.show(named(_("Written so far"), before, width, INDENT))
        text = self._lines.ask(
            _("{name} (blank {it})").format(
                name=one_line(element.name), it=_("keeps it") if before else _("leaves it out")
            ),
            one_line(element.ask),
        )
        if text or not before:
            self._draft.content[id] = text

    def _ask_basis(self) -> None:
        listed = held(self._view, self._reference, self._kind.basis)
        if listed:
            self._lines.say(_("Such a request can rest on:"))
            for n, name in enumerate(listed, 1):
                self._lines.say(f"{n}. {pages.clause_line(self._reference, name)}")
        elif self._kind.basis:
            self._lines.say(_(NONE_HELD))
        self._draft.basis = clauses(
            self._lines,
            self._view,
            self._reference,
            _("Rests on (numbers, words to search, or blank to go on)"),
            _("Which text entitles you to ask, or the other side to help? Naming it is never pre-set."),
            MOST_BASES,
            listed,
        )

    def _ask_handling(self) -> None:
        self._draft.handling = ask_handling(self._lines, _("what you write and send with it"))

    def _ask_urgent(self) -> None:
        hint = _("Whether it must be read before everything else.")
        for _unused in range(TRIES):
            text = self._lines.ask(_("Urgent (yes, or blank for no)"), hint)
            urgent = yes_or_no(text) if text else False
            if urgent is not None:
                self._draft.urgent = urgent
                return
            self._lines.say(_("Type yes or no."))
        raise Cancelled

    def _ask_deadline(self) -> None:
        end = end_of_move(self._view)
        move = _(" 'end' for {story}, when this move ends,").format(story=story(end)) if end else ""
        self._lines.say(
            _("By when do you want an answer? +30m, +1h, +4h,{move} a time such as T+4:00, or none.").format(move=move)
        )
        prompt = _("Answer wanted by (blank for none)")
        for _unused in range(TRIES):
            text = self._lines.ask(prompt, _("By when in the story you need an answer; it lapses after that."))
            if not text or text.casefold() == "none":
                self._draft.deadline = None
                return
            ends = text.casefold() == "end"
            found = end if ends else deadline(text, self._view.clock.exercise)
            if found is not None and found > self._view.clock.exercise:
                self._draft.deadline = found
                if end is not None and found > end:
                    self._lines.say(_("That is after the end of this move."))
                return
            why = _("That time is over already.") if found is not None else _("That is no time.")
            self._lines.say(_("{why} Write +4h, or T+4:00 for a time of the story.").format(why=why))
        raise Cancelled

    def _ask_encloses(self) -> None:
        contact = self._contact
        self._draft.encloses = ask_enclosed(
            self._lines, self._view, self._kind, contact.party, contact.via, self._draft.encloses
        )

    # --- the end of it ---

    def _review(self, asked: tuple[_Question, ...]) -> None:
        self._lines.show(heading(_("Your request"), self._lines.width))
        for n, question in enumerate(asked, 1):
            self._lines.say(f"{n}. {one_line(question.name)}: {one_line(question.shown())}")
        if self._contact.via not in {id for id, _unused in self._kind.channels}:
            takes = one_line(self._contact.takes)
            self._lines.say(_("“{takes}” is not among the ways made for this kind of request.").format(takes=takes))
        if self._kind.automatic:
            return
        gaps = words.gaps(self._kind, self._draft.content)
        if gaps:
            are = _("demanded element is") if len(gaps) == 1 else _("demanded elements are")
            self._lines.say(
                _("{count} {are} missing. You can send it so; the other side sees the gap.").format(
                    count=len(gaps), are=are
                )
            )

    def _command(self) -> cmd.SendRequest:
        draft, asked = self._draft, {question.key for question in self._questions()}
        known = {element.id for element in self._kind.elements}
        plain = "matter" not in asked
        return cmd.SendRequest(
            seat=self._view.seat,
            play=self._view.clock.play,
            kind=draft.kind,
            contact=draft.contact,
            matter=None if plain else draft.matter,
            subject="" if plain else draft.subject,
            basis=() if plain else draft.basis,
            content={id: text for id, text in draft.content.items() if id in known and text},
            handling=None if plain else draft.handling,
            urgent=draft.urgent and not plain,
            deadline=draft.deadline if "deadline" in asked else None,
            encloses=draft.encloses if "encloses" in asked else (),
        )


def pick_kind(lines: Lines, known: Sequence[KindView], given: str = "") -> str:
    """The id of the kind that is chosen by its number in the list, or by words."""
    given = given or ("1" if len(known) == 1 else "")
    entries = [Entry(n, kind.name, kind.use) for n, kind in enumerate(known, 1)]
    return known[pick_one(lines, _("Number of the kind, or a word of it"), entries, given) - 1].id


def deadline(text: str, now: int) -> int | None:
    """A time of the story from `+4h` or `T+4:00`; None where it is neither."""
    after = _AFTER.fullmatch(text.strip().casefold())
    if after:
        return now + int(after[1]) * (60 if after[2] else 3600)
    try:
        return parse_exercise_time(text.strip().upper())
    except ValueError:
        return None


def end_of_move(view: ParticipantView) -> int | None:
    """Time of the story at which the move's clock stops; None outside a move."""
    clock = view.clock
    return clock.move_ends if clock.phase == "move" and clock.move_ends > clock.exercise else None


def ask_handling(lines: Lines, what: str, must: bool = False) -> Handling | None:
    """Conditions on what is given; blank states none, unless they must be stated."""
    lines.say(_("How far may {what} go?").format(what=what))
    for text in words.LIMITS.values():
        lines.show(wrapped(text, lines.width, INDENT, INDENT))
    if must:
        tlp = _named(lines, _("How far (red, amber, green or clear)"), [str(t) for t in Tlp], blank=False)
    else:
        tlp = _named(lines, _("How far (red, amber, green, clear, or blank for not stated)"), [str(t) for t in Tlp])
    if not tlp:
        return None
    for text in words.USES.values():
        lines.show(wrapped(text, lines.width, INDENT, INDENT))
    purpose = _named(
        lines, _("For which use (any, defence, investigation, policy, or blank for any)"), [*map(str, _USES)]
    )
    more = lines.ask(
        _("Further conditions in words (blank for none)"), _("Such as: ask us before it is shown to a court.")
    )
    return Handling(
        tlp=Tlp(tlp),
        purpose=Purpose(purpose) if purpose else Purpose.ANY,
        words=more[:LONGEST_CONDITION],
    )


_USES = tuple(words.USES)


def _named(lines: Lines, prompt: str, names: list[str], hint: str = "", blank: bool = True) -> str:
    for _unused in range(TRIES):
        text = lines.ask(prompt, hint).casefold().removeprefix("tlp").strip(" :.")
        near = [name for name in names if text and name.startswith(text)]
        if len(near) == 1 or (blank and not text):
            return near[0] if near else ""
        wrong = _("Type one of {names}, or a blank line.") if blank else _("Type one of {names}.")
        lines.say(wrong.format(names=", ".join(names)))
    raise Cancelled


def ask_enclosed(
    lines: Lines,
    view: ParticipantView,
    kind: KindView | None,
    party: str,
    channel: str,
    before: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Which of the team's evidence goes with it; what would break somebody's conditions is asked about one by one."""
    if not view.evidence:
        return ()
    asks_free = kind is not None and kind.lifts
    lines.say(
        _("Evidence whose conditions you ask to be lifted:") if asks_free else _("Evidence you can send with it:")
    )
    for n, piece in enumerate(view.evidence, 1):
        held = words.held_under(piece, view.team_short)
        chosen = _(" (chosen)") if piece.id in before else ""
        lines.say(
            f"{n}. {one_line(piece.title)}{chosen}; "
            + (_("held under: {held}").format(held=held) if held else _("no conditions bind"))
        )
    keeps = _("keeps the chosen") if before else _("for none")
    text = lines.ask(
        _("Numbers of what goes with it (blank {keeps}, 0 for none)").format(keeps=keeps),
        _("With blanks between the numbers."),
    )
    if not text and before:
        wanted = [piece for piece in view.evidence if piece.id in before]
    else:
        wanted = [view.evidence[n - 1] for n in numbers_in(text, len(view.evidence))]
        if text and not wanted and text.strip(" .0"):
            lines.say(_("There is no evidence '{text}'; nothing goes with it.").format(text=one_line(text)[:20]))
    taken = []
    for piece in wanted[:MOST_ENCLOSED]:
        warning = words.broken_by(piece, kind, party, channel, view.team_short)
        if warning:
            lines.say(warning)
            leave = next((known.name for known in view.kinds if known.lifts), "")
            if leave and piece.giver:
                lines.say(
                    _("You can ask {giver} for leave first, by a request of the kind “{leave}”.").format(
                        giver=piece.giver, leave=leave
                    )
                )
        if not warning or lines.sure(_("Send it all the same")):
            taken.append(piece.id)
    if wanted:
        lines.say(_("With it: {counted} of evidence.").format(counted=counted(len(taken), "piece")))
    return tuple(taken)
