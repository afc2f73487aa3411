"""The forms of a report: each from one document full of hostile words, which stay words in every form."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hostile_report import HOSTILE, ROWS, TEAMS, Page, document, figures, made

from exercise.report.blocks import (
    Document,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Quote,
    Table,
)
from exercise.report.charts import (
    Conduct,
    Line,
    agreement_chart,
    indicators_chart,
    request_network,
    scorecard_chart,
    survey_chart,
    timeline_chart,
)
from exercise.report.layout import laid_out
from exercise.report.pdf import to_pdf
from exercise.report.writing import FORMS, files


@cache
def page() -> Page:
    """The page, parsed."""
    return Page(made("html")["report.html"].decode())


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    """Protects readers offline and their privacy: no address outside the file, no script, no handler, and a policy."""
    tags = {tag for tag, _ in page().tags}
    names = {name for _, attributes in page().tags for name in attributes}

    assert not tags & {"script", "img", "link", "iframe", "object", "form", "base"}
    assert not [name for name in names if name.startswith("on") or name in {"src", "srcset", "xlink:href"}]
    assert all(link.startswith("#") for link in page().all("href"))
    assert "default-src 'none'" in page().all("content")[0]
    assert not re.search(r"url\((?!#)", made("html")["report.html"].decode())


def test_every_place_of_the_page_is_named_once_and_every_link_holds() -> None:
    """Protects traceability: from the contents and from each mark a reader comes to the one right place."""
    ids = page().all("id")
    drawn = re.findall(r"url\(#([^)]+)\)", made("html")["report.html"].decode())

    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page().all("href")} | set(drawn) <= set(ids)
    assert "mark-7" in ids and "#mark-7" in page().all("href")
    assert not [link for link in page().all("href") if "9999" in link]


def test_hostile_words_stay_words_on_the_page() -> None:
    """Protects the reader: what a participant typed is read as typed, whatever markup it looks like."""
    text = " ".join(page().words)

    for words in HOSTILE:
        assert words in text


def test_the_page_can_be_read_by_ear_and_by_keyboard() -> None:
    """Protects accessibility: language, headings without a gap, heads of columns, pictures told in words."""
    levels = [int(tag[1]) for tag, _ in page().tags if re.fullmatch(r"h[1-6]", tag)]
    pictures = [attributes for tag, attributes in page().tags if tag == "svg"]

    assert ("html", {"lang": "en-GB"}) in page().tags
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(attributes.get("scope") == "col" for tag, attributes in page().tags if tag == "th")
    assert len(pictures) == len(figures())
    assert all(picture["role"] == "img" and picture["aria-label"] for picture in pictures)
    # On paper the head of a table never stands alone at the foot of a page.
    assert "thead, tbody tr:first-child { break-after: avoid; }" in made("html")["report.html"].decode()


def test_markdown_reads_as_the_same_text() -> None:
    """Protects Markdown: rendered, it holds our tables and pictures, every word as typed, and nobody else's link."""
    from markdown_it import MarkdownIt

    rendered = Page(MarkdownIt("commonmark").enable("table").render(made("md")["report.md"].decode()))
    text = " ".join("".join(rendered.words).split())
    tags = [tag for tag, _ in rendered.tags]

    for words in HOSTILE:
        assert " ".join(words.split()) in text or all(line in text for line in words.split("\n"))
    assert not set(tags) & {"script", "code", "em", "del", "s"}
    assert all(link.startswith("#") for link in rendered.all("href"))
    assert {source for source in rendered.all("src")} == {name for name in made("md") if name.endswith(".svg")}
    assert tags.count("table") == 3 + len(figures())
    assert tags.count("tr") > ROWS
    assert {link[1:] for link in rendered.all("href")} <= set(rendered.all("id"))


def test_the_word_document_is_one_that_word_would_have_made() -> None:
    """Protects the Word form: real styles, contents, captions, repeated heads, uncut rows, alt texts, properties."""
    import docx
    from docx.oxml.ns import qn

    word = docx.Document(io.BytesIO(made("docx")["report.docx"]))
    body = word.element.body
    styles = {paragraph.style.name for paragraph in word.paragraphs if paragraph.style}
    codes = " ".join(each.text or "" for each in body.iter(qn("w:instrText")))
    big = next(table for table in word.tables if len(table._tbl.tr_lst) == ROWS + 1)
    alts = [each.get("descr") for each in body.iter(qn("wp:docPr"))]

    assert {"Title", "Subtitle", "Heading 1", "Heading 2", "Caption", "List Bullet", "List Number", "Quote"} <= styles
    assert 'TOC \\o "1-2"' in codes and "SEQ Table" in codes and "SEQ Figure" in codes
    assert len(big._tbl.findall(f".//{qn('w:tblHeader')}")) == 1
    assert len(big._tbl.findall(f".//{qn('w:cantSplit')}")) == ROWS + 1
    assert alts == [laid["alt"] for laid in laid_out(document())["blocks"] if laid["kind"] == "figure"]
    assert (word.core_properties.author, word.core_properties.language) == ("Unit & Co", "en-GB")
    assert word.core_properties.title == document().title
    assert [section.orientation for section in word.sections] == [0, 1, 0]
    # Who said something stands on the page of what was said.
    followed = [one for one, two in pairwise(word.paragraphs) if two.style and two.style.name == "Quote Source"]
    assert followed and all(one.paragraph_format.keep_with_next for one in followed)


