# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mogg-to-linalg`."""

from typing import Any

from mograph.transforms.kit import Pass, option

__all__ = ["ToLinalg"]


class ToLinalg(Pass, name="mogg-to-linalg", anchor="builtin.module", dialects=("func",)):
    """Make functions of programs and kernels: a module of upstream's dialects, on tensors.

    Launches become calls. A kernel that is launched once, or is small and launched a few times, is put in the place of
    its launches, so that upstream's fusion sees it; the others become private functions. A public program keeps its
    signature as `mogg.signature`.
    """

    inline: int = option(
        12, "how many operations a kernel has at most that takes the place of several launches; -1 leaves all kernels"
    )

    def run(self, op: Any) -> None:
        """Convert the module `op`."""
        from mograph.transforms.mogg._functions import to_functions

        to_functions(op, self.inline)
