// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Attributes of their default values are not printed.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, c, 4], f32>, %v: !mo.tensor<[c], f32>, %r: !mo.tensor<[4], f32>) {
  // CHECK: mo.layer_norm %{{[^ ,)]+}} : !mo.tensor<[n, c, 4], f32>
  %0 = mo.layer_norm %x : !mo.tensor<[n, c, 4], f32>
  // CHECK: mo.layer_norm %{{[^ ,)]+}} axis = 1 epsilon = 1.000000e-02 : !mo.tensor<[n, c, 4], f32>
  %1 = mo.layer_norm %x axis = 1 epsilon = 1.000000e-02 : !mo.tensor<[n, c, 4], f32>
  // CHECK: mo.layer_norm %{{[^ ,)]+}} scale %{{[^ ,)]+}} : !mo.tensor<[n, c, 4], f32> scale !mo.tensor<[4], f32>
  %2 = mo.layer_norm %x scale %r : !mo.tensor<[n, c, 4], f32> scale !mo.tensor<[4], f32>
  // CHECK: mo.layer_norm %{{[^ ,)]+}} bias %{{[^ ,)]+}} : !mo.tensor<[n, c, 4], f32> bias !mo.tensor<[4], f32>
  %3 = mo.layer_norm %x bias %r : !mo.tensor<[n, c, 4], f32> bias !mo.tensor<[4], f32>
  // CHECK: mo.layer_norm %{{[^ ,)]+}} scale %{{[^ ,)]+}} bias %{{[^ ,)]+}} axis = -2 : !mo.tensor<[n, c, 4], f32> scale !mo.tensor<[4], f32> bias !mo.tensor<[4], f32>
  %4 = mo.layer_norm %x scale %r bias %r axis = -2 : !mo.tensor<[n, c, 4], f32> scale !mo.tensor<[4], f32> bias !mo.tensor<[4], f32>
  // CHECK: mo.rms_norm %{{[^ ,)]+}} : !mo.tensor<[n, c, 4], f32>
  %5 = mo.rms_norm %x : !mo.tensor<[n, c, 4], f32>
  // CHECK: mo.rms_norm %{{[^ ,)]+}} scale %{{[^ ,)]+}} epsilon = 5.000000e-01 : !mo.tensor<[n, c, 4], f32> scale !mo.tensor<[4], f32>
  %6 = mo.rms_norm %x scale %r epsilon = 5.000000e-01 : !mo.tensor<[n, c, 4], f32> scale !mo.tensor<[4], f32>
  // CHECK: mo.batch_norm %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, c, 4], f32>, !mo.tensor<[c], f32>, !mo.tensor<[c], f32>, !mo.tensor<[c], f32>, !mo.tensor<[c], f32>
  %7 = mo.batch_norm %x, %v, %v, %v, %v : !mo.tensor<[n, c, 4], f32>, !mo.tensor<[c], f32>, !mo.tensor<[c], f32>, !mo.tensor<[c], f32>, !mo.tensor<[c], f32>
  // CHECK: mo.batch_norm %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} axis = 2 epsilon = 1.000000e-03 : !mo.tensor<[n, c, 4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[4], f32>
  %8 = mo.batch_norm %x, %r, %r, %r, %r axis = 2 epsilon = 1.000000e-03 : !mo.tensor<[n, c, 4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[4], f32>
  // CHECK: mo.instance_norm %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, c, 4], f32>, !mo.tensor<[c], f32>, !mo.tensor<[c], f32>
  %9 = mo.instance_norm %x, %v, %v : !mo.tensor<[n, c, 4], f32>, !mo.tensor<[c], f32>, !mo.tensor<[c], f32>
  // CHECK: mo.group_norm %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} groups = 2 epsilon = 1.000000e-03 : !mo.tensor<[n, c, 4], f32>, !mo.tensor<[c], f32>, !mo.tensor<[c], f32>
  %10 = mo.group_norm %x, %v, %v groups = 2 epsilon = 1.000000e-03 : !mo.tensor<[n, c, 4], f32>, !mo.tensor<[c], f32>, !mo.tensor<[c], f32>
  // CHECK: mo.lp_norm %{{[^ ,)]+}} : !mo.tensor<[n, c, 4], f32>
  %11 = mo.lp_norm %x : !mo.tensor<[n, c, 4], f32>
  // CHECK: mo.lp_norm %{{[^ ,)]+}} axis = 0 p = 1 : !mo.tensor<[n, c, 4], f32>
  %12 = mo.lp_norm %x axis = 0 p = 1 : !mo.tensor<[n, c, 4], f32>
  // CHECK: mo.local_response_norm %{{[^ ,)]+}} size = 3 : !mo.tensor<[n, c, 4], f32>
  %13 = mo.local_response_norm %x size = 3 : !mo.tensor<[n, c, 4], f32>
  // CHECK: mo.local_response_norm %{{[^ ,)]+}} size = 5 alpha = 2.000000e-04 beta = 5.000000e-01 bias = 2.000000e+00 : !mo.tensor<[n, c, 4], f32>
  %14 = mo.local_response_norm %x size = 5 alpha = 2.000000e-04 beta = 5.000000e-01 bias = 2.000000e+00 : !mo.tensor<[n, c, 4], f32>
  mo.output
}
