"""The hot wash: right after ENDEX, what the teams' conduct came to, what was true, and what to talk about."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import ContentSwitcher, Static

from exercise.core.assess import Assessment
from exercise.core.views import HotWashView, ParticipantView
from exercise.language import N_, Told, _
from exercise.session.client import Client, Player, Table
from exercise.tui.hot_wash_pages import HOT_WASH_PAGES
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.head import HeadScreen, grouped
from exercise.tui.screens.mark import open_mark
from exercise.tui.screens.past_request import PastRequestScreen
from exercise.tui.screens.scorecard import CARD_HELP
from exercise.tui.survey.after import AfterWash
from exercise.tui.widgets.banner import exercise_mark
from exercise.tui.widgets.choice_bar import ChoiceBar
from exercise.tui.widgets.grades import legend
from exercise.tui.widgets.indicators import number
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.reader import Item, Reader
from exercise.tui.widgets.requests_pane import Look, RequestsPane
from exercise.tui.widgets.scorecard_table import RECORD, ScorecardTable
from exercise.tui.widgets.telling import STATUS, both_ends, course_text, decision_text
from exercise.tui.widgets.words import plain

_SECTIONS = tuple((name, title) for name, title in HOT_WASH_PAGES if name != "survey")
FETCHED = N_("The hot wash is being fetched …")
_SHORT = Told({"facts": "Truth", "questions": "Discuss"})
"""Labels where the window is too narrow for all of them."""

_HELP = N_("""
The exercise is over. Here is what it came to, in six parts: keys **1** to **6**, or a click.

1. **Scorecard**: what each team's conduct did to the texts it has accepted.
2. **Indicators**: how the crisis went over time, as a line and in numbers.
3. **What was true**: what stood behind the crisis, hidden until now.
4. **Decisions**: what each team chose, its reasons, and what it set aside.
5. **Questions** for the talk that follows, and what the exercise was for.
6. **Requests** between all: **r** shows them as a board, **t** as a timeline between the teams. **enter** opens one.

Where exercise control hosts the exercise, it may turn everybody to a part; you may look around until it turns again.

