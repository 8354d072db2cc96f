// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One function instead of several that do the same.
#ifndef MOGRAPH_PASSES_MERGING_H
#define MOGRAPH_PASSES_MERGING_H
#include "mlir-c/IR.h"
#include <string>

namespace mograph {

/// Erases each private `func.func` of `module` whose type, attributes and body are those of an earlier one, but for names and
/// locations, and calls of the earlier one take the place of its own. Functions that differ only in which of such functions they
/// call are the same, too. Returns how many were erased.
int mergeFunctions(MlirOperation module);

/// What a `func.func` is but for its name and locations, as bytes: those of another one in the same context are the same if the
/// functions are. Valid as long as the context.
std::string functionCode(MlirOperation function);

} // namespace mograph
#endif
