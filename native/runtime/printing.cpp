// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "printing.hpp"

#include <nanobind/nanobind.h>

namespace nb = nanobind;

namespace mograph {

bool print(const char *text, const void *data, std::int64_t rank, const std::int64_t *sizes) {
  nb::gil_scoped_acquire locked;
  try {
    nb::list shape;
    for (std::int64_t i = 0; i < rank; ++i) shape.append(sizes[i]);
    nb::module_::import_("mograph.targets.printing").attr("show_memory")(text, reinterpret_cast<std::uintptr_t>(data), shape);
    return true;
  } catch (nb::python_error &error) {
    error.restore();
    return false;
  }
}

}  // namespace mograph
