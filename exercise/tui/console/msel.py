"""The MSEL as control reads it: one row for each inject and decision in order of time, in words; pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from exercise.language import _
from exercise.tui.widgets.inbox import channel_name
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.times import exercise_time, play_left, story_time
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import ClockView, ComingDecision, DecisionView, FacilitatorView, MselRow

__all__ = ["NOW", "Names", "Pacing", "Row", "coming_detail", "detail", "names_of", "rows_of"]

NOW = "#now"
"""Id of the line between what was and what comes; it cannot be chosen."""

QUIET = "$foreground 60%"
_BY_CONDITION, _BY_HAND = "#condition", "#hand"

Names = Mapping[str, str]
"""Names of addresses: `all`, teams, and roles as `team/role`."""


def names_of(teams: Sequence[tuple[str, str]], view: FacilitatorView) -> dict[str, str]:
    """What addresses are called, those of roles with their team before them."""
    names = {"all": _("All"), **dict(teams)}
    for team, seat in view.seats:
        if "/" in seat.seat:
            names[seat.seat] = f"{team}: {seat.role}"
    return names


@dataclass(frozen=True, slots=True)
class Pacing:
    """How the story runs against play in the present move, to tell in minutes of the room when something is due."""

    clock: ClockView
    ratio: float
    """Seconds of the story to one of play; 0 where it cannot be told."""

    @classmethod
    def of(cls, clock: ClockView, before: Pacing | None = None) -> Pacing:
        """From what is left of the move on both clocks; at its very end from what was known before."""
        left = clock.phase_opened + clock.phase_seconds - clock.play
        if clock.phase == "move" and left > 0 and clock.move_ends > clock.exercise:
            return cls(clock, (clock.move_ends - clock.exercise) / left)
        same = before is not None and before.clock.move == clock.move and clock.phase == "move"
        return cls(clock, before.ratio if same and before is not None else 0.0)

    def until(self, due: int) -> str:
        """How long until a time of the story, as one says it in the room."""
        if self.clock.phase == "briefing":
            return _("at STARTEX") if due <= 0 else _("to come")
        if due <= self.clock.exercise:
            return _("due now")
        if not self.ratio or due > self.clock.move_ends:
            return _("later move")
        seconds = round((due - self.clock.exercise) / self.ratio)
        return (
            _("in {seconds} s").format(seconds=seconds)
            if seconds < 60
            else _("in {it} min").format(it=-(-seconds // 60))
        )

    def ago(self, exercise: int) -> str:
        """How long ago a time of this move was; '' for one of an earlier move."""
        if not self.ratio:
            return ""
        began = self.clock.move_ends - self.ratio * self.clock.phase_seconds
        seconds = (self.clock.exercise - exercise) / self.ratio
        if exercise < began - 1:
            return ""
        return _("just now") if seconds < 60 else _("{seconds} min ago").format(seconds=int(seconds) // 60)

    def story_at(self, play: int) -> int:
        """Time of the story at a play time of this move."""
        return self.clock.exercise + round((play - self.clock.play) * self.ratio)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the timeline."""

    id: str
    """`i:ID` for an inject, `d:ID` for a decision; headings begin with `#`."""
    number: str
    time: str
    state: str
    to: str
    title: str
    more: str
    less: str = ""
    """The same where there is no room for it, or '' where it may be cut."""
    past: bool = False
    loud: bool = False
    held: bool = False
    teams: frozenset[str] = frozenset()
    """Ids of the teams it concerns; empty for all."""
    open: bool = True
    """Whether something can still come of it."""

    @property
    def visual(self) -> MselLine:
        """The row as a list draws it."""
        return MselLine(self)


