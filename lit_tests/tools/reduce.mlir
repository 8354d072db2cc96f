// RUN: mo-reduce %s --reduction-tree='traversal-mode=0 test=%S/Inputs/has_muli.sh' 2>%t.errors | FileCheck %s

// CHECK: arith.muli
// CHECK-NOT: func.func @unused
func.func @f(%a: i32) -> i32 {
  %1 = arith.muli %a, %a : i32
  return %1 : i32
}

func.func @unused(%a: i32) -> i32 {
  %0 = arith.addi %a, %a : i32
  return %0 : i32
}
