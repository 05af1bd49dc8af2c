"""`Sealer`: keys of companies under a pseudonym that only the holder of a secret can make.

May know: keys, hashes. May not know: leads, stores.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from secrets import token_bytes
from typing import Any

from attrs import evolve, field, frozen

from dealerrouting.errors import StoreUnavailable
from dealerrouting.identity import Key
from dealerrouting.model import Decision

__all__ = ["Sealer"]

_CHECK = "check:"
_SIZE = 16


@frozen
class Sealer:
    """Seals with a secret. A seal looks like that of `identity.sealed`, so that keys are compared as ever."""

    secret: bytes = field(repr=False)

    @staticmethod
    def new(secret: bytes | None) -> str:
        """What a desk keeps to seal by: a secret of its own, or a check of the caller's."""
        return token_bytes(32).hex() if secret is None else _CHECK + _digest(secret, b"check")

    @staticmethod
    def of(kept: str, secret: bytes | None) -> Sealer:
        """The sealer of a store; `StoreUnavailable` where the secret is not the one it was made with, if any."""
        if kept.startswith(_CHECK):
            if secret is None or not hmac.compare_digest(kept, Sealer.new(secret)):
                raise StoreUnavailable("failed", "this store was made with a secret: give the same one")
            return Sealer(secret)
        if kept and secret is not None:  # whoever gives one believes that the store does not hold it
            raise StoreUnavailable("failed", "this store was made without a secret, and keeps its own: give none")
        return Sealer(bytes.fromhex(kept) or b"unset")

    def key(self, key: Key) -> Key:
        """The key under its pseudonym."""
        return Key(key.kind, key.scope, "~" + _digest(self.secret, str(key).encode("utf-8", "surrogatepass")))

    def keys(self, keys: Iterable[Key]) -> tuple[Key, ...]:
        """All of them, sorted."""
        return tuple(sorted(map(self.key, keys), key=str))

    def content(self, command: str, data: Any) -> str:
        """A keyed hash of what a command was asked to do."""
        text = json.dumps([command, data], sort_keys=True, ensure_ascii=True, default=str)
        return _digest(self.secret, text.encode("ascii"))

    def decision(self, decision: Decision, seals: Mapping[Key, Key]) -> Decision:
        """The decision as it is kept: what the core sealed without a secret stands under ours (`seals`, by theirs).

        What nobody was looked for by, a legal form say, has no seal of ours yet, and gets one of its own.
        """
        mine = {theirs: ours for ours, theirs in seals.items()}
        company = tuple(sorted((mine.get(key) or self.key(key) for key in decision.changes.incumbent), key=str))
        return evolve(decision, changes=evolve(decision.changes, incumbent=company))


def _digest(secret: bytes, data: bytes) -> str:
    return blake2b(data, key=secret, digest_size=_SIZE).hexdigest()
