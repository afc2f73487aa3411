"""What `analyse` says of a decision where playthroughs and a walk through everything tell different things."""

from __future__ import annotations

from given import decision, inject, option
from test_analyse import made, seen
from test_dominance import tag

from exercise.analysis.dominance import compare_siblings
from exercise.analysis.explored import Beside
from exercise.analysis.finding_marks import FEW, changes_nothing
from exercise.analysis.found import Finding
from exercise.catalogue import load_reference


def _found(states: int, *, reads: bool = True) -> list[Finding]:
    """What is said of a first decision with a rare sequel after the fewest pairs that say anything, all missing it."""
    told = option("tell", conduct=[tag("bc-16", "honoured")], effects=[{"flag": "told"}])
    still = option("still", conduct=[tag("bc-29", "honoured")])
    others = [option(name, conduct=[tag(id, "honoured")]) for name, id in (("go", "bc-16"), ("stay", "bc-29"))]
    rare = {"all": [{"flag": "told"}, {"chose": "second", "option": "go"}]}
    world = made(
        decision("first", told, still, at="T+0:10"),
        decision("second", *others, at="T+0:30", team="belmark"),
        inject("sequel", at="T+1:00", when=rare if reads else {"chose": "second", "option": "go"}),
        flags={"told": "It was told."},
    )
    explored, _ = seen(world, 4, states=states)
    assert explored.exact is bool(states)
    # Which pairs are drawn hangs on the seed: these are drawn where it is against the author.
    explored.figures.beside = {("first", "tell", "still"): Beside(pairs=FEW, same=FEW)}
    return list(changes_nothing(world, explored, compare_siblings(world, load_reference())))


def test_what_the_walk_shows_counts_before_a_few_pairs() -> None:
    """Protects a choice with a rare sequel: pairs that missed it do not make it one that changes nothing."""
    assert _found(400) == []


def test_where_pairs_alone_were_seen_what_turns_on_it_is_named() -> None:
    """Protects whoever reads it: a few pairs are told as that, with the row of the file that says otherwise."""
    (found,) = _found(0)
    assert (found.severity, found.path) == ("note", ("decisions", 0))
    assert found.text.startswith("what is answered changed nothing later in 8 pairs of playthroughs")
    assert found.text.endswith("though inject 'sequel' turns on it")


def test_where_nothing_turns_on_it_the_walk_agrees() -> None:
    """Protects the finding itself, which stays a warning by either way of exploring."""
    for states in (0, 400):
        (found,) = _found(states, reads=False)
        assert found.severity == "warning" and "changes nothing later" in found.text
