// RUN: mo-translate %s --mlir-to-llvmir | FileCheck %s
// RUN: not mo-translate %s --no-such-translation 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// UNKNOWN: Unknown command line argument '--no-such-translation'
// CHECK: define i32 @f(i32 %0)
llvm.func @f(%a: i32) -> i32 {
  llvm.return %a : i32
}
