// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// mo-reduce, mo-translate and mo-lsp: upstream's mains as they are.
#include "tools/context.h"
#include "mlir/InitAllTranslations.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

using namespace mlir;
using namespace mograph;

int mograph::reduceMain(int argc, char **argv, ContextOwner owner) {
  OwnedContext context(owner);
  return failed(mlirReduceMain(argc, argv, *context));
}

int mograph::translateMain(int argc, char **argv) {
  registerAllTranslations();
  return failed(mlirTranslateMain(argc, argv, "mo-translate"));
}

int mograph::lspMain(int argc, char **argv) { return failed(MlirLspServerMain(argc, argv, registry())); }
