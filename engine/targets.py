# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the engine asks of a target, which plugins give."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from mograph.plugins import Host
from mograph.targets.signature import Signature


class Code(Protocol):
    """What a target made of a module; plain data."""

    @property
    def object(self) -> bytes:
        """The code itself."""

    def describe(self) -> dict[str, Any]:
        """All else that is needed to run it, as values that JSON has."""


class Library(Protocol):
    """Code that was linked into the process."""

    def function(self, signature: Signature, weights: Mapping[str, Any] | None = None) -> Callable[..., Any]:
        """The entry of a signature's name, with its weights. Raises ValueError where there is none or it differs."""


class Target(Protocol):
    """What compiles modules of upstream's dialects on tensors, and runs the result."""

    name: str
    schedules: Mapping[str, Callable[..., Any]]
    """Functions of plugins, by template, that change the schedules of kernels; set if there are any."""

    def compile(self, module: Any) -> Code:
        """Make code of a module. Raises MLIRError or ValueError for what the target cannot do."""

    def restore(self, description: Mapping[str, Any], code: bytes) -> Code:
        """Code that was stored. Raises KeyError, TypeError or ValueError for a description that is not right."""

    def load(self, code: Any) -> Library:
        """Link code into the process. Raises ValueError where it is not for this machine."""


def target_of(device: str, host: Host) -> Target:
    """The target for a device: by its name, as in "cpu", and by what follows a colon, a number or the name of a chip.

    Raises `UnknownNameError` where no plugin has such a target, and ValueError for a number or chip that it does not
    know.
    """
    name, _, which = device.partition(":")
    target: Callable[..., Target] = host.targets.load(name)
    if not which:
        return target()
    if not hasattr(target, "at"):
        raise ValueError(f"device {device!r}: target {name!r} has no numbers or chips to choose from")
    return target.at(which)  # type: ignore[no-any-return]  # a class that has it gives itself