@pytest.mark.parametrize(("rows", "letters", "kept"), [(6, 100, True), (8, 112, True), (9, 50, False), (5, 400, False)])
def test_a_few_facts_stay_on_one_page_in_word(rows: int, letters: int, kept: bool) -> None:
    """Protects the reader of a decision: its small table is not broken, no large one behind its first or last row."""
    import docx

    facts = Facts(tuple((f"Fact {number}", "x" * letters) for number in range(rows)))
    file = files(Document("T", "S", (), (facts,)), "docx", "report")["report.docx"]
    table = docx.Document(io.BytesIO(file)).tables[-1]
    followed = [[cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells] for row in table.rows]

    assert len(followed) == rows
    inner = [[True if kept else None] * 2] * (rows - 3)
    assert followed == [[True, True], *inner, [True, True], [None, None]]


def test_words_and_places_of_the_word_document_hold() -> None:
    """Protects the Word form's text: hostile words as typed, every link to a bookmark, no relation to the outside."""
    with zipfile.ZipFile(io.BytesIO(made("docx")["report.docx"])) as package:
        inside = ElementTree.fromstring(package.read("word/document.xml"))
        relations = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".rels"))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    text = "\n".join(node.text or "" for node in inside.iter(f"{space}t"))
    marks = [node.get(f"{space}name") for node in inside.iter(f"{space}bookmarkStart")]
    numbers = [node.get(f"{space}id") for node in inside.iter(f"{space}bookmarkStart")]
    links = {node.get(f"{space}anchor") for node in inside.iter(f"{space}hyperlink")}

    for words in HOSTILE:
        assert all(line in text for line in words.split("\n"))
    assert len(marks) == len(set(marks)) == len(set(numbers))
    assert links <= set(marks)
    assert 'TargetMode="External"' not in relations


def test_the_pdf_is_set_tagged_and_titled() -> None:
    """Protects the PDF: it is one, for the ear as well, and knows its own name and language."""
    content = made("pdf")["report.pdf"]

    assert content.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in content and b"/StructTreeRoot" in content
    assert b"/Lang" in content


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="no pdftotext; on Debian or Ubuntu: apt install poppler-utils"
)
def test_the_pdf_holds_the_words_on_many_pages(tmp_path: Path) -> None:
    """Protects the PDF's text: hostile words as typed, the head of a long table on each page, the pages counted."""
    path = tmp_path / "report.pdf"
    path.write_bytes(made("pdf")["report.pdf"])
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", path, "-"], capture_output=True, check=True)
    pages = done.stdout.decode().split("\f")[:-1]
    text = "".join("".join(pages).split())

    for words in HOSTILE[:6]:
        assert "".join(words.split()) in text
    assert "w" * 300 in text
    assert len(pages) > 10 and f"{len(pages)}/{len(pages)}" in "".join(pages[-1].split())
    last = [each for each in pages if re.search(r"row \d+ of the record", each)]
    assert len(last) > 3 and all("Mark" in each for each in last)


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="no pdftotext; on Debian or Ubuntu: apt install poppler-utils"
)
def test_a_compound_is_broken_at_its_hyphens_only(tmp_path: Path) -> None:
    """Protects words on paper: “confid / ence-building” is no line end that anybody would write."""
    path = tmp_path / "report.pdf"
    text = " ".join(f"{'x' * count} confidence-building," for count in range(1, 40))
    path.write_bytes(to_pdf(Document("A", "", (), (Paragraph(text),))))
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", path, "-"], capture_output=True, check=True)
    words = {word for word in done.stdout.decode().split() if "conf" in word or "build" in word}
    assert words <= {"confidence-building,", "confidencebuilding,"}


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="no pdftotext; on Debian or Ubuntu: apt install poppler-utils"
)
def test_a_few_rows_and_a_few_lines_stay_on_one_page(tmp_path: Path) -> None:
    """Protects who reads on paper: a short table, and what somebody said with who said it, are not torn apart."""
    path = tmp_path / "report.pdf"
    rows = [tuple(f"table {number} row {row}" for _column in "ab") for number in range(12) for row in range(6)]
    few = [Table(("A", "B"), tuple(rows[6 * n : 6 * n + 6]), f"Table {n}", (1, 1)) for n in range(12)]
    said = [Quote(" ".join([f"speech {number}"] * 24), f"speaker {number}") for number in range(12)]
    path.write_bytes(
        to_pdf(Document("A", "", (), tuple(each for pair in zip(few, said, strict=True) for each in pair)))
    )
    done = subprocess.run(["pdftotext", "-layout", "-enc", "UTF-8", path, "-"], capture_output=True, check=True)
    pages = done.stdout.decode().split("\f")
    assert len(pages) > 4
    for number in range(12):
        assert sum(bool(re.search(rf"table {number} row", page)) for page in pages) == 1
        assert sum(bool(re.search(rf"(speech|speaker) {number}\b", page)) for page in pages) == 1


