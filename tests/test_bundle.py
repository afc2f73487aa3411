"""The offline installer's parts, and the threat model's promise that each test it names exists."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BUNDLE = ROOT / "bundle"
MODEL = ROOT / "docs" / "threat-model.md"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def test_the_lock_of_the_bundle_pins_what_hosting_needs() -> None:
    """Protects the hotel room: every library of the extras for hosting and for joining is pinned, with its hashes."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [
        *project["dependencies"],
        *(line for name in ("join", "host", "postgres", "report") for line in extras[name]),
    ]
    names = {re.split(r"[<>=\[ ]", line)[0] for line in wanted} - {"exercise"}
    pinned = pins("host.txt")

    assert names | {"pip"} <= pinned.keys()
    lock = (ROOT / "requirements" / "host.txt").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9-]+==)", lock, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
    # The same versions of each, whether for a player, a host or a developer.
    for other in ("base.txt", "dev.txt"):
        assert {name: found for name, found in pins(other).items() if pinned.get(name, found) != found} == {}


def pins(lock: str) -> dict[str, set[str]]:
    """The versions that a lock pins of each library: several where they differ by Python."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def test_every_file_of_the_bundle_is_there_and_says_which_python() -> None:
    """Protects whoever unpacks it: the start scripts and the text beside them name the Python that is needed."""
    for name in ("start.sh", "start.cmd", "README.txt"):
        assert "@PYTHON@" in (BUNDLE / name).read_text(encoding="utf-8")


def a_pip() -> Path:
    """A pip as one wheel, which every Python that makes virtual environments carries."""
    import ensurepip

    found = sorted((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
    if not found:
        pytest.skip("this Python carries no wheel of pip")
    return found[0]


def small_bundle(folder: Path) -> Path:
    """A bundle of one tiny program instead of the whole, so that the real start script can be tried in a second."""
    (folder / "wheels").mkdir(parents=True)
    shutil.copy(a_pip(), folder / "wheels")
    wheel = folder / "wheels" / "exercise-1.0-py3-none-any.whl"
    inside = {
        "tiny.py": "import sys\ndef main():\n    print('started with', *sys.argv[1:])\n",
        "exercise-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: exercise\nVersion: 1.0\n",
        "exercise-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "exercise-1.0.dist-info/entry_points.txt": "[console_scripts]\nexercise = tiny:main\n",
        "exercise-1.0.dist-info/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as packed:
        for name, text in inside.items():
            packed.writestr(name, text)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (folder / "requirements.txt").write_text(f"exercise==1.0 --hash=sha256:{digest}\n")
    script = (BUNDLE / "start.sh").read_text(encoding="utf-8").replace("@PYTHON@", PYTHON)
    (folder / "start.sh").write_text(script, encoding="utf-8")
    return folder


def start(folder: Path, *words: str, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """The start script, with every way into the network leading nowhere."""
    nowhere = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "PYTHON": python}
    return subprocess.run(
        ["sh", str(folder / "start.sh"), *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **nowhere},
    )


posix = pytest.mark.skipif(os.name == "nt", reason="start.sh is for the other systems")


@posix
def test_the_start_script_sets_up_once_hands_words_on_and_may_be_moved(tmp_path: Path) -> None:
    """Protects the day itself: the first start installs, the next only starts, and a copied folder sets itself up."""
    folder = small_bundle(tmp_path / "a place with blanks")
    first, second = start(folder, "host", "card storm"), start(folder, "join")
    moved = tmp_path / "moved"
    folder.rename(moved)
    third = start(moved, "again")

    assert first.stdout == "started with host card storm\n" and "Setting up" in first.stderr
    assert second.stdout == "started with join\n" and second.stderr == ""
    assert third.stdout == "started with again\n" and "Setting up" in third.stderr


@posix
def test_a_wheel_that_was_changed_is_not_installed(tmp_path: Path) -> None:
    """Protects against a bundle that was tampered with or harmed on its stick: nothing of it is run."""
    folder = small_bundle(tmp_path / "bundle")
    with zipfile.ZipFile(folder / "wheels" / "exercise-1.0-py3-none-any.whl", "a") as packed:
        packed.writestr("more.py", "print('slipped in')")

    done = start(folder)

    assert done.returncode != 0 and "started" not in done.stdout and "hash" in done.stderr.lower()


@posix
def test_another_python_is_named_in_one_line(tmp_path: Path) -> None:
    """Protects whoever has another Python: one line says which is needed, and nothing is made."""
    folder = small_bundle(tmp_path / "bundle")

    done = start(folder, python="no-such-python")

    assert done.returncode == 2 and f"Python {PYTHON} is needed" in done.stderr
    assert len(done.stderr.splitlines()) == 1 and not (folder / "venv").exists()


def test_every_test_that_the_threat_model_names_exists() -> None:
    """Protects the document from promising: each test it leans on is there, under that very name."""
    text = MODEL.read_text(encoding="utf-8")
    named = re.findall(r"\(test: (test_\w+\.py)::(test_\w+)\)", text)
    assert len(named) == text.count("(test: ") and len(named) > 40

    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / "tests" / file).is_file()
        or not re.search(rf"^(async )?def {name}\(", (ROOT / "tests" / file).read_text(encoding="utf-8"), re.MULTILINE)
    ]

    assert missing == []


def test_every_line_of_the_threat_model_says_by_what_it_is_shown() -> None:
    """Protects the reader: no row claims a defence without a test, or a place where it is to come, or saying no."""
    rows = [line for line in MODEL.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    claims = [row for row in rows if not row.startswith(("| what might", "| ---"))]

    assert len(claims) > 40
    assert [row for row in claims if "(test" not in row and "not held" not in row] == []
    to_come = re.findall(r"\(test to come: (.*?)\)", "\n".join(rows))
    assert all(re.fullmatch(r"test_hub_\w+\.py", name) for name in to_come)
