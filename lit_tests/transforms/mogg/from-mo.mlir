// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Neighbours of one shape share a kernel; a scalar constant is in it; its name tells what it does.
// CHECK-LABEL: mogg.program @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x4xf32>, %[[Y:.*]]: tensor<4xf32>) -> tensor<?x4xf32>
// CHECK-SAME: signature = {inputs = [{device = "cpu", dims = ["n", 4], dtype = "f32", name = "x"}, {device = "cpu", dims = [4], dtype = "f32", name = "input1"}]
// CHECK: %[[R:.*]] = mogg.launch @mul_add_relu_f32(%[[X]], %[[Y]], %{{.*}}) : (tensor<?x4xf32>, tensor<4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
// CHECK-NEXT: mogg.return %[[R]]
// CHECK-LABEL: mogg.kernel private @mul_add_relu_f32(
// CHECK-SAME: roles = ["in", "in", "out"]
// CHECK: linalg.generic
// CHECK: %[[TWO:.*]] = arith.constant 2.0
// CHECK: arith.mulf %{{.*}}, %[[TWO]] : f32
// CHECK: arith.addf
// CHECK: arith.maximumf
// CHECK-NOT: linalg.generic
mo.graph @main(%x: !mo.tensor<[n, 4], f32> {mo.name = "x"}, %y: !mo.tensor<[4], f32>) -> !mo.tensor<[n, 4], f32> {
  %two = mo.constant 2.0 : !mo.tensor<[], f32>
  %0 = mo.mul %x, %two : !mo.tensor<[n, 4], f32>, !mo.tensor<[], f32>
  %1 = mo.add %0, %y : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  %2 = mo.relu %1 : !mo.tensor<[n, 4], f32>
  mo.output %2 : !mo.tensor<[n, 4], f32>
}

// -----

// Kernels that differ in the names of dimensions alone are one.
// CHECK-LABEL: mogg.program @main(
// CHECK: mogg.launch @softmax_f32(
// CHECK: mogg.launch @softmax_f32(
// CHECK: mogg.kernel private @softmax_f32(
// CHECK-NOT: mogg.kernel
mo.graph @main(%x: !mo.tensor<[n, 4], f32>, %y: !mo.tensor<[m, 4], f32>) -> (!mo.tensor<[n, 4], f32>, !mo.tensor<[m, 4], f32>) {
  %0 = mo.softmax %x : !mo.tensor<[n, 4], f32>
  %1 = mo.softmax %y : !mo.tensor<[m, 4], f32>
  mo.output %0, %1 : !mo.tensor<[n, 4], f32>, !mo.tensor<[m, 4], f32>
}

// -----

// An extent that no argument has is given to the kernel.
// CHECK-LABEL: mogg.program @main(
// CHECK: %[[N:.*]] = tensor.dim
// CHECK: mogg.launch @iota_f32(%[[N]], %{{.*}}) : (index, tensor<?xf32>) -> tensor<?xf32>
// CHECK: mogg.kernel private @iota_f32(%{{.*}}: index, %{{.*}}: tensor<?xf32>) -> tensor<?xf32> attributes {operations = ["mo.iota"], roles = ["extent", "out"]}
mo.graph @main(%x: !mo.tensor<[n, 4], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.iota : !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}

// -----

// A loop over scalars is a loop over scalars: nothing is launched, nothing is in memory.
// CHECK-LABEL: mogg.program @main(
// CHECK: %[[LIMIT:.*]] = tensor.extract
// CHECK: %[[I:.*]] = scf.while (%[[K:.*]] = %{{.*}}) : (i32) -> i32 {
// CHECK: %[[MORE:.*]] = arith.cmpi slt, %[[K]], %[[LIMIT]] : i32
// CHECK-NEXT: scf.condition(%[[MORE]]) %[[K]] : i32
// CHECK: ^bb0(%[[V:.*]]: i32):
// CHECK: %[[NEXT:.*]] = arith.addi %[[V]],
// CHECK-NEXT: scf.yield %[[NEXT]] : i32
// CHECK: tensor.from_elements %[[I]] : tensor<i32>
// CHECK-NOT: mogg.kernel
mo.graph @main(%limit: !mo.tensor<[], si32>) -> !mo.tensor<[], si32> {
  %zero = mo.constant 0 : !mo.tensor<[], si32>
  %one = mo.constant 1 : !mo.tensor<[], si32>
  %i = mo.while (%zero : !mo.tensor<[], si32>) -> !mo.tensor<[], si32> {
  ^bb0(%k: !mo.tensor<[], si32>):
    %more = mo.less %k, %limit : !mo.tensor<[], si32>
    mo.condition %more, %k : !mo.tensor<[], si32>
  } do {
  ^bb0(%k: !mo.tensor<[], si32>):
    %next = mo.add %k, %one : !mo.tensor<[], si32>
    mo.yield %next : !mo.tensor<[], si32>
  }
  mo.output %i : !mo.tensor<[], si32>
}

// -----

// A weight is an argument; a called graph gets it under its prefix, and scalars as scalars.
// CHECK-LABEL: mogg.program private @layer(
// CHECK-SAME: %{{.*}}: f32, %{{.*}}: tensor<4xf32>) -> tensor<4xf32>
// CHECK-LABEL: mogg.program @main(
// CHECK-SAME: %[[S:.*]]: tensor<f32>, %[[W0:.*]]: tensor<4xf32>, %[[W1:.*]]: tensor<4xf32>)
// CHECK-SAME: weights = [{device = "cpu", dims = [4], dtype = "f32", name = "a.w"}, {device = "cpu", dims = [4], dtype = "f32", name = "b.w"}]
// CHECK: %[[X:.*]] = tensor.extract %[[S]][]
// CHECK: mogg.call @layer(%[[X]], %[[W0]]) : (f32, tensor<4xf32>) -> tensor<4xf32>
// CHECK: mogg.call @layer(%[[X]], %[[W1]]) : (f32, tensor<4xf32>) -> tensor<4xf32>
mo.graph private @layer(%x: !mo.tensor<[], f32>) -> !mo.tensor<[4], f32> {
  %w = mo.constant.external "w" : !mo.tensor<[4], f32>
  %0 = mo.mul %w, %x : !mo.tensor<[4], f32>, !mo.tensor<[], f32>
  mo.output %0 : !mo.tensor<[4], f32>
}
mo.graph @main(%x: !mo.tensor<[], f32>) -> (!mo.tensor<[4], f32>, !mo.tensor<[4], f32>) {
  %0 = mo.call @layer(%x) prefix = "a." : (!mo.tensor<[], f32>) -> !mo.tensor<[4], f32>
  %1 = mo.call @layer(%x) prefix = "b." : (!mo.tensor<[], f32>) -> !mo.tensor<[4], f32>
  mo.output %0, %1 : !mo.tensor<[4], f32>, !mo.tensor<[4], f32>
}

// -----

// What cannot be known before is checked at run time.
// CHECK-LABEL: mogg.program @main(
// CHECK: %[[SAME:.*]] = arith.cmpi eq
// CHECK: cf.assert %[[SAME]], "mo.rebind: expected dimension 0 of the input to be 4, found another n"
// CHECK: tensor.cast %{{.*}} : tensor<?xf32> to tensor<4xf32>
mo.graph @main(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[4], f32> {
  %0 = mo.rebind %x : !mo.tensor<[n], f32> to !mo.tensor<[4], f32>
  mo.output %0 : !mo.tensor<[4], f32>
}
