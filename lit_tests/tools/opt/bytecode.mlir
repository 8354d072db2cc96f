// RUN: mo-opt %s --emit-bytecode -o %t.mlirbc
// RUN: mo-opt %t.mlirbc | FileCheck %s
// RUN: mo-opt %s --emit-bytecode --emit-bytecode-version=1 | mo-opt - | FileCheck %s
// RUN: not mo-opt %s --emit-bytecode-version=1 2>&1 | FileCheck %s --check-prefix=ALONE

// ALONE: error: bytecode version while not emitting bytecode
// CHECK: arith.addi %{{.*}}, %{{.*}} : i32
func.func @f(%a: i32) -> i32 {
  %0 = arith.addi %a, %a : i32
  return %0 : i32
}
