"""The commands of `exercise`, and what each takes.

Nothing heavy is imported here: `exercise --help` must be there at once on an old laptop. Each command imports what it
needs when it runs. Annotations are values in these modules, not strings put off by `__future__`: the library would
compile every string twice, which costs more than all else that is done here.
"""

from typing import Annotated

import typer

from exercise import __version__
from exercise.cli.arguments import Bots, Force, Json, Language, Plain, Scenario, Seed, Teams, app, library_names
from exercise.errors import UsageError


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
        from exercise.cli.home import open_home

        open_home()


@app.command(short_help="Play at one terminal, alone or taking turns.")
def play(
    scenario: Annotated[
        str | None,
        typer.Argument(metavar="SCENARIO", help="A name of the library, or a path.", autocompletion=library_names),
    ] = None,
    team: Teams = None,
    seats: Annotated[
        list[str] | None,
        typer.Option("--seats", metavar="TEAM", help="A team of which every role is played here, each on its own."),
    ] = None,
    mode: Annotated[
        str | None,
        typer.Option("--mode", metavar="MODE", help="How several seats of a team decide: lead, vote or consensus."),
    ] = None,
    observe: Annotated[bool, typer.Option("--observe", help="Look on while bots play every team.")] = False,
    bots: Bots = None,
    seed: Seed = None,
    live: Annotated[bool, typer.Option("--live", help="Let the clock run by itself instead of stepping it.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the newest session, or the one named.")] = False,
    language: Language = None,
    plain: Plain = False,
) -> None:
    """Play at one terminal: one team, or several taking turns, the rest by bots."""
    from exercise.cli import playing as body

    if resume:
        if team or seats or mode or observe or bots or live or language or seed is not None:
            raise UsageError("A resumed session keeps teams, bots, seed, clock and language; leave those options out.")
        body.resume(scenario, plain)
    else:
        body.start(
            scenario or "card-storm",
            tuple(team or ()),
            tuple(bots or ()),
            seed,
            live,
            plain,
            each_role=tuple(seats or ()),
            mode=mode,
            observe=observe,
            language=language,
        )


@app.command(short_help="Host an exercise for a room full of people.")
def host(
    scenario: Annotated[
        str | None,
        typer.Argument(metavar="SCENARIO", help="A name of the library, or a path.", autocompletion=library_names),
    ] = None,
    listen: Annotated[
        list[str] | None,
        typer.Option("--listen", metavar="ADDRESS", help="Open the doors here; 0.0.0.0 is every network. Repeatable."),
    ] = None,
    tls: Annotated[bool, typer.Option("--tls", help="Encrypt, with a certificate made here.")] = False,
    certificate: Annotated[str, typer.Option("--certificate", metavar="FILE", help="Encrypt, with this one.")] = "",
    key: Annotated[str, typer.Option("--key", metavar="FILE", help="The certificate's key, if elsewhere.")] = "",
    port: Annotated[int, typer.Option("--port", metavar="N", help="Of the program's own door.")] = 8765,
    ssh_port: Annotated[int, typer.Option("--ssh-port", metavar="N", help="Of the ssh door; 0 for none.")] = 8022,
    web_port: Annotated[int, typer.Option("--web-port", metavar="N", help="Of the browser door; 0 for none.")] = 8080,
    bots: Annotated[
        list[str] | None, typer.Option("--bots", metavar="TEAM=POLICY", help="A bot holds this team's place.")
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", metavar="[TEAM=]LANG", help="What the teams read, or one of them. Repeatable."),
    ] = None,
    seed: Seed = None,
    resume: Annotated[
        str | None, typer.Option("--resume", metavar="SESSION", help="Go on hosting, or open the console again.")
    ] = None,
    store: Annotated[
        str, typer.Option("--store", metavar="URL", help="postgresql://… where several hubs serve one exercise.")
    ] = "",
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Of this hub, where there are several.")] = "",
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=0, max=32, help="Processes that draw screens.")
    ] = 2,
    headless: Annotated[bool, typer.Option("--headless", help="Stay in the foreground, without a console.")] = False,
    preflight: Annotated[bool, typer.Option("--preflight", help="Look at machine and network, and stop.")] = False,
    json: Json = False,
) -> None:
    """Open the doors for terminals, ssh and browsers, and the facilitator's console."""
    from exercise.cli import hosting as body

    ports = (port, ssh_port or None, web_port or None)
    if preflight:
        body.look_first(tuple(listen or ()), ports, tls=tls, certificate=certificate, json=json)
        return
    if resume and (scenario or bots or language or seed is not None):
        raise UsageError("A kept exercise keeps its scenario, bots, languages and seed; leave those out.")
    body.host(
        scenario,
        resume=resume,
        addresses=tuple(listen or ()),
        ports=ports,
        store=store,
        seed=seed,
        bots=tuple(bots or ()),
        languages=tuple(language or ()),
        tls=tls,
        certificate=certificate,
        key=key,
        workers=workers,
        name=name,
        headless=headless,
    )


