// RUN: %python -m mograph.targets.cpu %s --until memory | FileCheck %s

#id = affine_map<(d0) -> (d0)>
#map = affine_map<(d0, d1) -> (d0, d1)>
#crossed = affine_map<(d0, d1) -> (d1, d0)>

// An element-wise step is written over what the loop carries, which is copied once from the caller's array.
// CHECK-LABEL: func.func @over
// CHECK-SAME: %[[A:[a-z0-9]+]]: memref<16xf32>
// CHECK-DAG: memref.alloc() {{.*}} : memref<16xf32>
// CHECK: memref.copy %[[A]], %[[OWN:.*]] : memref<16xf32>
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %[[OWN]])
// CHECK-NEXT: linalg.generic {{.*}} ins(%[[X]] : memref<16xf32>) outs(%[[X]] : memref<16xf32>)
// CHECK: scf.yield %[[X]]
// CHECK-NEXT: }
// CHECK-NEXT: return
func.func @over(%a: tensor<16xf32>, %n: index) -> tensor<16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> (tensor<16xf32>) {
    %y = arith.addf %x, %x : tensor<16xf32>
    scf.yield %y : tensor<16xf32>
  }
  return %r : tensor<16xf32>
}

// What is read in another order goes into a spare buffer, and the two change places.
// CHECK-LABEL: func.func @spare
// CHECK: %[[OWN:.*]] = memref.alloc()
// CHECK: memref.copy {{.*}}, %[[OWN]]
// CHECK: %[[OTHER:.*]] = memref.alloc()
// CHECK: scf.while {{.*}} %[[X:.*]] = %[[OWN]], %[[S:.*]] = %[[OTHER]])
// CHECK: scf.condition({{.*}}) {{.*}} %[[X]], %[[S]] :
// CHECK: ^bb0(%{{.*}}: i64, %[[X:.*]]: memref<4x4xf32>, %[[S:.*]]: memref<4x4xf32>):
// CHECK-NOT: memref.alloc
// CHECK: linalg.generic {{.*}} ins(%[[X]], %[[X]] : {{.*}}) outs(%[[S]] :
// CHECK-NOT: memref.dealloc
// CHECK: scf.yield %{{.*}}, %[[S]], %[[X]] :
func.func @spare(%n: i64, %a: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %r:2 = scf.while (%i = %zero, %x = %a) : (i64, tensor<4x4xf32>) -> (i64, tensor<4x4xf32>) {
    %more = arith.cmpi slt, %i, %n : i64
    scf.condition(%more) %i, %x : i64, tensor<4x4xf32>
  } do {
  ^bb0(%i: i64, %x: tensor<4x4xf32>):
    %next = arith.addi %i, %one : i64
    %e = tensor.empty() : tensor<4x4xf32>
    %y = linalg.generic {indexing_maps = [#map, #crossed, #map], iterator_types = ["parallel", "parallel"]}
        ins(%x, %x : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %s = arith.addf %p, %q : f32
      linalg.yield %s : f32
    } -> tensor<4x4xf32>
    scf.yield %next, %y : i64, tensor<4x4xf32>
  }
  return %r#1 : tensor<4x4xf32>
}

// Two values that change places while one is made anew: the one that drops out takes the new one.
// CHECK-LABEL: func.func @fibonacci
// CHECK-COUNT-2: memref.copy
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %{{.*}}, %[[Y:.*]] = %{{.*}})
// CHECK-NEXT: linalg.generic {{.*}} ins(%[[X]], %[[Y]] : {{.*}}) outs(%[[X]] :
// CHECK: scf.yield %[[Y]], %[[X]]
func.func @fibonacci(%n: index, %a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %b) -> (tensor<4xf32>, tensor<4xf32>) {
    %z = arith.addf %x, %y : tensor<4xf32>
    scf.yield %y, %z : tensor<4xf32>, tensor<4xf32>
  }
  return %r#1 : tensor<4xf32>
}

// Nothing is copied where nothing is written: what a loop only hands on is borrowed.
// CHECK-LABEL: func.func @only_swapped
// CHECK-NOT: memref.copy
// CHECK-NOT: memref.alloc
// CHECK-NOT: call @mograph_retain
// CHECK: scf.for {{.*}} iter_args
// CHECK: scf.yield
// CHECK: }
// CHECK-COUNT-2: call @mograph_retain
// CHECK: return
func.func @only_swapped(%n: index, %a: tensor<4xf32>, %b: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %b) -> (tensor<4xf32>, tensor<4xf32>) {
    scf.yield %y, %x : tensor<4xf32>, tensor<4xf32>
  }
  return %r#0, %r#1 : tensor<4xf32>, tensor<4xf32>
}

