// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/fusion.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace {

bool hasOneUse(OpOperand *operand) {
  Operation *producer = operand->get().getDefiningOp();
  return producer && producer->hasOneUse();
}

/// Whether the elements of an operand are read once in all: each loop of the op moves on in it, or makes one trip.
bool readsOnce(linalg::LinalgOp op, OpOperand &operand) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  for (auto [dim, extent] : llvm::enumerate(op.getStaticLoopRanges()))
    if (extent != 1 && !map.isFunctionOfDim(dim)) return false;
  return true;
}

/// Whether an op moves or converts the elements of one operand, which costs nothing worth keeping.
bool converts(linalg::LinalgOp op) {
  return op.getNumDpsInputs() == 1 && llvm::all_of(op.getBlock()->without_terminator(), [](Operation &inner) {
           return isa<arith::ExtFOp, arith::ExtSIOp, arith::ExtUIOp, arith::SIToFPOp, arith::UIToFPOp>(inner);
         });
}

bool isWorthFusing(OpOperand *operand) {
  if (!hasOneUse(operand)) return false;
  auto producer = operand->get().getDefiningOp<linalg::LinalgOp>();
  auto consumer = dyn_cast<linalg::LinalgOp>(operand->getOwner());
  return !producer || !consumer || consumer.getNumReductionLoops() == 0 || readsOnce(consumer, *operand) || converts(producer);
}

} // namespace

void mograph::fuseElementwise(MlirOperation root) {
  Operation *op = unwrap(root);
  MLIRContext *context = op->getContext();
  RewritePatternSet patterns(context);
  linalg::populateElementwiseOpsFusionPatterns(patterns, isWorthFusing);
  linalg::populateFoldReshapeOpsByExpansionPatterns(patterns, hasOneUse);
  tensor::populateBubbleUpExpandShapePatterns(patterns);
  affine::AffineApplyOp::getCanonicalizationPatterns(patterns, context);
  linalg::GenericOp::getCanonicalizationPatterns(patterns, context);
  tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, context);
  tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns, context);
  context->getOrLoadDialect<linalg::LinalgDialect>()->getCanonicalizationPatterns(patterns);
  linalg::populateConstantFoldLinalgOperations(patterns, hasOneUse);
  GreedyRewriteConfig config;
  config.setUseTopDownTraversal();
  (void)applyPatternsGreedily(op, std::move(patterns), config); // as upstream's pass, content with what it reached
}
