"""Why a commitment is not marked for a team, as `check` says it of an option."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_author_slips import WARD, problems

TEXT = "      - { instrument: un-norms-2015 }\n"
TAG = "{ commitment: un-d, grade: honoured"


@pytest.mark.parametrize(
    ("entry", "commitment", "why"),
    [
        ("instrument: osce-cbm, accepted: 2030-06-01", "cbm-2", "accepted only from 2030-06-01"),
        ("instrument: osce-cbm, withdrawn: 2020-06-01", "cbm-2", "withdrawn from it on 2020-06-01"),
        ("instrument: budapest-convention", "bc-24", "shown as context only and never marked"),
    ],
)
def test_why_an_option_is_not_marked_is_true_of_its_text(tmp_path: Path, entry: str, commitment: str, why: str) -> None:
    """Protects whoever looks for the slip: a text of the profile is never called one that the profile lacks."""
    ward = WARD.replace(TEXT, f"{TEXT}      - {{ {entry} }}\n")
    tag = f"{{ commitment: {commitment}, grade: honoured"
    opening = f"({commitment}: in its profile, but"
    alone = [text for _, path, text in problems(tmp_path, ward.replace(TAG, tag)) if path.endswith("options[later]")]
    told = [text for text in alone if text.startswith(f"this option is never marked {opening}")]
    assert len(told) == 1 and why in told[0], alone
    both = ward.replace(TAG, f"{tag}, because: So it was done. }}\n          - {TAG}")
    beside = [text for _, path, text in problems(tmp_path, both) if path.endswith("options[later]")]
    told = [text for text in beside if opening in text]
    assert len(told) == 1 and why in told[0] and "obviously right" in told[0], beside


def test_a_text_that_was_not_yet_in_force_is_told_by_its_day(tmp_path: Path) -> None:
    """Protects stories of earlier years: the day from which the text itself holds is named."""
    ward = WARD.replace(TEXT, f"{TEXT}      - {{ instrument: osce-cbm }}\n").replace("2026-02-03", "2012-02-03")
    ward = ward.replace(TAG, "{ commitment: cbm-2, grade: honoured")
    told = [text for _, path, text in problems(tmp_path, ward) if path.endswith("options[later]")]
    assert any("cbm-2: in its profile, but in force only from 2013-12-03" in text for text in told), told
