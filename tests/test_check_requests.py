"""What `check` finds in requests: wrong names at their lines, and what nobody could send, hold or would answer."""

from __future__ import annotations

import copy
import re
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from test_check import sound

from exercise.authoring.library import read_scenario, with_catalogue
from exercise.authoring.problems import Problem
from exercise.authoring.yaml_source import parse
from exercise.catalogue.requests import load_requests
from exercise.core.scenario import Scenario

Change = Callable[[dict[str, Any]], object]

FORMAT = (Path(__file__).parent.parent / "docs" / "scenario-format.md").read_text(encoding="utf-8")


@cache
def shown() -> dict[str, Any]:
    """What the examples of the document's section on requests hold, together."""
    section = FORMAT.partition("## What teams ask of each other")[2].partition("\n## ")[0]
    found: dict[str, Any] = {}
    for block in re.findall(r"^```yaml\n(.*?)^```$", section, re.MULTILINE | re.DOTALL):
        found |= parse(block, "format").data
    return found


def asking() -> dict[str, Any]:
    """A small exercise around the document's examples: Averne and Belcora, a processor, a police centre."""
    data: dict[str, Any] = yaml.safe_load(yaml.safe_dump(sound()).replace("belmark", "belcora"))
    parts = copy.deepcopy(shown())
    data["teams"][0]["directory"] = parts["teams"][0]["directory"]
    data["teams"][1]["directory"] = [
        {"name": "Averne round the clock", "party": "averne", "channel": "phone", "via": "contact-24-7"},
        {"name": "Sanda", "party": "sanda", "channel": "phone", "via": "operator-hotline"},
    ]
    data["facts"].append(
        {
            "id": "second-method",
            "title": "The second wave",
            "values": [{"value": "terminals", "says": "Terminals."}, {"value": "none", "says": "None."}],
        }
    )
    data["flags"]["log-kept"] = "The host keeps its log."
    data["decisions"][0]["kind"] = "quick"
    data["decisions"][0]["window"] = "4m"
    for key in ("evidence", "injects"):
        data[key] += parts[key]
    for key in ("actors", "matters", "request_kinds", "request_channels"):
        data[key] = parts[key]
    data["injects"][2]["when"] = {"any": [data["injects"][2]["when"], parts["when"]]}
    data["matters"].append(
        {
            "id": "meeting",
            "title": "A meeting",
            "kinds": ["contact-call"],
            "outcomes": [{"on": "accepted", "text": "On!"}],
        }
    )
    return data


def found(folder: Path, change: Change) -> list[Problem]:
    """The problems of the exercise after a change."""
    data = asking()
    change(data)
    file = folder / "scenario.yaml"
    file.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return read_scenario(file)[1]


def entry(data: dict[str, Any], number: int = 0) -> dict[str, Any]:
    """A line of Averne's directory."""
    line: dict[str, Any] = data["teams"][0]["directory"][number]
    return line


def reply(data: dict[str, Any], number: int = 0) -> dict[str, Any]:
    """A reply of the processor's desk."""
    one: dict[str, Any] = data["actors"][0]["desk"]["replies"][number]
    return one


def request(data: dict[str, Any], number: int = -2) -> dict[str, Any]:
    """What the centre asks or tells by an inject."""
    one: dict[str, Any] = data["injects"][number]["request"]
    return one


def warnings_of(problems: list[Problem]) -> list[str]:
    """The warnings about requests among problems; those about dilemmas are of the small exercise itself."""
    return [str(p) for p in problems if p.severity == "warning" and ("teams[" not in p.path or "dilemma" not in p.text)]


def test_the_examples_of_the_document_make_a_sound_scenario(tmp_path: Path) -> None:
    """Protects what follows, and authors who copy: the examples fit together, without one error or warning."""
    problems = found(tmp_path, lambda data: None)

    assert [str(p) for p in problems if p.severity == "error"] == []
    assert warnings_of(problems) == []


