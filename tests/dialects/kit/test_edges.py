# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Control flow whose ends name dimensions: what may arrive, and what upstream's passes leave alone."""

import pytest

from mograph.dialects.kit import (
    PARENT,
    Forwards,
    LoopLike,
    Operand,
    Operands,
    Parameter,
    Region,
    RegionBranch,
    Results,
)
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t


@pytest.fixture
def shaped(toy):
    """Arrays with dimensions, a loop and a branch over them."""

    class Array(toy.Type, name="array"):
        shape: Parameter[c.Dims]
        unit: Parameter[c.Label] = "none"
        assembly_format = "`<` $shape (`,` $unit^)? `>`"

    class Make(toy.Operation, name="make", traits=[t.Pure]):
        rs: Results[Array]
        assembly_format = "attr-dict `:` type($rs)"

    class Use(toy.Operation, name="use"):
        x: Operand[Array]
        assembly_format = "$x attr-dict `:` type($x)"

    class End(toy.Operation, name="end", traits=[t.Pure, t.Terminator, t.ReturnLike]):
        values: Operands[c.AnyType]
        assembly_format = "attr-dict ($values^ `:` type($values))?"

    class Go(toy.Operation, name="go", traits=[t.Pure, t.Terminator]):
        more: Operand[c.I1]
        values: Operands[c.AnyType]
        assembly_format = "$more `,` $values attr-dict `:` type($values)"
        forwards = Forwards("values", selector="more")

    class Loop(toy.Operation, name="loop", traits=[t.SingleBlock, t.RecursiveMemoryEffects]):
        inits: Operands[c.AnyType]
        rs: Results[c.AnyType]
        cond: Region[c.Args("rs", terminator=f"{toy.name}.go")]
        body: Region[c.Args("rs", terminator=f"{toy.name}.end")]
        assembly_format = "`(` $inits `:` type($inits) `)` `->` type($rs) $cond `do` $body attr-dict-with-keyword"
        branches = RegionBranch(
            entry=["cond"], operands="inits", cond=["body", PARENT], body=["cond"], binds_names=True
        )
        loop = LoopLike(regions=["cond", "body"], inits="inits", arguments="cond", yields="body")

    return toy


LOOP = """
    %p = "builtin.unrealized_conversion_cast"() : () -> i1
    %x = toy.make : INIT
    %r = toy.loop (%x : INIT) -> CARRIED {
    ^bb0(%a: ARGUMENT):
      toy.go %p, %a : ARGUMENT
    } do {
    ^bb0(%a: CARRIED):
      %y = toy.make : YIELDED
      toy.end %y : YIELDED
    }
    toy.use %r : CARRIED
"""


def program(init: str, carried: str, yielded: str, argument: str | None = None) -> str:
    text = LOOP.replace("INIT", init).replace("ARGUMENT", argument or carried).replace("CARRIED", carried)
    return text.replace("YIELDED", yielded)


@pytest.mark.parametrize(
    ("init", "carried", "yielded"),
    [
        ("!toy.array<[4, n]>", "!toy.array<[4, n]>", "!toy.array<[4, n]>"),
        ("!toy.array<[0, n]>", "!toy.array<[k, n]>", "!toy.array<[k + 1, n]>"),
        ("!toy.array<[2, 3], m>", "!toy.array<[a, b], m>", "!toy.array<[b, a], m>"),
        ("!toy.array<[]>", "!toy.array<[]>", "!toy.array<[]>"),
    ],
)
def test_what_may_arrive(shaped, init: str, carried: str, yielded: str) -> None:
    shaped.roundtrip(program(init, carried, yielded))


@pytest.mark.parametrize(
    ("init", "carried", "yielded", "message"),
    [
        ("!toy.array<[4]>", "!toy.array<[5]>", "!toy.array<[5]>", "type #0 '!toy.array<[4]>' should match"),
        ("!toy.array<[4]>", "!toy.array<[k * 2]>", "!toy.array<[k * 2]>", "should match successor input type #0"),
        ("!toy.array<[k]>", "!toy.array<[4]>", "!toy.array<[4]>", "'!toy.array<[k]>' should match"),
        ("!toy.array<[4, 4]>", "!toy.array<[k]>", "!toy.array<[k]>", "should match successor input type #0"),
        ("!toy.array<[4], m>", "!toy.array<[k]>", "!toy.array<[k]>", "'!toy.array<[4], m>' should match"),
        ("!toy.array<[k]>", "!toy.array<[k]>", "i32", "must be toy.array, but got 'i32'"),
        ("!toy.array<[k]>", "!toy.array<[k]>", "!toy.array<[k], m>", "'!toy.array<[k], m>' should match"),
    ],
)
def test_what_may_not(shaped, init: str, carried: str, yielded: str, message: str) -> None:
    assert message in shaped.error(program(init, carried, yielded))


def test_arguments_have_the_types_of_results(shaped) -> None:
    said = shaped.error(program("!toy.array<[4]>", "!toy.array<[k]>", "!toy.array<[k]>", "!toy.array<[j]>"))
    assert "argument #0 of region #0 ('cond') must have the type of 'rs', '!toy.array<[k]>', but has" in said


def test_a_value_does_not_take_the_place_of_another_type(shaped) -> None:
    """Every edge carries %x, under another type; upstream's pattern would use it in the place of the result."""
    text = program("!toy.array<[4]>", "!toy.array<[k]>", "!toy.array<[k]>")
    text = text.replace("%y = toy.make : !toy.array<[k]>\n      toy.end %y :", "toy.end %a :")
    result = shaped.run("builtin.module(canonicalize,cse,sccp,loop-invariant-code-motion)", text)
    assert "%2 = toy.loop(%1 : !toy.array<[4]>) -> !toy.array<[k]>" in result
    assert "toy.use %2 : !toy.array<[k]>" in result
