"""Drawing only the lines that have changed: the part of Textual's compositor that works out what goes to the terminal.

Textual asks every widget between the highest and the lowest change for all of its lines, and then throws most of them
away. With fifty people's screens in one process that is the greater part of the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip

__all__ = ["LineCompositor"]


class LineCompositor(Compositor):
    """Asks a widget only for lines of which something is seen and which are to be drawn again."""

    def render_partial_update(self) -> ChopsUpdate | None:
        regions, screen = self._dirty_regions.copy(), self.size.region
        self._dirty_regions.clear()
        spans = list(self._regions_to_spans(region.intersection(screen) for region in regions))
        if not spans:
            return None
        cuts = self.cuts
        # Pieces of each line by where they begin; of what nobody asked for there is none.
        missing: dict[int, set[int]] = {}
        for y, left, right in spans:
            begins = {cut for cut, end in zip(cuts[y], cuts[y][1:], strict=False) if cut < right and end > left}
            missing[y] = missing.get(y, set()) | begins
        pieces: dict[int, dict[int, Strip | None]] = {y: dict.fromkeys(cuts[y][:-1]) for y in missing}
        # Front to back: what is in front is what is seen.
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            if not seen:
                continue
            first, last = seen.column_span
            wanted = [y for y in seen.line_range if y in missing and any(first <= cut < last for cut in missing[y])]
            for begin, end in _runs(wanted):
                strips = widget.render_lines(Region(seen.x - region.x, begin - region.y, seen.width, end - begin))
                for y, strip in zip(range(begin, end), strips, strict=False):
                    within = [cut for cut in cuts[y] if first <= cut <= last]
                    for cut, piece in zip(within, strip.divide([cut - first for cut in within[1:]]), strict=False):
                        if cut in missing[y]:
                            missing[y].discard(cut)
                            pieces[y][cut] = piece
        ends = [line[1:] for line in cuts]
        nothing: Mapping[int, Strip | None] = {}
        return ChopsUpdate([pieces.get(y, nothing) for y in range(len(cuts))], spans, ends)


def _runs(lines: Iterable[int]) -> list[tuple[int, int]]:
    """Lines that follow one another, as beginning and end."""
    found: list[tuple[int, int]] = []
    for line in lines:
        if found and found[-1][1] == line:
            found[-1] = (found[-1][0], line + 1)
        else:
            found.append((line, line + 1))
    return found
