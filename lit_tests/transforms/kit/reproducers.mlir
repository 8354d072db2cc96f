// A reproducer holds the options of passes written in Python, and runs again with nothing else on the command line.
// RUN: mo-opt --load-plugin=%S/Inputs/passes.py %s --pass-pipeline='builtin.module(test-report{depth=9 tags=p,q},cse)' --mlir-generate-reproducer=%t.mlir -o %t.out 2>&1
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: mo-opt --load-plugin=%S/Inputs/passes.py --run-reproducer %t.mlir 2>&1 | FileCheck %s --check-prefix=AGAIN

// One of a pass that fails is written while it fails.
// RUN: not mo-opt --load-plugin=%S/Inputs/passes.py %s --pass-pipeline='builtin.module(test-report{depth=9},test-signal)' --mlir-pass-pipeline-crash-reproducer=%t.crash.mlir --mlir-disable-threading -o %t.out 2>&1
// RUN: not mo-opt --load-plugin=%S/Inputs/passes.py --run-reproducer %t.crash.mlir 2>&1 | FileCheck %s --check-prefix=FAIL

// CHECK: func.func @f
// CHECK: pipeline: "builtin.module(test-report{depth=9 factor=0.1 label=none loud=false mode=add tags={p,q}},cse)"
// AGAIN: remark: options 9 0.1 none add ['p', 'q'] False; 3 ops
// FAIL: remark: options 9
// FAIL: error: 'builtin.module' op pass 'test-signal' signalled failure
func.func @f() {
  return
}
