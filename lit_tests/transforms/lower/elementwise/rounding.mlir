// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// round goes to the even one of two.
!f = !mo.tensor<[n], f32>

mo.graph @float(%x: !f) -> (!f, !f, !f, !f) {
  // CHECK-LABEL: mogg.kernel private @floor_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.floor %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %0 = mo.floor %x : !f
  // CHECK-LABEL: mogg.kernel private @ceil_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.ceil %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %1 = mo.ceil %x : !f
  // CHECK-LABEL: mogg.kernel private @round_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.roundeven %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %2 = mo.round %x : !f
  // CHECK-LABEL: mogg.kernel private @trunc_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.trunc %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %3 = mo.trunc %x : !f
  mo.output %0, %1, %2, %3 : !f, !f, !f, !f
}
