// RUN: mo-opt %s --loop-invariant-code-motion | FileCheck %s

// What depends on nothing of the loop leaves both its regions.

// CHECK-LABEL: mo.graph @main
// CHECK-NEXT: %[[E:.*]] = mo.exp %arg1
// CHECK-NEXT: %[[S:.*]] = mo.sqrt %arg1
// CHECK-NEXT: mo.while
// CHECK: mo.less %{{.*}}, %[[E]]
// CHECK: mo.add %{{.*}}, %[[S]]
mo.graph @main(%x: !mo.tensor<[], f32>, %y: !mo.tensor<[], f32>) -> !mo.tensor<[], f32> {
  %0 = mo.while (%x : !mo.tensor<[], f32>) -> !mo.tensor<[], f32> {
  ^bb0(%a: !mo.tensor<[], f32>):
    %limit = mo.exp %y : !mo.tensor<[], f32>
    %1 = mo.less %a, %limit : !mo.tensor<[], f32>
    mo.condition %1, %a : !mo.tensor<[], f32>
  } do {
  ^bb0(%a: !mo.tensor<[], f32>):
    %step = mo.sqrt %y : !mo.tensor<[], f32>
    %1 = mo.add %a, %step : !mo.tensor<[], f32>
    mo.yield %1 : !mo.tensor<[], f32>
  }
  mo.output %0 : !mo.tensor<[], f32>
}
