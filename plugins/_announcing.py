# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tells MLIR what the plugins give."""

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from mograph import _native

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .host import Host


RULES = "mograph.transforms.lower.registry"


def announce(host: "Host", summaries: bool = True) -> None:
    """Make the plugins' dialects, custom operations and passes known by their names; their modules are imported when
    used. The lowering passes take the plugins' rules, of lowering and of fusion.

    With `summaries`, MLIR's list of passes says of each what its source says, which is read for that.
    """
    import mlir._mlir_libs  # noqa: F401  # registers upstream's passes, and must come first

    from mograph.dialects.custom_source import set_source
    from mograph.transforms.fusion_source import set_rules
    from mograph.transforms.kit.registration import register

    for dialect in host.dialects:
        _native.declare_dialect(dialect, partial(_load_dialect, host, dialect))
    for name in host.passes:
        register(name, host.passes.summary(name) if summaries else "", partial(_load_pass, host, name))
    set_source(_Customs(host))
    set_rules(lambda: [host.fusions.load(name) for name in host.fusions])
    _use_rules(host)


class _Customs:
    """The plugins' custom operations."""

    def __init__(self, host: "Host") -> None:
        self._host = host
        self.searched = host.rules().searched

    def names(self) -> "Iterable[str]":
        """The names of all."""
        return self._host.customs

    def load(self, name: str) -> Any:
        """Import the class of one. Raises `BodyError`, which names the plugin, where that fails."""
        return self._host.customs.load(name)


def _load_dialect(host: "Host", name: str) -> None:
    dialect = host.dialects.load(name)
    if not dialect.registered:  # its module may leave that to whoever needs it
        dialect.register()


def _load_pass(host: "Host", name: str) -> Any:
    loaded = host.passes.load(name)
    _use_rules(host)
    return loaded


def _use_rules(host: "Host") -> None:
    """Let lowering passes find the plugins' rules, if there is one: it is what imports the registry, which is heavy."""
    registry = sys.modules.get(RULES)
    if registry is not None:
        registry.set_default(lambda: registry.LoweringRegistry(host.rules()))
