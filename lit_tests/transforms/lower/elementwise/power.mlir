// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Powers, roots and reciprocals.
!f = !mo.tensor<[n], f32>
!c = !mo.tensor<[n], si8>
!w = !mo.tensor<[n], ui8>

mo.graph @float(%x: !f, %y: !f) -> (!f, !f, !f, !f, !f, !f) {
  // CHECK-LABEL: mogg.kernel private @pow_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.powf %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %0 = mo.pow %x, %y : !f
  // CHECK-LABEL: mogg.kernel private @square_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.mulf %[[X]], %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %1 = mo.square %x : !f
  // CHECK-LABEL: mogg.kernel private @sqrt_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.sqrt %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %2 = mo.sqrt %x : !f
  // CHECK-LABEL: mogg.kernel private @rsqrt_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[A:.*]] = math.sqrt %[[X]] : f32
  // CHECK-NEXT: %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
  // CHECK-NEXT: %[[R:.*]] = arith.divf %[[ONE]], %[[A]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %3 = mo.rsqrt %x : !f
  // CHECK-LABEL: mogg.kernel private @cbrt_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.cbrt %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %4 = mo.cbrt %x : !f
  // CHECK-LABEL: mogg.kernel private @reciprocal_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
  // CHECK-NEXT: %[[R:.*]] = arith.divf %[[ONE]], %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %5 = mo.reciprocal %x : !f
  mo.output %0, %1, %2, %3, %4, %5 : !f, !f, !f, !f, !f, !f
}

// Of integers by squaring, a step for each bit of the exponent; a negative one gives the whole part of the inverse.
mo.graph @signed(%x: !c, %y: !c) -> (!c) {
  // CHECK-LABEL: mogg.kernel private @pow_si8(
  // CHECK: ^bb0(%[[X:.*]]: i8, %[[Y:.*]]: i8, %{{.*}}: i8):
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK-NOT: arith.muli
  // CHECK: %[[INVERSE:.*]] = arith.cmpi slt, %[[Y]],
  // CHECK-NEXT: %[[R:.*]] = arith.select %[[INVERSE]],
  // CHECK-NEXT: linalg.yield %[[R]] : i8
  %0 = mo.pow %x, %y : !c
  mo.output %0 : !c
}

mo.graph @unsigned(%x: !w, %y: !w) -> (!w) {
  // CHECK-LABEL: mogg.kernel private @pow_ui8(
  // CHECK: ^bb0(%[[X:.*]]: i8, %[[Y:.*]]: i8, %{{.*}}: i8):
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK: arith.muli
  // CHECK-NOT: arith.muli
  // CHECK-NOT: arith.cmpi slt
  // CHECK: linalg.yield
  %0 = mo.pow %x, %y : !w
  mo.output %0 : !w
}
