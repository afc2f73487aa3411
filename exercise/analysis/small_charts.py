"""Small pictures of an exploration for a page, drawn as plain SVG: nothing has to be installed for them.

Each says what it shows in words too, and stands beside the table with its figures; nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from exercise.analysis.explored import SLICE
from exercise.analysis.finding_load import at
from exercise.analysis.tally import OUTCOMES, Spread

_WIDE = 320
_HIGH = 22


def _svg(wide: float, high: float, said: str, inner: str, kind: str = "chart") -> str:
    said = escape(said)
    return (
        f'<svg class="{kind}" viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" role="img" '
        f'aria-label="{said}"><title>{said}</title>{inner}</svg>'
    )


def range_chart(start: float, least: float, most: float, end: Spread, lowest: float, highest: float, name: str) -> str:
    """An indicator over its whole scale: how far it went, where it ended, half of the courses as a box, its start."""

    def x(value: float) -> float:
        return round(4 + (_WIDE - 8) * (value - lowest) / (highest - lowest), 1)

    middle = _HIGH / 2
    inner = (
        f'<line class="scale" x1="4" x2="{_WIDE - 4}" y1="{middle}" y2="{middle}"/>'
        f'<line class="way" x1="{x(least)}" x2="{x(most)}" y1="{middle}" y2="{middle}"/>'
        f'<line class="ends" x1="{x(end.lowest)}" x2="{x(end.highest)}" y1="{middle}" y2="{middle}"/>'
        f'<rect class="box" x="{x(end.lower)}" y="{middle - 6}" width="{max(1.0, x(end.upper) - x(end.lower)):.1f}" '
        'height="12"/>'
        f'<line class="middle" x1="{x(end.middle)}" x2="{x(end.middle)}" y1="{middle - 8}" y2="{middle + 8}"/>'
        f'<path class="start" d="M{x(start)} {middle - 5}l4 5l-4 5l-4 -5z"/>'
    )
    said = (
        f"{name}: starts at {start:g}, goes from {least:g} to {most:g}; at ENDEX from {end.lowest:g} to "
        f"{end.highest:g}, middle {end.middle:g}"
    )
    return _svg(_WIDE, _HIGH, said, inner)


def grades_bar(stood: Sequence[int], courses: int, name: str) -> str:
    """A clause as one bar, kept to breached and not tested, each part as wide as the courses in which it stood so."""
    left = 0.0
    parts = []
    for often, word in zip(stood, OUTCOMES, strict=True):
        wide = 160 * often / courses
        if often:
            kind = word.replace(" ", "-")
            parts.append(f'<rect class="grade {kind}" x="{left:.1f}" y="2" width="{wide:.1f}" height="12"/>')
            if wide >= 14:
                letter = {"kept": "K", "partly": "P", "neglected": "N", "breached": "B"}.get(word, "–")
                parts.append(f'<text class="letter {kind}" x="{left + wide / 2:.1f}" y="11.5">{letter}</text>')
        left += wide
    told = ", ".join(f"{word} in {often}" for often, word in zip(stood, OUTCOMES, strict=True) if often)
    return _svg(160, 16, f"{name}: {told} of {courses} courses", "".join(parts), "bar")


def load_chart(words: Sequence[Spread], mean: Sequence[float], opened: Sequence[float], full: float, name: str) -> str:
    """A team's reading slice by slice against what can be read in one, and below it the decisions open at once."""
    if not mean:
        return ""
    step = max(9.0, min(26.0, 720 / len(mean)))
    wide, high, floor = 44 + step * len(mean), 150.0, 92.0
    top = max(full * 1.1, *(spread.highest for spread in words))

    def y(value: float) -> float:
        return round(floor - 84 * value / top, 1)

    parts = [
        f'<line class="scale" x1="40" x2="{wide:.0f}" y1="{floor}" y2="{floor}"/>',
        f'<line class="full" x1="40" x2="{wide:.0f}" y1="{y(full)}" y2="{y(full)}"/>',
        f'<text class="axis" x="36" y="{y(full) + 3}" text-anchor="end">{full:,.0f}</text>',
        f'<text class="axis" x="36" y="{floor}" text-anchor="end">words</text>',
        '<text class="axis" x="36" y="112" text-anchor="end">open</text>',
    ]
    for slot, (spread, value, held) in enumerate(zip(words, mean, opened, strict=True)):
        left = 42 + slot * step
        centre = left + (step - 3) / 2
        over = " over" if value > full else ""
        parts.append(
            f'<rect class="words{over}" x="{left:.1f}" y="{y(value)}" width="{step - 3:.1f}" '
            f'height="{max(0.0, floor - y(value)):.1f}"/>'
            f'<line class="spread" x1="{centre:.1f}" x2="{centre:.1f}" y1="{y(spread.lowest)}" '
            f'y2="{y(spread.highest)}"/>'
        )
        if held >= 0.5:
            parts.append(f'<text class="held" x="{centre:.1f}" y="112">{min(9, round(held))}</text>')
        if slot % max(1, round(36 / step)) == 0:
            parts.append(f'<text class="axis" x="{left:.1f}" y="130">{at(slot)}</text>')
    most = max(range(len(mean)), key=mean.__getitem__)
    said = (
        f"{name}: most to read at {at(most)}, {mean[most]:,.0f} words in {SLICE // 60} minutes, where {full:,.0f} can "
        f"be read; at most {max(opened):.0f} decisions open at once on average"
    )
    return _svg(round(wide), high, said, "".join(parts), "load")
