"""The refusals of the rules that name something, so that each person is told them in a language of their own.

The rules refuse in English and with the author's titles, since they know nobody's language. What has no hole in it is
in the interface's own words anyhow; what fits no sentence here stays as it is.
"""

from __future__ import annotations

from functools import cache

from exercise.core.reasons import Patterns, patterns_of, told_by
from exercise.core.scenario import Scenario
from exercise.core.wording import words_of
from exercise.language import N_, SOURCE, _, speaking

WORDS = (
    # How a request stands.
    N_("is still on its way"),
    N_("did not get through"),
    N_("waits for what is missing"),
    N_("waits for the conditions to be accepted"),
    N_("ended, for its conditions were declined"),
    N_("has been refused"),
    N_("has lapsed"),
    N_("has been withdrawn"),
    N_("has been fulfilled"),
    N_("has been accepted"),
    N_("waits for an answer"),
)
"""Words of the program's own that fill a sentence, where its hole is called `label`."""

SENTENCES = (
    N_("The window for “{title}” has closed."),
    N_("“{title}” has changed since you opened it; look at it again."),
    N_("{team} already answered “{title}” at {time}: {answer}."),
    N_("{team} has not yet answered “{title}”."),
    N_("“{title}” takes one of the options listed."),
    N_("“{title}” has no such option now."),
    N_("“{title}” is no longer open."),
    N_("{who} holds the pen for “{title}” and answers it for the team."),
    N_("{who} holds the pen; wait until it is put down."),
    N_("{who} holds the pen."),
    N_("{who} acts for this seat; you read along until control settles it."),
    N_("There is no vote on “{title}”; it is answered directly."),
    N_("Your team votes on “{title}”: choose a listed option."),
    N_("Nobody has voted on “{title}” yet."),
    N_("This request {label}; it takes no answer now."),
    N_("This request {label}; nothing can be added to it."),
    N_("This request {label}; there are no conditions to accept."),
    N_("This request {label}; there is nothing to carry out."),
    N_("“{kind}” asks for nothing more; answer it as it is."),
    N_("“{kind}” knows no such ground of refusal."),
    N_("“{kind}” carries nothing; send it with another kind."),
    N_("“{entry}” takes no requests; choose another entry."),
    N_("{who} has claimed it."),
    N_("No bot plays {team}."),
    N_("What is true of “{fact}” is not known."),
    N_("The last move ends at {time}; nothing comes after it."),
    N_("It is {time} already; give a later time, or release it now."),
    N_("{name} has no seat."),
    N_("Inject '{name}' has been released already."),
    N_("Inject '{name}' is released or held already."),
    N_("Inject '{name}' is skipped already."),
    N_("Inject '{name}' is skipped, and comes only by hand already."),
    N_("Inject '{name}' is not out, so it cannot be withdrawn."),
    N_("Nothing about inject '{name}' is changed by this."),
    N_("Decision '{name}' is not open."),
    N_("Decision '{name}' is open."),
    N_("Decision '{name}' has not been put yet."),
    N_("Mark '{name}' is void already."),
    N_("'{name}' is no team or role; `all` reaches everybody."),
    N_("There are {count} evaluators already."),
    N_("Say why, in {count} words or more."),
)


def refusal_told(text: str, read: Scenario) -> str:
    """A refusal in the language in which somebody reads the scenario, with the titles that they read."""
    with speaking(read.language):
        if read.language == SOURCE:
            return text
        whole = _(text)
        if whole != text:
            return whole
        said = words_of(read)
        return said.get(text) or told_by(_patterns(), text, said)


@cache
def _patterns() -> Patterns:
    return patterns_of(SENTENCES)
