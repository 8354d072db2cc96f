// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Heads that share a key are a dimension of their own, and nothing is repeated in memory.
// CHECK-LABEL: mogg.kernel private @attention_f16(
// CHECK: %[[Q:.*]] = tensor.expand_shape %{{.*}} {{\[\[}}0], [1, 2], [3], [4]] {{.*}} : tensor<?x8x?x64xf16> into tensor<?x2x4x?x64xf16>
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%[[Q]], %{{.*}} : tensor<?x2x4x?x64xf16>, tensor<?x2x?x64xf16>) outs(%{{.*}} : tensor<?x2x4x?x?xf32>)
// CHECK: arith.cmpi sle
// CHECK: arith.maxnumf
// CHECK: math.exp
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%{{.*}}, %{{.*}} : tensor<?x2x4x?x?xf32>, tensor<?x2x?x32xf16>) outs(%{{.*}} : tensor<?x2x4x?x32xf32>)
// CHECK: arith.divf
// CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0], [1, 2], [3], [4]]
mo.graph @groups(%q: !mo.tensor<[b, 8, n, 64], f16>, %k: !mo.tensor<[b, 2, m, 64], f16>, %v: !mo.tensor<[b, 2, m, 32], f16>) -> !mo.tensor<[b, 8, n, 32], f16> {
  %0 = mo.attention %q, %k, %v causal : !mo.tensor<[b, 8, n, 64], f16>, !mo.tensor<[b, 2, m, 64], f16>, !mo.tensor<[b, 2, m, 32], f16>
  mo.output %0 : !mo.tensor<[b, 8, n, 32], f16>
}

// -----

// The pairs are two slices, turned in one nest.
// CHECK-LABEL: mogg.kernel private @rope_f32(
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 0, 0] [%{{.*}}, %{{.*}}, 1, 32]
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 1, 0] [%{{.*}}, %{{.*}}, 1, 32]
// CHECK: linalg.generic
// CHECK-COUNT-2: tensor.insert_slice
mo.graph @rope(%x: !mo.tensor<[b, n, 64], f32>, %c: !mo.tensor<[n, 32], f32>) -> !mo.tensor<[b, n, 64], f32> {
  %0 = mo.rope %x, %c, %c : !mo.tensor<[b, n, 64], f32>, !mo.tensor<[n, 32], f32>, !mo.tensor<[n, 32], f32>
  mo.output %0 : !mo.tensor<[b, n, 64], f32>
}
