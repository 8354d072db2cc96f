// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// A condition is a scalar; what is lowered in a branch is launched there, and scalars leave it as scalars.
// CHECK-LABEL: mogg.program @choose(
// CHECK-SAME: %[[C:[a-z0-9]*]]: tensor<i1>, %[[X:[a-z0-9]*]]: tensor<?xf32>)
// CHECK: %[[CONDITION:.*]] = tensor.extract %[[C]][]
// CHECK-NOT: mogg.launch
// CHECK: %[[R:.*]]:2 = scf.if %[[CONDITION]] -> (tensor<?xf32>, i1) {
// CHECK: %[[NEGATIVE:.*]] = mogg.launch @negative_f32(%[[X]],
// CHECK-NEXT: scf.yield %[[NEGATIVE]], %[[CONDITION]] : tensor<?xf32>, i1
// CHECK-NEXT: } else {
// CHECK-NEXT: scf.yield %[[X]], %[[CONDITION]] : tensor<?xf32>, i1
// CHECK: tensor.from_elements %[[R]]#1 : tensor<i1>
mo.graph @choose(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[], i1>) {
  %0:2 = mo.if %c -> !mo.tensor<[n], f32>, !mo.tensor<[], i1> {
    %1 = mo.negative %x : !mo.tensor<[n], f32>
    mo.yield %1, %c : !mo.tensor<[n], f32>, !mo.tensor<[], i1>
  } else {
    mo.yield %x, %c : !mo.tensor<[n], f32>, !mo.tensor<[], i1>
  }
  mo.output %0#0, %0#1 : !mo.tensor<[n], f32>, !mo.tensor<[], i1>
}

// -----

// What an operation before the branch gives is launched before it, though only a branch uses it.
// CHECK-LABEL: mogg.program @before(
// CHECK: mogg.launch @exp_f32(
// CHECK: scf.if
// CHECK: mogg.launch @negative_f32(
mo.graph @before(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %e = mo.exp %x : !mo.tensor<[n], f32>
  %0 = mo.if %c -> !mo.tensor<[n], f32> {
    %1 = mo.negative %e : !mo.tensor<[n], f32>
    mo.yield %1 : !mo.tensor<[n], f32>
  } else {
    mo.yield %x : !mo.tensor<[n], f32>
  }
  mo.output %0 : !mo.tensor<[n], f32>
}

// -----

// A loop carries scalars and tensors, and captures what is outside.
// CHECK-LABEL: mogg.program @count(
// CHECK-SAME: %[[L:[a-z0-9]*]]: tensor<i32>, %[[X:[a-z0-9]*]]: tensor<?x16xf32>)
// CHECK: %[[LIMIT:.*]] = tensor.extract %[[L]][]
// CHECK: %[[R:.*]]:2 = scf.while (%[[K:.*]] = %{{.*}}, %[[V:.*]] = %[[X]]) : (i32, tensor<?x16xf32>) -> (i32, tensor<?x16xf32>) {
// CHECK-NEXT: %[[MORE:.*]] = arith.cmpi slt, %[[K]], %[[LIMIT]] : i32
// CHECK-NEXT: scf.condition(%[[MORE]]) %[[K]], %[[V]] : i32, tensor<?x16xf32>
// CHECK: ^bb0(%[[K:.*]]: i32, %[[V:.*]]: tensor<?x16xf32>):
// CHECK: %[[NEXT:.*]] = arith.addi %[[K]],
// CHECK: %[[W:.*]] = mogg.launch @mul_f32(%[[V]], %[[X]],
// CHECK-NEXT: scf.yield %[[NEXT]], %[[W]] : i32, tensor<?x16xf32>
// CHECK: mogg.return %[[R]]#1
mo.graph @count(%limit: !mo.tensor<[], si32>, %x: !mo.tensor<[n, 16], f32>) -> !mo.tensor<[n, 16], f32> {
  %zero = mo.constant 0 : !mo.tensor<[], si32>
  %one = mo.constant 1 : !mo.tensor<[], si32>
  %i, %y = mo.while(%zero, %x : !mo.tensor<[], si32>, !mo.tensor<[n, 16], f32>) -> !mo.tensor<[], si32>, !mo.tensor<[n, 16], f32> {
  ^bb0(%k: !mo.tensor<[], si32>, %v: !mo.tensor<[n, 16], f32>):
    %more = mo.less %k, %limit : !mo.tensor<[], si32>
    mo.condition %more, %k, %v : !mo.tensor<[], si32>, !mo.tensor<[n, 16], f32>
  } do {
  ^bb0(%k: !mo.tensor<[], si32>, %v: !mo.tensor<[n, 16], f32>):
    %next = mo.add %k, %one : !mo.tensor<[], si32>
    %w = mo.mul %v, %x : !mo.tensor<[n, 16], f32>
    mo.yield %next, %w : !mo.tensor<[], si32>, !mo.tensor<[n, 16], f32>
  }
  mo.output %y : !mo.tensor<[n, 16], f32>
}

// -----

// Chains order operations and are nothing afterwards: calls neither take nor give them. A weight is an argument.
// CHECK-LABEL: mogg.program private @layer(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x4xf32>, %[[W:[a-z0-9]*]]: tensor<4xf32>) -> tensor<?x4xf32>
// CHECK: mogg.launch @mul_f32(%[[X]], %[[W]],
// CHECK-LABEL: mogg.program @main(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x4xf32>, %[[PW:[a-z0-9]*]]: tensor<4xf32>, %[[QW:[a-z0-9]*]]: tensor<4xf32>)
// CHECK-SAME: name = "p.w"}, {{.*}}name = "q.w"}]
// CHECK: %[[A:.*]] = mogg.call @layer(%[[X]], %[[PW]])
// CHECK-NEXT: %[[B:.*]] = mogg.call @layer(%[[A]], %[[QW]])
// CHECK-NEXT: mogg.return %[[B]]
mo.graph private @layer(%chain: !mo.chain, %x: !mo.tensor<[n, 4], f32>) -> (!mo.chain, !mo.tensor<[n, 4], f32>) {
  %w = mo.constant.external "w" : !mo.tensor<[4], f32>
  %0 = mo.mul %x, %w : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  mo.output %chain, %0 : !mo.chain, !mo.tensor<[n, 4], f32>
}
mo.graph @main(%x: !mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32> {
  %chain = mo.chain.create
  %0:2 = mo.call @layer(%chain, %x) prefix = "p." : (!mo.chain, !mo.tensor<[n, 4], f32>) -> (!mo.chain, !mo.tensor<[n, 4], f32>)
  %1:2 = mo.call @layer(%0#0, %0#1) prefix = "q." : (!mo.chain, !mo.tensor<[n, 4], f32>) -> (!mo.chain, !mo.tensor<[n, 4], f32>)
  mo.output %1#1 : !mo.tensor<[n, 4], f32>
}
