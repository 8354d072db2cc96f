// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// NaN is what differs from itself; infinities are told by the magnitude.
!f = !mo.tensor<[n], f32>
!b = !mo.tensor<[n], i1>

mo.graph @float(%x: !f) -> (!b, !b, !b) {
  // CHECK-LABEL: mogg.kernel private @is_nan_bool(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpf une, %[[X]], %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %0 = mo.is_nan %x : !f
  // CHECK-LABEL: mogg.kernel private @is_inf_bool(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: i1):
  // CHECK-NEXT: %[[A:.*]] = math.absf %[[X]] : f32
  // CHECK-NEXT: %[[INFINITY:.*]] = arith.constant 0x7F800000 : f32
  // CHECK-NEXT: %[[R:.*]] = arith.cmpf oeq, %[[A]], %[[INFINITY]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %1 = mo.is_inf %x : !f
  // CHECK-LABEL: mogg.kernel private @is_finite_bool(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: i1):
  // CHECK-NEXT: %[[A:.*]] = math.absf %[[X]] : f32
  // CHECK-NEXT: %[[INFINITY:.*]] = arith.constant 0x7F800000 : f32
  // CHECK-NEXT: %[[R:.*]] = arith.cmpf olt, %[[A]], %[[INFINITY]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %2 = mo.is_finite %x : !f
  mo.output %0, %1, %2 : !b, !b, !b
}
