// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks | FileCheck %s

// A kernel's attribute takes the place of what its template chooses: 1000 rows are 250 blocks of 4, or 1000 of 1.

#rows = affine_map<(d0, d1) -> (d0)>
#both = affine_map<(d0, d1) -> (d0, d1)>

// CHECK-LABEL: func.func @blocks_of_4
// CHECK: %[[BLOCKS:.*]] = arith.constant 250 : i64
// CHECK: call @mograph_parallel(%{{.*}}, %{{.*}}, %[[BLOCKS]],
func.func @blocks_of_4(%x: tensor<1000x500xf32>) -> tensor<1000x500xf32> attributes {mogg.schedule = {rows = {rows = 4 : i64}}} {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1000xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1000xf32>) -> tensor<1000xf32>
  %s = linalg.generic {indexing_maps = [#both, #rows], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<1000x500xf32>) outs(%f : tensor<1000xf32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.addf %a, %b : f32
    linalg.yield %c : f32
  } -> tensor<1000xf32>
  %o = tensor.empty() : tensor<1000x500xf32>
  %y = linalg.generic {indexing_maps = [#both, #rows, #both], iterator_types = ["parallel", "parallel"]}
      ins(%x, %s : tensor<1000x500xf32>, tensor<1000xf32>) outs(%o : tensor<1000x500xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %d = arith.divf %a, %b : f32
    linalg.yield %d : f32
  } -> tensor<1000x500xf32>
  return %y : tensor<1000x500xf32>
}

// CHECK-LABEL: func.func @blocks_of_1
// CHECK: %[[BLOCKS:.*]] = arith.constant 1000 : i64
// CHECK: call @mograph_parallel(%{{.*}}, %{{.*}}, %[[BLOCKS]],
func.func @blocks_of_1(%x: tensor<1000x500xf32>) -> tensor<1000x500xf32> attributes {mogg.schedule = {rows = {rows = 1 : i64}}} {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1000xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1000xf32>) -> tensor<1000xf32>
  %s = linalg.generic {indexing_maps = [#both, #rows], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<1000x500xf32>) outs(%f : tensor<1000xf32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.addf %a, %b : f32
    linalg.yield %c : f32
  } -> tensor<1000xf32>
  %o = tensor.empty() : tensor<1000x500xf32>
  %y = linalg.generic {indexing_maps = [#both, #rows, #both], iterator_types = ["parallel", "parallel"]}
      ins(%x, %s : tensor<1000x500xf32>, tensor<1000xf32>) outs(%o : tensor<1000x500xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %d = arith.divf %a, %b : f32
    linalg.yield %d : f32
  } -> tensor<1000x500xf32>
  return %y : tensor<1000x500xf32>
}

