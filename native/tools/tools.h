// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Upstream's command-line tools over the dialects and passes of this process. Each takes a command line and returns an exit code;
// like upstream's own, they leave the process where LLVM's option parser does (--help, --version, an unknown option).
#ifndef MOGRAPH_TOOLS_TOOLS_H
#define MOGRAPH_TOOLS_TOOLS_H
#include "mlir-c/IR.h"

namespace mograph {

/// Makes contexts that Python owns. Python objects refer to a context by counted references, so it may outlive the tool's use of
/// it; a context on the C++ stack would be freed under them.
struct ContextOwner {
  MlirContext (*make)();            // without threads or dialects
  void (*release)(MlirContext);     // drops the tool's reference
};

int optMain(int argc, char **argv, ContextOwner owner);
int reduceMain(int argc, char **argv, ContextOwner owner);
int translateMain(int argc, char **argv);
int lspMain(int argc, char **argv);
/// What `--version` prints.
void printVersion();

} // namespace mograph
#endif
