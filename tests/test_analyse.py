"""What `exercise analyse` finds: faults planted in small scenarios, silence about sound ones, text, data and page."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from given import Row, decision, inject, option, scenario
from test_dominance import by, tag
from typer.testing import CliRunner

from exercise.analysis.analysis_page import page
from exercise.analysis.explore import explore
from exercise.analysis.explored import Beside, Explored
from exercise.analysis.findings import findings
from exercise.analysis.found import Finding, placed
from exercise.analysis.graph_of_course import graphs
from exercise.authoring.library import find, read_scenario
from exercise.authoring.yaml_source import Source
from exercise.catalogue import load_reference
from exercise.cli.analysing import _page_to_write
from exercise.cli.commands import app
from exercise.core.scenario import Scenario
from exercise.errors import UsageError

RUNS = 12


def team(name: str, **more: Any) -> Row:
    """A team bound by the Convention."""
    return {
        "id": name,
        "name": f"State of {name.title()}",
        "short": name.title(),
        "about": "A coast.",
        "profile": [{"instrument": "budapest-convention"}],
    } | more


def wave(name: str, **more: Any) -> Row:
    """A dilemma whose options differ in marks at once, in numbers, and in what comes later."""
    calm = option(
        "calm",
        conduct=[tag("bc-16", "honoured"), tag("bc-29", "neglected")],
        effects=[by("market", -6)],
        consequences=[{"after": "10m", "text": "They thank you.", "effects": [by("loss", -6)]}],
    )
    storm = option(
        "storm",
        conduct=[tag("bc-16", "neglected"), tag("bc-29", "honoured")],
        effects=[by("market", 6)],
        consequences=[{"after": "10m", "text": "They complain.", "effects": [by("loss", 6)]}],
    )
    return decision(name, calm, storm, **({"window": "8m"} | more))


NUMBERS: list[Row] = [
    {"id": "market", "name": "Market", "start": 50},
    {"id": "loss", "name": "Loss", "start": 50, "better": "lower"},
]


def made(*rows: Row, **more: Any) -> Scenario:
    """A scenario of two bound teams, without facts or flags of its own."""
    base: Row = {
        "teams": [team("averne"), team("belmark")],
        "indicators": NUMBERS,
        "facts": [],
        "flags": {},
        "evidence": [],
    }
    return scenario(*rows, **(base | more))


def seen(world: Scenario, runs: int = RUNS, states: int = 0) -> tuple[Explored, tuple[Finding, ...]]:
    """A scenario explored, by a sample where no states may be walked, and what was found."""
    explored = explore(world, load_reference(), runs=runs, jobs=1, most_states=states)
    return explored, findings(world, load_reference(), explored)


def kinds(world: Scenario, runs: int = RUNS) -> set[str]:
    """The kinds of what was found."""
    return {finding.kind for finding in seen(world, runs)[1]}


def one(world: Scenario, kind: str) -> Finding:
    """The only finding of a kind."""
    found = [finding for finding in seen(world)[1] if finding.kind == kind]
    assert len(found) == 1, [finding.text for finding in found]
    return found[0]


def busy() -> list[Row]:
    """Rows that keep both teams at work through both moves."""
    hours = ["T+0:00", "T+2:00", "T+10:40"]
    return [
        *(inject(f"news-{n}", at=hour, text="word " * 60) for n, hour in enumerate(hours)),
        *(wave(f"a-{n}", at=hour) for n, hour in enumerate(hours)),
        *(wave(f"b-{n}", at=hour, team="belmark") for n, hour in enumerate(hours)),
    ]


def test_a_sound_scenario_is_left_in_peace() -> None:
    """No finding where there is nothing to mend, but the note of what is never tested."""
    assert kinds(made(*busy())) == {"untested"}


def test_what_can_never_come_is_named_once_at_its_place() -> None:
    """A dead inject is told, and not again by each thing that hangs on it."""
    barred = option("barred", available={"released": "ghost"}, conduct=[tag("bc-29", "honoured")])
    hung = {"when": {"released": "ghost"}, "text": "It comes after all.", "effects": [by("loss", 5)]}
    risky = option("risky", conduct=[tag("bc-16", "honoured")], effects=[by("loss", 9)], consequences=[hung])
    plain = option("plain", conduct=[tag("bc-16", "neglected")])
    world = made(
        *busy(),
        inject("ghost", when={"flag": "never"}),
        decision("late", risky, plain, barred),
        decision("ghostly", plain, risky, at=None, when={"released": "ghost"}),
        flags={"never": "Nobody raises it."},
    )
    found = {finding.kind: finding for finding in seen(world)[1] if finding.kind.startswith("dead")}
    assert set(found) == {
        "dead-inject", "dead-decision", "dead-offered", "dead-consequence", "dead-flag",
    }  # fmt: skip
    assert found["dead-inject"].path == ("injects", 3)
    assert found["dead-offered"].path == ("decisions", 6, "options", 2)
    assert found["dead-consequence"].path == ("decisions", 6, "options", 0, "consequences", 0)
    assert {finding.severity for finding in found.values()} <= {"error", "warning"}
    assert "'ghost' never comes" in found["dead-inject"].text


def test_a_condition_that_contradicts_itself_is_an_error_that_says_so() -> None:
    """Protects from a doubt that more playing could end: it had been a warning of what some playthroughs never saw."""
    both = {"all": [{"flag": "told"}, {"not": {"flag": "told"}}]}
    telling = wave("a-9", at="T+0:20") | {"notes": "It raises the flag."}
    telling["options"][0]["effects"] = [{"flag": "told"}]
    world = made(telling, inject("ghost", when=both), flags={"told": "It was told."})
    (dead,) = [finding for finding in seen(world, 6)[1] if finding.kind == "dead-inject"]
    assert (dead.severity, dead.path) == ("error", ("injects", 0))
    assert dead.text == "inject 'ghost' never comes: what its condition asks for cannot all be so at once"


def test_never_means_never_where_everything_was_walked() -> None:
    """A scenario small enough to be walked whole says so, and what is dead in it is an error."""
    world = made(wave("a-0"), inject("ghost", when={"flag": "never"}), flags={"never": "Nobody raises it."})
    explored, found = seen(world, 4, states=400)
    assert explored.exact
    (dead,) = [finding for finding in found if finding.kind == "dead-inject"]
    assert dead.severity == "error"
    assert dead.text == "inject 'ghost' never comes, whatever is chosen and whatever is true"


def test_an_option_without_a_use_is_an_error_and_one_with_next_to_none_a_warning() -> None:
    """The comparison of siblings stands among the findings, at the option."""
    best = option("best", conduct=[tag("bc-16", "honoured")], effects=[by("market", 4)])
    worst = option("worst", conduct=[tag("bc-16", "neglected")])
    world = made(*busy(), decision("plain", best, worst))
    finding = one(world, "dominated")
    assert (finding.severity, finding.path) == ("error", ("decisions", 6, "options", 1))
    slight = option("slight", conduct=[tag("bc-16", "neglected")], effects=[by("market", 6)])
    assert one(made(*busy(), decision("plain", best, slight)), "nearly-dominated").severity == "warning"


def test_a_decision_that_changes_nothing_later_is_told() -> None:
    """Marks and numbers at once, and nothing after them."""
    here = option("here", conduct=[tag("bc-16", "honoured")])
    there = option("there", conduct=[tag("bc-29", "honoured")])
    assert one(made(*busy(), decision("idle", here, there)), "changes-nothing").path == ("decisions", 6)


def test_a_clause_that_nothing_moves_is_told() -> None:
    """Tested in every course and always kept: whoever reads the card learns nothing."""
    same = [tag("bc-26", "honoured")]
    sure = decision(
        "sure",
        option("left", conduct=[*same, tag("bc-16", "neglected")], effects=[by("loss", -9)]),
        option("right", conduct=[*same, tag("bc-29", "neglected")], effects=[by("market", 9)]),
        lapse={"text": "Nobody answered.", "conduct": same},
    )
    finding = one(made(*busy(), sure), "same-grade")
    assert finding.path == ("decisions", 6, "options", 0, "conduct", 0)
    assert "bc-26 is kept for Averne" in finding.text


def test_an_objective_that_no_team_is_tested_on_is_told() -> None:
    """Its clause applies and shows in conduct, but nothing in the story puts it to anybody."""
    aims = [
        {"id": "aim", "title": "Preserve", "commitments": ["bc-16", "bc-31"]},
    ]
    finding = one(made(*busy(), objectives=aims), "objective-untested")
    assert (finding.severity, finding.path) == ("warning", ("objectives", 0, "commitments", 1))


def test_numbers_that_stand_still_or_end_at_a_bound_are_told() -> None:
    """An indicator has to be able to go both ways."""
    numbers = [
        *NUMBERS,
        {"id": "still", "name": "Still", "start": 10},
        {"id": "floor", "name": "Floor", "start": 5},
    ]
    world = made(*busy(), inject("blow", at="T+1:00", effects=[by("floor", -90)]), indicators=numbers)
    assert one(world, "indicator-still").path == ("indicators", 2)
    assert one(world, "indicator-pinned").path == ("indicators", 3)


def test_a_policy_that_is_best_in_everything_is_told() -> None:
    """Where the cooperative answer also turns out best for every number, there is nothing to weigh."""
    either = {"any": [{"fact": "source", "is": "crew"}, {"fact": "source", "is": "insider"}]}
    after = [{"when": either, "effects": [by("market", -20), by("loss", 20)]}]
    greedy = option("greedy", conduct=[tag("bc-16", "neglected")], effects=[by("market", 3)], consequences=after)
    kind = option("kind", conduct=[tag("bc-16", "honoured")])
    facts = [{"id": "source", "title": "Who", "values": [{"value": v, "says": "So."} for v in ("crew", "insider")]}]
    choices = [decision(f"{t}-{n}", kind, greedy, team=t) for t in ("averne", "belmark") for n in range(2)]
    assert "one-policy-wins" in kinds(made(*choices, facts=facts), 60)
    assert "one-policy-wins" not in kinds(made(*busy()), 60)


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([*busy(), inject("tome", text="word " * 6000)], "unread"),
        ([*busy(), *(inject(f"page-{n}", at="T+0:30", text="word " * 900) for n in range(9))], "too-much"),
        ([*busy(), *(wave(f"more-{n}", window="9m") for n in range(4))], "open-at-once"),
        ([inject("news"), wave("a-0"), wave("b-0", team="belmark", window="3m")], "too-little"),
    ],
)
def test_too_much_and_too_little_for_a_table_are_told(rows: list[Row], kind: str) -> None:
    """Reading, deciding and waiting are held against the minutes of play."""
    found = [finding for finding in seen(made(*rows))[1] if finding.kind == kind]
    assert found and all(finding.severity == "warning" for finding in found)


def test_a_team_that_waits_for_more_than_twenty_minutes_is_told() -> None:
    """An empty hour is found wherever it lies."""
    long: Row = {"id": "long", "title": "Long", "starts": "T+0:00", "ends": "T+4:00", "minutes": "50m"}
    waits = [finding for finding in seen(made(inject("news"), wave("a-0"), moves=[long]))[1] if finding.kind == "idle"]
    assert {finding.path for finding in waits} == {("teams", 0), ("teams", 1)}
    assert {finding.severity for finding in waits} == {"warning"}


def test_what_only_play_can_tell_is_suspected_and_never_proved() -> None:
    """No pair of playthroughs shows the option to be better: a warning, or a note where it is declared to be."""
    flagged = option("flagged", effects=[{"flag": "told"}])
    gain = option("gain", effects=[by("market", 9)])
    keeps = option("keeps", conduct=[tag("bc-16", "honoured")])
    world = made(
        *busy(),
        inject("later", when={"flag": "told"}),
        decision("open", flagged, gain),
        decision("apart", keeps, gain),
        flags={"told": "They know."},
    )
    explored, _ = seen(world)

    def suspected(pair: Beside, name: str, first: str) -> list[Finding]:
        explored.figures.beside[name, first, "gain"] = pair
        found = findings(world, load_reference(), explored)
        told = f"option '{first}' "
        return [finding for finding in found if finding.kind == "suspected" and finding.text.startswith(told)]

    never = Beside(pairs=12, indicators={"market": Counter({9: 12})})
    assert [finding.severity for finding in suspected(never, "open", "flagged")] == ["warning"]
    assert [finding.severity for finding in suspected(never, "apart", "keeps")] == ["note"]
    once = Beside(pairs=12, indicators={"market": Counter({9: 11, -1: 1})})
    assert not suspected(once, "open", "flagged")
    marked = Beside(pairs=12, clauses={("averne", "bc-16"): Counter({("kept", "not tested"): 1})})
    assert not suspected(marked, "apart", "keeps")
    few = Beside(pairs=2, indicators={"market": Counter({9: 2})})
    assert not suspected(few, "open", "flagged")


def test_a_graph_shows_what_is_dead_and_leads_to_what_stands_elsewhere() -> None:
    """An option that never comes is drawn as dead; what an answer brings in another move is a link to there."""
    barred = option("barred", available={"flag": "never"}, conduct=[tag("bc-29", "honoured")])
    flagging = option("flagging", effects=[{"flag": "told"}], conduct=[tag("bc-16", "honoured")])
    world = made(
        decision("first", flagging, option("plain", conduct=[tag("bc-29", "honoured")]), barred),
        wave("second", at=None, when={"flag": "told"}, team="belmark"),
        *busy(),
        flags={"told": "They know.", "never": "Nobody raises it."},
    )
    drawn = {graph.anchor: graph for graph in graphs(world, seen(world)[0])}
    first = drawn["graph-averne-1"]
    assert first.nodes["option:first/barred"].dead and not first.nodes["option:first/flagging"].dead
    assert (
        first.edges["decision:first", "option:first/flagging"]
        > 0
        == first.edges["decision:first", "option:first/barred"]
    )
    link = first.nodes["to decision:second"]
    assert (link.kind, link.href) == ("link", "#graph-belmark-1")
    assert first.edges["option:first/flagging", link.id] > 0


def test_hostile_words_stay_words_in_the_page() -> None:
    """A title can neither end the element it stands in nor begin one of its own."""
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    world = made(inject("call", title=evil), wave("a-0", title=evil), title=evil)
    explored, found = seen(world, 8)
    reader = _Page()
    reader.feed(page(world, load_reference(), explored, placed(found, Source("a.yaml"))))
    assert not reader.loads and reader.scripts == 3


# --- the command ---


@pytest.fixture(scope="module")
def first_light(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """What the command says of First Light, and the page it writes, by one run."""
    out = tmp_path_factory.mktemp("analysis") / "page.html"
    ran = CliRunner().invoke(app, ["analyse", "first-light", "--runs", "10", "--jobs", "1", "--page", str(out)])
    assert ran.exit_code in (0, 1), ran.output
    return ran.output, out.read_text(encoding="utf-8")


def test_the_text_says_how_it_was_made_and_fits_a_terminal(first_light: tuple[str, str]) -> None:
    """Method and bounds come first, then findings, then tables; no line is folded by the terminal."""
    text, _ = first_light
    assert max(map(len, text.splitlines()[:-1])) <= 80
    order = [text.index(part) for part in ("Sampled:", "Held fixed:", "Findings", "What came", "Load over time")]
    assert order == sorted(order)


class _Page(HTMLParser):
    """Anchors, links and the policy of a page, and whatever would be loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: set[str] = set()
        self.policy = ""
        self.loads: list[str] = []
        self.scripts = 0

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.scripts += name == "script"
        if found.get("id"):
            self.anchors.add(found["id"] or "")
        if name == "a" and found.get("href"):
            self.links.add(found["href"] or "")
        if name == "meta" and found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found.get("content") or ""
        if name in ("link", "img", "iframe", "object", "embed", "base", "form") or found.get("src"):
            self.loads.append(name)
        assert "style" not in found, "the policy would drop it"
        assert not [key for key in found if key.startswith("on")]