// An initial value that only the loop uses is the loop's own already; the inner loop works on what the outer one has.
// CHECK-LABEL: func.func @nested
// CHECK: %[[OWN:.*]] = memref.alloc()
// CHECK: linalg.generic {{.*}} outs(%[[OWN]] :
// CHECK-NOT: memref.alloc
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %[[OWN]])
// CHECK-NOT: memref.alloc
// CHECK: scf.for {{.*}} iter_args(%[[Z:.*]] = %[[X]])
// CHECK-NOT: memref.alloc
// CHECK: linalg.generic {{.*}} outs(%[[Z]] :
// CHECK: scf.yield %[[Z]]
// CHECK: return
func.func @nested(%n: index, %a: tensor<4xf32>) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = arith.mulf %a, %a : tensor<4xf32>
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %b) -> (tensor<4xf32>) {
    %y = scf.for %j = %c0 to %n step %c1 iter_args(%z = %x) -> (tensor<4xf32>) {
      %w = arith.addf %z, %z : tensor<4xf32>
      scf.yield %w : tensor<4xf32>
    }
    scf.yield %y : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// A spare buffer that an inner loop needs is the outer loop's, too.
// CHECK-LABEL: func.func @nested_spare
// CHECK: %[[R:.*]]:2 = scf.for {{.*}} iter_args(%[[X:.*]] = %{{.*}}, %[[S:.*]] = %{{.*}})
// CHECK-NOT: memref.alloc
// CHECK: %[[Y:.*]]:2 = scf.for {{.*}} iter_args(%[[X1:.*]] = %[[X]], %[[S1:.*]] = %[[S]])
// CHECK-NOT: memref.alloc
// CHECK: scf.yield %[[S1]], %[[X1]]
// CHECK: }
// CHECK-NEXT: scf.yield %[[Y]]#0, %[[Y]]#1
// CHECK: return %[[R]]#0
func.func @nested_spare(%n: index, %a: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> (tensor<4x4xf32>) {
    %y = scf.for %j = %c0 to %n step %c1 iter_args(%z = %x) -> (tensor<4x4xf32>) {
      %e = tensor.empty() : tensor<4x4xf32>
      %w = linalg.generic {indexing_maps = [#crossed, #map], iterator_types = ["parallel", "parallel"]}
          ins(%z : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) {
      ^bb0(%p: f32, %o: f32):
        %s = arith.addf %p, %p : f32
        linalg.yield %s : f32
      } -> tensor<4x4xf32>
      scf.yield %w : tensor<4x4xf32>
    }
    scf.yield %y : tensor<4x4xf32>
  }
  return %r : tensor<4x4xf32>
}

// What is read again after its successor is made stays apart from that.
// CHECK-LABEL: func.func @read_later
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %{{.*}}, %[[Y:.*]] = %{{.*}}, %[[S:.*]] = %{{.*}})
// CHECK: linalg.generic {{.*}} ins(%[[X]] : {{.*}}) outs(%[[S]] :
// CHECK: linalg.generic {{.*}} ins(%[[X]], %[[Y]] : {{.*}}) outs(%[[Y]] :
// CHECK: scf.yield %[[S]], %[[Y]], %[[X]]
func.func @read_later(%n: index, %a: tensor<4xf32>, %b: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %b) -> (tensor<4xf32>, tensor<4xf32>) {
    %true = arith.cmpi slt, %i, %n : index
    %p = arith.mulf %x, %x : tensor<4xf32>
    cf.assert %true, "apart"
    %q = arith.addf %x, %y : tensor<4xf32>
    scf.yield %p, %q : tensor<4xf32>, tensor<4xf32>
  }
  return %r#0, %r#1 : tensor<4xf32>, tensor<4xf32>
}

// A value that grows needs a new buffer each time.
// CHECK-LABEL: func.func @grows
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %
// CHECK: memref.dealloc %[[X]]
// CHECK: %[[Y:.*]] = memref.alloc(%
// CHECK: scf.yield %[[Y]]
func.func @grows(%n: index, %a: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> (tensor<?xf32>) {
    %have = tensor.dim %x, %c0 : tensor<?xf32>
    %more = arith.addi %have, %c1 : index
    %e = tensor.empty(%more) : tensor<?xf32>
    %v = arith.constant 1.0 : f32
    %y = linalg.generic {indexing_maps = [affine_map<(d0) -> ()>, #id], iterator_types = ["parallel"]}
        ins(%v : f32) outs(%e : tensor<?xf32>) {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
    } -> tensor<?xf32>
    scf.yield %y : tensor<?xf32>
  }
  return %r : tensor<?xf32>
}

// An extent that stays, though it is not known: in place, too.
// CHECK-LABEL: func.func @stays
// CHECK: memref.copy
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %
// CHECK-NOT: memref.alloc
// CHECK: linalg.generic {{.*}} outs(%[[X]] :
// CHECK: scf.yield %[[X]]
func.func @stays(%n: index, %a: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> (tensor<?xf32>) {
    %y = arith.addf %x, %x : tensor<?xf32>
    scf.yield %y : tensor<?xf32>
  }
  return %r : tensor<?xf32>
}

// A buffer of the program stays that buffer: the caller sees what the first iteration writes to it.
// CHECK-LABEL: func.func @identity
// CHECK-SAME: %[[P:[a-z0-9]+]]: memref<4xf32>
// CHECK-NOT: memref.copy
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %[[P]])
// CHECK: linalg.generic {{.*}} outs(%[[X]] :
// CHECK: %[[NEW:.*]] = memref.alloc()
// CHECK: scf.yield %[[NEW]]
func.func @identity(%p: memref<4xf32>, %n: index, %v: f32, %true: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %p) -> (memref<4xf32>) {
    linalg.generic {indexing_maps = [#id], iterator_types = ["parallel"]} outs(%x : memref<4xf32>) {
    ^bb0(%o: f32):
      linalg.yield %v : f32
    }
    %new = memref.alloc() : memref<4xf32>
    cf.assert %true, "apart"
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%x : memref<4xf32>) outs(%new : memref<4xf32>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
    }
    scf.yield %new : memref<4xf32>
  }
  return
}
