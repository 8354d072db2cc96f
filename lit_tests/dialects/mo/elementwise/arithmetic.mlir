// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// One type is printed where the operands have one.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f32>, %y: !mo.tensor<[n, 4], f32>, %z: !mo.tensor<[4], f32>) {
  // CHECK: mo.add %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r0 = mo.add %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.sub %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r1 = mo.sub %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.mul %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r2 = mo.mul %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.div %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r3 = mo.div %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.floor_div %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r4 = mo.floor_div %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.mod %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r5 = mo.mod %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.fmod %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r6 = mo.fmod %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.pow %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r7 = mo.pow %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.max %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r8 = mo.max %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.min %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r9 = mo.min %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.atan2 %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r10 = mo.atan2 %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.add %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  %r11 = mo.add %x, %z : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  // CHECK: mo.sub %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[4], f32>, !mo.tensor<[n, 4], f32>
  %r12 = mo.sub %z, %x : !mo.tensor<[4], f32>, !mo.tensor<[n, 4], f32>
  mo.output
}
