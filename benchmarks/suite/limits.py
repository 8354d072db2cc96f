# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the machine can do at most, measured in the run itself by a small C program."""

import os
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("limits.c")
FLAGS = ("-O3", "-march=native", "-ffp-contract=fast", "-pthread")


class Limits:
    """The best that was seen: `fma` in operations, and `read`, `write`, `copy` and `add` in bytes, per second.

    Empty where there is no C compiler.
    """

    def __init__(self, scratch: Path) -> None:
        self.best: dict[str, float] = {}
        self._program: Path | None = None
        compiler = shutil.which(os.environ.get("CC", "cc"))
        if compiler is not None:
            self._program = scratch / "limits"
            subprocess.run([compiler, *FLAGS, str(SOURCE), "-o", str(self._program)], check=True)

    def measure(self) -> None:
        """Try once more: what else runs on the machine only lowers what is seen."""
        if self._program is None:
            return
        told = subprocess.run([self._program], check=True, capture_output=True, text=True).stdout
        for name, value in (line.split() for line in told.splitlines()):
            self.best[name] = max(float(value), self.best.get(name, 0))
