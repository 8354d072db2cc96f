// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a rewrite written in Python holds while it runs.
#ifndef MOGRAPH_PASSES_REWRITER_H
#define MOGRAPH_PASSES_REWRITER_H
#include "mlir-c/IR.h"
#include "mlir-c/Rewrite.h"
#include <memory>
#include <string>

namespace mlir {
class PatternRewriter;
}

namespace mograph {

/// A driver's rewriter for the time of one Python call. The driver must hear of every op: changes go through `base`, and ops that
/// Python's own builders insert, which know nothing of rewriters, are found by watching where they are built.
class Rewriter {
public:
  explicit Rewriter(mlir::PatternRewriter &rewriter);
  ~Rewriter();

  MlirRewriterBase base() const;
  /// Whether anything changed, as far as the rewriter was told.
  bool changed() const;

  /// Watches ops being built before or after `op`; `leave` tells the driver of them. Calls nest.
  void enterBefore(MlirOperation op);
  void enterAfter(MlirOperation op);
  void enterAtEnd(MlirBlock block);
  void leave();

  /// Why a match failed; shown by -debug-only=greedy-rewriter and the like.
  void noteMatchFailure(MlirOperation op, const std::string &reason);

private:
  struct Watch;
  std::unique_ptr<Watch> watch;
};

} // namespace mograph
#endif
