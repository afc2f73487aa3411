"""Times and lengths as authors write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.core.times import format_duration, format_exercise_time, parse_duration, parse_exercise_time


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("T+0:00", 0), ("T+1:30", 5400), ("T-0:20", -1200), ("T+100:00", 360_000), ("T+0:00:05", 5), (" T+2:00 ", 7200)],
)
def test_a_time_of_the_story_is_hours_and_minutes(text: str, seconds: int) -> None:
    """Protects the reading of `T+1:30` as one hour and a half, never as minutes and seconds."""
    assert parse_exercise_time(text) == seconds


@pytest.mark.parametrize("bad", ["1:30", "T1:30", "T+1:60", "T+1", "", "T+1:3", "t+1:30", "T+١:30", "T+1:30x", None])
def test_what_is_no_time_of_the_story_is_refused(bad: object) -> None:
    """Protects authors from a time that is read as something else."""
    with pytest.raises(ValueError, match=r"T\+1:30"):
        parse_exercise_time(bad)


@pytest.mark.parametrize("number", [90, 0, 1.5, True])
def test_a_bare_number_is_no_time(number: object) -> None:
    """Protects against YAML's reading of `1:30` as the number 90, and against a number whose unit is a guess."""
    with pytest.raises(ValueError, match=r"T\+1:30"):
        parse_exercise_time(number)
    with pytest.raises(ValueError, match="90m"):
        parse_duration(number)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90m", 5400), ("1h30m", 5400), ("2d", 172_800), ("45s", 45), ("0m", 0), ("1h 30m", 5400)]
)
def test_a_length_of_time_has_units(text: str, seconds: int) -> None:
    """Protects the reading of lengths."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("bad", ["", "90", "m", "1.5h", "-5m", "30m1h", "5 minutes", "٩m", None])
def test_what_is_no_length_of_time_is_refused(bad: object) -> None:
    """Protects authors from a length that is read as something else."""
    with pytest.raises(ValueError, match="90m"):
        parse_duration(bad)


@given(st.integers(-9999 * 3600, 9999 * 3600 + 3599))
def test_a_time_of_the_story_comes_back_as_written(seconds: int) -> None:
    """Protects times that pass through a log or an exported file."""
    assert parse_exercise_time(format_exercise_time(seconds)) == seconds


_PART = st.one_of(st.integers(0, 99), st.integers(0, 10**6))


@given(
    st.tuples(_PART, _PART, _PART, _PART).map(lambda n: f"{n[0] % 1000}d{n[1] % 10000}h{n[2] % 100000}m{n[3]}s"[:40])
)
def test_every_length_that_is_read_can_be_written_and_read_again(text: str) -> None:
    """Protects lengths that pass through a log: whatever the parser accepts, it accepts again as it is printed."""
    try:
        seconds = parse_duration(text)
    except ValueError:
        return
    assert parse_duration(format_duration(seconds)) == seconds
