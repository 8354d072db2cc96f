// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --canonicalize | FileCheck %s

// Transposed matrices are read where they are; other transpositions stay.
// CHECK-LABEL: mo.graph @transposed(
// CHECK-SAME: %[[X:.*]]: !mo.tensor<[m, k], f32>, %[[W:.*]]: !mo.tensor<[g, n, k], f32>, %[[S:.*]]: !mo.tensor<[g], si32>
// CHECK-NEXT: %[[A:.*]] = mo.grouped_matmul %[[X]], %[[W]], %[[S]] transpose_rhs :
// CHECK-NEXT: mo.output %[[A]]
mo.graph @transposed(%x: !mo.tensor<[m, k], f32>, %w: !mo.tensor<[g, n, k], f32>, %s: !mo.tensor<[g], si32>) -> !mo.tensor<[m, n], f32> {
  %t = mo.transpose %w perm = [0, 2, 1] : !mo.tensor<[g, n, k], f32>
  %0 = mo.grouped_matmul %x, %t, %s : !mo.tensor<[m, k], f32>, !mo.tensor<[g, k, n], f32>, !mo.tensor<[g], si32>
  mo.output %0 : !mo.tensor<[m, n], f32>
}

// CHECK-LABEL: mo.graph @transposed_twice(
// CHECK-NEXT: mo.grouped_matmul %{{.*}}, %{{.*}}, %{{.*}} : !mo.tensor<[m, k], f32>, !mo.tensor<[g, k, n], f32>
mo.graph @transposed_twice(%x: !mo.tensor<[m, k], f32>, %w: !mo.tensor<[g, k, n], f32>, %s: !mo.tensor<[g], si32>) -> !mo.tensor<[m, n], f32> {
  %t = mo.transpose %w perm = [0, 2, 1] : !mo.tensor<[g, k, n], f32>
  %0 = mo.grouped_matmul %x, %t, %s transpose_rhs : !mo.tensor<[m, k], f32>, !mo.tensor<[g, n, k], f32>, !mo.tensor<[g], si32>
  mo.output %0 : !mo.tensor<[m, n], f32>
}

// CHECK-LABEL: mo.graph @other_order(
// CHECK-NEXT: mo.transpose
// CHECK-NEXT: mo.grouped_matmul
mo.graph @other_order(%x: !mo.tensor<[m, k], f32>, %w: !mo.tensor<[n, k, g], f32>, %s: !mo.tensor<[g], si32>) -> !mo.tensor<[m, n], f32> {
  %t = mo.transpose %w perm = [2, 1, 0] : !mo.tensor<[n, k, g], f32>
  %0 = mo.grouped_matmul %x, %t, %s : !mo.tensor<[m, k], f32>, !mo.tensor<[g, k, n], f32>, !mo.tensor<[g], si32>
  mo.output %0 : !mo.tensor<[m, n], f32>
}

// One group that is known to have all rows makes it a product of matrices.
// CHECK-LABEL: mo.graph @one_group(
// CHECK-SAME: %[[X:.*]]: !mo.tensor<[5, k], f32>, %[[W:.*]]: !mo.tensor<[3, n, k], f32>
// CHECK-NEXT: %[[P:.*]] = mo.slice %[[W]] starts = [1, 0, 0]
// CHECK-NEXT: %[[R:.*]] = mo.reshape %[[P]] : !mo.tensor<[1, n, k], f32> to !mo.tensor<[n, k], f32>
// CHECK-NEXT: %[[A:.*]] = mo.matmul %[[X]], %[[R]] transpose_rhs :
// CHECK-NEXT: mo.output %[[A]]
mo.graph @one_group(%x: !mo.tensor<[5, k], f32>, %w: !mo.tensor<[3, n, k], f32>) -> !mo.tensor<[5, n], f32> {
  %s = mo.constant dense<[-1, 7, 2]> : !mo.tensor<[3], si32>
  %0 = mo.grouped_matmul %x, %w, %s transpose_rhs : !mo.tensor<[5, k], f32>, !mo.tensor<[3, n, k], f32>, !mo.tensor<[3], si32>
  mo.output %0 : !mo.tensor<[5, n], f32>
}

// CHECK-LABEL: mo.graph @several_groups(
// CHECK: mo.grouped_matmul
// CHECK-LABEL: mo.graph @unknown_rows(
// CHECK: mo.grouped_matmul
mo.graph @several_groups(%x: !mo.tensor<[5, k], f32>, %w: !mo.tensor<[2, k, n], f32>) -> !mo.tensor<[5, n], f32> {
  %s = mo.constant dense<[4, 2]> : !mo.tensor<[2], si32>
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[5, k], f32>, !mo.tensor<[2, k, n], f32>, !mo.tensor<[2], si32>
  mo.output %0 : !mo.tensor<[5, n], f32>
}
mo.graph @unknown_rows(%x: !mo.tensor<[m, k], f32>, %w: !mo.tensor<[2, k, n], f32>) -> !mo.tensor<[m, n], f32> {
  %s = mo.constant dense<[4, 0]> : !mo.tensor<[2], si32>
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[m, k], f32>, !mo.tensor<[2, k, n], f32>, !mo.tensor<[2], si32>
  mo.output %0 : !mo.tensor<[m, n], f32>
}

// Constants fold.
// CHECK-LABEL: mo.graph @fold(
// CHECK-NEXT: %[[R:.*]] = mo.constant dense<{{\[\[}}2], [12], [0]]> : !mo.tensor<[3, 1], si32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @fold() -> !mo.tensor<[3, 1], si32> {
  %x = mo.constant dense<[[1], [4], [5]]> : !mo.tensor<[3, 1], si32>
  %w = mo.constant dense<[[[2]], [[3]]]> : !mo.tensor<[2, 1, 1], si32>
  %s = mo.constant dense<1> : !mo.tensor<[2], si8>
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[3, 1], si32>, !mo.tensor<[2, 1, 1], si32>, !mo.tensor<[2], si8>
  mo.output %0 : !mo.tensor<[3, 1], si32>
}
