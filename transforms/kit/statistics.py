# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Statistics of passes, shown by --mlir-pass-statistics."""

from typing import Any


class Statistic:
    """A number that a pass counts up, from 0 for each op it runs on; MLIR adds up those of all ops and threads."""

    def __init__(self, help: str) -> None:
        self.help = help
        self.field = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.field = name

    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else vars(instance).get(self.field, 0)

    def __set__(self, instance: Any, value: int) -> None:
        vars(instance)[self.field] = value


def statistic(help: str) -> Any:
    """Declare a statistic: `folded = statistic("how many ops were folded")`, counted by `self.folded += 1`."""
    return Statistic(help)
