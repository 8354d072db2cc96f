# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Custom operations: declared in Python as classes, used as `mo.custom "name"`.

A class names its operands, results and parameters by annotations, and says what types the results have, what numpy
would compute and how it is compiled. Plugins announce such classes by name; one that is declared is known at once.
"""

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from mograph._records import record
from mograph.dialects.custom_source import current
from mograph.dialects.kit.errors import DeclarationError, VerifyError

__all__ = ["CustomOp", "In", "Mutable", "Out", "find"]


class In:
    """The role of an operand that is read: a tensor."""


class Mutable:
    """The role of an operand that is read and written: a buffer."""


class Out:
    """The role of a result."""


_ROLES = (In, Mutable, Out)
_MISSING: Any = object()


@record
class _Parameter:
    """A parameter: how its type is called, how its value is read off an attribute, and what it is without one."""

    words: str
    read: Callable[[Any], Any]
    default: Any = _MISSING


class CustomOp:
    """A custom operation: `class Scale(CustomOp, name="demo.scale")`.

    Its annotations are its fields: `x: In`, `state: Mutable`, `y: Out`, and parameters by their types, `bool`, `int`,
    `float`, `str` or `tuple[int, ...]`, with a default or without: `factor: float = 2.0`. Static methods take the
    fields that they need by name:

    - `infer(...)`: the type of the result, or a list of types, from the types of operands and the parameters. It
      raises `VerifyError` for operands that do not fit. Without it, results are of the types that are written.
    - `reference(...)`: what numpy computes from arrays: the results, then for each mutable operand what it holds next.
      The name of a result stands for its type.
    - `lower(k, op, ...)`: how it is compiled, a lowering rule; it gets operands as tensors, mutable ones as what they
      hold, and returns the same as `reference`. `op` has the parameters as attributes.
    - `body`: in the place of `lower`, the text of a module of MLIR whose one function on tensors does that, or a static
      method `body(op)` that gives it.

    Raises DeclarationError for a class that is declared wrongly, or whose name is taken.
    """

    NAME: ClassVar[str] = ""
    ROLES: ClassVar[dict[str, type]] = {}
    PARAMETERS: ClassVar[dict[str, _Parameter]] = {}

    def __init_subclass__(cls, *, name: str | None = None, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if name is None:
            return
        if not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", name, re.ASCII):
            raise DeclarationError(
                f"{cls.__qualname__}: '{name}' is no name: expected words with dots between, as demo.scale"
            )
        cls.NAME = name
        cls.ROLES, cls.PARAMETERS = {}, {}
        for base in reversed(cls.__mro__[: cls.__mro__.index(CustomOp)]):
            for field, annotation in inspect.get_annotations(base).items():
                _add_field(cls, field, annotation)
        for hook in ("infer", "reference"):
            _check_hook(cls, hook)
        if hasattr(cls, "lower") and hasattr(cls, "body"):
            raise DeclarationError(f"{cls.__qualname__}: has both lower and body, of which one says how it is compiled")
        known = _declared.get(name)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise DeclarationError(f"{cls.__qualname__}: '{name}' is declared already, by {known.__qualname__}")
        _declared[name] = cls

    @classmethod
    def names(cls, role: type) -> list[str]:
        """The fields of a role, in order."""
        return [name for name, each in cls.ROLES.items() if each is role]

    @classmethod
    def read_parameters(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters as Python values, from attributes by name.

        Raises VerifyError for one that is not known, missing or of the wrong type.
        """
        for name in given:
            if name not in cls.PARAMETERS:
                known = ", ".join(cls.PARAMETERS) or "none"
                raise VerifyError(f"custom operation '{cls.NAME}' has no parameter '{name}'; it has {known}")
        return {name: _value(cls, name, parameter, given) for name, parameter in cls.PARAMETERS.items()}

    @classmethod
    def call(cls, hook: str, given: Mapping[str, Any]) -> Any:
        """What a static method gives for the fields that it names."""
        function = getattr(cls, hook)
        return function(**{name: given[name] for name in inspect.signature(function).parameters})


_declared: dict[str, Any] = {}


