"""The scenarios that come with the program, held to what is asked of every author: sound, analysed clean, covering."""

from __future__ import annotations

import pytest

from exercise.analysis.explore import explore
from exercise.analysis.findings import findings
from exercise.analysis.found import placed
from exercise.authoring.coverage import coverage
from exercise.authoring.library import find, library, load_scenario, read_scenario
from exercise.catalogue import load_reference


@pytest.mark.parametrize("name", library())
def test_a_scenario_of_the_library_is_sound_and_analysed_without_a_warning(name: str) -> None:
    """Protects players from dead ends, idle teams and options obviously right, as far as some courses show."""
    # given
    scenario, problems, source = read_scenario(find(name))
    assert scenario is not None
    assert [str(problem) for problem in problems] == []

    # when
    reference = load_reference()
    found = placed(findings(scenario, reference, explore(scenario, reference)), source)

    # then
    assert [str(finding) for finding in found if finding.severity != "note"] == []


def test_the_library_tests_every_commitment_twice_and_draws_on_every_threat() -> None:
    """Protects the breadth of the library: no commitment hangs on one story, no threat of the documents is left out."""
    # when
    covered = coverage({name: load_scenario(name) for name in library()})

    # then
    assert covered.thin == ()
    assert covered.undrawn == ()


def test_who_was_not_hit_asks_for_no_help_in_level_ground() -> None:
    """Protects the story: neighbours of a port that went dark can call and offer, only Gharune asks for help."""
    # when
    scenario = load_scenario("level-ground")
    about = [matter for matter in scenario.matters if matter.subject == "rescue"]

    # then
    asking = {team for matter in about if "help-wanted" in matter.kinds for team in matter.teams}
    offering = {team for matter in about if "expertise-offer" in matter.kinds for team in matter.teams}
    assert (asking, offering) == ({"gharune"}, {"elvast", "averne"})
    assert all(matter.teams for matter in about)
