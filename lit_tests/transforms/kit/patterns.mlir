// RUN: mo-opt --load-plugin=%S/Inputs/passes.py %s --test-simplify | FileCheck %s
// RUN: mo-opt --load-plugin=%S/Inputs/passes.py %s --pass-pipeline='builtin.module(func.func(test-simplify-once))' | FileCheck %s --check-prefix=ONCE
// RUN: mo-opt --load-plugin=%S/Inputs/passes.py %s --test-simplify --mlir-pass-statistics -o %t.out 2>&1 | FileCheck %s --check-prefix=STATISTICS

// STATISTICS: test-simplify
// STATISTICS-NEXT: (S) 1 AddSelf {{ *}}- times applied
// STATISTICS-NEXT: (S) 1 MulByConstant {{ *}}- times applied
// STATISTICS-NEXT: (S) 1 XorOfConstant {{ *}}- times applied
// STATISTICS-NEXT: (S) 2 subtract-itself {{ *}}- times applied

// CHECK-LABEL: func.func @add
// CHECK-SAME: (%[[X:.*]]: i32)
// CHECK-NEXT: %[[ONE:.*]] = arith.constant 1 : i32
// CHECK-NEXT: %[[R:.*]] = arith.shli %[[X]], %[[ONE]] : i32
// CHECK-NEXT: return %[[R]]
// ONCE-LABEL: func.func @add
// ONCE: arith.constant 2 : i32
// ONCE: arith.muli
func.func @add(%x: i32) -> i32 {
  %0 = arith.addi %x, %x : i32
  return %0 : i32
}

// A vector is no integer: the computed attribute says no.
// CHECK-LABEL: func.func @add_vector
// CHECK: arith.addi
func.func @add_vector(%x: vector<4xi32>) -> vector<4xi32> {
  %0 = arith.addi %x, %x : vector<4xi32>
  return %0 : vector<4xi32>
}

// The type of the operand is part of the pattern; so is that both operands are one.
// CHECK-LABEL: func.func @sub
// CHECK: arith.constant 0 : i32
// CHECK: arith.constant 0 : i32
// CHECK: arith.subi %{{.*}}, %{{.*}} : i64
// CHECK: arith.subi %{{.*}}, %{{.*}} : i32
func.func @sub(%x: i32, %y: i64) -> (i32, i32, i64, i32) {
  %0 = arith.subi %x, %x : i32
  %1 = arith.subi %0, %0 : i32
  %2 = arith.subi %y, %y : i64
  %3 = arith.subi %x, %0 : i32
  return %0, %1, %2, %3 : i32, i32, i64, i32
}

// CHECK-LABEL: func.func @xor
// CHECK-SAME: (%[[X:.*]]: i32)
// CHECK: %[[R:.*]] = arith.xori
// CHECK: return %[[X]], %[[R]]
func.func @xor(%x: i32) -> (i32, i32) {
  %c7 = arith.constant 7 : i32
  %c8 = arith.constant 8 : i32
  %0 = arith.xori %x, %c7 : i32
  %1 = arith.xori %x, %c8 : i32
  return %0, %1 : i32, i32
}
