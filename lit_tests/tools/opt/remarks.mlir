// RUN: mo-opt %s --pass-pipeline='builtin.module(func.func(cse))' --remarks-filter=".*" --remark-format=yaml --remarks-output-file=%t.yaml -o %t.out
// RUN: ls %t.yaml
// RUN: mo-opt %s --remarks-filter=".*" --remark-policy=final | FileCheck %s

// CHECK: func.func @f
func.func @f() {
  return
}
