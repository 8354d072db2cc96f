# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a device module with a product on matrix units: `products.py mma sm_80 --element bf16 --extents 512,512,512`.

C[m, n] = max(sum + bias[n], 0) in the element's type. An extent of 0 is one that is known at run time only; `--b k`
has the elements of B along k together. `--schedule rows=64,stages=3` changes what the model chooses.
"""

import argparse
import dataclasses
import importlib
from typing import Any

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.gpu.contraction.unit_schedule import Shape
from mograph.targets.gpu.group import Thread
from mograph.targets.gpu.product import Factor, Product, raster

KERNELS = {"mma": "nvidia", "wgmma": "nvidia", "mfma": "amd"}
GLOBAL, SHARED = "!llvm.ptr<1>", "!llvm.ptr<3>"


def element_of(name: str) -> ir.Type:
    """A type by its name."""
    return ir.Type.parse(name)


def build(kernel: str, options: argparse.Namespace) -> tuple[ir.Module, Any]:
    """The module with a kernel for the options, and its schedule."""
    family = f"mograph.targets.{KERNELS[kernel]}"
    chip = importlib.import_module(f"{family}.chips").CHIPS[options.chip]
    code = importlib.import_module(f"{family}.{kernel}")
    schedules = importlib.import_module(f"{family}.{'warpgroups' if kernel == 'wgmma' else 'schedule'}")
    element = element_of(options.element)
    bytes_ = element.width // 8
    extents: list[Int] = [int(each) for each in options.extents.split(",")]
    module = ir.Module.create()
    with ir.InsertionPoint(module.body):
        holder = ir.Operation.create("gpu.module", attributes={"sym_name": ir.StringAttr.get("kernels")}, regions=1)
    block = ir.Block.create_at_start(holder.regions[0])
    types = [ir.Type.parse(GLOBAL)] * 4 + [ir.IntegerType.get_signless(64)] * 3
    types += [ir.Type.parse(GLOBAL)] * (kernel == "wgmma")  # room for tensor maps
    function = ir.Operation.create(
        "gpu.func",
        attributes={
            "sym_name": ir.StringAttr.get("product"),
            "function_type": ir.TypeAttr.get(ir.FunctionType.get(types, [])),
            "gpu.kernel": ir.UnitAttr.get(),
            "workgroup_attributions": ir.IntegerAttr.get(ir.IntegerType.get_signless(64), 0),
        },
        regions=1,
        ip=ir.InsertionPoint(block),
    )
    body = ir.Block.create_at_start(function.regions[0], types, [ir.Location.unknown()] * len(types))
    end = ir.Operation.create("gpu.return", ip=ir.InsertionPoint(body))
    i64 = types[4]
    first = ir.Operation.create(
        "arith.constant", results=[i64], attributes={"value": ir.IntegerAttr.get(i64, 0)}, ip=ir.InsertionPoint(end)
    )
    b = Builder(ir.InsertionPoint(end), ir.InsertionPoint(first), space=1)
    a_at, b_at, c_at, bias_at, *dynamic = list(body.arguments)[:7]
    m, n, k = (extent or value for extent, value in zip(extents, dynamic, strict=True))

    def share(where: Builder, size: int) -> ir.Value:
        attributes = {
            "sym_name": ir.StringAttr.get("tiles"),
            "global_type": ir.TypeAttr.get(ir.Type.parse(f"!llvm.array<{size} x i8>")),
            "linkage": ir.Attribute.parse("#llvm.linkage<internal>"),
            "addr_space": ir.IntegerAttr.get(b.i32, 3),
            "alignment": ir.IntegerAttr.get(b.i64, 16),
        }
        ir.Operation.create("llvm.mlir.global", attributes=attributes, regions=1, ip=ir.InsertionPoint(function))
        name = ir.FlatSymbolRefAttr.get("tiles")
        return where.one("llvm.mlir.addressof", ir.Type.parse(SHARED), global_name=name)

    thread = Thread(b, share)
    left = Factor(a_at, element, k, 1, options.aligned)
    right = Factor(b_at, element, *((1, n) if options.b == "n" else (k, 1)), options.aligned)
    product = Product(m, n, k, left, right)
    known = [extent if isinstance(extent, int) else None for extent in (m, n, k)]
    more = () if kernel == "wgmma" else (chip,)
    copied = () if kernel == "wgmma" else (code.copied(left, m), code.copied(right, n))
    schedule = schedules.choose(Shape(*known, 1, bytes_, *copied, held=code.held(element, *more)), chip)
    changes = dict(each.split("=") for each in options.schedule.split(",") if each)
    schedule = dataclasses.replace(schedule, **{name: int(value) for name, value in changes.items()})
    assert code.suits(product, *more)
    function.attributes["known_block_size"] = ir.DenseI32ArrayAttr.get([schedule.threads, 1, 1])

    def finish(b: Builder, row: Int, column: Int, sums: ir.Value) -> None:
        """The end for a vector of sums that all exist, or for one sum."""
        vector = isinstance(sums.type, ir.VectorType)
        width = ir.VectorType(sums.type).shape[0] if vector else 1
        size = 4 if bytes_ == 1 else bytes_
        place = b.address(c_at, b.mul(b.add(b.mul(row, n), column), size), b.i8)
        if element != b.i8:
            more = b.load(sums.type, b.address(bias_at, b.mul(column, 4), b.i8), 4 * width)
            sums = b.one("arith.addf", sums.type, sums, more)
            sums = b.one("arith.maximumf", sums.type, sums, b.number(sums.type, 0))
            if bytes_ == 2:
                sums = b.one("arith.truncf", ir.VectorType.get([width], element) if vector else element, sums)
        b.store(sums, place, size * width)

    def epilogue(b: Builder, row: Int, column: Int, sums: ir.Value, count: Int) -> None:
        width = ir.VectorType(sums.type).shape[0]
        if width == count and isinstance(n, int):
            finish(b, row, column, sums)
            return
        less = ir.IntegerAttr.get(b.i64, 2)
        for number in range(width):
            at = ir.DenseI64ArrayAttr.get([number])
            one = b.one("vector.extract", ir.VectorType(sums.type).element_type, sums, static_position=at)
            there = b.one("arith.cmpi", b.i1, b.value(number), b.value(count), predicate=less)
            b.if_(there, lambda one=one, number=number: finish(b, row, b.add(column, number), one))

    if kernel == "wgmma":
        batch = code.Batch(1, b.mul(m, k), b.mul(n, k))
        code.emit(b, thread, product, batch, body.arguments[7], schedule, lambda batch: epilogue)
        return module, schedule
    row, column = raster(b, thread.block(0), b.blocks(m, schedule.rows), b.blocks(n, schedule.columns), schedule.band)
    origin = (b.mul(row, schedule.rows), b.mul(column, schedule.columns))
    code.emit(b, thread, product, schedule, *more, *origin, epilogue)
    return module, schedule


def main() -> None:
    """Prints the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kernel", choices=sorted(KERNELS))
    parser.add_argument("chip")
    parser.add_argument("--element", default="bf16")
    parser.add_argument("--extents", default="4096,4096,4096")
    parser.add_argument("--b", choices=("n", "k"), default="n")
    parser.add_argument("--aligned", type=int, default=16)
    parser.add_argument("--schedule", default="")
    options = parser.parse_args()
    with ir.Context(), ir.Location.unknown():
        module, schedule = build(options.kernel, options)
    print(f"// {schedule}")
    print(module)


if __name__ == "__main__":
    main()
