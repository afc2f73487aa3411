"""Questions asked one by one, each answered by one line: choosing a response, coming back to a decision, a note.

Every question ends with ': '. The word `cancel`, `back` or a single full stop leaves any of them with nothing sent, `?`
explains the question.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Sequence

from exercise.core.acts import Safeguard
from exercise.core.commands import ChooseResponse, SetAside
from exercise.core.reference import Reference
from exercise.core.text import clean_text
from exercise.core.views import DecisionView, OptionView, ParticipantView
from exercise.language import N_, _, folded
from exercise.plain import pages
from exercise.plain.drafts import draft_of
from exercise.plain.words import INDENT, WIDTH, field, heading, one_line, say

LEAVING = ("cancel", "back", ".")
"""What leaves a form at any question."""
TRIES = 3
"""Times a question is asked before the form is left: a script that lost its place must not answer by chance."""
LONGEST = 4_000
"""Characters in an answer, as the rules take them."""
MOST = 12
"""Commitments that one answer may name on either side."""

SAFEGUARDS: tuple[tuple[Safeguard, str, str], ...] = (
    (Safeguard.GROUND, N_("Ground"), N_("Which law or order lets you do this, and for which offence or danger?")),
    (Safeguard.AUTHORITY, N_("Authority"), N_("Who orders it, and which independent body or judge looks at it?")),
    (Safeguard.SCOPE, N_("Scope"), N_("Whom and what does it reach, and what is left out?")),
    (Safeguard.DURATION, N_("Duration"), N_("When does it end, and who decides whether it goes on?")),
    (Safeguard.THIRD_PARTIES, N_("Third parties"), N_("What is done for people who have no part in it?")),
)
"""The five points by which a coercive measure is judged, each with what is asked."""


class Cancelled(Exception):
    """Somebody left a form; nothing was sent."""


def yes_or_no(text: str) -> bool | None:
    """What a line says to a question: yes, no or neither, in English or in the language spoken, by word or letter."""
    word = folded(text.strip(" .!"))
    for said, meant in ((("Yes", _("Yes")), True), (("No", _("No")), False)):
        if word and word in {part for name in map(folded, said) for part in (name, name[:1])}:
            return meant
    return None


def while_ticking(read: Callable[[str], str], tick: Callable[[str], object]) -> Callable[[str], str]:
    """Reads a line while a live clock is kept going: one that stands for long would be taken for a sleeping machine.

    `tick` is called about each second with the prompt at which the line is waited for.
    """

    def reading(prompt: str) -> str:
        box: queue.SimpleQueue[str | BaseException] = queue.SimpleQueue()

        def wait() -> None:
            try:
                box.put(read(prompt))
            except BaseException as error:
                box.put(error)

        # The line is waited for beside, not here, so that Ctrl-C is heard here at once; the thread ends with us.
        threading.Thread(target=wait, daemon=True).start()
        while True:
            try:
                found = box.get(timeout=1)
            except queue.Empty:
                tick(prompt)
                continue
            if isinstance(found, BaseException):
                raise found
            return found

    return reading


class Lines:
    """Where the line mode reads and writes: one line at a time, cleaned on the way in, wrapped on the way out."""

    def __init__(self, read: Callable[[str], str], write: Callable[[str], None], width: int = WIDTH) -> None:
        self._read = read
        self._write = write
        self.width = width
        self._begun: dict[str, str] = {}

    def meanwhile(self, tick: Callable[[str], object]) -> None:
        """From now on `tick` is called while a line is waited for."""
        self._read = while_ticking(self._read, tick)

    def line(self, prompt: str) -> str:
        """A line, cleaned; raises EOFError at the end of a pipe."""
        return clean_text(self._read(f"{one_line(prompt)}: ").replace("\n", " ")).strip()

    def show(self, lines: Iterable[str]) -> None:
        """Writes lines that are ready."""
        for line in lines:
            self._write(line)

    def say(self, text: str) -> None:
        """Writes a sentence."""
        self.show(say(text, self.width))

    def ask(self, prompt: str, hint: str = "") -> str:
        """An answer to one question of a form; blank is an answer."""
        while True:
            text = self.line(prompt)
            if text.casefold() in LEAVING:
                raise Cancelled
            if text == "?":
                self.say(hint or _("Type your answer and press Enter, or 'cancel' to leave."))
            elif len(text) > LONGEST:
                self.say(
                    _("That is {count} characters long; at most {longest} are kept. Say it shorter.").format(
                        count=len(text), longest=LONGEST
                    )
                )
            else:
                return text

    def ask_again(self, key: str, prompt: str, hint: str = "") -> str:
        """The same for words of one's own: what was written when the form was left before is not lost."""
        before = self.begun(key)
        if before:
            self.say(_("Written before: “{before}”. A blank line keeps it, a hyphen drops it.").format(before=before))
        text = self.ask(prompt, hint)
        if before and text in ("", "-"):
            text = "" if text else before
        self.keep(key, text)
        return text

    def given(self, key: str, text: str, prompt: str, hint: str = "") -> str:
        """The same for words that may have been typed with the command itself."""
        if not text:
            return self.ask_again(key, prompt, hint)
        self.keep(key, text)
        return text

    def begun(self, key: str) -> str:
        """What was written under a key and not sent."""
        return self._begun.get(key, "")

    def keep(self, key: str, text: str) -> None:
        """Keeps what is being written, for as long as the program runs; without a key nothing."""
        if key:
            self._begun[key] = text

    @property
    def half_written(self) -> bool:
        """Whether words were written that have not been sent."""
        return any(self._begun.values())

    def forget(self, start: str) -> None:
        """What was written under keys that begin so has been sent."""
        self._begun = {key: text for key, text in self._begun.items() if not key.startswith(start)}

    def sure(self, prompt: str) -> bool:
        """Yes or no; anything else is asked again, since what follows cannot be undone."""
        for _unused in range(TRIES):
            meant = yes_or_no(self.ask(_("{prompt} (yes or no)").format(prompt=prompt)))
            if meant is not None:
                return meant
            self.say(_("Type yes or no."))
        raise Cancelled

    def agreed(self, prompt: str) -> bool:
        """The same before the story moves on; who leaves the question has said no."""
        try:
            return self.sure(prompt)
        except Cancelled:
            self.say(_("Left; the exercise stands where it was."))
            return False


