"""Where the program keeps what belongs to its user: one private folder, which an environment variable can move."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from exercise.errors import StoreError

DATA_DIR = "EXERCISE_DATA_DIR"
"""Environment variable that names another folder, for tests and for a stick that travels with the facilitator."""


def data_dir() -> Path:
    """The folder for sessions, made on first use and readable by its owner only, since it holds names and secrets."""
    given = os.environ.get(DATA_DIR)
    folder = Path(given).expanduser() if given else platformdirs.user_data_path("exercise", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder}: the folder for sessions cannot be made ({error.strerror}); name another in {DATA_DIR}"
        ) from error
    return folder


def database_file() -> Path:
    """The database of sessions."""
    return data_dir() / "sessions.db"
