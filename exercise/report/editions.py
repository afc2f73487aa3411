"""Who may read what: the facilitator's edition has everything, the participants' no page of exercise control's.

Before ENDEX there is no edition for participants: what the hot wash opens to all is closed until then.
"""

from __future__ import annotations

from exercise.errors import UsageError
from exercise.language import spoken
from exercise.report.anonymous import anonymous
from exercise.report.gather import gather
from exercise.report.model import AfterAction, Edition
from exercise.session.log import LoadedLog

EDITIONS: tuple[Edition, ...] = ("facilitator", "participants", "anonymous")


def report_of(log: LoadedLog, edition: Edition = "facilitator") -> AfterAction:
    """The report of a log in one of its editions."""
    report = gather(log)
    if edition == "facilitator":
        return report
    if edition == "anonymous" and spoken() != log.scenario.language:
        raise UsageError(
            "The anonymous edition is made in the scenario's own language only: in others names bend, and one that is "
            "overlooked would say who it was."
        )
    if not report.overview.ended:
        raise UsageError(
            f"{log.name}: the exercise has not come to ENDEX, and until then teams' decisions and requests are their "
            "own; make the facilitator's edition, or come back after ENDEX."
        )
    opened = participants(report)
    return opened if edition == "participants" else anonymous(opened, log, report.control)


def participants(report: AfterAction) -> AfterAction:
    """Without the pages of exercise control, and without whom to reach about an action."""
    return report.model_copy(
        update={
            "edition": "participants",
            "control": None,
            "plan": tuple(row.model_copy(update={"contact": ""}) for row in report.plan),
        }
    )