def choose(
    lines: Lines, view: ParticipantView, reference: Reference, decision: DecisionView, letter: str = ""
) -> ChooseResponse | None:
    """Asks all that an answer holds and returns it ready to send, or None where it was not confirmed."""
    lines.show(pages.decision(decision, view.clock, lines.width))
    lines.say(_("At any question: 'cancel' to leave with nothing sent, '?' for what is meant."))
    option = _option(lines, decision, letter)
    begun = begun_on(view, decision.id)
    free_text, nearest = "", option
    if option is None:
        lines.say(decision.free_prompt or "")
        free_text = lines.ask_again(
            f"{begun}own", _("In your own words"), _("Say in a sentence what your team does instead of the options.")
        )
        nearest = _listed(lines, decision, _("Letter of the listed option that comes nearest"))
    draft = draft_of(view, decision.id)
    together = draft.text if draft is not None else ""
    if together:
        # Of a vote the team's own text is the reason in any case, and what each one writes stands with their vote.
        stands = (
            _("Your team writes a reason together, which will be that of its answer: “{text}”")
            if decision.vote.voting
            else _("Your team writes a reason together; it stands where you give none: “{text}”")
        )
        lines.say(stands.format(text=together))
    reason = lines.ask_again(
        f"{begun}reason",
        _("Your reason"),
        _("Why this and not another; the hot wash shows it. A blank line gives none."),
    )
    if nearest is not None and nearest.outward:
        lines.say(_("This has effects abroad: name the text of your profile that it rests on."))
    basis = clauses(
        lines,
        view,
        reference,
        _("Relies on (words to search, or blank to go on)"),
        _("What in your profile speaks for it?"),
        begun=f"{begun}basis",
    )
    aside = tuple(
        SetAside(commitment=name, why=why, limits=limits)
        for name in clauses(
            lines,
            view,
            reference,
            _("Sets aside (words to search, or blank to go on)"),
            _("Where commitments pull apart: which one gives way? Naming it openly counts for you."),
            begun=f"{begun}aside",
        )
        for why in (
            lines.ask_again(
                f"{begun}why|{name}",
                _("Why {name} is set aside").format(name=name),
                _("What weighs more, and why nothing milder would do."),
            ),
        )
        for limits in (
            lines.ask_again(
                f"{begun}limits|{name}",
                _("How you keep that small"),
                _("The mildest way, and its limits in time and in scope."),
            ),
        )
    )
    assert nearest is not None
    command = ChooseResponse(
        seat=view.seat,
        play=view.clock.play,
        decision=decision.id,
        revision=decision.revision,
        option=None if option is None else option.id,
        free_text=free_text,
        nearest=nearest.id if option is None else None,
        reason=reason,
        basis=basis,
        set_aside=aside,
        safeguards=_safeguards(lines, nearest, begun),
    )
    _sum_up(lines, command, option, nearest, together, reference)
    return command if lines.sure(_("Send this answer; it cannot be taken back")) else None


