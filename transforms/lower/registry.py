# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The registry of lowering rules: from an operation's name and a target to the rule, by providers that it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from mograph.transforms.lower.rule import Rule

__all__ = [
    "ANY_TARGET",
    "LoweringRegistry",
    "MissingRuleError",
    "ModuleRules",
    "Provider",
    "current",
    "first_party",
    "set_default",
    "using",
]

ANY_TARGET = "*"
"""Stands for every target in a rule's key."""


class MissingRuleError(LookupError):
    """No provider has a rule for an operation on a target.

    The message names both, the nearest rules, and where it was searched.
    """


class Provider(Protocol):
    """What gives rules. A plugin host is one, and so is any table."""

    @property
    def searched(self) -> Sequence[str]:
        """What a message calls the places that were searched: the names of plugins."""

    def keys(self) -> Iterable[tuple[str, str]]:
        """The (operation, target) of each rule, target `*` for rules that serve every one. Imports nothing."""

    def load(self, op: str, target: str) -> Rule:
        """The rule of one of the keys."""


class LoweringRegistry:
    """Finds rules: the first provider wins, and of one provider the rule for the very target, before that for all."""

    def __init__(self, *providers: Provider) -> None:
        self._providers = providers
        self._keys = [frozenset(provider.keys()) for provider in providers]
        self._loaded: dict[tuple[str, str], Rule] = {}

    def find(self, op: str, target: str) -> Rule:
        """The rule for the operation named `op`. Raises `MissingRuleError`, or what loading the rule raises."""
        found = self._loaded.get((op, target))
        if found is None:
            found = self._loaded[op, target] = self._load(op, target)
        return found

    def _load(self, op: str, target: str) -> Rule:
        for provider, keys in zip(self._providers, self._keys, strict=True):
            for of in (target, ANY_TARGET):
                if (op, of) in keys:
                    return provider.load(op, of)
        raise MissingRuleError(self._missing(op, target))

    def _missing(self, op: str, target: str) -> str:
        keys = [key for keys in self._keys for key in keys]
        elsewhere = sorted({of for name, of in keys if name == op})
        from difflib import get_close_matches  # only the way to an error needs it

        near = get_close_matches(op, sorted({name for name, of in keys if of in (target, ANY_TARGET)}), n=3)
        searched = [name for provider in self._providers for name in provider.searched]
        parts = [f"no lowering rule for '{op}' on target '{target}'"]
        if elsewhere:
            parts.append(f"there is one for {', '.join(elsewhere)}")
        if near:
            parts.append(f"the nearest rules are for {', '.join(near)}")
        parts.append(f"searched: {', '.join(searched) or 'nothing'}")
        return "; ".join(parts)


class ModuleRules:
    """The rules of the modules of one package, each with `OPS` and `RULES`, for one target or all. Importing it imports
    these modules.
    """

    def __init__(self, package: str, target: str = ANY_TARGET) -> None:
        self.searched = [package]
        self._rules: dict[tuple[str, str], Rule] = {}
        for info in iter_modules(import_module(package).__path__):
            module = import_module(f"{package}.{info.name}")
            for op in getattr(module, "OPS", ()):
                self._rules[op, target] = module.RULES[op]

    def keys(self) -> Iterable[tuple[str, str]]:
        """The (operation, target) of each rule."""
        return self._rules.keys()

    def load(self, op: str, target: str) -> Rule:
        """The rule of one of the keys."""
        return self._rules[op, target]


def first_party() -> LoweringRegistry:
    """The registry of the rules in this package alone: what a pass uses that was given no other."""
    package = "mograph.transforms.lower"
    return LoweringRegistry(ModuleRules(f"{package}.cpu", target="cpu"), ModuleRules(package))


_current: LoweringRegistry | None = None
_default: Callable[[], LoweringRegistry] = first_party


def set_default(make: Callable[[], LoweringRegistry]) -> None:
    """Let `make` give the registry of passes that are given no other; it is called when one is first needed."""
    global _current, _default
    _current, _default = None, make


def current() -> LoweringRegistry:
    """The registry of the pass that is running."""
    global _current
    if _current is None:
        _current = _default()
    return _current


@contextmanager
def using(registry: LoweringRegistry | None) -> Iterator[None]:
    """Within the `with`, `current` is `registry`; None changes nothing."""
    global _current
    before = _current
    if registry is not None:
        _current = registry
    try:
        yield
    finally:
        _current = before
