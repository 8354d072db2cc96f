// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/patterns.h"
#include "passes/rewriter.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Rewrite/FrozenRewritePatternSet.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

using namespace mlir;
using namespace mograph;

namespace {
/// The rewrite that runs in this thread. Compiled patterns are shared by threads, so what a run adds up cannot live in them.
struct Run {
  std::vector<uint64_t> &counts;
  bool failed = false;
  bool changed = false;
  Run *outer;
};
thread_local Run *current = nullptr;

void count(size_t pattern) {
  if (!current) return; // under a driver of upstream's, such as canonicalize
  current->changed = true;
  if (pattern < current->counts.size()) ++current->counts[pattern];
}

class PythonPattern : public RewritePattern {
public:
  PythonPattern(std::shared_ptr<const PatternSet> set, const CallbackPattern &spec, MLIRContext *context)
      : RewritePattern(StringRef(spec.root), PatternBenefit(spec.benefit), context), set(std::move(set)), spec(spec) {
    label();
  }
  PythonPattern(MatchAnyOpTypeTag any, std::shared_ptr<const PatternSet> set, const CallbackPattern &spec, MLIRContext *context)
      : RewritePattern(any, PatternBenefit(spec.benefit), context), set(std::move(set)), spec(spec) {
    label();
  }
  static std::unique_ptr<PythonPattern> make(std::shared_ptr<const PatternSet> set, const CallbackPattern &spec, MLIRContext *context) {
    return spec.root.empty() ? std::make_unique<PythonPattern>(MatchAnyOpTypeTag(), std::move(set), spec, context)
                             : std::make_unique<PythonPattern>(std::move(set), spec, context);
  }
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (current && current->failed) return failure(); // the driver cannot be stopped, but Python need not hear of more
    if (!mayMatch(op)) return failure();
    Rewriter handle(rewriter);
    if (!spec.call(wrap(op), handle)) return failure();
    count(spec.counter);
    return success();
  }

private:
  /// What the spec asks of operands: no Python runs for an op that cannot match.
  bool mayMatch(Operation *op) const {
    auto from = [&](const std::string &name) {
      return llvm::any_of(op->getOperands(), [&](Value operand) {
        Operation *owner = operand.getDefiningOp();
        return owner && owner->getName().getStringRef() == name;
      });
    };
    if (!llvm::all_of(spec.operands, from)) return false;
    return !spec.sameOperands || (op->getNumOperands() > 1 && llvm::SmallPtrSet<Value, 4>(op->operand_begin(), op->operand_end()).size() < op->getNumOperands());
  }
  void label() {
    setDebugName(spec.label);
    addDebugLabels(spec.label);
  }
  std::shared_ptr<const PatternSet> set; // owns spec
  const CallbackPattern &spec;
};

template <typename Range>
PDLHandle many(PDLHandle::Kind kind, Range range) {
  PDLHandle handle{kind, {}};
  for (auto element : range)
    handle.pointers.push_back(element.getAsOpaquePointer());
  return handle;
}

PDLHandle toHandle(const PDLValue &value) {
  if (auto a = value.dyn_cast<Attribute>()) return {PDLHandle::Attribute, {a.getAsOpaquePointer()}};
  if (auto t = value.dyn_cast<Type>()) return {PDLHandle::Type, {t.getAsOpaquePointer()}};
  if (auto v = value.dyn_cast<Value>()) return {PDLHandle::Value, {v.getAsOpaquePointer()}};
  if (auto *o = value.dyn_cast<Operation *>()) return {PDLHandle::Operation, {o}};
  if (value.isa<TypeRange>()) return many(PDLHandle::Types, value.cast<TypeRange>());
  if (value.isa<ValueRange>()) return many(PDLHandle::Values, value.cast<ValueRange>());
  return {};
}

std::vector<PDLHandle> toHandles(ArrayRef<PDLValue> values) {
  std::vector<PDLHandle> handles;
  for (const PDLValue &value : values)
    handles.push_back(toHandle(value));
  return handles;
}

