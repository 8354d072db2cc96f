// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which ops bind named dimensions. A name is bound by the first value in whose type it stands, so an op that brings a name in may not be
// dropped, moved or merged for the sake of its values alone: other types may have the name, and no use in the IR says so.
#ifndef MOGRAPH_KIT_NAMES_H
#define MOGRAPH_KIT_NAMES_H
#include "mlir/IR/Operation.h"

namespace mograph::kit {

/// The resource that an op writes which brings names in.
constexpr const char *namesResource = "names";

/// Whether the op's results have a name that neither its operands have nor the arguments of the function around it.
bool bringsNames(mlir::Operation *op);
/// Whether the op, or a block of its regions through its arguments, brings names in.
bool bringsNamesAnywhere(mlir::Operation *op);
/// Whether any op inside of a function brings names in.
bool bringsNamesInside(mlir::Operation *function);
} // namespace mograph::kit
#endif
