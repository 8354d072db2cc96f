// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the named dimensions of a function stand for in a call of it. Names mean nothing outside of their function, so a call has the
// declared types with extents of the caller in the place of names: a name that stands alone in an argument's type is given the extent
// of the operand there, and every other occurrence follows. A name that only the results have is new in the caller too, where it may be
// called otherwise.
#ifndef MOGRAPH_KIT_RENAMING_H
#define MOGRAPH_KIT_RENAMING_H
#include "kit/dims.h"
#include "mlir/IR/Types.h"

namespace mograph::kit {

class Renaming {
public:
  /// Gives the names that stand alone in the declared type, and have no extent yet, those of the other type.
  void bind(mlir::Type have, mlir::Type declared);
  /// From here on a name stands for a name.
  void close() { closed = true; }
  /// Whether the type is the declared one with the extents that are bound in the place of names.
  bool agrees(mlir::Type have, mlir::Type declared) const;
  /// What names are bound to, for the end of an error: ` where n is 4`; empty where each is called as before.
  std::string str() const;

private:
  std::map<std::string, Dim> extents;
  bool closed = false;
};
} // namespace mograph::kit
#endif
