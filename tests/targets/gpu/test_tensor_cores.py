# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which products come to which units of which chips, from modules of tensors."""

import pytest
from mlir import ir

from mograph.targets.amd import AmdTarget
from mograph.targets.cpu.builder import find
from mograph.targets.gpu.target import GpuTarget
from mograph.targets.nvidia import NvidiaTarget

PRODUCT = """
#a = affine_map<(z, m, n, k) -> (z, m, k)>
#b = affine_map<(z, m, n, k) -> (z, k, n)>
#c = affine_map<(z, m, n, k) -> (z, m, n)>
func.func @f(%a: tensor<{z}x{m}x{k}x{t}>, %b: tensor<{z}x{k}x{n}x{t}>) -> tensor<{z}x{m}x{n}xf32> {{
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<{z}x{m}x{n}xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<{z}x{m}x{n}xf32>) -> tensor<{z}x{m}x{n}xf32>
  %r = linalg.generic {{indexing_maps = [#a, #b, #c],
                        iterator_types = ["parallel", "parallel", "parallel", "reduction"]}}
      ins(%a, %b : tensor<{z}x{m}x{k}x{t}>, tensor<{z}x{k}x{n}x{t}>) outs(%i : tensor<{z}x{m}x{n}xf32>) {{
  ^bb0(%x: {t}, %y: {t}, %s: f32):
    {left}
    {right}
    %p = arith.mulf %u, %v : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  }} -> tensor<{z}x{m}x{n}xf32>
  return %r : tensor<{z}x{m}x{n}xf32>
}}
"""


def kernels(target: GpuTarget, element: str, extents: tuple[int, int, int, int]) -> ir.Module:
    z, m, n, k = extents
    wide = "arith.addf {0}, %zero : f32" if element == "f32" else f"arith.extf {{0}} : {element} to f32"
    sides = {"left": f"%u = {wide.format('%x')}", "right": f"%v = {wide.format('%y')}"}
    text = PRODUCT.format(z=z, m=m, n=n, k=k, t=element, **sides)
    return target.lower(ir.Module.parse(text))[1]


@pytest.mark.parametrize("element", ["f16", "bf16"])
@pytest.mark.parametrize(
    ("target", "chip", "extents", "op"),
    [
        (NvidiaTarget, "sm_80", (1, 512, 512, 512), "nvvm.mma.sync"),
        (NvidiaTarget, "sm_89", (3, 100, 72, 64), "nvvm.mma.sync"),
        (NvidiaTarget, "sm_90a", (1, 1024, 1024, 512), "nvvm.wgmma.mma_async"),
        (NvidiaTarget, "sm_90a", (12, 512, 512, 64), "nvvm.wgmma.mma_async"),
        (NvidiaTarget, "sm_90a", (1, 128, 128, 128), "nvvm.mma.sync"),  # too small for blocks that stay
        (NvidiaTarget, "sm_90a", (1, 1023, 1021, 511), "nvvm.mma.sync"),  # rows at odd addresses
        (NvidiaTarget, "sm_100a", (1, 512, 512, 512), "nvvm.mma.sync"),
        (AmdTarget, "gfx1100", (1, 512, 512, 512), "rocdl.wmma.f32.16x16x16.f16"),
    ],
)
def test_products_of_narrow_floats(
    target: type[GpuTarget], chip: str, extents: tuple[int, int, int, int], op: str, element: str
) -> None:
    with ir.Context(), ir.Location.unknown():
        module = kernels(target(chip=chip), element, extents)
        assert find(module.operation, op.replace("f16", element) if chip == "gfx1100" else op)


@pytest.mark.parametrize(
    ("element", "op"), [("f16", "rocdl.mfma.f32.32x32x8f16"), ("bf16", "rocdl.mfma.f32.32x32x8bf16.1k")]
)
def test_products_on_cdna(element: str, op: str) -> None:
    with ir.Context(), ir.Location.unknown():
        assert find(kernels(AmdTarget(chip="gfx942"), element, (1, 512, 512, 512)).operation, op)


def test_f32_keeps_its_precision() -> None:
    with ir.Context(), ir.Location.unknown():
        module = kernels(NvidiaTarget(chip="sm_90a"), "f32", (1, 512, 512, 512))
        assert not find(module.operation, "nvvm.mma.sync", "nvvm.wgmma.mma_async")
