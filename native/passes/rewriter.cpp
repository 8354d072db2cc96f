// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/rewriter.h"
#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Rewrite.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mograph;

/// Stands between the rewriter and the driver's listener while Python runs.
struct Rewriter::Watch : RewriterBase::ForwardingListener {
  /// The ops strictly between two that were neighbours when the place was entered, so: those built there since. Neighbours may be
  /// erased or moved meanwhile; then the place widens to the next ones. An op reported twice does no harm.
  struct Place {
    Block *block;
    Operation *before, *after; // null: the block's begin and end
  };

  Watch(PatternRewriter &rewriter) : ForwardingListener(rewriter.getListener()), rewriter(rewriter), outer(rewriter.getListener()) {
    rewriter.setListener(this);
  }
  ~Watch() override { rewriter.setListener(outer); }

  /// `op` leaves the place between `previous` and `next`.
  void gone(Operation *op, Operation *previous, Operation *next) {
    for (Place &place : places) {
      if (place.before == op) place.before = previous;
      if (place.after == op) place.after = next;
    }
  }
  void notifyOperationErased(Operation *op) override {
    changed = true;
    if (op->getBlock()) gone(op, op->getPrevNode(), op->getNextNode());
    ForwardingListener::notifyOperationErased(op);
  }
  void notifyOperationInserted(Operation *op, OpBuilder::InsertPoint previous) override {
    changed = true;
    if (Block *block = previous.getBlock()) { // moved, from just before `previous`
      Block::iterator next = previous.getPoint();
      gone(op, next == block->begin() ? nullptr : &*std::prev(next), next == block->end() ? nullptr : &*next);
    }
    ForwardingListener::notifyOperationInserted(op, previous);
  }
  void notifyBlockErased(Block *block) override {
    changed = true;
    for (Place &place : places)
      if (place.block == block) place.block = nullptr;
    ForwardingListener::notifyBlockErased(block);
  }
  void notifyBlockInserted(Block *block, Region *region, Region::iterator before) override {
    changed = true;
    ForwardingListener::notifyBlockInserted(block, region, before);
  }
  void notifyOperationModified(Operation *op) override {
    changed = true;
    ForwardingListener::notifyOperationModified(op);
  }

  void tellInserted(Operation *op) {
    op->walk<WalkOrder::PreOrder>([&](Operation *inner) { notifyOperationInserted(inner, {}); });
  }

  PatternRewriter &rewriter;
  OpBuilder::Listener *outer;
  SmallVector<Place, 2> places;
  bool changed = false;
};

Rewriter::Rewriter(PatternRewriter &rewriter) : watch(std::make_unique<Watch>(rewriter)) {}
Rewriter::~Rewriter() = default;

MlirRewriterBase Rewriter::base() const { return {static_cast<RewriterBase *>(&watch->rewriter)}; }
bool Rewriter::changed() const { return watch->changed; }

void Rewriter::enterBefore(MlirOperation op) {
  Operation *after = unwrap(op);
  watch->places.push_back({after->getBlock(), after->getPrevNode(), after});
}
void Rewriter::enterAfter(MlirOperation op) {
  Operation *before = unwrap(op);
  watch->places.push_back({before->getBlock(), before, before->getNextNode()});
}
void Rewriter::enterAtEnd(MlirBlock block) {
  Block *b = unwrap(block);
  watch->places.push_back({b, b->empty() ? nullptr : &b->back(), nullptr});
}
void Rewriter::leave() {
  Watch::Place place = watch->places.pop_back_val();
  if (!place.block) return;
  Operation *op = place.before ? place.before->getNextNode() : place.block->empty() ? nullptr : &place.block->front();
  for (; op && op != place.after; op = op->getNextNode())
    watch->tellInserted(op);
}

void Rewriter::noteMatchFailure(MlirOperation op, const std::string &reason) {
  (void)watch->rewriter.notifyMatchFailure(unwrap(op), reason);
}
