"""`exercise preview`: a scenario as its teams will see it, on a screen that follows the file, or as lines."""

from __future__ import annotations

import typer

from exercise.authoring.everything import Everything
from exercise.authoring.library import find
from exercise.authoring.problems import errors_in
from exercise.authoring.watched import Watched
from exercise.cli.speaking import choose_language
from exercise.cli.terminal import lines_only
from exercise.errors import ScenarioError


def preview(name: str, at: str, team: str, *, control: bool, plain: bool) -> None:
    """Opens the preview; by lines it prints all of it, or with `at` the one item, and what is wrong."""
    choose_language()
    watched = Watched(find(name))
    if lines_only(plain):
        _print(watched, at, team, control)
        return
    from exercise.tui.app import ExerciseApp
    from exercise.tui.preview.screen import PreviewScreen

    # Made before the app starts, so that a wrong team or id is one line and no screen that flashes by.
    screen = PreviewScreen(watched, at, team, control=control)
    ExerciseApp(lambda: screen).run()


def _print(watched: Watched, at: str, team: str, control: bool) -> None:
    from exercise.plain.preview import preview_lines

    if watched.scenario is None:
        raise ScenarioError(tuple(map(str, errors_in(watched.problems))))
    for line in preview_lines(Everything(watched.scenario), team, at, control=control):
        typer.echo(line)
    for problem in watched.problems:
        typer.echo(str(problem))
