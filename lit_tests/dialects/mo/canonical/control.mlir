// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a known condition chooses takes the place of the branches.
// RUN: mo-opt %s --canonicalize --split-input-file | FileCheck %s

// CHECK-LABEL: mo.graph @known(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n], f32>
// CHECK-NEXT: %[[E:[^ ]+]] = mo.exp %[[X]]
// CHECK-NEXT: %[[R:[^ ]+]] = mo.rebind %[[E]] : !mo.tensor<[n], f32> to !mo.tensor<[k], f32>
// CHECK-NEXT: %[[S:[^ ]+]] = mo.sin %[[R]] : !mo.tensor<[k], f32>
// CHECK-NEXT: mo.output %[[S]], %[[X]]
mo.graph @known(%x: !mo.tensor<[n], f32>) -> (!mo.tensor<[k], f32>, !mo.tensor<[n], f32>) {
  %true = mo.constant true : !mo.tensor<[], i1>
  %false = mo.constant false : !mo.tensor<[], i1>
  %0 = mo.if %true -> !mo.tensor<[k], f32> {
    %1 = mo.exp %x : !mo.tensor<[n], f32>
    mo.yield %1 : !mo.tensor<[n], f32>
  } else {
    %1 = mo.concat %x, %x axis = 0 : !mo.tensor<[n], f32>
    mo.yield %1 : !mo.tensor<[n * 2], f32>
  }
  %2 = mo.if %false -> !mo.tensor<[n], f32> {
    %3 = mo.cos %x : !mo.tensor<[n], f32>
    mo.yield %3 : !mo.tensor<[n], f32>
  } else {
    mo.yield %x : !mo.tensor<[n], f32>
  }
  %4 = mo.sin %0 : !mo.tensor<[k], f32>
  mo.output %4, %2 : !mo.tensor<[k], f32>, !mo.tensor<[n], f32>
}

// -----

// Nothing for a condition that is false, without another region; effects otherwise.
// CHECK-LABEL: mo.graph @effects(
// CHECK-NOT: mo.if
// CHECK: mo.print %{{[^ ]+}}, %{{[^ ]+}} label = "yes"
// CHECK-NOT: mo.print
// CHECK: mo.output
mo.graph @effects(%x: !mo.tensor<[n], f32>) {
  %true = mo.constant true : !mo.tensor<[], i1>
  %false = mo.constant false : !mo.tensor<[], i1>
  %chain = mo.chain.create
  mo.if %true {
    %0 = mo.print %x, %chain label = "yes" : !mo.tensor<[n], f32>
    mo.yield
  }
  mo.if %false {
    %0 = mo.print %x, %chain label = "no" : !mo.tensor<[n], f32>
    mo.yield
  }
  mo.output
}

// -----

// A name of the region's own might be another's elsewhere; an unknown condition stays one.
// CHECK-LABEL: mo.graph @stays(
// CHECK-COUNT-2: mo.if
mo.graph @stays(%x: !mo.tensor<[n], f32>, %c: !mo.tensor<[], i1>) -> (!mo.tensor<[], f32>, !mo.tensor<[n], f32>) {
  %true = mo.constant true : !mo.tensor<[], i1>
  %0 = mo.if %true -> !mo.tensor<[], f32> {
    %1 = mo.reshape %x : !mo.tensor<[n], f32> to !mo.tensor<[k, 2], f32>
    %2 = mo.reduce.max %1 : !mo.tensor<[k, 2], f32>
    mo.yield %2 : !mo.tensor<[], f32>
  } else {
    %1 = mo.reduce.max %x : !mo.tensor<[n], f32>
    mo.yield %1 : !mo.tensor<[], f32>
  }
  %3 = mo.if %c -> !mo.tensor<[n], f32> {
    %4 = mo.exp %x : !mo.tensor<[n], f32>
    mo.yield %4 : !mo.tensor<[n], f32>
  } else {
    mo.yield %x : !mo.tensor<[n], f32>
  }
  mo.output %0, %3 : !mo.tensor<[], f32>, !mo.tensor<[n], f32>
}

// -----

// What the condition needs is carried, though neither the body nor anything after the loop does.
// CHECK-LABEL: mo.graph @carried(
// CHECK: mo.while({{.*}}) -> !mo.tensor<[], i1>, !mo.tensor<[n], f32> {
mo.graph @carried(%x: !mo.tensor<[n], f32>, %c: !mo.tensor<[], i1>) -> !mo.tensor<[n], f32> {
  %0:2 = mo.while(%c, %x : !mo.tensor<[], i1>, !mo.tensor<[n], f32>) -> !mo.tensor<[], i1>, !mo.tensor<[n], f32> {
  ^bb0(%more: !mo.tensor<[], i1>, %v: !mo.tensor<[n], f32>):
    mo.condition %more, %more, %v : !mo.tensor<[], i1>, !mo.tensor<[n], f32>
  } do {
  ^bb0(%more: !mo.tensor<[], i1>, %v: !mo.tensor<[n], f32>):
    %1 = mo.exp %v : !mo.tensor<[n], f32>
    %2 = mo.reduce.max %1 : !mo.tensor<[n], f32>
    %3 = mo.is_finite %2 : !mo.tensor<[], f32>
    mo.yield %3, %1 : !mo.tensor<[], i1>, !mo.tensor<[n], f32>
  }
  mo.output %0#1 : !mo.tensor<[n], f32>
}
