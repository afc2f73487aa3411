"""The preview of a scenario as lines: for a screen reader, for paper, or to look through with other tools."""

from __future__ import annotations

from collections.abc import Iterator

from exercise.authoring.everything import Everything
from exercise.language import _
from exercise.plain.words import WIDTH, body, heading, say

__all__ = ["preview_lines"]


def preview_lines(
    everything: Everything, seat: str = "", at: str = "", *, control: bool = False, width: int = WIDTH
) -> Iterator[str]:
    """All that a seat reads, every seat after the other where none is named; with `at` that item alone."""
    # The pages are those of the screen, which the rest of the line mode never loads.
    from exercise.tui.preview.finding import as_seat, nearest_page, spot_of
    from exercise.tui.preview.pages import pages

    if at:
        spot = spot_of(everything, at)
        seats: tuple[str, ...] = (as_seat(everything, seat or spot.seat),)
        control = control or spot.control
    else:
        seats = (as_seat(everything, seat),) if seat else tuple(team.id for team in everything.scenario.teams)
    for one in seats:
        listed = pages(everything, one, control=control)
        if at:
            found = nearest_page(listed, spot.page)
            listed = [found] if found is not None else []
        view = everything.view(one)
        head = _("EXERCISE. {title}, as {team} reads it.")
        yield from say(head.format(title=everything.scenario.title, team=view.team_name), width)
        for page in listed:
            if not page.text:
                yield from heading(f"{page.title}{f', {page.when}' if page.when else ''}", width)
                continue
            yield ""
            yield from say(f"{f'{page.when}  ' if page.when else ''}[{page.id}] {page.title}", width)
            # Rules between parts are drawn for the eye; read aloud they are three dashes.
            yield from body("\n".join("" if line.strip() == "---" else line for line in page.text.split("\n")), width)
        yield ""