ERRORS: list[tuple[str, Change, str, str]] = [
    (
        "via",
        lambda d: entry(d, 1).update(via="cetr"),
        "directory[2].via",
        "no channel of requests 'cetr'; did you mean",
    ),
    ("via phone", lambda d: entry(d, 1).update(via="phone"), "via", "; known are: contact-24-7, interpol"),
    ("self", lambda d: entry(d, 1).update(party="averne"), "directory[2].party", "sends no requests to itself"),
    (
        "party",
        lambda d: entry(d, 1).update(party="belcor"),
        "party",
        "no team or actor 'belcor'; did you mean 'belcora'",
    ),
    ("giver", lambda d: d["evidence"][1].update(giver="center"), "evidence[tip].giver", "did you mean 'centre'?"),
    ("public", lambda d: d["evidence"][1]["handling"].update(purpose="public"), "handling.purpose", "is no limit"),
    ("teams", lambda d: d["matters"][0].update(teams=["sanda"]), "matters[host-kept].teams[1]", "there is no team"),
    ("kinds", lambda d: d["matters"][0].update(kinds=["preservaton"]), "kinds[1]", "did you mean 'preservation'?"),
    ("no kind", lambda d: d["matters"][0].update(kinds=["zzz"]), "kinds[1]", "`exercise commitments --kinds` lists"),
    ("holder", lambda d: d["matters"][0].update(holder="belco"), "holder", "no team or actor 'belco'; did you mean"),
    ("gives", lambda d: d["matters"][1].update(gives=["hostlog"]), "gives[1]", "no piece of evidence 'hostlog'; did"),
    ("part", lambda d: d["matters"][1].update(part=["x9"]), "part[1]", "no piece of evidence 'x9'"),
    ("known", lambda d: d["matters"][1].update(known={"flag": "log-kep"}), "known", "did you mean 'log-kept'?"),
    ("ready", lambda d: d["matters"][1].update(ready={"chose": "x9"}), "ready", "there is no decision 'x9'"),
    ("matter twice", lambda d: d["matters"].append(dict(d["matters"][0])), "id", "'host-kept' is used twice"),
    (
        "outcome",
        lambda d: d["matters"][0]["outcomes"][0].update(kinds=["x9"]),
        "outcomes[1].kinds",
        "no kind of request",
    ),
    ("by", lambda d: d["matters"][0]["outcomes"][0].update(by=["avern"]), "outcomes[1].by", "did you mean 'averne'?"),
    ("to", lambda d: d["matters"][0]["outcomes"][1].update(to=["averne/polce"]), "to[1]", "did you mean 'police'?"),
    (
        "effect",
        lambda d: d["matters"][0]["outcomes"][0].update(effects=[{"flag": "logkept"}]),
        "effects[1].flag",
        "no flag 'logkept'",
    ),
    (
        "when",
        lambda d: d["matters"][0]["outcomes"][0].update(when={"fact": "source", "is": "x"}),
        "when",
        "no value 'x'",
    ),
    ("mandate", lambda d: d["actors"][0]["desk"].update(mandate=["x9"]), "desk.mandate[1]", "no kind of request 'x9'"),
    ("reply kind", lambda d: reply(d, 2).update(kinds=["x9"]), "replies[3].kinds[1]", "no kind of request 'x9'"),
    ("reply about", lambda d: reply(d).update(about=["card-bach"]), "about[1]", "no matter 'card-bach'; did you mean"),
    ("reply by", lambda d: reply(d).update(by=["centre"]), "by[1]", "there is no team 'centre'"),
    ("reply when", lambda d: reply(d).update(when={"asked": "x9"}), "replies[1].when", "no kind of request 'x9'"),
    ("reply gives", lambda d: reply(d).update(gives=["batchlist"]), "gives[1]", "did you mean 'batch-list'?"),
    ("reply effect", lambda d: reply(d).update(effects=[{"clear": "x9"}]), "clear", "there is no flag 'x9'"),
    ("ground", lambda d: reply(d, 2).update(ground="secrecy2"), "ground", "knows no ground 'secrecy2'; did you mean"),
    ("no ground", lambda d: reply(d, 2).update(ground="whim"), "ground", "known are: secrecy, customers, liability"),
    (
        "any ground",
        lambda d: reply(d).update(answer="refuse", ground="whim", gives=[]),
        "ground",
        "no kind that this desk takes knows a ground 'whim'",
    ),
    (
        "free",
        lambda d: reply(d, 1).update(conditions={"tlp": "green"}),
        "conditions",
        "says in `conditions` what binds",
    ),
    ("unbound", lambda d: reply(d, 1).pop("conditions"), "replies[2].conditions", "says in `conditions` what binds"),
    ("too late", lambda d: reply(d).update(not_before="T+99:00"), "not_before", "after the end of the last move"),
    ("team asks", lambda d: request(d).update(by="belcora"), "request.by", "teams ask for themselves"),
    ("actor", lambda d: request(d).update(by="sandra"), "request.by", "no actor 'sandra'; did you mean 'sanda'?"),
    ("asked team", lambda d: request(d).update(to="sanda"), "request.to", "there is no team 'sanda'"),
    ("asked kind", lambda d: request(d).update(kind="police-info"), "request.kind", "did you mean"),
    ("asked via", lambda d: request(d).update(via="regional"), "request.via", "did you mean 'regional-centre'?"),
    ("asked matter", lambda d: request(d).update(matter="host"), "request.matter", "no matter 'host'"),
    ("encloses", lambda d: request(d).update(encloses=["tipp"]), "encloses[1]", "did you mean 'tip'?"),
    ("element", lambda d: request(d)["content"].update(ofence="x"), "content.ofence", "did you mean 'offence'?"),
    ("no element", lambda d: request(d)["content"].update(zz="x"), "content.zz", "known are: what, when, offence"),
    ("past", lambda d: request(d, -1).update(deadline="T+0:59"), "deadline", "has passed when the inject comes"),
    ("never", lambda d: request(d, -1).update(deadline="T+99:00"), "deadline", "after the end of the last move"),
    (
        "own channel",
        lambda d: d["request_kinds"][0].update(channels=["radio"]),
        "channels[1]",
        "no channel of requests",
    ),
    ("own basis", lambda d: d["request_kinds"][0].update(basis=["se-p77"]), "basis[1]", "no commitment of the cat"),
    ("own clause", lambda d: d["request_kinds"][0]["grounds"][0].update(clause="bc-155"), "clause", "no commitment"),
    (
        "own marks",
        lambda d: d["request_kinds"][0]["marks"].update(complete=["x9"]),
        "marks.complete[1]",
        "no commitment",
    ),
    ("own any", lambda d: d["request_kinds"][0].update(id="any"), "id", "stands for every kind"),
    (
        "own twice",
        lambda d: d["request_kinds"].append(dict(d["request_kinds"][0])),
        "request_kinds[crossing-list].id",
        "twice",
    ),
    (
        "own elements",
        lambda d: d["request_kinds"][0]["elements"][1].update(id="crossing"),
        "elements[crossing].id",
        "'crossing' is used twice",
    ),
    ("own ways", lambda d: d["request_channels"][0].update(clauses=["x9"]), "clauses[1]", "no commitment"),
    ("asked", lambda d: d["injects"][0].update(when={"asked": "pingg"}), "when", "no kind of request 'pingg'; did you"),
    ("asked by", lambda d: d["injects"][0].update(when={"asked": "any", "by": "x9"}), "when", "no team or actor 'x9'"),
    (
        "about",
        lambda d: d["injects"][0].update(when={"asked": "any", "about": "x9"}),
        "when",
        "there is no matter 'x9'",
    ),
    ("control", lambda d: d["actors"][1].update(id="facilitator"), "id", "means something else already"),
]


