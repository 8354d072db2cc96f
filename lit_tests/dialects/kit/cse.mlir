// RUN: mo-opt %s --pass-pipeline='builtin.module(mo.graph(cse))' | FileCheck %s

// Equal operations are one, whatever the order of the operands of a commutative one; attributes count.

// CHECK-LABEL: mo.graph @equal
// CHECK-NEXT: %[[A:.*]] = mo.add
// CHECK-NEXT: %[[S:.*]] = mo.softmax %{{.*}}
// CHECK-NEXT: %[[T:.*]] = mo.softmax %{{.*}}
// CHECK-NEXT: mo.output %[[A]], %[[A]], %[[S]], %[[T]], %[[S]]
mo.graph @equal(%x: !mo.tensor<[n, 2], f32>, %y: !mo.tensor<[n, 2], f32>)
    -> (!mo.tensor<[n, 2], f32>, !mo.tensor<[n, 2], f32>, !mo.tensor<[n, 2], f32>, !mo.tensor<[n, 2], f32>, !mo.tensor<[n, 2], f32>) {
  %0 = mo.add %x, %y : !mo.tensor<[n, 2], f32>
  %1 = mo.add %y, %x : !mo.tensor<[n, 2], f32>
  %2 = "mo.softmax"(%x) : (!mo.tensor<[n, 2], f32>) -> !mo.tensor<[n, 2], f32>
  %3 = "mo.softmax"(%x) <{axis = 0 : i64}> : (!mo.tensor<[n, 2], f32>) -> !mo.tensor<[n, 2], f32>
  %4 = "mo.softmax"(%x) <{axis = -1 : i64}> : (!mo.tensor<[n, 2], f32>) -> !mo.tensor<[n, 2], f32>
  mo.output %0, %1, %2, %3, %4 : !mo.tensor<[n, 2], f32>, !mo.tensor<[n, 2], f32>, !mo.tensor<[n, 2], f32>, !mo.tensor<[n, 2], f32>, !mo.tensor<[n, 2], f32>
}
