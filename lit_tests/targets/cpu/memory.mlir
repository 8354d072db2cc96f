// RUN: %python -m mograph.targets.cpu %s --until memory | FileCheck %s

// What a loop carries is moved from iteration to iteration: one release of what drops out, no copy but that of the
// caller's array which an iteration may change.
// CHECK-LABEL: func.func @moved
// CHECK-SAME: %[[A:[a-z0-9]+]]: memref<?xf32>
// CHECK: call @mograph_retain
// CHECK: %[[R:.*]] = scf.for {{.*}} iter_args(%[[X:.*]] = %[[A]])
// CHECK-NOT: memref.copy
// CHECK: %[[Z:.*]] = memref.alloc(
// CHECK: linalg.generic {{.*}} outs(%[[Z]]
// CHECK: memref.dealloc %[[X]]
// CHECK-NEXT: scf.yield %[[Z]]
// CHECK: return %[[R]]
func.func @moved(%n: index, %a: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> (tensor<?xf32>) {
    %e = tensor.empty(%i) : tensor<?xf32>
    %z = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        outs(%e : tensor<?xf32>) {
    ^bb0(%o: f32):
      %zero = arith.constant 0 : index
      %v = tensor.extract %x[%zero] : tensor<?xf32>
      linalg.yield %v : f32
    } -> tensor<?xf32>
    scf.yield %z : tensor<?xf32>
  }
  return %r : tensor<?xf32>
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
