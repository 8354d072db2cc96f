// RUN: mo-opt %s --canonicalize | FileCheck %s

// Dead operations go, a loop's variable that never changes goes, and a branch that is known is taken.

// CHECK-LABEL: mo.graph @dead
// CHECK-NEXT: mo.output %arg0
mo.graph @dead(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.add %x, %x : !mo.tensor<[n], f32>
  %1 = mo.exp %0 : !mo.tensor<[n], f32>
  mo.output %x : !mo.tensor<[n], f32>
}

// CHECK-LABEL: mo.graph @variable
// CHECK: mo.while(%arg0 : !mo.tensor<[], f32>) -> !mo.tensor<[], f32>
// CHECK: mo.less %{{.*}}, %arg1
mo.graph @variable(%x: !mo.tensor<[], f32>, %limit: !mo.tensor<[], f32>) -> !mo.tensor<[], f32> {
  %0:2 = mo.while (%x, %limit : !mo.tensor<[], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[], f32>, !mo.tensor<[], f32> {
  ^bb0(%a: !mo.tensor<[], f32>, %b: !mo.tensor<[], f32>):
    %1 = mo.less %a, %b : !mo.tensor<[], f32>
    mo.condition %1, %a, %b : !mo.tensor<[], f32>, !mo.tensor<[], f32>
  } do {
  ^bb0(%a: !mo.tensor<[], f32>, %b: !mo.tensor<[], f32>):
    %1 = mo.add %a, %a : !mo.tensor<[], f32>
    mo.yield %1, %b : !mo.tensor<[], f32>, !mo.tensor<[], f32>
  }
  mo.output %0#0 : !mo.tensor<[], f32>
}

// CHECK-LABEL: mo.graph @folds
// CHECK-NEXT: %[[C:.*]] = mo.constant dense<[4, 6]> : !mo.tensor<[2], si32>
// CHECK-NEXT: mo.output %[[C]]
mo.graph @folds() -> !mo.tensor<[2], si32> {
  %0 = mo.constant dense<[1, 2]> : !mo.tensor<[2], si32>
  %1 = mo.constant dense<[3, 4]> : !mo.tensor<[2], si32>
  %2 = mo.add %0, %1 : !mo.tensor<[2], si32>
  mo.output %2 : !mo.tensor<[2], si32>
}
