// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Each is one operation of math, of f32; atan2 takes y first.
!f = !mo.tensor<[n], f32>

mo.graph @float(%x: !f, %y: !f) -> (!f, !f, !f, !f, !f, !f, !f, !f, !f, !f, !f, !f, !f) {
  // CHECK-LABEL: mogg.kernel private @sin_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.sin %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %0 = mo.sin %x : !f
  // CHECK-LABEL: mogg.kernel private @cos_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.cos %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %1 = mo.cos %x : !f
  // CHECK-LABEL: mogg.kernel private @tan_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.tan %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %2 = mo.tan %x : !f
  // CHECK-LABEL: mogg.kernel private @asin_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.asin %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %3 = mo.asin %x : !f
  // CHECK-LABEL: mogg.kernel private @acos_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.acos %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %4 = mo.acos %x : !f
  // CHECK-LABEL: mogg.kernel private @atan_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.atan %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %5 = mo.atan %x : !f
  // CHECK-LABEL: mogg.kernel private @sinh_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.sinh %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %6 = mo.sinh %x : !f
  // CHECK-LABEL: mogg.kernel private @cosh_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.cosh %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %7 = mo.cosh %x : !f
  // CHECK-LABEL: mogg.kernel private @tanh_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.tanh %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %8 = mo.tanh %x : !f
  // CHECK-LABEL: mogg.kernel private @asinh_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.asinh %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %9 = mo.asinh %x : !f
  // CHECK-LABEL: mogg.kernel private @acosh_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.acosh %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %10 = mo.acosh %x : !f
  // CHECK-LABEL: mogg.kernel private @atanh_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.atanh %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %11 = mo.atanh %x : !f
  // CHECK-LABEL: mogg.kernel private @atan2_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.atan2 %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %12 = mo.atan2 %x, %y : !f
  mo.output %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12 : !f, !f, !f, !f, !f, !f, !f, !f, !f, !f, !f, !f, !f
}
