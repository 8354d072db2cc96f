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

/// Whether an op takes the elements of one tensor times or plus numbers: as cheap for a product to do as it reads them.
bool scales(linalg::LinalgOp op) {
  if (op.getNumDpsInputs() != 1 || op.getNumReductionLoops()) return false;
  unsigned count = 0;
  for (Operation &inner : op.getBlock()->without_terminator()) {
    if (isa<arith::ConstantOp>(inner)) continue;
    if (!isa<arith::MulFOp, arith::AddFOp, arith::SubFOp, arith::ExtFOp, arith::SIToFPOp, arith::UIToFPOp>(inner)) return false;
    ++count;
  }
  return count <= 2;
}

/// Whether an op sums up products of the elements of two tensors, which may be scaled or converted as they are read.
bool multiplies(linalg::LinalgOp op) {
  return op.getNumDpsInputs() == 2 && op.hasOnlyProjectedPermutations() &&
         llvm::all_of(op.getBlock()->without_terminator(), [](Operation &inner) {
           return isa<arith::ConstantOp, arith::MulFOp, arith::AddFOp, arith::SubFOp, arith::ExtFOp, arith::SIToFPOp,
                      arith::UIToFPOp>(inner);
         });
}

bool isWorthFusing(OpOperand *operand) {
  if (!hasOneUse(operand)) return false;
  auto producer = operand->get().getDefiningOp<linalg::LinalgOp>();
  auto consumer = dyn_cast<linalg::LinalgOp>(operand->getOwner());
  return !producer || !consumer || consumer.getNumReductionLoops() == 0 || readsOnce(consumer, *operand) || converts(producer) ||
         (multiplies(consumer) && scales(producer));
}

/// A slice of what was put in another order, repeated or converted is read where that came from: several slices, as of
/// what is split for the heads, then need no copy of the whole.
struct SliceBeforeMove : OpRewritePattern<tensor::ExtractSliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::ExtractSliceOp slice, PatternRewriter &rewriter) const override {
    auto move = slice.getSource().getDefiningOp<linalg::GenericOp>();
    if (!move || move.getNumResults() != 1 || !converts(move) || move.getNumReductionLoops() != 0) return failure();
    auto type = slice.getType();
    if (type.getRank() != slice.getSourceType().getRank()) return failure();
    OpOperand *input = move.getDpsInputOperand(0);
    AffineMap map = move.getMatchingIndexingMap(input);
    if (!isa<RankedTensorType>(input->get().getType()) || !move.getIndexingMapsArray().back().isIdentity()) return failure();
    SmallVector<OpFoldResult> offsets, sizes, strides;
    for (AffineExpr expr : map.getResults()) {
      auto dim = dyn_cast<AffineDimExpr>(expr);
      bool fixed = !dim && isa<AffineConstantExpr>(expr) && cast<AffineConstantExpr>(expr).getValue() == 0;
      if (!dim && !fixed) return failure();
      auto one = rewriter.getIndexAttr(1);
      offsets.push_back(dim ? slice.getMixedOffsets()[dim.getPosition()] : OpFoldResult(rewriter.getIndexAttr(0)));
      sizes.push_back(dim ? slice.getMixedSizes()[dim.getPosition()] : OpFoldResult(one));
      strides.push_back(dim ? slice.getMixedStrides()[dim.getPosition()] : OpFoldResult(one));
    }
    Location loc = slice.getLoc();
    Value read = input->get();
    if (map.getNumResults()) read = tensor::ExtractSliceOp::create(rewriter, loc, read, offsets, sizes, strides);
    Value empty = tensor::EmptyOp::create(rewriter, loc, slice.getMixedSizes(), type.getElementType());
    auto moved = clone(rewriter, move, TypeRange{empty.getType()}, ValueRange{read, empty});
    rewriter.replaceOpWithNewOp<tensor::CastOp>(slice, type, moved->getResult(0));
    return success();
  }
};

} // namespace

void mograph::fuseElementwise(MlirOperation root) {
  Operation *op = unwrap(root);
  MLIRContext *context = op->getContext();
  RewritePatternSet patterns(context);
  linalg::populateElementwiseOpsFusionPatterns(patterns, isWorthFusing);
  linalg::populateFoldReshapeOpsByExpansionPatterns(patterns, hasOneUse);
  tensor::populateBubbleUpExpandShapePatterns(patterns);
  patterns.add<SliceBeforeMove>(context);
  tensor::CastOp::getCanonicalizationPatterns(patterns, context);
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
