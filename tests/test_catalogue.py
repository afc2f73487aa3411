"""The catalogue: nothing lost, nothing dangling, each text in its period, and shown so that it can be read."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

import exercise
from exercise import catalogue as catalogue_package
from exercise.catalogue import COUNTS, FILES, Catalogue, load_catalogue, load_reference, problems, show
from exercise.catalogue.requests import FILE as REQUESTS
from exercise.core import commitments as texts
from exercise.errors import ExerciseError, ScenarioError, UsageError

PACKAGE = Path(exercise.__file__).parent
DOCUMENTS = {
    "baltic-assembly-res-cybercrime": 16,
    "seecp-chisinau-2008": 19,
    "interpol-ag-2012-impact": 12,
    "osce-mc-dec-5-17": 12,
    "lv-unidir-resilience-2024": 10,
}
REFERENCED = {"osce-cbm": 16, "budapest-convention": 18, "un-norms-2015": 11, "un-poc-directory": 1}


@pytest.fixture(name="data")
def _data() -> Catalogue:
    """Give the catalogue as it ships."""
    return load_catalogue()


def profile(*names: str) -> tuple[texts.Profile, ...]:
    """Make a profile that has accepted these texts from their own first day on."""
    return tuple(texts.Profile(instrument=name) for name in names)


def test_five_documents_keep_all_their_commitments(data: Catalogue) -> None:
    """Protects coverage: the 69 commitments of the five documents are what the exercise is about."""
    counts = {name: len(data.commitments_of(name)) for name, text in data.instruments.items() if text.source}

    assert counts == DOCUMENTS
    assert sum(counts.values()) == 69


def test_referenced_texts_keep_all_their_commitments(data: Catalogue) -> None:
    """Protects coverage of the texts referred to, and that no commitment hides in a text nobody counts."""
    assert {name: len(data.commitments_of(name)) for name in REFERENCED} == REFERENCED
    assert len(data.commitments) == 69 + 46 == sum(COUNTS.values())


def test_ids_run_through_without_a_gap(data: Catalogue) -> None:
    """Protects stable keys: scenarios and logs name commitments by these ids."""
    articles = [15, 16, 17, 20, 21, *range(23, 36)]

    assert [c.id for c in data.commitments_of("osce-cbm")] == [f"cbm-{n}" for n in range(1, 17)]
    assert [c.id for c in data.commitments_of("budapest-convention")] == [f"bc-{n}" for n in articles]
    assert [c.id for c in data.commitments_of("un-norms-2015")] == [f"un-{letter}" for letter in "abcdefghijk"]
    assert [c.id for c in data.commitments_of("un-poc-directory")] == ["poc-un"]
    assert Counter(name[2:4] for name in data.threats) == {"ba": 8, "se": 15, "in": 4, "os": 6, "lv": 4}


def test_nothing_dangles(data: Catalogue) -> None:
    """Protects every cross-reference: related and citing ids, scenario codes, prefixes, periods, lengths, counts."""
    assert problems(data) == []


def test_problems_are_found(data: Catalogue) -> None:
    """Protects the check above from passing because it sees nothing."""
    lost = {name: item for name, item in data.commitments.items() if name != "bc-30"}
    lost["bc-29"] = lost["bc-29"].model_copy(update={"honours": "", "title": "x" * 49, "related": ("se-p99",)})
    wrong = data.threats["T-se2"].model_copy(
        update={"instrument": "budapest-convention", "scenarios": (texts.ThreatScenario(scenario="S11"),)}
    )
    slow = data.actors["judge"].model_copy(update={"answers_after": ("4h", "1h")})

    found = "\n".join(
        problems(replace(data, commitments=lost, threats={"T-se2": wrong}, actors={"cbm-1": slow, "judge": slow}))
    )

    for part in (
        "bc-29: can be seen in a turn",
        "bc-29: the title has more than 48",
        "bc-29: related to 'se-p99'",
        "bc-17: related to 'bc-30'",
        "17 commitments bc-, not 18",
        "1 threats, not 37",
        "T-se2: 'budapest-convention' is none of the five",
        "T-se2: no scenario 'S11'",
        "judge: the shortest time",
        "the id 'judge' is used twice",
    ):
        assert part in found


def test_force_bounds_the_grades(data: Catalogue) -> None:
    """Protects the ceilings: principles are never more than observed, and no voluntary text counts as a treaty."""
    forces = {name: {data.force_of(c) for c in data.commitments_of(name)} for name in (*DOCUMENTS, *REFERENCED)}

    assert forces["lv-unidir-resilience-2024"] == {texts.Force.PRINCIPLE}
    assert forces["interpol-ag-2012-impact"] == {texts.Force.INTERNAL}
    assert forces["baltic-assembly-res-cybercrime"] == {texts.Force.RECOMMENDATION}
    assert forces["osce-mc-dec-5-17"] == {texts.Force.POLITICAL}
    assert forces["budapest-convention"] == {texts.Force.TREATY}
    assert forces["osce-cbm"] == forces["un-norms-2015"] == forces["un-poc-directory"] == {texts.Force.VOLUNTARY}


def test_conduct_in_a_turn_can_be_told_apart(data: Catalogue) -> None:
    """Protects evaluators: what is scored in a turn says what keeps it and what leaves it undone."""
    visible = [item for item in data.commitments.values() if item.test is texts.Testable.TURN]

    assert len(visible) > 60
    assert [item.id for item in visible if not (item.honours and item.neglects)] == []


def test_own_readings_are_labelled(data: Catalogue) -> None:
    """Protects honesty: where the reference does not say what keeps a text, the reader sees that this project does."""
    assert {c.reading for name in REFERENCED for c in data.commitments_of(name)} == {"project"}
    assert {c.reading for name in DOCUMENTS for c in data.commitments_of(name)} == {"reference"}


def test_uncertain_dates_stay_empty(data: Catalogue) -> None:
    """Protects against invented facts: a date that is not established is empty and says so."""
    for name in ("baltic-assembly-res-cybercrime", "un-norms-2015"):
        text = data.instruments[name]
        assert text.adopted is None
        assert text.in_force_from is None
        assert text.adopted_note


def test_convention_carries_the_numbers_a_check_needs(data: Catalogue) -> None:
    """Protects the checks on requests: the six elements and the sixty days are in the data."""
    facts = " ".join(data.commitment("bc-29").facts)

    assert all(f" {number} " in facts for number in range(1, 7))
    assert "60 days" in facts
    assert "90 days" in " ".join(data.commitment("bc-16").facts)
    assert "credentials" in " ".join(data.commitment("bc-32").facts)


def standing_of(commitment: str, on: date, accepted: Iterable[texts.Profile]) -> str:
    """How a commitment stands to whoever accepted these texts."""
    return load_reference().standing(tuple(accepted), commitment, on)


@pytest.mark.parametrize(
    ("commitment", "on", "accepted", "standing"),
    [
        ("se-p7", date(2010, 5, 1), "seecp-chisinau-2008", "applies"),
        ("se-p7", date(2008, 10, 30), "seecp-chisinau-2008", "outside-period"),
        ("se-p7", date(2010, 5, 1), "osce-mc-dec-5-17", "outside-profile"),
        ("se-p8", date(2010, 5, 1), "seecp-chisinau-2008", "context"),
        ("se-p8", date(2012, 1, 1), "seecp-chisinau-2008", "outside-period"),
        ("cbm-8", date(2014, 6, 1), "osce-cbm", "applies"),
        ("cbm-12", date(2014, 6, 1), "osce-cbm", "outside-period"),
        ("cbm-12", date(2016, 3, 10), "osce-cbm", "applies"),
        ("cbm-8", date(2018, 6, 1), "osce-mc-dec-5-17", "outside-profile"),
        ("poc-un", date(2023, 6, 1), "un-poc-directory", "outside-period"),
        ("poc-un", date(2024, 5, 9), "un-poc-directory", "applies"),
        ("bc-29", date(2003, 6, 1), "budapest-convention", "outside-period"),
        ("bc-24", date(2025, 6, 1), "budapest-convention", "context"),
        ("ba-b5", date(2025, 6, 1), "baltic-assembly-res-cybercrime", "applies"),
        ("lv-3.1", date(2025, 6, 1), "lv-unidir-resilience-2024", "observed"),
    ],
)
def test_text_binds_only_in_profile_and_period(commitment: str, on: date, accepted: str, standing: str) -> None:
    """Protects fairness: no team is marked under a text it has not accepted, or before or after its time."""
    assert standing_of(commitment, on, profile(accepted)) == standing


def test_team_may_join_late_leave_and_return() -> None:
    """Protects a team's own period: acceptance and withdrawal bound it, both days included."""
    left = texts.Profile(instrument="budapest-convention", accepted=date(2010, 1, 1), withdrawn=date(2012, 6, 30))
    back = texts.Profile(instrument="budapest-convention", accepted=date(2020, 1, 1))

    assert standing_of("bc-29", date(2009, 12, 31), [left]) == "outside-period"
    assert standing_of("bc-29", date(2010, 1, 1), [left]) == "applies"
    assert standing_of("bc-29", date(2012, 6, 30), [left]) == "applies"
    assert standing_of("bc-29", date(2012, 7, 1), [left, back]) == "outside-period"
    assert standing_of("bc-29", date(2021, 1, 1), [left, back]) == "applies"
    assert standing_of("bc-29", date(2021, 1, 1), []) == "outside-profile"


