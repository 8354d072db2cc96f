# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What can go wrong with a plugin, and how it is said."""

from collections.abc import Iterable, Sequence
from os.path import dirname, sep
from typing import NamedTuple


class PluginError(Exception):
    """The root of all errors of the plugin host."""


class PluginWarning(UserWarning):
    """A plugin was left out; the message is that of its `Failure`."""


class Failure(NamedTuple):
    """Why one plugin was left out, or why an option about plugins has no effect.

    `stage` is "discovery", "import", "api", "order", "hooks", "conflict", "pipeline" or "option". `claims` holds the
    kind and name of what the plugin would have given.
    """

    plugin: str
    origin: str
    stage: str
    reason: str
    cause: BaseException | None = None
    command: str = ""
    claims: frozenset[tuple[str, str]] = frozenset()

    def __str__(self) -> str:
        if not self.plugin:
            return self.reason
        return f"plugin {self.plugin!r} ({self.origin}) is left out: {self.reason}"


class StrictError(PluginError):
    """Strict mode, and at least one plugin failed. `failures` holds them all."""

    def __init__(self, failures: Sequence[Failure]) -> None:
        self.failures = tuple(failures)
        super().__init__("\n".join(str(failure) for failure in failures))


class BodyError(PluginError):
    """A plugin was accepted, but the body of something that it gives cannot be imported. The cause is chained."""


class UnknownNameError(PluginError, KeyError):
    """There is nothing of this kind and name; the message says what is near, or which plugin failed to give it."""

    def __str__(self) -> str:
        return str(self.args[0])


def listed(names: Iterable[str]) -> str:
    """Write names in a sentence: `"a, b, c"`, or `"none"`."""
    return ", ".join(names) or "none"


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return `"; did you mean 'x'?"` for the known names nearest to `name`, or nothing where none is near."""
    from difflib import get_close_matches  # only the way to an error needs it

    near = get_close_matches(name, list(known), n=3, cutoff=0.6)
    return f" (did you mean {' or '.join(map(repr, near))}?)" if near else ""


def explained(error: BaseException) -> str:
    """Write an exception in a sentence: its type, message, and the line of the plugin that it comes from."""
    name = type(error).__name__
    message = str(error).strip()
    return f"{name}: {message}{_place(error)}" if message else f"{name}{_place(error)}"


def _place(error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        return ""
    ours = dirname(__file__) + sep
    place = ""
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        own = file.startswith(ours) and not file.startswith(f"{ours}core{sep}")
        if not (own or file.startswith("<") or {"importlib", "pluggy"} & set(file.split(sep))):
            place = f" ({file}:{trace.tb_lineno})"
        trace = trace.tb_next
    return place
