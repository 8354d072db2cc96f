// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What constants and equal operands make of arithmetic, and what they do not make of floats.
// RUN: mo-opt %s --canonicalize --split-input-file | FileCheck %s

// CHECK-LABEL: mo.graph @nothing_for_integers(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n], si32>
// CHECK-NEXT: mo.output %[[X]], %[[X]], %[[X]], %[[X]], %[[X]], %[[X]], %[[X]], %[[X]] :
mo.graph @nothing_for_integers(%x: !mo.tensor<[n], si32>) -> (!mo.tensor<[n], si32>, !mo.tensor<[n], si32>, !mo.tensor<[n], si32>, !mo.tensor<[n], si32>, !mo.tensor<[n], si32>, !mo.tensor<[n], si32>, !mo.tensor<[n], si32>, !mo.tensor<[n], si32>) {
  %zero = mo.constant 0 : !mo.tensor<[], si32>
  %one = mo.constant 1 : !mo.tensor<[1], si32>
  %ones = mo.constant -1 : !mo.tensor<[], si32>
  %low = mo.constant -2147483648 : !mo.tensor<[], si32>
  %0 = mo.add %zero, %x : !mo.tensor<[], si32>, !mo.tensor<[n], si32>
  %1 = mo.sub %x, %zero : !mo.tensor<[n], si32>, !mo.tensor<[], si32>
  %2 = mo.mul %x, %one : !mo.tensor<[n], si32>, !mo.tensor<[1], si32>
  %3 = mo.floor_div %x, %one : !mo.tensor<[n], si32>, !mo.tensor<[1], si32>
  %4 = mo.and %x, %ones : !mo.tensor<[n], si32>, !mo.tensor<[], si32>
  %5 = mo.xor %x, %zero : !mo.tensor<[n], si32>, !mo.tensor<[], si32>
  %6 = mo.shift_left %x, %zero : !mo.tensor<[n], si32>, !mo.tensor<[], si32>
  %7 = mo.max %x, %low : !mo.tensor<[n], si32>, !mo.tensor<[], si32>
  mo.output %0, %1, %2, %3, %4, %5, %6, %7 : !mo.tensor<[n], si32>, !mo.tensor<[n], si32>, !mo.tensor<[n], si32>, !mo.tensor<[n], si32>, !mo.tensor<[n], si32>, !mo.tensor<[n], si32>, !mo.tensor<[n], si32>, !mo.tensor<[n], si32>
}

// -----

// CHECK-LABEL: mo.graph @nothing_for_floats(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n], f32>
// CHECK-NEXT: mo.output %[[X]], %[[X]], %[[X]], %[[X]], %[[X]], %[[X]] :
mo.graph @nothing_for_floats(%x: !mo.tensor<[n], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>) {
  %zero = mo.constant 0.0 : !mo.tensor<[], f32>
  %minus = mo.constant -0.0 : !mo.tensor<[], f32>
  %one = mo.constant 1.0 : !mo.tensor<[], f32>
  %inf = mo.constant 0x7F800000 : !mo.tensor<[], f32>
  %0 = mo.add %x, %minus : !mo.tensor<[n], f32>, !mo.tensor<[], f32>
  %1 = mo.sub %x, %zero : !mo.tensor<[n], f32>, !mo.tensor<[], f32>
  %2 = mo.mul %one, %x : !mo.tensor<[], f32>, !mo.tensor<[n], f32>
  %3 = mo.div %x, %one : !mo.tensor<[n], f32>, !mo.tensor<[], f32>
  %4 = mo.pow %x, %one : !mo.tensor<[n], f32>, !mo.tensor<[], f32>
  %5 = mo.min %x, %inf : !mo.tensor<[n], f32>, !mo.tensor<[], f32>
  mo.output %0, %1, %2, %3, %4, %5 : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
}

// -----

