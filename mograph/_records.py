# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Records: frozen dataclasses that are made in a tenth of the time.

For each class, `dataclasses` compiles its own initializer, comparison, hash, text and refusal of changes, and a
compiler has a hundred of them, which would take a tenth of a second before it does anything. Records have all but the
initializer in common, that is compiled once for all that have as many fields, and it is type checkers who refuse
changes.
"""

import dataclasses
from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_):
        return lambda function: function


__all__ = ["record"]

Class = TypeVar("Class", bound=type)


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def record(cls: Class) -> Class:
    """A class decorator that does what `dataclasses.dataclass(frozen=True)` does, but that changes are not refused.

    A class may have an initializer of its own. Raises TypeError for a field without a default after one that has one.
    """
    cls.__doc__ = cls.__doc__ or cls.__name__  # `dataclasses` would write a signature there, in 0.2 ms
    inherited = getattr(cls, "__dataclass_fields__", {})
    given = [*cls.__dict__.values(), *inherited.values()]
    plain = "__init__" not in cls.__dict__ and all(map(_is_plain, given))
    made: Any = dataclasses.dataclass(init=not plain, eq=False, repr=False)(cls)
    fields = dataclasses.fields(made)
    if plain and any(each.kw_only for each in fields):  # those after an annotation that says so
        plain, made = False, dataclasses.dataclass(eq=False, repr=False)(made)
    compared = [each.name for each in fields if each.compare]
    made._values = staticmethod(attrgetter(*compared) if compared else lambda _: ())
    methods: dict[str, Callable[..., Any]] = {"__eq__": _equal, "__hash__": _hash, "__repr__": _text}
    if plain:
        methods["__init__"] = _initializer(made, fields)
    for name, method in methods.items():
        if name not in cls.__dict__:
            setattr(made, name, method)
    return cls


def _is_plain(default: Any) -> bool:
    """Whether a field that is given this is an argument by place or name, with this default."""
    if not isinstance(default, dataclasses.Field):
        return True
    return default.init and default.default_factory is dataclasses.MISSING and default.kw_only is not True


def _initializer(cls: type, fields: Sequence[Any]) -> Callable[..., None]:
    """The initializer that `dataclasses` would write. Raises TypeError for fields in an order that it refuses."""
    names = tuple(each.name for each in fields)
    defaults = tuple(each.default for each in fields if each.default is not dataclasses.MISSING)
    for each in fields[: len(fields) - len(defaults)]:
        if each.default is not dataclasses.MISSING:
            raise TypeError(f"{cls.__qualname__}: a field without a default follows {each.name!r}, which has one")
    checks = hasattr(cls, "__post_init__")
    attributes = (*names, "__post_init__") if checks else names
    code = _template(len(names), checks).__code__.replace(co_varnames=("self", *names), co_names=attributes)
    made = FunctionType(code, {}, "__init__", defaults)
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__annotations__ = {each.name: each.type for each in fields} | {"return": None}
    return made


@cache
def _template(count: int, checks: bool) -> Any:
    """An initializer of so many fields, whose names are other ones."""
    names = [f"_{number}" for number in range(count)]
    body = [f"self.{name} = {name}" for name in names] + ["self.__post_init__()"] * checks
    space: dict[str, Any] = {}
    exec(f"def initialize({', '.join(['self', *names])}):\n  {'; '.join(body) or 'pass'}", space)
    return space["initialize"]


def _equal(self: Any, other: Any) -> Any:
    return self._values(self) == self._values(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(self._values(self))


def _text(self: Any) -> str:
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in dataclasses.fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({shown})"
