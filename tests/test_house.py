"""The house stands: floors, purity, the front door, and what importing it loads."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dealerrouting

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "dealerrouting"
CORE = (
    "rules",
    "sla",
    "registrations",
    "model",
    "terms",
    "events.py",
    "telling.py",
    "calendar",
    "postcode",
    "geo.py",
    "taxonomy.py",
)
CORE += ("identity", "errors.py", "mapping.py")
IMPURE_CALLS = {"open", "print", "input", "eval", "exec", "compile", "now", "today", "utcnow", "time", "breakpoint"}
needs_source = pytest.mark.skipif(not SOURCE.exists(), reason="the sources are not beside these tests")


def run(*arguments, cwd=ROOT):
    return subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def lint_imports(cwd):
    code = (
        f"import sys; sys.path.insert(0, {str(cwd / 'src')!r}); sys.argv = ['lint-imports', '--no-logo', '--no-cache'];"
        "from importlinter.cli import lint_imports_command as main; main()"
    )
    return run("-c", code, cwd=cwd)


def impure_calls(path):
    """Calls that read a clock, a file or a mind: what an import contract cannot see."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if name in IMPURE_CALLS:
                yield f"{path.name}:{node.lineno} {name}()"


def modules(room):
    return sorted(room.rglob("*.py")) if room.is_dir() else [room]


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@needs_source
@pytest.mark.slow
def test_imports_go_down_only():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@needs_source
@pytest.mark.slow
@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("rules/route.py", "import random"),
        ("postcode/codes.py", "from dealerrouting.model import Lead"),
        ("geo.py", "from dealerrouting import taxonomy"),
        ("rules/plan.py", "import pydantic"),
        ("model/lead.py", "import pygeohash"),
        ("attic.py", "x = 1"),
    ],
)
def test_a_forbidden_import_turns_the_floors_red(copy, room, line):
    path = copy / "src" / "dealerrouting" / room
    path.write_text((path.read_text("utf-8") if path.exists() else "") + f"\n{line}\n", "utf-8")
    result = lint_imports(copy)
    assert result.returncode != 0, result.stdout


@needs_source
@pytest.mark.pure
def test_the_core_calls_no_clock_and_no_file():
    paths = [path for room in CORE for path in modules(SOURCE / room)]
    assert len(paths) > 15
    assert [found for path in paths for found in impure_calls(path)] == []


@needs_source
@pytest.mark.pure
@pytest.mark.parametrize("line", ["datetime.now(UTC)", "open('x')", "eval('1')"])
def test_an_impure_call_is_seen(tmp_path, line):
    path = tmp_path / "room.py"
    path.write_text(f"x = {line}\n", "utf-8")
    assert list(impure_calls(path))


@needs_source
@pytest.mark.pure
def test_every_module_says_what_it_may_know():
    silent = []
    for path in sorted(SOURCE.rglob("*.py")):
        words = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").lower()
        if "may know" not in words and path.parent.name != "catalogues" and path.name != "__init__.py":
            silent.append(str(path.relative_to(SOURCE)))
    assert silent == []


@pytest.mark.pure
def test_importing_loads_the_standard_library_attrs_and_itself():
    code = (
        "import sys; before = set(sys.modules); import dealerrouting;"
        "print(' '.join(sorted({m.partition('.')[0] for m in set(sys.modules) - before})))"
    )
    loaded = set(run("-I", "-c", code).stdout.split())
    assert "dealerrouting" in loaded
    foreign = {n for n in loaded if n not in sys.stdlib_module_names and not n.startswith("_sysconfigdata")}
    assert foreign == {"dealerrouting", "attr", "attrs"}


@pytest.mark.pure
def test_the_front_door_is_complete_and_small():
    for name in dealerrouting.__all__:
        assert getattr(dealerrouting, name).__module__.startswith("dealerrouting") or name in {"by", "where"}
    assert dealerrouting.__all__ == sorted(dealerrouting.__all__, key=lambda n: (not n[0].isupper(), n))
    assert len(dealerrouting.__all__) <= 36


@pytest.mark.pure
def test_the_package_is_typed():
    assert (Path(dealerrouting.__file__).parent / "py.typed").exists()