PDLConstraintFunction function(std::shared_ptr<const PatternSet> set, const NativeConstraint &constraint) {
  return [set, &constraint](PatternRewriter &, PDLResultList &results, ArrayRef<PDLValue> arguments) {
    if (current && current->failed) return failure();
    std::vector<PDLHandle> given;
    if (!constraint.call(toHandles(arguments), given)) return failure();
    for (const PDLHandle &handle : given) {
      if (handle.kind == PDLHandle::Type)
        results.push_back(Type::getFromOpaquePointer(handle.pointers[0]));
      else
        results.push_back(Attribute::getFromOpaquePointer(handle.pointers[0]));
    }
    return success();
  };
}

PDLRewriteFunction function(std::shared_ptr<const PatternSet> set, const NativeRewrite &rewrite) {
  return [set, &rewrite](PatternRewriter &rewriter, PDLResultList &, ArrayRef<PDLValue> arguments) {
    if (current && current->failed) return success();
    Rewriter handle(rewriter);
    rewrite.call(toHandles(arguments), handle);
    return success(); // failure here would end the process: a driver cannot take a rewrite back. failRewrite() says it instead.
  };
}
} // namespace

void mograph::failRewrite() {
  if (current) current->failed = true;
}

bool mograph::addPatterns(std::shared_ptr<const PatternSet> patterns, RewritePatternSet &set) {
  MLIRContext *context = set.getContext();
  if (!patterns->pdl.empty()) {
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(patterns->pdl, ParserConfig(context), "<declared patterns>");
    if (!module) return false;
    PDLPatternModule pdl(std::move(module));
    pdl.registerRewriteFunction("mograph.count", [](PatternRewriter &, PDLResultList &, ArrayRef<PDLValue> arguments) {
      count(cast<IntegerAttr>(arguments.front().cast<Attribute>()).getInt());
      return success();
    });
    for (const NativeConstraint &constraint : patterns->constraints)
      pdl.registerConstraintFunction(constraint.name, function(patterns, constraint));
    for (const NativeRewrite &rewrite : patterns->rewrites)
      pdl.registerRewriteFunction(rewrite.name, function(patterns, rewrite));
    set.add(std::move(pdl));
  }
  for (const CallbackPattern &spec : patterns->callbacks)
    set.add(PythonPattern::make(patterns, spec, context));
  return true;
}

struct mograph::CompiledPatterns {
  FrozenRewritePatternSet frozen;
};

std::shared_ptr<const CompiledPatterns> mograph::compile(std::shared_ptr<const PatternSet> patterns, MLIRContext *context) {
  RewritePatternSet set(context);
  if (!addPatterns(patterns, set)) return nullptr;
  return std::make_shared<CompiledPatterns>(CompiledPatterns{FrozenRewritePatternSet(std::move(set))});
}

/// How many rewrites one iteration may make: two patterns that undo each other would keep it going for ever. No honest set of
/// patterns comes near.
static int64_t rewritesAllowed(Operation *op) {
  int64_t ops = 0;
  op->walk([&](Operation *) { ++ops; });
  return 100'000 + 100 * ops;
}

bool mograph::rewrite(const CompiledPatterns &patterns, Operation *op, Driver driver, std::vector<uint64_t> &counts, bool &changed) {
  Run run{counts, false, false, current};
  current = &run;
  bool converged = true;
  if (driver.walk) {
    walkAndApplyPatterns(op, patterns.frozen);
  } else {
    GreedyRewriteConfig config;
    config.enableFolding(false).enableConstantCSE(false).setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
    if (driver.maxIterations) config.setMaxIterations(driver.maxIterations < 0 ? GreedyRewriteConfig::kNoLimit : driver.maxIterations);
    if (driver.maxIterations >= 0) config.setMaxNumRewrites(rewritesAllowed(op));
    for (Region &region : op->getRegions())
      converged &= succeeded(applyPatternsGreedily(region, patterns.frozen, config));
  }
  current = run.outer;
  changed = run.changed;
  if (!converged && !run.failed)
    op->emitOpError() << "was still changing when the rewrite patterns had been applied as often as is allowed";
  return converged && !run.failed;
}
