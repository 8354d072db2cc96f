// RUN: mo-opt --load-plugin=%S/Inputs/passes.py %s --mlir-print-ir-after-all --mlir-print-ir-after-change --mlir-disable-threading --pass-pipeline='builtin.module(test-keep,test-simplify,test-keep)' -o %t.out 2>&1 | FileCheck %s
// RUN: mo-opt --load-plugin=%S/Inputs/passes.py %s --mlir-print-ir-before=test-simplify --mlir-disable-threading --pass-pipeline='builtin.module(test-keep,test-simplify)' -o %t.out 2>&1 | FileCheck %s --check-prefix=BEFORE

// CHECK-NOT: IR Dump After test-keep
// CHECK: IR Dump After test-simplify (test-simplify)
// CHECK: arith.shli
// CHECK-NOT: IR Dump After test-keep
// BEFORE: IR Dump Before test-simplify (test-simplify)
// BEFORE: arith.addi
func.func @f(%x: i32) -> i32 {
  %0 = arith.addi %x, %x : i32
  return %0 : i32
}
