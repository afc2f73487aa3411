"""The commands of cooperation requests at a team's desk: see the board, ask, answer, mend, carry out, take back."""

from __future__ import annotations

from collections.abc import Callable

from exercise.core import commands as core
from exercise.core.reference import Reference
from exercise.core.requests import commands as cmd
from exercise.core.requests.views import RequestView
from exercise.core.views import ContactView, ParticipantView
from exercise.language import N_, Told, _
from exercise.plain import request_answers, request_pages
from exercise.plain import request_words as words
from exercise.plain.forms import Cancelled, Lines, begun_about, numbers_in, pick, yes_or_no
from exercise.plain.grammar import Command
from exercise.plain.request_drafts import Draft, written_before
from exercise.plain.request_forms import Compose, pick_kind
from exercise.plain.words import counted, one_line
from exercise.session.client import Client

GRAMMAR = (
    N_(
        "'ask' leads through a request to an entry of your directory, a line each: kind; entry; what it is about; "
        "each thing it has to say, where a blank line leaves it missing; what it rests on, until a blank line; its "
        "conditions; whether it is urgent; by when an answer is wanted, except of a notice; evidence that goes with "
        "it; and 'yes' to send it."
    ),
    N_(
        "'reply 1 refuse' answers request 1 and then asks for what belongs to a refusal. 'conditions 1 yes' takes what "
        "is offered under conditions. A full stop leaves a request half written; the next 'ask' goes on with it."
    ),
)
"""How requests are written in a script, as the help prints it."""

_About = cmd.AnswerRequest | cmd.MendRequest | cmd.TakeConditions | cmd.FulfilRequest | cmd.WithdrawRequest

_NOBODY_WAITS = Told(
    {
        "answer": "No request waits for your answer.",
        "take-conditions": "No conditions wait for you.",
        "mend": "No request of yours has a gap that you could fill now.",
        "fulfil": "You have accepted nothing that can be carried out now.",
        "withdraw": "You have no request that can be taken back.",
    }
)


