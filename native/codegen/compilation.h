// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Modules that are compiled by threads while others are still being made.
#ifndef MOGRAPH_CODEGEN_COMPILATION_H
#define MOGRAPH_CODEGEN_COMPILATION_H
#include "codegen/codegen.h"

namespace mograph {

/// Compiles what is added, for one processor: by so many threads of its own, and by the one that waits for all. Used by one thread
/// at a time. What was not begun when this goes is not compiled.
class Compilation {
public:
  Compilation(Processor processor, unsigned threads);
  ~Compilation();

  /// Has a module in LLVM's textual form compiled, at a level of code generation from 0 to 3.
  void add(std::string ir, int level);

  /// Compiles what is left and waits for the threads. Gives the object files in the order of their modules; sets `error` to what is
  /// wrong with the first that has none. Nothing can be added afterwards.
  std::vector<std::string> finish(std::string &error);

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace mograph
#endif
