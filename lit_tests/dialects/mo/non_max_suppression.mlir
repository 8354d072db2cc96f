// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// CHECK-LABEL: mo.graph @test
mo.graph @test(%b: !mo.tensor<[b, n, 4], f32>, %s: !mo.tensor<[b, 80, n], f32>, %m: !mo.tensor<[], si64>, %t: !mo.tensor<[], f32>) {
  // CHECK: mo.non_max_suppression %{{[^ ,)]+}}, %{{[^ ,)]+}} max_output %{{[^ ,)]+}} : !mo.tensor<[], si64> iou_threshold %{{[^ ,)]+}} : !mo.tensor<[], f32> score_threshold %{{[^ ,)]+}} : !mo.tensor<[], f32> center_point_box : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[b, 80, n], f32> to !mo.tensor<[k, 3], si64>
  %0 = mo.non_max_suppression %b, %s max_output %m : !mo.tensor<[], si64> iou_threshold %t : !mo.tensor<[], f32> score_threshold %t : !mo.tensor<[], f32> center_point_box : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[b, 80, n], f32> to !mo.tensor<[k, 3], si64>
  // CHECK: mo.non_max_suppression %{{[^ ,)]+}}, %{{[^ ,)]+}} score_threshold %{{[^ ,)]+}} : !mo.tensor<[], f32> : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[b, 80, n], f32> to !mo.tensor<[j, 3], si64>
  %1 = mo.non_max_suppression %b, %s score_threshold %t : !mo.tensor<[], f32> : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[b, 80, n], f32> to !mo.tensor<[j, 3], si64>
  mo.output
}
