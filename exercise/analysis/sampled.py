"""A sampled exploration: playthroughs by policies, steered ones, every answer played on, some aimed at what is left.

Each round is planned from all that the rounds before came to, so the figures do not depend on how many processes share
the work, nor on which is done first.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field

from exercise.analysis import things
from exercise.analysis.aiming import Aim
from exercise.analysis.cluster import cluster
from exercise.analysis.counting import add, add_beside, add_policies
from exercise.analysis.course import Course, Letters, Player, play, start
from exercise.analysis.explored import Bounds, Figures
from exercise.analysis.letters import Writer, draw
from exercise.analysis.plan import STEERED, Answered, Plan, Run
from exercise.analysis.sharing import cores, crew
from exercise.analysis.story import Reader, Story
from exercise.core.commands import ChooseResponse
from exercise.core.decide import available_options
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.turn import LAPSE
from exercise.session.bots import Policy, make_bot
from exercise.session.collector import collector_paused, keep
from exercise.session.correspondence import HASTE, drawn, holders_of

Progress = Callable[[int, int], object]
"""Is told how many courses are played, and of about how many."""

FEW = 60
"""So many playthroughs are over before a second process has started."""

CHUNK = 4
"""Playthroughs handed out at a time: few enough for an even load, and for Ctrl-C to be heard soon."""

ROUNDS = 4
"""How often what never came is aimed at."""


@dataclass
class Part:
    """What some playthroughs came to."""

    figures: Figures = field(default_factory=Figures)
    answered: Answered = field(default_factory=dict)


@dataclass
class Table:
    """What one process keeps while it plays."""

    scenario: Scenario
    reference: Reference
    seed: int

    def __post_init__(self) -> None:
        self._reader = Reader(self.scenario, self.reference)
        self._holders = holders_of(self.scenario)

    def play(self, runs: Sequence[Run], figures: Figures | None = None) -> Part:
        """Plays what some lines of the plan say; adds to these figures, or to new ones."""
        part = Part(Figures() if figures is None else figures)
        with collector_paused():
            for run in runs:
                if run.forks:
                    self._fork(part, run)
                else:
                    self._play(part, run)
        return part

    def story(self, run: Run) -> Story:
        """The story of one playthrough."""
        return self._reader.read(play(start(self.scenario, run.facts), self._players(run)))

    def _play(self, part: Part, run: Run) -> None:
        story = self.story(run)
        aimed = {*run.aims, *(things.option(id, answer) for id, answer in run.told.items())}
        add(part.figures, story, aimed)
        if STEERED not in run.policies:
            add_policies(part.figures, self.scenario, story, run.policies)
        part.answered[run.number] = {
            id: frozenset(
                option.id
                for option in self.scenario.decisions_by_id[id].options
                if story.came.get(things.offered(id, option.id), last) < seq
            )
            for id, (answer, seq, last) in story.answers.items()
            if answer != LAPSE
        }

    def _fork(self, part: Part, run: Run) -> None:
        """Plays a line again, and from each of its forks every answer on to ENDEX."""

        def fork(course: Course, players: Mapping[str, Player], command: ChooseResponse) -> None:
            if command.decision not in run.forks:
                return
            decision = self.scenario.decisions_by_id[command.decision]
            stories = {}
            answers = [option.id for option in available_options(decision, course.state)]
            for answer in [*answers, LAPSE] if run.lapses else answers:
                company = {team: copy(player) for team, player in players.items()}
                company[decision.team] = company[decision.team].telling(decision.id, answer)
                stories[answer] = story = self._reader.read(play(course.copy(), company))
                add(part.figures, story, {things.option(decision.id, answer)})
            add_beside(part.figures, decision.id, stories)

        play(start(self.scenario, run.facts), self._players(run), fork)

    def _players(self, run: Run) -> dict[str, Player]:
        return {
            team: self._player(run, team, policy)
            for team, policy in zip(self.scenario.teams_by_id, run.policies, strict=True)
        }

    def _player(self, run: Run, team: str, policy: str) -> Player:
        chance = draw(self.seed, run.number, "bots")
        if policy != STEERED:
            return Player(make_bot(Policy(policy), self.scenario, self.reference, team, chance, pace=HASTE))
        # In every other playthrough a steered team says why, names what it sets aside and comes back to it.
        speaks = Policy.COOPERATIVE if draw(self.seed, run.number, team, "words") % 2 else Policy.RANDOM
        bot = make_bot(speaks, self.scenario, self.reference, team, chance, pace=HASTE)
        return Player(bot, run.told, run.late, self._letters(run, team, chance))

    def _letters(self, run: Run, team: str, chance: int) -> Letters | None:
        manner = draw(self.seed, run.number, team, "letters") % 4 if not run.aims else 0
        if manner < 2:
            asks, late, quiet = run.demand.asks, run.asks_late, run.quiet
            return Writer(self.scenario, team, self.seed, run.number, asks, late=late, quiet=quiet)
        if manner == 2:
            return lambda view: drawn(view, self._holders, chance, HASTE)
        return None


@dataclass
class Sampling:
    """The rounds of a sampled exploration."""

    scenario: Scenario
    reference: Reference
    runs: int
    seed: int
    progress: Progress | None = None
    figures: Figures = field(default_factory=Figures)

    def explore(self, jobs: int, scheduler: str = "") -> Figures:
        """All rounds, in so many processes (0: as many as there are cores), or by the workers of a Dask scheduler."""
        jobs = 1 if self.runs <= FEW and jobs == 0 else jobs or cores()
        if jobs == 1 and not scheduler:
            table = Table(self.scenario, self.reference, self.seed)
            self._rounds(lambda chunks: (table.play(chunk, self.figures) for chunk in chunks))
            return self.figures
        # A copy without what was worked out for the scenario: it is worked out anew in no time.
        given = (self.scenario.model_copy(), self.reference, self.seed)
        with cluster(scheduler, _sit_down, given, _play) if scheduler else crew(jobs, _sit_down, given, _play) as share:
            self._rounds(share)
        return self.figures

    def _rounds(self, share: Callable[[list[list[Run]]], Iterator[Part]]) -> None:
        plan = Plan(self.scenario, self.seed)
        often = forks_of(self.runs)
        answers = sum(len(put.options) + 1 for put in self.scenario.decisions)
        most = max(6, self.runs // 5)
        total = self.runs + often * answers + ROUNDS * most
        base = plan.base(self.runs)
        answered = self._round(share(_chunks(base)), total)
        self._round(share(_chunks(plan.forked(base, answered, often))), total)
        aim, first = Aim(self.scenario), self.runs
        for attempt in range(ROUNDS):
            never = [thing for thing in things.things_of(self.scenario) if not self.figures.came[thing]]
            aimed, hopeless = plan.aimed(never, aim, first, attempt, most)
            self.figures.hopeless = hopeless
            first += len(aimed)
            if not aimed:
                break
            self._round(share(_chunks(aimed)), total)
        self.figures.hopeless -= self.figures.came.keys()
        if self.progress is not None:
            self.progress(self.figures.courses, self.figures.courses)

    def _round(self, parts: Iterator[Part], total: int) -> Answered:
        answered: Answered = {}
        for part in parts:
            if part.figures is not self.figures:
                self.figures.take(part.figures)
            answered |= part.answered
            if self.progress is not None:
                self.progress(self.figures.courses, max(total, self.figures.courses))
        return answered


def _chunks(runs: list[Run]) -> list[list[Run]]:
    return [runs[first : first + CHUNK] for first in range(0, len(runs), CHUNK)]


def forks_of(runs: int) -> int:
    """From how many playthroughs every answer of a decision is played on."""
    return min(12, max(1, runs // 60))


def bounds(scenario: Scenario, runs: int, seed: int, why: str) -> Bounds:
    """What such an exploration varied, and what it held fixed."""
    forks = forks_of(runs)
    times = "one playthrough" if forks == 1 else f"{forks} playthroughs"
    varied = [
        "every team's policy in a third of the playthroughs, in like and in mixed company; in the others every team is"
        " told its answers, each option of a decision and its lapse as often as the others",
        "when a decision is answered: at once, halfway through its window, or in its last second",
        f"every answer of every decision, played on from the same moment with the same chance, out of {times}",
        "at last, facts, answers and requests that could bring what had never come",
    ]
    if scenario.facts:
        varied.insert(0, "the hidden facts, all values of each in turn, however likely they are")
    if scenario.matters:
        varied.insert(-1, "what is asked of whom, by which contact, how completely, when, and how it is answered")
    fixed = [
        "no team proposes an answer of its own",
        "exercise control changes nothing, and every move is played for as long as it is planned",
    ]
    return Bounds("sampled", why, tuple(varied), tuple(fixed), seed=seed, runs=runs)


_table: Table | None = None


def _sit_down(scenario: Scenario, reference: Reference, seed: int) -> None:
    """Prepares a process."""
    global _table
    _table = Table(scenario, reference, seed)
    gc.collect()
    keep()


def _play(runs: list[Run]) -> Part:
    assert _table is not None
    return _table.play(runs)
