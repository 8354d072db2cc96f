// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What nothing needs goes, through loops, branches and calls; what binds a name that is needed stays.
// RUN: mo-opt %s --mo-remove-dead-values --split-input-file | FileCheck %s
// RUN: mo-opt %s --mo-remove-dead-values --split-input-file --mlir-disable-threading --mlir-pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: (S) 4 ops
// STATS-NEXT: (S) 2 values

// One carried value is for itself only, and one result of the branches too.
// CHECK-LABEL: mo.graph @loop(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n], f32>
// CHECK: mo.while(%{{[^ ]+}}, %[[X]] : !mo.tensor<[], si32>, !mo.tensor<[n], f32>) -> !mo.tensor<[], si32>, !mo.tensor<[n], f32> {
// CHECK-NEXT: ^bb0(%[[I:[^ ]+]]: !mo.tensor<[], si32>, %[[V:[^ ]+]]: !mo.tensor<[n], f32>):
// CHECK: mo.condition %{{[^ ]+}}, %[[I]], %[[V]] :
// CHECK: ^bb0(%{{[^ ]+}}: !mo.tensor<[], si32>, %{{[^ ]+}}: !mo.tensor<[n], f32>):
// CHECK-NOT: mo.exp
// CHECK: mo.sin
// CHECK: %[[R:[^ ]+]] = mo.if %{{[^ ]+}} -> !mo.tensor<[n], f32> {
// CHECK-NEXT: mo.yield %{{[^ ]+}} : !mo.tensor<[n], f32>
// CHECK-NEXT: } else {
// CHECK-NEXT: mo.yield %{{[^ ]+}} : !mo.tensor<[n], f32>
// CHECK: mo.output %[[R]]
mo.graph @loop(%x: !mo.tensor<[n], f32>, %c: !mo.tensor<[], i1>, %one: !mo.tensor<[], si32>) -> !mo.tensor<[n], f32> {
  %i, %dead, %y = mo.while(%one, %x, %x : !mo.tensor<[], si32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>) -> !mo.tensor<[], si32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32> {
  ^bb0(%k: !mo.tensor<[], si32>, %d: !mo.tensor<[n], f32>, %v: !mo.tensor<[n], f32>):
    %more = mo.less %k, %one : !mo.tensor<[], si32>
    mo.condition %more, %k, %d, %v : !mo.tensor<[], si32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
  } do {
  ^bb0(%k: !mo.tensor<[], si32>, %d: !mo.tensor<[n], f32>, %v: !mo.tensor<[n], f32>):
    %next = mo.add %k, %one : !mo.tensor<[], si32>
    %e = mo.exp %d : !mo.tensor<[n], f32>
    %w = mo.sin %v : !mo.tensor<[n], f32>
    mo.yield %next, %e, %w : !mo.tensor<[], si32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
  }
  %r:2 = mo.if %c -> !mo.tensor<[n], f32>, !mo.tensor<[n], f32> {
    %a = mo.exp %dead : !mo.tensor<[n], f32>
    mo.yield %a, %y : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
  } else {
    %a = mo.cos %x : !mo.tensor<[n], f32>
    mo.yield %a, %x : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
  }
  %unused = mo.constant.external "w" : !mo.tensor<[4], f32>
  mo.output %r#1 : !mo.tensor<[n], f32>
}

// -----

