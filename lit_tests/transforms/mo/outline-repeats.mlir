// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --mo-outline | FileCheck %s
// RUN: mo-opt %s -o %t.before && mo-opt %s --mo-outline -o %t
// RUN: mo-opt %t --mo-outline -o %t.again && cmp %t %t.again
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo-outline{min-ops=5})' -o %t.same && cmp %t.before %t.same
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo-outline{min-repeats=4})' -o %t.same && cmp %t.before %t.same
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo-outline{repeats=false})' -o %t.same && cmp %t.before %t.same
// RUN: mo-opt %s -o /dev/null --mo-outline --mlir-pass-statistics 2>&1 | FileCheck %s --check-prefix=STATISTICS

// STATISTICS-DAG: (S) 1 made
// STATISTICS-DAG: (S) 3 outlined

// Layers that differ in weights, by a prefix of their names, and in one constant, which is an argument. The weight that
// all of them share is an argument too, since it has no prefix. The constant that is the same goes along.

// CHECK-LABEL: mo.graph @model(
// CHECK-SAME: %[[X:[^:]+]]: !mo.tensor<[n, 4], f32>
// CHECK-DAG: %[[S:.+]] = mo.constant.external "shared"
// CHECK-DAG: %[[C0:.+]] = mo.constant 2.0{{.+}} : !mo.tensor<[], f32>
// CHECK-DAG: %[[C1:.+]] = mo.constant 3.0{{.+}} : !mo.tensor<[], f32>
// CHECK-DAG: %[[C2:.+]] = mo.constant 4.0{{.+}} : !mo.tensor<[], f32>
// CHECK-NOT: mo.constant.external
// CHECK: %[[E:.+]] = mo.exp %[[X]]
// CHECK: %[[Y0:.+]] = mo.call @layer(%[[E]], {{.+}}) prefix = "layers.0." :
// CHECK: %[[Y1:.+]] = mo.call @layer(%[[Y0]], {{.+}}) prefix = "layers.1." :
// CHECK: %[[Y2:.+]] = mo.call @layer(%[[Y1]], {{.+}}) prefix = "layers.10." :
// CHECK: mo.output %[[Y2]]
mo.graph @model(%x: !mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32> {
  %s = mo.constant.external "shared" : !mo.tensor<[4], f32>
  %c = mo.constant 0.5 : !mo.tensor<[], f32>
  %c0 = mo.constant 2.0 : !mo.tensor<[], f32>
  %c1 = mo.constant 3.0 : !mo.tensor<[], f32>
  %c2 = mo.constant 4.0 : !mo.tensor<[], f32>
  %e = mo.exp %x : !mo.tensor<[n, 4], f32>
  %w0 = mo.constant.external "layers.0.w" : !mo.tensor<[4], f32>
  %1 = mo.mul %e, %w0 : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  %2 = mo.add %1, %s : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  %3 = mo.mul %2, %c0 : !mo.tensor<[n, 4], f32>, !mo.tensor<[], f32>
  %4 = mo.sub %3, %c : !mo.tensor<[n, 4], f32>, !mo.tensor<[], f32>
  %w1 = mo.constant.external "layers.1.w" : !mo.tensor<[4], f32>
  %5 = mo.mul %4, %w1 : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  %6 = mo.add %5, %s : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  %7 = mo.mul %6, %c1 : !mo.tensor<[n, 4], f32>, !mo.tensor<[], f32>
  %8 = mo.sub %7, %c : !mo.tensor<[n, 4], f32>, !mo.tensor<[], f32>
  %w2 = mo.constant.external "layers.10.w" : !mo.tensor<[4], f32>
  %9 = mo.mul %8, %w2 : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  %10 = mo.add %9, %s : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  %11 = mo.mul %10, %c2 : !mo.tensor<[n, 4], f32>, !mo.tensor<[], f32>
  %12 = mo.sub %11, %c : !mo.tensor<[n, 4], f32>, !mo.tensor<[], f32>
  mo.output %12 : !mo.tensor<[n, 4], f32>
}

// CHECK-LABEL: mo.graph private @layer(
// CHECK-SAME: %[[X:[^:]+]]: !mo.tensor<[n, 4], f32>, %[[S:[^:]+]]: !mo.tensor<[4], f32>, %[[C:[^:]+]]: !mo.tensor<[], f32>)
// CHECK-DAG: %[[W:.+]] = mo.constant.external "w"
// CHECK-DAG: %[[H:.+]] = mo.constant 5.0
// CHECK: %[[A:.+]] = mo.mul %[[X]], %[[W]]
// CHECK-NEXT: %[[B:.+]] = mo.add %[[A]], %[[S]]
// CHECK-NEXT: %[[D:.+]] = mo.mul %[[B]], %[[C]]
// CHECK-NEXT: %[[F:.+]] = mo.sub %[[D]], %[[H]]
// CHECK-NEXT: mo.output %[[F]]
