// Rules of plugins are found by the lowering pass under mo-opt, and by mo-run.
// RUN: mo-opt --load-plugin=%S/Inputs/cubing.py --mogg-from-mo %s | FileCheck %s
// RUN: %python -c "import numpy as np, sys; np.save(sys.argv[1], np.array([1, 2, 3], 'f'))" %t.x.npy
// RUN: mo-run --load-plugin=%S/Inputs/cubing.py %s --input %t.x.npy | FileCheck %s --check-prefix=RAN
// CHECK: mogg.kernel private @square_f32
// CHECK-COUNT-2: arith.mulf
// RAN: y: f32[3]
// RAN-NEXT: [ 1. 8. 27.]
mo.graph @f(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %y = mo.square %x : !mo.tensor<[n], f32>
  mo.output %y : !mo.tensor<[n], f32>
}
