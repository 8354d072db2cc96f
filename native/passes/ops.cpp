// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/ops.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;

std::vector<MlirOperation> mograph::findOps(MlirOperation root, const std::vector<std::string> &names) {
  Operation *top = unwrap(root);
  llvm::SmallPtrSet<void *, 8> wanted;
  for (const std::string &name : names) wanted.insert(OperationName(name, top->getContext()).getAsOpaquePointer());
  std::vector<MlirOperation> found;
  top->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (wanted.contains(op->getName().getAsOpaquePointer())) found.push_back(wrap(op));
  });
  return found;
}

std::vector<std::string> mograph::opNames(MlirOperation root) {
  llvm::SetVector<void *> met;
  unwrap(root)->walk<WalkOrder::PreOrder>([&](Operation *op) { met.insert(op->getName().getAsOpaquePointer()); });
  std::vector<std::string> names;
  for (void *name : met) names.push_back(OperationName::getFromOpaquePointer(name).getStringRef().str());
  return names;
}

void mograph::inlineCall(MlirOperation wrappedCall, MlirOperation wrappedFunction, bool move) {
  Operation *call = unwrap(wrappedCall);
  Block &body = unwrap(wrappedFunction)->getRegion(0).front();
  Operation *terminator = body.getTerminator();
  if (move) {
    for (auto [argument, operand] : llvm::zip_equal(body.getArguments(), call->getOperands())) argument.replaceAllUsesWith(operand);
    call->getBlock()->getOperations().splice(Block::iterator(call), body.getOperations(), body.begin(), Block::iterator(terminator));
    call->replaceAllUsesWith(terminator->getOperands());
  } else {
    IRMapping names;
    names.map(body.getArguments(), call->getOperands());
    OpBuilder builder(call);
    for (Operation &op : body.without_terminator()) builder.clone(op, names);
    for (auto [result, value] : llvm::zip_equal(call->getResults(), terminator->getOperands()))
      result.replaceAllUsesWith(names.lookupOrDefault(value));
  }
  call->erase();
}
