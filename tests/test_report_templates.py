"""Templates of a host's own: what stands in their folder replaces ours, and a broken one is told in one line."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile_report import HOSTILE, Page

from exercise.errors import UsageError
from exercise.report.blocks import (
    Bullets,
    Document,
    Heading,
    Paragraph,
    Quote,
)
from exercise.report.writing import NAMES, files, write_templates


def test_a_host_changes_the_templates(tmp_path: Path) -> None:
    """Protects letterheads: what a folder of templates holds is used, what it leaves out is ours."""
    import docx

    write_templates(tmp_path / "own")
    letterhead = docx.Document(str(tmp_path / "own" / "report.docx"))
    letterhead.sections[0].header.paragraphs[0].text = "Ministry of Averne"
    letterhead.add_paragraph("to be replaced")
    letterhead.save(str(tmp_path / "own" / "report.docx"))
    (tmp_path / "own" / "report.html.j2").unlink()
    (tmp_path / "own" / "report.css").write_text("body { color: teal }</style><script>")
    (tmp_path / "own" / "report.md.j2").write_text("Ministry: {{ title | line }}")
    (tmp_path / "own" / "report.typ").write_text('#let report = json("report.json")\n#text(report.title)')
    small = Document("A *title*", "", (), (Heading("One"), Paragraph("text")))

    html = files(small, "html", "x", tmp_path / "own")["x.html"].decode()
    word = docx.Document(io.BytesIO(files(small, "docx", "x", tmp_path / "own")["x.docx"]))

    assert "color: teal" in html and "script" not in {tag for tag, _ in Page(html).tags}
    assert files(small, "md", "x", tmp_path / "own")["x.md"] == b"Ministry: A \\*title\\*\n"
    assert files(small, "pdf", "x", tmp_path / "own")["x.pdf"].startswith(b"%PDF")
    assert word.sections[0].header.paragraphs[0].text == "Ministry of Averne"
    assert "to be replaced" not in [paragraph.text for paragraph in word.paragraphs]


def test_a_plain_word_document_serves_as_letterhead(tmp_path: Path) -> None:
    """Protects hosts whose letterhead has no list and none of our styles: what it lacks is added."""
    import docx
    from docx.oxml.ns import qn

    plain = docx.Document()
    for style in list(plain.styles):
        if style.name in ("Caption", "Quote", "List Bullet", "List Number", "Heading 4"):
            style.element.getparent().remove(style.element)
    part = plain.part
    number = next(id for id, each in part.rels.items() if each.reltype.endswith("/numbering"))
    del part.rels[number]
    plain.save(str(tmp_path / "report.docx"))

    small = Document("T", "S", (), (Heading("One"), Heading("Two", 2), Bullets(HOSTILE), Quote("text", "whose")))

    word = docx.Document(io.BytesIO(files(small, "docx", "x", tmp_path)["x.docx"]))

    assert any(paragraph.style and paragraph.style.name == "List Bullet" for paragraph in word.paragraphs)
    assert word.part.numbering_part.element.findall(qn("w:num"))


def test_templates_are_never_overwritten(tmp_path: Path) -> None:
    """Protects a host's work: writing the templates again refuses, and leaves every file as it was, unless forced."""
    write_templates(tmp_path)
    (tmp_path / "report.css").write_text("mine")

    with pytest.raises(UsageError, match=r"there are files already: .*report\.css.* say --force"):
        write_templates(tmp_path)

    assert (tmp_path / "report.css").read_text() == "mine"
    write_templates(tmp_path, force=True)
    assert (tmp_path / "report.css").read_text() != "mine"
    assert {file.name for file in tmp_path.iterdir()} == set(NAMES)


def break_docx(folder: Path) -> None:
    """Puts something else in place of a document."""
    (folder / "report.docx").write_bytes(b"PK nothing")


def put(name: str, text: str) -> Callable[[Path], Any]:
    """Writes a template of two lines whose second is `text`."""
    return lambda folder: (folder / name).write_text(f"ok\n{text}\n")


@pytest.mark.parametrize(
    ("form", "broken", "told"),
    [
        ("html", put("report.html.j2", "{{ nothing }}"), r"report\.html\.j2:2: 'nothing' is undefined"),
        ("html", put("report.html.j2", "{% if %}"), r"report\.html\.j2:2: "),
        ("html", put("report.html.j2", "{{ title.__class__.__mro__ }}"), r"report\.html\.j2:2: .*unsafe"),
        ("md", put("report.md.j2", "{{ title | shout }}"), r"report\.md\.j2:2: .*shout"),
        ("pdf", put("report.typ", "#nothing()"), r"report\.typ:2: unknown variable: nothing"),
        ("pdf", put("report.typ", '#read("../../../etc/hostname")'), r"report\.typ:2: "),
        ("pdf", put("report.typ", '#import "@preview/cetz:0.3.0"'), r"report\.typ:2: .*network"),
        ("docx", break_docx, r"report\.docx: this is no Word document"),
    ],
)
def test_a_broken_template_is_told_in_one_line(
    form: str, broken: Callable[[Path], Any], told: str, tmp_path: Path
) -> None:
    """Protects hosts who write templates: which file, which line, what is wrong; and no file but its own is read."""
    broken(tmp_path)

    with pytest.raises(UsageError, match=told) as caught:
        files(Document("T", "", (), ()), form, "x", tmp_path)  # type: ignore[arg-type]

    assert "\n" not in str(caught.value)


def test_a_folder_without_templates_is_refused(tmp_path: Path) -> None:
    """Protects against a slip of the pen: a wrong folder is named instead of our templates taken in silence."""
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UsageError, match="template"):
            files(Document("T", "", (), ()), "html", "x", folder)
