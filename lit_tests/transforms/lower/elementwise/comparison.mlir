// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Comparisons are false where a float is NaN, but for not_equal; unsigned integers and bools have their own order.
!f = !mo.tensor<[n], f32>
!b = !mo.tensor<[n], i1>
!i = !mo.tensor<[n], si32>
!u = !mo.tensor<[n], ui32>

mo.graph @float(%x: !f, %y: !f) -> (!b, !b, !b, !b, !b, !b) {
  // CHECK-LABEL: mogg.kernel private @equal_bool(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpf oeq, %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %0 = mo.equal %x, %y : !f
  // CHECK-LABEL: mogg.kernel private @not_equal_bool(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpf une, %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %1 = mo.not_equal %x, %y : !f
  // CHECK-LABEL: mogg.kernel private @less_bool(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpf olt, %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %2 = mo.less %x, %y : !f
  // CHECK-LABEL: mogg.kernel private @less_equal_bool(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpf ole, %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %3 = mo.less_equal %x, %y : !f
  // CHECK-LABEL: mogg.kernel private @greater_bool(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpf ogt, %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %4 = mo.greater %x, %y : !f
  // CHECK-LABEL: mogg.kernel private @greater_equal_bool(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpf oge, %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %5 = mo.greater_equal %x, %y : !f
  mo.output %0, %1, %2, %3, %4, %5 : !b, !b, !b, !b, !b, !b
}

mo.graph @signed(%x: !i, %y: !i) -> (!b, !b, !b, !b, !b, !b) {
  // CHECK-LABEL: mogg.kernel private @equal_bool_1(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi eq, %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %0 = mo.equal %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @not_equal_bool_1(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi ne, %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %1 = mo.not_equal %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @less_bool_1(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi slt, %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %2 = mo.less %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @less_equal_bool_1(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi sle, %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %3 = mo.less_equal %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @greater_bool_1(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi sgt, %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %4 = mo.greater %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @greater_equal_bool_1(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi sge, %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %5 = mo.greater_equal %x, %y : !i
  mo.output %0, %1, %2, %3, %4, %5 : !b, !b, !b, !b, !b, !b
}

mo.graph @unsigned(%x: !u, %y: !u) -> (!b, !b, !b, !b, !b, !b) {
  // CHECK-LABEL: mogg.kernel private @equal_bool_2(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi eq, %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %0 = mo.equal %x, %y : !u
  // CHECK-LABEL: mogg.kernel private @not_equal_bool_2(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi ne, %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %1 = mo.not_equal %x, %y : !u
  // CHECK-LABEL: mogg.kernel private @less_bool_2(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi ult, %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %2 = mo.less %x, %y : !u
  // CHECK-LABEL: mogg.kernel private @less_equal_bool_2(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi ule, %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %3 = mo.less_equal %x, %y : !u
  // CHECK-LABEL: mogg.kernel private @greater_bool_2(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi ugt, %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %4 = mo.greater %x, %y : !u
  // CHECK-LABEL: mogg.kernel private @greater_equal_bool_2(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi uge, %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %5 = mo.greater_equal %x, %y : !u
  mo.output %0, %1, %2, %3, %4, %5 : !b, !b, !b, !b, !b, !b
}

mo.graph @bool(%x: !b, %y: !b) -> (!b, !b, !b, !b, !b, !b) {
  // CHECK-LABEL: mogg.kernel private @equal_bool_3(
  // CHECK: ^bb0(%[[X:.*]]: i1, %[[Y:.*]]: i1, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi eq, %[[X]], %[[Y]] : i1
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %0 = mo.equal %x, %y : !b
  // CHECK-LABEL: mogg.kernel private @not_equal_bool_3(
  // CHECK: ^bb0(%[[X:.*]]: i1, %[[Y:.*]]: i1, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi ne, %[[X]], %[[Y]] : i1
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %1 = mo.not_equal %x, %y : !b
  // CHECK-LABEL: mogg.kernel private @less_bool_3(
  // CHECK: ^bb0(%[[X:.*]]: i1, %[[Y:.*]]: i1, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi ult, %[[X]], %[[Y]] : i1
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %2 = mo.less %x, %y : !b
  // CHECK-LABEL: mogg.kernel private @less_equal_bool_3(
  // CHECK: ^bb0(%[[X:.*]]: i1, %[[Y:.*]]: i1, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi ule, %[[X]], %[[Y]] : i1
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %3 = mo.less_equal %x, %y : !b
  // CHECK-LABEL: mogg.kernel private @greater_bool_3(
  // CHECK: ^bb0(%[[X:.*]]: i1, %[[Y:.*]]: i1, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi ugt, %[[X]], %[[Y]] : i1
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %4 = mo.greater %x, %y : !b
  // CHECK-LABEL: mogg.kernel private @greater_equal_bool_3(
  // CHECK: ^bb0(%[[X:.*]]: i1, %[[Y:.*]]: i1, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi uge, %[[X]], %[[Y]] : i1
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %5 = mo.greater_equal %x, %y : !b
  mo.output %0, %1, %2, %3, %4, %5 : !b, !b, !b, !b, !b, !b
}
