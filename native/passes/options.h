// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pass options declared from data. They are real options of MLIR's, so that help texts list them, unknown ones are refused and
// reproducers print them. Every value is text, checked against the declared kind when it is parsed: Python converts it.
#ifndef MOGRAPH_PASSES_OPTIONS_H
#define MOGRAPH_PASSES_OPTIONS_H
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mlir {
class Pass;
}

namespace mograph {

struct OptionSpec {
  std::string name; // as in pipelines: max-rounds
  std::string help;
  std::string kind; // "bool", "int", "float", "string", or the choices joined with '|'
  bool list = false;
  std::vector<std::string> initial; // the default: one text, or the list's
};

/// A pass's values, in the order of its options: one text each, a list for list options.
using OptionValues = std::vector<std::vector<std::string>>;

/// Owns the option objects of one pass instance. `specs` must outlive it: the objects point into the specs' strings.
class DeclaredOptions {
public:
  DeclaredOptions(mlir::Pass &pass, const std::vector<OptionSpec> &specs);
  ~DeclaredOptions();
  OptionValues values() const;

private:
  struct Objects;
  std::unique_ptr<Objects> objects;
};

/// Why a value was refused by the last attempt to parse options in this thread; empty if none was.
std::string takeRefusal();

} // namespace mograph
#endif
