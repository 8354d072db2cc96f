// RUN: mo-opt %s --split-input-file --verify-diagnostics
// RUN: mo-opt %s --split-input-file --verify-diagnostics=only-expected
// RUN: not mo-opt %s --split-input-file 2>&1 | FileCheck %s
// RUN: not mo-opt %s --split-input-file -o %t.never 2>&1
// RUN: not ls %t.never

// CHECK: diagnostics.mlir:{{[0-9]+}}:10: error:
// CHECK: note: prior use here
// expected-note@+1 {{prior use here}}
func.func @f(%a: i32) -> i64 {
  // expected-error@+1 {{use of value '%a' expects different type than prior uses: 'i64' vs 'i32'}}
  return %a : i64
}

// -----

// CHECK: diagnostics.mlir:{{[0-9]+}}:3: error:
func.func @g() {
  // expected-error@+1 {{custom op 'arith.nothing' is unknown}}
  arith.nothing
  return
}
