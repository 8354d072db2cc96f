// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/ops.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
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

std::vector<MlirOperation> mograph::blockOps(MlirBlock block) {
  std::vector<MlirOperation> found;
  for (Operation &op : *unwrap(block)) found.push_back(wrap(&op));
  return found;
}

std::vector<MlirOperation> mograph::opsIn(MlirOperation root, const std::vector<std::string> &closed) {
  Operation *top = unwrap(root);
  llvm::SmallPtrSet<void *, 4> names;
  for (const std::string &name : closed) names.insert(OperationName(name, top->getContext()).getAsOpaquePointer());
  std::vector<MlirOperation> found;
  top->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op != top) found.push_back(wrap(op));
    return names.contains(op->getName().getAsOpaquePointer()) ? WalkResult::skip() : WalkResult::advance();
  });
  return found;
}

std::vector<MlirOperation> mograph::usersOf(MlirValue value) {
  std::vector<MlirOperation> found;
  for (Operation *user : unwrap(value).getUsers()) found.push_back(wrap(user));
  return found;
}

static std::vector<MlirValue> memrefsIn(ValueRange values) {
  std::vector<MlirValue> found;
  for (Value value : values)
    if (isa<MemRefType>(value.getType())) found.push_back(wrap(value));
  return found;
}

std::pair<std::vector<MlirValue>, std::vector<MlirValue>> mograph::memrefsOf(MlirOperation op) {
  return {memrefsIn(unwrap(op)->getOperands()), memrefsIn(unwrap(op)->getResults())};
}

std::vector<std::string> mograph::iteratorTypes(MlirOperation op) {
  std::vector<std::string> found;
  for (utils::IteratorType type : cast<linalg::LinalgOp>(unwrap(op)).getIteratorTypesArray())
    found.push_back(utils::stringifyIteratorType(type).str());
  return found;
}

bool mograph::hasUnused(MlirOperation root) {
  auto unused = [](Operation *op) { return op->getNumResults() && op->use_empty() ? WalkResult::interrupt() : WalkResult::advance(); };
  return unwrap(root)->walk<WalkOrder::PreOrder>(unused).wasInterrupted();
}

std::vector<std::string> mograph::opNames(MlirOperation root) {
  llvm::SetVector<void *> met;
  unwrap(root)->walk<WalkOrder::PreOrder>([&](Operation *op) { met.insert(op->getName().getAsOpaquePointer()); });
  std::vector<std::string> names;
  for (void *name : met) names.push_back(OperationName::getFromOpaquePointer(name).getStringRef().str());
  return names;
}

int mograph::countOps(MlirOperation root) {
  int count = 0;
  unwrap(root)->walk([&](Operation *) { ++count; });
  return count;
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
