// Each place in a pipeline has an instance of its own, and so does each chunk of the input.
// RUN: mo-opt --load-plugin=%S/Inputs/passes.py %s --mlir-disable-threading --split-input-file --pass-pipeline='builtin.module(func.func(test-keep,test-keep),gpu.module(test-keep))' 2>&1 | FileCheck %s
// RUN: mo-opt --load-plugin=%S/Inputs/passes.py %s --split-input-file --pass-pipeline='builtin.module(func.func(test-report))' --mlir-pass-statistics -o %t.out 2>&1 | FileCheck %s --check-prefix=STATISTICS
// RUN: mo-opt --load-plugin=%S/Inputs/passes.py %s --split-input-file --mlir-timing --pass-pipeline='builtin.module(func.func(test-report))' -o %t.out 2>&1 | FileCheck %s --check-prefix=TIMING

// CHECK: nesting.mlir:{{[0-9]+}}:1: remark: run 1
// CHECK: nesting.mlir:{{[0-9]+}}:1: remark: run 1
// CHECK: nesting.mlir:{{[0-9]+}}:1: remark: run 2
// CHECK: nesting.mlir:{{[0-9]+}}:1: remark: run 2
// STATISTICS: test-report
// STATISTICS-NEXT: (S) 5 seen - how many ops were seen
// STATISTICS: test-report
// STATISTICS-NEXT: (S) 2 seen - how many ops were seen
// TIMING: Execution time report
// TIMING: test-report
func.func @f() {
  return
}

func.func @g() -> i32 {
  %0 = arith.constant 0 : i32
  return %0 : i32
}

// CHECK: nesting.mlir:{{[0-9]+}}:1: remark: run 1
gpu.module @kernels {
}

// -----

// CHECK: nesting.mlir:{{[0-9]+}}:1: remark: run 1
// CHECK: nesting.mlir:{{[0-9]+}}:1: remark: run 1
func.func @h() {
  return
}
