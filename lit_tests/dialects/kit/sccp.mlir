// RUN: mo-opt %s --sccp | FileCheck %s

// A constant goes through the call, past the branch that is known, and into the sum after it.

// CHECK-LABEL: mo.graph @main
// CHECK: %[[C:.*]] = mo.constant 10 : !mo.tensor<[], si32>
// CHECK: mo.output %[[C]]
mo.graph @main(%x: !mo.tensor<[], si32>) -> !mo.tensor<[], si32> {
  %true = mo.constant true : !mo.tensor<[], i1>
  %five = mo.constant 5 : !mo.tensor<[], si32>
  %0 = mo.if %true -> !mo.tensor<[], si32> {
    mo.yield %five : !mo.tensor<[], si32>
  } else {
    mo.yield %x : !mo.tensor<[], si32>
  }
  %1 = mo.call @same(%0) : (!mo.tensor<[], si32>) -> !mo.tensor<[], si32>
  %2 = mo.add %1, %five : !mo.tensor<[], si32>
  mo.output %2 : !mo.tensor<[], si32>
}
mo.graph private @same(%x: !mo.tensor<[], si32>) -> !mo.tensor<[], si32> {
  mo.output %x : !mo.tensor<[], si32>
}
