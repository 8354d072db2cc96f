// RUN: mo-opt %s --remove-dead-values --canonicalize | FileCheck %s

// An argument and a result that nobody needs leave the private graph and its call, and a loop variable leaves the loop.

// CHECK-LABEL: mo.graph @main
// CHECK: mo.call @pair(%arg0) : (!mo.tensor<[], f32>) -> !mo.tensor<[], f32>
// CHECK: mo.while(%{{.*}} : !mo.tensor<[], f32>) -> !mo.tensor<[], f32>
// CHECK-LABEL: mo.graph private @pair(%arg0: !mo.tensor<[], f32>) -> !mo.tensor<[], f32>
// CHECK-NOT: mo.exp
mo.graph @main(%x: !mo.tensor<[], f32>, %y: !mo.tensor<[], f32>) -> !mo.tensor<[], f32> {
  %0:2 = mo.call @pair(%x, %y) : (!mo.tensor<[], f32>, !mo.tensor<[], f32>) -> (!mo.tensor<[], f32>, !mo.tensor<[], f32>)
  %1:2 = mo.while (%0#0, %y : !mo.tensor<[], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[], f32>, !mo.tensor<[], f32> {
  ^bb0(%a: !mo.tensor<[], f32>, %b: !mo.tensor<[], f32>):
    %2 = mo.less %a, %x : !mo.tensor<[], f32>
    mo.condition %2, %a, %b : !mo.tensor<[], f32>, !mo.tensor<[], f32>
  } do {
  ^bb0(%a: !mo.tensor<[], f32>, %b: !mo.tensor<[], f32>):
    %2 = mo.sqrt %a : !mo.tensor<[], f32>
    %3 = mo.exp %b : !mo.tensor<[], f32>
    mo.yield %2, %3 : !mo.tensor<[], f32>, !mo.tensor<[], f32>
  }
  mo.output %1#0 : !mo.tensor<[], f32>
}
mo.graph private @pair(%x: !mo.tensor<[], f32>, %y: !mo.tensor<[], f32>) -> (!mo.tensor<[], f32>, !mo.tensor<[], f32>) {
  %0 = mo.exp %y : !mo.tensor<[], f32>
  mo.output %x, %0 : !mo.tensor<[], f32>, !mo.tensor<[], f32>
}
