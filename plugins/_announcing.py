# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tells MLIR what the plugins give."""

from functools import partial
from typing import TYPE_CHECKING

from mograph import _native

if TYPE_CHECKING:
    from .host import Host


def announce(host: "Host") -> None:
    """Make the plugins' dialects and passes known to MLIR by their names; their modules are imported when used."""
    import mlir._mlir_libs  # noqa: F401  # registers upstream's passes, and must come first

    from mograph.transforms.kit.registration import register

    for dialect in host.dialects:
        _native.declare_dialect(dialect, partial(host.dialects.load, dialect))
    for name in host.passes:
        register(name, host.passes.summary(name), partial(host.passes.load, name))