def pick(lines: Lines, prompt: str, count: int, given: str = "") -> int:
    """A number from 1 to `count`, taken from what was typed with the command or asked for."""
    text = given or ("1" if count == 1 else "")
    for _unused in range(TRIES):
        text = text or lines.ask(prompt)
        digits = text.lstrip("#rR").rstrip(".")
        if digits.isascii() and digits.isdigit() and len(digits) < 6 and 1 <= int(digits) <= count:
            return int(digits)
        lines.say(_("There is no number {text}.").format(text=text[:20]) if text else _("A number is needed."))
        lines.say(
            _("There is only number 1.")
            if count == 1
            else _("Type a number from 1 to {count}, or 'cancel'.").format(count=count)
        )
        text = ""
    raise Cancelled


def _option(lines: Lines, decision: DecisionView, given: str) -> OptionView | None:
    """The option chosen, or None for the team's own proposal."""
    own = decision.free_prompt is not None
    prompt = _("Option letter") + (_(", or 'own'") if own else "")
    hint = _("One of the letters above") + (_(", or 'own' for your own proposal.") if own else ".")
    if given.casefold() == "own" and not own:
        lines.say(_("This decision takes one of its options, and no proposal of your own."))
        given = ""
    return _lettered(lines, decision, prompt, hint, given, own)


def _listed(lines: Lines, decision: DecisionView, prompt: str) -> OptionView:
    found = _lettered(lines, decision, prompt, _("What follows in the story is what follows from that option."))
    assert found is not None
    return found


def _lettered(
    lines: Lines, decision: DecisionView, prompt: str, hint: str, given: str = "", own: bool = False
) -> OptionView | None:
    text = given
    for _unused in range(TRIES):
        text = text or lines.ask(prompt, hint)
        wanted = text.casefold().removeprefix("option").strip(" .):(")
        if own and wanted in ("own", "o"):
            return None
        for option in decision.options:
            if option.letter.casefold() == wanted:
                return option
        letters = ", ".join(option.letter for option in decision.options)
        lines.say(_("Type one of {letters}").format(letters=letters) + (_(", or own.") if own else "."))
        text = ""
    raise Cancelled


def clauses(
    lines: Lines,
    view: ParticipantView,
    reference: Reference,
    prompt: str,
    hint: str,
    most: int = MOST,
    listed: Sequence[str] = (),
    begun: str = "",
) -> tuple[str, ...]:
    """Commitments of the team's profile, found by words or by the numbers of those just listed, until a blank line.

    Under the key `begun` those are kept that were named before the form was left.
    """
    taken = lines.begun(begun).split()
    if taken:
        before = ", ".join(taken)
        lines.say(_("Named before: {before}. A blank line keeps them, a hyphen drops them.").format(before=before))
    while len(taken) < most:
        text = lines.ask(prompt, hint)
        if not text:
            break
        if text == "-":
            taken.clear()
            lines.keep(begun, "")
            continue
        numbers = numbers_in(text, len(listed))
        found = [listed[n - 1] for n in numbers] if numbers else _searched(lines, view, reference, text)
        for item in found:
            if item not in taken and len(taken) < most:
                taken.append(item)
                lines.say(_("Noted: {clause_line}.").format(clause_line=pages.clause_line(reference, item)))
        lines.keep(begun, " ".join(taken))
    return tuple(taken)


