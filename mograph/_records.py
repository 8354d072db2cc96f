# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Records: frozen dataclasses that are made in a third of the time.

For each class, `dataclasses` compiles its own comparison, hash, text and refusal of changes, and a compiler has a
hundred of them, which would take a tenth of a second before it does anything. Records have the first three in common,
and it is type checkers who refuse changes.
"""

import dataclasses
from operator import attrgetter
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
    """A class decorator that does what `dataclasses.dataclass(frozen=True)` does, but that changes are not refused."""
    made: Any = dataclasses.dataclass(eq=False, repr=False)(cls)
    compared = [each.name for each in dataclasses.fields(made) if each.compare]
    made._values = staticmethod(attrgetter(*compared) if compared else lambda _: ())
    for name, method in {"__eq__": _equal, "__hash__": _hash, "__repr__": _text}.items():
        if name not in cls.__dict__:
            setattr(made, name, method)
    return cls


def _equal(self: Any, other: Any) -> Any:
    return self._values(self) == self._values(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(self._values(self))


def _text(self: Any) -> str:
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in dataclasses.fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({shown})"
