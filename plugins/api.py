# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What plugin authors import: the factories for what their hooks yield.

A plugin is a module that sets `API = 1` and has functions marked with `mograph.plugins.hookimpl`, named as in
`mograph.plugins.hooks`. The factories take names and references `"module:attribute"`, so the plugin's own module stays
small and its bodies are imported when they are first used. A reference that starts with ":" is to the plugin's own
module. In place of a reference, the object itself can be given.

Each factory raises `ValueError` for a malformed name or reference. `summary` is one line for listings; without it, the
first line of the docstring is read from the source. `replace=True` takes the place of another plugin's entry of that
name, which without it is an error.
"""

from collections.abc import Iterator

from ._entries import ANY_TARGET, Entry, checked_body, checked_name, is_reference
from ._pipeline import Point, checked_text
from ._sources import literal, modules

API = 1
"""The version of this interface. A plugin that asks for a later one is refused."""

__all__ = [
    "API",
    "custom",
    "dialect",
    "extension_point",
    "fusion",
    "importer",
    "kernel",
    "lowering",
    "lowerings_module",
    "pass_",
    "pipeline",
    "target",
    "weights",
]


def dialect(name: str, body: object, *, summary: str = "", replace: bool = False) -> Entry:
    """A dialect, by the class that declares it: `dialect("demo", "mo_demo.dialect:Demo")`."""
    return _entry("dialect", name, body, summary=summary, replace=replace)


def pass_(name: str, body: object, *, summary: str = "", replace: bool = False) -> Entry:
    """A pass, by its class: `pass_("mo-simplify-signs", "mo_demo.signs:SimplifySigns")`."""
    return _entry("pass", name, body, summary=summary, replace=replace)


def target(name: str, body: object, *, summary: str = "", replace: bool = False) -> Entry:
    """A target, by its class: `target("cpu", "mograph.targets.cpu:CpuTarget")`."""
    return _entry("target", name, body, summary=summary, replace=replace)


def lowering(op: str, body: object, *, target: str = ANY_TARGET, summary: str = "", replace: bool = False) -> Entry:
    """The lowering rule of one op, for one target or for all: `lowering("mo.softmax", "mo_demo.softmax:lower")`."""
    return _entry("lowering", op, body, summary=summary, target=target, replace=replace)


def kernel(name: str, body: object, *, target: str = ANY_TARGET, summary: str = "", replace: bool = False) -> Entry:
    """A kernel template, for one target or for all: `kernel("row-reduction", "mo_demo.rows:RowReduction")`."""
    return _entry("kernel", name, body, summary=summary, target=target, replace=replace)


def fusion(name: str, body: object, *, summary: str = "", replace: bool = False) -> Entry:
    """A rule of what is fused, asked before mograph's own: `fusion("no-softmax", "mo_demo.fusing:apart")`.

    The body is a function of a `mograph.transforms.fusion.Edge`. It returns a `Decision`, or None where it has nothing
    to say.
    """
    return _entry("fusion", name, body, summary=summary, replace=replace)


def schedule(
    template: str, body: object, *, target: str = ANY_TARGET, summary: str = "", replace: bool = False
) -> Entry:
    """Changes the schedules of one template of a target: `schedule("rows", "mo_demo.schedules:rows", target="cpu")`.

    The body is a function that takes a kernel's name and the schedule chosen for it, numbers by name, and returns those
    that it replaces, or None.
    """
    return _entry("schedule", template, body, summary=summary, target=target, replace=replace)


def importer(suffix: str, body: object, *, summary: str = "", replace: bool = False) -> Entry:
    """Makes modules from files that end in a dot and `suffix`: `importer("onnx", "mo_demo.importing:import_model")`.

    The body is a function that takes a path and returns a module. It raises OSError where the file cannot be read, and
    ValueError where it is not as it should be.
    """
    return _entry("importer", suffix, body, summary=summary, replace=replace)


def weights(suffix: str, body: object, *, summary: str = "", replace: bool = False) -> Entry:
    """Reads weights from files that end in a dot and `suffix`: `weights("npz", "mo_demo.npz:read_weights")`.

    The body is a function that takes a path and returns a mapping from names to arrays; errors are as an importer's.
    """
    return _entry("weights", suffix, body, summary=summary, replace=replace)


def custom(name: str, body: object, *, summary: str = "", replace: bool = False) -> Entry:
    """A custom operation, by the class that declares it: `custom("demo.scale", "mo_demo.ops:Scale")`."""
    return _entry("custom", name, body, summary=summary, replace=replace)


def pipeline(name: str, body: str, *, summary: str = "", replace: bool = False) -> Entry:
    """A pipeline with a name, by its text or by a reference to a string or to a function that returns one."""
    text = body if is_reference(body) else checked_text(body)
    return Entry("pipeline", checked_name("pipeline", name), text, summary, ANY_TARGET, replace)


def extension_point(
    name: str, *, after: str | None = None, before: str | None = None, anchor: str = "", summary: str = ""
) -> Point:
    """A place in the default pipeline where passes can be inserted: `extension_point("demo:signs", after="mo:start")`.

    It is in the phase of its neighbour. `anchor` is the op that passes inserted there are nested on; without it, that
    of the neighbour. With neither neighbour it comes last, on `builtin.module`, in a phase named by what precedes the
    colon.
    """
    if after is not None and before is not None:
        raise ValueError(f"extension point {name!r}: expected one of after= and before=, found both")
    phase, colon, rest = name.partition(":")
    if not colon:
        raise ValueError(f"extension point {name!r}: expected a name such as 'demo:after-signs'")
    checked_name("extension point", phase)
    checked_name("extension point", rest)
    return Point(name, anchor=anchor, after=after, before=before, summary=summary)


def lowerings_module(module: str, *, target: str = ANY_TARGET, replace: bool = False) -> Iterator[Entry]:
    """The lowering rules of a module, or of all modules in a package, for `yield from`. Nothing is imported.

    A module with rules has, at its top level, a literal tuple `OPS` of op names, and a mapping `RULES` from these names
    to functions. Modules without `OPS` give none. Raises `ValueError` where `OPS` is no literal tuple of strings, and
    `ModuleNotFoundError` where there is no such module.
    """
    for name, path in modules(module):
        ops = literal(path, "OPS")
        if ops is None:
            continue
        if not (isinstance(ops, (tuple, list)) and all(isinstance(op, str) for op in ops)):
            raise ValueError(f"{path}: OPS is {ops!r}, expected a tuple of op names")
        if target != ANY_TARGET:
            checked_name("target", target)
        for op in ops:
            yield Entry("lowering", checked_name("lowering", op), f"{name}:RULES[{op}]", "", target, replace)


def _entry(
    kind: str, name: str, body: object, *, summary: str, target: str = ANY_TARGET, replace: bool = False
) -> Entry:
    checked_name(kind, name)
    if target != ANY_TARGET:
        checked_name("target", target)
    return Entry(kind, name, checked_body(kind, name, body), summary, target, replace)
