# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Several contexts and several threads, and bytecode."""

import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from mlir import ir

from mograph.dialects.kit import (
    Attribute,
    Dialect,
    Operand,
    OptionalAttribute,
    Parameter,
    Result,
    VerifyError,
    announce,
    new_context,
)
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.transforms.kit import Pipeline


@pytest.fixture
def op(toy):
    class Tensor(toy.Type, name="tensor"):
        shape: Parameter[c.Dims]
        assembly_format = "`<` $shape `>`"

    class Op(toy.Operation, name="op", traits=[t.Pure]):
        a: Operand[Tensor]
        axis: Attribute[c.I64Attr] = 0
        r: Result[Tensor]
        assembly_format = "$a (`axis` $axis^)? attr-dict `:` type($a)"

        @staticmethod
        def infer(a, axis):
            if axis == 13:
                raise VerifyError("bad luck")
            return Tensor.get([*a.shape, axis])

        def verify(self):
            if self.axis == 14:
                raise self.error("worse luck")

        @staticmethod
        def fold(op):
            return None

    return Op


def functions(count, axis=lambda i: i % 7):
    return "\n".join(
        f"func.func @f{i}(%a: !toy.tensor<[n]>) {{ %0 = toy.op %a axis {axis(i)} : !toy.tensor<[n]> return }}"
        for i in range(count)
    )


def test_contexts_are_apart(toy, op):
    modules = [toy.parse(functions(3)) for _ in range(4)]
    assert len({str(module) for module in modules}) == 1
    assert len({id(module.context) for module in modules}) == 4
    for module in modules:
        first = module.body.operations[0].regions[0].blocks[0].operations[0]
        assert isinstance(first, op)
        assert first.a.type.context is module.context
    del modules[0], module, first
    assert modules[0].operation.verify()


def test_threads_parse_and_run(toy, op):
    toy.context()
    barrier = threading.Barrier(4)

    def work(number):
        barrier.wait()
        with toy.context(), ir.Location.unknown():
            module = ir.Module.parse(toy.own(functions(40, lambda i: (i + number) % 7)))
        Pipeline("builtin.module(func.func(canonicalize),cse,func.func(cse))").run(module)
        return toy.body(module).count("toy.op")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [0] * 4


def test_passes_use_threads(toy, op):
    """Hooks are called from MLIR's own threads, which need Python's lock while the pipeline holds others."""
    module = toy.parse(functions(200, lambda i: i % 50 + 20))
    Pipeline("builtin.module(func.func(cse,loop-invariant-code-motion),sccp)").run(module)
    assert toy.body(module).count("toy.op") == 0


def test_errors_in_threads(toy, op):
    toy.context()

    def work(number):
        with pytest.raises(ir.MLIRError) as caught:
            toy.parse(functions(10, lambda i: 13 + number % 2 if i == 9 else i))
        return str(caught.value)

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(work, range(8)))
    assert all(("bad luck", "worse luck")[number % 2] in text for number, text in enumerate(said))


def test_a_dialect_is_imported_once_by_many_threads():
    name, calls, started = "lazy_toy", [], threading.Barrier(4)

    def load():
        calls.append(threading.get_ident())
        dialect = type(Dialect)("Lazy", (Dialect,), {"__module__": __name__}, name=name)
        type("Op", (dialect.Operation,), {"__module__": __name__, "assembly_format": "attr-dict"}, name="op")
        dialect.register()

    lock = threading.Lock()

    def once():
        with lock:  # as Python's import does
            if not calls:
                load()

    announce(name, once)

    def work(_):
        with new_context():
            started.wait()
            return str(ir.Module.parse(f"{name}.op"))

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(work, range(4))) == {f"module {{\n  {name}.op\n}}\n"}
    assert len(calls) == 1


def bytecode(toy, text):
    data = BytesIO()
    toy.parse(text).operation.write_bytecode(data)
    return data.getvalue()


def test_truncated_bytecode(toy, op):
    data = bytecode(toy, functions(2))
    with toy.context(), ir.Location.unknown():
        for end in range(4, len(data), 7):
            with pytest.raises(ir.MLIRError):
                ir.Module.parse(data[:end])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("toy.op {a = 3 : i64}", "has no property 'a'"),
        ('toy.op {b = "x"}', "attribute 'b' must be 64-bit signless integer attribute, but got \"x\""),
        ("toy.op {b = 3 : i64}", None),
    ],
)
def test_bytecode_of_another_declaration(toy, another, text, message):
    """The properties in bytecode are those that the writer's declaration had."""

    class Old(toy.Operation, name="op"):
        a: OptionalAttribute[c.I64Attr]
        b: OptionalAttribute[c.AnyAttr]

    class New(another.Operation, name="op"):
        b: OptionalAttribute[c.I64Attr]

    data = bytecode(toy, text).replace(toy.name.encode(), another.name.encode())
    with another.context(), ir.Location.unknown():
        if message is None:
            assert "b = 3" in str(ir.Module.parse(data))
            return
        with pytest.raises(ir.MLIRError) as caught:
            ir.Module.parse(data)
    assert message in str(caught.value)