// -0 + 0 is 0, -0 - -0 is 0, NaN times 0 is NaN, a floor is one, and an infinity is not the lowest float.
// CHECK-LABEL: mo.graph @not_for_floats(
// CHECK: mo.add
// CHECK: mo.sub
// CHECK: mo.mul
// CHECK: mo.floor_div
// CHECK: mo.sub
// CHECK: mo.equal
mo.graph @not_for_floats(%x: !mo.tensor<[2], f32>) -> (!mo.tensor<[2], f32>, !mo.tensor<[2], f32>, !mo.tensor<[2], f32>, !mo.tensor<[2], f32>, !mo.tensor<[2], f32>, !mo.tensor<[2], i1>) {
  %zero = mo.constant 0.0 : !mo.tensor<[], f32>
  %minus = mo.constant -0.0 : !mo.tensor<[], f32>
  %one = mo.constant 1.0 : !mo.tensor<[], f32>
  %0 = mo.add %x, %zero : !mo.tensor<[2], f32>, !mo.tensor<[], f32>
  %1 = mo.sub %x, %minus : !mo.tensor<[2], f32>, !mo.tensor<[], f32>
  %2 = mo.mul %x, %zero : !mo.tensor<[2], f32>, !mo.tensor<[], f32>
  %3 = mo.floor_div %x, %one : !mo.tensor<[2], f32>, !mo.tensor<[], f32>
  %4 = mo.sub %x, %x : !mo.tensor<[2], f32>
  %5 = mo.equal %x, %x : !mo.tensor<[2], f32>
  mo.output %0, %1, %2, %3, %4, %5 : !mo.tensor<[2], f32>, !mo.tensor<[2], f32>, !mo.tensor<[2], f32>, !mo.tensor<[2], f32>, !mo.tensor<[2], f32>, !mo.tensor<[2], i1>
}

// -----

// CHECK-LABEL: mo.graph @constants(
// CHECK-DAG: %[[ZERO:[^ ]+]] = mo.constant 0 : !mo.tensor<[2], ui8>
// CHECK-DAG: %[[MOST:[^ ]+]] = mo.constant 255 : !mo.tensor<[2], ui8>
// CHECK-DAG: %[[ONE:[^ ]+]] = mo.constant 1 : !mo.tensor<[2], ui8>
// CHECK-DAG: %[[FALSE:[^ ]+]] = mo.constant false : !mo.tensor<[2], i1>
// CHECK-DAG: %[[TRUE:[^ ]+]] = mo.constant true : !mo.tensor<[2], i1>
// CHECK: mo.output %[[ZERO]], %[[ZERO]], %[[ZERO]], %[[MOST]], %[[ZERO]], %[[ONE]], %[[FALSE]], %[[TRUE]], %[[TRUE]]
mo.graph @constants(%x: !mo.tensor<[2], ui8>) -> (!mo.tensor<[2], ui8>, !mo.tensor<[2], ui8>, !mo.tensor<[2], ui8>, !mo.tensor<[2], ui8>, !mo.tensor<[2], ui8>, !mo.tensor<[2], ui8>, !mo.tensor<[2], i1>, !mo.tensor<[2], i1>, !mo.tensor<[2], i1>) {
  %zero = mo.constant 0 : !mo.tensor<[], ui8>
  %one = mo.constant 1 : !mo.tensor<[], ui8>
  %most = mo.constant 255 : !mo.tensor<[], ui8>
  %0 = mo.mul %x, %zero : !mo.tensor<[2], ui8>, !mo.tensor<[], ui8>
  %1 = mo.mod %x, %one : !mo.tensor<[2], ui8>, !mo.tensor<[], ui8>
  %2 = mo.sub %x, %x : !mo.tensor<[2], ui8>
  %3 = mo.or %x, %most : !mo.tensor<[2], ui8>, !mo.tensor<[], ui8>
  %4 = mo.min %x, %zero : !mo.tensor<[2], ui8>, !mo.tensor<[], ui8>
  %5 = mo.pow %x, %zero : !mo.tensor<[2], ui8>, !mo.tensor<[], ui8>
  %6 = mo.less %x, %zero : !mo.tensor<[2], ui8>, !mo.tensor<[], ui8>
  %7 = mo.less_equal %x, %most : !mo.tensor<[2], ui8>, !mo.tensor<[], ui8>
  %8 = mo.less_equal %x, %x : !mo.tensor<[2], ui8>
  mo.output %0, %1, %2, %3, %4, %5, %6, %7, %8 : !mo.tensor<[2], ui8>, !mo.tensor<[2], ui8>, !mo.tensor<[2], ui8>, !mo.tensor<[2], ui8>, !mo.tensor<[2], ui8>, !mo.tensor<[2], ui8>, !mo.tensor<[2], i1>, !mo.tensor<[2], i1>, !mo.tensor<[2], i1>
}