def _searched(lines: Lines, view: ParticipantView, reference: Reference, words: str) -> list[str]:
    typed = words.casefold().replace(",", " ").split()
    ids = {item.id.casefold(): item.id for item in pages.in_profile(view, reference)}
    ids |= {entry.instrument: entry.instrument for entry in view.profile}
    if any(word in ids for word in typed):
        for word in typed:
            if word not in ids:
                lines.say(_("'{word}' is not in your profile.").format(word=word[:40]))
        return [ids[word] for word in typed if word in ids]
    items = pages.search(view, reference, words)
    if len(items) <= 1:
        if not items:
            lines.say(
                _("Nothing in your profile holds '{words}'. Try one word, or an id such as se-p7.").format(
                    words=words[:60]
                )
            )
        return [item.id for item in items]
    lines.show(pages.found(items, reference, lines.width))
    tries = 0
    while tries < TRIES:
        text = lines.ask(
            _("Numbers, more words to narrow it, or blank for none"),
            _("One or more of the numbers above, with blanks between; words leave only those that hold them."),
        )
        numbers = numbers_in(text, len(items))
        if numbers or not text:
            return [items[n - 1].id for n in numbers]
        fewer = [item for item in items if item in pages.search(view, reference, text)]
        if len(fewer) == 1:
            return [fewer[0].id]
        if fewer:
            items = fewer
            lines.show(pages.found(items, reference, lines.width))
        else:
            tries += 1
            lines.say(
                _("None of these holds '{words}'. Type their numbers, a word, or a blank line.").format(words=text[:60])
            )
    raise Cancelled


def numbers_in(text: str, most: int) -> list[int]:
    """The numbers from 1 to `most` among the words of a line, each once."""
    digits = [part.rstrip(".") for part in text.replace(",", " ").split()]
    found = [int(part) for part in digits if part.isascii() and part.isdigit() and len(part) < 6]
    return [n for n in dict.fromkeys(found) if 1 <= n <= most]


def begun_on(view: ParticipantView, decision: str) -> str:
    """How the keys begin under which a seat's half-written answer to a decision is kept."""
    return f"{view.seat}|{decision}|"


def begun_about(view: ParticipantView, request: int) -> str:
    """The same for what a seat writes about a request; no decision's id holds a blank."""
    return f"{view.seat}|request {request}|"


def _safeguards(lines: Lines, option: OptionView, begun: str) -> dict[Safeguard, str]:
    if not option.coercive:
        return {}
    lines.say(_("This option uses a power. Five safeguards are asked for; a blank line leaves one out."))
    answers = {
        point: lines.ask_again(f"{begun}{point.value}", _(name), _(question)) for point, name, question in SAFEGUARDS
    }
    return {point: text for point, text in answers.items() if text}


def _sum_up(
    lines: Lines,
    command: ChooseResponse,
    option: OptionView | None,
    nearest: OptionView,
    together: str,
    reference: Reference,
) -> None:
    lines.show(heading(_("Your answer"), lines.width))
    if option is None:
        lines.show(field(_("In your own words"), command.free_text, lines.width, INDENT))
        lines.show(field(_("Comes nearest"), f"{nearest.letter}. {nearest.title}", lines.width, INDENT))
    else:
        lines.show(field(_("Option"), f"{option.letter}. {option.title}", lines.width, INDENT))
    lines.show(field(_("Reason"), command.reason or together or _("none given"), lines.width, INDENT))
    for name in command.basis:
        lines.show(field(_("Relies on"), pages.clause_line(reference, name), lines.width, INDENT))
    for aside in command.set_aside:
        lines.show(field(_("Sets aside"), pages.clause_line(reference, aside.commitment), lines.width, INDENT))
        lines.show(field(_("because"), aside.why or _("none given"), lines.width, INDENT * 2))
        lines.show(field(_("kept small by"), aside.limits or _("none given"), lines.width, INDENT * 2))
    for point, name, _question in SAFEGUARDS if nearest.coercive else ():
        lines.show(field(_(name), command.safeguards.get(point, "") or _("none given"), lines.width, INDENT))
