"""The rules of the house that no linter knows: sizes, names, purity and what may never be called."""

from __future__ import annotations

import ast
import re
from importlib.metadata import requires
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
PACKAGE = HOUSE / "assistant"
MOST_LINES_A_FILE = 300  # chosen: what one reading holds
MOST_LINES_A_FUNCTION = 60  # chosen; tests/test_sizes.py holds the package itself to 50
ROOMS = ["capture", "decode", "encode", "interpret", "messages", "respond", "show", "speak", "store", "terminal"]
ROOMS += ["testing", "web", "wire"]
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "data", "core"}
PURE = [
    *(PACKAGE / "messages").rglob("*.py"),
    *(PACKAGE / "interpret").rglob("*.py"),
    *(PACKAGE / "respond").rglob("*.py"),
    *(PACKAGE / "show").rglob("*.py"),
    PACKAGE / "body.py",
    PACKAGE / "language.py",
    PACKAGE / "picture.py",
    PACKAGE / "screening.py",
    PACKAGE / "sentence.py",
    PACKAGE / "routine.py",
    PACKAGE / "template.py",
]
NETWORK = {"aiohttp", "asyncio", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "socketserver", "ssl"}
NETWORK |= {"starlette", "telnetlib", "urllib", "urllib3", "uvicorn", "websockets", "xmlrpc"}
KNOW_THE_NETWORK = {
    "assistant/store/models/download.py": {"http", "urllib"},
    "assistant/web/door.py": {"socket"},
    "assistant/web/guard.py": {"starlette"},
    "assistant/web/lan.py": {"asyncio", "starlette"},
    "assistant/web/lan_gate.py": {"asyncio", "starlette"},
    "assistant/web/lan_socket.py": {"socket"},
    "assistant/web/paced_socket.py": {"asyncio", "uvicorn"},
    "assistant/web/pages.py": {"asyncio"},
    "assistant/web/reception.py": {"starlette"},
    "assistant/web/screen_page.py": {"asyncio"},
    "assistant/web/server.py": {"asyncio", "starlette", "uvicorn"},
    "assistant/web/settings_route.py": {"asyncio", "starlette"},
    "assistant/web/sound_socket.py": {"asyncio", "starlette"},
}
"""The download fetches; the page's door listens on loopback, lan_socket where a person chose; no other file does."""


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (HOUSE / folder).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def named(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def imported(path: Path) -> set[str]:
    """Top-level names of every module that a file imports, also inside its functions."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def called(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def test_the_folders_sort_into_the_pipeline():
    """Every listing of the package shows the journey of a sound, in order."""
    folders = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file())

    assert folders == ROOMS


@pytest.mark.parametrize("path", python_files("assistant", "tests", "benchmarks", "scripts"), ids=named)
def test_a_file_is_read_in_one_sitting(path):
    """No file is longer than 300 lines, no function longer than 60."""
    lines = path.read_text(encoding="utf-8").splitlines()
    long = [each.name for each in functions(path) if (each.end_lineno or 0) - each.lineno >= MOST_LINES_A_FUNCTION]

    assert long == []
    assert len(lines) <= MOST_LINES_A_FILE


@pytest.mark.parametrize("path", python_files("assistant"), ids=named)
def test_a_name_says_what_is_inside(path):
    """There is no drawer for odds and ends."""
    assert path.stem not in NAMES_THAT_SAY_NOTHING


@pytest.mark.parametrize("path", python_files("assistant"), ids=named)
def test_only_the_model_download_and_the_page_know_the_network(path):
    """Also imports inside functions and by name count, which import contracts cannot see."""
    text = path.read_text(encoding="utf-8")
    by_name = re.findall(r"(?:import_module|__import__)\(\s*[\"']([a-z]+)", text)

    reached = (imported(path) | set(by_name)) & NETWORK

    assert reached == KNOW_THE_NETWORK.get(named(path), set())


@pytest.mark.parametrize("path", PURE, ids=named)
def test_a_pure_room_takes_values_and_gives_values(path):
    """It opens nothing, prints nothing, asks nothing: built-in functions need no import, so no contract sees them."""
    names = {call.func.id for call in called(path) if isinstance(call.func, ast.Name)}

    assert not names & {"open", "print", "input", "exec", "eval", "__import__", "breakpoint"}


@pytest.mark.parametrize("path", python_files("assistant"), ids=named)
def test_vosk_is_never_asked_for_a_model_by_name(path):
    """`Model(model_name=...)` downloads without a hash and ends the process when it fails; only a path is given."""
    keywords = [keyword.arg for call in called(path) for keyword in call.keywords]
    loose = [call for call in called(path) if getattr(call.func, "id", getattr(call.func, "attr", "")) == "Model"]

    assert not {"model_name", "lang"} & set(keywords)
    assert all(call.args or call.keywords for call in loose)


@pytest.mark.parametrize("path", [path for path in python_files("tests") if path.name.startswith("test_")], ids=named)
def test_every_test_says_what_holds(path):
    """Each test has a sentence in the present tense that ends with a full stop."""
    tests = [each for each in functions(path) if each.name.startswith("test_")]

    silent = [each.name for each in tests if not (ast.get_docstring(each) or "").rstrip().endswith((".", "!", "?"))]

    assert silent == []


@pytest.mark.parametrize("lock", [f"requirements{kind}.lock" for kind in ("", "-build", "-extras", "-dev")])
def test_a_lock_names_every_file_by_its_hash_and_no_place(lock):
    """Packages come from wherever the person's pip looks; what comes is known beforehand."""
    text = (HOUSE / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())

    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"://|^\s*--(?!hash).*|^\s*-[a-z].*", text, flags=re.MULTILINE) == []


def test_the_lock_holds_every_package_that_is_asked_for():
    """Whoever adds a dependency also makes the lock anew: make lock."""
    locked = {
        name.lower()
        for name in re.findall(r"^([\w.-]+)==", (HOUSE / "requirements.lock").read_text(), flags=re.MULTILINE)
    }
    asked = {re.split(r"[^\w.-]", line)[0].lower() for line in requires("tuina") or [] if "extra ==" not in line}

    assert asked - locked == set()
    assert len(asked) > 10


@pytest.mark.parametrize("path", sorted(HOUSE.glob("*.lock")) + sorted((HOUSE / ".ci").iterdir()), ids=named)
def test_nothing_but_pip_knows_where_packages_come_from(path):
    """No registry's address and no path of one machine stands in what sets us up."""
    assert not re.search(r"index-url|find-links|/home/|/root/|/tmp/", path.read_text(encoding="utf-8"))


def test_telemetry_is_off_wherever_onnxruntime_is_loaded():
    """Every file that loads onnxruntime, also through the natural voice, sets the variable that keeps it silent."""
    loading = [
        path
        for path in python_files("assistant", "benchmarks", "scripts")
        if imported(path) & {"hibari", "onnxruntime"}
    ]

    assert PACKAGE / "speak" / "hibari_voice.py" in loading
    assert [named(path) for path in loading if "ORT_DISABLE_TELEMETRY" not in path.read_text(encoding="utf-8")] == []