@pytest.mark.parametrize(("change", "key", "said"), [e[1:] for e in ERRORS], ids=[e[0] for e in ERRORS])
def test_a_wrong_word_about_requests_is_found_at_its_line(tmp_path: Path, change: Change, key: str, said: str) -> None:
    """Protects an author: each wrong name is an error where it stands, however many kinds the catalogue adds."""
    problems = [p for p in found(tmp_path, change) if p.severity == "error"]

    told = [p for p in problems if said in p.text and key in p.path]
    assert told, [str(p) for p in problems]
    lines = (tmp_path / "scenario.yaml").read_text(encoding="utf-8").splitlines()
    near = " ".join(lines[told[0].line - 1 : told[0].line + 8])
    names = re.findall(r"'([^']+)'", told[0].text)
    assert not names or any(name in near for name in names), str(told[0])


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    """Protects an author's evening: a misspelt key, a wrong step, a wrong length and wrong names in one list."""

    def spoil(data: dict[str, Any]) -> None:
        data["request_kinds"][0]["acts"] = {"snet": ["warn"]}
        data["actors"][0]["desk"]["speed"] = "soon"
        reply(data)["answr"] = "part"
        data["injects"][0]["when"] = {"asked": "any", "came": ["sent"]}
        data["matters"][1]["holder"] = "belcor"
        request(data)["via"] = "regional"

    texts = "\n".join(map(str, found(tmp_path, spoil)))

    for said in (
        "mean 'sent'?",
        "mean 'answer'?",
        "a list is not",
        "mean 'belcora'?",
        "mean 'regional-centre'?",
    ):
        assert said in texts, said
    assert "actors[sanda].desk.speed: a length of time" in texts
    assert texts.count("\n") == 5


