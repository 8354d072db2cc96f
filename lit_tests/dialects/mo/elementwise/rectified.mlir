// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Attributes of their default values are not printed.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f32>, %s: !mo.tensor<[4], f32>, %c: !mo.tensor<[], f32>) {
  // CHECK: mo.relu6 %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r0 = mo.relu6 %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.leaky_relu %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r1 = mo.leaky_relu %x alpha = 0.01 : !mo.tensor<[n, 4], f32>
  // CHECK: mo.leaky_relu %{{[^ ,)]+}} alpha = 2.000000e-01 : !mo.tensor<[n, 4], f32>
  %r2 = mo.leaky_relu %x alpha = 0.2 : !mo.tensor<[n, 4], f32>
  // CHECK: mo.elu %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r3 = mo.elu %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.selu %{{[^ ,)]+}} gamma = 2.000000e+00 : !mo.tensor<[n, 4], f32>
  %r4 = mo.selu %x gamma = 2.0 : !mo.tensor<[n, 4], f32>
  // CHECK: mo.celu %{{[^ ,)]+}} alpha = 5.000000e-01 : !mo.tensor<[n, 4], f32>
  %r5 = mo.celu %x alpha = 0.5 : !mo.tensor<[n, 4], f32>
  // CHECK: mo.thresholded_relu %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r6 = mo.thresholded_relu %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.shrink %{{[^ ,)]+}} bias = 1.000000e+00 lambd = 1.500000e+00 : !mo.tensor<[n, 4], f32>
  %r7 = mo.shrink %x bias = 1.0 lambd = 1.5 : !mo.tensor<[n, 4], f32>
  // CHECK: mo.prelu %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  %r8 = mo.prelu %x, %s : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  // CHECK: mo.clamp %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[], f32>
  %r9 = mo.clamp %x, %s, %c : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[], f32>
  // CHECK: mo.clamp %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[4], f32>
  %r10 = mo.clamp %s, %s, %s : !mo.tensor<[4], f32>
  // CHECK: mo.gelu %{{[^ ,)]+}} approximate = quick : !mo.tensor<[n, 4], f32>
  %r11 = mo.gelu %x approximate = quick : !mo.tensor<[n, 4], f32>
  // CHECK: mo.softsign %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r12 = mo.softsign %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.mish %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r13 = mo.mish %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.hard_sigmoid %{{[^ ,)]+}} alpha = 1.250000e-01 : !mo.tensor<[n, 4], f32>
  %r14 = mo.hard_sigmoid %x alpha = 0.125 : !mo.tensor<[n, 4], f32>
  // CHECK: mo.hard_swish %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r15 = mo.hard_swish %x : !mo.tensor<[n, 4], f32>
  mo.output
}
