# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules to try passes on."""

from typing import Any

import pytest

from mograph.transforms.kit import parse

FUNCTIONS = """
func.func @f(%a: i32, %b: i32) -> i32 {
  %0 = arith.addi %a, %b : i32
  %1 = arith.addi %0, %0 : i32
  return %1 : i32
}
func.func @g(%a: i32) -> i32 {
  %0 = arith.muli %a, %a : i32
  return %0 : i32
}
"""


@pytest.fixture
def module() -> Any:
    return parse(FUNCTIONS, name="functions.mlir")