def test_an_unknown_key_is_told_those_of_its_own_form(tmp_path: Path) -> None:
    """Protects an author from a list of every key that any condition may have: only those beside `asked` are told."""
    problems = found(tmp_path, lambda d: d["injects"][0].update(when={"asked": "any", "sender": "averne"}))

    assert "when.sender: this key is not known here; known are: asked, by, to, about, came" in str(problems[0])


def _own(data: dict[str, Any], **more: Any) -> None:
    data["request_kinds"][0].update(more)


WARNINGS: list[tuple[str, Change, str]] = [
    (
        "no line",
        lambda d: d["matters"][2].update(holder="centre"),
        "nobody can ever raise this: no team that may has an entry",
    ),
    (
        "no via",
        lambda d: d["teams"][0].update(directory=[entry(d, 1), entry(d, 3)]),
        "entry of 'belcora' with `via` by central-authority, contact",
    ),
    ("no holder", lambda d: d["matters"][2].pop("holder"), "nobody holds this, so it is never handed over"),
    ("kept", lambda d: d["matters"][0].update(gives=["host-log"]), "'preservation' only has data kept"),
    (
        "subject",
        lambda d: d["matters"][0].update(about="host-lok"),
        "nothing else is about 'host-lok'; did you mean 'hos",
    ),
    ("unread", lambda d: d["matters"][2].pop("outcomes"), "having evidence 'batch-list' changes nothing"),
    (
        "ungiven",
        lambda d: d["evidence"].append({**d["evidence"][2], "id": "spare"}),
        "nothing ever gives evidence 'spare'",
    ),
    ("no desk", lambda d: d["actors"][0].pop("desk"), "without a `desk` it never answers"),
    ("no reply", lambda d: d["actors"][0]["desk"].update(replies=[]), "no reply of 'sanda' is for this matter"),
    (
        "mandate",
        lambda d: d["actors"][0]["desk"].update(mandate=["ping"]),
        "the mandate of 'sanda' leaves out every kind",
    ),
    ("outside", lambda d: reply(d, 2).update(kinds=["consultation"], ground=""), "this reply never comes: the mandate"),
    ("covered", lambda d: reply(d).pop("when"), "this reply never comes, since reply 1 fits whatever it fits"),
    ("refused gift", lambda d: reply(d, 2).update(gives=["batch-list"]), "this is never given"),
    ("bound refusal", lambda d: reply(d, 2).update(conditions={"tlp": "red"}), "these bind nobody"),
    ("odd ground", lambda d: reply(d).update(ground="secrecy"), "a ground is only said in a refusal"),
    ("no word", lambda d: (reply(d, 2).pop("ground"), reply(d, 2).pop("text")), "this refuses without a word"),
    ("unasked desk", lambda d: d["actors"][1].update(desk={"speed": "1h"}), "so this desk is never asked"),
    ("stale", lambda d: d["teams"][0].update(directory=[entry(d), entry(d, 3)]), "has no other way to 'belcora'"),
    ("instead", lambda d: entry(d).pop("instead"), "say by `instead` what works"),
    ("not stale", lambda d: entry(d, 1).update(instead="x"), "this one is not stale"),
    ("cut off", lambda d: d["teams"][1].pop("directory"), "team 'belcora' has no entry with `via`"),
    ("says little", lambda d: d["matters"].pop(), "can raise 1 of the matters"),
    ("never asked", lambda d: d["teams"][0].update(directory=[entry(d, 3)]), "nobody can ask team 'belcora'"),
    (
        "unfit",
        lambda d: request(d).update(via="court"),
        "'court' is not fit for 'police-information'; fit are: regional-",
    ),
    ("not told", lambda d: request(d).update(to="belcora"), "team 'belcora' is asked, and does not get the inject"),
    ("not its kind", lambda d: request(d).update(matter="host-log"), "is none of the kinds of matter 'host-log'"),
    ("own acts", lambda d: _own(d, acts={}), "asks for something, so that 'refused' must be an act"),
]


