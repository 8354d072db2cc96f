// RUN: mo-opt --load-plugin=%S/Inputs/passes.py %s --pass-pipeline='builtin.module(test-report,test-report{depth=7 factor=1e-9 label={two words} mode=mul tags=x loud},func.func(test-report{loud=true tags={}}))' 2>&1 | FileCheck %s
// RUN: mo-opt --load-plugin=%S/Inputs/passes.py %s --test-report=depth=5 2>&1 | FileCheck %s --check-prefix=FLAG
// RUN: mo-opt --load-plugin=%S/Inputs/passes.py %s --test-report=depth=5 --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=DUMP
// RUN: not mo-opt --load-plugin=%S/Inputs/passes.py %s --test-report=deep=5 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not mo-opt --load-plugin=%S/Inputs/passes.py %s --test-report=depth=x 2>&1 | FileCheck %s --check-prefix=INTEGER
// RUN: not mo-opt --load-plugin=%S/Inputs/passes.py %s --test-report=factor=x 2>&1 | FileCheck %s --check-prefix=FLOAT
// RUN: not mo-opt --load-plugin=%S/Inputs/passes.py %s --test-report=loud=x 2>&1 | FileCheck %s --check-prefix=BOOL
// RUN: not mo-opt --load-plugin=%S/Inputs/passes.py %s --test-report=mode=div 2>&1 | FileCheck %s --check-prefix=CHOICE
// RUN: not mo-opt --load-plugin=%S/Inputs/passes.py %s --test-keep=depth=1 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: mo-opt --load-plugin=%S/Inputs/passes.py --list-passes 2>&1 | FileCheck %s --check-prefix=LIST
// RUN: mo-opt --load-plugin=%S/Inputs/passes.py --help 2>&1 | FileCheck %s --check-prefix=LIST

// CHECK: remark: options 2 0.1 none add ['a', 'b'] False; 3 ops
// CHECK: remark: options 7 1e-09 two words mul ['x'] True; 3 ops
// CHECK: remark: options 2 0.1 none add [] True; 2 ops
// FLAG: remark: options 5 0.1 none add ['a', 'b'] False; 3 ops
// DUMP: Pass Manager with
// DUMP-NEXT: builtin.module(
// DUMP-NEXT: test-report{depth=5 factor=0.1 label=none loud=false mode=add{{ ?}}}
// UNKNOWN: error: pass 'test-report': no such option deep; its options are depth, factor, label, mode, tags, loud
// INTEGER: error: pass 'test-report': option 'depth': expected an integer, found 'x'; its options are
// FLOAT: error: pass 'test-report': option 'factor': expected a number, found 'x'
// BOOL: error: pass 'test-report': option 'loud': expected true or false, found 'x'
// CHOICE: error: pass 'test-report': option 'mode': expected one of add, mul, found 'div'
// NONE: error: pass 'test-keep': no such option depth; it has no options
// LIST: --test-report
// LIST-SAME: Say what the options are and how many ops there are inside.
// LIST-NEXT: --depth=<int>
// LIST-SAME: a number
// LIST-NEXT: --factor=<float>
// LIST-NEXT: --label=<string>
// LIST-NEXT: --loud[=<bool>]
// LIST-NEXT: --mode=<add|mul>
// LIST-NEXT: --tags=<string>
func.func @f() {
  return
}
