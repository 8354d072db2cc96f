// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/merging.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"
#include <map>
#include <vector>

using namespace mlir;

namespace {
/// What an operation and its regions are, as words: equal for equal code. Values are numbers in the order in which they are made.
class Words {
public:
  explicit Words(StringAttr ignored) : ignored(ignored) {}

  std::vector<const void *> of(Operation *op) {
    for (Region &region : op->getRegions()) number(region);
    add(op);
    return std::move(words);
  }

private:
  void number(Region &region) {
    for (Block &block : region) {
      blocks.try_emplace(&block, blocks.size());
      for (Value argument : block.getArguments()) values.try_emplace(argument, values.size());
      for (Operation &op : block) {
        for (Value result : op.getResults()) values.try_emplace(result, values.size());
        for (Region &inner : op.getRegions()) number(inner);
      }
    }
  }

  void add(Operation *op) {
    words.push_back(op->getName().getAsOpaquePointer());
    DictionaryAttr attributes = op->getAttrDictionary();
    if (depth) {
      words.push_back(attributes.getAsOpaquePointer());
    } else {
      for (NamedAttribute attribute : attributes)
        if (attribute.getName() != ignored)
          words.insert(words.end(), {attribute.getName().getAsOpaquePointer(), attribute.getValue().getAsOpaquePointer()});
    }
    count(op->getNumOperands());
    for (Value operand : op->getOperands()) {
      auto known = values.find(operand); // what comes from outside is itself
      known == values.end() ? words.push_back(operand.getAsOpaquePointer()) : count(known->second);
    }
    count(op->getNumResults());
    for (Type type : op->getResultTypes()) words.push_back(type.getAsOpaquePointer());
    for (Block *successor : op->getSuccessors()) count(blocks.lookup(successor));
    ++depth;
    for (Region &region : op->getRegions()) {
      count(std::distance(region.begin(), region.end()));
      for (Block &block : region) {
        count(block.getNumArguments());
        for (Type type : block.getArgumentTypes()) words.push_back(type.getAsOpaquePointer());
        for (Operation &inner : block) add(&inner);
        count(0); // the end: no operation has this name
      }
    }
    --depth;
  }

  void count(size_t number) { words.push_back(reinterpret_cast<const void *>(number)); }

  StringAttr ignored;
  int depth = 0;
  llvm::DenseMap<Value, size_t> values;
  llvm::DenseMap<Block *, size_t> blocks;
  std::vector<const void *> words;
};

/// One round: functions that are equal as they stand now.
int mergeOnce(Operation *module) {
  MLIRContext *context = module->getContext();
  auto symbol = StringAttr::get(context, "sym_name"), visibility = StringAttr::get(context, "sym_visibility");
  OperationName functionName("func.func", context);
  std::map<std::vector<const void *>, StringAttr> first;
  llvm::DenseMap<StringAttr, FlatSymbolRefAttr> others;
  std::vector<Operation *> erased;
  for (Operation &op : module->getRegion(0).front()) {
    if (op.getName() != functionName || op.getRegion(0).empty()) continue;
    auto visible = op.getAttrOfType<StringAttr>(visibility);
    if (!visible || visible.getValue() != "private") continue;
    auto name = op.getAttrOfType<StringAttr>(symbol);
    auto [known, isNew] = first.try_emplace(Words(symbol).of(&op), name);
    if (isNew) continue;
    others[name] = FlatSymbolRefAttr::get(known->second);
    erased.push_back(&op);
  }
  if (erased.empty()) return 0;
  for (Operation *op : erased) op->erase();
  module->walk([&](Operation *op) {
    for (StringRef key : {"callee", "value"})
      if (auto used = op->getAttrOfType<FlatSymbolRefAttr>(key))
        if (auto other = others.find(used.getAttr()); other != others.end()) op->setAttr(key, other->second);
  });
  return erased.size();
}
} // namespace

int mograph::mergeFunctions(MlirOperation module) {
  int all = 0;
  while (int merged = mergeOnce(unwrap(module))) all += merged;
  return all;
}

std::string mograph::functionCode(MlirOperation function) {
  Operation *op = unwrap(function);
  std::vector<const void *> words = Words(StringAttr::get(op->getContext(), "sym_name")).of(op);
  return {reinterpret_cast<const char *>(words.data()), words.size() * sizeof(const void *)};
}
