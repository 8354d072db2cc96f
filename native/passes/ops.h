// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks over operations, and moves of them, that are too many for Python.
#ifndef MOGRAPH_PASSES_OPS_H
#define MOGRAPH_PASSES_OPS_H
#include "mlir-c/IR.h"
#include <string>
#include <vector>

namespace mograph {

/// The ops of these names in `root`, itself included, in program order.
std::vector<MlirOperation> findOps(MlirOperation root, const std::vector<std::string> &names);

/// The names that ops in `root` have, itself included, in the order in which they are met first.
std::vector<std::string> opNames(MlirOperation root);

/// Puts the ops of `function`, of one block, in the place of `call`, whose operands are its arguments and whose results what it returns,
/// and erases `call`. The ops are copied, or moved: then `function` is left with its terminator.
void inlineCall(MlirOperation call, MlirOperation function, bool move);

} // namespace mograph
#endif
