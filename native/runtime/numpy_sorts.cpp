// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "numpy_sorts.hpp"

#include <nanobind/nanobind.h>

#include <atomic>

#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#define NPY_TARGET_VERSION NPY_2_0_API_VERSION
#define PY_ARRAY_UNIQUE_SYMBOL mograph_numpy_api
#include <numpy/arrayobject.h>

namespace mograph {
namespace {

WordSort sort_of(int type) {
  PyArray_Descr *descriptor = PyArray_DescrFromType(type);
  if (!descriptor) {
    PyErr_Clear();
    return nullptr;
  }
  auto *found = reinterpret_cast<WordSort>(PyDataType_GetArrFuncs(descriptor)->sort[NPY_QUICKSORT]);
  Py_DECREF(descriptor);
  return found;
}

WordSorts find() {
  if (_import_array() < 0) {
    PyErr_Clear();
    return {};
  }
  return {sort_of(NPY_UINT16), sort_of(NPY_UINT32), sort_of(NPY_UINT64)};
}

}  // namespace

const WordSorts &numpy_sorts() {
  static std::atomic<const WordSorts *> known{nullptr};
  if (const WordSorts *sorts = known.load(std::memory_order_acquire)) return *sorts;
  nanobind::gil_scoped_acquire locked;  // before anything else is: whoever waits for it holds nothing
  const WordSorts *sorts = known.load(std::memory_order_acquire);
  if (!sorts) known.store(sorts = new WordSorts(find()), std::memory_order_release);
  return *sorts;
}

}  // namespace mograph
