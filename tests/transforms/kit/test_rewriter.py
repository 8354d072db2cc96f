# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a rewrite written in Python can change, and that the driver hears of it."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from mlir import ir

from mograph.transforms.kit import DiagnosticError, Pass, Pipeline, RewritePattern, new_context, parse

numbers = count()
Body = Callable[[Any, Any], bool | None]


def rewriting(root: str, body: Body, source: str, driver: str = "greedy", verify: bool = True) -> str:
    """Apply one pattern, given by its function, and return the module as text."""
    context = new_context()
    context.allow_unregistered_dialects = True
    module = parse(source, context)
    pattern = type(
        "Tried", (RewritePattern,), {"match_and_rewrite": lambda self, op, rewriter: body(op, rewriter)}, root=root
    )
    head = {"patterns": (pattern,), "__doc__": "Apply it."}
    Pipeline(type("Apply", (Pass,), head, name=f"rewriter-{next(numbers)}", driver=driver)).run(module, verify=verify)
    return str(module)


def made(name: str, *operands: Any, results: tuple[Any, ...] = (), **rest: Any) -> Any:
    return ir.Operation.create(name, operands=list(operands), results=list(results), **rest)


ONE = 'func.func @f(%a: i32) -> i32 {\n  %0 = "test.x"(%a) : (i32) -> i32\n  return %0 : i32\n}'


@pytest.mark.parametrize("driver", ["greedy", "walk"])
@pytest.mark.parametrize("how", ["op", "view", "value", "list"])
def test_replace(how: str, driver: str) -> None:
    def body(op: Any, rewriter: Any) -> None:
        new = made("test.y", op.operands[0], results=(op.operands[0].type,))
        rewriter.replace(op, {"op": new, "view": new.opview, "value": new.result, "list": list(new.results)}[how])
        assert rewriter.changed

    result = rewriting("test.x", body, ONE, driver)
    assert "test.x" not in result
    assert '%0 = "test.y"(%arg0)' in result


def test_new_ops_have_the_matched_op_s_place_and_location() -> None:
    def body(op: Any, rewriter: Any) -> None:
        new = made("test.y", op.operands[0], results=(op.operands[0].type,))
        assert new.location == op.location
        rewriter.replace(op, new)

    rewriting("test.x", body, ONE)


def test_the_driver_hears_of_new_ops() -> None:
    """A chain longer than the number of the driver's iterations: each new op must be visited in the same one."""

    def body(op: Any, rewriter: Any) -> bool | None:
        left = op.attributes["left"].value
        if left == 0:
            return False
        attributes = {"left": ir.IntegerAttr.get(ir.IntegerType.get_signless(64), left - 1)}
        made("test.chain", attributes=attributes)
        rewriter.erase(op)
        return None

    result = rewriting("test.chain", body, 'func.func @f() {\n"test.chain"() {left = 100} : () -> ()\nreturn\n}')
    assert "left = 0" in result


def test_the_driver_hears_of_ops_inside_new_ops() -> None:
    def body(op: Any, rewriter: Any) -> bool | None:
        left = op.attributes["left"].value
        if left == 0:
            return False
        outer = made("test.outer", regions=1)
        attributes = {"left": ir.IntegerAttr.get(ir.IntegerType.get_signless(64), left - 1)}
        with ir.InsertionPoint(outer.regions[0].blocks.append()):
            made("test.chain", attributes=attributes)
        rewriter.erase(op)
        return None

    source = 'func.func @f() {\n"test.chain"() {left = 30} : () -> ()\nreturn\n}'
    assert rewriting("test.chain", body, source).count("test.outer") == 30


def test_building_elsewhere() -> None:
    def body(op: Any, rewriter: Any) -> None:
        block = op.operation.block
        with rewriter.after(op):
            made("test.after")
        with rewriter.at_begin(block):
            made("test.begin")
        with rewriter.before(list(block.operations)[-1]):
            made("test.before")
        region = made("test.region", regions=1).regions[0]
        with rewriter.at_end(region.blocks.append()):
            made("test.end")
        rewriter.insert(ir.Operation.create("test.inserted", ip=False))
        rewriter.replace(op, op.operands[0])

    lines = [line.strip().split("(")[0] for line in rewriting("test.x", body, ONE).splitlines()]
    wanted = ["test.begin", "test.region", "test.end", "test.inserted", "test.after", "test.before"]
    assert [line.strip('"') for line in lines if line.startswith('"')] == wanted


def test_after_the_last_op_of_a_block() -> None:
    def body(op: Any, rewriter: Any) -> None:
        with rewriter.after(op):
            made("test.after")
        rewriter.erase(op)

    source = '"test.outer"() ({\n"test.x"() : () -> ()\n}) : () -> ()'
    assert "test.after" in rewriting("test.x", body, source)


def test_erasing_what_is_used_is_refused() -> None:
    def body(op: Any, rewriter: Any) -> None:
        rewriter.erase(op)

    with pytest.raises(DiagnosticError, match="'test.x' cannot be erased: its result 0 is used"):
        rewriting("test.x", body, ONE)