def test_acceptance_does_not_come_before_the_text() -> None:
    """Protects the period from a profile's slip: nobody can accept a measure before it exists."""
    early = texts.Profile(instrument="osce-cbm", accepted=date(2000, 1, 1))

    assert standing_of("cbm-12", date(2015, 1, 1), [early]) == "outside-period"


def test_real_organisations_are_played_by_control_only(data: Catalogue) -> None:
    """Protects real bodies: only what every State has may be a team; the historical centre has its last day."""
    real = {"interpol", "europol", "seci-centre", "selec", "nato", "osce-secretariat", "unidir", "itu"}

    assert {data.actors[name].play for name in real} == {"control"}
    assert data.actors["seci-centre"].historical_until == date(2011, 10, 7)
    assert data.actors["nato-ccdcoe"].operational is False
    assert data.actors["judge"].answers_after == ("1h", "4h")


def test_catalogue_cannot_be_changed(data: Catalogue) -> None:
    """Protects everyone who shares the one catalogue of a process from a part that writes into it."""
    with pytest.raises(TypeError):
        data.commitments["x"] = data.commitments["bc-29"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        data.threats = {}  # type: ignore[misc]
    assert load_catalogue() is data


def test_every_file_is_read() -> None:
    """Protects against a file that lies in the folder and is never loaded."""
    assert {path.name for path in (PACKAGE / "catalogue").glob("*.yaml")} == {*FILES, REQUESTS}


def test_catalogue_loads_from_a_zip_archive(tmp_path: Path) -> None:
    """Protects installed copies: the data are found through the package, not through a path of the checkout."""
    archive = tmp_path / "program.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        lowest = [PACKAGE / name for name in ("__init__.py", "errors.py", "language.py", "core", "catalogue")]
        for part in lowest:
            for file in [part] if part.is_file() else [*part.rglob("*.py"), *part.rglob("*.yaml")]:
                packed.write(file, file.relative_to(PACKAGE.parent))
    program = (
        f"import sys; sys.path.insert(0, {str(archive)!r})\n"
        "import exercise.catalogue as c; print(c.__file__, len(c.load_catalogue().commitments))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert str(archive) in done.stdout
    assert done.stdout.split()[-1] == "115"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("threats: [", "broken.yaml: while parsing"),
        ("- a list", "broken.yaml: holds no entries"),
        ("threats: [{id: T-x, clauze: a}]", "broken.yaml: T-x: instrument: Field required"),
        ("actors: [7]", "broken.yaml: ?"),
    ],
)
def test_broken_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str) -> None:
    """Protects whoever edits the data: the file and the entry are named in one line, without a traceback."""
    (tmp_path / "broken.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalogue_package, "FILES", ("broken.yaml",))
    monkeypatch.setattr(resources, "files", lambda _name: tmp_path)

    with pytest.raises(ScenarioError) as caught:
        load_catalogue.__wrapped__()

    assert caught.value.problems[0].startswith(message)


@pytest.mark.parametrize(("slip", "near"), [("bc29", "bc-29"), ("cbm8", "cbm-8"), ("SE_p7", "se-p7")])
def test_slip_in_an_id_names_the_nearest(data: Catalogue, slip: str, near: str) -> None:
    """Protects authors and readers: a wrong id gives one line with the id that was probably meant."""
    with pytest.raises(UsageError, match=f"did you mean '{near}'"):
        data.commitment(slip)


def test_list_shows_every_commitment_in_eighty_columns(data: Catalogue) -> None:
    """Protects readers at a small terminal: each commitment has its line, under its text."""
    shown = show.run()

    assert all(f"\n  {name} " in f"\n{shown}" for name in data.commitments)
    assert "Budapest Convention (treaty, 18)" in shown
    assert "115 in all" in shown


def test_every_entry_fits_eighty_columns(data: Catalogue) -> None:
    """Protects the layout: whatever is asked for, no line is wider than the smallest terminal."""
    pages = [show.run(entry.id) for entry in data.entries()]
    pages += [show.run(), show.run(threat=True), show.run(actors=True)]

    assert [line for page in pages for line in page.splitlines() if len(line) > show.WIDTH] == []


def test_detail_tells_whose_reading_and_how_far_it_binds() -> None:
    """Protects the reader's judgement: clause, force, period, certainty and the project's own reading are all there."""
    article = show.run("BC-29")
    principle = show.run("lv-3.1")

    for part in (
        "Budapest Convention, Article 29",
        "every grade",
        "from 2004-07-01",
        "this project's reading",
        "60 days",
        "V: checked",
        "For legal work read the text",
    ):
        assert part in article
    assert "observed, never scored" in principle
    assert "\nActs against" in principle
    assert "\nBreaches" not in principle


def test_detail_of_the_other_kinds() -> None:
    """Protects the rest of the catalogue: instruments, threats and actors can be looked up as well."""
    assert "cbm-16" in show.run("osce-cbm")
    assert "cited only" in show.run("un-charter")
    assert "a day not established" in show.run("un-norms-2015")
    assert "S1" in show.run("T-se2")
    assert "until 2011-10-07" in show.run("seci-centre")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"instrument": "un", "kind": "rights-safeguards"}, ["un-e"]),
        ({"instrument": "UN contact directory"}, ["poc-un"]),
        ({"instrument": "seecp-chisinau-2008", "test": "x"}, ["se-pre9", "se-p6b", "se-p8"]),
        ({"force": "treaty", "area": "Public-Private"}, []),
        ({"area": "public–private", "force": "voluntary"}, ["cbm-14"]),
        ({"text": "SIXTY days"}, ["bc-29"]),
    ],
)
def test_filters_narrow_the_list(data: Catalogue, filters: dict[str, Any], expected: list[str]) -> None:
    """Protects looking things up: filters combine, and forgive capitals and kinds of dash."""
    assert [entry.id for entry in show.select(data, **filters)] == expected


