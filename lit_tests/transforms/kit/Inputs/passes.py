# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A plugin with passes to try the pass kit with."""

from typing import Any, Literal

from mlir import ir

from mograph.plugins import api, hookimpl
from mograph.transforms.kit import (
    Pass,
    Pattern,
    RewritePattern,
    attribute,
    computed_attribute,
    constraint,
    operand,
    ops,
    option,
    statistic,
    type_,
)

API = 1


class Report(Pass, name="test-report"):
    """Say what the options are and how many ops there are inside."""

    depth: int = option(2, "a number")
    factor: float = option(0.1, "another number")
    label: str = option("none", "a text")
    mode: Literal["add", "mul"] = option("add", "a choice")
    tags: list[str] = option(["a", "b"], "several texts")
    loud: bool = option(False, "a flag")
    seen = statistic("how many ops were seen")

    def run(self, op: Any) -> None:
        op.walk(self._count)
        values = f"{self.depth} {self.factor} {self.label} {self.mode} {self.tags} {self.loud}"
        self.remark(op, f"options {values}; {self.seen} ops")

    def _count(self, op: Any) -> ir.WalkResult:
        self.seen += 1
        return ir.WalkResult.ADVANCE


class Keep(Pass, name="test-keep"):
    """Remember how many ops this very instance has run on, which nobody else may see."""

    def run(self, op: Any) -> None:
        self.runs = getattr(self, "runs", 0) + 1
        self.remark(op, f"run {self.runs}")


class Raise(Pass, name="test-raise", anchor="func.func"):
    """Raise an exception."""

    def run(self, op: Any) -> None:
        raise ValueError("no good reason")


class Complain(Pass, name="test-complain", anchor="func.func"):
    """Emit an error with a note."""

    def run(self, op: Any) -> None:
        first = op.regions[0].blocks[0].operations[0]
        self.error(op, "has a first op", [(first, "which is this one")])


class Signal(Pass, name="test-signal"):
    """Fail without a word."""

    def run(self, op: Any) -> None:
        self.signal_failure()


class Break(Pass, name="test-break-ir", anchor="func.func"):
    """Erase the terminator, which no function may lack."""

    def run(self, op: Any) -> None:
        list(op.regions[0].blocks[0].operations)[-1].erase()


class AddSelf(Pattern):
    """x + x is x * 2."""

    x = operand()
    root = ops["arith.addi"](x, x)

    @computed_attribute
    def two(x: Any) -> Any:
        return ir.IntegerAttr.get(x.type, 2) if isinstance(x.type, ir.IntegerType) else None

    replace = ops["arith.muli"](x, ops["arith.constant"](value=two, results=[x.type]))


class SubSelf(Pattern, benefit=3, label="subtract-itself"):
    """x - x is 0, of i32 only."""

    i32 = type_("i32")
    x = operand(i32)
    root = ops["arith.subi"](x, x)
    replace = ops["arith.constant"](value=attribute("0 : i32"), results=[i32])


class XorOfConstant(Pattern):
    """x ^ c, for a c that a function likes, is x."""

    x = operand()
    c = ops["arith.constant"]()
    root = ops["arith.xori"](x, c)
    replace = x

    @constraint
    def likes(c: Any) -> bool:
        return bool(c.attributes["value"].value == 7)


class MulByConstant(RewritePattern, root="arith.muli"):
    """x * 2 is x << 1."""

    def match_and_rewrite(self, op: Any, rewriter: Any) -> bool | None:
        right = op.operands[1]
        if not isinstance(right, ir.OpResult) or right.owner.operation.name != "arith.constant":
            return bool(rewriter.notify_match_failure(op, "the right operand is no constant"))
        if right.owner.attributes["value"].value != 2:
            return False
        i32 = op.operands[0].type
        one = ir.Operation.create("arith.constant", attributes={"value": ir.IntegerAttr.get(i32, 1)}, results=[i32])
        rewriter.replace(op, ir.Operation.create("arith.shli", operands=[op.operands[0], one.result], results=[i32]))
        return None


class Simplify(Pass, name="test-simplify", dialects=["arith"]):
    """Apply patterns up to a fixed point."""

    patterns = (AddSelf, SubSelf, XorOfConstant, MulByConstant)


class SimplifyOnce(Pass, name="test-simplify-once", driver="walk"):
    """Apply patterns to each op once."""

    patterns = (AddSelf, SubSelf, XorOfConstant)


class AndPattern(RewritePattern, root="arith.andi"):
    """Raise an exception."""

    def match_and_rewrite(self, op: Any, rewriter: Any) -> bool | None:
        raise KeyError(op.name)


class RaiseInPattern(Pass, name="test-raise-in-pattern"):
    """Apply a pattern that raises an exception."""

    patterns = (AndPattern,)


PASSES = (Report, Keep, Raise, Complain, Signal, Break, Simplify, SimplifyOnce, RaiseInPattern)


@hookimpl
def mograph_passes():
    """All of them."""
    for each in PASSES:
        yield api.pass_(each.declaration.name, f":{each.__name__}", summary=each.summary())
