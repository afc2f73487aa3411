"""The forms by which a team answers requests: a reply, what was missing, and handing over what was agreed."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from exercise.core.reference import Reference
from exercise.core.requests import commands as cmd
from exercise.core.requests.bases import held
from exercise.core.requests.views import KindView, RequestView
from exercise.core.views import ParticipantView
from exercise.language import N_, _
from exercise.plain import pages
from exercise.plain import request_words as words
from exercise.plain.forms import TRIES, Cancelled, Lines, begun_about, numbers_in
from exercise.plain.request_forms import ask_enclosed, ask_handling
from exercise.plain.words import INDENT, field, heading, one_line, wrapped

Answer = Literal["accept", "part", "conditional", "refuse", "ask-back"]

_ANSWERS: tuple[tuple[Answer, str, str], ...] = (
    ("accept", "accept", N_("you will do all of it")),
    ("part", "part", N_("you will do a part, and say which")),
    ("conditional", "conditions", N_("you will do it if they take your conditions")),
    ("refuse", "refuse", N_("you will not do it, and say why")),
    ("ask-back", "ask", N_("you need something that is missing first")),
)
_OTHER_WORDS: dict[str, Answer] = {
    "yes": "accept",
    "partly": "part",
    "conditional": "conditional",
    "no": "refuse",
    "back": "ask-back",
    "ask-back": "ask-back",
    "missing": "ask-back",
}
_PART = N_("Which part you will do, and why not the rest")
LONGEST_KEEP = 3_650
"""Days for which data can be said to be kept."""


def read_answer(text: str) -> tuple[Answer | None, str]:
    """The answer that a line begins with, and the rest of it."""
    first, _, rest = text.strip().partition(" ")
    word = first.casefold().strip(".:,")
    for answer, name, _ in _ANSWERS:
        if word == name:
            return answer, rest.strip()
    return _OTHER_WORDS.get(word), rest.strip()


def reply(
    lines: Lines, view: ParticipantView, reference: Reference, request: RequestView, given: str
) -> cmd.AnswerRequest | None:
    """Asks for an answer and what belongs to it; None where it was not confirmed."""
    how, text = read_answer(given)
    if how is None:
        how = _which(lines)
    kind = request.form
    begun = f"{begun_about(view, request.number)}{how}"
    ground, missing, handling, days = "", (), None, None
    named: tuple[str, ...] = missing
    match how:
        case "accept":
            text = lines.given(begun, text, _("What you will do, in a sentence (may be blank)"))
        case "part":
            text = _which_part(lines, begun, lines.given(begun, text, _(_PART)))
            handling = ask_handling(lines, _("what you hand over"))
        case "conditional":
            text = lines.given(begun, text, _("What you will do once they take your conditions (may be blank)"))
            handling = ask_handling(lines, _("what you hand over"), must=True)
        case "refuse":
            ground = _ground(lines, view, reference, kind)
            text = lines.given(
                begun, text, _("Your reasons"), _("What stands against it; a refusal without reasons is marked.")
            )
        case "ask-back":
            named = _gaps(lines, request)
            if named:
                text = lines.given(begun, text, _("What you need from them, in a sentence (may be blank)"))
            elif len(text.split()) < cmd.ENOUGH_FOR_ANSWER:
                text = lines.ask_again(begun, _missing())
    if kind is not None and kind.least_days and how in ("accept", "part", "conditional"):
        days = _days(lines, kind.least_days)
    command = cmd.AnswerRequest(
        seat=view.seat,
        play=view.clock.play,
        request=request.number,
        revision=request.revision,
        answer=how,
        text=text,
        ground=ground,
        missing=named,
        conditions=handling,
        days=days,
    )
    command = _whole(lines, command, begun)
    _sum_up(lines, command, request, kind)
    return command if lines.sure(_("Send this answer; it cannot be taken back")) else None


def _which(lines: Lines) -> Answer:
    for _unused, name, what in _ANSWERS:
        lines.show(wrapped(f"{name}: {_(what)}", lines.width, INDENT, INDENT))
    for _time in range(TRIES):
        answer, _rest = read_answer(lines.ask(_("Your answer (accept, part, conditions, refuse or ask)")))
        if answer is not None:
            return answer
        lines.say(_("Type accept, part, conditions, refuse or ask."))
    raise Cancelled


def _which_part(lines: Lines, begun: str, text: str) -> str:
    """Words enough to say which part; what else is asked comes only after them."""
    tries = 0
    while len(text.split()) < cmd.ENOUGH_FOR_ANSWER:
        lines.say(_("Say in a few words which part you can do."))
        if (tries := tries + 1) > TRIES:
            raise Cancelled
        text = lines.ask_again(begun, _(_PART))
    return text


def _missing() -> str:
    return _("What you need from them, in {count} words or more").format(count=cmd.ENOUGH_FOR_ANSWER)


def _whole(lines: Lines, command: cmd.AnswerRequest, begun: str) -> cmd.AnswerRequest:
    """Asks again for what it lacks: nobody confirms what would be refused, and then types it all anew."""
    tries = 0
    while (lacks := command.lacks) is not None:
        if (tries := tries + 1) > TRIES:
            raise Cancelled
        if command.answer == "ask-back":
            lines.say(_("Write at least {count} words that say what is missing.").format(count=cmd.ENOUGH_FOR_ANSWER))
        else:
            lines.say(_(lacks.text))
        if command.answer == "conditional":
            more: dict[str, object] = {"conditions": ask_handling(lines, _("what you hand over"), must=True)}
        else:
            more = {"text": lines.ask_again(begun, _missing())}
        command = command.model_copy(update=more)
    return command


def _ground(lines: Lines, view: ParticipantView, reference: Reference, kind: KindView | None) -> str:
    grounds = kind.grounds if kind else ()
    if not grounds:
        return ""
    lines.say(_("Grounds on which it may be refused:"))
    mine = held(view, reference, [clause for _id, _name, clause in grounds])
    for n, (_unused, name, clause) in enumerate(grounds, 1):
        lines.say(f"{n}. {one_line(name)}" + (f" ({pages.clause_line(reference, clause)})" if clause in mine else ""))
    for _time in range(TRIES):
        text = lines.ask(_("Number of the ground, or blank for none of these"))
        numbers = numbers_in(text, len(grounds))
        if numbers or not text:
            return grounds[numbers[0] - 1][0] if numbers else ""
        lines.say(_("Type a number from 1 to {count}, or a blank line.").format(count=len(grounds)))
    raise Cancelled


def _gaps(lines: Lines, request: RequestView) -> tuple[str, ...]:
    if not request.content:
        return ()
    lines.say(_("What such a request has to say:"))
    for n, (id, name, text, demanded) in enumerate(request.content, 1):
        gap = _("missing") if demanded else _("not given, and not demanded")
        state = _("too little to count") if text and id in request.missing else _("given") if text else gap
        lines.say(f"{n}. {one_line(name)}: {state}")
    text = lines.ask(_("Numbers of what is missing (blank names none)"), _("One or more of the numbers above."))
    return tuple(request.content[n - 1][0] for n in numbers_in(text, len(request.content)))


def _days(lines: Lines, least: int) -> int | None:
    for _time in range(TRIES):
        text = lines.ask(
            _("For how many days the data are kept (blank if you do not say)"),
            _("The text has it as at least {least} days.").format(least=least),
        )
        digits = text.casefold().removesuffix("days").removesuffix("d").strip(" .")
        if not text:
            return None
        if digits.isascii() and digits.isdigit() and len(digits) < 6 and 1 <= int(digits) <= LONGEST_KEEP:
            return int(digits)
        lines.say(
            _("Type a number of days from 1 to {longest_keep}, or a blank line.").format(longest_keep=LONGEST_KEEP)
        )
    raise Cancelled


def _sum_up(lines: Lines, command: cmd.AnswerRequest, request: RequestView, kind: KindView | None) -> None:
    width = lines.width
    lines.show(heading(_("Your answer to R{number}").format(number=request.number), width))
    lines.show(field(_("Answer"), next(name for id, name, _unused in _ANSWERS if id == command.answer), width, INDENT))
    grounds = {id: name for id, name, _unused in kind.grounds} if kind else {}
    lines.show(field(_("Ground"), grounds.get(command.ground, ""), width, INDENT))
    lines.show(field(_("Missing"), words.element_names(request, command.missing), width, INDENT))
    lines.show(field(_("Conditions"), words.conditions(command.conditions), width, INDENT))
    lines.show(field(_("Kept for days"), command.days or "", width, INDENT))
    lines.show(field(_("Words"), command.text or _("none"), width, INDENT))


def mend(lines: Lines, view: ParticipantView, request: RequestView) -> cmd.MendRequest | None:
    """Asks for each element that is missing or asked for; None where nothing was added."""
    kind = request.form
    questions = {element.id: element for element in kind.elements} if kind else {}
    added: dict[str, str] = {}
    for id, name, text, _unused in request.content:
        if id not in request.missing and id not in request.named:
            continue
        element = questions.get(id)
        lines.say(f"{one_line(name)}: {one_line(element.ask) if element else ''}")
        if element:
            lines.show(field(_("Why"), element.why, lines.width, INDENT))
        lines.show(field(_("So far"), text, lines.width, INDENT))
        answer = lines.ask_again(
            f"{begun_about(view, request.number)}{id}",
            _("{name} (blank leaves it as it is)").format(name=one_line(name)),
        )
        if answer:
            added[id] = answer
    if not added:
        return None
    return cmd.MendRequest(
        seat=view.seat, play=view.clock.play, request=request.number, revision=request.revision, content=added
    )


def fulfil(lines: Lines, view: ParticipantView, request: RequestView, text: str) -> cmd.FulfilRequest | None:
    """Asks what was done and what is handed over; None where it was not confirmed."""
    begun = f"{begun_about(view, request.number)}fulfil"
    text = lines.given(begun, text, _("What was done, in a sentence (may be blank)"))
    rest = tuple(piece for piece in view.evidence if piece.id not in request.goes)
    if len(rest) < len(view.evidence):
        titles = "; ".join(one_line(piece.title) for piece in view.evidence if piece.id in request.goes)
        lines.say(_("Goes in any case: {titles}. Of the rest goes what you name.").format(titles=titles))
    elif view.evidence and request.matter_id and request.shape == "asks":
        lines.say(_("What was asked for, and is yours to give, goes in any case; of the rest what you name."))
    encloses = ask_enclosed(lines, replace(view, evidence=rest), request.form, request.other, request.channel_id)
    handling = ask_handling(lines, _("what you hand over")) if encloses else None
    if request.conditions is not None:
        bound = words.conditions(request.conditions).rstrip(".")  # Own words may end in a full stop.
        lines.say(_("Your conditions bind them: {conditions}.").format(conditions=bound))
    if not lines.sure(_("Carry out R{number} now").format(number=request.number)):
        return None
    return cmd.FulfilRequest(
        seat=view.seat,
        play=view.clock.play,
        request=request.number,
        revision=request.revision,
        text=text,
        encloses=encloses,
        handling=handling,
    )
