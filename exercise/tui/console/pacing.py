"""Pacing from any console screen: pause, rate, the next thing, a jump, the end of a move, ENDEX; asks where needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exercise.core.commands import CloseMove, ClosePlenary, EndExercise, PauseClock, ResumeClock
from exercise.core.control.commands import SetRate
from exercise.core.times import parse_exercise_time
from exercise.errors import ExerciseError
from exercise.language import _, ngettext
from exercise.session.control import CloseDoors, JumpTo, StepOn
from exercise.tui.console.corrections import TypeWordScreen
from exercise.tui.console.msel import Pacing
from exercise.tui.screens.confirm import AskScreen
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.scenario import Scenario
    from exercise.core.views import ClockView, FacilitatorView
    from exercise.tui.console.base import ConsoleScreen

__all__ = [
    "RATES",
    "close_doors",
    "close_move",
    "close_plenary",
    "end_exercise",
    "jump",
    "pause_or_resume",
    "rate_told",
    "set_rate",
    "step_on",
    "story_told",
]

RATES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)

_MOST_NAMED = 6


async def pause_or_resume(screen: ConsoleScreen[Any]) -> None:
    """Stops the clock or starts it again, without asking: either can be taken back at once."""
    clock = screen.control.view().clock
    if clock.phase == "briefing":
        screen.say(_("The clock starts with STARTEX: c opens the muster."))
    elif clock.phase == "ended":
        screen.say(_("The exercise has ended; the clock stands."))
    elif clock.phase == "plenary":
        screen.say(_("In a plenary the clock of the story stands. n ends it."))
    elif clock.running:
        await screen.asked(
            screen.control.submit(PauseClock()), _("PAUSED. Nothing comes and nothing lapses; space goes on.")
        )
    else:
        await screen.asked(screen.control.submit(ResumeClock()), _("The clock runs."))


async def set_rate(screen: ConsoleScreen[Any], by: int) -> None:
    """One rate slower or faster."""
    rate = screen.control.view().clock.rate
    if by > 0:
        wanted = next((known for known in RATES if known > rate), None)
    else:
        wanted = next((known for known in reversed(RATES) if known < rate), None)
    if wanted is None:
        screen.say(
            (
                _("{rate:g}× is the fastest there is here.") if by > 0 else _("{rate:g}× is the slowest there is here.")
            ).format(rate=rate)
        )
        return
    said = rate_told(wanted)
    await screen.asked(screen.control.submit(SetRate(rate=wanted)), said)


def rate_told(rate: float) -> str:
    """A rate in words."""
    one = _("Rate {rate:g}×: a minute in the room is {rate:g} minute of play.")
    many = _("Rate {rate:g}×: a minute in the room is {rate:g} minutes of play.")
    return (one if rate == 1 else many).format(rate=rate)


def story_told(clock: ClockView) -> str:
    """How fast the story goes by in the room during this move; '' where it cannot be told."""
    ratio = Pacing.of(clock).ratio * clock.rate
    if not ratio:
        return ""
    told = _("About {minutes} min of the story go by in it; deadlines run so.")
    return told.format(minutes=f"{ratio:.0f}" if ratio >= 2 else f"{ratio:.1f}")


def step_on(screen: ConsoleScreen[Any]) -> None:
    """Brings the next thing; asks first where the clock runs or somebody may still be deciding."""
    view = screen.control.view()
    clock, open_ones = view.clock, _open(view)
    if clock.phase == "briefing":
        screen.say(_("Before STARTEX nothing comes: c opens the muster."))
    elif clock.phase == "ended":
        screen.say(_("The exercise has ended; nothing more comes."))
    elif clock.phase == "plenary":
        close_plenary(screen)
    elif clock.running or open_ones:
        question, text = _("Go on to the next thing now?"), _next_told(view)
        screen.sure(question, text, lambda: screen.control.ask(StepOn()), yes=_("Go on"))
    else:
        screen.run_worker(screen.asked(screen.control.ask(StepOn())))


def _next_told(view: FacilitatorView) -> str:
    """What a step on brings, as far as the MSEL and the open windows tell."""
    clock, pacing = view.clock, Pacing.of(view.clock)
    comes = [(row.due, row.title) for row in view.msel if row.status == "waiting" and row.waits == "time"]
    comes += [(row.due, f"{row.team}: {row.title}") for row in view.coming if not row.condition]
    due = min(
        ((at, title) for at, title in comes if at is not None and clock.exercise <= at <= clock.move_ends), default=None
    )
    closing = [(pacing.story_at(d.closes), f"{team}: {d.title}") for team, d in view.decisions if d.status == "open"]
    until = min([at for at, _unused in closing] + ([due[0]] if due else []), default=clock.move_ends)
    if clock.exercise >= clock.move_ends and until >= clock.move_ends:
        text = _("The move has come to its end: it is closed.")
    elif due is not None and due[0] <= until:
        text = _("The clock jumps to what comes next by itself: {exercise_time} **{due}**, or sooner ").format(
            exercise_time=exercise_time(due[0]), due=plain(due[1])
        )
        text += _("what comes of a choice or a request.")
    else:
        text = _("The clock jumps to what comes next by itself.")
    lapses = [title for at, title in closing if at <= until]
    return (
        _("{text}\n\n**Lapses** by then unless it is answered:\n\n{listed}").format(text=text, listed=_listed(lapses))
        if lapses
        else text
    )


def jump(screen: ConsoleScreen[Any]) -> None:
    """Asks for a time of the story, says what comes by then, and goes there."""
    view = screen.control.view()
    if view.clock.phase != "move":
        screen.say(_("A jump is possible within a move only."))
        return
    now, ends = view.clock.exercise, view.clock.move_ends

    def typed(text: str | None) -> None:
        if text is None:
            return
        time = read_time(text)
        if time is None:
            screen.say(
                _("A time of the story is written T+1:30, not {text}.").format(text=text.strip() or _("nothing")),
                wrong=True,
            )
        elif not now < time <= ends:
            said = _("The clock goes forward only, within this move: {exercise_time} to {exercise_time2}.").format(
                exercise_time=exercise_time(now), exercise_time2=exercise_time(ends)
            )
            screen.say(said, wrong=True)
        else:
            screen.run_worker(_sure_to_jump(screen, time))

    question = AskScreen(
        _("To which time of the story?"),
        _("It is {exercise_time}; the move ends at {exercise_time2}. What is due by then comes at once.").format(
            exercise_time=exercise_time(now), exercise_time2=exercise_time(ends)
        ),
        placeholder="T+1:30",
    )
    screen.app.push_screen(question, typed)


async def _sure_to_jump(screen: ConsoleScreen[Any], time: int) -> None:
    try:
        scenario = (await screen.control.assessment()).scenario
    except ExerciseError as error:
        # Without what a jump lets lapse it would be agreed to unseen.
        screen.say(str(error), wrong=True)
        return
    view = screen.control.view()
    pacing, now = Pacing.of(view.clock), view.clock.exercise
    injects, decisions = _by_itself(view, scenario)
    due = [row.title for row in view.msel if now <= injects.get(row.inject, -1) <= time]
    lapses = [
        f"{team}: {decision.title}"
        for team, decision in view.decisions
        if decision.status == "open" and pacing.story_at(decision.closes) <= time
    ]
    opens, gone, parts = list[str](), list[str](), list[str]()
    for coming in view.coming:
        if now <= (at := decisions.get(coming.id, -1)) <= time:
            closes = at + round(scenario.decisions_by_id[coming.id].window * pacing.ratio)
            (gone if closes <= time else opens).append(f"{coming.team}: {coming.title}")
    # A long text scrolls: what is lost by the jump stands first.
    if gone:
        told = _("**Opens and lapses** on the way, so that nobody can answer it:\n\n{listed}")
        parts.append(told.format(listed=_listed(gone)))
    if lapses:
        parts.append(_("**Lapses** unless it is answered:\n\n{listed}").format(listed=_listed(lapses)))
    if opens:
        parts.append(_("**Opens** on the way:\n\n{listed}").format(listed=_listed(opens)))
    parts.append(
        _("Comes on the way:\n\n{listed}").format(listed=_listed(due))
        if due
        else _("No inject of the MSEL is due on the way.")
    )
    waiting = {row.inject for row in view.msel if row.condition} | {it.id for it in view.coming if it.condition}
    if waiting - injects.keys() - decisions.keys():
        parts.append(_("What waits for a condition may come as well."))
    question = _("Jump to {exercise_time}?").format(exercise_time=exercise_time(time))
    screen.sure(question, "\n\n".join(parts), lambda: screen.control.ask(JumpTo(exercise=time)), yes=_("Jump"))


def _by_itself(view: FacilitatorView, scenario: Scenario) -> tuple[dict[str, int], dict[str, int]]:
    """When injects and decisions come that wait for their time alone, or for an inject that does; by their ids."""
    rows = {row.inject: row for row in view.msel if row.status == "waiting"}

    def comes(id: str) -> int | None:
        row, inject = rows.get(id), scenario.injects_by_id.get(id)
        if row is not None and row.waits == "time" and not row.condition:
            return row.due
        if row is None or row.waits == "hand" or inject is None or inject.when is not None or inject.follows is None:
            return None
        return comes(inject.follows)

    injects = {id: at for id in rows if (at := comes(id)) is not None}
    decisions = {}
    for coming in view.coming:
        decision = scenario.decisions_by_id[coming.id]
        at = coming.due if decision.follows is None else injects.get(decision.follows)
        if decision.when is None and at is not None:
            decisions[coming.id] = at
    return injects, decisions


def close_move(screen: ConsoleScreen[Any]) -> None:
    """Ends the move; open decisions, which lapse, and what then never comes by itself are named first."""
    view = screen.control.view()
    if view.clock.phase != "move":
        screen.say(_("No move is open now."))
        return
    open_ones = _open(view)
    text = _("The clock of the story stops; the plenary follows, or the next move, or ENDEX.")
    if never := _left_out(view):
        told = ngettext(
            "{count} inject of this move has not come, and will not come by itself any more:\n\n{listed}\n\n{text}",
            "{count} injects of this move have not come, and will not come by themselves any more:\n\n{listed}"
            "\n\n{text}",
            len(never),
        )
        text = told.format(count=len(never), listed=_listed(never, most=3), text=text)
    if open_ones:
        text = _("These decisions are open and **lapse** if you close now:\n\n{open_ones}\n\n{text}").format(
            open_ones=open_ones, text=text
        )
    command = CloseMove(lapse_open=bool(open_ones))
    screen.sure(
        _("Close move {move} of {moves}?").format(move=view.clock.move, moves=view.clock.moves),
        text,
        lambda: screen.control.submit(command),
        yes=_("Let them lapse and close") if open_ones else _("Close the move"),
        done=_("The move is closed."),
    )


def close_plenary(screen: ConsoleScreen[Any]) -> None:
    """Ends the plenary: the next move opens, or ENDEX."""
    clock = screen.control.view().clock
    last = clock.move >= clock.moves
    screen.sure(
        _("End the plenary?"),
        _("It was the last: **the exercise ends with it**.")
        if last
        else _("Move {move} opens at once.").format(move=clock.move + 1),
        lambda: screen.control.submit(ClosePlenary()),
        yes="ENDEX" if last else _("Open the move"),
        done="ENDEX." if last else _("The next move is open."),
    )


def end_exercise(screen: ConsoleScreen[Any]) -> None:
    """ENDEX, after the word has been typed."""
    view = screen.control.view()
    if view.clock.phase == "ended":
        screen.say(_("The exercise has ended already."))
        return
    if view.clock.phase == "briefing":
        screen.say(_("The exercise has not begun; there is nothing to end."))
        return
    open_ones = _open(view)
    text = _("Every screen goes to the hot wash, and nothing more can be decided. **This cannot be taken back.**")
    if open_ones:
        text += _("\n\nStill open:\n\n{open_ones}").format(open_ones=open_ones)

    def answered(typed: bool | None) -> None:
        if typed:
            screen.run_worker(screen.asked(screen.control.submit(EndExercise()), "ENDEX."))

    screen.app.push_screen(TypeWordScreen(_("End the exercise now?"), text, "ENDEX"), answered)


def close_doors(screen: ConsoleScreen[Any]) -> None:
    """Ends the hub, after the word has been typed; the exercise is kept."""
    running = screen.control.view().clock.phase in ("move", "plenary")
    text = _("Everybody is sent out and nobody comes in any more. The exercise is kept, and can be hosted again.")
    if running:
        text = _("**The exercise has not ended.** {text}").format(text=text)
    survey = screen.control.room().survey
    if survey is not None and survey.answered and not survey.closed:
        not_yet = _(
            "**The survey is still open.** What was handed in enters the log only when you close it: "
            "press **c** on the hot-wash page."
        )
        text = f"{not_yet}\n\n{text}"

    def answered(typed: bool | None) -> None:
        if typed:
            screen.run_worker(screen.asked(screen.control.ask(CloseDoors()), _("The doors are closed.")))

    screen.app.push_screen(TypeWordScreen(_("Close the doors?"), text, _("CLOSE")), answered)


def read_time(text: str) -> int | None:
    """Seconds from `T+1:30`, also written `1:30` or `+1:30`; None for anything else."""
    words = text.strip().upper()
    for tried in (words, f"T+{words}", f"T{words}"):
        try:
            return parse_exercise_time(tried)
        except ValueError:
            continue
    return None


def _open(view: FacilitatorView) -> str:
    return _listed([f"{team}: {decision.title}" for team, decision in view.decisions if decision.status == "open"])


def _left_out(view: FacilitatorView) -> list[str]:
    """The injects that have their time in what is left of the move and wait for nothing else, in order."""
    ends = view.clock.move_ends
    rows = [(row.due, row.title) for row in view.msel if row.waits == "time" and not row.condition]
    return [title for _unused, title in sorted((due, title) for due, title in rows if due is not None and due <= ends)]


def _listed(words: list[str], most: int = _MOST_NAMED) -> str:
    lines = [f"- {plain(line)}" for line in words[:most]]
    if len(words) > most:
        lines.append(_("- and {count} more").format(count=len(words) - most))
    return "\n".join(lines)
