"""Moves that cover the times of a draft: foreign exercises are one long line of time, ours are played in stretches."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from exercise.authoring.importing.draft import Draft, DraftDecision, DraftInject, DraftMove

_PLAYED_AS_IT_IS = 3 * 3600
"""A story no longer than this is played at its own pace."""
_CUT = 4 * 3600
"""A pause of the story from this on may be jumped over."""
_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth")
_MOST_MOVES = len(_ORDINALS)
_TAIL = 15 * 60
"""How long the story goes on after the last row."""
_MINUTES_A_ROW = 5
_SHORTEST, _LONGEST = 15, 60


def cover(draft: Draft) -> list[DraftMove]:
    """The moves that the draft names, made to hold all its times, or else as many as the gaps between these ask for."""
    rows: list[DraftInject | DraftDecision] = [*draft.injects, *draft.decisions]
    times = sorted(row.at for row in rows if row.at is not None)
    if draft.moves:
        return _stretched(draft, times)
    groups = _groups(times or [0])
    moves = []
    for n, group in enumerate(groups, start=1):
        after = groups[n][0] if n < len(groups) else None
        moves.append(_move(n, group, after))
    if len(moves) == 1:
        moves[0].title = "The exercise"
    last, needed = moves[-1], _succession(draft)
    last.minutes = max(last.minutes + needed, draft.minutes or 0 if len(moves) == 1 else 0)
    if needed or draft.minutes:
        # What opens at the end still needs its time.
        last.ends = max(last.ends, last.starts + last.minutes * 60)
    return moves


def _groups(times: Sequence[int]) -> list[list[int]]:
    gaps = sorted(((b - a, b) for a, b in pairwise(times) if b - a >= _CUT), reverse=True)
    cuts = {start for _, start in gaps[: _MOST_MOVES - 1]}
    groups: list[list[int]] = [[]]
    for time in times:
        if time in cuts and groups[-1]:
            groups.append([])
            cuts.discard(time)
        groups[-1].append(time)
    return groups


def _move(number: int, times: Sequence[int], after: int | None) -> DraftMove:
    # A story that begins soon after STARTEX begins with it.
    starts = 0 if number == 1 and 0 <= times[0] <= _PLAYED_AS_IT_IS else times[0]
    ends = -(-(times[-1] + _TAIL) // 60) * 60
    if after is not None:
        ends = min(ends, after)
    span = ends - starts
    if span <= _PLAYED_AS_IT_IS:
        minutes = max(_SHORTEST, -(-span // 60))
    else:
        minutes = min(max(_MINUTES_A_ROW * len(times), _SHORTEST), _LONGEST)
    return DraftMove(f"move-{number}", f"{_ORDINALS[number - 1]} part", starts, ends, minutes)


def _stretched(draft: Draft, times: Sequence[int]) -> list[DraftMove]:
    moves = sorted(draft.moves, key=lambda move: move.starts)
    moves[0].starts = min(moves[0].starts, *times[:1]) if times else moves[0].starts
    for move, after in pairwise(moves):
        move.ends = min(move.ends, after.starts)
    moves[-1].ends = max(moves[-1].ends, *times[-1:]) if times else moves[-1].ends
    return moves


def _succession(draft: Draft) -> int:
    """Minutes of play that the longest row of decisions one after another takes, where one leads to the next."""
    rows = {decision.key: decision for decision in draft.decisions}
    injects = {inject.key: inject for inject in draft.injects}
    known: dict[str, int] = {}

    def needed(key: str, seen: frozenset[str]) -> int:
        if key in known or key in seen or len(seen) > 200:
            return known.get(key, 0)
        row = rows.get(key) or injects.get(key)
        if row is None:
            return 0
        before = [cause.chose or cause.lapsed or cause.released for cause in row.causes]
        before += [row.follows] if row.follows else []
        longest = max((needed(name, seen | {key}) for name in before), default=0)
        known[key] = longest + (-(-rows[key].window // 60) if key in rows else 0)
        return known[key]

    return max((needed(key, frozenset()) for key in rows), default=0)
