"""How long `check` takes: on the largest scenario beside a bare start, and on made ones of up to 20,000 lines."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from benchmarks.timing import in_turn, line
from exercise.authoring.library import find, library, library_folder, read_scenario
from exercise.authoring.yaml_source import read_source

LARGEST = max(library(), key=lambda name: len(find(name).read_bytes()))
LINES = (5_000, 10_000, 20_000)


def made(lines: int) -> str:
    """A scenario of so many lines: First Light, its first inject and its first decision written again and again."""
    rows = (library_folder() / "first-light" / "scenario.yaml").read_text(encoding="utf-8").splitlines()
    each = (lines - len(rows)) // 2
    for key in ("decisions:", "injects:"):
        first, last = _item(rows, key)
        block = rows[first:last]
        name = _id(block)
        for number in range(each // len(block)):
            rows[last:last] = [
                row.replace(name, f"{name}-{number}", 1) if row.lstrip("- ").startswith("id:") and n < 2 else row
                for n, row in enumerate(block)
            ]
    return "\n".join(rows) + "\n"


def _item(rows: list[str], key: str) -> tuple[int, int]:
    """First and last line of the first item under a key."""
    first = rows.index(key) + 1
    while not rows[first].lstrip().startswith("- "):
        first += 1
    indent = len(rows[first]) - len(rows[first].lstrip())
    last = first + 1
    while rows[last].strip() == "" or len(rows[last]) - len(rows[last].lstrip()) > indent:
        last += 1
    return first, last


def _id(block: list[str]) -> str:
    return next(row.split("id:")[1].split(",")[0].strip(" {}") for row in block if "id:" in row)


def _run(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "exercise", *words], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Prints what `check` takes."""
    print("check (whole processes, median of 7)")
    bare, check = in_turn(7, lambda: _run("--version"), lambda: _run("check", LARGEST))
    line(
        f"check {LARGEST}, above a bare start",
        f"{(check - bare) * 1000:.0f} ms",
        f"whole {check * 1000:.0f} ms, bare {bare * 1000:.0f} ms",
        "under 300 ms",
    )
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for lines in LINES:
            path = Path(folder) / str(lines) / "scenario.yaml"
            shutil.copytree(find("first-light").parent / "texts", path.parent / "texts")
            path.write_text(made(lines), encoding="utf-8")
            scenario, _, _ = read_scenario(path)
            assert scenario is not None, "the made scenario is not sound"
            paths.append(path)
        whole = in_turn(3, *(lambda path=path: _run("check", str(path)) for path in paths))  # type: ignore[misc]
        for path, took in zip(paths, whole, strict=True):
            count = len(path.read_text(encoding="utf-8").splitlines())
            beside = f"{took / count * 1e6:.0f} µs a line"
            line(f"check of {count:,} lines", f"{took * 1000:.0f} ms", beside, "20,000: under 1500 ms")
        text = paths[-1].read_text(encoding="utf-8")
        mine, theirs = in_turn(
            3, lambda: read_source(paths[-1]), lambda: yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        )
        line("reading them with positions", f"{mine * 1000:.0f} ms", f"PyYAML's C loader {theirs * 1000:.0f} ms")


if __name__ == "__main__":
    main()
