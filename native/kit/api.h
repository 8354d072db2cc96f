// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kit's functions with C API types, for the bindings.
#ifndef MOGRAPH_KIT_API_H
#define MOGRAPH_KIT_API_H
#include "kit/hooks.h"
#include "kit/spec.h"
#include "mlir-c/IR.h"
#include <string>
#include <vector>

namespace mograph::kit {
/// Checks a declared op or definition, parses its format. On failure says why.
bool finishOp(OpSpec &op, const std::string &format, std::string &error);
bool finishDef(DefSpec &def, const std::string &format, std::string &error);

/// Makes all dialects known to a context, and loads the named one; null when there is none of that name.
void appendRegistry(MlirContext context);
bool loadDialect(MlirContext context, const std::string &name);
/// Namespaces of the dialects that Python declared.
std::vector<std::string> declaredDialects();

/// A type or attribute from its parameters; null, with a reason, when they are wrong. `name` is dialect.name.
MlirType getType(MlirContext context, const std::string &name, const std::vector<MlirAttribute> &parameters, std::string &error);
MlirAttribute getAttribute(MlirContext context, const std::string &name, const std::vector<MlirAttribute> &parameters, std::string &error);
/// The full name and the parameters of a type or attribute that Python declared; an empty name for any other.
std::string typeParameters(MlirType type, std::vector<MlirAttribute> &parameters);
std::string attributeParameters(MlirAttribute attribute, std::vector<MlirAttribute> &parameters);

/// The elements of a constant, row by row, each in as many bytes as numpy gives its type (a bool has one); false when they have no such form.
bool elementsToBytes(MlirAttribute attribute, std::string &bytes);
/// The inverse. Null, with a reason, when the size is wrong.
MlirAttribute elementsFromBytes(MlirType type, const char *data, size_t size, std::string &error);

/// (start, size) of each operand, result, region and successor field of an op.
struct Groups {
  std::vector<std::pair<unsigned, unsigned>> operands, results, regions, successors;
};
Groups groupsOf(MlirOperation op);
} // namespace mograph::kit
#endif
