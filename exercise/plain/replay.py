"""A log told as lines: a playthrough from beginning to end, and a replay that is walked step by step."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace

from exercise.core.assess import Assessment
from exercise.core.commands import Command as Asked
from exercise.core.reference import Reference
from exercise.core.times import parse_exercise_time
from exercise.core.views import HotWashView, ParticipantView
from exercise.errors import ExerciseError
from exercise.language import _
from exercise.plain import hot_wash, news, pages, request_pages
from exercise.plain.desk import Desk
from exercise.plain.forms import Cancelled, Lines
from exercise.plain.grammar import Command, Commands, NotUnderstood
from exercise.plain.review import Review, find_team
from exercise.plain.words import WIDTH, field, heading, joined, one_line, say, span, story
from exercise.session.client import Player
from exercise.session.comments import Comments

LISTED = 20
"""Places of what was found that are told."""


def playthrough(player: Player, width: int = WIDTH) -> Iterator[str]:
    """The whole log as lines: each entry, what it put on each team's screen, and the scorecards at its end.

    Nothing in it depends on wall time, on salts or on hashes, so that the same game gives the same lines. It leaves
    the player at the end of the log.
    """
    names = {team: one_line(name) for team, name in player.seats}
    player.seek(0)
    before = {team: player.view(team) for team in names}
    if before:
        yield from pages.briefing_for_all(next(iter(before.values())), width)
    for view in before.values():
        yield from pages.briefing_for_team(view, width)
        yield from field(_("Profile"), ", ".join(_texts(view, player.reference)), width)
    yield from heading(_("What happened"), width)
    for position in range(1, player.length + 1):
        player.seek(position)
        after = {team: player.view(team) for team in names}
        clock = next(iter(after.values())).clock if after else None
        when = _("{story}, {span} played. ").format(story=story(clock.exercise), span=span(clock.play)) if clock else ""
        yield ""
        yield from say(f"{position}. {when}{player.describe(position)}", width)
        yield from _screens(before, after, names, player.reference, width)
        before = after
    yield from _closing(player, names, width)


def _texts(view: ParticipantView, reference: Reference) -> list[str]:
    known = reference.instruments
    return [known[p.instrument].short if p.instrument in known else p.instrument for p in view.profile]


def _screens(
    before: dict[str, ParticipantView],
    after: dict[str, ParticipantView],
    names: dict[str, str],
    reference: Reference,
    width: int,
) -> Iterator[str]:
    """What is new on the teams' screens; what several teams see alike is written once."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for team, view in after.items():
        # Most entries touch few screens, and comparing two views is cheaper than writing one out.
        if view != before[team]:
            lines = tuple(news.in_full(before[team], view, reference, width))
            if any(lines):
                alike.setdefault(lines, []).append(names[team])
    for lines, teams in alike.items():
        whose = _("Every team") if len(teams) == len(names) > 1 else joined(teams)
        yield from say(f"[{whose}]", width)
        yield from lines if lines[0] else lines[1:]


def _closing(player: Player, names: dict[str, str], width: int) -> Iterator[str]:
    assessment, reference = player.assessment(), player.reference
    yield from hot_wash.summary(assessment, names, width)
    for team, name in names.items():
        yield from hot_wash.scorecard(assessment.scorecards[team], name, reference, width)
        for n, item in enumerate(hot_wash.marks_of(assessment, team), 1):
            yield from hot_wash.mark(assessment, item, width, _("Mark {n}").format(n=n))
    wash = player.hot_wash()
    if wash is not None:
        yield from hot_wash.facts(wash, width)
        yield from hot_wash.indicators(wash, width)
        if wash.requests:
            yield from request_pages.everyone(wash, width)
            yield from request_pages.timeline(wash, width)
        yield from hot_wash.questions(wash, width)


