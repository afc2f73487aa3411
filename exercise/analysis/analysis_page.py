"""An exploration as one page: findings first, then graphs of the course, charts and tables; it loads nothing at all.

Scripts and styles are named by their digests in the page's own policy, so that nothing else can run in it.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path

from exercise.analysis import tables, things
from exercise.analysis.explored import SLICE, Explored
from exercise.analysis.finding_dead import bearer_of
from exercise.analysis.finding_load import WORDS_A_MINUTE
from exercise.analysis.found import Placed, often
from exercise.analysis.graph_of_course import Graph, graphs, said_of, slug
from exercise.analysis.method import sentences
from exercise.analysis.overview_of_course import in_words, overview
from exercise.analysis.small_charts import grades_bar, load_chart, range_chart
from exercise.analysis.tally import OUTCOMES
from exercise.analysis.whatif import RECORD
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.text import clean_text
from exercise.core.turn import LAPSE
from exercise.report.blocks import Table, shown

_PARTS = Path(__file__).parent / "graph"
_PARTS_OF_PAGE = (
    "Findings", "Method", "Course", "Answers", "Injects", "Indicators", "Clauses", "Load", "Policies", "Changes",
)  # fmt: skip


def page(scenario: Scenario, reference: Reference, explored: Explored, findings: Sequence[Placed]) -> str:
    """The whole page as text."""
    drawn = graphs(scenario, explored)
    body = "\n".join(_body(scenario, reference, explored, findings, drawn))
    style = (_PARTS / "page.css").read_text(encoding="utf-8")
    # Where the layout's own map of its source lies is of no use here, and a browser's tools would go and look for it.
    dagre = (_PARTS / "dagre.min.js").read_text(encoding="utf-8").split("//# sourceMappingURL")[0]
    scripts = [dagre, (_PARTS / "draw.js").read_text(encoding="utf-8")]
    licence = (_PARTS / "LICENSE.dagre.txt").read_text(encoding="utf-8")
    data = json.dumps([graph.as_data(explored.courses) for graph in drawn], ensure_ascii=False)
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {' '.join(map(_digest, scripts))}; "
        "base-uri 'none'; form-action 'none'"
    )
    title = _text(f"Analysis: {scenario.title}")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n"
        "<footer><p>"
        f"{escape(RECORD)} It holds everything that the scenario keeps from participants.</p>"
        "<details><summary>The graphs are laid out by dagre, under the MIT licence</summary>"
        f"<pre>{escape(licence)}</pre></details></footer>\n"
        f'<script type="application/json" id="graphs">{_in_script(data)}</script>\n'
        + "\n".join(f"<script>{script}</script>" for script in scripts)
        + "\n</body>\n</html>\n"
    )


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _in_script(data: str) -> str:
    """Data that cannot end the element it stands in."""
    return data.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _text(text: str) -> str:
    return escape(" ".join(clean_text(text).split()))


def _body(
    scenario: Scenario,
    reference: Reference,
    explored: Explored,
    findings: Sequence[Placed],
    drawn: tuple[Graph, ...],
) -> Iterator[str]:
    yield f"<header><p>What can happen in a scenario</p><h1>{_text(scenario.title)}</h1>"
    yield f'<p class="stamp">{_text(explored.bounds.method)}, {often(explored.courses, "course")}</p></header>'
    yield '<nav aria-label="Parts"><ul>'
    yield "".join(f'<li><a href="#{part.lower()}">{part}</a></li>' for part in _PARTS_OF_PAGE) + "</ul></nav>\n<main>"
    yield from _findings(findings)
    yield '<section id="method"><h2>How it was explored</h2><ul>'
    for sentence, more in sentences(explored):
        inner = "".join(f"<li>{_text(each)}</li>" for each in more)
        yield f"<li>{_text(sentence)}{f'<ul>{inner}</ul>' if inner else ''}</li>"
    yield "</ul>" + _table(tables.reach(explored)) + "</section>"
    yield from _course(scenario, explored, drawn)
    yield f'<section id="answers"><h2>Answers</h2>{_table(tables.answers(scenario, explored))}</section>'
    yield from _injects(scenario, explored)
    yield from _indicators(scenario, explored)
    yield from _clauses(scenario, reference, explored)
    yield from _load(scenario, explored)
    yield '<section id="policies"><h2>How bots fare</h2>' + _table(tables.policies(scenario, explored))
    yield _table(tables.policy_numbers(scenario, explored)) + "</section>"
    yield '<section id="changes"><h2>What each decision changes</h2>'
    yield _table(tables.changes(scenario, explored)) + "</section></main>"


def _table(table: Table) -> str:
    if not table.rows:
        return ""
    head = "".join(f"<th{_cell(n, table)}>{_text(name)}</th>" for n, name in enumerate(table.columns))
    rows = []
    for row in table.rows:
        cells = []
        for n, cell in enumerate(row):
            text = shown(cell)
            inner = " inner" if n == 0 and text.startswith(" ") else ""
            kind = f' class="number{inner}"' if n in table.numeric else f' class="{inner.strip()}"' if inner else ""
            cells.append(f"<td{kind}>{_text(text)}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return (
        f'<div class="table"><table><caption>{_text(table.caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(n: int, table: Table) -> str:
    return ' scope="col" class="number"' if n in table.numeric else ' scope="col"'


def _findings(findings: Sequence[Placed]) -> Iterator[str]:
    yield '<section id="findings"><h2>Findings</h2>'
    if not findings:
        yield "<p>Nothing was found that should be mended or looked at.</p></section>"
        return
    yield '<ul class="findings">'
    for finding in findings:
        path = f" <span>{_text(finding.path)}</span>" if finding.path else ""
        yield (
            f'<li class="{finding.severity}"><b>{finding.severity}</b> <code>{_text(finding.where)}</code>{path}'
            f"<p>{_text(finding.text)}</p></li>"
        )
    yield "</ul></section>"


def _course(scenario: Scenario, explored: Explored, drawn: tuple[Graph, ...]) -> Iterator[str]:
    yield '<section id="course"><h2>The course</h2><h3>Which decisions bear on which</h3>'
    yield (
        "<p>Moves are lanes, from left to right. A line leads from a decision to another that it bears on: whether "
        "that is put, what it offers, or what comes of it; the wider, the more often. Every box leads to its graph.</p>"
    )
    yield '<div class="drawing" tabindex="0" role="region" aria-label="Decisions by move">'
    yield overview(scenario, explored, drawn) + "</div>"
    yield '<details class="fold"><summary>The same in words</summary><ul>'
    for href, (title, *others) in in_words(scenario, explored):
        bears = "bears on " + "; ".join(map(_text, others)) if others else "bears on no other"
        yield f'<li><a href="{href}">{_text(title)}</a> {bears}</li>'
    yield "</ul></details><h3>Team by team, move by move</h3>"
    yield (
        "<p>A graph for each team and move, read from left to right: ✉ an inject, ? a decision, ▸ an option, "
        "∅ no answer, ● what came of it. The wider a line, the more courses went along it; dashed boxes and lines are "
        "dead: no course came there. Small boxes lead to other moves, teams and injects. Every box is a link to "
        "the same thing in words.</p>"
    )
    for graph in drawn:
        move = scenario.moves[graph.move]
        name = f"{scenario.teams_by_id[graph.team].short}, move {graph.move + 1}: {move.title}"
        yield f'<section id="{graph.anchor}" class="graph"><h3>{_text(name)}</h3>'
        yield (
            f'<div class="drawing" tabindex="0" role="region" aria-label="{_text(name)}, as a graph" '
            f'data-name="{_text(name)}" data-graph="{graph.anchor}">The graph is drawn by a script, and scripts are '
            "switched off here; the list says the same.</div>"
        )
        yield "<details><summary>The same in words</summary><ul>"
        for thing in graph.nodes:
            if things.kind_of(thing) == "decision":
                yield _decision(scenario, explored, things.ids_of(thing)[0])
        yield "</ul></details></section>"
    yield "</section>"


def _decision(scenario: Scenario, explored: Explored, id: str) -> str:
    """A decision in words, with anchors for all of it."""
    came = explored.figures.came
    decision = scenario.decisions_by_id[id]
    put = came[things.decision(id)]
    lines = [f'<li id="{slug(things.decision(id))}">{_text(decision.title)} ({_often(put, explored)})<ul>']
    for source in (*(option.id for option in decision.options), LAPSE):
        thing = things.option(id, source)
        title = next((option.title for option in decision.options if option.id == source), "No answer")
        lines.append(f'<li id="{slug(thing)}">{_text(title)} ({_often(came[thing], explored)})')
        consequences = bearer_of(decision, source).consequences
        if consequences:
            rows = [
                f'<li id="{slug(things.consequence(id, source, n))}">{_text(said_of(each))} '
                f"({_often(came[things.consequence(id, source, n)], explored)})</li>"
                for n, each in enumerate(consequences)
            ]
            lines.append(f"<ul>{''.join(rows)}</ul>")
        lines.append("</li>")
    return "".join(lines) + "</ul></li>"


def _often(number: int, explored: Explored) -> str:
    if not number:
        return "<strong>never</strong>"
    return "always" if number == explored.courses else f"{tables.share(number, explored.courses)}%"


def _injects(scenario: Scenario, explored: Explored) -> Iterator[str]:
    yield '<section id="injects"><h2>Injects</h2><div class="table"><table>'
    yield "<caption>Injects in the order of the file</caption>"
    yield '<thead><tr><th scope="col">Inject</th><th scope="col">To</th><th scope="col">Came</th></tr></thead>'
    for row in scenario.injects:
        thing = things.inject(row.id)
        to = ", ".join(row.to)
        yield (
            f'<tr id="{slug(thing)}"><td>{_text(row.id)}: {_text(row.title)}</td><td>{_text(to)}</td>'
            f"<td>{_often(explored.figures.came[thing], explored)}</td></tr>"
        )
    yield "</table></div></section>"


def _indicators(scenario: Scenario, explored: Explored) -> Iterator[str]:
    yield '<section id="indicators"><h2>Indicators</h2>'
    yield (
        "<p>Each over its whole scale: ◆ at STARTEX; the thin line is as far as it ever went, the thick one where it "
        'ended, the box half of the courses, the tick the middle.</p><dl class="charts">'
    )
    for row in scenario.indicators:
        if explored.figures.ends.indicators.get(row.id):
            least, most = explored.range_of(row.id)
            owner = scenario.teams_by_id[row.team].short if row.team else "all"
            chart = range_chart(row.start, least, most, explored.ends_at(row.id), row.lowest, row.highest, row.name)
            yield f"<dt>{_text(row.name)} ({_text(owner)}; {row.better} is better)</dt>"
            yield f"<dd><span>{row.lowest:g}</span>{chart}<span>{row.highest:g}</span></dd>"
    yield "</dl>" + _table(tables.indicators(scenario, explored)) + "</section>"


def _clauses(scenario: Scenario, reference: Reference, explored: Explored) -> Iterator[str]:
    ends = explored.figures.ends
    yield '<section id="clauses"><h2>Clauses</h2><p>K kept, P partly kept, N neglected, B breached, – not tested.</p>'
    for team in scenario.teams:
        ids = [commitment for whose, commitment in sorted(ends.clauses) if whose == team.id]
        if not ids:
            continue
        yield f"<h3>{_text(team.short)}</h3>"
        yield '<div class="table"><table class="clauses"><caption>At ENDEX, in how many courses of a hundred</caption>'
        yield '<thead><tr><th scope="col">Clause</th><th scope="col">Spread</th>'
        yield "".join(f'<th scope="col" class="number">{word}</th>' for word in OUTCOMES) + "</tr></thead>"
        for id in ids:
            stood = ends.clause(team.id, id)
            counts = [stood[word] for word in OUTCOMES]
            cells = "".join(f'<td class="number">{tables.share(count, explored.courses)}</td>' for count in counts)
            name = f"{id} {reference.commitment(id).title}"
            yield f"<tr><td>{_text(name)}</td><td>{grades_bar(counts, explored.courses, name)}</td>{cells}</tr>"
        yield "</table></div>"
    yield "</section>"


def _load(scenario: Scenario, explored: Explored) -> Iterator[str]:
    full = WORDS_A_MINUTE * SLICE / 60
    yield '<section id="load"><h2>Load over time</h2>'
    yield (
        f"<p>Words that reach each team in every {SLICE // 60} minutes of play, on average, with a line from the least "
        f"to the most; the dashed line is what can be read in them at {WORDS_A_MINUTE} words a minute. Below, how many "
        "decisions are open at once.</p>"
    )
    for team in scenario.teams:
        words, opened = explored.load(team.id, "words"), explored.mean_load(team.id, "open")
        chart = load_chart(words, explored.mean_load(team.id, "words"), opened, full, team.short)
        yield f'<h3>{_text(team.short)}</h3><div class="drawing">{chart}</div>'
    yield _table(tables.load(scenario, explored)) + "</section>"
