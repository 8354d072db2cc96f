// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>

namespace mograph {

// What a `Function` is made of. Dims are numbers as in dims.hpp.
struct FunctionParts {
  nanobind::str name;
  std::uintptr_t address;      // of the entry
  nanobind::sequence inputs;   // (name, kind, itemsize, dims, whether it is written)
  nanobind::sequence weights;  // (array, kind, itemsize, rank), each conforming: passed behind the inputs in each call
  nanobind::sequence outputs;  // (numpy dtype, itemsize, rank)
  nanobind::sequence expressions;  // of (operation, argument)
  nanobind::sequence names;        // the names' values that are known beforehand, else -1
  nanobind::object checker;  // conform(index, object), refuse_shapes(shapes), refuse_overlap(index, other),
                             // refuse_arguments(positional, keywords)
  nanobind::object code;     // kept alive as long as the function
};

void define_function(nanobind::module_ &module);
nanobind::object make_function(const FunctionParts &parts);

}  // namespace mograph
