// What canonicalisation makes of pairs of operations.
// RUN: mo-opt %s --canonicalize --split-input-file | FileCheck %s

// CHECK-LABEL: mo.graph @add_negative
// CHECK-NEXT: %[[R:.*]] = mo.sub %{{.*}}, %{{.*}} : !mo.tensor<[n], f32>, !mo.tensor<[], f32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @add_negative(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.negative %y : !mo.tensor<[], f32>
  %1 = mo.add %x, %0 : !mo.tensor<[n], f32>, !mo.tensor<[], f32>
  mo.output %1 : !mo.tensor<[n], f32>
}

// -----

// CHECK-LABEL: mo.graph @sub_negative
// CHECK-NEXT: %[[R:.*]] = mo.add
// CHECK-NEXT: mo.output %[[R]]
mo.graph @sub_negative(%x: !mo.tensor<[n], si8>, %y: !mo.tensor<[n], si8>) -> !mo.tensor<[n], si8> {
  %0 = mo.negative %y : !mo.tensor<[n], si8>
  %1 = mo.sub %x, %0 : !mo.tensor<[n], si8>
  mo.output %1 : !mo.tensor<[n], si8>
}

// -----

// A negation on the left is no difference of these two.
// CHECK-LABEL: mo.graph @negative_first
// CHECK: mo.negative
// CHECK: mo.sub
mo.graph @negative_first(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.negative %x : !mo.tensor<[n], f32>
  %1 = mo.sub %0, %y : !mo.tensor<[n], f32>
  mo.output %1 : !mo.tensor<[n], f32>
}

// -----

// CHECK-LABEL: mo.graph @double_negation
// CHECK-SAME: (%[[X:.*]]: !mo.tensor<[n], f32>)
// CHECK-NEXT: mo.output %[[X]]
mo.graph @double_negation(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.negative %x : !mo.tensor<[n], f32>
  %1 = mo.negative %0 : !mo.tensor<[n], f32>
  mo.output %1 : !mo.tensor<[n], f32>
}

// -----

// CHECK-LABEL: mo.graph @transposes
// CHECK-SAME: (%[[X:.*]]: !mo.tensor<[2, n, 4], f32>)
// CHECK-NEXT: %[[R:.*]] = mo.transpose %[[X]] perm = [2, 0, 1]
// CHECK-NEXT: mo.output %[[R]], %[[X]]
mo.graph @transposes(%x: !mo.tensor<[2, n, 4], f32>) -> (!mo.tensor<[4, 2, n], f32>, !mo.tensor<[2, n, 4], f32>) {
  %0 = mo.transpose %x perm = [1, 2, 0] : !mo.tensor<[2, n, 4], f32>
  %1 = mo.transpose %0 perm = [1, 2, 0] : !mo.tensor<[n, 4, 2], f32>
  %2 = mo.transpose %1 perm = [1, 2, 0] : !mo.tensor<[4, 2, n], f32>
  mo.output %1, %2 : !mo.tensor<[4, 2, n], f32>, !mo.tensor<[2, n, 4], f32>
}

// -----

// CHECK-LABEL: mo.graph @reshapes
// CHECK-NEXT: %[[R:.*]] = mo.reshape %{{.*}} : !mo.tensor<[2, 6], f32> to !mo.tensor<[3, 4], f32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @reshapes(%x: !mo.tensor<[2, 6], f32>) -> !mo.tensor<[3, 4], f32> {
  %0 = mo.reshape %x : !mo.tensor<[2, 6], f32> to !mo.tensor<[12], f32>
  %1 = mo.reshape %0 : !mo.tensor<[12], f32> to !mo.tensor<[3, 4], f32>
  mo.output %1 : !mo.tensor<[3, 4], f32>
}

// -----

// The shape between binds k.
// CHECK-LABEL: mo.graph @reshape_binds
// CHECK: mo.reshape %{{.*}} to !mo.tensor<[k, 2], f32>
// CHECK: mo.reshape %{{.*}} to !mo.tensor<[k * 2], f32>
mo.graph @reshape_binds(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[k * 2], f32> {
  %0 = mo.reshape %x : !mo.tensor<[n], f32> to !mo.tensor<[k, 2], f32>
  %1 = mo.reshape %0 : !mo.tensor<[k, 2], f32> to !mo.tensor<[k * 2], f32>
  mo.output %1 : !mo.tensor<[k * 2], f32>
}

// -----

// A product reads transposed matrices where they are; other transpositions stay.
// CHECK-LABEL: mo.graph @matmul_of_transposes
// CHECK-SAME: (%[[X:.*]]: !mo.tensor<[b, k, m], f32>, %[[Y:.*]]: !mo.tensor<[n, k], f32>)
// CHECK-NEXT: %[[A:.*]] = mo.matmul %[[X]], %[[Y]] transpose_lhs transpose_rhs
// CHECK-NEXT: %[[B:.*]] = mo.matmul %[[Y]], %[[X]] :
// CHECK-NEXT: %[[T:.*]] = mo.transpose %[[X]] perm = [1, 0, 2]
// CHECK-NEXT: %[[R:.*]] = mo.rebind %[[Y]]
// CHECK-NEXT: %[[C:.*]] = mo.matmul %[[R]], %[[T]] transpose_lhs
// CHECK-NEXT: mo.output %[[A]], %[[B]], %[[C]]
mo.graph @matmul_of_transposes(%x: !mo.tensor<[b, k, m], f32>, %y: !mo.tensor<[n, k], f32>) -> (!mo.tensor<[b, m, n], f32>, !mo.tensor<[b, n, m], f32>, !mo.tensor<[k, k, m], f32>) {
  %xt = mo.transpose %x perm = [0, 2, 1] : !mo.tensor<[b, k, m], f32>
  %yt = mo.transpose %y perm = [1, 0] : !mo.tensor<[n, k], f32>
  %0 = mo.matmul %xt, %yt : !mo.tensor<[b, m, k], f32>, !mo.tensor<[k, n], f32>
  %1 = mo.matmul %yt, %xt transpose_lhs transpose_rhs : !mo.tensor<[k, n], f32>, !mo.tensor<[b, m, k], f32>
  %2 = mo.transpose %x perm = [1, 0, 2] : !mo.tensor<[b, k, m], f32>
  %bn = mo.rebind %y : !mo.tensor<[n, k], f32> to !mo.tensor<[b, k], f32>
  %3 = mo.matmul %bn, %2 transpose_lhs : !mo.tensor<[b, k], f32>, !mo.tensor<[k, b, m], f32>
  mo.output %0, %1, %3 : !mo.tensor<[b, m, n], f32>, !mo.tensor<[b, n, m], f32>, !mo.tensor<[k, k, m], f32>
}
