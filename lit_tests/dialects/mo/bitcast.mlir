// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The result type is written.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f32>, %y: !mo.tensor<[2], si4>, %z: !mo.tensor<[], i1>) {
  // CHECK: mo.bitcast %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32> to !mo.tensor<[n, 4], ui32>
  %r0 = mo.bitcast %x : !mo.tensor<[n, 4], f32> to !mo.tensor<[n, 4], ui32>
  // CHECK: mo.bitcast %{{[^ ,)]+}} : !mo.tensor<[2], si4> to !mo.tensor<[2], f4E2M1FN>
  %r1 = mo.bitcast %y : !mo.tensor<[2], si4> to !mo.tensor<[2], f4E2M1FN>
  // CHECK: mo.bitcast %{{[^ ,)]+}} : !mo.tensor<[], i1> to !mo.tensor<[], f8E8M0FNU>
  %r2 = mo.bitcast %z : !mo.tensor<[], i1> to !mo.tensor<[], f8E8M0FNU>
  mo.output
}