def test_modifying_in_place() -> None:
    def body(op: Any, rewriter: Any) -> bool | None:
        if "done" in op.attributes:
            return False
        with rewriter.modify(op):
            op.attributes["done"] = ir.UnitAttr.get()
        return None

    assert "{done}" in rewriting("test.x", body, ONE)


def test_modification_that_raises_is_taken_back_by_the_driver() -> None:
    def body(op: Any, rewriter: Any) -> bool:
        try:
            with rewriter.modify(op):
                raise LookupError
        except LookupError:
            return False

    assert "test.x" in rewriting("test.x", body, ONE)


def test_uses_and_moves() -> None:
    def body(op: Any, rewriter: Any) -> bool | None:
        if "done" in op.attributes:
            return False
        first, last = list(op.operation.block.operations)[0], op
        rewriter.replace_all_uses(op.operation.results[0], op.operands[0])
        rewriter.move_after(first, last)
        rewriter.move_before(last, first)
        with rewriter.modify(op):
            op.attributes["done"] = ir.UnitAttr.get()
        return None

    source = ONE.replace("%0 =", '"test.first"() : () -> ()\n%0 =')
    lines = rewriting("test.x", body, source).splitlines()
    assert [i for i, line in enumerate(lines) if "test.x" in line] < [
        i for i, line in enumerate(lines) if "test.first" in line
    ]
    assert "return %arg0" in "\n".join(lines)


REGIONS = """
func.func @f(%a: i32) -> i32 {
  %0 = "test.x"(%a) ({
  ^bb0(%inner: i32):
    %1 = arith.addi %inner, %inner : i32
    "test.yield"(%1) : (i32) -> ()
  }) : (i32) -> i32
  return %0 : i32
}
"""


def test_inlining_a_block() -> None:
    def body(op: Any, rewriter: Any) -> None:
        block = op.regions[0].blocks[0]
        last = list(block.operations)[-1]
        value = last.operands[0]
        rewriter.inline_block_before(block, op, op.operands)
        rewriter.replace(op, value)
        rewriter.erase(last)

    result = rewriting("test.x", body, REGIONS)
    assert "test." not in result
    assert "arith.addi %arg0, %arg0" in result


def test_blocks_are_inlined_with_all_arguments() -> None:
    def body(op: Any, rewriter: Any) -> None:
        rewriter.inline_block_before(op.regions[0].blocks[0], op, [])

    with pytest.raises(DiagnosticError, match="a block of 1 arguments cannot be inlined with 0 values"):
        rewriting("test.x", body, REGIONS)


def test_blocks_are_made_moved_merged_and_erased() -> None:
    def body(op: Any, rewriter: Any) -> bool | None:
        if "done" in op.attributes:
            return False
        region = op.regions[0]
        i32 = op.operands[0].type
        made_block = rewriter.create_block_before(region.blocks[0], [i32, i32])
        assert len(made_block.arguments) == 2
        assert made_block == region.blocks[0]
        with rewriter.at_end(made_block):
            made("test.in_new_block")
        other = rewriter.create_block_before(made_block)
        with rewriter.at_end(other):
            made("test.gone")
        rewriter.erase_block(other)
        rewriter.move_block_before(region.blocks[1], region.blocks[0])
        rewriter.merge_blocks(region.blocks[0], region.blocks[1], [region.blocks[1].arguments[0]])
        with rewriter.modify(op):
            op.attributes["done"] = ir.UnitAttr.get()
        return None

    result = rewriting("test.x", body, REGIONS, verify=False)
    assert "test.gone" not in result
    assert result.count("^bb0") == 1
    assert result.index("test.in_new_block") < result.index("arith.addi") < result.index("test.yield")


def test_regions_are_inlined() -> None:
    def body(op: Any, rewriter: Any) -> bool | None:
        if op.operation.name == "test.x" and "done" in op.attributes:
            return False
        new = made(
            "test.x", op.operands[0], results=(op.operands[0].type,), regions=1, attributes={"done": ir.UnitAttr.get()}
        )
        end = new.regions[0].blocks.append()
        rewriter.inline_region_before(op.regions[0], end)
        rewriter.erase_block(new.regions[0].blocks[1])
        rewriter.replace(op, new)
        return None

    result = rewriting("test.x", body, REGIONS)
    assert result.count("test.x") == 1
    assert "arith.addi" in result


def test_notes_of_failed_matches() -> None:
    def body(op: Any, rewriter: Any) -> bool:
        return rewriter.notify_match_failure(op, "no reason")

    assert "test.x" in rewriting("test.x", body, ONE)


def test_a_rewriter_that_is_kept_raises() -> None:
    kept: list[Any] = []

    def body(op: Any, rewriter: Any) -> bool:
        kept.extend([rewriter, op])
        return False

    rewriting("test.x", body, ONE)
    with pytest.raises(ValueError, match="this rewriter's pattern has ended"):
        kept[0].changed  # noqa: B018  # it raises
    with pytest.raises(RuntimeError, match="the operation has been invalidated"):
        kept[1].name  # noqa: B018  # it raises
