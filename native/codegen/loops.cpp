// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops before code generation.
#include "codegen/loops.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

/// Whether an operand was computed before the loop. Places on the stack are part of addresses, and take no register.
static bool isStart(const Value *operand, const Loop &loop) {
  const auto *computed = dyn_cast<Instruction>(operand);
  return computed && !loop.contains(computed) && !isa<AllocaInst>(computed) && !computed->getType()->isVectorTy();
}

void mograph::hideStarts(Function &function) {
  if (function.isDeclaration())
    return;
  DominatorTree tree(function);
  LoopInfo loops(tree);
  for (Loop *loop : loops.getLoopsInPreorder()) {
    BasicBlock *before = loop->getLoopPreheader();
    if (!before || !loop->isInnermost())
      continue;
    DenseMap<Value *, Value *> hidden;
    for (BasicBlock *block : loop->blocks())
      for (Instruction &each : *block)
        if (isa<GetElementPtrInst>(each))
          for (Use &use : each.operands())
            if (isStart(use, *loop)) {
              Value *&start = hidden[use];
              if (!start) // no pass looks through it, and it becomes no instruction
                start = new FreezeInst(use, "", before->getTerminator()->getIterator());
              use.set(start);
            }
  }
}