@pytest.mark.parametrize(("change", "said"), [w[1:] for w in WARNINGS], ids=[w[0] for w in WARNINGS])
def test_a_request_that_leads_nowhere_is_a_warning(tmp_path: Path, change: Change, said: str) -> None:
    """Protects the table: what nobody can send, hold or would answer is said beforehand, and is no error."""
    problems = found(tmp_path, change)

    assert [str(p) for p in problems if p.severity == "error"] == []
    assert any(said in text for text in warnings_of(problems)), warnings_of(problems)


def test_what_only_gives_needs_no_desk(tmp_path: Path) -> None:
    """Protects authors from empty desks: a statement to the press is out once it is sent, and waits for nobody."""

    def add(data: dict[str, Any]) -> None:
        data["actors"].append({"id": "paper", "name": "The Lantern"})
        data["teams"][0]["directory"].append({"name": "Lantern", "party": "paper", "channel": "mail", "via": "press"})

    assert not any("paper" in text for text in warnings_of(found(tmp_path, add)))


def test_a_mark_may_read_requests_and_never_a_fact(tmp_path: Path) -> None:
    """Protects marks: what a team asked may decide one, what is hidden may not, inside the same condition either."""

    def tag(data: dict[str, Any], when: dict[str, Any]) -> None:
        data["decisions"][0]["options"][0]["conduct"][0]["when"] = when

    asked = {"asked": "consultation", "by": "averne", "came": "delivered"}
    hidden = {"all": [asked, {"fact": "source", "is": "crew"}]}

    assert [p for p in found(tmp_path, lambda d: tag(d, asked)) if p.severity == "error"] == []
    assert "never depends on a hidden fact" in str([p for p in found(tmp_path, lambda d: tag(d, hidden))])


def test_an_actor_that_asks_can_stand_in_a_condition(tmp_path: Path) -> None:
    """Protects injects that follow from how a team answered an actor."""
    when = {"asked": "police-exchange", "by": "centre", "to": "averne", "came": "fulfilled"}

    assert [p for p in found(tmp_path, lambda d: d["injects"][2].update(when=when)) if p.severity == "error"] == []


def test_a_flag_that_a_reply_raises_unseen_marks_luck(tmp_path: Path) -> None:
    """Protects marks from luck that comes by a desk: a fact decides the reply, and nobody reads why."""

    def add(data: dict[str, Any]) -> None:
        data["flags"]["lucky"] = "It came out well."
        reply(data).update(text="", effects=[{"flag": "lucky"}])
        data["decisions"][0]["options"][0]["conduct"][0]["when"] = {"flag": "lucky"}

    assert any("flag 'lucky' is raised by a hidden fact unseen" in text for text in warnings_of(found(tmp_path, add)))


def test_the_catalogue_stands_before_what_is_the_scenarios_own(tmp_path: Path) -> None:
    """Protects forms and logs: a scenario has all kinds, once each, and its own wins over the catalogue's."""
    data = asking()
    data["request_kinds"].append({**data["request_kinds"][0], "id": "ping", "channels": ["ferry-radio"]})
    file = tmp_path / "scenario.yaml"
    file.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")

    scenario = read_scenario(file)[0]

    assert scenario is not None
    names = [kind.id for kind in scenario.request_kinds]
    assert names == [*(name for name in load_requests().kinds if name != "ping"), "crossing-list", "ping"]
    assert scenario.kinds_by_id["ping"].channels == ("ferry-radio",)
    assert [channel.id for channel in scenario.request_channels] == [*load_requests().channels, "ferry-radio"]
    assert with_catalogue(scenario) == scenario
    assert Scenario.model_validate_json(scenario.model_dump_json()) == scenario


WRITTEN = yaml.safe_dump(asking(), sort_keys=False)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, len(WRITTEN) - 1), st.integers(0, 12), st.sampled_from(["", "x", ":", "[", "- ", "{}", "9", "\n"])
)
def test_a_slip_in_a_scenario_with_requests_never_ends_in_a_fault(place: int, cut: int, typed: str) -> None:
    """Protects whoever edits by hand: whatever is cut out or put in, what comes back is problems inside the file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scenario.yaml"
        text = WRITTEN[:place] + typed + WRITTEN[place + cut :]
        file.write_text(text, encoding="utf-8")
        scenario, problems, _ = read_scenario(file)

    assert scenario is not None or any(problem.severity == "error" for problem in problems)
    assert all(0 <= problem.line <= text.count("\n") + 1 for problem in problems)