def test_the_page_holds_everything_and_loads_nothing(first_light: tuple[str, str]) -> None:
    """Every link of the page and of its graphs leads to something in it, and scripts run by their digests alone."""
    _, html = first_light
    reader = _Page()
    reader.feed(html)
    assert not reader.loads
    assert "unsafe" not in reader.policy and reader.policy.startswith("default-src 'none'")
    found = re.search(r'<script type="application/json" id="graphs">(.*?)</script>', html, re.DOTALL)
    assert found
    drawn_here = json.loads(found[1])
    drawn = {node["href"] for graph in drawn_here for node in graph["nodes"]}
    assert {link.removeprefix("#") for link in reader.links | drawn} <= reader.anchors
    assert {graph["anchor"] for graph in drawn_here} <= reader.anchors
    for graph in drawn_here:
        ids = {node["id"] for node in graph["nodes"]}
        assert {end for edge in graph["edges"] for end in (edge["from"], edge["to"])} <= ids


def test_the_data_is_json_and_the_exit_code_says_whether_there_is_an_error(tmp_path: Path) -> None:
    """A planted fault is an error at its line, for people and for programs."""
    world = tmp_path / "scenario.yaml"
    world.write_text(_YAML, encoding="utf-8")
    ran = CliRunner().invoke(app, ["analyse", str(world), "--json", "--runs", "4", "--jobs", "1"])
    assert ran.exit_code == 1
    (data,) = json.loads(ran.stdout)
    errors = [finding for finding in data["findings"] if finding["severity"] == "error"]
    assert [(finding["kind"], finding["line"]) for finding in errors] == [("dominated", _yaml_line("id: worst"))]
    assert data["bounds"]["method"] in ("exhaustive", "sampled") and data["courses"] > 0
    mended = world.read_text(encoding="utf-8").replace("by: -9", "by: 9")
    world.write_text(mended, encoding="utf-8")
    assert CliRunner().invoke(app, ["analyse", str(world), "--runs", "4", "--jobs", "1"]).exit_code == 0


