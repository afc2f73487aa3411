"""The survey's answers in a database.

A row holds neither person nor time. Whoever hands in has all rows of the session written anew, shuffled and under new
random ids, so that neither the place of a row, nor the transaction that wrote it, nor its neighbours tell whose it is.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from exercise.session import tables as t
from exercise.session.sheets import DRAFT, SHUT, Answers, refuse_twice, shuffled


def hand_in(db: sa.Connection, session_id: str, who: str, answers: Answers, drafted_by: str) -> None:
    """Keeps one person's answers among the others', all or nothing; raises `CommandRejected`."""
    known = lock(db, session_id)
    refuse_twice(known, who)
    rows = [*held(db, session_id), *answers]
    db.execute(t.answers.delete().where(t.answers.c.session == session_id))
    db.execute(t.answered.delete().where(t.answered.c.session == session_id))
    if rows:
        made = [{"question": question, "text": text} for question, text in shuffled(rows)]
        db.execute(t.answers.insert(), [{"session": session_id, "id": secrets.token_hex(12), **row} for row in made])
    db.execute(t.answered.insert(), [{"session": session_id, "who": one} for one in shuffled([*known, who])])
    _forget_draft(db, session_id, t.kept.c.person == drafted_by)


def lock(db: sa.Connection, session_id: str) -> frozenset[str]:
    """Who has answered, as it stays until this transaction ends: of two hubs the second waits."""
    db.execute(sa.select(t.sessions.c.id).where(t.sessions.c.id == session_id).with_for_update())
    return answered(db, session_id)


def answered(db: sa.Connection, session_id: str) -> frozenset[str]:
    """Digests of those who have answered, with `SHUT` once no more is taken."""
    own = t.answered.c
    return frozenset(db.execute(sa.select(own.who).where(own.session == session_id)).scalars())


def held(db: sa.Connection, session_id: str) -> Answers:
    """All answers, shuffled."""
    own = t.answers.c
    rows = db.execute(sa.select(own.question, own.text).where(own.session == session_id)).all()
    return tuple((question, text) for question, text in shuffled(rows))


def shut(db: sa.Connection, session_id: str) -> Answers:
    """From now on nothing is taken; what is held."""
    if SHUT not in lock(db, session_id):
        db.execute(t.answered.insert(), {"session": session_id, "who": SHUT})
    return held(db, session_id)


def forget(db: sa.Connection, session_id: str) -> None:
    """Deletes answers, who has answered, and what is half-written; what is shut stays so."""
    own = t.answered.c
    db.execute(t.answers.delete().where(t.answers.c.session == session_id))
    db.execute(t.answered.delete().where(own.session == session_id, own.who != SHUT))
    _forget_draft(db, session_id, sa.true())


def _forget_draft(db: sa.Connection, session_id: str, whose: sa.ColumnElement[bool]) -> None:
    db.execute(t.kept.delete().where(t.kept.c.session == session_id, t.kept.c.key == DRAFT, whose))
