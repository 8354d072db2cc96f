# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rewrite patterns as classes: declared ones, which run in MLIR's interpreter, and ones written as Python functions."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, ClassVar

from .pdl import Emitter
from .variables import Op


def _check_benefit(cls: type, benefit: int) -> int:
    if not isinstance(benefit, int) or not 0 <= benefit < 65535:
        raise TypeError(f"{cls.__name__}: benefit is a number from 0 to 65534; found {benefit!r}")
    return benefit


class _Compilable:
    @staticmethod
    def compile_set(classes: Sequence[type]) -> Any:
        """Compile patterns of both kinds for MLIR's canonicalization, where ops ask for it (see dialects.kit)."""
        return _compiled(tuple(classes))


class Pattern(_Compilable):
    """A rewrite that is declared: what to match, and what takes its place.

        class DoubleNegation(Pattern):
            \"\"\"-(-x) is x.\"\"\"
            x = operand()
            root = ops["mo.negative"](ops["mo.negative"](x))
            replace = x

    `root` is the op that is rewritten. Then one of: `replace`, a value, an op to make, or a list of values (one for
    each result); `erase = True`; or `def rewrite(rewriter, root, x)`, whose parameters after the first are fields.
    Constraints and computed attributes and types are functions over fields too: see `constraint` and
    `computed_attribute`.

    It is compiled to PDL: no Python runs, but for such functions. Class keywords: `benefit` decides which of several
    patterns is tried first, `label` is what statistics call it. A class without `root` is a base for patterns.
    """

    benefit: ClassVar[int] = 1
    label: ClassVar[str] = ""
    root: ClassVar[Any] = None
    replace: ClassVar[Any] = None
    erase: ClassVar[bool] = False
    rewrite: ClassVar[Callable[..., None] | None] = None

    def __init_subclass__(cls, *, benefit: int | None = None, label: str = "", **rest: Any) -> None:
        super().__init_subclass__(**rest)
        cls.label = label or cls.__name__
        if benefit is not None:
            cls.benefit = _check_benefit(cls, benefit)
        if cls.root is None:
            return
        if not isinstance(cls.root, Op):
            raise TypeError(f'{cls.__name__}.root: expected an op, as in ops["arith.addi"](x, y); found {cls.root!r}')
        ways = [way for way in ("replace", "rewrite", "erase") if getattr(cls, way) not in (None, False)]
        if len(ways) != 1:
            found = " and ".join(ways) or "none"
            raise TypeError(f"{cls.__name__}: a pattern has one of replace, rewrite and erase; found {found}")
        Emitter(cls, 0, lambda function, kind, field: field).emit()  # so that mistakes are found here


class RewritePattern(_Compilable):
    """A rewrite that is a Python function, for what `Pattern` cannot say.

        class MergeCasts(RewritePattern, root="mo.cast"):
            def match_and_rewrite(self, op, rewriter): ...

    Class keywords: `root` is the name or class of the ops that it is tried on (none: all), `benefit` and `label` are as
    for `Pattern`. `operands` names ops, or is their classes: it is tried only where each of them gives an operand; with
    `same_operands`, only where one value is several operands. No Python runs for other ops. One instance serves all
    threads: it keeps no state.
    """

    root: ClassVar[str] = ""
    operands: ClassVar[Sequence[str]] = ()
    same_operands: ClassVar[bool] = False
    benefit: ClassVar[int] = 1
    label: ClassVar[str] = ""

    def __init_subclass__(
        cls,
        *,
        root: str | type | None = None,
        operands: Sequence[str | type] | None = None,
        same_operands: bool | None = None,
        benefit: int | None = None,
        label: str = "",
        **rest: Any,
    ) -> None:
        super().__init_subclass__(**rest)
        cls.label = label or cls.__name__
        if root is not None:
            cls.root = op_name(root)
        if isinstance(operands, str):
            raise TypeError(f"{cls.__name__}: operands is a list of names or classes of ops; found {operands!r}")
        if operands is not None:
            cls.operands = tuple(map(op_name, operands))
        if same_operands is not None:
            cls.same_operands = same_operands
        if benefit is not None:
            cls.benefit = _check_benefit(cls, benefit)

    def match_and_rewrite(self, op: Any, rewriter: Any) -> bool | None:
        """Rewrite `op` by means of `rewriter`, or leave everything as it is.

        New ops are built before `op` and at its location, unless the code says otherwise. Returns whether it matched;
        None is the same as whether the rewriter changed anything.
        """
        raise TypeError(f"{type(self).__name__} has no method match_and_rewrite")


@cache
def _compiled(classes: tuple[type, ...]) -> Any:
    """Compile once: what comes of it belongs to no context, and every context asks for it."""
    from .pattern_sets import compile_patterns

    return compile_patterns(classes)[0]


def op_name(op: str | type) -> str:
    """The name of an op, given by it or by the op's class. Raises `TypeError` for what is neither."""
    name = getattr(op, "OPERATION_NAME", op)
    if not isinstance(name, str):
        raise TypeError(f"expected the name of an op or its class; found {op!r}")
    return name
