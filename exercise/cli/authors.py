"""The commands of those who write scenarios: begin one, see it, explore it, take it to other tools and languages."""

from typing import Annotated

import typer

from exercise.cli.arguments import Force, Json, Plain, Scenario, app, library_names
from exercise.errors import UsageError


@app.command(short_help="Begin a scenario of your own.")
def new(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The folder to make; left out, it is asked.")] = "",
    title: Annotated[str, typer.Option("--title", metavar="WORDS", help="As it is shown.")] = "",
    threat: Annotated[
        str, typer.Option("--threat", metavar="ID", help="What it draws on; exercise commitments --threats lists them.")
    ] = "",
    date: Annotated[str, typer.Option("--date", metavar="DATE", help="Of the story, such as 2026-03-10T08:00.")] = "",
    team: Annotated[
        list[str] | None,
        typer.Option("--team", metavar="TEAM", help="'Name', or 'Name: kind: role, role'. Repeat for each team."),
    ] = None,
    minutes: Annotated[str, typer.Option("--minutes", metavar="N", help="Of play in all, talks included.")] = "",
    moves: Annotated[int | None, typer.Option("--moves", metavar="N", help="Parts of the exercise, 1 to 3.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; take the usual for what is not said.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that is there already.")] = False,
) -> None:
    """Ask a few questions and write a scenario that plays as it stands and is there to be changed."""
    from exercise.cli import beginning as body

    body.new(name, title, threat, date, tuple(team or ()), minutes, moves, yes=yes, force=force)


@app.command(short_help="See a scenario as its teams will, while you write it.")
def preview(
    scenario: Scenario,
    at: Annotated[str, typer.Option("--at", metavar="ID", help="Open at this inject, decision or other item.")] = "",
    team: Annotated[
        str, typer.Option("--team", metavar="TEAM[/ROLE]", help="Whose view; by lines, else every team's.")
    ] = "",
    control: Annotated[bool, typer.Option("--control", help="With notes, expected actions and hidden facts.")] = False,
    plain: Plain = False,
) -> None:
    """Show a scenario as its teams will see it, and anew each time the file is saved, with what is wrong beside it."""
    from exercise.cli import previewing as body

    body.preview(scenario, at, team, control=control, plain=plain)


@app.command(name="import", short_help="Make a scenario of another tool's exercise.")
def import_(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="What the other tool exported; of INJECT, a folder.")],
    from_: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="FORMAT", help="iceberg, cexf, openaev, openaev-sheet or inject; else by content."
        ),
    ] = None,
    out: Annotated[str | None, typer.Option("--out", metavar="FOLDER", help="The folder to make; else ./ID.")] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="ID", help="Of the scenario; else the folder's or the title.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that is there already.")] = False,
) -> None:
    """Make a scenario of an exercise from IcebergTTX, MISP (CEXF), OpenAEV or INJECT, and report what was lost."""
    from exercise.cli import importing as body

    body.import_(source, from_, out, name, force)


@app.command(short_help="Write a scenario in another tool's form.")
def export(
    scenario: Scenario,
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="cexf: MISP's Common Exercise Format.")],
    out: Annotated[str | None, typer.Option("--out", metavar="FILE", help="Where to; default the terminal.")] = None,
    force: Force = False,
) -> None:
    """Write a scenario in another tool's form, and say what that form has no place for."""
    from exercise.cli import importing as body

    body.export(scenario, to, out, force)


