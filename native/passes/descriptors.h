// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Descriptors of memrefs: only the words of them that are read.
#ifndef MOGRAPH_PASSES_DESCRIPTORS_H
#define MOGRAPH_PASSES_DESCRIPTORS_H
#include "mlir-c/IR.h"

namespace mograph {

/// Gives each function of `module` the words that it reads in the place of a memref of which it reads nothing but words of the
/// descriptor, and hands those over where it is called. A public one gets the attribute `mograph.words`: which words it takes, of
/// those of its former arguments one after the other.
void narrowArguments(MlirOperation module);

/// Takes what is extracted from an aggregate from where it was inserted, in the dialect `llvm`, and drops what then nobody reads.
void foldAggregates(MlirOperation module);

} // namespace mograph
#endif
