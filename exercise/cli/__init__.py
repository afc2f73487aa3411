"""The command line: `exercise` and its commands.

Nothing heavy is imported here: `exercise --help` must be there at once on an old laptop. Each command imports what it
needs when it runs.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from exercise import __version__
from exercise.errors import ExerciseError

app = typer.Typer(
    name="exercise",
    help="A tabletop cyber-crisis exercise simulator. Without a command it opens the home screen.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
log_app = typer.Typer(help="Sessions kept on this machine, and log files.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(log_app, name="log")

Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A name of the library, or a path.")]
Log = Annotated[str, typer.Argument(metavar="LOG", help="A log file, or the id of a session kept here.")]
Json = Annotated[bool, typer.Option("--json", help="Print data instead of text.")]
Plain = Annotated[bool, typer.Option("--plain", help="Lines of text instead of a screen.")]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="Fixes the hidden facts and random bots.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"exercise {__version__}")
        raise typer.Exit()


@app.callback(invoke_without_command=True)
def home(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """A tabletop cyber-crisis exercise simulator. Without a command it opens the home screen."""
    if context.invoked_subcommand is None:
        from exercise.cli.playing import open_home

        open_home()


@app.command()
def play(
    scenario: Annotated[str | None, typer.Argument(metavar="[SCENARIO]", help="A library name or a path.")] = None,
    team: Annotated[
        list[str] | None,
        typer.Option("--team", help="A team played at this terminal; repeat for several, or say all."),
    ] = None,
    bots: Annotated[
        list[str] | None,
        typer.Option("--bots", help="Who plays the rest: a policy, or TEAM=POLICY; may be repeated."),
    ] = None,
    seed: Seed = None,
    live: Annotated[bool, typer.Option("--live", help="Let the clock run by itself instead of stepping it.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the newest session, or the one named.")] = False,
    plain: Plain = False,
) -> None:
    """Play at one terminal: one team, or several taking turns, the rest by bots."""
    from exercise.cli import playing as body

    if resume:
        body.resume(scenario, plain)
    else:
        body.start(scenario or "card-storm", tuple(team or ()), tuple(bots or ()), seed, live, plain)


@app.command()
def replay(log: Log, plain: Plain = False) -> None:
    """Scrub through a log: speed, perspective, scorecard of each moment."""
    from exercise.cli import playing as body

    body.replay(log, plain)


@app.command()
def simulate(
    scenario: Scenario,
    seed: Seed = None,
    bots: Annotated[
        list[str] | None,
        typer.Option("--bots", help="A policy for all, or TEAM=POLICY; may be repeated."),
    ] = None,
    runs: Annotated[int, typer.Option("--runs", min=1, max=100_000, help="How often; the seed grows by one.")] = 1,
    log: Annotated[str | None, typer.Option("--log", help="Write the log of the (first) run here.")] = None,
    script: Annotated[
        str | None,
        typer.Option("--script", help="For the scripted policy: a YAML file of decision: option."),
    ] = None,
    json: Json = False,
) -> None:
    """Play by bots only, without a screen: scorecards, or a table over many runs."""
    from exercise.cli import simulation as body

    body.simulate(scenario, seed, tuple(bots or ()), runs, log, script, json)


@app.command()
def verify(
    log: Log,
    head: Annotated[str | None, typer.Option("--head", help="The head hash that the screens showed at ENDEX.")] = None,
    rules: Annotated[bool, typer.Option("--rules", help="Also check that each step was legal.")] = False,
    json: Json = False,
) -> None:
    """Say how far a log vouches for itself, and name the first entry that was changed."""
    from exercise.cli import logs as body

    body.verify(log, head, rules, json)


@log_app.command("list")
def log_list(json: Json = False) -> None:
    """List the sessions kept on this machine."""
    from exercise.cli import logs as body

    body.list_sessions(json)


@log_app.command("export")
def log_export(
    session: Annotated[str, typer.Argument(metavar="SESSION", help="Id of a session, or its beginning.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="The log file to write.")],
) -> None:
    """Write a session as one portable file."""
    from exercise.cli import logs as body

    body.export(session, file)


@log_app.command("import")
def log_import(file: Annotated[str, typer.Argument(metavar="FILE", help="A log file.")]) -> None:
    """Take a log file into the sessions kept here."""
    from exercise.cli import logs as body

    body.import_file(file)


@app.command()
def check(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Library names or paths.")],
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail too.")] = False,
    json: Json = False,
) -> None:
    """Find what is wrong in scenarios, with file, line and column."""
    from exercise.cli import authoring as body

    body.check(tuple(scenarios), strict, json)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the scenario format, for editors that complete and explain."""
    from exercise.cli import authoring as body

    body.schema()


@app.command()
def commitments(
    entry: Annotated[str | None, typer.Argument(metavar="[ID]", help="One entry, such as se-p7.")] = None,
    text: Annotated[str, typer.Option("--text", help="Only those that contain these words.")] = "",
    instrument: Annotated[str, typer.Option("--instrument", help="A text, by id or prefix (se, bc).")] = "",
    kind: Annotated[str, typer.Option("--kind", help="A kind, such as information-exchange.")] = "",
    area: Annotated[str, typer.Option("--area", help="An area of the scorecard.")] = "",
    force: Annotated[str, typer.Option("--force", help="treaty, politically-binding, voluntary, …")] = "",
    test: Annotated[str, typer.Option("--test", help="T seen in a turn, P posture, X context.")] = "",
    threats: Annotated[bool, typer.Option("--threats", help="List the threats instead.")] = False,
    actors: Annotated[bool, typer.Option("--actors", help="List the actors instead.")] = False,
    json: Json = False,
) -> None:
    """Look commitments, instruments, threats and actors up."""
    from exercise.catalogue import show

    typer.echo(
        show.run(
            entry,
            text=text,
            instrument=instrument,
            kind=kind,
            area=area,
            force=force,
            test=test,
            threat=threats,
            actors=actors,
            json=json,
        )
    )


def main() -> None:
    """Runs the command line; every error raised on purpose becomes its line on stderr and its exit code."""
    try:
        app(standalone_mode=True)
    except ExerciseError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Whoever read our output has closed it (`| head`); what is left to flush must not raise again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