def find(name: str) -> type[CustomOp]:
    """The custom operation of this name. Raises VerifyError with the nearest names and the places searched."""
    if name in _declared:
        return _declared[name]  # type: ignore[no-any-return]  # what is there was declared
    source = current()
    names = [] if source is None else list(source.names())
    if source is not None and name in names:
        found: type[CustomOp] = source.load(name)
        if not (isinstance(found, type) and issubclass(found, CustomOp) and name == found.NAME):
            raise VerifyError(f"expected the custom operation '{name}' to be a class that declares it, found {found!r}")
        return found
    from difflib import get_close_matches  # only the way to an error needs it

    near = get_close_matches(name, sorted({*names, *_declared}), n=3)
    searched = [*(source.searched if source is not None else ()), "what is declared in this process"]
    hint = f"; the nearest are {', '.join(near)}" if near else ""
    raise VerifyError(f"there is no custom operation '{name}'{hint}; searched: {', '.join(searched)}")


def _add_field(cls: type[CustomOp], name: str, annotation: Any) -> None:
    where = f"{cls.__qualname__}.{name}"
    if isinstance(annotation, str):
        raise DeclarationError(
            f"{where}: the annotation is the text {annotation!r}; the module cannot use `from __future__ import "
            "annotations` or quote its annotations"
        )
    if getattr(annotation, "__origin__", None) is ClassVar:
        return
    if annotation in _ROLES:
        cls.ROLES[name] = annotation
        return
    if annotation not in _KINDS:
        raise DeclarationError(
            f"{where}: expected In, Mutable, Out, or the type of a parameter, {', '.join(map(_spelled, _KINDS))}; "
            f"found {annotation!r}"
        )
    words, read = _KINDS[annotation]
    default = getattr(cls, name, _MISSING)
    cls.PARAMETERS[name] = _Parameter(words, read, default)


def _check_hook(cls: type[CustomOp], hook: str) -> None:
    function = getattr(cls, hook, None)
    if function is None:
        return
    if not isinstance(inspect.getattr_static(cls, hook), staticmethod):
        raise DeclarationError(f"{cls.__qualname__}.{hook}: must be a @staticmethod of the fields that it needs")
    known = [*cls.PARAMETERS, *(name for name, role in cls.ROLES.items() if hook == "reference" or role is not Out)]
    for name in inspect.signature(function).parameters:
        if name not in known:
            raise DeclarationError(
                f"{cls.__qualname__}.{hook}: parameter '{name}' names no field; has {', '.join(known)}"
            )


def _value(cls: type[CustomOp], name: str, parameter: _Parameter, given: Mapping[str, Any]) -> Any:
    if name not in given:
        if parameter.default is _MISSING:
            raise VerifyError(f"custom operation '{cls.NAME}' needs the parameter '{name}', {parameter.words}")
        return parameter.default
    value = parameter.read(given[name])
    if value is None:
        raise VerifyError(
            f"expected the parameter '{name}' of custom operation '{cls.NAME}' to be {parameter.words}, "
            f"found {given[name]}"
        )
    return value


def _bool(attribute: Any) -> bool | None:
    from mlir import ir

    return attribute.value if isinstance(attribute, ir.BoolAttr) else None


def _int(attribute: Any) -> int | None:
    from mlir import ir

    is_int = isinstance(attribute, ir.IntegerAttr) and not isinstance(attribute, ir.BoolAttr)
    return attribute.value if is_int else None


def _float(attribute: Any) -> float | None:
    from mlir import ir

    return attribute.value if isinstance(attribute, ir.FloatAttr) else None


def _str(attribute: Any) -> str | None:
    from mlir import ir

    return attribute.value if isinstance(attribute, ir.StringAttr) else None


def _ints(attribute: Any) -> tuple[int, ...] | None:
    from mlir import ir

    return tuple(attribute) if isinstance(attribute, ir.DenseI64ArrayAttr) else None


_KINDS: dict[Any, tuple[str, Callable[[Any], Any]]] = {
    bool: ("a bool", _bool),
    int: ("an integer", _int),
    float: ("a float", _float),
    str: ("a string", _str),
    tuple[int, ...]: ("integers, array<i64: ...>", _ints),
}


def _spelled(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) and kind is not tuple[int, ...] else "tuple[int, ...]"
