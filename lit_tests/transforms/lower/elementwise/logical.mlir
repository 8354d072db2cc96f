// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Bitwise on integers, logical on bools.
!b = !mo.tensor<[n], i1>
!i = !mo.tensor<[n], si32>
!u = !mo.tensor<[n], ui32>

mo.graph @bool(%x: !b, %y: !b) -> (!b, !b, !b, !b) {
  // CHECK-LABEL: mogg.kernel private @and_bool(
  // CHECK: ^bb0(%[[X:.*]]: i1, %[[Y:.*]]: i1, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.andi %[[X]], %[[Y]] : i1
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %0 = mo.and %x, %y : !b
  // CHECK-LABEL: mogg.kernel private @or_bool(
  // CHECK: ^bb0(%[[X:.*]]: i1, %[[Y:.*]]: i1, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.ori %[[X]], %[[Y]] : i1
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %1 = mo.or %x, %y : !b
  // CHECK-LABEL: mogg.kernel private @xor_bool(
  // CHECK: ^bb0(%[[X:.*]]: i1, %[[Y:.*]]: i1, %{{.*}}: i1):
  // CHECK-NEXT: %[[R:.*]] = arith.xori %[[X]], %[[Y]] : i1
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %2 = mo.xor %x, %y : !b
  // CHECK-LABEL: mogg.kernel private @not_bool(
  // CHECK: ^bb0(%[[X:.*]]: i1, %{{.*}}: i1):
  // CHECK-NEXT: %[[TRUE:.*]] = arith.constant true
  // CHECK-NEXT: %[[R:.*]] = arith.xori %[[X]], %[[TRUE]] : i1
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %3 = mo.not %x : !b
  mo.output %0, %1, %2, %3 : !b, !b, !b, !b
}

// A shift by the width or more, or by a negative number, is not left to the hardware: left it gives 0, right the
// sign. One unsigned comparison finds both.
mo.graph @signed(%x: !i, %y: !i) -> (!i, !i, !i, !i, !i, !i) {
  // CHECK-LABEL: mogg.kernel private @and_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[R:.*]] = arith.andi %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %0 = mo.and %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @or_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[R:.*]] = arith.ori %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %1 = mo.or %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @xor_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[R:.*]] = arith.xori %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %2 = mo.xor %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @not_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[MINUS_ONE:.*]] = arith.constant -1 : i32
  // CHECK-NEXT: %[[R:.*]] = arith.xori %[[X]], %[[MINUS_ONE]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %3 = mo.not %x : !i
  // CHECK-LABEL: mogg.kernel private @shift_left_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[K:.*]] = arith.constant 32 : i32
  // CHECK-NEXT: %[[A:.*]] = arith.cmpi ult, %[[Y]], %[[K]] : i32
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[B:.*]] = arith.select %[[A]], %[[Y]], %[[ZERO]] : i32
  // CHECK-NEXT: %[[C:.*]] = arith.shli %[[X]], %[[B]] : i32
  // CHECK-NEXT: %[[ZERO2:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[R:.*]] = arith.select %[[A]], %[[C]], %[[ZERO2]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %4 = mo.shift_left %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @shift_right_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[K:.*]] = arith.constant 32 : i32
  // CHECK-NEXT: %[[A:.*]] = arith.cmpi ult, %[[Y]], %[[K]] : i32
  // CHECK-NEXT: %[[K2:.*]] = arith.constant 31 : i32
  // CHECK-NEXT: %[[B:.*]] = arith.select %[[A]], %[[Y]], %[[K2]] : i32
  // CHECK-NEXT: %[[R:.*]] = arith.shrsi %[[X]], %[[B]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %5 = mo.shift_right %x, %y : !i
  mo.output %0, %1, %2, %3, %4, %5 : !i, !i, !i, !i, !i, !i
}

// Unsigned integers have no sign to copy.
mo.graph @unsigned(%x: !u, %y: !u) -> (!u) {
  // CHECK-LABEL: mogg.kernel private @shift_right_ui32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[K:.*]] = arith.constant 32 : i32
  // CHECK-NEXT: %[[A:.*]] = arith.cmpi ult, %[[Y]], %[[K]] : i32
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[B:.*]] = arith.select %[[A]], %[[Y]], %[[ZERO]] : i32
  // CHECK-NEXT: %[[C:.*]] = arith.shrui %[[X]], %[[B]] : i32
  // CHECK-NEXT: %[[ZERO2:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[R:.*]] = arith.select %[[A]], %[[C]], %[[ZERO2]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %0 = mo.shift_right %x, %y : !u
  mo.output %0 : !u
}
