"""The executive summary: a few paragraphs of sentences, each made of facts that stand further down in the report.

Nothing is judged here that is not marked or measured there; where a record is thin, less is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median

from exercise.core.marks import RANK
from exercise.core.script import Grade
from exercise.language import SOURCE, _, spoken
from exercise.report.model import AfterAction
from exercise.report.parts import Clause, Course, Delegation, Mark, Point, Request
from exercise.report.summary_told import MOST, change, once, summary_told
from exercise.report.words import amount, counted, day, hour, listed, number, sentence, span


def summary(report: AfterAction) -> tuple[str, ...]:
    """What happened; how each team did; where the crisis went; what was strong and what needs work; who rated what."""
    if spoken() != SOURCE:
        return summary_told(report)
    paragraphs = (_course(report), _conduct(report), _indicators(report), _lessons(report), _ratings(report))
    return tuple(" ".join(sentences) for sentences in map(list, paragraphs) if sentences)


def _course(report: AfterAction) -> Iterator[str]:
    over = report.overview
    teams = listed([team.short for team in report.teams])
    when = f" on {day(over.held)}" if over.held else ""
    if over.held and over.held_until:
        when = f" from {day(over.held)} to {day(over.held_until)}"
    yield f"{over.exercise} was played{when} by {counted(len(report.teams), 'team')}: {teams}."
    state = "took" if over.ended else "has taken, so far,"
    yield (
        f"It {state} {span(over.play_seconds)} of play in {counted(len(report.moves), 'move')}, in which the story "
        f"went from {hour(over.story_from)} to {hour(over.story_until)}."
    )
    yield from _decisions(report)
    yield from _requests(report)


def _decisions(report: AfterAction) -> Iterator[str]:
    put = len(report.decisions)
    if not put:
        yield "No decision was put to anybody."
        return
    chosen = [row for row in report.decisions if row.status == "chosen"]
    lapsed = sum(row.status == "lapsed" for row in report.decisions)
    still = put - len(chosen) - lapsed
    said = f"{'The team was' if len(report.teams) == 1 else 'The teams were'} put {counted(put, 'decision')}"
    if put == 1:
        said = "One decision was put"
    if len(chosen) == put:
        said += " and answered every one of them" if put > 1 else " and answered"
    elif lapsed == put:
        said += " and let every one of them lapse" if put > 1 else " and left to lapse"
    else:
        said += f", answered {number(len(chosen))}"
        said += f" and let {number(lapsed)} lapse" if lapsed else ""
        said += f"; {number(still)} {'was' if still == 1 else 'were'} still open" if still else ""
    late = sum(row.deadline is not None and (row.answered or 0) > row.deadline for row in chosen)
    own = sum(bool(row.own_words) for row in chosen)
    more = []
    if late:
        more.append(f"{number(late)} of the answers came after the hour of the story by which {_it(late)} due")
    if own:
        more.append(f"{number(own)} of them {'was a proposal' if own == 1 else 'were proposals'} of a team's own")
    yield said + (f"; {listed(more)}" if more else "") + "."


def _it(many: int) -> str:
    return "it was" if many == 1 else "they were"


def _requests(report: AfterAction) -> Iterator[str]:
    rows = report.requests
    if not rows:
        yield "No cooperation request was sent."
        return
    asked = [row for row in rows if row.wants_answer]
    told = len(rows) - len(asked)
    said = f"In all, {counted(len(rows), 'cooperation request')} {_was(len(rows))} sent{by_bodies(report)}"
    alike = len({row.outcome for row in asked}) == 1
    words = _ENDS if report.overview.ended else _ENDS | {"open": "still open where the record stops"}
    if not asked:
        yield f"{said}; none of them asked for anything."
    elif not told:
        yield f"{said}. {_all_ended(asked, words)}" if alike else f"{said}: {_ends(asked, words)}."
    else:
        yield f"{said}, of which {number(told)} only carried information or called a contact point."
        which = f"Of the {number(len(asked))} that asked for something"
        yield _all_ended(asked, words) if alike else f"{which}, {_ends(asked, words)}."
    waits = [row.answered - row.sent for row in asked if row.answered is not None]
    if len(waits) > 1:
        middle = round(median(waits))
        wait = "no time at all" if middle < 60 else span(middle)
        yield f"Where an answer came, the median wait for it was {wait} by the story's clock."


def by_bodies(report: AfterAction) -> str:
    """How many requests no team sent: a comparison of teams counts the others only."""
    teams = {team.id for team in report.teams}
    many = sum(row.source not in teams for row in report.requests)
    if not many:
        return ""
    by = _(" ({number} by a body that exercise control played)")
    return (by if many == 1 else _(" ({number} by bodies that exercise control played)")).format(number=number(many))


_ENDS = {
    "met": "met",
    "partly": "met in part",
    "refused": "refused",
    "unanswered": "never answered",
    "withdrawn": "withdrawn",
    "open": "still open at the end",
}


def _all_ended(asked: list[Request], words: Mapping[str, str]) -> str:
    """The sentence where all of them ended in one way."""
    end = asked[0].outcome
    if len(asked) == 1:
        how = "did not get through" if end == "failed" else f"was {words[end]}"
        return f"The one that asked for something {how}."
    which = f"the {number(len(asked))} that asked for something"
    if end == "failed":
        return f"None of {which} got through."
    if end == "unanswered":
        return f"None of {which} was answered."
    every = "Both" if len(asked) == 2 else f"All {number(len(asked))}"
    return f"{every} that asked for something were {words[end]}."


def _ends(asked: list[Request], words: Mapping[str, str]) -> str:
    """How they ended; what did not get through stands apart, for nobody could answer it."""
    came = [row for row in asked if row.outcome != "failed"]
    counts = [(sum(row.outcome == outcome for row in came), said) for outcome, said in words.items()]
    (first, said), *more = [(many, said) for many, said in counts if many]
    lost = len(asked) - len(came)
    if lost and not more:
        others = f"the other {number(first)}" if first > 1 else "the other one"
        return f"{number(lost)} did not get through and {others} {_was(first)} {said}"
    ends = listed([f"{number(first)} {_was(first)} {said}", *(f"{number(many)} {said}" for many, said in more)])
    return f"{number(lost)} did not get through; of the others, {ends}" if lost else ends


def _was(many: int) -> str:
    return "was" if many == 1 else "were"


def _conduct(report: AfterAction) -> Iterator[str]:
    scored = [team for team in report.teams if team.counts.tested]
    for place, team in enumerate(scored):
        yield _team(team, place)
    rest = [team.short for team in report.teams if not team.counts.tested]
    if rest and scored:
        yield (
            f"Nothing that {listed(rest)} did falls under a text that is scored; it is shown as observation where a "
            "text is observed."
        )
    elif rest:
        yield "Nothing that was done could be scored."
    unable = sum(not row.voided for row in report.findings)
    if unable:
        yield (
            f"In {counted(unable, 'place')} a team did not have the means to do what a text asks: these are findings "
            "about capacity and no marks."
        )


def _team(team: Delegation, place: int) -> str:
    """A team's card in a sentence or two; the forms take turns, so that three teams do not read like a form."""
    found, form = team.counts, place % 3
    more = [
        f"{verb} {number(many)}{rest}"
        for verb, many, rest in (
            ("kept", found.partly, " in part"),
            ("neglected", found.neglected, ""),
            ("breached", found.breached, ""),
        )
        if many
    ]
    tested, kept = counted(found.tested, "clause"), number(found.kept)
    if found.kept == found.tested:
        every = {1: "the one clause", 2: "both clauses"}.get(found.tested, f"all of the {tested}")
        said = f"{team.short} kept {every} it was tested on"
    elif not found.kept and len(more) == 1:
        verb = "kept in part only" if found.partly else "neglected" if found.neglected else "breached"
        said = f"{team.short} kept none of the {tested} it was tested on; all were {verb}"
        if found.tested == 1:
            said = f"The one clause that {team.short} was tested on was {verb}"
    elif form == 0:
        joined = listed(more) if len(more) > 1 else f"and {more[0]}"
        said = f"{team.short} kept {kept} of the {tested} it was tested on, {joined}"
    elif form == 1:
        said = f"{team.short} was tested on {tested} and kept {kept}; it {listed(more)}"
    else:
        said = f"Of the {tested} on which {team.short} was tested it kept {kept}; it {listed(more)}"
    best, low = _best(team), _low(team)
    sure = (
        (f"It was surest in {best}", f"Its surest ground was {best}", f"What it did best was {best}")[form]
        if best
        else ""
    )
    weak = f"lowest marks stand under {low}" if low else ""
    if sure and weak:
        return f"{said}. {sure}; its {weak}."
    return f"{said}. {sure}." if sure else f"{said}. Its {weak}." if weak else f"{said}."