// -----

// What the constant repeats is not the operand, and a named extent has no constant.
// CHECK-LABEL: mo.graph @shapes(
// CHECK: mo.add
// CHECK: mo.mul
mo.graph @shapes(%x: !mo.tensor<[1], si32>, %y: !mo.tensor<[n], si32>) -> (!mo.tensor<[4], si32>, !mo.tensor<[n], si32>) {
  %zeros = mo.constant 0 : !mo.tensor<[4], si32>
  %zero = mo.constant 0 : !mo.tensor<[], si32>
  %0 = mo.add %x, %zeros : !mo.tensor<[1], si32>, !mo.tensor<[4], si32>
  %1 = mo.mul %y, %zero : !mo.tensor<[n], si32>, !mo.tensor<[], si32>
  mo.output %0, %1 : !mo.tensor<[4], si32>, !mo.tensor<[n], si32>
}

// -----

// Constants come together, of integers.
// CHECK-LABEL: mo.graph @reassociated(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n, 2], si8>
// CHECK-DAG: %[[A:[^ ]+]] = mo.constant dense<[-56, -46]> : !mo.tensor<[2], si8>
// CHECK-DAG: %[[B:[^ ]+]] = mo.constant 100 : !mo.tensor<[], si8>
// CHECK: %[[S:[^ ]+]] = mo.add %[[X]], %[[A]]
// CHECK: %[[M:[^ ]+]] = mo.max %[[X]], %[[B]]
// CHECK: mo.add
// CHECK: mo.add
// CHECK: mo.output %[[S]], %[[M]]
mo.graph @reassociated(%x: !mo.tensor<[n, 2], si8>, %y: !mo.tensor<[n], f32>) -> (!mo.tensor<[n, 2], si8>, !mo.tensor<[n, 2], si8>, !mo.tensor<[n], f32>) {
  %a = mo.constant 100 : !mo.tensor<[], si8>
  %b = mo.constant dense<[100, 110]> : !mo.tensor<[2], si8>
  %c = mo.constant 7 : !mo.tensor<[], si8>
  %0 = mo.add %x, %a : !mo.tensor<[n, 2], si8>, !mo.tensor<[], si8>
  %1 = mo.add %0, %b : !mo.tensor<[n, 2], si8>, !mo.tensor<[2], si8>
  %2 = mo.max %a, %x : !mo.tensor<[], si8>, !mo.tensor<[n, 2], si8>
  %3 = mo.max %2, %c : !mo.tensor<[n, 2], si8>, !mo.tensor<[], si8>
  %f = mo.constant 1.0e8 : !mo.tensor<[], f32>
  %g = mo.constant -1.0e8 : !mo.tensor<[], f32>
  %4 = mo.add %y, %f : !mo.tensor<[n], f32>, !mo.tensor<[], f32>
  %5 = mo.add %4, %g : !mo.tensor<[n], f32>, !mo.tensor<[], f32>
  mo.output %1, %3, %5 : !mo.tensor<[n, 2], si8>, !mo.tensor<[n, 2], si8>, !mo.tensor<[n], f32>
}

// -----

