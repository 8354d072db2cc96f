# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code of kernels as a back end gives it and a device takes it."""

from collections.abc import Mapping
from typing import Any

from mograph._records import record


@record
class Resources:
    """What a kernel needs: registers of a thread, bytes that it spills, bytes that its block shares; None where the
    back end does not know. `block` is how many threads a block has in each of three dimensions. `arguments` has a
    character for each argument: `p` for an address, else its size in bytes; `source` says where the kernel comes from.
    """

    block: tuple[int, int, int]
    registers: int | None = None
    spills: int | None = None
    shared: int | None = None
    arguments: str = "?"
    source: str = ""


@record
class Image:
    """The kernels of a module for one chip: `format` is "cubin", "ptx", "hsaco" or "spirv". The kernels' names are in
    the order in which host code numbers them.
    """

    format: str
    chip: str
    code: bytes
    kernels: Mapping[str, Resources]

    def describe(self) -> dict[str, Any]:
        """All but the code, as values that JSON has."""
        kernels = {
            name: [list(each.block), each.registers, each.spills, each.shared, each.arguments, each.source]
            for name, each in self.kernels.items()
        }
        return {"format": self.format, "chip": self.chip, "kernels": kernels}

    @staticmethod
    def restore(description: Mapping[str, Any], code: bytes) -> "Image":
        """What `describe` described. Raises KeyError, TypeError or ValueError for any other description."""
        kernels = {}
        for name, (block, *others) in description["kernels"].items():
            x, y, z = (int(extent) for extent in block)
            kernels[str(name)] = Resources((x, y, z), *others)
        return Image(str(description["format"]), str(description["chip"]), code, kernels)
