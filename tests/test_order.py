"""What a package says of the order of its modules is so."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import dealerrouting

pytestmark = pytest.mark.pure

ROOT = Path(dealerrouting.__file__).parent
SAYS = "each module imports only those named before it"


def said(package):
    """The modules in the order in which the package names them, or None where it names none.

    A name stands for all modules that begin with it too: `cases` for `cases_facts`.
    """
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8"))) or ""
    return text.partition(SAYS)[2].split("`")[1::2] if SAYS in text else None


def imported(module, package):
    """The modules of its own package that a module imports; what only its annotations name it does not."""
    name = ".".join(("dealerrouting", *package.relative_to(ROOT).parts))
    tree = ast.parse(module.read_text("utf-8"))
    typing = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    told = {id(node) for block in typing for node in block.body}
    for node in (node for node in ast.walk(tree) if id(node) not in told):
        if isinstance(node, ast.ImportFrom) and node.module == name:
            yield from (one.name for one in node.names if (package / f"{one.name}.py").exists())
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{name}."):
            yield node.module.removeprefix(f"{name}.").split(".")[0]


PACKAGES = [one for one in sorted(path.parent for path in ROOT.rglob("__init__.py")) if said(one) is not None]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: str(package.relative_to(ROOT)))
def test_modules_import_only_those_named_before_them(package):
    order = said(package)
    modules = {path.stem for path in package.glob("*.py")} - {"__init__"}
    place = {name: at for name in modules for at, one in enumerate(order) if name == one or name.startswith(f"{one}_")}
    assert modules == place.keys(), "every module is named"
    for name in modules:
        mine = imported(package / f"{name}.py", package)
        late = [one for one in mine if one.partition("_")[0] != name.partition("_")[0] and place[one] >= place[name]]
        assert not late, f"{name} imports {late}"


def test_several_packages_say_so():
    assert len(PACKAGES) >= 10