**p** opens the replay, where the exercise is to be had in full. **u** opens the survey: what you made of the exercise,
without your name.
""")


class HotWashScreen(ExerciseScreen[None]):
    """Opens on the scorecard of the seat's own team, or on the page that control has turned to.

    Everything is read once, for nothing changes after ENDEX; from a hub it may come a moment later.
    """

    CSS_PATH = "hotwash.tcss"
    TITLE_WORDS = N_("Hot wash")
    HELP = _HELP
    BINDINGS = [
        *(Binding(str(n), f"section('{name}')", title, show=False) for n, (name, title) in enumerate(_SECTIONS, 1)),
        Binding("right_square_bracket", "next_section(1)", "Next part", key_display="]"),
        Binding("left_square_bracket", "next_section(-1)", "Part before", key_display="[", show=False),
        Binding("v", "team(1)", "Team"),
        Binding("V", "team(-1)", "Previous team", show=False),
        Binding("b", "regroup", "By area/text"),
        Binding("p", "replay", "Replay"),
        Binding("r", "requests('board')", "Requests", tooltip="All requests between teams and others, as a board"),
        Binding("h", "head", "Log's head", tooltip="The head of the log in full, to compare with other screens"),
        Binding("u", "survey", "Survey", tooltip="Say what you made of the exercise, without your name"),
        Binding("e", "evaluate", "Evaluate", tooltip="Judge the proposed marks, and rate the objectives"),
        Binding("t", "requests('timeline')", "Timeline", tooltip="Every step of all requests, by time, between teams"),
    ]

    def __init__(
        self,
        source: Client | Player,
        table: Table | None = None,
        *,
        player: Callable[[], Player] | None = None,
        title: str = "",
    ) -> None:
        super().__init__()
        self._source, self._table = source, table
        self._wash: HotWashView | None = source.hot_wash()
        self._assessment: Assessment | None = source.assessment()
        self._reference = source.reference
        view = _last_view(source)
        self._until = view.clock.exercise
        self._team = getattr(source, "seat", "").partition("/")[0]
        self._title = title or view.briefing.title
        if player is None and (table is None or table.hosted is None):
            # A hub keeps its log to itself.
            player = getattr(table, "player", None)
        self._open_player = player
        self._opened: Player | None = None
        self._page = view.page
        self._section = view.page if view.page in dict(_SECTIONS) else _SECTIONS[0][0]
        self._after = AfterWash(self, table)

    def body(self) -> ComposeResult:
        yield Static(id="wash-title", markup=False)
        yield ChoiceBar(self._sections, id="wash-sections")
        with ContentSwitcher(initial=self._section, id="wash-body"):
            if self._assessment is not None:
                yield ScorecardTable(self._assessment, self._team, id="scorecard")
            else:
                nothing = _(FETCHED) if self._fetching else _("There is no scorecard of this exercise.")
                yield Static(nothing, id="scorecard", markup=False)
            yield Reader(id="indicators")
            yield ProseView(_(FETCHED) if self._fetching else self._facts(), id="facts")
            yield Reader(id="decisions")
            yield ProseView(_(FETCHED) if self._fetching else self._questions(), id="questions")
            yield RequestsPane(self._reference, id="requests")
        yield Static(Line(Content(_(RECORD)), Content(legend()), Content("")), id="wash-legend")

    def on_mount(self) -> None:
        hosted = self._table.hosted if self._table is not None else None
        for source in (self._source, hosted):
            if (subscribe := getattr(source, "subscribe", None)) is not None:
                self.follow(subscribe)
        self._fill()
        # What came between the making of this screen and now called nobody back.
        self.tell_changed()
        if self._page == "survey":
            self.action_survey()

    @on(ExerciseScreen.Changed)
    async def _come(self) -> None:
        if not self.is_attached:
            return
        if self._fetching and self._fetch():
            await self.recompose()
            self._fill()
            self.program.shown(self)
        elif (marked := self._marks_changed()) is not None:
            # Nothing else has changed, and whoever reads keeps their place.
            self.query_one(ScorecardTable).put(marked)
        self._show_title()
        self._turn(_last_view(self._source).page)

    def _marks_changed(self) -> Assessment | None:
        """Takes in scorecards that the evaluators have left otherwise, or of which a mark was voided."""
        found, shown = self._source.assessment(), self._assessment
        if found is None or shown is None or found.marks == shown.marks:
            return None
        self._assessment = found
        return found

    def _fetch(self) -> bool:
        self._wash, self._assessment = self._source.hot_wash(), self._source.assessment()
        return not self._fetching

    @property
    def _fetching(self) -> bool:
        """Whether the hub has still to send what is opened after ENDEX."""
        hosted = self._table is not None and self._table.hosted is not None
        return hosted and (self._wash is None or self._assessment is None)

    def _turn(self, page: str) -> None:
        """Go along with control, once for each turn: until the next one everybody may look around."""
        if page == self._page:
            return
        self._page = page
        if page in dict(HOT_WASH_PAGES):
            if self._after.at_work:
                return  # Nobody is torn from a sheet.
            if self.app.screen is not self and self in self.app.screen_stack:
                self.pop_until_active()
            if page != "survey":
                self.action_section(page)
            self.say(_("Exercise control has turned to: {page}").format(page=_(dict(HOT_WASH_PAGES)[page])))
            if page == "survey":
                self.action_survey()

    def _fill(self) -> None:
        wash = self._wash
        if wash is not None:
            indicators = [
                Item(
                    f"i{n}",
                    safe(f"{item.name} ({item.owner})" if item.owner else item.name),
                    _course(item.course[0][2] if item.course else item.value, item.value, item.unit),
                    partial(course_text, item),
                    item,
                    self._until,
                )
                for n, item in enumerate(wash.indicators)
            ]
            self.query_one("#indicators", Reader).put(indicators, _("This scenario has no indicators."))
            decisions = [
                Item(
                    f"d{n}",
                    Content.assemble(f"{STATUS[item.status][:2]}", safe(f"{team}: {item.title}")),
                    Content(""),
                    partial(decision_text, item, team, self._reference, ended=True),
                )
                for n, (team, item) in enumerate(wash.decisions)
            ]
            self.query_one("#decisions", Reader).put(decisions, _("No decision was put to anyone."))
            self.query_one(RequestsPane).put(wash.requests, None, self._teams)
        self.action_section(self._section)

    def _show_title(self) -> None:
        mark = exercise_mark()
        left = Content.assemble(mark, (_(" Hot wash of "), "$foreground 65%"), safe(self._title, "bold"))
        # Read aloud and compared, it shows that all screens stand on the same log.
        head = safe(_("Log {grouped}").format(grouped=grouped(self._head)[0]), "bold") if self._head else Content("")
        self.query_one("#wash-title", Static).update(both_ends(left, head, self.size.width - 2))
        self.refresh_bindings()

    @property
    def _head(self) -> str:
        hosted = self._table.hosted if self._table is not None else None
        return hosted.head if hosted is not None else ""

    def action_head(self) -> None:
        self.app.push_screen(HeadScreen(self._head))

    def on_resize(self) -> None:
        self._show_title()
        self.query_one("#wash-sections", ChoiceBar).put(self._sections, self._section)

    @property
    def _sections(self) -> tuple[tuple[str, str], ...]:
        narrow = self.size.width < 100
        named = ((name, title, f"{n} ") for n, (name, title) in enumerate(_SECTIONS, 1))
        return tuple((name, n + (_SHORT.get(name, _(title)) if narrow else _(title))) for name, title, n in named)

    @property
    def _teams(self) -> tuple[str, ...]:
        return tuple(team.short for team in self._assessment.scenario.teams) if self._assessment is not None else ()

    @property
    def section(self) -> str:
        """Which part is shown."""
        return self._section

    def help_words(self) -> str:
        return f"{_(_HELP)}\n## {_('The scorecard')}\n{_(CARD_HELP)}\n"

    def hint(self) -> str:
        return self._after.hint + _NEXT[self._section]

    def action_section(self, section: str) -> None:
        self._section = section
        self.query_one("#wash-sections", ChoiceBar).put(self._sections, section)
        self.query_one("#wash-body", ContentSwitcher).current = section
        # The signs of grades mean other things between the columns of a timeline.
        words = "" if section == "requests" else legend()
        self.query_one("#wash-legend", Static).update(Line(Content(_(RECORD)), Content(words), Content("")))
        self.say("")
        self.refresh_bindings()
        if section == "scorecard" and self._assessment is not None:
            self.query_one(ScorecardTable).take_focus()
        elif section in ("indicators", "decisions"):
            self.query_one(f"#{section}", Reader).rows.focus()
        elif section == "requests":
            self.query_one(RequestsPane).take_focus()
        elif section != "scorecard":
            self.query_one(f"#{section}", ProseView).focus()

    def action_next_section(self, by: int) -> None:
        names = [name for name, _title in _SECTIONS]
        self.action_section(names[(names.index(self._section) + by) % len(names)])

    def action_requests(self, look: Look) -> None:
        self.query_one(RequestsPane).look(look)
        self.action_section("requests")

    @on(RequestsPane.Chosen)
    def _look_clicked(self, event: RequestsPane.Chosen) -> None:
        self.action_requests("timeline" if event.look == "timeline" else "board")

    @on(RequestsPane.Opened)
    def _request_opened(self, event: RequestsPane.Opened) -> None:
        self.app.push_screen(PastRequestScreen(event.request, self._reference, None))

    def action_team(self, by: int) -> None:
        self.query_one(ScorecardTable).next_team(by)

    def action_regroup(self) -> None:
        self.query_one(ScorecardTable).regroup()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("team", "regroup"):
            return self._section == "scorecard" and self._assessment is not None
        if action == "head":
            return bool(self._head)
        if action in ("survey", "evaluate"):
            return self._after.offers(action)
        return action != "replay" or self._open_player is not None

    def action_replay(self, at: int | None = None) -> None:
        from exercise.tui.screens.replay import ReplayScreen

        player = self._player()
        if player is not None:
            self.app.push_screen(ReplayScreen(player, at, self.query_one(ScorecardTable).team))

    def action_survey(self) -> None:
        self._after.open_survey()

    def action_evaluate(self) -> None:
        self._after.open_evaluation()

    @on(ChoiceBar.Chosen, "#wash-sections")
    def _section_clicked(self, event: ChoiceBar.Chosen) -> None:
        self.action_section(event.choice)

    @on(ScorecardTable.Opened)
    def _opened_row(self, event: ScorecardTable.Opened) -> None:
        if self._assessment is not None:
            requests = self._wash.requests if self._wash is not None else ()
            plays = self._table is not None and not self._table.looks_on
            client = cast(Client, self._source) if plays else None
            open_mark(self.app, event.what, self._assessment, self._player(), self._followed, requests, client=client)

    def _followed(self, entry: int | None) -> None:
        if entry is not None:
            self.action_replay(entry)

    def _player(self) -> Player | None:
        if self._opened is None and self._open_player is not None:
            self._opened = self._open_player()
        return self._opened

    def _facts(self) -> str:
        facts = self._wash.facts if self._wash else ()
        lines = [_("This is what stood behind the crisis. Nobody at the table was told, and no mark depends on it.")]
        for title, said in facts:
            lines += ["", f"## {plain(title)}", "", said]
        return "\n".join(lines if facts else [_("This scenario hides nothing.")])

    def _questions(self) -> str:
        wash = self._wash
        questions = wash.questions if wash else ()
        lines = [_("# Questions for the hot wash")]
        for owner in dict.fromkeys(owner for owner, _unused in questions):
            lines += ["", f"## {plain(owner) if owner else _('For all')}", ""]
            lines += [
                f"{n}. {plain(text)}" for n, (_unused, text) in enumerate((q for q in questions if q[0] == owner), 1)
            ]
        if wash and wash.objectives:
            lines += ["", _("# What the exercise was for")]
            for title, text in wash.objectives:
                lines += ["", f"## {plain(title)}", "", text]
        return "\n".join(lines)


_NEXT = Told(
    {
        "scorecard": "enter opens a mark · v next team · b by area or text · 2–6 other parts",
        "indicators": "arrows choose an indicator · tab to the numbers · 1 back to the scorecard",
        "facts": "arrows scroll · 4 what the teams decided · 1 back to the scorecard",
        "decisions": "arrows choose a decision · tab to its text · 5 the questions",
        "questions": "talk it over, one question at a time · 1 back to the scorecard",
        "requests": "enter opens a request · r board · t timeline between teams · 1 scorecard",
    }
)


def _last_view(source: Client | Player) -> ParticipantView:
    """What a seat sees at ENDEX: the client's own, or the first team's of a replay."""
    seats: tuple[tuple[str, str], ...] = getattr(source, "seats", ())
    return source.view(seats[0][0]) if seats else source.view()  # type: ignore[call-arg]


def _course(first: float, last: float, unit: str) -> Content:
    return safe(f"{number(first)} → {number(last, unit)}", "$foreground 65%")
