// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/descriptors.h"
#include "mlir-c/BuiltinTypes.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace mlir;

namespace {
ArrayRef<int64_t> positionOf(Operation *op) { return op->getAttrOfType<DenseI64ArrayAttr>("position").asArrayRef(); }

/// The words of a memref that are read, by number, as they lie in a descriptor; none where more than words is asked for.
using Words = std::optional<std::set<int64_t>>;

class Narrowing {
public:
  explicit Narrowing(Operation *module)
      : module(module), context(module->getContext()), call("func.call", context), cast("builtin.unrealized_conversion_cast", context),
        extract("llvm.extractvalue", context), pointer(parsed("!llvm.ptr")), word(IntegerType::get(context, 64)) {}

  void run() {
    OperationName function("func.func", context);
    std::vector<Operation *> defined;
    for (Operation &op : module->getRegion(0).front())
      if (op.getName() == function && !op.getRegion(0).empty()) {
        defined.push_back(&op);
        functions[op.getAttrOfType<StringAttr>("sym_name")] = &op;
      }
    passViews();
    for (Operation *op : defined)
      for (unsigned i = 0; i < op->getRegion(0).front().getNumArguments(); ++i) read(op, i);
    for (Operation *op : defined) rewrite(op);
  }

private:
  Type parsed(StringRef text) const { return unwrap(mlirTypeParseGet(wrap(context), mlirStringRefCreate(text.data(), text.size()))); }

  /// Reads the pointers of views, which are those of what they are views of, from that.
  void passViews() {
    llvm::DenseSet<OperationName> names;
    for (StringRef name : {"memref.cast", "memref.collapse_shape", "memref.expand_shape", "memref.reinterpret_cast", "memref.subview"})
      names.insert(OperationName(name, context));
    auto viewed = [&](Value value) {
      Operation *op = value.getDefiningOp();
      return op && names.contains(op->getName()) && isa<MemRefType>(op->getOperand(0).getType()) ? op->getOperand(0) : Value();
    };
    std::vector<Operation *> casts;
    module->walk([&](Operation *op) {
      if (op->getName() == cast && op->getNumOperands() == 1 && viewed(op->getOperand(0))) casts.push_back(op);
    });
    for (Operation *op : casts) {
      Value memref = op->getOperand(0), origin = memref;
      while (Value next = viewed(origin)) origin = next;
      Value descriptor;
      for (Operation *reader : llvm::make_early_inc_range(op->getUsers())) {
        if (reader->getName() != extract || positionOf(reader).size() > 1 || positionOf(reader)[0] > 1) continue;
        OpBuilder b(op);
        if (!descriptor) descriptor = create(b, op, cast, origin, descriptorOf(mlir::cast<MemRefType>(origin.getType()).getRank()), {});
        reader->setOperand(0, descriptor);
      }
      for (Operation *unused = op; unused && unused->use_empty() && (unused == op || viewed(unused->getResult(0)));) {
        Value next = unused->getOperand(0);
        unused->erase();
        unused = next.getDefiningOp();
      }
    }
  }

  /// The function that an op calls, where that is defined here.
  Operation *callee(Operation *op) const {
    return op->getName() == call ? functions.lookup(op->getAttrOfType<FlatSymbolRefAttr>("callee").getAttr()) : nullptr;
  }

  /// Which words are read of an argument.
  const Words &read(Operation *function, unsigned number) {
    auto [known, isNew] = needs.try_emplace({function, number}, std::nullopt); // a function that calls itself takes all
    BlockArgument argument = function->getRegion(0).front().getArgument(number);
    auto type = dyn_cast<MemRefType>(argument.getType());
    if (!isNew || !type) return known->second;
    std::set<int64_t> words;
    for (OpOperand &use : argument.getUses()) {
      Operation *user = use.getOwner();
      if (Operation *called = callee(user)) {
        const Words &further = read(called, use.getOperandNumber());
        if (!further) return known->second;
        words.insert(further->begin(), further->end());
        continue;
      }
      if (user->getName() != cast) return known->second;
      for (Operation *reader : user->getUsers()) {
        if (reader->getName() != extract || !isWord(reader->getResult(0).getType())) return known->second;
        words.insert(numberOf(reader, type.getRank()));
      }
    }
    known->second = std::move(words);
    return known->second;
  }

  bool isWord(Type type) const { return type == pointer || type == word; }

  static int64_t numberOf(Operation *reader, int64_t rank) {
    ArrayRef<int64_t> at = positionOf(reader);
    return at.size() == 1 ? at[0] : 3 + (at[0] - 3) * rank + at[1];
  }