// What all calls of a private graph can do without goes; another model's graph, and its weight, go with their only call.
// CHECK-LABEL: mo.graph @model(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n], f32>, %[[C:[^ :]+]]: !mo.tensor<[], i1>
// CHECK-NEXT: %[[A:[^ ]+]] = mo.call @sub(%[[X]]) prefix = "a." : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
// CHECK-NEXT: %[[B:[^ ]+]] = mo.call @sub(%[[A]]) prefix = "b." : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
// CHECK-NEXT: mo.output %[[B]]
mo.graph @model(%x: !mo.tensor<[n], f32>, %c: !mo.tensor<[], i1>) -> !mo.tensor<[n], f32> {
  %a:2 = mo.call @sub(%x, %c) prefix = "a." : (!mo.tensor<[n], f32>, !mo.tensor<[], i1>) -> (!mo.tensor<[n], f32>, !mo.tensor<[], i1>)
  %b:2 = mo.call @sub(%a#0, %a#1) prefix = "b." : (!mo.tensor<[n], f32>, !mo.tensor<[], i1>) -> (!mo.tensor<[n], f32>, !mo.tensor<[], i1>)
  %d = mo.call @gone(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output %b#0 : !mo.tensor<[n], f32>
}
// CHECK: mo.graph private @sub(%{{[^ ]+}}: !mo.tensor<[n], f32> {mo.name = "x"}) -> !mo.tensor<[n], f32> {
// CHECK-NEXT: mo.exp
// CHECK-NEXT: mo.output %{{[^ ]+}} : !mo.tensor<[n], f32>
mo.graph private @sub(%x: !mo.tensor<[n], f32> {mo.name = "x"}, %c: !mo.tensor<[], i1> {mo.name = "c"}) -> (!mo.tensor<[n], f32>, !mo.tensor<[], i1>) {
  %0 = mo.exp %x : !mo.tensor<[n], f32>
  %1 = mo.not %c : !mo.tensor<[], i1>
  mo.output %0, %1 : !mo.tensor<[n], f32>, !mo.tensor<[], i1>
}
// CHECK-NOT: @gone
mo.graph private @gone(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %w = mo.constant.external "w" : !mo.tensor<[1], f32>
  %0 = mo.mul %x, %w : !mo.tensor<[n], f32>, !mo.tensor<[1], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}

// -----

// A public graph keeps its arguments and results, whoever calls it.
// CHECK-LABEL: mo.graph @public(
// CHECK-SAME: %{{[^ :]+}}: !mo.tensor<[2], f32>, %{{[^ :]+}}: !mo.tensor<[2], f32>) -> (!mo.tensor<[2], f32>, !mo.tensor<[2], f32>)
mo.graph @public(%x: !mo.tensor<[2], f32>, %unused: !mo.tensor<[2], f32>) -> (!mo.tensor<[2], f32>, !mo.tensor<[2], f32>) {
  %0 = mo.exp %x : !mo.tensor<[2], f32>
  mo.output %0, %x : !mo.tensor<[2], f32>, !mo.tensor<[2], f32>
}
// CHECK: %[[R:[^ ]+]]:2 = mo.call @public
// CHECK-NEXT: mo.output %[[R]]#0
mo.graph @caller(%x: !mo.tensor<[2], f32>) -> !mo.tensor<[2], f32> {
  %0:2 = mo.call @public(%x, %x) : (!mo.tensor<[2], f32>, !mo.tensor<[2], f32>) -> (!mo.tensor<[2], f32>, !mo.tensor<[2], f32>)
  mo.output %0#0 : !mo.tensor<[2], f32>
}

// -----

// Types need names: the argument that binds a, the reshape that binds j and the carried value that binds t stay, without
// a use. What binds l goes.
// CHECK-LABEL: mo.graph @model(
// CHECK: mo.call @names(%{{[^ ]+}}, %{{[^ ]+}}) : (!mo.tensor<[n], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[n, j], f32>
mo.graph @model(%x: !mo.tensor<[n], f32>, %s: !mo.tensor<[], f32>) -> !mo.tensor<[n, j], f32> {
  %0 = mo.call @names(%x, %x, %s) : (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[n, j], f32>
  mo.output %0 : !mo.tensor<[n, j], f32>
}
// CHECK: mo.graph private @names(%[[X:[^ ]+]]: !mo.tensor<[a], f32>, %[[V:[^ ]+]]: !mo.tensor<[], f32>) -> !mo.tensor<[a, j], f32> {
// CHECK-NEXT: mo.reshape %[[X]] : !mo.tensor<[a], f32> to !mo.tensor<[j, 2], f32>
// CHECK-NEXT: %[[R:[^ ]+]] = mo.broadcast_to %[[V]] : !mo.tensor<[], f32> to !mo.tensor<[a, j], f32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph private @names(%x: !mo.tensor<[a], f32>, %y: !mo.tensor<[b], f32>, %v: !mo.tensor<[], f32>) -> !mo.tensor<[a, j], f32> {
  %0 = mo.reshape %x : !mo.tensor<[a], f32> to !mo.tensor<[j, 2], f32>
  %1 = mo.reshape %x : !mo.tensor<[a], f32> to !mo.tensor<[l, 2], f32>
  %2 = mo.broadcast_to %v : !mo.tensor<[], f32> to !mo.tensor<[a, j], f32>
  mo.output %2 : !mo.tensor<[a, j], f32>
}
// CHECK-LABEL: mo.graph @carried(
// CHECK: mo.while({{.*}}) -> !mo.tensor<[], f32>, !mo.tensor<[t], f32>
mo.graph @carried(%x: !mo.tensor<[n], f32>, %s: !mo.tensor<[], f32>) -> !mo.tensor<[], f32> {
  %r, %dead = mo.while(%s, %x : !mo.tensor<[], f32>, !mo.tensor<[n], f32>) -> !mo.tensor<[], f32>, !mo.tensor<[t], f32> {
  ^bb0(%a: !mo.tensor<[], f32>, %v: !mo.tensor<[t], f32>):
    %more = mo.less %a, %s : !mo.tensor<[], f32>
    mo.condition %more, %a, %v : !mo.tensor<[], f32>, !mo.tensor<[t], f32>
  } do {
  ^bb0(%a: !mo.tensor<[], f32>, %v: !mo.tensor<[t], f32>):
    %0 = mo.broadcast_to %a : !mo.tensor<[], f32> to !mo.tensor<[t], f32>
    %1 = mo.reduce.add %0 : !mo.tensor<[t], f32>
    %2 = mo.concat %v, %v axis = 0 : !mo.tensor<[t], f32>
    mo.yield %1, %2 : !mo.tensor<[], f32>, !mo.tensor<[t * 2], f32>
  }
  mo.output %r : !mo.tensor<[], f32>
}

// -----

// Effects stay, with what they need and with what they are in.
// CHECK-LABEL: mo.graph @effects(
// CHECK: mo.if
// CHECK: mo.abs
// CHECK: mo.print
// CHECK-NOT: mo.exp
// CHECK: mo.call @printing
mo.graph @effects(%x: !mo.tensor<[2], f32>, %c: !mo.tensor<[], i1>) {
  %chain = mo.chain.create
  %0 = mo.if %c -> !mo.tensor<[2], f32> {
    %1 = mo.abs %x : !mo.tensor<[2], f32>
    %2 = mo.print %1, %chain : !mo.tensor<[2], f32>
    %3 = mo.exp %x : !mo.tensor<[2], f32>
    mo.yield %3 : !mo.tensor<[2], f32>
  } else {
    mo.yield %x : !mo.tensor<[2], f32>
  }
  %r = mo.call @printing(%x) : (!mo.tensor<[2], f32>) -> !mo.tensor<[2], f32>
  mo.output
}
mo.graph private @printing(%x: !mo.tensor<[2], f32>) -> !mo.tensor<[2], f32> {
  %chain = mo.chain.create
  %0 = mo.print %x, %chain : !mo.tensor<[2], f32>
  mo.output %x : !mo.tensor<[2], f32>
}