def test_every_word_of_the_catalogue_is_a_filter(data: Catalogue) -> None:
    """Protects completeness: the filters of one kind together give the whole list, once."""
    filters = {"kind": texts.Kind, "area": texts.Area, "force": texts.Force, "test": texts.Testable}
    for name, words in filters.items():
        asked: list[dict[str, Any]] = [{name: word.value} for word in words]
        found = [entry.id for ask in asked for entry in show.select(data, **ask)]
        assert sorted(found) == sorted(data.commitments)


def test_threats_and_actors_are_listed_on_request(data: Catalogue) -> None:
    """Protects the two other lists: they come whole, or by the words in them."""
    assert len(show.select(data, threat=True)) == 37
    assert [entry.id for entry in show.select(data, threat=True, instrument="in")] == list(data.threats)[23:27]
    assert len(show.select(data, actors=True)) == len(data.actors)
    assert [entry.id for entry in show.select(data, actors=True, text="duty judge")] == ["judge"]


def test_nothing_found_is_said() -> None:
    """Protects from an empty screen that looks like a failure."""
    assert show.run(text="xyzzy") == show.NOTHING
    assert show.run(text="xyzzy", json=True) == "[]"


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"kind": "right-safeguards"}, "did you mean 'rights-safeguards'"),
        ({"test": "Q"}, "known are t, p, x"),
        ({"instrument": "budapest-conventon"}, "did you mean 'budapest-convention'"),
        ({"entry_id": "bc29"}, "did you mean 'bc-29'"),
        ({"entry_id": "bc-29", "force": "treaty"}, "not both"),
        ({"threat": True, "actors": True}, "not for both"),
        ({"threat": True, "kind": "public-private"}, "choose commitments"),
        ({"actors": True, "instrument": "bc"}, "no instrument"),
    ],
)
def test_wrong_use_gives_one_line(request_: dict[str, Any], message: str) -> None:
    """Protects whoever mistypes: one clear line, and never an empty list that hides the slip."""
    with pytest.raises(ExerciseError) as caught:
        show.run(**request_)

    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_hostile_id_cannot_steer_the_terminal() -> None:
    """Protects the terminal: what was typed comes back with its escapes shown, not obeyed."""
    with pytest.raises(UsageError) as caught:
        show.run("\x1b]0;gone\x07\u202ebc")

    assert str(caught.value).isprintable()


def test_json_carries_what_a_commitment_takes_over(data: Catalogue) -> None:
    """Protects programs that read the list: force, period, addressees and area are filled in, in every record."""
    records = json.loads(show.run(json=True))
    one = json.loads(show.run("cbm-12", json=True))
    text = json.loads(show.run("osce-cbm", json=True))

    assert [record["id"] for record in records] == list(data.commitments)
    assert all(record["force"] and record["area"] and record["addressees"] for record in records)
    assert (one["type"], one["force"], one["in_force_from"]) == ("commitment", "voluntary", "2016-03-10")
    assert text["commitments"] == [f"cbm-{n}" for n in range(1, 17)]
    assert {record["type"] for record in json.loads(show.run(threat=True, json=True))} == {"threat"}
