"""From a document to files of one form, with the program's templates or the host's own in their place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from exercise.errors import UsageError
from exercise.report.blocks import Document

if TYPE_CHECKING:
    from collections.abc import Mapping

Form = Literal["html", "docx", "pdf", "md"]
FORMS: tuple[str, ...] = get_args(Form)

OURS = Path(__file__).parent / "templates"
NAMES = ("report.html.j2", "report.css", "report.md.j2", "report.typ", "report.docx")
"""What a folder of a host's own templates may hold; whatever it leaves out is ours."""


def files(document: Document, form: Form, name: str, templates: Path | None = None) -> Mapping[str, bytes]:
    """The files of one form, by name below the folder they go to: `name` with its ending, and the pictures of Markdown.

    Only Markdown has several: it cannot hold pictures, so they lie in a folder beside it.
    """
    check_templates(templates)
    match form:
        case "html":
            from exercise.report.html import to_html

            return {f"{name}.html": to_html(document, templates).encode()}
        case "docx":
            from exercise.report.word import to_docx

            return {f"{name}.docx": to_docx(document, templates)}
        case "pdf":
            from exercise.report.pdf import to_pdf

            return {f"{name}.pdf": to_pdf(document, templates)}
        case "md":
            from exercise.report.markdown import pictures, to_markdown

            folder = f"{name}-figures"
            drawn = pictures(document)
            text = to_markdown(document, templates, pictures=folder)
            return {f"{name}.md": text.encode()} | {f"{folder}/{file}": svg.encode() for file, svg in drawn.items()}


def template(name: str, templates: Path | None) -> Path:
    """The host's own template of this name where there is one, else ours."""
    own = templates / name if templates else None
    return own if own is not None and own.is_file() else OURS / name


def check_templates(templates: Path | None) -> None:
    """Refuses a folder that is none, or that holds no template: a slip of the pen would go unseen otherwise."""
    if templates is None:
        return
    if not templates.is_dir():
        raise UsageError(f"{templates}: no such folder of templates; make one with --write-templates {templates}.")
    if not any((templates / name).is_file() for name in NAMES):
        raise UsageError(f"{templates}: none of the templates is there; known: {', '.join(NAMES)}.")


def write_templates(folder: Path, force: bool = False) -> tuple[Path, ...]:
    """Writes our templates where a host can change them; what stands there already is overwritten only with `force`."""
    from exercise.report.word import base_document

    there = [name for name in NAMES if (folder / name).exists()]
    if there and not force:
        raise UsageError(
            f"{folder}: there are files already: {', '.join(there)}; "
            "name another folder, or say --force to write over them."
        )
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            content = base_document() if name == "report.docx" else (OURS / name).read_bytes()
            with (folder / name).open("wb") as file:
                file.write(content)
            written.append(folder / name)
    except OSError as error:
        raise UsageError(f"{folder}: the templates cannot be written there ({error.strerror}).") from error
    return tuple(written)
