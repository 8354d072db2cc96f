# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the machine can do at most, measured in the run itself by a small C program."""

import os
import shutil
import statistics
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("limits.c")
FLAGS = ("-O3", "-march=native", "-ffp-contract=fast", "-pthread")


class Limits:
    """What was seen, per second: operations of `fma` and, beside loads, of `fma_loads`; bytes of the others.

    Empty where there is no C compiler.
    """

    def __init__(self, scratch: Path) -> None:
        self._seen: dict[str, list[float]] = {}
        self._program: Path | None = None
        compiler = shutil.which(os.environ.get("CC", "cc"))
        if compiler is not None:
            self._program = scratch / "limits"
            subprocess.run([compiler, *FLAGS, str(SOURCE), "-o", str(self._program)], check=True)

    @property
    def typical(self) -> dict[str, float]:
        """The medians of all that was measured."""
        return {name: statistics.median(values) for name, values in self._seen.items()}

    def measure(self, name: str) -> float | None:
        """Measure one, now: what shares the processor's cores and its clock changes from one second to the next, by a
        third on virtual machines.
        """
        if self._program is None:
            return None
        told = subprocess.run([self._program, name], check=True, capture_output=True, text=True).stdout
        value = float(told.split()[1])
        self._seen.setdefault(name, []).append(value)
        return value