@app.command(short_help="Take part in a hosted exercise.")
def join(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="As the facilitator gives it: wss://…")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Your name, or a made-up one.")] = "",
    fingerprint: Annotated[
        str | None, typer.Option("--fingerprint", metavar="HEX", help="Of the hub's certificate, as it was shown.")
    ] = None,
    plain: Plain = False,
    language: Annotated[
        str | None, typer.Option("--language", metavar="LANG", help="Spoken until the hub says what your team reads.")
    ] = None,
) -> None:
    """Take part from your own terminal; the join code is asked for (or taken from EXERCISE_CODE)."""
    from exercise.cli import hosting as body

    body.join(address, name, plain, fingerprint, language)


@app.command(short_help="Let bots play, once or many times.")
def simulate(
    scenario: Scenario,
    seed: Seed = None,
    bots: Bots = None,
    runs: Annotated[
        int, typer.Option("--runs", metavar="N", min=1, max=100_000, help="How often; each has its seed.")
    ] = 1,
    log: Annotated[
        str | None, typer.Option("--log", metavar="FILE", help="Write the log of the (first) run here.")
    ] = None,
    script: Annotated[
        str | None,
        typer.Option(
            "--script", metavar="FILE", help="Answers of the scripted policy, as YAML: a line 'decision: option' each."
        ),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=0, help="Processes; 0 is one for each core.")] = 0,
    json: Json = False,
    force: Force = False,
) -> None:
    """Play by bots only, without a screen: scorecards, or a table over many runs."""
    from exercise.cli import simulation as body

    body.simulate(scenario, seed, tuple(bots or ()), runs, log, script, json, force, jobs)


@app.command(short_help="Find what is wrong in scenarios.")
def check(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO", help="Names of the library, or paths.")],
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail too.")] = False,
    json: Json = False,
) -> None:
    """Find what is wrong in scenarios, with file, line and column."""
    from exercise.cli import authoring as body

    body.check(tuple(scenarios), strict, json)


@app.command(short_help="Print the JSON Schema of a scenario file, or of a log.")
def schema(log: Annotated[bool, typer.Option("--log", help="Of the lines of a log instead.")] = False) -> None:
    """Print the JSON Schema of the scenario format, for editors that complete and explain."""
    from exercise.cli import authoring as body

    body.schema(log)


