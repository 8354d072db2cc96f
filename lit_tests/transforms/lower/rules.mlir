// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// 16-bit floats are stored as such, computed in f32 and rounded once an operation.
// CHECK-LABEL: mogg.kernel private @add_exp_f16(
// CHECK: ^bb0(%[[X:.*]]: f16, %{{.*}}: f16):
// CHECK: %[[W:.*]] = arith.extf %[[X]] : f16 to f32
// CHECK: %[[SUM:.*]] = arith.addf
// CHECK: %[[ROUNDED:.*]] = arith.truncf %[[SUM]] : f32 to f16
// CHECK: %[[AGAIN:.*]] = arith.extf %[[ROUNDED]] : f16 to f32
// CHECK: math.exp %[[AGAIN]] : f32
mo.graph @main(%x: !mo.tensor<[n], f16>) -> !mo.tensor<[n], f16> {
  %0 = mo.add %x, %x : !mo.tensor<[n], f16>
  %1 = mo.exp %0 : !mo.tensor<[n], f16>
  mo.output %1 : !mo.tensor<[n], f16>
}

// -----

// Unsigned integers are signless to upstream; the operations know.
// CHECK-LABEL: mogg.kernel private @less_bool(
// CHECK: arith.cmpi ult
mo.graph @main(%x: !mo.tensor<[n], ui8>, %y: !mo.tensor<[1], ui8>) -> !mo.tensor<[n], i1> {
  %0 = mo.less %x, %y : !mo.tensor<[n], ui8>, !mo.tensor<[1], ui8>
  mo.output %0 : !mo.tensor<[n], i1>
}

// -----

// CHECK-LABEL: mogg.kernel private @matmul_f32(
// CHECK: %[[ZERO:.*]] = linalg.fill
// CHECK: linalg.matmul ins(%{{.*}}, %{{.*}} : tensor<?x8xf32>, tensor<8x16xf32>) outs(%[[ZERO]] : tensor<?x16xf32>)
mo.graph @main(%x: !mo.tensor<[n, 8], f32>, %w: !mo.tensor<[8, 16], f32>) -> !mo.tensor<[n, 16], f32> {
  %0 = mo.matmul %x, %w : !mo.tensor<[n, 8], f32>, !mo.tensor<[8, 16], f32>
  mo.output %0 : !mo.tensor<[n, 16], f32>
}

// -----

// A batch of rows against one matrix is one loop nest; 16-bit floats accumulate in f32.
// CHECK-LABEL: mogg.kernel private @matmul_bf16(
// CHECK: linalg.generic
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "reduction"]
// CHECK-SAME: outs(%{{.*}} : tensor<?x?x16xf32>)
// CHECK: arith.truncf %{{.*}} : f32 to bf16
mo.graph @main(%x: !mo.tensor<[b, n, 8], bf16>, %w: !mo.tensor<[8, 16], bf16>) -> !mo.tensor<[b, n, 16], bf16> {
  %0 = mo.matmul %x, %w : !mo.tensor<[b, n, 8], bf16>, !mo.tensor<[8, 16], bf16>
  mo.output %0 : !mo.tensor<[b, n, 16], bf16>
}

// -----

// The dimension that a reduction keeps is not in memory where it is read.
// CHECK: #[[ROWS:.*]] = affine_map<(d0, d1) -> (d0)>
// CHECK-LABEL: mogg.kernel private @softmax_f32(
// CHECK-NOT: tensor.expand_shape
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[ROWS]], #{{.*}}], iterator_types = ["parallel", "parallel"]}
mo.graph @main(%x: !mo.tensor<[n, 8], f32>) -> !mo.tensor<[n, 8], f32> {
  %0 = mo.softmax %x : !mo.tensor<[n, 8], f32>
  mo.output %0 : !mo.tensor<[n, 8], f32>
}

// -----

// Views take no kernel.
// CHECK-LABEL: mogg.program @main(
// CHECK: tensor.extract_slice %{{.*}}[%{{.*}}, 0] [%{{.*}}, 8] [2, 1] : tensor<?x8xf32> to tensor<?x8xf32>
// CHECK: tensor.expand_shape
// CHECK-NOT: mogg.launch
// CHECK: mogg.return
mo.graph @main(%x: !mo.tensor<[n + 1, 8], f32>, %y: !mo.tensor<[n], f32>) -> !mo.tensor<[n ceildiv 2, 2, 4], f32> {
  %0 = mo.slice %x starts = [1, 0] stops = [9223372036854775807, 8] steps = [2, 1] : !mo.tensor<[n + 1, 8], f32>
  %1 = mo.reshape %0 : !mo.tensor<[n ceildiv 2, 8], f32> to !mo.tensor<[n ceildiv 2, 2, 4], f32>
  mo.output %1 : !mo.tensor<[n ceildiv 2, 2, 4], f32>
}

// -----

// Locations of operations are those of what is made of them.
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' --mlir-print-debuginfo | FileCheck %s --check-prefix=LOC
// LOC-DAG: math.tanh %{{.*}} : f32 loc(#[[LOC:loc[0-9]*]])
// LOC-DAG: #[[LOC]] = loc({{.*}}"there.py":7:3
mo.graph @main(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.tanh %x : !mo.tensor<[n], f32> loc("there.py":7:3)
  mo.output %0 : !mo.tensor<[n], f32>
}
