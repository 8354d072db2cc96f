// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Upstream's fusion of elementwise operations, but for what it would compute again and again.
#ifndef MOGRAPH_PASSES_FUSION_H
#define MOGRAPH_PASSES_FUSION_H
#include "mlir-c/IR.h"

namespace mograph {

/// What `linalg-fuse-elementwise-ops` does in `root`, an op that is isolated from above, with one exception: nothing but conversions of
/// one tensor is fused into an op with a reduction that reads each element several times, as a product of matrices does.
void fuseElementwise(MlirOperation root);

} // namespace mograph
#endif
