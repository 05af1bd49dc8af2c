"""How a mutant reaches the tests: it stands where they look for the plan.

May know: how plans are loaded, loaded modules. May not know: pytest, mutants.
It changes the process it is called in, for good; so it is called only in a process that is thrown away.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import FunctionType
from typing import Any

from attrs import define, field

from dealerrouting.documents import plans as loading
from dealerrouting.errors import PlanError
from dealerrouting.rules import Plan

__all__ = ["Reach"]


@define
class Reach:
    """The plan that is asked about: its name on the command line, and itself.

    `asked` counts how often the plan at its path was loaded since another was put in its place.
    """

    name: str
    customs: str | None
    plan: Plan
    asked: int = field(default=0, init=False)

    @classmethod
    def of(cls, name: str, customs: str | None = None) -> Reach:
        """Load the plan; `PlanError` with everything that is wrong with it."""
        return cls(name, customs, loading.load_plan(name, customs))

    @property
    def in_python(self) -> bool:
        """Whether its name is `package.module:attribute`, and no path."""
        return ":" in self.name and not Path(self.name).exists()

    def put(self, other: Plan) -> None:
        """From here on, whoever looks for the plan in this process finds `other`."""
        if self.in_python:
            self._in_modules(other)
        else:
            self._in_loading(other)

    def _in_modules(self, other: Plan) -> None:
        """Under its name, and under every name that an imported module has given to the very same plan."""
        module, _, attribute = self.name.partition(":")
        holder: Any = sys.modules[module]
        *way, last = attribute.split(".")
        for part in way:
            holder = getattr(holder, part)
        setattr(holder, last, other)
        for loaded in list(sys.modules.values()):
            for name, value in list(vars(loaded).items()) if hasattr(loaded, "__dict__") else ():
                if value is self.plan:
                    setattr(loaded, name, other)

    def _in_loading(self, other: Plan) -> None:
        """In `load_plan` itself, so that it does not matter who has imported it already, or keeps it as a default."""
        load: Any = loading.load_plan
        code = load.__code__
        before = FunctionType(code, load.__globals__, load.__name__, load.__defaults__)
        before.__kwdefaults__ = load.__kwdefaults__
        mine = _file(self.name)

        def found(path: Any, customs: Any, say: Any) -> Any:
            if _file(path) != mine:
                return before(path, customs, say=say)
            self.asked += 1
            return other

        load.__globals__["_mutant"] = found
        load.__code__ = _found.__code__.replace(co_name=code.co_name, co_qualname=code.co_qualname)


def _found(path: Any, customs: Any = None, *, say: Any = None) -> Any:
    return _mutant(path, customs, say)  # type: ignore[name-defined]  # noqa: F821  # runs as `load_plan`, in its module


def _file(path: Any) -> Path | None:
    """The file that a path means, None where it means none."""
    try:
        return loading._file(Path(path)).resolve()
    except (OSError, PlanError, RuntimeError, TypeError, ValueError):
        return None
