// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks over operations, and moves of them, that are too many for Python. Its own iterators end by an exception in C++, which takes
// longer than a list of what they give.
#ifndef MOGRAPH_PASSES_OPS_H
#define MOGRAPH_PASSES_OPS_H
#include "mlir-c/IR.h"
#include <string>
#include <utility>
#include <vector>

namespace mograph {

/// The ops of these names in `root`, itself included, in program order.
std::vector<MlirOperation> findOps(MlirOperation root, const std::vector<std::string> &names);

/// The ops directly in `block`.
std::vector<MlirOperation> blockOps(MlirBlock block);

/// The ops inside `root`, each before what is nested in it; nothing of what is nested in ops of the names `closed`.
std::vector<MlirOperation> opsIn(MlirOperation root, const std::vector<std::string> &closed);

/// The ops that use `value`, each as often as it does.
std::vector<MlirOperation> usersOf(MlirValue value);

/// The operands and the results of `op` that are ranked memrefs.
std::pair<std::vector<MlirValue>, std::vector<MlirValue>> memrefsOf(MlirOperation op);

/// "parallel" or "reduction" for each loop of an op of linalg.
std::vector<std::string> iteratorTypes(MlirOperation op);

/// Whether an op in `root`, itself included, has results, and nothing uses one of them.
bool hasUnused(MlirOperation root);

/// The names that ops in `root` have, itself included, in the order in which they are met first.
std::vector<std::string> opNames(MlirOperation root);

/// How many ops are in `root`, itself included.
int countOps(MlirOperation root);

/// Puts the ops of `function`, of one block, in the place of `call`, whose operands are its arguments and whose results what it returns,
/// and erases `call`. The ops are copied, or moved: then `function` is left with its terminator.
void inlineCall(MlirOperation call, MlirOperation function, bool move);

} // namespace mograph
#endif