@app.command(short_help="Explore what can happen in a scenario, and what is wrong with how it plays.")
def analyse(
    scenarios: Annotated[
        list[str],
        typer.Argument(metavar="SCENARIO", help="Names of the library, or paths.", autocompletion=library_names, min=1),
    ],
    runs: Annotated[
        int | None, typer.Option("--runs", metavar="N", min=1, max=100_000, help="Playthroughs, where it is sampled.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="The same seed finds the same.")] = 1,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=0, help="Processes; 0 is one for each core.")] = 0,
    scheduler: Annotated[
        str, typer.Option("--scheduler", metavar="ADDRESS", help="Have the workers of a Dask scheduler play.")
    ] = "",
    full: Annotated[bool, typer.Option("--full", help="Many playthroughs, for a last look before play.")] = False,
    as_json: Json = False,
    page: Annotated[
        str | None, typer.Option("--page", metavar="FILE", help="Write a page with tables and a graph of the course.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 on a warning too.")] = False,
    force: Force = False,
) -> None:
    """Explore what can happen: dead ends, options without a use, idle teams, what each decision really changes.

    Small scenarios are walked through whole, others sampled; the output says which. Exits with 1 on an error.
    """
    from exercise.cli import analysing as body

    body.analyse(tuple(scenarios), runs, seed, jobs, scheduler, full, as_json, page, strict, force)


@app.command(short_help="Translate a scenario: make, update or check its file for another language.")
def translate(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO",
            help="A name of the library, or a path; 'forms' for the request forms, 'commitments' for the texts.",
            autocompletion=library_names,
        ),
    ],
    language: Annotated[str, typer.Argument(metavar="LANG", help="The language, such as lv, ro or pt_BR.")],
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="FOLDER", help="A folder for your own edition, a FILE.po, or - for the screen."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit with 1 on a finding.")] = False,
    update: Annotated[bool, typer.Option("--update", help="Bring the file up to date and keep what is done.")] = False,
    interface: Annotated[bool, typer.Option("--interface", help="With --check: the program's own words too.")] = False,
    force: Force = False,
) -> None:
    """Make a gettext file (PO) of all that people read in a scenario, to be translated in Poedit or another editor."""
    from exercise.cli import translating as body

    body.translate(scenario, language, out, check=check, update=update, interface=interface, force=force)


msel_app = typer.Typer(help="The MSEL as a spreadsheet: to be printed or worked on, and back.", rich_markup_mode=None)
app.add_typer(msel_app, name="msel", short_help="The MSEL as a spreadsheet, and back.")


@msel_app.command(name="export", short_help="Write a scenario's MSEL as a sheet.")
def msel_export(
    scenario: Scenario,
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="To write: a name that ends in .xlsx or .csv.")],
    team: Annotated[
        str | None, typer.Option("--team", metavar="TEAM", help="Only the rows that concern this team.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--start", metavar="HH:MM", help="STARTEX on the wall; fills in the real times.")
    ] = None,
    columns: Annotated[
        str, typer.Option("--columns", metavar="FORM", help="own, or conducttr for that tool's CSV.")
    ] = "own",
    paper: Annotated[str, typer.Option("--paper", metavar="PAPER", help="a4 or letter.")] = "a4",
    force: Force = False,
) -> None:
    """Write the MSEL with the columns that facilitators know, ready to print; XLSX or CSV, by the file's name."""
    from exercise.cli import msel as body

    body.export(scenario, out, team, start, columns, paper, force=force)


@msel_app.command(name="import", short_help="Bring an edited sheet back, or make a scenario of your own sheet.")
def msel_import(
    sheet: Annotated[str, typer.Argument(metavar="SHEET", help="An XLSX or CSV file.")],
    into: Annotated[
        str | None,
        typer.Option(
            "--into", metavar="SCENARIO", help="The scenario that it was exported from.", autocompletion=library_names
        ),
    ] = None,
    new_name: Annotated[
        str | None, typer.Option("--new", metavar="NAME", help="Make a new scenario of somebody's own sheet.")
    ] = None,
    columns: Annotated[
        str, typer.Option("--map", metavar="COLUMNS", help="What its columns are, as 'Time=B,Message=Text'.")
    ] = "",
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="PATH", help="Where to write; default the scenario itself, or a folder NAME."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and write nothing.")] = False,
    drop_missing: Annotated[
        bool, typer.Option("--drop-missing", help="Take out injects and decisions that the sheet has no more.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over what stands at --out.")] = False,
) -> None:
    """Bring a sheet from `msel export` back after it was edited, or make a new scenario of somebody's own sheet.

    Rows are known by their ID. Comments and order of the scenario's file stay; the file as it was is kept as .bak.
    Exits with 1 where something of the sheet is left to look at.
    """
    from exercise.cli import msel as body

    if (into is None) == (new_name is None):
        raise UsageError("Say either --into SCENARIO for a sheet that was exported, or --new NAME for one of your own.")
    if new_name is not None and (dry_run or drop_missing):
        raise UsageError("--dry-run and --drop-missing go with --into SCENARIO; --new makes a folder of its own.")
    if into is not None and columns:
        raise UsageError("--map goes with --new NAME; a sheet that was exported says itself what its columns are.")
    if into is not None:
        body.import_into(sheet, into, out, dry_run=dry_run, drop_missing=drop_missing, force=force)
    elif new_name is not None:
        body.import_new(sheet, new_name, columns, out, force=force)
