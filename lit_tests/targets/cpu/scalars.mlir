// RUN: %python -m mograph.targets.cpu %s --until fuse | FileCheck %s

// A counter is a scalar, whose loop holds no tensor.
// CHECK-LABEL: func.func @count
// CHECK: scf.while (%[[I:.*]] = %{{.*}}) : (i32) -> i32
// CHECK: %[[MORE:.*]] = arith.cmpi slt, %[[I]]
// CHECK-NEXT: scf.condition(%[[MORE]]) %[[I]] : i32
// CHECK-NOT: tensor
// CHECK: arith.addi
// CHECK: scf.yield %{{.*}} : i32
// CHECK: tensor.from_elements
func.func @count(%limit: tensor<i32>) -> tensor<i32> {
  %zero = arith.constant dense<0> : tensor<i32>
  %one = arith.constant dense<1> : tensor<i32>
  %r = scf.while (%i = %zero) : (tensor<i32>) -> tensor<i32> {
    %p = arith.cmpi slt, %i, %limit : tensor<i32>
    %more = tensor.extract %p[] : tensor<i1>
    scf.condition(%more) %i : tensor<i32>
  } do {
  ^bb0(%i: tensor<i32>):
    %next = arith.addi %i, %one : tensor<i32>
    scf.yield %next : tensor<i32>
  }
  return %r : tensor<i32>
}

// A constant of one repeated number is no data.
// CHECK-LABEL: func.func @uniform
// CHECK-NOT: dense<
// CHECK: return
func.func @uniform() -> tensor<1000xf32> {
  %c = arith.constant dense<1.5> : tensor<1000xf32>
  return %c : tensor<1000xf32>
}
