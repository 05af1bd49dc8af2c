"""Steps: a command written once, for stores that answer at once and for stores that are awaited.

May know: ports. May not know: any command.
A command is a generator: it yields a `Call` of the store (or of the caller's facts) and is sent what that answered; an
error of the store is raised where the call was made. The two drivers below are all the difference there is.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Mapping
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, get_args

from attrs import field, frozen

from dealerrouting.desk.config import Config

__all__ = ["Call", "Steps", "asked", "awaited", "drive", "drive_async", "store"]

T = TypeVar("T")
P = ParamSpec("P")


@frozen
class Call:
    """One method of a port to be called: `store` or `facts`."""

    port: str
    method: str
    args: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(factory=dict)


Steps = Generator[Call, Any, T]


def store(method: str, *args: Any, **named: Any) -> Steps[Any]:
    """Ask the store."""
    return (yield Call("store", method, args, named))


def drive(steps: Steps[T], ports: Mapping[str, Any]) -> T:
    """Take all the steps, with ports that answer at once."""
    answer, error = None, None
    while True:
        try:
            call = steps.send(answer) if error is None else steps.throw(error)
        except StopIteration as done:
            result: T = done.value
            return result
        answer, error = None, None
        try:
            answer = getattr(ports[call.port], call.method)(*call.args, **call.named)
        except Exception as raised:  # the command decides what it means
            error = raised


async def drive_async(steps: Steps[T], ports: Mapping[str, Any]) -> T:
    """Take all the steps, with ports that are awaited."""
    answer, error = None, None
    while True:
        try:
            call = steps.send(answer) if error is None else steps.throw(error)
        except StopIteration as done:
            result: T = done.value
            return result
        answer, error = None, None
        try:
            answer = await getattr(ports[call.port], call.method)(*call.args, **call.named)
        except Exception as raised:  # the command decides what it means
            error = raised


class HasDesk(Protocol):
    """What a desk of either kind has."""

    config: Config
    ports: Mapping[str, Any]


def asked(command: Callable[Concatenate[Config, P], Steps[T]]) -> Callable[Concatenate[Any, P], T]:
    """The command as a method of a desk whose ports answer at once."""

    @wraps(command)
    def method(desk: HasDesk, /, *args: P.args, **named: P.kwargs) -> T:
        return drive(command(desk.config, *args, **named), desk.ports)

    _named_as_called(method, command)
    return method


def awaited(
    command: Callable[Concatenate[Config, P], Steps[T]],
) -> Callable[Concatenate[Any, P], Coroutine[Any, Any, T]]:
    """The command as a method of a desk whose ports are awaited."""

    @wraps(command)
    async def method(desk: HasDesk, /, *args: P.args, **named: P.kwargs) -> T:
        return await drive_async(command(desk.config, *args, **named), desk.ports)

    _named_as_called(method, command)
    return method


def _named_as_called(method: Any, command: Any) -> None:
    """`help` shows the arguments as they are given, and what comes back."""
    known = signature(command, eval_str=True)
    first, *others = known.parameters.values()
    answer = (get_args(known.return_annotation) or (Any,))[-1]
    method.__signature__ = Signature(
        [first.replace(name="self", annotation=Parameter.empty), *others], return_annotation=answer
    )
