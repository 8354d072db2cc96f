fuzz.graph @main(%x: !fuzz.tensor<[2, n], f32>, %b: i1 {fuzz.name = "b"}) -> (!fuzz.tensor<[2, n], f32> {fuzz.name = "r"}) attributes {a = 1 : i64} {
  %0 = fuzz.add %x, %x {tag} : !fuzz.tensor<[2, n], f32>
  %1 = fuzz.call @helper(%0) : (!fuzz.tensor<[2, n], f32>) -> !fuzz.tensor<[2, n], f32>
  %2 = fuzz.call @helper(%1) keep : (!fuzz.tensor<[2, n], f32>) -> !fuzz.tensor<[2, n], f32>
  fuzz.return %2 : !fuzz.tensor<[2, n], f32>
}
fuzz.graph private @helper(%x: !fuzz.tensor<[2, n], f32>) -> !fuzz.tensor<[2, n], f32> {
  fuzz.state %x : !fuzz.tensor<[2, n], f32>
  fuzz.return %x : !fuzz.tensor<[2, n], f32>
}
fuzz.graph private @declared(!fuzz.token) -> i32
// -----
func.func @f(%a: i32, %f: f32, %b: i1) {
  fuzz.groups () [] -> ()
  %0:2 = fuzz.groups (%a, %f : i32, f32) [%b : i1] axis 3 on gpu:1 kind tanh flag sizes [1, -2] dims [n * 2 + 1, 4] {more = unit} -> (i32, f32)
  %1 = fuzz.groups () m %a : i32 [] -> (), f64
  %2 = fuzz.first %a, %f : i32, f32
  %3 = fuzz.first %2 : i32
  fuzz.many {
    %4 = fuzz.first %3 : i32
  }, {
  }
  return
}
// -----
func.func @constants() -> !fuzz.tensor<[2], si32> {
  %0 = fuzz.constant 1 : !fuzz.tensor<[2], si32>
  %1 = fuzz.constant dense<[1, -2]> : !fuzz.tensor<[2], si32>
  %2 = fuzz.constant 0x7FC00000 : !fuzz.tensor<[], f32, gpu:0 rank 3>
  %3 = fuzz.constant dense<> : !fuzz.tensor<[0], i1>
  %4 = fuzz.constant true : !fuzz.tensor<[4, 4], i1>
  %5 = fuzz.add %0, %1 : !fuzz.tensor<[2], si32>
  return %5 : !fuzz.tensor<[2], si32>
}
// -----
func.func @loops(%t: !fuzz.token, %b: i1) -> !fuzz.token {
  %0:2 = fuzz.while (%t, %b : !fuzz.token, i1) -> (!fuzz.token, i1) {
  ^bb0(%x: !fuzz.token, %c: i1):
    fuzz.condition %c, %x, %c : !fuzz.token, i1
  } do {
  ^bb0(%x: !fuzz.token, %c: i1):
    %false = arith.constant false
    fuzz.return %x, %false : !fuzz.token, i1
  }
  %1 = fuzz.if %0#1 -> !fuzz.token {
    fuzz.return %0#0 : !fuzz.token
  } else {
    fuzz.state
    fuzz.return %t : !fuzz.token
  }
  fuzz.if %b {
    fuzz.return
  }
  return %1 : !fuzz.token
}
// -----
func.func @branches(%a: i32) {
  fuzz.switch %a [^bb1, ^bb2]
^bb1:
  fuzz.switch %a []
^bb2:
  return
}
fuzz.table {
  fuzz.graph @x() {
    fuzz.return
  }
  func.func @uses() {
    fuzz.call @x() : () -> ()
    return
  }
}
