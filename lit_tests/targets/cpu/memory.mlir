// RUN: %python -m mograph.targets.cpu %s --until memory | FileCheck %s

// What a loop carries is moved from iteration to iteration: no copy, one release of what drops out.
// CHECK-LABEL: func.func @swap
// CHECK-SAME: (%[[N:.*]]: index, %[[A:.*]]: memref<4xf32>, %[[B:.*]]: memref<4xf32>)
// CHECK: call @mograph_retain
// CHECK: call @mograph_retain
// CHECK: %[[R:.*]]:2 = scf.for {{.*}} iter_args(%[[X:.*]] = %[[A]], %[[Y:.*]] = %[[B]])
// CHECK-NOT: memref.copy
// CHECK: %[[Z:.*]] = memref.alloc()
// CHECK: linalg.generic {{.*}} outs(%[[Z]]
// CHECK: memref.dealloc %[[X]]
// CHECK-NEXT: scf.yield %[[Y]], %[[Z]]
// CHECK: return %[[R]]#0, %[[R]]#1
func.func @swap(%n: index, %a: tensor<4xf32>, %b: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %b) -> (tensor<4xf32>, tensor<4xf32>) {
    %z = arith.addf %x, %y : tensor<4xf32>
    scf.yield %y, %z : tensor<4xf32>, tensor<4xf32>
  }
  return %r#0, %r#1 : tensor<4xf32>, tensor<4xf32>
}

// An intermediate result dies after its last use, before the end of its block.
// CHECK-LABEL: func.func @chain
// CHECK: %[[T:.*]] = call @kernel(
// CHECK: %[[U:.*]] = call @kernel(%[[T]])
// CHECK-NEXT: memref.dealloc %[[T]]
// CHECK-NEXT: %[[V:.*]] = call @kernel(%[[U]])
// CHECK-NEXT: memref.dealloc %[[U]]
// CHECK-NEXT: return %[[V]]
func.func private @kernel(tensor<4xf32>) -> tensor<4xf32>
func.func @chain(%a: tensor<4xf32>) -> tensor<4xf32> {
  %t = func.call @kernel(%a) : (tensor<4xf32>) -> tensor<4xf32>
  %u = func.call @kernel(%t) : (tensor<4xf32>) -> tensor<4xf32>
  %v = func.call @kernel(%u) : (tensor<4xf32>) -> tensor<4xf32>
  return %v : tensor<4xf32>
}

// The sides of a branch agree that their result is owned.
// CHECK-LABEL: func.func @either
// CHECK: scf.if
// CHECK: call @mograph_retain
// CHECK-NEXT: scf.yield
// CHECK: } else {
// CHECK-NOT: call @mograph_retain
// CHECK: scf.yield
func.func @either(%p: i1, %a: tensor<4xf32>) -> tensor<4xf32> {
  %r = scf.if %p -> tensor<4xf32> {
    scf.yield %a : tensor<4xf32>
  } else {
    %s = arith.addf %a, %a : tensor<4xf32>
    scf.yield %s : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}
