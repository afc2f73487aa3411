"""A report full of hostile words, with a figure of each kind, for the tests of its forms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser

from exercise.report.blocks import (
    Block,
    Bullets,
    Document,
    Facts,
    Figure,
    Heading,
    Link,
    Notice,
    PageBreak,
    Paragraph,
    Place,
    Quote,
    Table,
)
from exercise.report.charts import (
    Conduct,
    Flow,
    Line,
    Moment,
    Scale,
    Span,
    agreement_chart,
    indicators_chart,
    request_network,
    scorecard_chart,
    survey_chart,
    timeline_chart,
)
from exercise.report.writing import files

HOSTILE = (
    "<script>alert(1)</script><img src=https://evil.example/p>",
    "[b]bold[/b] [link](https://evil.example) ![p](https://evil.example/p.png) <https://evil.example>",
    '#set page(width: 1cm); #read("/etc/passwd") $x^2$ @ref <label> \\ "quoted"',
    "| a | b |",
    "=cmd|' /C calc'!A0",
    "`code` **strong** __init__ ~~no~~ {{ 7 * 7 }} {% raw %} &lt;b&gt; --- 1. one",
    "مرحبا بالعالم שלום",
    "😀 🧑‍🚀 日本語のテキスト Ελλάδα Україна",
    "w" * 300,
    "- first\nsecond\n\n# third",
    "https://evil.example/x?y=1 www.evil.example",
)
ROWS = 400
TEAMS = ("Averne", "Belmark", HOSTILE[0])
MOVES = (Span("First calls", 0, 3600), Span("Settlement", 3600, 7200))


@cache
def figures() -> Mapping[str, Figure]:
    """One figure of each kind, with hostile names."""
    grades = ("honoured", "partly", "neglected", "breached", "does not apply")
    return {
        "scorecard": scorecard_chart(
            [Conduct(team, area, 2, 1, 1, 1) for team in TEAMS for area in ("capacity", "$a_b$")]
        ),
        "indicators": indicators_chart(
            [Line("Records leaked", ((0, 40_000), (3600, 61_000)), "records"), Line(HOSTILE[2], ((0, 60), (1800, 48)))],
            MOVES,
        ),
        "network": request_network([Flow("Averne", "Belmark", "met", 3), Flow("Belmark", TEAMS[2], "refused", 1)]),
        "timeline": timeline_chart([Moment(60, "Averne", "inject", "x"), Moment(90, TEAMS[2], "lapse")], MOVES, TEAMS),
        "survey": survey_chart([Scale("Was it useful?", (0, 1, 4, 9, 6)), Scale(HOSTILE[0], (0,) * 5)], ("no", "yes")),
        "agreement": agreement_chart(grades, [[4, 1, 0, 0, 0], *[[0] * 5] * 4], "A. Rehn", "M. Oduya"),
    }


@cache
def document() -> Document:
    """One of every block, each with hostile text, and a table over many pages."""
    wide = tuple(f"Column {number}" for number in range(9))
    blocks: list[Block] = [
        Heading("Overview", 1, "overview"),
        Paragraph("What the record shows.", "lead"),
        Facts(tuple((text, text) for text in HOSTILE)),
        Bullets((*HOSTILE, Link("where the mark stands", "mark:7"), Link("to nowhere", "mark:9999"))),
        Bullets(("one", "two"), numbered=True),
        *(Paragraph(text) for text in HOSTILE),
        *(Heading(text, 2) for text in HOSTILE),
        Quote(HOSTILE[1], HOSTILE[0]),
        Notice(HOSTILE[0], HOSTILE[5]),
        Table((*HOSTILE[:2], "Count"), tuple((text, text, "1") for text in HOSTILE), HOSTILE[3], numeric=(2,)),
        *figures().values(),
        PageBreak(),
        Heading("Requests"),
        Table(wide, (tuple(HOSTILE[:9]),), "A table on its side"),
        PageBreak(),
        Heading("Every mark", 1, "overview"),
        Table(
            ("Mark", "What"),
            tuple((Place(f"M-{number}", f"mark:{number}"), f"row {number} of the record") for number in range(ROWS)),
            "All marks",
        ),
    ]
    meta = tuple((text, text) for text in HOSTILE)
    return Document(
        "Card Storm " + HOSTILE[0],
        HOSTILE[1],
        meta,
        tuple(blocks),
        "A training record.",
        "Running " + HOSTILE[0],
        "Unit & Co",
    )


@cache
def made(form: str) -> Mapping[str, bytes]:
    """The files of a form, written once for all tests."""
    return files(document(), form, "report")  # type: ignore[arg-type]


class Page(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, name: str) -> list[str]:
        """Every value of an attribute."""
        return [found for _, attributes in self.tags if (found := attributes.get(name)) is not None]