@app.command("print", short_help="Write manuals, guides, cards and codes to hand out.")
def print_(
    scenario: Scenario,
    out: Annotated[str, typer.Option("--out", metavar="FOLDER", help="The folder to write to.")],
    what: Annotated[
        str,
        typer.Option("--what", metavar="WHAT", help="sitman, briefs, handbook, eeg, injects, tickets, or all of them."),
    ] = "all",
    form: Annotated[
        list[str] | None,
        typer.Option("--form", metavar="FORM", help="Of manuals and guides: html, docx, pdf or md; repeatable."),
    ] = None,
    paper: Annotated[str, typer.Option("--paper", metavar="PAPER", help="a4 or letter.")] = "a4",
    templates: Annotated[
        str | None,
        typer.Option(
            "--templates", metavar="FOLDER", help="Your own templates, as `report --write-templates` makes them."
        ),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", metavar="[TEAM=]LANG", help="What the teams read, or one of them. Repeatable."),
    ] = None,
    session: Annotated[
        str | None, typer.Option("--session", metavar="ID", help="The hosted session whose codes are printed.")
    ] = None,
    door: Annotated[
        list[str] | None,
        typer.Option("--door", metavar="ADDRESS", help="A way in for the ticket sheets: https://…, ssh …, wss://…."),
    ] = None,
    force: Force = False,
) -> None:
    """Write what is handed out: manuals, briefs, handbook and evaluation guides; cards and sheets for the day the
    network dies; slips with codes. Cards, sheets and slips are pages to print."""
    from exercise.cli import handing_out as body

    body.print_handouts(
        scenario,
        what,
        out,
        forms=tuple(form or ()),
        paper=paper,
        templates=templates,
        languages=tuple(language or ()),
        session=session,
        addresses=tuple(door or ()),
        force=force,
    )


@app.command(short_help="Look commitments and threats up.")
def commitments(
    entry: Annotated[str | None, typer.Argument(metavar="ID", help="One entry, such as se-p7 or preservation.")] = None,
    text: Annotated[str, typer.Option("--text", metavar="WORDS", help="Only those that contain these words.")] = "",
    instrument: Annotated[
        str, typer.Option("--instrument", metavar="TEXT", help="A text, by id or prefix (se, bc).")
    ] = "",
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="A kind, such as information-exchange.")] = "",
    area: Annotated[str, typer.Option("--area", metavar="AREA", help="An area of the scorecard.")] = "",
    force: Annotated[
        str, typer.Option("--force", metavar="FORCE", help="treaty, politically-binding, voluntary, …")
    ] = "",
    test: Annotated[str, typer.Option("--test", metavar="T|P|X", help="T seen in a turn, P posture, X context.")] = "",
    threats: Annotated[bool, typer.Option("--threats", help="List the threats instead.")] = False,
    actors: Annotated[bool, typer.Option("--actors", help="List the actors instead.")] = False,
    kinds: Annotated[bool, typer.Option("--kinds", help="List the kinds of request instead.")] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Show which scenarios test which, and draw on which threats.")
    ] = False,
    scenario: Annotated[
        list[str] | None,
        typer.Option("--scenario", metavar="PATH", help="With --coverage: count this scenario along; repeatable."),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="LANG", help="Texts in it; else in the machine's own language."),
    ] = None,
    json: Json = False,
) -> None:
    """Look commitments, instruments, threats, actors and kinds of request up, or what the library covers of them."""
    if coverage:
        if any((entry, text, instrument, kind, area, force, test, threats, actors, kinds)):
            raise UsageError("--coverage shows everything; leave the id and the filters out.")
        from exercise.cli import covering, looking_up

        covering.show_coverage(tuple(scenario or ()), looking_up.texts_in(language, json=json), as_json=json)
        return
    if scenario:
        raise UsageError("--scenario goes with --coverage.")
    from exercise.cli import looking_up

    typer.echo(
        looking_up.look_up(
            language,
            entry,
            text=text,
            instrument=instrument,
            kind=kind,
            area=area,
            force=force,
            test=test,
            threat=threats,
            actors=actors,
            kinds=kinds,
            json=json,
        )
    )


# The commands on logs stand after those that make them, in `exercise --help` too.
from exercise.cli import after_action as after_action  # noqa: E402
from exercise.cli import authors as authors  # noqa: E402


def run() -> int:
    """Runs the command line that was given and returns its exit code; a wrong one is a UsageError."""
    try:
        return app(prog_name="exercise", standalone_mode=False) or 0
    except typer.TyperException as error:
        raise UsageError(_usage(error)) from error


def _usage(error: typer.TyperException) -> str:
    """A wrong command line in one line, with the place to look."""
    say = getattr(error, "format_message", error.__str__)
    context = getattr(error, "ctx", None)
    text = " ".join(say().split()).rstrip(".")
    return f"{text}{'' if text.endswith('?') else '.'} See: {context.command_path if context else 'exercise'} --help"