def _best(team: Delegation) -> str:
    """The area in which most was kept and nothing left undone."""
    whole = [row for row in team.areas if row.counts.kept > 1 and row.counts.kept == row.counts.tested]
    if not whole:
        return ""
    row = max(whole, key=lambda area: area.counts.kept)
    many = row.counts.kept
    return f"{row.title}, where {'both clauses' if many == 2 else f'all {number(many)} clauses'} were kept"


def _low(team: Delegation) -> str:
    """The clauses that came out worst, named."""
    worst = sorted(
        (row for row in team.clauses if row.status == "tested" and row.grade not in (None, Grade.HONOURED)),
        key=lambda row: RANK[row.grade or Grade.HONOURED],
    )
    if not worst or worst[0].grade is Grade.PARTLY:
        return ""
    lowest = [row for row in worst if row.grade is worst[0].grade][:2]
    return listed([_named(row) for row in lowest])


def _named(row: Clause | Point) -> str:
    return f"“{row.reference.title}” ({row.reference.cited})"


def _indicators(report: AfterAction) -> Iterator[str]:
    rows = [row for row in report.indicators if len(row.points) > 1]
    changed = [(row, change(row)) for row in rows]
    better = [pair for pair in changed if pair[1] > 0]
    worse = [pair for pair in changed if pair[1] < 0]
    if not changed:
        return
    one, several, far = ("ended", "ended", "") if report.overview.ended else ("stands", "stand", " so far")
    # One that moved and came back to where it began is neither.
    if max(len(better), len(worse)) < len(rows) and (better or worse):
        yield (
            f"Of the {counted(len(rows), 'indicator')} that moved{far}, {number(len(better))} "
            f"{f'{one} better than it' if len(better) == 1 else f'{several} better than they'} began and "
            f"{number(len(worse))} worse."
        )
    elif better or worse:
        word = "better" if better else "worse"
        which = "Every indicator" if len(rows) > 1 else "The one indicator"
        yield f"{which} that moved{far} {one} {word} than it began."
    told = []
    if better:
        told.append(_went(max(better, key=lambda pair: pair[1])[0], "moved furthest for the better"))
    if worse:
        how = "furthest for the worse" if better else "moved furthest for the worse"
        told.append(_went(min(worse, key=lambda pair: pair[1])[0], how))
    if told:
        yield "; ".join(told) + "."


