// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "arrays.hpp"

#include "memory.hpp"

namespace nb = nanobind;

namespace mograph {
namespace {

// The family of a type code of the `struct` module, 0 for none of ours.
char kind_of(char code) {
  switch (code) {
    case 'e':
    case 'f':
    case 'd':
      return 'f';
    case 'b':
    case 'h':
    case 'i':
    case 'l':
    case 'q':
    case 'n':
      return 'i';
    case 'B':
    case 'H':
    case 'I':
    case 'L':
    case 'Q':
    case 'N':
      return 'u';
    case '?':
      return 'b';
    default:
      return 0;
  }
}

bool same_type(const Py_buffer &view, ElementType type) {
  if (view.itemsize != type.itemsize) return false;
  const char *format = view.format ? view.format : "B";
  if (*format == '@' || *format == '=') ++format;
  char kind = format[0] != 0 && format[1] == 0 ? kind_of(format[0]) : 0;
  return type.kind == 'V' ? kind == 'u' : kind == type.kind;
}

bool contiguous(const Py_buffer &view) {
  if (view.len == 0) return true;
  Py_ssize_t expected = view.itemsize;
  for (int i = view.ndim - 1; i >= 0; --i) {
    if (view.shape[i] != 1 && view.strides[i] != expected) return false;
    expected *= view.shape[i];
  }
  return true;
}

// A Python object that owns one block.
struct BlockOwner {
  PyObject_HEAD void *block;
  Py_ssize_t bytes;
};

int export_block(PyObject *self, Py_buffer *view, int flags) {
  auto *owner = reinterpret_cast<BlockOwner *>(self);
  return PyBuffer_FillInfo(view, self, owner->block, owner->bytes, /*readonly=*/0, flags);
}

void destroy_block_owner(PyObject *self) {
  release_block(reinterpret_cast<BlockOwner *>(self)->block);
  PyTypeObject *type = Py_TYPE(self);
  PyObject_Free(self);
  Py_DECREF(type);
}

PyType_Slot block_owner_slots[] = {
    {Py_bf_getbuffer, reinterpret_cast<void *>(&export_block)},
    {Py_tp_dealloc, reinterpret_cast<void *>(&destroy_block_owner)},
    {Py_tp_doc, const_cast<char *>("The memory of an array that compiled code returned.")},
    {0, nullptr},
};

PyType_Spec block_owner_spec = {"mograph._runtime.Block", sizeof(BlockOwner), 0,
                                Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, block_owner_slots};

PyTypeObject *block_owner_type = nullptr;
PyObject *ndarray_type = nullptr;  // numpy.ndarray, looked up when the first array is made

}  // namespace

bool view_in_place(PyObject *array, ElementType type, int rank, Py_buffer &view, bool writable) {
  if (!PyObject_CheckBuffer(array)) return false;
  if (PyObject_GetBuffer(array, &view, PyBUF_FORMAT | PyBUF_STRIDES | (writable ? PyBUF_WRITABLE : 0)) != 0) {
    PyErr_Clear();
    return false;
  }
  bool aligned = reinterpret_cast<std::uintptr_t>(view.buf) % static_cast<std::uintptr_t>(type.itemsize) == 0;
  if (aligned && view.ndim == rank && same_type(view, type) && contiguous(view)) return true;
  PyBuffer_Release(&view);
  return false;
}

void define_block_owner() {
  block_owner_type = reinterpret_cast<PyTypeObject *>(PyType_FromSpec(&block_owner_spec));
  if (!block_owner_type) throw nb::python_error();
}

nb::object adopt_block(void *block, std::int64_t bytes, nb::handle dtype, int rank, const std::int64_t *sizes) {
  auto *owner = PyObject_New(BlockOwner, block_owner_type);
  if (!owner) {
    release_block(block);
    throw nb::python_error();
  }
  owner->block = block;
  owner->bytes = static_cast<Py_ssize_t>(bytes);
  auto memory = nb::steal(reinterpret_cast<PyObject *>(owner));
  if (!ndarray_type) ndarray_type = nb::module_::import_("numpy").attr("ndarray").inc_ref().ptr();
  auto shape = nb::steal(PyTuple_New(rank));
  if (!shape.is_valid()) throw nb::python_error();
  for (int i = 0; i < rank; ++i) {
    PyObject *size = PyLong_FromLongLong(sizes[i]);
    if (!size) throw nb::python_error();
    PyTuple_SET_ITEM(shape.ptr(), i, size);
  }
  PyObject *arguments[] = {shape.ptr(), dtype.ptr(), memory.ptr()};
  auto array = nb::steal(PyObject_Vectorcall(ndarray_type, arguments, 3, nullptr));
  if (!array.is_valid()) throw nb::python_error();
  return array;
}

}  // namespace mograph
