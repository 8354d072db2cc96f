// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rewrite patterns declared in Python: those that PDL can say run in MLIR's bytecode interpreter, the others call Python back.
#ifndef MOGRAPH_PASSES_PATTERNS_H
#define MOGRAPH_PASSES_PATTERNS_H
#include "mlir-c/IR.h"
#include "mlir-c/Rewrite.h"
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mlir {
class MLIRContext;
class Operation;
class RewritePatternSet;
} // namespace mlir

namespace mograph {
class Rewriter; // rewriter.h

/// What a PDL variable holds, in C API types: the kinds that Python functions take and give.
struct PDLHandle {
  enum Kind { None, Attribute, Type, Value, Operation, Types, Values } kind = None;
  std::vector<const void *> pointers; // one, or any number for Types and Values
};

/// A Python function that PDL calls while it matches. False: no match. Results follow the order of the declaration.
struct NativeConstraint {
  std::string name; // unique in the process: modules of patterns are merged by name
  std::function<bool(const std::vector<PDLHandle> &arguments, std::vector<PDLHandle> &results)> call;
};

/// A Python function that changes the IR after PDL matched `arguments.front()`, the root.
struct NativeRewrite {
  std::string name; // unique in the process
  std::function<void(const std::vector<PDLHandle> &arguments, Rewriter &)> call;
};

/// A pattern whose match is a Python function too.
struct CallbackPattern {
  std::string root; // empty: any op
  uint16_t benefit = 1;
  size_t counter = 0;
  std::string label;
  std::vector<std::string> operands; // an op is tried only where ops of each of these names give an operand,
  bool sameOperands = false;         // and where one value is several operands
  std::function<bool(MlirOperation, Rewriter &)> call; // whether it rewrote
};

/// Patterns as data, tied to no context. Python functions in here report their own errors as diagnostics, and call `fail`.
struct PatternSet {
  std::string pdl; // a module of pdl.patterns; empty: none
  std::vector<NativeConstraint> constraints;
  std::vector<NativeRewrite> rewrites;
  std::vector<CallbackPattern> callbacks;
  size_t patternCount = 0; // each pattern has one counter of its applications
  bool counted = false;    // whether a pass shows the counters among its statistics
  size_t counters() const { return counted ? patternCount : 0; }
};

/// Adds the patterns to a set, as a dialect's or an op's getCanonicalizationPatterns must. The dialects `pdl` and `pdl_interp`
/// must be loaded in the set's context: a dialect that has such patterns loads them when it is loaded itself. False, with a
/// diagnostic, if the PDL is not valid.
bool addPatterns(std::shared_ptr<const PatternSet> patterns, mlir::RewritePatternSet &set);

/// A set made ready for one context; shared by threads.
struct CompiledPatterns;
/// Null, with a diagnostic, if the PDL is not valid.
std::shared_ptr<const CompiledPatterns> compile(std::shared_ptr<const PatternSet> patterns, mlir::MLIRContext *context);

struct Driver {
  bool walk = false;         // one walk over the ops rather than a worklist up to a fixed point
  int64_t maxIterations = 0; // of the worklist driver; 0: MLIR's default, less than 0: no limit, of rewrites in one neither
};
/// Rewrites what is inside `op` by the patterns and nothing else: no folding, no merging of constants. Adds to `counts` how often
/// each pattern was applied. False if a Python function failed or the worklist did not run dry.
bool rewrite(const CompiledPatterns &patterns, mlir::Operation *op, Driver driver, std::vector<uint64_t> &counts, bool &changed);

/// Makes the rewrite that runs in this thread fail when it ends. Called where Python raised.
void failRewrite();

} // namespace mograph
#endif
