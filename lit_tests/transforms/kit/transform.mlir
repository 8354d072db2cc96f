// Passes written in Python are to be had in scripts of the transform dialect.
// RUN: mo-opt --load-plugin=%S/Inputs/passes.py %s --transform-interpreter --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @f
// CHECK: arith.shli
// expected-remark@+1 {{options 3 0.1 none add ['a', 'b'] False; 4 ops}}
func.func @f(%x: i32) -> i32 {
  %0 = arith.addi %x, %x : i32
  return %0 : i32
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op) {
    %f = transform.structured.match ops{["func.func"]} in %root : (!transform.any_op) -> !transform.any_op
    %g = transform.apply_registered_pass "test-simplify" to %f : (!transform.any_op) -> !transform.any_op
    %h = transform.apply_registered_pass "test-report" with options = {"depth" = 3 : i64} to %g : (!transform.any_op) -> !transform.any_op
    transform.yield
  }
}
