# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Upstream's classes of operations are there once their dialect is imported, and cost nothing before."""

import subprocess
import sys

PROGRAM = """
import sys
from mlir import ir
from mograph.dialects.kit import new_context
with new_context("arith"), ir.Location.unknown():
    module = ir.Module.parse("%x = arith.constant 1 : i32\\n%y = arith.addi %x, %x : i32")
    first, second = module.body.operations
    assert type(second) is ir.OpView, type(second)
    assert second.operands[0].owner.name == "arith.constant"
    assert not [name for name in sys.modules if name.startswith("mlir.dialects.")]
    from mlir.dialects import arith
    (found,) = [op for op in module.body.operations if op.name == "arith.addi"]
    assert type(found) is arith.AddIOp, type(found)
    assert found.lhs == first.result
    assert arith.AddIOp(first.result, first.result).operation.verify()
"""


def test_classes_come_with_the_import_of_their_dialect() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, cwd="/")
    assert (done.stdout, done.stderr) == ("", "")
