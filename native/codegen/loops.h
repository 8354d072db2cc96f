// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is known of the loops of our code, for LLVM's passes over them.
#ifndef MOGRAPH_CODEGEN_LOOPS_H
#define MOGRAPH_CODEGEN_LOOPS_H

namespace llvm {
class Function;
}

namespace mograph {

/// Hides from innermost loops how the addresses and offsets that they start from were computed. LLVM's strength reduction
/// rewrites every sum of these in all ways there are, which takes most of its time, although ours are computed outside already.
void hideStarts(llvm::Function &function);

} // namespace mograph
#endif
