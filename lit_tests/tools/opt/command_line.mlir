// RUN: mo-opt --version | FileCheck %s --check-prefix=VERSION
// RUN: mo-opt --show-dialects | FileCheck %s --check-prefix=DIALECTS
// RUN: mo-opt --list-passes | FileCheck %s --check-prefix=PASSES
// RUN: not mo-opt --no-such-option %s 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not mo-opt %t.missing.mlir 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not mo-opt %s -o %t.missing/out.mlir 2>&1 | FileCheck %s --check-prefix=OUTPUT
// RUN: not mo-opt %s --pass-pipeline='builtin.module(no-such-pass)' 2>&1 | FileCheck %s --check-prefix=PASS
// RUN: not mo-opt %s --pass-pipeline='func.func(cse)' 2>&1 | FileCheck %s --check-prefix=ANCHOR

// VERSION: LLVM version 22.1
// DIALECTS: Available Dialects: acc,affine
// PASSES: --canonicalize
// UNKNOWN: Unknown command line argument '--no-such-option'
// MISSING: missing.mlir': No such file or directory
// OUTPUT: No such file or directory
// PASS: 'no-such-pass' does not refer to a registered pass or pass pipeline
// ANCHOR: can't run 'func.func' pass manager on 'builtin.module' op
func.func @f() {
  return
}
