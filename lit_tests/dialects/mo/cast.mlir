// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The result type is written.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], si32>) {
  // CHECK: mo.cast %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], i1>
  %r0 = mo.cast %x : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], i1>
  // CHECK: mo.cast %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], si8>
  %r1 = mo.cast %x : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], si8>
  // CHECK: mo.cast %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], ui64>
  %r2 = mo.cast %x : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], ui64>
  // CHECK: mo.cast %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], f16>
  %r3 = mo.cast %x : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], f16>
  // CHECK: mo.cast %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], bf16>
  %r4 = mo.cast %x : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], bf16>
  // CHECK: mo.cast %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], f64>
  %r5 = mo.cast %x : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], f64>
  // CHECK: mo.cast %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], f8E4M3FN>
  %r6 = mo.cast %x : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], f8E4M3FN>
  // CHECK: mo.cast %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], f8E5M2>
  %r7 = mo.cast %x : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], f8E5M2>
  // The defaults are not printed.
  // CHECK: mo.cast %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], si4>
  %r8 = mo.cast %x saturate = true rounding = nearest : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], si4>
  // CHECK: mo.cast %{{[^ ,)]+}} saturate = false : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], f8E5M2FNUZ>
  %r9 = mo.cast %x saturate = false : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], f8E5M2FNUZ>
  // CHECK: mo.cast %{{[^ ,)]+}} rounding = up : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], f8E8M0FNU>
  %r10 = mo.cast %x rounding = up : !mo.tensor<[n, 4], si32> to !mo.tensor<[n, 4], f8E8M0FNU>
  mo.output
}