def _went(row: Course, how: str) -> str:
    first, last = row.points[0][2], row.points[-1][2]
    return f"“{row.name}” {how}, from {amount(first)} to {amount(last, row.unit)}"


def _lessons(report: AfterAction) -> Iterator[str]:
    reasons = {mark.number: mark for mark in report.marks}
    strengths = once(point for row in report.objectives for point in row.strengths)
    strengths.sort(key=lambda point: -len(point.teams))
    improve = once(point for row in report.objectives for point in row.improvements)
    improve.sort(key=lambda point: (RANK[point.grade], -len(point.teams)))
    if strengths:
        yield f"Among what went well, {listed(_kept(report, strengths[:MOST]))}."
    if improve:
        yield from _needs(report, improve[:MOST], reasons)


def _kept(report: AfterAction, points: list[Point]) -> list[str]:
    """Strengths, those of the same teams together."""
    by_teams: dict[tuple[str, ...], list[str]] = {}
    for point in points:
        by_teams.setdefault(point.teams, []).append(_named(point))
    said = []
    for ids, named in by_teams.items():
        alike = " alike" if len(ids) > 2 else ""
        said.append(f"{listed(named)} {_was(len(named))} kept by {listed([report.team_name(id) for id in ids])}{alike}")
    return said


_DID = {Grade.BREACHED: "breached by", Grade.NEGLECTED: "neglected by", Grade.PARTLY: "kept only in part by"}


def graded(report: AfterAction, point: Point) -> str:
    """`neglected by Averne and kept only in part by Cadria`."""
    by: dict[Grade, list[str]] = {}
    for id, grade in sorted(zip(point.teams, point.grades, strict=True), key=lambda pair: RANK[pair[1]]):
        by.setdefault(grade, []).append(report.team_name(id))
    return listed([f"{_DID.get(grade, 'kept by')} {listed(teams)}" for grade, teams in by.items()])


def _needs(report: AfterAction, points: list[Point], reasons: dict[int, Mark]) -> Iterator[str]:
    quoted: set[tuple[str, str]] = set()
    for place, point in enumerate(points):
        opening = ("What needs work first is ", "Next comes ", "There is also ")[min(place, 2)]
        said = f"{opening}{_named(point)}, {graded(report, point)}"
        if not point.marks:
            yield said + "."
            continue
        mark = reasons[point.marks[0]]
        if (mark.team, mark.why) in quoted:
            yield f"{said}, for the same reason."
            continue
        quoted.add((mark.team, mark.why))
        who = "the record says" if mark.why == mark.reason else "the evaluators say"
        whose = f" of {report.team_name(mark.team)}" if len(point.teams) > 1 else ""
        on = f" on “{mark.title}”" if mark.title else ""
        # What stands in quotation marks of its own is quoted inside a quotation here.
        why = sentence(mark.why).translate({ord("“"): "‘", ord("”"): "’"})
        yield f"{said}; {who}{whose}{on}: “{why}”"


def _ratings(report: AfterAction) -> Iterator[str]:
    rated = [(row, [one.rating for one in row.ratings]) for row in report.objectives if row.ratings]
    if rated:
        said = [f"“{row.title}” {' and '.join(ratings)}" for row, ratings in rated]
        yield f"The evaluators rated {listed(said)}."
    elif report.objectives:
        yield (
            "No evaluator has rated the objectives yet; the ratings printed beside them are suggested by the program "
            "from the marks."
        )
    if report.agreement is not None and report.agreement.compared:
        yield report.agreement.words