  void rewrite(Operation *function) {
    Block &block = function->getRegion(0).front();
    unsigned before = block.getNumArguments();
    auto attributes = function->getAttrOfType<ArrayAttr>("arg_attrs");
    std::vector<Attribute> kept;
    std::vector<int64_t> taken;
    int64_t first = 0; // word of the argument
    given.clear();
    for (unsigned i = 0; i < before; ++i) {
      BlockArgument old = block.getArgument(i);
      auto type = dyn_cast<MemRefType>(old.getType());
      int64_t count = type ? 3 + 2 * type.getRank() : 1;
      if (const Words &words = needs.at({function, i})) {
        for (int64_t number : *words) {
          given[{old, number}] = block.addArgument(number < 2 ? pointer : word, old.getLoc());
          kept.push_back(DictionaryAttr::get(context));
          taken.push_back(first + number);
        }
        for (Operation *user : llvm::make_early_inc_range(old.getUsers())) {
          if (user->getName() != cast) continue;
          for (Operation *reader : llvm::make_early_inc_range(user->getUsers())) {
            reader->getResult(0).replaceAllUsesWith(given.at({old, numberOf(reader, type.getRank())}));
            reader->erase();
          }
          user->erase();
        }
      } else {
        old.replaceAllUsesWith(block.addArgument(old.getType(), old.getLoc()));
        if (attributes) kept.push_back(attributes[i]);
        for (int64_t number = 0; number < count; ++number) taken.push_back(first + number);
      }
      first += count;
    }
    function->walk([&](Operation *op) {
      if (Operation *called = callee(op)) hand(op, called);
    });
    block.eraseArguments(0, before);
    auto type = mlir::cast<FunctionType>(function->getAttrOfType<TypeAttr>("function_type").getValue());
    function->setAttr("function_type", TypeAttr::get(FunctionType::get(context, block.getArgumentTypes(), type.getResults())));
    if (attributes) function->setAttr("arg_attrs", ArrayAttr::get(context, kept));
    if (!function->getAttr("sym_visibility")) function->setAttr("mograph.words", DenseI64ArrayAttr::get(context, taken));
  }

  /// Hands over the words that a called function reads.
  void hand(Operation *op, Operation *called) {
    OpBuilder b(op);
    std::vector<Value> operands;
    for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
      const Words &words = needs.at({called, unsigned(i)});
      if (!words) {
        operands.push_back(operand);
        continue;
      }
      Value descriptor;
      for (int64_t number : *words) {
        if (auto known = given.find({operand, number}); known != given.end()) {
          operands.push_back(known->second);
          continue;
        }
        int64_t rank = mlir::cast<MemRefType>(operand.getType()).getRank();
        if (!descriptor) descriptor = create(b, op, cast, operand, descriptorOf(rank), {});
        SmallVector<int64_t> position{number};
        if (number > 2) position = {number - 3 < rank ? 3 : 4, (number - 3) % rank};
        NamedAttribute at(StringAttr::get(context, "position"), DenseI64ArrayAttr::get(context, position));
        operands.push_back(create(b, op, extract, descriptor, number < 2 ? pointer : word, at));
      }
    }
    op->setOperands(operands);
  }

  static Value create(OpBuilder &b, Operation *op, OperationName name, Value operand, Type result, ArrayRef<NamedAttribute> attributes) {
    OperationState state(op->getLoc(), name);
    state.addOperands(operand);
    state.addTypes(result);
    state.addAttributes(attributes);
    return b.create(state)->getResult(0);
  }

  Type descriptorOf(int64_t rank) {
    Type &type = descriptors[rank];
    std::string array = "array<" + std::to_string(rank) + " x i64>";
    if (!type) type = parsed("!llvm.struct<(ptr, ptr, i64" + (rank ? ", " + array + ", " + array : "") + ")>");
    return type;
  }

  Operation *module;
  MLIRContext *context;
  OperationName call, cast, extract;
  Type pointer, word;
  llvm::DenseMap<StringAttr, Operation *> functions;
  std::map<std::pair<Operation *, unsigned>, Words> needs;
  std::map<int64_t, Type> descriptors;
  llvm::DenseMap<std::pair<Value, int64_t>, Value> given; // of the function at hand: the words by its former arguments
};

/// Where the word comes from that an op extracts, or null where that is not known.
Value inserted(Operation *reader, OperationName insert) {
  ArrayRef<int64_t> wanted = positionOf(reader);
  Operation *from = reader->getOperand(0).getDefiningOp();
  while (from && from->getName() == insert) {
    ArrayRef<int64_t> at = positionOf(from);
    if (at == wanted) return from->getOperand(1);
    size_t common = std::min(at.size(), wanted.size());
    if (at.take_front(common) == wanted.take_front(common)) return nullptr; // a part of it, or it is one
    from = from->getOperand(0).getDefiningOp();
  }
  return nullptr;
}
} // namespace

void mograph::narrowArguments(MlirOperation module) { Narrowing(unwrap(module)).run(); }

void mograph::foldAggregates(MlirOperation module) {
  MLIRContext *context = unwrap(module)->getContext();
  OperationName insert("llvm.insertvalue", context), extract("llvm.extractvalue", context), poison("llvm.mlir.poison", context);
  std::vector<Operation *> found;
  unwrap(module)->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op->getName() == extract)
      if (Value value = inserted(op, insert)) op->getResult(0).replaceAllUsesWith(value);
    if (op->getName() == extract || op->getName() == insert || op->getName() == poison) found.push_back(op);
  });
  for (Operation *op : llvm::reverse(found))
    if (op->use_empty()) op->erase();
}
