"""What a team does at its own desk: read, look things up, answer decisions, come back to them, write notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from exercise.core import commands as cmd
from exercise.core.commitments import Commitment
from exercise.core.evaluation.commands import AnswerMark
from exercise.core.teamwork.commands import Say
from exercise.core.views import DecisionView, ParticipantView
from exercise.errors import CommandRejected
from exercise.language import _
from exercise.plain import hot_wash, pages, talk
from exercise.plain.drafts import Drafts, standing
from exercise.plain.forms import Lines, begun_on, choose, numbers_in, pick
from exercise.plain.grammar import Command
from exercise.plain.keys import in_words
from exercise.plain.requests import Requests
from exercise.plain.words import joined
from exercise.session.client import Client


class Desk:
    """The commands of one team at a time; `client` is whose turn it is.

    Where nobody `acts`, as in a replay, pages do not say what to type to act.
    """

    def __init__(
        self,
        lines: Lines,
        client: Client,
        send: Callable[[cmd.Command], None],
        answered: Callable[[], None],
        names: Mapping[str, str],
        *,
        acts: bool = True,
    ) -> None:
        self._lines = lines
        self._acts = acts
        self._width = lines.width
        self._submit = send
        self._answered = answered
        self._names = names
        self._listed: dict[str, list[Commitment]] = {}
        self.client = client
        self.requests = Requests(lines, lambda: self.client, self.send, answered, acts=acts)
        self.drafts = Drafts(lambda: self.view, self.send, lines.say, lines.show, lines.width)

    @property
    def view(self) -> ParticipantView:
        """What the team may see now."""
        return self.client.view()

    def acting(self) -> tuple[Command, ...]:
        """What is used most while the exercise runs; first, so that their numbers are small."""
        return (
            Command(
                "read", _("the next unread message, one by its number, or all"), self.read, "r", _("read [N or all]")
            ),
            Command(
                "choose", _("answer an open decision"), self.choose, "c", _("choose [N] [LETTER]"), ("answer", "decide")
            ),
            Command("situation", _("the indicators with their change"), self.situation, "s", aliases=("indicators",)),
            self.inbox_command,
            Command("decisions", _("what waits for an answer"), self.decisions, "d", aliases=("decision", "open")),
            Command("show", _("a decision with its options"), self.show, usage=_("show [N]"), aliases=("options",)),
            self.profile_command,
            *self.requests.acting(),
            Command("draft", _("the reason your team writes together"), self.draft, usage=_("draft N [TEXT]")),
            Command("pen", _("take the pen of a shared reason, or lay it down"), self.pen, usage=_("pen N")),
        )

    def after(self) -> tuple[Command, ...]:
        """What can still be read once the exercise has ended."""
        read = Command("read", _("a message again"), self.read, "r", _("read [N or all]"))
        answer = Command(
            "answer", _("say what your team has to say to a mark"), self.answer_mark, "", _("answer N [TEXT]")
        )
        return (read, self.inbox_command, self.profile_command, answer)

    def always(self) -> tuple[Command, ...]:
        """What can be done at any time."""
        return (
            Command("evidence", _("what your team holds"), self.evidence, "e"),
            Command("contacts", _("your contact directory"), self.contacts, "k", aliases=("directory",)),
            Command("past", _("answered and lapsed decisions"), self.past, "a", aliases=("answered", "history")),
            Command("told", _("say whom you told of a past decision"), self.told, usage=_("told N TEXT")),
            Command(
                "returned", _("say what you changed on coming back to one"), self.returned, usage=_("returned N TEXT")
            ),
            Command("follow", _("the same, asked for step by step"), self.follow, aliases=("followup",)),
            self.messages_command,
            Command("say", _("a word aside to another team, or a word to control"), self.speak, "", _("say TEAM TEXT")),
            Command(
                "official", _("your team's official word to another team"), self.official, "", _("official TEAM TEXT")
            ),
            Command("talk", _("a word inside your own team"), self.talk, usage=_("talk TEXT")),
            Command("journal", _("your team's notes"), self.journal, "j"),
            Command("write", _("write a line in the journal"), self.write, "w", _("write [TEXT]"), ("note",)),
            Command("briefing", _("the briefing again"), self.briefing, "b"),
            Command("time", _("the clocks"), self.time, "t", aliases=("clock", "status")),
        )

    @property
    def inbox_command(self) -> Command:
        """The inbox."""
        return Command("inbox", _("all messages, or one channel's"), self.inbox, "i", _("inbox [CHANNEL]"), ("mail",))

    @property
    def messages_command(self) -> Command:
        """What was said."""
        return Command("messages", _("what teams and control have said to you"), self.messages, aliases=("said",))

    @property
    def profile_command(self) -> Command:
        """The profile."""
        return Command(
            "profile",
            _("the texts your team has accepted, or clauses by words or id"),
            self.profile,
            "p",
            _("profile [WORDS]"),
            ("texts", "clause", "search", "lookup"),
        )

    # --- reading ---

    def inbox(self, rest: str) -> None:
        """The messages, all or those of a channel."""
        view = self.view
        channels = sorted({pages.channel(item.channel) for item in view.inbox})
        only = next((name for name in channels if rest and name.startswith(pages.channel(rest.casefold()))), "")
        if rest and not only:
            self._lines.say(
                _("No message came by '{rest}'; there are {joined}.").format(
                    rest=rest[:40], joined=joined(channels) or _("none at all")
                )
            )
            return
        self._lines.show(pages.inbox(view, self._width, only))

    def read(self, rest: str) -> None:
        """The next unread message, one by its number, or all unread; each is then read in the log."""
        view = self.view
        unread = [item for item in view.inbox if not item.read]
        if not view.inbox:
            self._lines.say(_("There are no messages yet."))
            return
        if rest.casefold() == "all":
            items = unread
        elif rest:
            items = [view.inbox[pick(self._lines, _("Number of the message"), len(view.inbox), rest) - 1]]
        else:
            items = unread[:1]
        if not items:
            self._lines.say(_("There is no unread message; 'read' with a number reads one again."))
        for item in items:
            self._lines.show(pages.message(item, self._width))
            if self._acts:
                self._lines.show(in_words(item.text, self._width))
            if not item.read:
                self.send(cmd.ReadMessage(seat=view.seat, play=view.clock.play, number=item.number))
        left = sum(item not in items for item in unread)
        if left:
            self._lines.say(_("{left} more unread.").format(left=left))

    def situation(self, rest: str = "") -> None:
        """The indicators."""
        self._lines.show(pages.situation(self.view, self._width))

    def evidence(self, rest: str = "") -> None:
        """The evidence."""
        self._lines.show(pages.evidence(self.view, self._width, self._acts))

    def contacts(self, rest: str = "") -> None:
        """The contact directory."""
        self._lines.show(pages.contacts(self.view, self._width, self._acts))

    def journal(self, rest: str = "") -> None:
        """The journal."""
        self._lines.show(pages.journal(self.view, self._width))

    def briefing(self, rest: str = "") -> None:
        """The briefing."""
        self._lines.show(pages.briefing(self.view, self._width))

    def time(self, rest: str = "") -> None:
        """The clocks."""
        self._lines.show(pages.time(self.view, self._width))

    def profile(self, rest: str) -> None:
        """The texts accepted, or the clauses that an id or words find."""
        view, reference = self.view, self.client.reference
        if not rest:
            self._lines.show(pages.profile(view, reference, self._width))
            return
        items = pages.search(view, reference, rest)
        # A number is that of the list printed last, before it is a word such as the 29 of Article 29.
        listed = self._listed.get(view.seat, [])
        if numbers := numbers_in(rest, len(listed)) if rest.rstrip(".").isdigit() else []:
            items = [listed[numbers[0] - 1]]
        if len(items) == 1:
            self._lines.show(pages.clause(items[0], view, reference, self._width))
        elif items:
            self._listed[view.seat] = items
            self._lines.show(pages.found(items, reference, self._width))
            self._lines.say(_("Type 'profile' with a number or an id to read one."))
        else:
            self._lines.say(
                _("Nothing in your profile holds '{rest}'. Try one word, or an id such as se-p7.").format(
                    rest=rest[:60]
                )
            )

    # --- deciding ---

    def decisions(self, rest: str = "") -> None:
        """The open decisions, or one of them."""
        if rest:
            self.show(rest)
        else:
            self._lines.show(pages.decisions(self.view, self._width))

    def show(self, rest: str) -> None:
        """A decision with its options."""
        item = self._which(rest.removeprefix("decision").strip())
        if item is not None:
            self._lines.show(pages.decision(item, self.view.clock, self._width))
            number = self.view.open_decisions.index(item) + 1
            self._lines.show(standing(self.view, item, number, self._width))

    def draft(self, rest: str) -> None:
        """The shared reason of an open decision; with words, written anew."""
        number, text = _numbered(rest)
        item = self._which(number)
        if item is not None:
            self.drafts.draft(item, self.view.open_decisions.index(item) + 1, text)

    def pen(self, rest: str) -> None:
        """The pen of a shared reason."""
        item = self._which(_numbered(rest)[0])
        if item is not None:
            self.drafts.pen(item)

    def choose(self, rest: str) -> None:
        """Answers a decision."""
        parts = rest.split()
        if parts and parts[0].casefold() == "request":
            self.requests.reply(" ".join(parts[1:]))
            return
        numbers = [part for part in parts if part.rstrip(".").isdigit()]
        letters = [part for part in parts if part not in numbers]
        item = self._which(numbers[0] if numbers else "")
        if item is None:
            return
        command = choose(self._lines, self.view, self.client.reference, item, letters[0] if letters else "")
        if command is None:
            self._lines.say(_("Not sent; the decision is still open."))
        elif self.send(command):
            self._lines.forget(begun_on(self.view, item.id))
            self.drafts.lay_down()
            self._lines.say(self._taken(item.id))
            self._answered()

    def _taken(self, decision: str) -> str:
        """What an answer has led to: in a team that votes it is one vote until enough agree."""
        now = next((shown for shown in self.view.decisions if shown.id == decision), None)
        if now is None or now.status != "open" or not now.vote.voting:
            if asked := self.view.asked_with(decision):
                told = _("Your answer is sent. The request itself still waits for one: 'reply {number}'.")
                return told.format(number=asked.number)
            return _("Your answer is sent.")
        missing = joined(now.vote.missing)
        waits = (
            _("Still to vote: {missing}.").format(missing=missing)
            if missing
            else _("All have voted, and your team does not agree yet.")
        )
        return _("Your vote is cast. {waits} 'choose' again changes your vote.").format(waits=waits)

    def past(self, rest: str = "") -> None:
        """The decisions that were answered or lapsed."""
        self._lines.show(pages.past(self.view, self.client.reference, self._width, self._acts))

    def told(self, rest: str) -> None:
        """Whom the team told of a decision."""
        self.follow(_("told {rest}").format(rest=rest))

    def returned(self, rest: str) -> None:
        """What the team changed on coming back to a decision."""
        self.follow(_("returned {rest}").format(rest=rest))

    def follow(self, rest: str) -> None:
        """Comes back to an answered decision; what was not typed with the command is asked for."""
        view = self.view
        items = pages.past_decisions(view)
        if not any(item.answer for item in items):
            self._lines.say(_("There is no answered decision to come back to yet."))
            return
        words = rest.removeprefix("up ").split()
        kind = number = ""
        while words and not (kind and number):
            if not kind and words[0].casefold() in ("told", "returned"):
                kind = words.pop(0).casefold()
            elif not number and words[0].rstrip(".").isdigit():
                number = words.pop(0)
            else:
                break
        if not number:
            for n, item in enumerate(items, 1):
                owed = _("set aside, not come back to") if item.answer and item.answer.owed else ""
                self._lines.say(f"{n}. {item.title}" + (f"; {owed}" if owed else ""))
        chosen = items[pick(self._lines, _("Number of the decision"), len(items), number) - 1]
        if chosen.answer is None:
            self._lines.say(_("Only a decision that your team has answered can be followed up."))
            return
        if view.clock.play <= chosen.answer.play:
            # Said before the sentence is asked for, which would be lost.
            self._lines.say(_("Come back to it once the exercise has moved on."))
            return
        while kind not in ("told", "returned"):
            kind = self._lines.ask(
                _("told or returned"), _("'told' where you told those affected, 'returned' where you reviewed it.")
            ).casefold()
        text = " ".join(words) or self._lines.ask(_("In a sentence, whom you told or what you changed"))
        if self.send(
            cmd.FollowUp(
                seat=view.seat,
                play=view.clock.play,
                decision=chosen.id,
                kind="told" if kind == "told" else "returned",
                text=text,
            )
        ):
            self._lines.say(_("It stands in the record."))

    def write(self, rest: str) -> None:
        """A line in the journal."""
        text = rest or self._lines.ask(_("Your note"))
        if self.send(cmd.WriteNote(seat=self.view.seat, play=self.view.clock.play, text=text)):
            self._lines.say(_("Noted."))

    # --- speaking ---

    def messages(self, rest: str = "") -> None:
        """What was said to the team and by it."""
        self._lines.show(talk.page(self.view, self._width, self._acts))

    def speak(self, rest: str) -> None:
        """A word aside to another team, or to exercise control."""
        self._speak(rest, official=False)

    def official(self, rest: str) -> None:
        """A word that counts as the team's own."""
        self._speak(rest, official=True)

    def _speak(self, rest: str, official: bool) -> None:
        view = self.view
        others = {id: name for id, name in self._names.items() if id != view.team}
        to, called, text = talk.addressee(others, rest or self._lines.ask(_("To which team, or control")))
        if not to:
            self._lines.say(_("Say to whom first: {joined}.").format(joined=joined([*others.values(), "control"])))
            return
        self._say(
            to,
            text or self._lines.ask(_("Your words to {called}").format(called=called)),
            _("Said to {called}.").format(called=called),
            official,
        )

    def talk(self, rest: str) -> None:
        """A word inside the team."""
        self._say(self.view.team, rest or self._lines.ask(_("Your words to your team")), _("Said in your team."))

    def _say(self, to: str, text: str, done: str, official: bool = False) -> None:
        if self.send(Say(seat=self.view.seat, play=self.view.clock.play, to=to, text=text, official=official)):
            self._lines.say(done)

    def send(self, command: cmd.Command) -> bool:
        """Submits; a refusal is said in the rules' own words."""
        try:
            self._submit(command)
        except CommandRejected as error:
            self._lines.say(error.text)
            return False
        return True

    def answer_mark(self, rest: str) -> None:
        """What the team says to a mark on its conduct, by its number among the team's marks; nothing takes it back."""
        assessment = self.client.assessment()
        items = hot_wash.marks_of(assessment, self.view.team) if assessment is not None else ()
        if not items:
            self._lines.say(_("Your team has no marks."))
            return
        number, text = _numbered(rest)
        item = items[
            pick(
                self._lines,
                _("Number of the mark of {team_short}").format(team_short=self.view.team_short),
                len(items),
                number,
            )
            - 1
        ]
        said = dict(self.view.answered).get(item.id, "")
        self._lines.show(hot_wash.mark(assessment, item, self._width, _("Mark")) if assessment is not None else ())
        if said:
            self._lines.say(_("Your team says to it: {said}").format(said=said))
        words = text or self._lines.ask(_("Your answer, or nothing to take an earlier one back"))
        if (words or said) and self.send(AnswerMark(seat=self.view.seat, mark=item.id, text=words)):
            self._lines.say(_("Kept; it stands beside the mark.") if words else _("Taken back."))

    def _which(self, rest: str) -> DecisionView | None:
        opened = self.view.open_decisions
        if not opened:
            self._lines.say(_("No decision is open."))
            return None
        if len(opened) > 1 and not rest:
            self.decisions()
        return opened[pick(self._lines, _("Number of the decision"), len(opened), rest) - 1]


def _numbered(rest: str) -> tuple[str, str]:
    """The number that a line begins with, or '', and the words after it."""
    first, _, text = rest.partition(" ")
    return (first, text.strip()) if first.rstrip(".:").isdigit() else ("", rest)
