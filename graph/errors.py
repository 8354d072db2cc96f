# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What goes wrong while a graph is built."""

__all__ = ["GraphError"]


class GraphError(ValueError):
    """An operation or a graph that cannot be built. The text starts with the place in the caller's code.

    `message` is the text without the place, which is `filename`, `line` and `column` (both from 1, 0: not known).
    """

    def __init__(self, message: str, place: tuple[str, int, int] = ("", 0, 0)) -> None:
        self.message = message
        self.filename, self.line, self.column = place
        where = ":".join(str(part) for part in place if part)
        super().__init__(f"{where}: {message}" if where else message)
