# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which functions are one: those of the same code, wherever they are called."""

import re

import pytest
from mlir import ir

from mograph.dialects.kit import new_context
from mograph.targets.cpu.merge import merge_kernels

BODIES = {
    "double": "%r = arith.addi %x, %x : i32",
    "square": "%r = arith.muli %x, %x : i32",
    "three": "%c = arith.constant 3 : i32\n%r = arith.addi %x, %c : i32",
    "four": "%c = arith.constant 4 : i32\n%r = arith.addi %x, %c : i32",
    "minus": "%c = arith.constant 3 : i32\n%r = arith.subi %x, %c : i32",
    "sunim": "%c = arith.constant 3 : i32\n%r = arith.subi %c, %x : i32",
    "loop": """%l = arith.constant 0 : index
      %h = arith.constant 8 : index
      %s = arith.constant 1 : index
      %r = scf.for %i = %l to %h step %s iter_args(%a = %x) -> (i32) {
        %n = arith.addi %a, %x : i32
        scf.yield %n : i32
      }""",
    "steps": """%l = arith.constant 0 : index
      %h = arith.constant 8 : index
      %s = arith.constant 1 : index
      %r = scf.for %i = %l to %h step %s iter_args(%a = %x) -> (i32) {
        %n = arith.addi %a, %a : i32
        scf.yield %n : i32
      }""",
    "branch": "cf.br ^b(%x : i32)\n^b(%y: i32):\n%r = arith.addi %y, %x : i32",
}


def function(name: str, body: str, visibility: str = "private ") -> str:
    return f"func.func {visibility}@{name}(%x: i32) -> i32 {{\n{body}\nreturn %r : i32\n}}\n"


def merged(text: str) -> str:
    with new_context("func", "arith", "scf", "cf"), ir.Location.unknown():
        module = ir.Module.parse(text)
        merge_kernels(module)
        assert module.operation.verify()
        return str(module)


def functions(text: str) -> list[str]:
    return re.findall(r"func\.func (?:private )?@(\w+)", text)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_functions_of_the_same_code_are_one(body: str) -> None:
    text = function("a", body) + function("b", body.replace("%r", "%q").replace("%q", "%r")) + "// again\n"
    assert functions(merged(text)) == ["a"]


def test_other_code_is_kept() -> None:
    assert functions(merged("".join(function(name, body) for name, body in BODIES.items()))) == list(BODIES)


def test_types_tell_functions_apart() -> None:
    wide = function("b", BODIES["double"]).replace("i32", "i64")
    assert functions(merged(function("a", BODIES["double"]) + wide)) == ["a", "b"]


def test_attributes_tell_functions_apart() -> None:
    marked = function("b", BODIES["double"]).replace("-> i32 {", "-> i32 attributes {mark} {")
    assert functions(merged(function("a", BODIES["double"]) + marked)) == ["a", "b"]


def test_callers_of_what_became_one_become_one() -> None:
    calls = [function(f"call_{name}", f"%r = func.call @{name}(%x) : (i32) -> i32") for name in "ab"]
    text = "".join(function(name, BODIES["double"]) for name in "ab") + "".join(calls)
    main = function("main", "%f = func.constant @b : (i32) -> i32\n%r = func.call @call_b(%x) : (i32) -> i32", "")
    result = merged(text + main)
    assert functions(result) == ["a", "call_a", "main"]
    assert "constant @a" in result
    assert "call @call_a" in result


def test_public_functions_and_declarations_are_kept() -> None:
    text = function("a", BODIES["double"], "") + function("b", BODIES["double"], "")
    declared = "func.func private @c(i32) -> i32\nfunc.func private @d(i32) -> i32\n"
    assert functions(merged(text + declared)) == ["a", "b", "c", "d"]
