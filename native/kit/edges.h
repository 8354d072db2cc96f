// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What flows along the edges of control flow where types have named dimensions. The type at the end of an edge may have a name where
// the value that arrives has any extent: the name is bound to it there, or compared with it.
#ifndef MOGRAPH_KIT_EDGES_H
#define MOGRAPH_KIT_EDGES_H
#include "mlir/Interfaces/ControlFlowInterfaces.h"

namespace mograph::kit {
/// Whether a value of type `source` may arrive where `target` is declared: types are equal but for dimensions that are names in `target`.
bool flowsInto(mlir::Type source, mlir::Type target);
/// Whether what arrives at every end of an edge has the very type that is declared there, as most of upstream's patterns take for granted.
bool flowsExactly(mlir::RegionBranchOpInterface op);
} // namespace mograph::kit
#endif
