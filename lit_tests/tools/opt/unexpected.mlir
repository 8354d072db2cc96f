// Diagnostics that are missing, and those that nobody expects, make --verify-diagnostics fail.
// RUN: not mo-opt %s --verify-diagnostics 2>&1 | FileCheck %s
// CHECK: error: expected error "something" was not produced
// expected-error@+1 {{something}}
func.func @f() {
  return
}
