// RUN: mo-opt %s --split-input-file --irdl-file=%S/Inputs/dialect.irdl.mlir --verify-diagnostics | FileCheck %s
// RUN: mo-opt %S/Inputs/use.mlir --irdl-file=%S/Inputs/dialect.irdl.mlir --verify-roundtrip
// RUN: not mo-opt %s --irdl-file=%S/Inputs/missing.mlir 2>&1 | FileCheck %s --check-prefix=MISSING

// MISSING: error: cannot open input file
// CHECK: "demo.op"() : () -> ()
"demo.op"() : () -> ()

// -----

%0 = arith.constant 0 : i32
// expected-error@+1 {{op expects exactly 0 operands, but got 1}}
"demo.op"(%0) : (i32) -> ()
