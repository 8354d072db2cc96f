// RUN: %python -m mograph.targets.cpu %s --until memory | FileCheck %s

#map = affine_map<(d0, d1) -> (d0, d1)>
#crossed = affine_map<(d0, d1) -> (d1, d0)>

// What a call made is read for the last time by the nest after it.
// CHECK-LABEL: func.func @dies
// CHECK-SAME: attributes {mograph.in_place = 1 : i64}
// CHECK: %[[T:.*]] = memref.alloc()
// CHECK: call @opaque(%{{.*}}, %[[T]])
// CHECK: linalg.generic {{.*}} ins(%[[T]] : {{.*}}) outs(%[[T]] :
// CHECK: return %[[T]]
func.func private @opaque(memref<4x4xf32>, memref<4x4xf32>)
func.func @dies(%a: memref<4x4xf32>) -> memref<4x4xf32> {
  %t = memref.alloc() : memref<4x4xf32>
  func.call @opaque(%a, %t) : (memref<4x4xf32>, memref<4x4xf32>) -> ()
  %u = memref.alloc() : memref<4x4xf32>
  linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%t : memref<4x4xf32>) outs(%u : memref<4x4xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.addf %p, %p : f32
    linalg.yield %s : f32
  }
  return %u : memref<4x4xf32>
}

// Not over what is read in another order, what is read afterwards, or what is the caller's.
// CHECK-LABEL: func.func @crossed
// CHECK: linalg.generic {{.*}} ins(%[[T:[a-z_0-9]*]] : {{.*}}) outs(%[[U:[a-z_0-9]*]] :
// CHECK: return %[[U]]
func.func @crossed(%a: memref<4x4xf32>) -> memref<4x4xf32> {
  %t = memref.alloc() : memref<4x4xf32>
  func.call @opaque(%a, %t) : (memref<4x4xf32>, memref<4x4xf32>) -> ()
  %u = memref.alloc() : memref<4x4xf32>
  linalg.generic {indexing_maps = [#crossed, #map], iterator_types = ["parallel", "parallel"]}
      ins(%t : memref<4x4xf32>) outs(%u : memref<4x4xf32>) {
  ^bb0(%p: f32, %o: f32):
    linalg.yield %p : f32
  }
  return %u : memref<4x4xf32>
}

// CHECK-LABEL: func.func @read_later
// CHECK: linalg.generic {{.*}} ins(%[[T:[a-z_0-9]*]] : {{.*}}) outs(%[[U:[a-z_0-9]*]] :
// CHECK: call @opaque(%[[T]], %[[U]])
// CHECK: return %[[U]]
func.func @read_later(%a: memref<4x4xf32>) -> memref<4x4xf32> {
  %t = memref.alloc() : memref<4x4xf32>
  func.call @opaque(%a, %t) : (memref<4x4xf32>, memref<4x4xf32>) -> ()
  %u = memref.alloc() : memref<4x4xf32>
  linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%t : memref<4x4xf32>) outs(%u : memref<4x4xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.addf %p, %p : f32
    linalg.yield %s : f32
  }
  func.call @opaque(%t, %u) : (memref<4x4xf32>, memref<4x4xf32>) -> ()
  return %u : memref<4x4xf32>
}

// CHECK-LABEL: func.func @given
// CHECK-SAME: %[[A:[a-z0-9]+]]: memref<4x4xf32>
// CHECK: %[[U:.*]] = memref.alloc()
// CHECK: linalg.generic {{.*}} ins(%[[A]] : {{.*}}) outs(%[[U]] :
func.func @given(%a: memref<4x4xf32>) -> memref<4x4xf32> {
  %u = memref.alloc() : memref<4x4xf32>
  linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%a : memref<4x4xf32>) outs(%u : memref<4x4xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.addf %p, %p : f32
    linalg.yield %s : f32
  }
  return %u : memref<4x4xf32>
}

// Nor over what a loop goes on reading.
// CHECK-LABEL: func.func @in_a_loop
// CHECK: %[[T:.*]] = memref.alloc()
// CHECK: scf.for
// CHECK: %[[U:.*]] = memref.alloc()
// CHECK: linalg.generic {{.*}} ins(%[[T]] : {{.*}}) outs(%[[U]] :
func.func @in_a_loop(%a: memref<4x4xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = memref.alloc() : memref<4x4xf32>
  func.call @opaque(%a, %t) : (memref<4x4xf32>, memref<4x4xf32>) -> ()
  scf.for %i = %c0 to %n step %c1 {
    %u = memref.alloc() : memref<4x4xf32>
    linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]}
        ins(%t : memref<4x4xf32>) outs(%u : memref<4x4xf32>) {
    ^bb0(%p: f32, %o: f32):
      %s = arith.addf %p, %p : f32
      linalg.yield %s : f32
    }
    func.call @opaque(%u, %a) : (memref<4x4xf32>, memref<4x4xf32>) -> ()
  }
  return
}

// A function of one nest is as good as the nest; one that reads across is not.
// CHECK-LABEL: func.func @called
// CHECK: %[[T:.*]] = memref.alloc()
// CHECK: call @opaque(%{{.*}}, %[[T]])
// CHECK: call @plain(%[[T]], %[[T]])
// CHECK: %[[U:.*]] = memref.alloc()
// CHECK: call @across(%[[T]], %[[U]])
// CHECK: return %[[U]]
func.func private @plain(%x: memref<4x4xf32>, %y: memref<4x4xf32>) {
  linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<4x4xf32>) outs(%y : memref<4x4xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.addf %p, %p : f32
    linalg.yield %s : f32
  }
  return
}
func.func private @across(%x: memref<4x4xf32>, %y: memref<4x4xf32>) {
  linalg.generic {indexing_maps = [#crossed, #map], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<4x4xf32>) outs(%y : memref<4x4xf32>) {
  ^bb0(%p: f32, %o: f32):
    linalg.yield %p : f32
  }
  return
}
func.func @called(%a: memref<4x4xf32>) -> memref<4x4xf32> {
  %t = memref.alloc() : memref<4x4xf32>
  func.call @opaque(%a, %t) : (memref<4x4xf32>, memref<4x4xf32>) -> ()
  %u = memref.alloc() : memref<4x4xf32>
  func.call @plain(%t, %u) : (memref<4x4xf32>, memref<4x4xf32>) -> ()
  %v = memref.alloc() : memref<4x4xf32>
  func.call @across(%u, %v) : (memref<4x4xf32>, memref<4x4xf32>) -> ()
  return %v : memref<4x4xf32>
}
