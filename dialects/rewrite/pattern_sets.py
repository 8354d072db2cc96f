# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles lists of patterns for MLIR, and stands between it and the Python functions in them."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from mlir import ir

from mograph import _native

from .failures import report
from .patterns import Pattern, RewritePattern
from .pdl import Emitter
from .rewriter import Rewriter

_numbers = count()  # names of functions must differ in the whole process: upstream merges sets by them


def compile_patterns(classes: Sequence[type], *, counted: bool = False) -> tuple["_native.PatternSet", list[str]]:
    """Compile patterns; return them, and their labels in the order of their counters.

    `counted` says that a pass shows how often each was applied. Raises `TypeError` for what is not a pattern.
    """
    texts: list[str] = []
    labels: list[str] = []
    constraints: list[tuple[str, Any]] = []
    rewrites: list[tuple[str, Any]] = []
    callbacks: list[tuple[str, int, int, str, Sequence[str], bool, Any]] = []
    for number, cls in enumerate(classes):
        if isinstance(cls, type) and issubclass(cls, RewritePattern):
            labels.append(cls.label)
            asked = (list(cls.operands), cls.same_operands)
            callbacks.append((cls.root, cls.benefit, number, cls.label, *asked, _callback(cls)))
        elif isinstance(cls, type) and issubclass(cls, Pattern) and cls.root is not None:
            labels.append(cls.label)

            def name_function(function: Callable[..., Any], kind: str, field: str, label: str = cls.label) -> str:
                name = f"{label}.{field}.{next(_numbers)}"
                who = f"pattern '{label}': {field}"
                if kind == "rewrite":
                    rewrites.append((name, _rewrite(who, function)))
                else:
                    constraints.append((name, _constraint(who, function, kind)))
                return name

            texts.append(Emitter(cls, number, name_function).emit())
        else:
            raise TypeError(f"expected a Pattern with a root, or a RewritePattern; found {cls!r}")
    native = _native.PatternSet(
        pdl="\n".join(texts),
        constraints=constraints,
        rewrites=rewrites,
        callbacks=callbacks,
        patterns=len(classes),
        counted=counted,
    )
    return native, labels


def _fail(place: Any, who: str, error: BaseException) -> None:
    report(place, who, error)
    _native.fail_rewrite()


def _constraint(who: str, function: Callable[..., Any], kind: str) -> Callable[[tuple[Any, ...]], list[Any] | None]:
    """Wrap a function that is called while matching: no match is None, a match the list of its results."""
    expected = {"attribute": ir.Attribute, "type": ir.Type}.get(kind)

    def call(arguments: tuple[Any, ...]) -> list[Any] | None:
        root, *rest = map(_view, arguments)
        try:
            with root.location:
                result = function(*rest)
            if expected is None:
                return [] if result else None
            if result is None or isinstance(result, expected):
                return None if result is None else [result]
            raise TypeError(f"expected an {expected.__name__} of MLIR's or None; found {result!r}")
        except BaseException as error:  # nothing may leave through MLIR's frames
            _fail(root, who, error)
            return None

    return call


def _rewrite(who: str, function: Callable[..., Any]) -> Callable[[tuple[Any, ...], Any], None]:
    """Wrap a function that rewrites what PDL has matched."""

    def call(arguments: tuple[Any, ...], handle: Any) -> None:
        root, *rest = map(_view, arguments)
        location = root.location  # the root may be gone when something is raised
        try:
            _build(root.operation, location, handle, lambda: function(Rewriter(handle), *rest))
        except BaseException as error:
            _fail(location, who, error)
        finally:
            root.operation._set_invalid()

    return call


def _callback(cls: type[RewritePattern]) -> Callable[[Any, Any], bool]:
    """Wrap a pattern that matches by itself."""
    match_and_rewrite = cls().match_and_rewrite
    who = f"pattern '{cls.label}'"

    def call(operation: Any, handle: Any) -> bool:
        location = operation.location
        try:
            result = _build(operation, location, handle, lambda: match_and_rewrite(operation.opview, Rewriter(handle)))
            changed: bool = handle.changed
            if result is not None and bool(result) != changed:
                wrong = "changed nothing that the rewriter knows of" if result else "did change the IR"
                raise ValueError(f"match_and_rewrite returned {result!r}, but it {wrong}")
            return changed
        except BaseException as error:
            _fail(location, who, error)
            return False
        finally:
            operation._set_invalid()  # so that one kept by mistake raises, and does not reach what is freed by then

    return call


def _build(operation: Any, location: Any, handle: Any, body: Callable[[], Any]) -> Any:
    """Run `body` where ops are built before `operation`, at its location, and reported to the driver."""
    handle.enter_before(operation)
    try:
        with location, ir.InsertionPoint(operation):
            return body()
    finally:
        handle.leave()


def _view(argument: Any) -> Any:
    return argument.opview if isinstance(argument, ir.Operation) else argument
