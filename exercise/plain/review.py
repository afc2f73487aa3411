"""The commands of the hot wash, shared by the end of a game and by a replay's moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from exercise.core.assess import Assessment
from exercise.core.reference import Reference
from exercise.core.views import HotWashView
from exercise.language import N_, _
from exercise.plain import hot_wash, request_pages
from exercise.plain.forms import Lines, pick
from exercise.plain.grammar import Command
from exercise.plain.own_numbers import NONE_OWN, Numbers
from exercise.plain.words import joined, one_line

NOT_YET = N_("That is opened in the hot wash, after ENDEX.")


def find_team(names: Mapping[str, str], text: str) -> str | None:
    """The team that an id, a name or the start of a name means, if exactly one does."""
    wanted = one_line(text).casefold()
    if not wanted:
        return None
    near = []
    for team, name in names.items():
        if wanted in (team.casefold(), name.casefold()):
            return team
        if any(part.startswith(wanted) for part in (team.casefold(), name.casefold(), *name.casefold().split())):
            near.append(team)
    return near[0] if len(near) == 1 else None


class Review:
    """Shows scorecards and what the hot wash opens; remembers whose marks were last listed."""

    def __init__(
        self,
        lines: Lines,
        reference: Reference,
        names: Mapping[str, str],
        team: str,
        assessment: Callable[[], Assessment | None],
        wash: Callable[[], HotWashView | None],
        own: Callable[[HotWashView], Numbers] = lambda wash: NONE_OWN,
    ) -> None:
        self._lines = lines
        self._reference = reference
        self._names = names
        self.team = team
        self._assessment = assessment
        self._wash = wash
        self._own = own

    def commands(self) -> tuple[Command, ...]:
        """The commands of the hot wash."""
        return (
            Command(
                "scorecard",
                _("every team's counts, or one team's card by area, instrument and clause"),
                self.scorecard,
                "s",
                _("scorecard [TEAM]"),
                ("score", "scorecards", "card", "cards"),
            ),
            Command(
                "marks",
                _("a team's marks, all or those with these words"),
                self.marks,
                usage=_("marks [TEAM] [WORDS]"),
            ),
            Command("mark", _("one mark with its reason and its moment"), self.mark, usage=_("mark [TEAM] N")),
            Command("facts", _("what was true behind the crisis"), self.facts, "u", aliases=("truth", "hidden")),
            Command(
                "course", _("the indicators over time, as numbers"), self.course, aliases=("indicators", "numbers")
            ),
            Command("outcomes", _("every team's decisions and answers"), self.outcomes, "o", aliases=("answers",)),
            self.requests_command,
            Command("timeline", _("the steps of all requests, by time"), self.timeline, aliases=("between",)),
            Command("questions", _("objectives and questions to discuss"), self.questions, aliases=("discuss",)),
        )

    @property
    def requests_command(self) -> Command:
        """Every team's requests."""
        return Command(
            "requests",
            _("the requests between all, or all of one"),
            self.requests,
            usage=_("requests, request N"),
            aliases=("request", "board"),
        )

    def scorecard(self, rest: str) -> None:
        """All teams' counts, or one card."""
        assessment = self._assessment()
        if assessment is None:
            self._lines.say(_(NOT_YET))
            return
        team = find_team(self._names, rest)
        if team is None:
            if rest:
                self._unknown(rest)
                return
            self._lines.show(hot_wash.summary(assessment, self._names, self._lines.width))
            self._lines.say(
                _("Type 'scorecard' with a team's name for its clauses, 'marks' for the marks behind them.")
            )
            return
        self.team = team
        card = assessment.scorecards[team]
        self._lines.show(hot_wash.scorecard(card, self._names[team], self._reference, self._lines.width))

    def marks(self, rest: str) -> None:
        """A team's marks."""
        assessment = self._assessment()
        if assessment is None:
            self._lines.say(_(NOT_YET))
            return
        words = self._with_team(rest)
        self._lines.show(
            hot_wash.marks(assessment, self.team, self._names[self.team], words, self._lines.width),
        )

    def mark(self, rest: str) -> None:
        """One mark in full."""
        assessment = self._assessment()
        if assessment is None:
            self._lines.say(_(NOT_YET))
            return
        text = self._with_team(rest)
        items = hot_wash.marks_of(assessment, self.team)
        if not items:
            self._lines.say(_("{names} has no marks.").format(names=self._names[self.team]))
            return
        place = pick(
            self._lines, _("Number of the mark of {names}").format(names=self._names[self.team]), len(items), text
        )
        self._lines.show(
            hot_wash.mark(assessment, items[place - 1], self._lines.width, _("Mark {place}").format(place=place))
        )
        number = hot_wash.request_of(items[place - 1], self._wash())
        if number is not None:
            self._lines.say(_("'request {number}' shows the request that it is about.").format(number=number))

    def facts(self, rest: str = "") -> None:
        """The hidden facts."""
        wash = self._opened()
        if wash:
            self._lines.show(hot_wash.facts(wash, self._lines.width))

    def course(self, rest: str = "") -> None:
        """The indicators over time."""
        wash = self._opened()
        if wash:
            self._lines.show(hot_wash.indicators(wash, self._lines.width))

    def outcomes(self, rest: str = "") -> None:
        """All decisions."""
        wash = self._opened()
        if wash:
            self._lines.show(hot_wash.decisions(wash, self._reference, self._lines.width))

    def requests(self, rest: str = "") -> None:
        """The board of all requests, or one of them."""
        wash = self._opened()
        if wash is None:
            return
        own = self._own(wash)
        if rest and wash.requests:
            mine = {f"r{number}": str(among) for among, number in own.items()}
            rest = mine.get(rest.casefold(), rest)
            number = pick(self._lines, _("Number of the request"), len(wash.requests), rest)
            self._lines.show(request_pages.between(wash.requests[number - 1], self._reference, self._lines.width, own))
            return
        self._lines.show(request_pages.everyone(wash, self._lines.width, own))
        if wash.requests:
            self._lines.say(_("Type 'request' and a number to open one, 'timeline' for all steps by time."))

    def timeline(self, rest: str = "") -> None:
        """What teams did toward each other, step by step."""
        wash = self._opened()
        if wash:
            self._lines.show(request_pages.timeline(wash, self._lines.width, self._own(wash)))

    def questions(self, rest: str = "") -> None:
        """What to discuss."""
        wash = self._opened()
        if wash:
            self._lines.show(hot_wash.questions(wash, self._lines.width))

    def _opened(self) -> HotWashView | None:
        wash = self._wash()
        if wash is None:
            self._lines.say(_(NOT_YET))
        return wash

    def _with_team(self, rest: str) -> str:
        """Takes a team's name off the front of what was typed and makes that team the one looked at."""
        first, _, others = rest.partition(" ")
        team = find_team(self._names, rest) or find_team(self._names, first)
        if team is None:
            return rest
        self.team = team
        return "" if find_team(self._names, rest) else others.strip()

    def _unknown(self, text: str) -> None:
        self._lines.say(
            _("No team is called '{text}'; the teams are {joined}.").format(
                text=one_line(text)[:40], joined=joined(self._names.values())
            )
        )
