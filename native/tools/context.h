// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MOGRAPH_TOOLS_CONTEXT_H
#define MOGRAPH_TOOLS_CONTEXT_H
#include "registry.h"
#include "tools/tools.h"
#include "mlir/CAPI/IR.h"

namespace mograph {

/// A context for one use, owned by Python and knowing every dialect.
class OwnedContext {
public:
  OwnedContext(ContextOwner owner, llvm::ThreadPoolInterface *threads = nullptr) : owner(owner), context(unwrap(owner.make())) {
    context->appendDialectRegistry(registry());
    if (threads) context->setThreadPool(*threads); // asks that threading is off, as it is in a new context
  }
  ~OwnedContext() {
    context->disableMultithreading(); // gives the borrowed threads back, for the context may outlive them
    owner.release(wrap(context));
  }
  OwnedContext(const OwnedContext &) = delete;
  mlir::MLIRContext &operator*() { return *context; }
  mlir::MLIRContext *operator->() { return context; }

private:
  ContextOwner owner;
  mlir::MLIRContext *context;
};

} // namespace mograph
#endif
