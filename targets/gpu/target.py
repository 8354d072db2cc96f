# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What targets for GPUs have in common: modules of upstream dialects to kernels and host code.

The compiler and MLIR are imported when something is compiled: code that was stored is loaded without them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import Self

from mograph.targets.cpu.compiled import Compiled, Entry
from mograph.targets.cpu.host import Host, this_host
from mograph.targets.cpu.units import Division, divide
from mograph.targets.devices import Device, DeviceError, open_device
from mograph.targets.gpu.chip import ALLOW_TF32, Chip
from mograph.targets.gpu.compiled import DeviceCode, DeviceLibrary, load
from mograph.targets.gpu.image import Image

if TYPE_CHECKING:
    from mlir import ir

    from mograph.targets.cpu.pipeline import Phase

_DIALECTS = ("arith", "cf", "func", "gpu", "index", "linalg", "llvm", "math", "memref", "scf", "tensor", "vector")


class GpuTarget(ABC):
    """Compiles for one chip, and runs on a device of the kind `device`, where there is one.

    `number` is which of such devices, and `by_number` whether code is for that one; `chip` is another chip than that
    one's, which code is then made for. `allow_tf32` is whether matrix units may take f32 as tf32, to 10 bits of its
    significand, in products: they are not used for f32 otherwise, where they have no more. `pipeline` is the list of
    phases, and `schedules` has functions that change what templates choose: `mograph.targets.cpu.schedules` says how.
    Both may be changed before `compile`.
    """

    name: ClassVar[str]
    device: ClassVar[str]
    chips: ClassVar[Mapping[str, Chip]]
    default: ClassVar[str]
    dialects: ClassVar[Sequence[str]] = ()
    modules: ClassVar[Sequence[str]] = tuple(
        f"mograph.targets.gpu.{name}" for name in ("arguments", "handover", "kernels", "layout", "pipeline")
    )
    """What `compile` imports, for those that import the compiler before they call it."""

    def __init__(self, number: int = 0, chip: str = "", allow_tf32: bool = False) -> None:
        self.host: Host = this_host()
        self.number = number
        self.by_number = not chip
        self.allow_tf32 = allow_tf32
        self.schedules: Mapping[str, Callable[[str, Mapping[str, int]], Mapping[str, int] | None]] = {}
        if chip:
            self.chip = self._known(chip)

    @classmethod
    def at(cls, which: str) -> Self:
        """The target for a device by its number, or for a chip by its name; ",allow_tf32" may follow. Raises ValueError
        for an unknown chip, and for anything else that follows.
        """
        name, *options = which.split(",")
        for option in options:
            if option != ALLOW_TF32:
                raise ValueError(f"target {cls.name!r} has no option {option!r}: expected {ALLOW_TF32}")
        number, chip = (int(name), "") if name.isdecimal() else (0, name)
        return cls(number, chip, allow_tf32=bool(options))

    @cached_property
    def chip(self) -> Chip:
        """The chip that code is made for: that of the device, or where there is none the target's default."""
        try:
            return self._known(self.open().chip)
        except DeviceError:
            return self._known(self.default)

    def _known(self, name: str) -> Chip:
        if name not in self.chips:
            raise ValueError(f"target {self.name!r} has no chip {name!r}: expected one of {', '.join(self.chips)}")
        chip = self.chips[name]
        return replace(chip, features=chip.features | {ALLOW_TF32}) if self.allow_tf32 else chip

    def open(self) -> Device:
        """The device. Raises DeviceError where it is not there, and for targets without devices."""
        if not self.device:
            raise DeviceError(f"target {self.name!r} makes code only: it has no devices here")
        return open_device(f"{self.device}:{self.number}")

    @abstractmethod
    def emit(self, module: "ir.Module") -> Image:
        """The kernels' code. Raises ValueError for what the chip cannot do."""

    @cached_property
    def pipeline(self) -> "list[Phase]":
        """The phases, in the order in which they run."""
        from mograph.targets.gpu.pipeline import default_pipeline

        return default_pipeline(self.chip)

    @property
    def processor(self) -> str:
        """The kind of chip that `mo-tune` keeps schedules for."""
        from mograph.targets.cpu.tuned import processor

        features = ",".join(sorted(self.chip.features))
        return processor(f"{replace(self.chip, features=frozenset())} {features} {self._finishes()}")

    def _finishes(self) -> str:
        """What finishes the code for a chip that it does not tell: nothing, where code is made for the chip itself."""
        return ""

    def lower(self, module: "ir.Module", entries: Sequence[Entry] = ()) -> "tuple[str, ir.Module]":
        """LLVM code of the host, for these entries, and the module of kernels. Raises MLIRError where a pass fails and
        ValueError for what the target cannot express.
        """
        from mlir import ir

        from mograph.targets.cpu.builder import find
        from mograph.targets.cpu.entry import wrappers
        from mograph.targets.cpu.pipeline import copy_of, run, to_text
        from mograph.targets.cpu.schedules import Sources, sources, using
        from mograph.targets.cpu.tuned import load as load_tuned

        with module.context, ir.Location.unknown():
            copy, kernels = copy_of(module, (*_DIALECTS, *self.dialects)), ir.Module.create()
            with using(sources() or Sources(load_tuned(self.processor), self.schedules)):
                for phase in self.pipeline:
                    for made in find(copy.operation, "gpu.module"):  # host code is made without them
                        kernels.body.append(made)
                    run([phase], copy)
            return to_text(copy) + "".join(wrappers(entries, copy)), kernels

    def compile(self, module: "ir.Module") -> DeviceCode:
        """Code of a module of upstream dialects, which is left as it was.

        Its public functions are the entries; they take and return ranked tensors. Raises MLIRError where a pass fails
        and ValueError for what the target cannot express.
        """
        from mograph.targets.cpu.builder import find
        from mograph.targets.cpu.compilation import Compilation
        from mograph.targets.cpu.entry import entries_of
        from mograph.targets.gpu.arguments import completed

        entries = entries_of(module)
        text, kernels = self.lower(module, entries)
        compilation = Compilation(self.host)
        compilation.add(divide(text, Division()))
        with module.context:
            image = Image("", self.chip.name, b"", {})
            if find(kernels.operation, "gpu.func"):
                image = completed(self.emit(kernels), kernels)
        return DeviceCode(Compiled(compilation.finish(), entries, self.host), image)

    def restore(self, description: Mapping[str, Any], code: bytes) -> DeviceCode:
        """Code that was stored as its bytes and its description. Raises KeyError, TypeError or ValueError for another
        description.
        """
        return DeviceCode.restore(description, code)

    def load(self, code: DeviceCode) -> DeviceLibrary:
        """Loads code to the device. Raises DeviceError where it is not there or of another kind, and ValueError where
        the host is another machine.
        """
        return load(code, self.open())