@pytest.mark.parametrize(
    "wrong",
    [
        ["analyse", "no-such-scenario"],
        ["analyse", "first-light", "cold-line", "--page", "a.html"],
        ["analyse", "first-light", "--page", "a.txt"],
        ["analyse", "first-light", "--page", __file__],
    ],
)
def test_wrong_use_is_one_line_before_any_work(wrong: list[str]) -> None:
    """Nothing is explored, and no file is written over."""
    from exercise.errors import ExerciseError

    ran = CliRunner().invoke(app, wrong)
    assert isinstance(ran.exception, ExerciseError)
    assert "\n" not in str(ran.exception).strip()


def test_a_page_is_written_over_only_when_told(tmp_path: Path) -> None:
    """Whoever analyses again after each change may say so once; nobody loses a page that was not asked for."""
    out = tmp_path / "page.html"
    out.write_text("kept", encoding="utf-8")
    with pytest.raises(UsageError, match="--force"):
        _page_to_write(str(out), force=False)
    assert _page_to_write(str(out), force=True) == out
    assert out.read_text(encoding="utf-8") == "kept"


def test_findings_stand_at_places_of_the_file_and_the_worst_come_first() -> None:
    """Errors before warnings before notes, each in the order of the file."""
    _, _, source = read_scenario(find("first-light"))
    rows = placed(
        [
            Finding("a", "note", ("decisions", 1), "later"),
            Finding("b", "error", ("decisions", 2), "last"),
            Finding("c", "error", ("injects", 0), "first"),
        ],
        source,
    )
    assert [row.kind for row in rows] == ["c", "b", "a"]
    assert all(row.line > 1 for row in rows)
    assert str(rows[2]).endswith("note: decisions[dun-page]: later")


_YAML = """format: 1
id: small
title: A small exercise
summary: Two neighbours and a leak.
threats: [T-ba1]
date: 2019-03-12T06:00
briefing: You are on duty.
teams:
  - id: averne
    name: Republic of Averne
    short: Averne
    about: A coast.
    profile: [{instrument: budapest-convention}]
indicators:
  - {id: market, name: Market, start: 50}
moves:
  - {id: one, title: One, starts: T+0:00, ends: T+1:00, minutes: 10m}
injects:
  - {id: call, at: T+0:00, to: [all], channel: phone, from: Desk, title: A call, text: It rings.}
decisions:
  - id: plain
    team: averne
    at: T+0:10
    title: What now?
    text: Choose.
    window: 5m
    options:
      - id: best
        title: The best
        conduct: [{commitment: bc-16, grade: honoured, because: It was kept at once.}]
        consequences: [{after: 10m, text: Thanks.}]
      - id: worst
        title: The worst
        conduct: [{commitment: bc-16, grade: neglected, because: It was not kept at all.}]
        effects: [{indicator: market, by: -9}]
    lapse: {text: Nobody answered.}
"""


def _yaml_line(words: str) -> int:
    return next(n for n, line in enumerate(_YAML.splitlines(), 1) if words in line)
