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
    wide = f"= arith.extf {{}} : {element} to f32"
    sides = {"left": f"%u {wide.format('%x')}", "right": f"%v {wide.format('%y')}"}
    text = PRODUCT
    if element == "f32":
        text, sides = text.replace("%u, %v", "%x, %y"), {"left": "", "right": ""}
    text = text.format(z=z, m=m, n=n, k=k, t=element, **sides)
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
        (NvidiaTarget, "sm_90a", (1, 16, 4096, 4096), "nvvm.mma.sync"),  # few tiles with long sums, which blocks share
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
        assert find(kernels(AmdTarget(chip="gfx942"), "f32", (1, 512, 512, 512)).operation, "rocdl.mfma.f32.32x32x2f32")


@pytest.mark.parametrize(
    ("target", "which", "op"),
    [
        (NvidiaTarget, "sm_80,allow_tf32", "nvvm.mma.sync"),
        (NvidiaTarget, "sm_90a,allow_tf32", "nvvm.mma.sync"),  # wgmma wants neighbours along k together
        (AmdTarget, "gfx942,allow_tf32", "rocdl.mfma.f32.32x32x4.xf32"),
        (AmdTarget, "gfx950,allow_tf32", "rocdl.mfma.f32.32x32x2f32"),  # has no such units
    ],
)
def test_tf32_where_it_is_allowed(target: type[GpuTarget], which: str, op: str) -> None:
    with ir.Context(), ir.Location.unknown():
        assert find(kernels(target.at(which), "f32", (1, 512, 512, 512)).operation, op)


def test_unknown_options_are_refused() -> None:
    with pytest.raises(ValueError, match="target 'nvidia' has no option 'tf32': expected allow_tf32"):
        NvidiaTarget.at("sm_80,tf32")


@pytest.mark.parametrize(
    ("target", "chip", "element", "op"),
    [
        (NvidiaTarget, "sm_80", "f8E4M3FN", "nvvm.mma.sync"),  # as f16
        (NvidiaTarget, "sm_89", "f8E4M3FN", "llvm.inline_asm"),
        (NvidiaTarget, "sm_120", "f8E5M2", "llvm.inline_asm"),
        (AmdTarget, "gfx950", "f8E4M3FN", "rocdl.mfma.f32.32x32x16.fp8.fp8"),
        (AmdTarget, "gfx950", "f8E5M2", "rocdl.mfma.f32.32x32x16.bf8.bf8"),
        (AmdTarget, "gfx1201", "f8E5M2", "rocdl.wmma.f32.16x16x16.bf8_bf8"),
    ],
)
def test_products_of_floats_of_8_bits(target: type[GpuTarget], chip: str, element: str, op: str) -> None:
    with ir.Context(), ir.Location.unknown():
        assert find(kernels(target(chip=chip), element, (1, 512, 512, 512)).operation, op)


def test_gfx942_has_other_floats_of_8_bits() -> None:
    with ir.Context(), ir.Location.unknown():
        names = {op.name for op in find(kernels(AmdTarget(chip="gfx942"), "f8E4M3FN", (1, 512, 512, 512)).operation)}
        assert not any("mfma" in name for name in names)
