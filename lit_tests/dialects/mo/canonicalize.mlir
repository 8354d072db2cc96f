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