@pytest.mark.parametrize(
    ("language", "said"), [("en-GB", "Table 1. Moves"), ("lv", "1. tabula. Moves"), ("ro", "Tabelul 1. Moves")]
)
def test_a_caption_is_numbered_as_its_language_does(language: str, said: str) -> None:
    """Protects reports of a ministry: in Latvian the number stands before the noun, in every form and on the page."""
    import docx

    report = Document("Report", "", (), (Table(("Move",), (("Morning",),), "Moves"),), language=language)
    html, markdown = files(report, "html", "it")["it.html"].decode(), files(report, "md", "it")["it.md"].decode()
    word = docx.Document(io.BytesIO(files(report, "docx", "it")["it.docx"]))

    assert said in re.sub("<[^>]+>", "", html)
    assert said in markdown.replace("*", "")
    # The number itself is a field, so that Word counts on where a table is put in.
    [caption] = [one for one in word.paragraphs if one.style and one.style.name == "Caption"]
    assert caption.text == said and "SEQ" in caption._p.xml
    assert laid_out(report)["blocks"][0]["numbered"] == said.removesuffix(". Moves")


def test_a_report_of_nothing_has_every_form() -> None:
    """Protects the edge: a document without blocks, meta or statement is still a file that opens."""
    empty = Document("Nothing", "", (), ())

    for form in FORMS:
        assert all(files(empty, form, "none").values())  # type: ignore[arg-type]


def test_the_same_report_is_the_same_file() -> None:
    """Protects trust: two people who make the report from one log can compare what they hold."""
    again = scorecard_chart([Conduct(team, area, 2, 1, 1, 1) for team in TEAMS for area in ("capacity", "$a_b$")])

    assert again == figures()["scorecard"]
    assert files(document(), "pdf", "report") == made("pdf")
    assert files(document(), "html", "report") == made("html")


@pytest.mark.parametrize("name", ["scorecard", "indicators", "network", "timeline", "survey", "agreement"])
def test_a_figure_stands_alone_and_says_what_it_shows(name: str) -> None:
    """Protects figures: one plain SVG with no rule for the page around it, the finding in words, and its table."""
    figure = figures()[name]
    root = ElementTree.fromstring(figure.svg)

    assert root.tag.endswith("svg")
    assert not re.search(r"<(?:style|script|metadata|image|text)\b|https?://(?!www\.w3\.org/2000/svg)", figure.svg)
    assert len(figure.alt) > 30
    assert figure.table and figure.table.rows
    assert all(len(row) == len(figure.table.columns) for row in figure.table.rows)


def test_figures_of_nothing_are_drawn() -> None:
    """Protects the report of an exercise in which nothing was tested, asked or answered."""
    for figure in (
        scorecard_chart([]),
        indicators_chart([]),
        indicators_chart([Line("Flat", ())]),
        request_network([]),
        request_network([], ("Averne",)),
        timeline_chart([]),
        survey_chart([], ("no", "yes")),
        agreement_chart((), (), "A", "B"),
    ):
        assert figure.svg.startswith("<svg") and figure.alt


def test_pixels_are_made_for_print() -> None:
    """Protects the Word form's figures: as wide as the page's text at 200 dots an inch."""
    png = figures()["agreement"].png()

    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 1400


def test_a_turned_page_takes_its_heading_along_and_no_page_is_empty() -> None:
    """Protects paper: a wide table's heading stands on its page, and breaks that pages make anyway are not doubled."""
    wide = Table(tuple("abcdefgh"), (tuple("12345678"),))
    blocks = (PageBreak(), Heading("One"), Paragraph("x"), PageBreak(), Heading("Two"), wide, PageBreak(), PageBreak())
    laid = laid_out(Document("T", "", (), blocks))["blocks"]

    assert [(each["kind"], each["landscape"]) for each in laid] == [
        ("heading", False),
        ("paragraph", False),
        ("heading", True),
        ("table", True),
    ]


def test_a_table_to_fill_in_has_lines_to_write_between() -> None:
    """Protects the improvement plan on paper: a table that is mostly empty is ruled in every form."""
    plan = Document("T", "", (), (Table(("Area", "Action", "Owner"), (("Contacts", "", ""),)),))

    assert b'class="few blank"' in files(plan, "html", "x")["x.html"]
    with zipfile.ZipFile(io.BytesIO(files(plan, "docx", "x")["x.docx"])) as package:
        assert b"insideV" in package.read("word/document.xml")


def test_columns_are_never_narrower_than_their_words() -> None:
    """Protects tables: a column of short words beside one of long texts is not cut inside a word."""
    table = Table(("Time", "What"), (("T+10:45", "word " * 300),), widths=(1, 99))
    columns = laid_out(Document("T", "", (), (table,)))["blocks"][0]["columns"]

    assert columns[0]["width"] * 100 >= len("T+10:45")
    assert sum(column["width"] for column in columns) == pytest.approx(1, abs=0.001)
