// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Activations.
!f = !mo.tensor<[n], f32>
!i = !mo.tensor<[n], si32>

mo.graph @float(%x: !f) -> (!f, !f, !f, !f, !f, !f, !f, !f) {
  // CHECK-LABEL: mogg.kernel private @erf_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.erf %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %0 = mo.erf %x : !f
  // CHECK-LABEL: mogg.kernel private @erfc_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.erfc %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %1 = mo.erfc %x : !f
  // CHECK-LABEL: mogg.kernel private @sigmoid_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[A:.*]] = arith.negf %[[X]] : f32
  // CHECK-NEXT: %[[B:.*]] = math.exp %[[A]] : f32
  // CHECK-NEXT: %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
  // CHECK-NEXT: %[[C:.*]] = arith.addf %[[ONE]], %[[B]] : f32
  // CHECK-NEXT: %[[ONE2:.*]] = arith.constant 1.000000e+00 : f32
  // CHECK-NEXT: %[[R:.*]] = arith.divf %[[ONE2]], %[[C]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %2 = mo.sigmoid %x : !f
  // CHECK-LABEL: mogg.kernel private @relu_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-NEXT: %[[R:.*]] = arith.maximumf %[[X]], %[[ZERO]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %3 = mo.relu %x : !f
  // CHECK-LABEL: mogg.kernel private @silu_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[A:.*]] = arith.negf %[[X]] : f32
  // CHECK-NEXT: %[[B:.*]] = math.exp %[[A]] : f32
  // CHECK-NEXT: %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
  // CHECK-NEXT: %[[C:.*]] = arith.addf %[[ONE]], %[[B]] : f32
  // CHECK-NEXT: %[[R:.*]] = arith.divf %[[X]], %[[C]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %4 = mo.silu %x : !f
  // CHECK-LABEL: mogg.kernel private @softplus_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-NEXT: %[[A:.*]] = arith.maximumf %[[X]], %[[ZERO]] : f32
  // CHECK-NEXT: %[[B:.*]] = math.absf %[[X]] : f32
  // CHECK-NEXT: %[[C:.*]] = arith.negf %[[B]] : f32
  // CHECK-NEXT: %[[D:.*]] = math.exp %[[C]] : f32
  // CHECK-NEXT: %[[E:.*]] = math.log1p %[[D]] : f32
  // CHECK-NEXT: %[[R:.*]] = arith.addf %[[A]], %[[E]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %5 = mo.softplus %x : !f
  // CHECK-LABEL: mogg.kernel private @gelu_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[MINUS_ROOT_HALF:.*]] = arith.constant -0.707106769 : f32
  // CHECK-NEXT: %[[B:.*]] = arith.mulf %[[X]], %[[MINUS_ROOT_HALF]] : f32
  // CHECK-NEXT: %[[C:.*]] = math.erfc %[[B]] fastmath<afn> : f32
  // CHECK-NEXT: %[[HALF:.*]] = arith.constant 5.000000e-01 : f32
  // CHECK-NEXT: %[[A:.*]] = arith.mulf %[[X]], %[[HALF]] : f32
  // CHECK-NEXT: %[[R:.*]] = arith.mulf %[[A]], %[[C]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %6 = mo.gelu %x : !f
  // CHECK-LABEL: mogg.kernel private @gelu_f32_1(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[A:.*]] = arith.mulf %[[X]], %[[X]] : f32
  // CHECK-NEXT: %[[B:.*]] = arith.mulf %[[A]], %[[X]] : f32
  // CHECK-NEXT: %[[K:.*]] = arith.constant 4.471500e-02 : f32
  // CHECK-NEXT: %[[C:.*]] = arith.mulf %[[K]], %[[B]] : f32
  // CHECK-NEXT: %[[D:.*]] = arith.addf %[[X]], %[[C]] : f32
  // CHECK-NEXT: %[[K2:.*]] = arith.constant 0.797884583 : f32
  // CHECK-NEXT: %[[E:.*]] = arith.mulf %[[K2]], %[[D]] : f32
  // CHECK-NEXT: %[[HALF:.*]] = arith.constant 5.000000e-01 : f32
  // CHECK-NEXT: %[[F:.*]] = arith.mulf %[[X]], %[[HALF]] : f32
  // CHECK-NEXT: %[[G:.*]] = math.tanh %[[E]] : f32
  // CHECK-NEXT: %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
  // CHECK-NEXT: %[[H:.*]] = arith.addf %[[ONE]], %[[G]] : f32
  // CHECK-NEXT: %[[R:.*]] = arith.mulf %[[F]], %[[H]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %7 = mo.gelu %x approximate = tanh : !f
  mo.output %0, %1, %2, %3, %4, %5, %6, %7 : !f, !f, !f, !f, !f, !f, !f, !f
}

mo.graph @signed(%x: !i) -> (!i) {
  // CHECK-LABEL: mogg.kernel private @relu_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[R:.*]] = arith.maxsi %[[X]], %[[ZERO]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %0 = mo.relu %x : !i
  mo.output %0 : !i
}
