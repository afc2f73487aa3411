"""The command line's way in: which errors become which lines and exit codes. Its commands stand in `commands`."""

from __future__ import annotations

import errno
import gc
import os
import sys
import threading
from io import TextIOWrapper
from typing import NoReturn, TextIO

from exercise.errors import DEBUG, ExerciseError

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells expect it."""
_RARELY = 100_000
"""Records made before the collector looks again: few of ours are rubbish, and looking costs a third of a start."""


def main() -> None:
    """Runs the command line; every error becomes its line on stderr and its exit code, never a traceback."""
    _forgive_odd_characters()
    gc.set_threshold(_RARELY, *gc.get_threshold()[1:])
    # Records need no plugin, and looking for one would read what every installed package says of itself.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        code = _run()
        sys.stdout.flush()
    except ExerciseError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except OSError as error:
        if _reader_gone(error):
            # What is left to flush must not raise again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            sys.exit(1)
        if DEBUG in os.environ:
            raise
        # Names too long, folders that may not be entered, a full disk: what the system says is all there is to say.
        _fail(f"{str(error.filename)[:80]}: {error.strerror}." if error.filename else f"{error.strerror}.", 2)
    except Exception as error:
        if DEBUG in os.environ:
            raise
        text = " ".join(str(error).split())[:200]
        _fail(f"The program has a fault: {type(error).__name__}: {text}. With {DEBUG}=1 it says where.", 2)
    _leave(code)


def _run() -> int:
    # A shell that completes a line asks through the environment.
    if len(sys.argv) > 1 or "_EXERCISE_COMPLETE" in os.environ:
        from exercise.cli.commands import run

        return run()
    # Without a word to read, the library that reads them is not needed, and the home screen is there the sooner.
    from exercise.cli.home import open_home

    open_home()
    return 0


def _leave(code: int) -> NoReturn:
    if code == INTERRUPTED and threading.active_count() > 1:
        # A live game reads its lines in a thread, which still holds the keyboard's lock: the interpreter, ending in
        # good order, would abort over it.
        sys.stdout.flush()
        os._exit(code)
    gc.freeze()  # All ends here: the interpreter need not look three times for rubbish in what is left.
    sys.exit(code)


def _fail(text: str, code: int) -> NoReturn:
    print(text, file=sys.stderr)
    sys.exit(code)


def _reader_gone(error: OSError) -> bool:
    """Whether it tells that the reader of our output has closed it (`| head`), to Windows an invalid argument."""
    if isinstance(error, BrokenPipeError):
        return True
    return sys.platform == "win32" and error.errno == errno.EINVAL and not error.filename


def _forgive_odd_characters() -> None:
    """Shows `?` for what a terminal's encoding lacks, and takes any byte from a pipe, rather than ending a game.

    Windows gives pipes and files the few letters of one region: there they are UTF-8 too, as all files of ours are,
    and what its editors write may begin with a mark that says so.
    """
    ours = sys.platform == "win32" and "PYTHONIOENCODING" not in os.environ
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:  # Closed by whoever started us.
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115
        elif isinstance(stream, TextIOWrapper):
            letters = None if not ours else "utf-8-sig" if name == "stdin" else "utf-8"
            stream.reconfigure(encoding=letters, errors="replace")
