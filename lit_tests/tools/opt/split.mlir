// RUN: mo-opt %s --split-input-file | FileCheck %s
// RUN: mo-opt %s --split-input-file --output-split-marker="// next" | FileCheck %s --check-prefix=MARKER
// RUN: mo-opt %S/Inputs/parts.mlir --split-input-file="// ====" | FileCheck %s --check-prefix=OTHER

// CHECK: func.func @f
// CHECK: // -----
// CHECK: func.func @g
// MARKER: func.func @f
// MARKER: // next
// MARKER: func.func @g
// OTHER: func.func @f
// OTHER: // -----
// OTHER: func.func @g
func.func @f() {
  return
}

// -----

func.func @g() {
  return
}
