"""The commands on a log: replay and verify it, evaluate and report it, play on from it, keep and hand it on."""

from typing import Annotated

import typer

from exercise.cli.arguments import Bots, Force, Json, Log, Plain, Teams, app, log_app


@app.command(short_help="Walk through a log: any moment, any team.")
def replay(
    log: Log,
    plain: Plain = False,
    beside: Annotated[
        str | None, typer.Option("--beside", metavar="LOG", help="Another log to see at the same time of the story.")
    ] = None,
    cast: Annotated[
        str | None, typer.Option("--cast", metavar="FILE", help="Write an asciinema recording, and stop.")
    ] = None,
    page: Annotated[
        str | None, typer.Option("--page", metavar="FILE", help="Write a web page that plays it offline, and stop.")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="SEQ|T+h:mm", help="Where the recording begins.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="SEQ|T+h:mm", help="Where it ends.")] = None,
    speed: Annotated[float, typer.Option("--speed", metavar="N", help="How many times as fast it runs.")] = 8,
    seat: Annotated[str | None, typer.Option("--seat", metavar="TEAM", help="Whose eyes it is seen with.")] = None,
    size: Annotated[str, typer.Option("--size", metavar="WxH", help="Columns and rows of it.")] = "100x30",
    idle: Annotated[float, typer.Option("--idle", metavar="SECONDS", help="Longer pauses in it are cut.")] = 2,
    force: Force = False,
) -> None:
    """Scrub through a log: speed, perspective, scorecard of each moment; or record a stretch of it for others."""
    if any(asked is not None for asked in (cast, page, first, last, seat)):
        from exercise.cli import casting

        casting.cast(log, cast, page, first=first, last=last, speed=speed, seat=seat, size=size, idle=idle, force=force)
        return
    from exercise.cli import playing as body

    body.replay(log, plain, beside)


@app.command(short_help="Say how far a log vouches for itself.")
def verify(
    log: Log,
    head: Annotated[
        str | None, typer.Option("--head", metavar="HASH", help="The head hash that the screens showed at ENDEX.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="DIGITS|FILE", help="The key that must have sealed it, as its host gave it out."),
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="Also check that each step was legal.")] = False,
    json: Json = False,
) -> None:
    """Say how far a log vouches for itself, and name the first entry that was changed."""
    from exercise.cli import logs as body

    body.verify(log, head, rules, json, key)


@app.command(short_help="What was asked, answered and decided, for the exercise that follows.")
def record(
    log: Log,
    into: Annotated[
        str | None, typer.Option("--for", metavar="SCENARIO", help="Write a copy of this scenario that begins with it.")
    ] = None,
    out: Annotated[str | None, typer.Option("--out", metavar="FILE|FOLDER", help="Where to write it.")] = None,
    force: Force = False,
) -> None:
    """Tell a log as delegations would lay it on a table: no persons, reasons or marks.

    After the Storm takes such a record: exercise record LOG --for after-the-storm --out day-two
    """
    from exercise.cli import recording as body

    body.record(log, into, out, force)


@app.command(short_help="Play on from a moment of a log.")
def fork(
    log: Log,
    at: Annotated[
        str, typer.Option("--at", metavar="SEQ|T+h:mm", help="The last entry to keep, or a time of the story.")
    ],
    team: Teams = None,
    bots: Bots = None,
) -> None:
    """Keep a new session that begins as a log did, up to a moment, to play on differently from there."""
    from exercise.cli import logs as body

    body.fork(log, at, tuple(team or ()), tuple(bots or ()))


@app.command(short_help="Mark the conduct that a log shows, as an evaluator.")
def evaluate(
    log: Log,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Yours, or a pseudonym.")] = "",
    delegation: Annotated[
        str, typer.Option("--delegation", metavar="WHOSE", help="A team, or the body that sends you.")
    ] = "",
    merge: Annotated[
        str | None, typer.Option("--merge", metavar="FILE", help="Take in what another evaluator marked in a copy.")
    ] = None,
    agreement: Annotated[
        bool, typer.Option("--agreement", help="Print how far the evaluators agree, and stop.")
    ] = False,
    plain: Plain = False,
    json: Json = False,
) -> None:
    """Look at each proposed mark with its clause and record: confirm, change or add; rate objectives."""
    from exercise.cli import evaluating as body

    body.evaluate(log, name, delegation, merge=merge, agreement=agreement, plain=plain, json=json)


@app.command(short_help="Write the after-action report of a log.")
def report(
    log: Annotated[
        str | None, typer.Argument(metavar="LOG", help="A log file, or the id of a session kept here.")
    ] = None,
    out: Annotated[
        str, typer.Option("--out", metavar="PLACE", help="A file, or a folder for several; its ending says the form.")
    ] = ".",
    form: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="FORM", help="html, docx, pdf, md, csv or json, or all. Repeatable."),
    ] = None,
    edition: Annotated[
        str, typer.Option("--edition", metavar="FOR", help="facilitator, participants or anonymous.")
    ] = "facilitator",
    templates: Annotated[
        str | None, typer.Option("--templates", metavar="FOLDER", help="Templates of your own; see --write-templates.")
    ] = None,
    write_templates: Annotated[
        str | None,
        typer.Option("--write-templates", metavar="FOLDER", help="Write the templates there, to change them."),
    ] = None,
    brief: Annotated[
        bool, typer.Option("--brief", help="Leave out the appendices: timeline, marks one by one, control's pages.")
    ] = False,
    language: Annotated[
        str | None, typer.Option("--language", metavar="LANG", help="What it is written in; else as the scenario is.")
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of the json form, and stop.")] = False,
    force: Force = False,
) -> None:
    """Write the after-action report and improvement plan: what happened, marks by clause, ratings, what to mend."""
    from exercise.cli import reporting as body

    body.report(
        log,
        out,
        tuple(form or ()),
        edition,
        templates=templates,
        write_templates=write_templates,
        brief=brief,
        schema=schema,
        force=force,
        language=language,
    )


