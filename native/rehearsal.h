// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A compilation for nothing but what MLIR does once in a process: its code comes from the file, its tables are made.
#ifndef MOGRAPH_REHEARSAL_H
#define MOGRAPH_REHEARSAL_H
#include <memory>
#include <string>

namespace mograph {

/// A pipeline of upstream's passes, in a context that nobody else sees.
class Rehearsal {
public:
  /// `pipeline` runs on modules. Copies the registry of dialects, so no other thread may declare one meanwhile. Sets `error` where
  /// it does not parse.
  Rehearsal(const std::string &pipeline, std::string &error);
  ~Rehearsal();
  /// Parses a module, runs the passes, which must leave nothing but the dialect `llvm`, and translates it: gives LLVM's textual form.
  /// Calls nothing of Python. Gives an empty string and sets `error` where a step fails.
  std::string run(const std::string &source, std::string &error);

private:
  struct Stage;
  std::unique_ptr<Stage> stage;
};

} // namespace mograph
#endif
