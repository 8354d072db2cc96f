# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a plugin gives, one `Entry` each: a name and a reference, so that listing imports no body."""

import re
from importlib import import_module
from typing import Any, NamedTuple

ANY_TARGET = "*"

_REFERENCE = re.compile(r"([\w.]*):([\w.]+)(?:\[([^\]]+)\])?")
_NAME = re.compile(r"[A-Za-z_][\w.$-]*")


class Entry(NamedTuple):
    """One thing that a plugin gives.

    `kind` is one of "dialect", "pass", "pipeline", "lowering", "target", "kernel", "fusion", "schedule",
    "importer", "weights", "custom"; `name` what it is asked for by (a lowering's is its op's, a schedule's that of a
    target's template, and a format of files is called as they end). `body` is a reference `"module:attribute"` or
    `"module:table[key]"`, or the object itself; a pipeline's may be its text. `target` limits lowerings, kernels and
    schedules to one target ("*": all). With `replace`, it takes the place of an entry of the same name from another
    plugin. `plugin` is filled in by the host.
    """

    kind: str
    name: str
    body: object
    summary: str = ""
    target: str = ANY_TARGET
    replace: bool = False
    plugin: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What may be given only once."""
        return self.kind, self.name, self.target

    def load(self) -> Any:
        """Import the body and return it: for a pipeline its text.

        Raises whatever the import raises, `AttributeError` or `KeyError` where the module lacks what is referred to.
        """
        body = resolve(self.body) if is_reference(self.body) else self.body
        return body() if self.kind == "pipeline" and callable(body) else body

    def __str__(self) -> str:
        where = "" if self.target == ANY_TARGET else f" on target {self.target!r}"
        return f"{self.kind} {self.name!r}{where}"


def is_reference(body: object) -> bool:
    """Whether `body` is a string of the form `"module:attribute"`, `":attribute"` or `"module:table[key]"`."""
    return isinstance(body, str) and _REFERENCE.fullmatch(body) is not None


def split_reference(reference: object) -> tuple[str, str, str]:
    """Split a reference into its module, attribute and key ("" where it has none)."""
    found = _REFERENCE.fullmatch(str(reference))
    if found is None:
        raise ValueError(f"{reference!r}: expected 'module:attribute'")
    module, attribute, key = found.groups("")
    return module, attribute, key


def resolve(reference: object) -> Any:
    """Import what a reference names."""
    module, attribute, key = split_reference(reference)
    found: Any = import_module(module)
    for part in attribute.split("."):
        found = getattr(found, part)
    return found[key] if key else found


def checked_name(kind: str, name: object) -> str:
    """Return `name`, or raise `ValueError` where it could not be written in a pipeline or an option."""
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        raise ValueError(f"{kind} {name!r}: expected a name of letters, digits, '-', '_' and '.'")
    return name


def checked_body(kind: str, name: str, body: object) -> object:
    """Return `body`, or raise `ValueError` where it is a string but no reference."""
    if isinstance(body, str) and not is_reference(body):
        raise ValueError(f"{kind} {name!r} is given as {body!r}: expected 'module:attribute'")
    return body
