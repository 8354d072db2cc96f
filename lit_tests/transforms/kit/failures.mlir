// RUN: mo-opt --load-plugin=%S/Inputs/passes.py %s --split-input-file --verify-diagnostics --pass-pipeline='builtin.module(func.func(test-complain))'
// RUN: not mo-opt --load-plugin=%S/Inputs/passes.py %s --test-raise --mlir-disable-threading 2>&1 | FileCheck %s --check-prefix=RAISE
// RUN: not env MOGRAPH_TRACEBACK=1 mo-opt --load-plugin=%S/Inputs/passes.py %s --test-raise 2>&1 | FileCheck %s --check-prefix=TRACEBACK
// RUN: not mo-opt --load-plugin=%S/Inputs/passes.py %s --test-signal 2>&1 | FileCheck %s --check-prefix=SIGNAL
// RUN: not mo-opt --load-plugin=%S/Inputs/passes.py %s --pass-pipeline='builtin.module(func.func(test-break-ir))' 2>&1 | FileCheck %s --check-prefix=BREAK
// RUN: not mo-opt --load-plugin=%S/Inputs/passes.py %s --test-raise-in-pattern 2>&1 | FileCheck %s --check-prefix=PATTERN
// RUN: not mo-opt --load-plugin=%S/Inputs/passes.py %s --test-raise -o %t.never 2>&1
// RUN: not ls %t.never

// RAISE: failures.mlir:{{[0-9]+}}:1: error: 'func.func' op pass 'test-raise' raised ValueError: no good reason
// RAISE: passes.py:{{[0-9]+}}:{{[0-9]+}}: note: raised here, in run
// TRACEBACK: Traceback (most recent call last):
// TRACEBACK: raise ValueError("no good reason")
// SIGNAL: error: 'builtin.module' op pass 'test-signal' signalled failure
// expected-error@+1 {{'func.func' op has a first op}}
func.func @f(%a: i32) -> i32 {
  // BREAK: error: block with no terminator
  // PATTERN: failures.mlir:{{[0-9]+}}:8: error: pattern 'AndPattern' raised KeyError: 'arith.andi'
  // PATTERN: note: raised here, in match_and_rewrite
  // expected-note@+1 {{which is this one}}
  %0 = arith.andi %a, %a : i32
  return %0 : i32
}
