// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "registry.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"

mlir::DialectRegistry &mograph::registry() {
  static mlir::DialectRegistry *registry = [] {
    auto *all = new mlir::DialectRegistry;
    mlir::registerAllDialects(*all);
    mlir::registerAllExtensions(*all);
    return all;
  }();
  return *registry;
}
