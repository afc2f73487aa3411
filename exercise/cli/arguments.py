"""The command line itself, and the arguments and options that its commands share."""

from typing import Annotated

import typer

app = typer.Typer(
    name="exercise",
    help="A tabletop cyber-crisis exercise simulator. Without a command it opens the home screen.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
log_app = typer.Typer(help="Sessions kept on this machine, and log files.", rich_markup_mode=None)
app.add_typer(log_app, name="log")


def library_names(incomplete: str) -> list[str]:
    """Names of the library that begin so, for the shell; where none does, the shell goes on with files."""
    from exercise.authoring.library import library

    return [name for name in library() if name.startswith(incomplete)]


Scenario = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help="A name of the library, or a path.", autocompletion=library_names),
]
Log = Annotated[str, typer.Argument(metavar="LOG", help="A log file, or the id of a session kept here.")]
Json = Annotated[bool, typer.Option("--json", help="Print data instead of text.")]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there already.")]
Plain = Annotated[bool, typer.Option("--plain", help="Lines of text instead of a screen.")]
Teams = Annotated[
    list[str] | None,
    typer.Option(
        "--team", metavar="TEAM[/ROLE]", help="A team, or a role of one, played here; repeat for several, or say all."
    ),
]
Bots = Annotated[
    list[str] | None,
    typer.Option(
        "--bots", metavar="POLICY", help="Bots: cooperative, self-interested, random or silent, or TEAM=POLICY."
    ),
]
Language = Annotated[
    str | None,
    typer.Option("--language", metavar="LANG", help="What is read here, such as lv; else the machine's language."),
]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", min=0, help="Fixes the hidden facts and random bots.")]