class MselLine(Visual):
    """Columns that keep their places; the title gives way first, and what stands at the right on narrow screens."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.text = "\t".join((row.number, row.time, row.state, row.to, row.title, row.more, str(row.past)))

    def fitted(self, width: int) -> Content:
        """The line in exactly so many cells."""
        row = self._row
        if row.id.startswith("#"):
            words = safe(f"── {row.title} ", "bold $primary" if row.id == NOW else QUIET)
            return _cut(words + Content.styled("─" * max(0, width - words.cell_length), "$border-blurred"), width)
        wide = width >= 100
        dim = QUIET if row.past else ""
        room = 24 if wide else 9
        whole = safe(row.more, QUIET)
        right = _cut(whole if whole.cell_length <= room or not row.less else safe(row.less, QUIET), room)
        fixed = Content("  ").join(
            (
                _cell(safe(row.number, QUIET), 3, end=True),
                _cell(safe(row.time, dim), 8 if wide else 7),
                _cell(safe(row.state, "bold" if row.loud else dim), 19 if wide else 15),
                _cell(safe(row.to, dim), 22 if wide else 12),
            )
        )
        room = max(4, width - fixed.cell_length - right.cell_length - 4)
        title = _cell(safe(" ".join(row.title.split()), "bold" if row.loud else dim), room)
        return _cut(Content("  ").join((fixed, title, right)), width)

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        return self.fitted(width).render_strips(width, 1, style, options) if width else []

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return 1


def rows_of(view: FacilitatorView, names: Names, pacing: Pacing) -> list[Row]:
    """All rows in order of time: what was, the line of now, what comes, then what waits for something else."""
    was: list[tuple[int, int, Row]] = []
    comes: list[tuple[int, int, Row]] = []
    waits: dict[str, list[Row]] = {_BY_CONDITION: [], _BY_HAND: []}
    short = {name: id for id, name in names.items()}
    now = view.clock.exercise
    for inject in view.msel:
        row, due = _inject_row(inject, view, names, pacing), inject.due
        if inject.status in ("released", "withdrawn"):
            was.append((inject.exercise or 0, inject.number, row))
        elif due is not None and (inject.waits == "time" or inject.status in ("held", "skipped")):
            # What was held past its time still waits to be released; what was skipped is over.
            gone = inject.status == "skipped" and due <= now and view.clock.phase != "briefing"
            (was if gone else comes).append((due, inject.number, row))
        else:
            waits[_BY_CONDITION if inject.waits == "condition" else _BY_HAND].append(row)
    for number, (team, put) in enumerate(view.decisions, 1):
        row = _decision_row(number, team, short.get(team, ""), put, pacing)
        at = put.answer.exercise if put.answer is not None else put.opened
        if row.past:
            was.append((at, 1000 + number, row))
        else:
            comes.append((pacing.story_at(put.closes), 1000 + number, row))
    for decision in view.coming:
        row = _coming_row(decision, short.get(decision.team, ""), pacing)
        if decision.due is not None and not decision.condition and decision.due >= now:
            comes.append((decision.due, 2000, row))
        else:
            waits[_BY_CONDITION].append(row)
    rows = [row for _unused, _unused, row in sorted(was, key=_place)]
    clock = view.clock
    rows.append(
        _heading(
            NOW,
            _("now {exercise_time} · {story_time}").format(
                exercise_time=exercise_time(clock.exercise), story_time=story_time(clock, short=True)
            ),
        )
    )
    rows += [row for _unused, _unused, row in sorted(comes, key=_place)]
    for key, title in ((_BY_CONDITION, _("when something holds")), (_BY_HAND, _("only by hand"))):
        if waits[key]:
            rows += [_heading(key, title), *waits[key]]
    return rows


def _place(item: tuple[int, int, Row]) -> tuple[int, int]:
    return item[:2]


def _heading(id: str, title: str) -> Row:
    return Row(id, "", "", "", "", title, "")


def _inject_row(inject: MselRow, view: FacilitatorView, names: Names, pacing: Pacing) -> Row:
    at = inject.exercise if inject.status in ("released", "withdrawn") else inject.due
    read, reached = readers(inject, view, names)
    more, less = channel_name(inject.channel), ""
    if inject.status == "released":
        more, less = _("read {read}/{reached}").format(read=read, reached=reached), f"{read}/{reached}"
    elif inject.edited:
        more = _("edited · {more}").format(more=more)
    to = ", ".join(names.get(address, address) for address in inject.to)
    return Row(
        id=f"i:{inject.inject}",
        number=str(inject.number),
        time=exercise_time(at) if at is not None else "–",
        state=inject_state(inject, pacing),
        to=to,
        title=inject.title,
        more=more,
        less=less,
        past=inject.status in ("released", "withdrawn", "skipped"),
        loud=inject.status == "held",
        held=inject.status == "held",
        teams=frozenset() if "all" in inject.to else frozenset(to.partition("/")[0] for to in inject.to),
        open=inject.status in ("waiting", "held"),
    )


def inject_state(inject: MselRow, pacing: Pacing) -> str:
    """How an inject stands, in a sign and words."""
    match inject.status:
        case "released":
            ago = pacing.ago(inject.exercise) if inject.exercise is not None else ""
            return f"✓ {ago or _('released')}"
        case "held":
            return _("‖ HELD") if pacing.clock.phase != "ended" else _("– did not come")
        case "skipped":
            return _("– skipped")
        case "withdrawn":
            return _("✕ withdrawn")
        case "waiting" if pacing.clock.phase == "ended":
            return _("– did not come")
        case "waiting":
            if inject.waits == "condition":
                return _("? on condition")
            if inject.due is None or inject.waits != "time":
                return _("☞ by hand")
            return f"› {pacing.until(inject.due)}"


def _decision_row(number: int, team: str, team_id: str, decision: DecisionView, pacing: Pacing) -> Row:
    votes = decision.vote
    more, less = _("decision"), ""
    if decision.status == "open":
        left = decision.closes - pacing.clock.play
        state = (
            _("◆ closing now") if left <= 0 else _("◆ open {play_left}").format(play_left=play_left(left, live=True))
        )
        if votes.voting:
            cast, all_votes = len(votes.ballots), len(votes.ballots) + len(votes.missing)
            more, less = _("votes {count}/{count2}").format(count=cast, count2=all_votes), f"{cast}/{all_votes}"
    else:
        state = _("◇ answered") if decision.status == "chosen" else _("○ lapsed")
    at = decision.answer.exercise if decision.answer is not None else decision.opened
    return Row(
        id=f"d:{decision.id}",
        number=f"D{number}",
        time=exercise_time(pacing.story_at(decision.closes) if decision.status == "open" else at),
        state=state,
        to=team,
        title=decision.title,
        more=more,
        less=less,
        past=decision.status != "open",
        loud=decision.status == "open",
        teams=frozenset((team_id,)),
        open=decision.status == "open",
    )


def _coming_row(decision: ComingDecision, team_id: str, pacing: Pacing) -> Row:
    timed = decision.due is not None and not decision.condition
    return Row(
        id=f"c:{decision.id}",
        number="D",
        time=exercise_time(decision.due) if decision.due is not None else "–",
        state=f"› {pacing.until(decision.due)}" if timed and decision.due is not None else _("? on condition"),
        to=decision.team,
        title=decision.title,
        more=_("decision"),
        teams=frozenset((team_id,)),
    )


def coming_detail(decision: ComingDecision) -> str:
    """What there is to say of a decision that has not been put yet, as light Markdown."""
    when = (
        _("due {exercise_time}").format(exercise_time=exercise_time(decision.due))
        if decision.due is not None
        else _("no time of its own")
    )
    parts = [_("**Not put yet** · {when}").format(when=when)]
    if decision.condition:
        parts.append(_("It is put once this holds: {condition}.").format(condition=plain(decision.condition)))
    return "\n\n".join((*parts, decision.text))


def readers(inject: MselRow, view: FacilitatorView, names: Names) -> tuple[int, int]:
    """How many of those it is for have opened it: of the people in their seats, or of a team where nobody sits."""
    read = set(inject.read_by)
    done = reached = 0
    for team in (id for id in names if id != "all" and "/" not in id):
        wanted = {to for to in inject.to if to == "all" or to.partition("/")[0] == team}
        if not wanted:
            continue
        whole = bool(wanted & {"all", team})
        seats = [
            seat.seat
            for _, seat in view.seats
            if seat.present
            and seat.seat.partition("/")[0] == team
            and (whole or seat.seat in wanted or "/" not in seat.seat)
        ]
        if seats:
            reached += len(seats)
            done += sum(seat in read for seat in seats)
        else:
            reached += 1
            done += any(seat.partition("/")[0] == team for seat in read)
    return done, reached


def detail(inject: MselRow, view: FacilitatorView, names: Names, pacing: Pacing) -> str:
    """All there is to say of an inject, as light Markdown."""
    read, reached = readers(inject, view, names)
    to = ", ".join(plain(names.get(address, address)) for address in inject.to)
    at = inject.exercise if inject.status in ("released", "withdrawn") else inject.due
    when = (
        f"{exercise_time(at)} ({story_time(view.clock, at, short=True)})" if at is not None else _("no time of its own")
    )
    head = [
        _("**{inject_state}** · {waits}{when}  \n**From** {sender} **to** {to} **by** {channel_name}").format(
            inject_state=inject_state(inject, pacing),
            waits=_waits(inject),
            when=when,
            sender=plain(inject.sender) or "–",
            to=to,
            channel_name=channel_name(inject.channel),
        ),
    ]
    marks = [
        words
        for words, holds in (
            (_("written during the exercise"), inject.written),
            (_("changed by control"), inject.edited),
            (_("noise: it asks for nothing"), inject.noise),
        )
        if holds
    ]
    if marks:
        head.append(f"*{' · '.join(marks)}*")
    parts = [*head, inject.text]
    if inject.expected:
        parts.append(_("### Expected\n\n") + "\n".join(f"- {plain(line)}" for line in inject.expected))
    if inject.notes:
        parts.append(_("### For control\n\n{notes}").format(notes=inject.notes))
    if inject.status == "released":
        who = ", ".join(plain(names.get(seat, seat)) for seat in inject.read_by)
        parts.append(
            _("### Read by {read} of {reached}\n\n{who}").format(
                read=read, reached=reached, who=who or _("Nobody yet.")
            )
        )
    return "\n\n".join(part for part in parts if part)


def _waits(inject: MselRow) -> str:
    if inject.status == "held":
        return _("it comes only when you release it; its time: ")
    if inject.status != "waiting":
        return ""
    if inject.waits == "condition":
        told = _("it comes once this holds: {condition}; ").format(
            condition=plain(inject.condition) or _("its condition")
        )
        return told + _("not before ") if inject.due is not None else told
    if inject.waits != "time" or inject.due is None:
        return _("it comes only when you release it; ")
    return _("due ")


def _cell(content: Content, width: int, *, end: bool = False) -> Content:
    """Exactly so many cells."""
    content = _cut(content, width)
    gap = Content(" " * (width - content.cell_length))
    return gap + content if end else content + gap


def _cut(content: Content, width: int) -> Content:
    return content.truncate(width, ellipsis=True) if content.cell_length > width else content
