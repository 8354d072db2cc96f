// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Each is one operation of math, of f32.
!f = !mo.tensor<[n], f32>
!h = !mo.tensor<[n], f16>

mo.graph @float(%x: !f) -> (!f, !f, !f, !f, !f, !f, !f) {
  // CHECK-LABEL: mogg.kernel private @exp_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.exp %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %0 = mo.exp %x : !f
  // CHECK-LABEL: mogg.kernel private @exp2_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.exp2 %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %1 = mo.exp2 %x : !f
  // CHECK-LABEL: mogg.kernel private @expm1_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.expm1 %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %2 = mo.expm1 %x : !f
  // CHECK-LABEL: mogg.kernel private @log_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.log %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %3 = mo.log %x : !f
  // CHECK-LABEL: mogg.kernel private @log2_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.log2 %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %4 = mo.log2 %x : !f
  // CHECK-LABEL: mogg.kernel private @log10_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.log10 %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %5 = mo.log10 %x : !f
  // CHECK-LABEL: mogg.kernel private @log1p_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.log1p %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %6 = mo.log1p %x : !f
  mo.output %0, %1, %2, %3, %4, %5, %6 : !f, !f, !f, !f, !f, !f, !f
}

// 16-bit floats are stored as such and computed in f32.
mo.graph @half(%x: !h) -> (!h) {
  // CHECK-LABEL: mogg.kernel private @exp_f16(
  // CHECK: ^bb0(%[[X:.*]]: f16, %{{.*}}: f16):
  // CHECK-NEXT: %[[A:.*]] = arith.extf %[[X]] : f16 to f32
  // CHECK-NEXT: %[[B:.*]] = math.exp %[[A]] : f32
  // CHECK-NEXT: %[[R:.*]] = arith.truncf %[[B]] : f32 to f16
  // CHECK-NEXT: linalg.yield %[[R]] : f16
  %0 = mo.exp %x : !h
  mo.output %0 : !h
}