@app.command(short_help="Lay sessions side by side.")
def compare(
    logs: Annotated[list[str], typer.Argument(metavar="LOG…", help="Two or more logs or sessions.")],
    team: Annotated[str | None, typer.Option("--team", metavar="TEAM", help="One team over time, across logs.")] = None,
    reasons: Annotated[bool, typer.Option("--reasons", help="Also print what each team said for its choice.")] = False,
    out: Annotated[str | None, typer.Option("--out", metavar="FILE", help="Write it as a page (.html) or .md.")] = None,
    json: Json = False,
    force: Force = False,
) -> None:
    """Lay sessions of one scenario side by side, or one team over time: where courses parted, how conduct differs."""
    from exercise.cli import comparing as body

    body.compare(tuple(logs), team, reasons, out, json, force)


@app.command(short_help="Play every other option of a decision on, many times.")
def whatif(
    log: Log,
    at: Annotated[str, typer.Option("--at", metavar="DECISION", help="The decision, by its id.")],
    bots: Bots = None,
    runs: Annotated[int, typer.Option("--runs", metavar="N", min=1, max=100_000, help="For each option.")] = 200,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Of the bots' chances.")] = 0,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=0, help="Processes; 0 is one for each core.")] = 0,
    out: Annotated[str | None, typer.Option("--out", metavar="FILE", help="Write it as a page (.html) or .md.")] = None,
    json: Json = False,
    force: Force = False,
) -> None:
    """From a log's decision, play each option on with bots and show how scorecards and indicators would have spread.

    Without --bots each playthrough draws a policy for each team, so that there is a spread. Bots are not people.
    """
    from exercise.cli import what_if as body

    body.whatif(log, at, tuple(bots or ()), runs, seed, jobs, out, json, force)


@log_app.command("list")
def log_list(json: Json = False) -> None:
    """List the sessions kept on this machine."""
    from exercise.cli import logs as body

    body.list_sessions(json)


@log_app.command("export", short_help="Write a session as one portable file, or as a table.")
def log_export(
    session: Log,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The log file to write; one that ends in .csv is a table of events.")
    ],
    force: Force = False,
) -> None:
    """Write a session as one portable file, or a log's events as a table (.csv) for spreadsheets and analysts."""
    from exercise.cli import logs as body

    body.export(session, file, force)


@log_app.command("import")
def log_import(file: Annotated[str, typer.Argument(metavar="FILE", help="A log file.")]) -> None:
    """Take a log file into the sessions kept here."""
    from exercise.cli import logs as body

    body.import_file(file)


@log_app.command("redact", short_help="Write a log without people's words and names.")
def log_redact(
    log: Log,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The log file to write.")],
    secrets: Annotated[
        bool, typer.Option("--secrets", help="Take the scenario, the seed and the hidden facts out too.")
    ] = False,
    force: Force = False,
) -> None:
    """Write a log without what people typed and who played; its chain still checks."""
    from exercise.cli import logs as body

    body.redact(log, file, secrets, force)


@log_app.command("seal", short_help="Sign a log, so that a later change shows.")
def log_seal(
    log: Log,
    key: Annotated[str, typer.Option("--key", metavar="FILE", help="A key of yours; otherwise this host's own.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who vouches for it, as the seal is to say.")] = "",
) -> None:
    """Sign a log's head after ENDEX, so that a later change shows."""
    from exercise.cli import trust as body

    body.seal(log, key, by)


@log_app.command("erase-personal", short_help="Destroy names and what people wrote, for good.")
def log_erase_personal(
    log: Log,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    store: Annotated[
        str, typer.Option("--store", metavar="URL", help="postgresql://… where the session is kept there.")
    ] = "",
) -> None:
    """Destroy names and what people wrote in a log or a session kept here, for good; its chain still checks."""
    from exercise.cli import trust as body

    body.erase_personal(log, yes, store)
