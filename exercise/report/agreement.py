"""How far evaluators agree on the marks: Krippendorff's alpha by a kept library, simple percent, and each dissent.

A figure alone would hide what it is made of, so it never goes without the list of disagreements.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from exercise.core.evaluation.outcome import Evaluated, Verdict
from exercise.core.marks import RANK
from exercise.core.script import Grade
from exercise.errors import UsageError
from exercise.language import _
from exercise.report.words import counted, figure, number, upper

NOT_FOR_CERTAIN = 0.667
RELIABLE = 0.8
"""Krippendorff's own bounds: below the first nothing is concluded, from the second on agreement is good."""
ENOUGH = 10
"""Graded marks from which on alpha is given a word of worth. This program's own choice: over a handful of marks one
grade can move alpha from one of those bounds to the other."""


@dataclass(frozen=True, eq=False)
class Agreement:
    """What comes of laying evaluators' judgments side by side."""

    evaluators: int
    compared: int
    """Marks that at least two evaluators judged."""
    same: int
    """Those on which all of them came to the same."""
    graded: int
    """Those to which at least two gave a grade: what alpha is made of."""
    alpha: float | None
    """Krippendorff's alpha, ordinal over the four grades; None where it cannot be computed."""
    why_not: str
    """Why there is no alpha, else ''."""
    disagreements: tuple[Verdict, ...]
    """Marks on which they differed, settled since or not."""

    @property
    def percent(self) -> float | None:
        """Of the marks compared, how many in a hundred were judged the same; None where none was."""
        return 100 * self.same / self.compared if self.compared else None

    @property
    def words(self) -> str:
        """The figures as a sentence, with what they are worth."""
        if self.percent is None:
            return _("No mark was judged by two evaluators, so nothing can be said about their agreement.")
        said = _(
            "{evaluators} judged {compared} together and came to the same on {same} ({percent:.0f} per cent)."
        ).format(
            evaluators=upper(counted(self.evaluators, "evaluator")),
            compared=counted(self.compared, "mark"),
            same=number(self.same),
            percent=self.percent,
        )
        if self.alpha is None:
            return _("{said} Krippendorff's alpha cannot be given: {why_not}.").format(said=said, why_not=self.why_not)
        worth = (
            _("fewer than {enough} graded marks are too few to tell how far they agree").format(enough=number(ENOUGH))
            if self.graded < ENOUGH
            else _("good agreement")
            if self.alpha >= RELIABLE
            else _("enough for careful conclusions")
            if self.alpha >= NOT_FOR_CERTAIN
            else _("too little to conclude much from single marks")
        )
        return _("{said} Krippendorff's alpha, ordinal over the four grades, is {alpha}: {worth}.").format(
            said=said, alpha=figure(f"{self.alpha:.2f}"), worth=worth
        )


def agreement(evaluated: Evaluated) -> Agreement:
    """Lay the judgments side by side; a mark that one held not to apply counts in percent, not in alpha.

    'Does not apply' has no place in the order of grades, so for alpha it is a judgment not given.
    """
    together = [verdict for verdict in evaluated.verdicts if len(verdict.judgments) > 1]
    differing = tuple(verdict for verdict in together if len(_given(verdict)) > 1)
    alpha, why_not = _alpha(evaluated, together)
    graded = sum(sum(row.grade is not None for row in verdict.judgments.values()) > 1 for verdict in together)
    return Agreement(
        evaluators=len(evaluated.evaluators),
        compared=len(together),
        same=len(together) - len(differing),
        graded=graded,
        alpha=alpha,
        why_not=why_not,
        disagreements=differing,
    )


def _given(verdict: Verdict) -> set[Grade | None]:
    return {row.grade for row in verdict.judgments.values()}


def _alpha(evaluated: Evaluated, together: list[Verdict]) -> tuple[float | None, str]:
    rows = [
        [
            float("nan") if (row := verdict.judgments.get(one.seat)) is None or row.grade is None else RANK[row.grade]
            for verdict in together
        ]
        for one in evaluated.evaluators
    ]
    columns = [[value for value in column if not isnan(value)] for column in zip(*rows, strict=True)]
    paired = [column for column in columns if len(column) > 1]
    if not paired:
        return None, _("no mark was graded by two of them")
    if len({value for column in paired for value in column}) < 2:
        return None, _("all their grades are the same, and chance agreement has no measure then")
    try:
        from krippendorff import alpha
    except ImportError:
        raise UsageError(
            "Agreement is computed by a library that is not installed: pip install 'exercise[report]'"
        ) from None
    found = alpha(reliability_data=rows, level_of_measurement="ordinal", value_domain=[*range(len(RANK))])
    return float(found), ""