def replay(
    player: Player,
    read: Callable[[str], str],
    write: Callable[[str], None],
    width: int = WIDTH,
    comments: Callable[[], Comments] | None = None,
) -> int:
    """Walks through a log until `quit` or the end of the input, and returns the exit code.

    `read` and `write` are as for `play`. A log without teams has nobody to look for and is only told. `comments` opens
    what was written beside the log.
    """
    if not player.seats:
        Lines(read, write, width).show(playthrough(player, width))
        return 0
    walk = _Walk(player, Lines(read, write, width), comments)
    try:
        walk.open()
        while walk.turn():
            pass
    except (EOFError, KeyboardInterrupt):
        write("")
    return 0


class _Seat:
    """A team's place in a replay: a `Client` that shows and takes nothing."""

    def __init__(self, player: Player, team: str) -> None:
        self._player = player
        self.seat = team

    @property
    def reference(self) -> Reference:
        """The texts of the profiles."""
        return self._player.reference

    def view(self) -> ParticipantView:
        """What the team saw."""
        return self._player.view(self.seat)

    def hot_wash(self) -> HotWashView | None:
        """What the hot wash opens."""
        return self._player.hot_wash()

    def assessment(self) -> Assessment | None:
        """The scorecards of the moment."""
        return self._player.assessment()

    async def submit(self, command: Asked) -> None:
        """A replay changes nothing."""

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Nothing ever changes by itself."""
        return lambda: None


class _Walk:
    """One replay at a prompt."""

    def __init__(self, player: Player, lines: Lines, comments: Callable[[], Comments] | None) -> None:
        self._player = player
        self._comments = comments
        self._lines = lines
        self._names = {team: one_line(name) for team, name in player.seats}
        self._team = self._eyes = next(iter(self._names))
        self._desk = Desk(lines, _Seat(player, self._team), lambda command: None, lambda: None, self._names, acts=False)
        self._review = Review(lines, player.reference, self._names, self._team, player.assessment, player.hot_wash)
        self._commands = Commands(self._all())
        self._left = False

    def open(self) -> None:
        """The first page."""
        self._lines.show(heading(_("Replay: {title}").format(title=self._player.title), self._lines.width))
        self._lines.say(
            _(
                "{length} entries. A blank line goes one entry on, 'next' to the next marker, 'all' "
                "prints the whole log, 'help' lists the rest."
            ).format(length=self._player.length)
        )
        self._where()

    def turn(self) -> bool:
        """One prompt and what it leads to; False once somebody has left."""
        line = self._lines.line(self._prompt())
        try:
            command, rest = self._commands.find(line or "step")
            command.run(rest)
        except NotUnderstood as error:
            self._lines.say(str(error))
        except Cancelled:
            self._lines.say(_("Left."))
        return not self._left

    def _all(self) -> tuple[Command, ...]:
        desk, review = self._desk, self._review
        return (
            Command("step", _("one entry on (or a blank line)"), lambda rest: self._go_by(1)),
            Command("back", _("one entry back"), lambda rest: self._go_by(-1), "b"),
            Command("next", _("to the next marker: a move, inject, request, decision, answer"), self._next, "n"),
            Command("previous", _("to the marker before"), self._previous, "p"),
            Command(
                "go",
                _("to an entry, a time, a part, the start or the end"),
                self._go,
                "g",
                _("go 40, go T+1:30, go 50%, go start, go end"),
                ("goto", "jump"),
            ),
            Command(
                "markers", _("the places to jump to, all or of one kind"), self._markers, usage=_("markers [KIND]")
            ),
            Command(
                "team",
                _("see it as another team, or a role of one"),
                self._perspective,
                "t",
                _("team NAME, team NAME: ROLE"),
                ("perspective", "as"),
            ),
            Command("eyes", _("everybody whose eyes you can look with"), lambda rest: self._list_eyes()),
            Command("find", _("find words in what these eyes saw"), self._find, "f", _("find WORDS"), ("search",)),
            Command(
                "comment", _("write a comment at this entry, beside the log"), self._comment, usage=_("comment WORDS")
            ),
            Command("comments", _("the comments on this log"), lambda rest: self._list_comments()),
            Command("where", _("where the replay stands"), lambda rest: self._where(), "w"),
            Command("all", _("print the whole log as a playthrough"), self._tell),
            replace(review.requests_command, run=self._requests),
            *(command for command in review.commands() if command.word != "requests"),
            desk.messages_command,
            Command("situation", _("the indicators at this moment"), desk.situation),
            desk.inbox_command,
            Command("read", _("the newest message, or one by its number"), self._read, "r", _("read [N]")),
            Command("decisions", _("what waited for an answer"), desk.decisions, "d", aliases=("decision", "open")),
            Command("show", _("an open decision with its options"), desk.show, usage=_("show [N]")),
            Command("past", _("answered and lapsed decisions"), desk.past, aliases=("answered",)),
            Command("evidence", _("what the team held"), desk.evidence, "e"),
            Command("journal", _("the team's notes"), desk.journal, "j"),
            Command("contacts", _("the contact directory"), desk.contacts, "k"),
            Command("profile", _("look a clause up"), desk.profile, usage=_("profile [WORDS]"), aliases=("clause",)),
            Command("briefing", _("the briefing"), desk.briefing),
            Command("time", _("the clocks"), desk.time),
            Command("menu", _("the commands, numbered"), self._menu, "m"),
            Command("help", _("every command"), self._help, "h"),
            Command("quit", _("leave the replay"), self._quit, "q", aliases=("exit", "bye")),
        )

    # --- moving ---

    def _go_by(self, entries: int) -> None:
        self._move(self._player.position + entries)

    def _next(self, rest: str) -> None:
        here = self._player.position
        self._move(next((marker[0] for marker in self._player.markers if marker[0] > here), self._player.length))

    def _previous(self, rest: str) -> None:
        here = self._player.position
        self._move(next((marker[0] for marker in reversed(self._player.markers) if marker[0] < here), 0))

    def _go(self, rest: str) -> None:
        text = (rest or self._lines.ask(_("Entry, time, part, start or end"))).strip()
        position = self._place(text)
        if position is None:
            self._lines.say(
                _("'{text}' is no place; write 40, T+1:30, 50%, start or end.").format(text=one_line(text)[:40])
            )
        else:
            self._move(position)

    def _place(self, text: str) -> int | None:
        named = {"start": 0, "end": self._player.length}.get(text.casefold())
        if named is not None:
            return named
        digits = text.removesuffix("%").strip()
        if digits.isascii() and digits.isdigit():
            value = int(digits[:9])
            return min(value, 100) * self._player.length // 100 if text.endswith("%") else value
        try:
            exercise = parse_exercise_time(text.upper())
        except ValueError:
            return None
        # As on the screen: the first entry at that time, or after it where nothing happened then.
        return bisect_left(range(self._player.length), exercise, key=self._player.exercise_time)

    def _move(self, position: int) -> None:
        here = self._player.position
        position = max(0, min(position, self._player.length))
        if position == here:
            self._lines.say(_("This is the start of the log.") if position == 0 else _("This is the end of the log."))
            return
        before = self._player.view(self._eyes)
        self._player.seek(position)
        self._where()
        after = self._player.view(self._eyes)
        if position == here + 1:
            self._lines.show(news.in_full(before, after, self._player.reference, self._lines.width))
        elif position > here:
            self._lines.show(news.headlines(before, after, self._lines.width))

    def _where(self) -> None:
        position, length = self._player.position, self._player.length
        part = 100 * position // length if length else 100
        self._lines.say(
            _("Entry {position} of {length} ({part}%): {describe}").format(
                position=position, length=length, part=part, describe=self._player.describe(position)
            )
        )

    def _prompt(self) -> str:
        clock = self._player.view(self._team).clock
        name = next((one.name for one in self._player.perspectives if one.id == self._eyes), self._eyes)
        return _("Entry {position}, {story}, {name}").format(
            position=self._player.position, story=story(clock.exercise), name=one_line(name)
        )

    # --- looking ---

    def _markers(self, rest: str) -> None:
        kind = one_line(rest).casefold().rstrip("s")
        shown = [marker for marker in self._player.markers if not kind or marker[2].startswith(kind)]
        for position, exercise, what, label in shown:
            self._lines.say(f"{position}. {story(exercise)}, {what}: {label}")
        if not shown:
            kinds = joined(sorted({marker[2] for marker in self._player.markers}))
            self._lines.say(_("There is no such marker; the kinds are {kinds}.").format(kinds=kinds or _("none")))

    def _perspective(self, rest: str) -> None:
        asked = rest or self._lines.ask(_("Team ({joined})").format(joined=joined(self._names.values())))
        roles = {one.id: one_line(one.name) for one in self._player.perspectives if one.kind == "role"}
        seat = find_team(self._names, asked) or find_team(roles, asked)
        if seat is None:
            self._lines.say(
                _("The teams are {joined}. 'eyes' lists their roles too.").format(joined=joined(self._names.values()))
            )
            return
        self._eyes = seat
        self._team = self._review.team = seat.partition("/")[0]
        self._desk.client = _Seat(self._player, seat)
        self._lines.say(_("You now see what {get} saw.").format(get=self._names.get(seat) or roles[seat]))

    def _list_eyes(self) -> None:
        for one in self._player.perspectives:
            if one.team:
                names = ", ".join(one_line(name) for name in one.sat if name)
                self._lines.say(f"{one_line(one.name)}{f' ({names})' if names else ''}")
        self._lines.say(_("Exercise control and the public are seen on the screen: exercise replay without --plain."))

    def _find(self, rest: str) -> None:
        words = rest or self._lines.ask(_("Words"))
        found = self._player.find(self._eyes, words)
        for one in found[:LISTED]:
            place = self._player.place(self._eyes, one)
            self._lines.say(f"{place}. {story(one.text.exercise)}, {one.text.kind}: {one.around}")
        if len(found) > LISTED:
            self._lines.say(_("{count} more; write more of the words.").format(count=len(found) - LISTED))
        self._lines.say(
            _("'go' and a number leads there.") if found else _("These words are nowhere in what was seen.")
        )

    def _comment(self, rest: str) -> None:
        text = rest or self._lines.ask(_("Comment"))
        kept = self._kept()
        if kept is None:
            return
        position = self._player.position
        try:
            kept.add(position, self._player.exercise_time(position), text)
        except ExerciseError as error:
            self._lines.say(str(error))
        else:
            self._lines.say(_("Kept beside the log."))

    def _list_comments(self) -> None:
        kept = self._kept()
        for one in kept or ():
            by = f"{one.author}: " if one.author else ""
            self._lines.say(f"{one.position}. {story(one.exercise)}, {one_line(by + one.text)}")
        if kept is not None and not len(kept):
            self._lines.say(_("Nobody has written a comment on this log yet."))

    def _kept(self) -> Comments | None:
        """The comments beside the log, or what is wrong with them in a line."""
        try:
            if self._comments is not None:
                return self._comments()
            self._lines.say(_("Comments are kept where a log is opened by itself: exercise replay LOG."))
        except ExerciseError as error:
            self._lines.say(str(error))
        return None

    def _read(self, rest: str) -> None:
        self._desk.read(rest or str(len(self._player.view(self._eyes).inbox)))

    def _requests(self, rest: str) -> None:
        """A team's own board while the exercise ran, everybody's once it had ended."""
        if self._player.hot_wash() is None:
            self._desk.requests.board(rest)
        else:
            self._review.requests(rest)

    def _tell(self, rest: str) -> None:
        here = self._player.position
        self._lines.show(playthrough(self._player, self._lines.width))
        self._player.seek(here)

    def _menu(self, rest: str) -> None:
        self._lines.show(self._commands.menu(self._lines.width))

    def _help(self, rest: str) -> None:
        self._lines.show(heading(_("Commands"), self._lines.width))
        self._lines.show(self._commands.help(self._lines.width))

    def _quit(self, rest: str) -> None:
        self._left = True