class Requests:
    """What one team at a time can do about requests; half-written ones are kept for each team."""

    def __init__(
        self,
        lines: Lines,
        client: Callable[[], Client],
        send: Callable[[core.Command], bool],
        told: Callable[[], None],
        *,
        acts: bool = True,
    ) -> None:
        self._lines = lines
        self._acts = acts
        self._client = client
        self._send = send
        self._told = told
        self._drafts: dict[str, Draft] = {}

    def acting(self) -> tuple[Command, ...]:
        """What can be done while the exercise runs."""
        return (
            self.board_command,
            Command(
                "ask",
                _("send a request, led question by question"),
                self.ask,
                usage=_("ask [N]"),
                aliases=("compose",),
            ),
            Command(
                "reply",
                _("answer a request: accept, part, conditions, refuse, or ask back"),
                self.reply,
                usage=_("reply N [ANSWER]"),
                aliases=("answer-request", "respond"),
            ),
            Command("mend", _("add what is missing in a request of yours"), self.mend, usage=_("mend N")),
            Command(
                "conditions",
                _("take the conditions of what is given, or decline"),
                self.conditions,
                "",
                _("conditions N yes|no"),
            ),
            Command(
                "fulfil",
                _("carry out what you accepted"),
                self.fulfil,
                usage=_("fulfil N [TEXT]"),
                aliases=("fulfill",),
            ),
            Command("withdraw", _("take back a request of yours"), self.withdraw, usage=_("withdraw N [TEXT]")),
            Command("ping", _("test an entry of your directory"), self.ping, usage=_("ping N")),
            Command(
                "forward",
                _("send evidence on with a request"),
                self.forward,
                usage=_("forward N (or pass N)"),
                aliases=("enclose", "pass"),
            ),
        )

    @property
    def board_command(self) -> Command:
        """The board, and one request of it."""
        return Command(
            "requests",
            _("the requests to and from you, or all of one"),
            self.board,
            usage=_("requests, request N"),
            aliases=("request", "board"),
        )

    @property
    def half_written(self) -> bool:
        """Whether a request was begun and not sent."""
        return any(draft.done for draft in self._drafts.values())

    @property
    def _view(self) -> ParticipantView:
        return self._client().view()

    @property
    def _reference(self) -> Reference:
        return self._client().reference

    # --- looking ---

    def board(self, rest: str = "") -> None:
        """The board, or one request in full; opening one that came in is how its sender learns that it was seen."""
        view = self._view
        if not rest:
            self._lines.show(request_pages.board(view, self._lines.width, self._acts))
            return
        request = self._numbered(view, rest)
        if request is None:
            return
        if request.incoming and "acknowledge" in request.may and view.clock.phase == "move":
            self._send(cmd.AcknowledgeRequest(seat=view.seat, play=view.clock.play, request=request.number))
            request = self._view.requests[request.number - 1]
        self._show(request)

    def _show(self, request: RequestView) -> None:
        self._lines.show(request_pages.request(request, self._reference, self._lines.width, self._acts))
        self._say_anew(request)

    def _say_anew(self, request: RequestView) -> None:
        if self._acts and self._view.clock.phase == "move" and _came_to_nothing(self._view, request):
            anew = _("'ask R{number}' begins a new one with the same words, to whom you then choose.")
            self._lines.say(anew.format(number=request.number))

    # --- asking ---

    def ask(self, rest: str = "", encloses: tuple[str, ...] = ()) -> None:
        """Leads through a request; one that was left half written is gone on with."""
        view = self._view
        if not self._can_send(view):
            return
        number = rest[1:] if rest[:1] in ("R", "r") and rest[1:].isdigit() else ""
        before = next((request for request in view.requests if str(request.number) == number), None)
        if number and (before is None or not _came_to_nothing(view, before)):
            self._lines.say(_("Only a request of yours that came to nothing can be begun anew."))
            return
        draft = self._draft(view)
        if before is not None:
            if not draft.done:
                draft = self._drafts[view.team] = written_before(before, view)
        elif rest:
            draft.kind = pick_kind(self._lines, request_pages.in_groups(view.kinds), rest)
            draft.done.add("kind")
            chosen = next(kind for kind in view.kinds if kind.id == draft.kind)
            self._lines.show(request_pages.kind(chosen, self._lines.width))
        if encloses:
            draft.encloses = tuple(dict.fromkeys((*draft.encloses, *encloses)))
            draft.done.discard("encloses")
        try:
            command = Compose(self._lines, view, self._reference, draft).run()
        except Cancelled:
            self._lines.say(_("Not sent. What you wrote is kept; 'ask' goes on with it."))
            return
        if command is not None and self._send(command):
            self._drafts.pop(view.team, None)
            self._sent()

    def _draft(self, view: ParticipantView) -> Draft:
        known = self._drafts.get(view.team)
        if known is not None and known.done:
            kind = next((kind.name for kind in view.kinds if kind.id == known.kind), _("a request"))
            self._lines.say(
                _("You have begun a request: {kind}, {counted} so far.").format(
                    kind=kind, counted=counted(len(known.done), "answer")
                )
            )
            if self._lines.sure(_("Go on with it")):
                return known
        draft = self._drafts[view.team] = Draft()
        return draft

    def _can_send(self, view: ParticipantView) -> bool:
        if view.clock.phase != "move":
            self._lines.say(_("Requests are sent and answered while a move is played."))
            return False
        if not view.kinds or not any(contact.via for contact in view.contacts):
            self._lines.say(_("No entry of your directory takes requests."))
            return False
        return True

    def _sent(self) -> None:
        request = self._view.requests[-1]
        self._lines.say(_("Sent as R{number} {ends}.").format(number=request.number, ends=words.ends(request)))
        self._say_anew(request)
        self._told()

    def ping(self, rest: str) -> None:
        """Tests an entry of the directory by a call that a desk answers by itself."""
        view = self._view
        if not self._can_send(view):
            return
        contact = self._contact(view, rest)
        if contact is None:
            return
        tests = [kind for kind in view.kinds if kind.automatic]
        fit = [kind for kind in tests if contact.via in dict(kind.channels)]
        if not contact.via or not fit:
            self._lines.say(
                _("“{name}” cannot be tested by a ping").format(name=one_line(contact.name))
                + ("." if contact.via else _(": it takes no requests."))
            )
            return
        if self._send(cmd.SendRequest(seat=view.seat, play=view.clock.play, kind=fit[0].id, contact=contact.number)):
            self._sent()
            if not self._view.requests[-1].over:
                self._lines.say(_("It is on its way; what it shows is told when it is there."))

    def _contact(self, view: ParticipantView, rest: str) -> ContactView | None:
        number = pick(self._lines, _("Number of the entry in your directory"), len(view.contacts), rest)
        return next((contact for contact in view.contacts if contact.number == number), None)

    def forward(self, rest: str) -> None:
        """Begins a request with a piece of evidence enclosed."""
        view = self._view
        if not view.evidence:
            self._lines.say(_("Your team holds no evidence to send on."))
            return
        if not self._can_send(view):
            return
        piece = view.evidence[pick(self._lines, _("Number of the evidence"), len(view.evidence), rest) - 1]
        held = words.held_under(piece, view.team_short)
        self._lines.say(
            _("To send on: {title}").format(title=piece.title)
            + (_("; held under: {held}").format(held=held) if held else "")
            + "."
        )
        self.ask("", (piece.id,))

    # --- answering ---

    def reply(self, rest: str) -> None:
        """Answers a request."""
        view = self._view
        request, more = self._chosen(view, rest, "answer")
        if request is None:
            return
        # What is answered is opened first, so that nobody answers what they have not had before them.
        self.board(str(request.number))
        request = self._view.requests[request.number - 1]
        command = request_answers.reply(self._lines, self._view, self._reference, request, more)
        self._finish(
            command,
            _("Your answer to R{number} is sent.").format(number=request.number),
            _("Not sent; the request still waits."),
        )

    def mend(self, rest: str) -> None:
        """Adds what is missing."""
        view = self._view
        request, _unused = self._chosen(view, rest, "mend")
        if request is not None:
            command = request_answers.mend(self._lines, view, request)
            self._finish(
                command,
                _("R{number} is completed and sent again.").format(number=request.number),
                _("Nothing was added."),
            )

    def conditions(self, rest: str) -> None:
        """Takes conditions or declines them."""
        view = self._view
        request, more = self._chosen(view, rest, "take-conditions")
        if request is None:
            return
        word, _unused, text = more.partition(" ")
        taken = yes_or_no(word.strip(".,:"))
        if taken is None:
            bound = request.conditions if not request.incoming else request.handling
            self._lines.say(
                _("The conditions of R{number}: {conditions}.").format(
                    number=request.number, conditions=words.conditions(bound).rstrip(".") or _("none are stated")
                )
            )
            self._lines.say(_("Whoever takes them is bound by them."))
            taken, text = self._lines.sure(_("Take them")), more
        command = cmd.TakeConditions(
            seat=view.seat,
            play=view.clock.play,
            request=request.number,
            revision=request.revision,
            accept=taken,
            text=text.strip(),
        )
        done = _("You have taken") if taken else _("You have declined")
        self._finish(command, _("{done} the conditions of R{number}.").format(done=done, number=request.number), "")

    def fulfil(self, rest: str) -> None:
        """Carries out what was accepted."""
        view = self._view
        request, more = self._chosen(view, rest, "fulfil")
        if request is not None:
            command = request_answers.fulfil(self._lines, view, request, more)
            self._finish(command, _("R{number} is carried out.").format(number=request.number), _("Not carried out."))

    def withdraw(self, rest: str) -> None:
        """Takes a request back."""
        view = self._view
        request, more = self._chosen(view, rest, "withdraw")
        if request is None:
            return
        said = yes_or_no(more)
        sure = said or self._lines.sure(
            _("Take back R{number} {ends}").format(number=request.number, ends=words.ends(request))
        )
        text = "" if said else more
        command = cmd.WithdrawRequest(seat=view.seat, play=view.clock.play, request=request.number, text=text)
        self._finish(
            command if sure else None, _("R{number} is taken back.").format(number=request.number), _("It stands.")
        )

    def _finish(self, command: _About | None, done: str, left: str) -> None:
        if command is None:
            self._lines.say(left)
        elif self._send(command):
            self._lines.forget(begun_about(self._view, command.request))
            self._lines.say(done)
            self._told()

    # --- which one ---

    def _numbered(self, view: ParticipantView, text: str) -> RequestView | None:
        if not view.requests:
            self._lines.say(_("There are no requests yet."))
            return None
        numbers = numbers_in(text.lstrip("#rR"), len(view.requests))
        return view.requests[
            (numbers or [pick(self._lines, _("Number of the request"), len(view.requests), text)])[0] - 1
        ]

    def _chosen(self, view: ParticipantView, rest: str, action: str) -> tuple[RequestView | None, str]:
        """The request that a line names, or the only one it can mean, with what else was typed."""
        first, _unused, more = rest.partition(" ")
        able = [request for request in view.requests if action in request.may]
        digits = first.lstrip("#rR").rstrip(".:,")
        if digits.isascii() and digits.isdigit():
            request = self._numbered(view, first)
            if request is None or action in request.may:
                return request, more.strip()
            self._lines.say(f"R{request.number} {words.ends(request)}: {words.status(request)}.")
            can = words.actions(request)
            self._lines.say(
                _("You can {can}.").format(can=_("; or ").join(can)) if can else _("That cannot be done about it now.")
            )
            return None, ""
        if not able:
            self._lines.say(_NOBODY_WAITS[action])
            for request in view.requests if action == "fulfil" else ():
                if request.not_ready:
                    self._lines.say(f"R{request.number} {words.ends(request)}: {one_line(request.not_ready)}")
            return None, ""
        if len(able) == 1:
            return able[0], rest.strip()
        for request in able:
            self._lines.show(request_pages.row(request, self._lines.width))
        numbers = numbers_in(self._lines.ask(_("Number of the request")).lstrip("#rR"), len(view.requests))
        if numbers and view.requests[numbers[0] - 1] in able:
            return view.requests[numbers[0] - 1], rest.strip()
        self._lines.say(_("That is none of these; nothing was sent."))
        return None, ""


def _came_to_nothing(view: ParticipantView, request: RequestView) -> bool:
    """Whether a request of the team's own is over without an answer that helps, so that it may be asked elsewhere."""
    sendable = any(kind.id == request.kind and not kind.automatic for kind in view.kinds)
    return sendable and not request.incoming and request.over and request.status != "fulfilled"