// CHECK-LABEL: mo.graph @equal_operands(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n], f32>
// CHECK-SAME: %[[B:[^ :]+]]: !mo.tensor<[n], i1>
// CHECK-NEXT: mo.output %[[X]], %[[B]], %[[B]]
mo.graph @equal_operands(%x: !mo.tensor<[n], f32>, %b: !mo.tensor<[n], i1>) -> (!mo.tensor<[n], f32>, !mo.tensor<[n], i1>, !mo.tensor<[n], i1>) {
  %true = mo.constant true : !mo.tensor<[], i1>
  %0 = mo.max %x, %x : !mo.tensor<[n], f32>
  %1 = mo.or %b, %b : !mo.tensor<[n], i1>
  %2 = mo.equal %b, %true : !mo.tensor<[n], i1>, !mo.tensor<[], i1>
  mo.output %0, %1, %2 : !mo.tensor<[n], f32>, !mo.tensor<[n], i1>, !mo.tensor<[n], i1>
}

// -----

// CHECK-LABEL: mo.graph @selects(
// CHECK-SAME: %[[C:[^ :]+]]: !mo.tensor<[n], i1>, %[[X:[^ :]+]]: !mo.tensor<[n], f32>, %[[Y:[^ :]+]]: !mo.tensor<[n], f32>, %[[Z:[^ :]+]]: !mo.tensor<[], f32>
// CHECK-NEXT: %[[S:[^ ]+]] = mo.select %[[C]], %[[Y]], %[[X]]
// CHECK-NEXT: %[[R:[^ ]+]] = mo.select %[[C]], %[[Z]], %[[Z]]
// CHECK-NEXT: mo.output %[[X]], %[[Y]], %[[X]], %[[S]], %[[R]]
mo.graph @selects(%c: !mo.tensor<[n], i1>, %x: !mo.tensor<[n], f32>, %y: !mo.tensor<[n], f32>, %z: !mo.tensor<[], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>) {
  %true = mo.constant true : !mo.tensor<[], i1>
  %false = mo.constant false : !mo.tensor<[], i1>
  %0 = mo.select %true, %x, %y : !mo.tensor<[], i1>, !mo.tensor<[n], f32>
  %1 = mo.select %false, %x, %y : !mo.tensor<[], i1>, !mo.tensor<[n], f32>
  %2 = mo.select %c, %x, %x : !mo.tensor<[n], i1>, !mo.tensor<[n], f32>
  %n = mo.not %c : !mo.tensor<[n], i1>
  %3 = mo.select %n, %x, %y : !mo.tensor<[n], i1>, !mo.tensor<[n], f32>
  %4 = mo.select %c, %z, %z : !mo.tensor<[n], i1>, !mo.tensor<[], f32>
  mo.output %0, %1, %2, %3, %4 : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
}

// -----

// Equality inverts for floats too; of orders, only that of integers.
// CHECK-LABEL: mo.graph @inverted(
// CHECK-NEXT: mo.not_equal
// CHECK-NEXT: mo.greater_equal
// CHECK-NEXT: mo.less
// CHECK-NEXT: mo.not
// CHECK-NEXT: mo.output
mo.graph @inverted(%x: !mo.tensor<[n], f32>, %i: !mo.tensor<[n], si8>) -> (!mo.tensor<[n], i1>, !mo.tensor<[n], i1>, !mo.tensor<[n], i1>) {
  %0 = mo.equal %x, %x : !mo.tensor<[n], f32>
  %1 = mo.not %0 : !mo.tensor<[n], i1>
  %two = mo.constant 2 : !mo.tensor<[], si8>
  %2 = mo.less %i, %i : !mo.tensor<[n], si8>
  %3 = mo.not %2 : !mo.tensor<[n], i1>
  %4 = mo.less %x, %x : !mo.tensor<[n], f32>
  %5 = mo.not %4 : !mo.tensor<[n], i1>
  mo.output %1, %3, %5 : !mo.tensor<[n], i1>, !mo.tensor<[n], i1>, !mo.tensor<[n], i1>
}
