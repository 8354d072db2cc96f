// RUN: %python -m mograph.targets.cpu %s --until copies | FileCheck %s

// Values that a loop only passes on, or that change places, are shared: nobody writes to them.
// CHECK-LABEL: func.func @shared
// CHECK: scf.while
// CHECK-NOT: memref.copy
// CHECK: return
func.func @shared(%n: tensor<i32>, %a: tensor<64xf32>, %b: tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>) {
  %zero = arith.constant dense<0> : tensor<i32>
  %one = arith.constant dense<1> : tensor<i32>
  %r:3 = scf.while (%i = %zero, %x = %a, %y = %b)
      : (tensor<i32>, tensor<64xf32>, tensor<64xf32>) -> (tensor<i32>, tensor<64xf32>, tensor<64xf32>) {
    %p = arith.cmpi slt, %i, %n : tensor<i32>
    %more = tensor.extract %p[] : tensor<i1>
    scf.condition(%more) %i, %x, %y : tensor<i32>, tensor<64xf32>, tensor<64xf32>
  } do {
  ^bb0(%i: tensor<i32>, %x: tensor<64xf32>, %y: tensor<64xf32>):
    %next = arith.addi %i, %one : tensor<i32>
    %z = arith.addf %x, %y : tensor<64xf32>
    scf.yield %next, %y, %z : tensor<i32>, tensor<64xf32>, tensor<64xf32>
  }
  return %r#1, %r#2 : tensor<64xf32>, tensor<64xf32>
}

// A loop that writes into what it carries keeps the copies that keep the two values apart.
// CHECK-LABEL: func.func @written
// CHECK: scf.for
// CHECK: memref.store
// CHECK: memref.copy
// CHECK: scf.yield
func.func @written(%n: index, %v: f32, %a: tensor<64xf32>, %b: tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %b) -> (tensor<64xf32>, tensor<64xf32>) {
    %z = tensor.insert %v into %x[%i] : tensor<64xf32>
    scf.yield %y, %z : tensor<64xf32>, tensor<64xf32>
  }
  return %r#0, %r#1 : tensor<64xf32>, tensor<64xf32>
}

// So does one whose result is written to afterwards.
// CHECK-LABEL: func.func @written_after
// CHECK: scf.for
// CHECK: memref.copy
// CHECK: scf.yield
func.func @written_after(%n: index, %v: f32, %a: tensor<64xf32>, %b: tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %b) -> (tensor<64xf32>, tensor<64xf32>) {
    scf.yield %y, %y : tensor<64xf32>, tensor<64xf32>
  }
  %z = tensor.insert %v into %r#0[%c0] : tensor<64xf32>
  return %z, %r#1 : tensor<64xf32>, tensor<64xf32>
}
