# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Dialects declared in Python."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from mlir._mlir_libs import _mlir

from mograph import _native
from mograph.dialects.kit.definition import AttributeBase, TypeBase
from mograph.dialects.kit.errors import DeclarationError, describe
from mograph.dialects.kit.fields import word
from mograph.dialects.kit.operation import OperationBase

__all__ = ["Dialect"]

_native.set_error_describer(describe)


class Dialect:
    """A dialect: `class Mo(Dialect, name="mo")`.

    Its types, attributes and operations derive from `Mo.Type`, `Mo.Attribute` and `Mo.Operation`. When all are
    declared, the module calls `Mo.register()`; from then on every context knows the dialect. `depends_on` are dialects
    to load with it.
    """

    NAME: ClassVar[str] = ""
    depends_on: ClassVar[Sequence[str]] = ()
    types: ClassVar[dict[str, Any]]
    attributes: ClassVar[dict[str, Any]]
    ops: ClassVar[dict[str, Any]]
    registered: ClassVar[bool] = False

    if TYPE_CHECKING:  # each dialect gets its own three, which a type checker must see as classes to derive from

        class Type(TypeBase):
            """Base of the dialect's types."""

        class Attribute(AttributeBase):
            """Base of the dialect's attributes."""

        class Operation(OperationBase):
            """Base of the dialect's operations."""

    def __init_subclass__(cls, *, name: str, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if "." in word(cls, name):
            raise DeclarationError(f"{cls.__qualname__}: '{name}' is no name for a dialect")
        cls.NAME = name
        cls.types, cls.attributes, cls.ops = {}, {}, {}
        members = {"DIALECT": cls, "__module__": cls.__module__}
        for base in (TypeBase, AttributeBase, OperationBase):
            member = base.__name__.removesuffix("Base")
            setattr(cls, member, type(member, (base,), members))

    @classmethod
    def _add(cls, kind: str, name: str, declared: type) -> None:
        if cls.registered:
            raise DeclarationError(f"{declared.__qualname__}: dialect '{cls.NAME}' is registered already")
        table = getattr(cls, kind)
        if name in table:
            raise DeclarationError(
                f"{declared.__qualname__}: '{name}' is declared already, by {table[name].__qualname__}"
            )
        table[name] = declared

    @classmethod
    def register(cls) -> None:
        """Makes the dialect known to all contexts, with what is declared by now.

        Raises DeclarationError the second time.
        """
        if cls.registered:
            raise DeclarationError(f"{cls.__qualname__}: dialect '{cls.NAME}' is registered already")
        constants = [op for op in cls.ops.values() if any(trait.name == "ConstantLike" for trait in op.TRAITS)]
        if len(constants) > 1:
            raise DeclarationError(
                f"{cls.__qualname__}: {' and '.join(op.__qualname__ for op in constants)} are both ConstantLike"
            )
        for op in cls.ops.values():
            for name in op.names_of_others():
                if name.startswith(f"{cls.NAME}.") and name not in cls.ops:
                    raise DeclarationError(f"{op.__qualname__} names '{name}', which is no operation of the dialect")
            for home in (name.partition(".")[0] for name in op.implicit_terminators()):
                if home not in (cls.NAME, *cls.depends_on):  # it is made, which aborts without its dialect
                    raise DeclarationError(f"{op.__qualname__}: depends_on lacks '{home}', of the implicit terminator")
        try:
            _native.declare_dialect(cls.NAME, lambda: None)  # where no plugin announced it before
            _native.define_dialect(
                cls.NAME,
                [declared.SPEC for declared in cls.types.values()],
                [declared.SPEC for declared in cls.attributes.values()],
                [op.SPEC for op in cls.ops.values()],
                constants[0].OPERATION_NAME if constants else "",
                list(cls.depends_on),
            )
        except ValueError as error:
            raise DeclarationError(f"{cls.__qualname__}: {error}") from None
        cls.registered = True
        # The bindings look for an operation's class only where they can import `mlir.dialects.NAME`.
        sys.modules.setdefault(f"mlir.dialects.{cls.NAME}", sys.modules[cls.__module__])
        view = type(cls.__name__, (_mlir.ir.Dialect,), {"DIALECT_NAMESPACE": cls.NAME})
        _mlir.register_dialect(view)
        for op in cls.ops.values():
            _mlir.register_operation(view)(op)
