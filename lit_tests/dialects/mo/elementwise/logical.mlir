// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// On bools, and on the bits of integers.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], si32>, %y: !mo.tensor<[n, 4], si32>, %b: !mo.tensor<[n, 4], i1>) {
  // CHECK: mo.and %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32>
  %r0 = mo.and %x, %y : !mo.tensor<[n, 4], si32>
  // CHECK: mo.or %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32>
  %r1 = mo.or %x, %y : !mo.tensor<[n, 4], si32>
  // CHECK: mo.xor %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32>
  %r2 = mo.xor %x, %y : !mo.tensor<[n, 4], si32>
  // CHECK: mo.shift_left %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32>
  %r3 = mo.shift_left %x, %y : !mo.tensor<[n, 4], si32>
  // CHECK: mo.shift_right %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32>
  %r4 = mo.shift_right %x, %y : !mo.tensor<[n, 4], si32>
  // CHECK: mo.not %{{[^ ,)]+}} : !mo.tensor<[n, 4], si32>
  %r5 = mo.not %x : !mo.tensor<[n, 4], si32>
  // CHECK: mo.not %{{[^ ,)]+}} : !mo.tensor<[n, 4], i1>
  %r6 = mo.not %b : !mo.tensor<[n, 4], i1>
  // CHECK: mo.xor %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], i1>
  %r7 = mo.xor %b, %b : !mo.tensor<[n, 4], i1>
  mo.output
}
