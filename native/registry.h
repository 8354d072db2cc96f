// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one registry of dialects: all of upstream's, and those that Python declares (kit/dialect.h adds them).
#ifndef MOGRAPH_REGISTRY_H
#define MOGRAPH_REGISTRY_H
#include "mlir/IR/DialectRegistry.h"

namespace mograph {
/// Made at first use; lives as long as the process.
mlir::DialectRegistry &registry();
} // namespace mograph
#endif
