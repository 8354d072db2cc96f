// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "arrays.hpp"

#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#define NPY_TARGET_VERSION NPY_2_0_API_VERSION
#include <numpy/arrayobject.h>

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
};

void destroy_block_owner(PyObject *self) {
  release_block(reinterpret_cast<BlockOwner *>(self)->block);
  PyTypeObject *type = Py_TYPE(self);
  PyObject_Free(self);
  Py_DECREF(type);
}

PyType_Slot block_owner_slots[] = {
    {Py_tp_dealloc, reinterpret_cast<void *>(&destroy_block_owner)},
    {Py_tp_doc, const_cast<char *>("The memory of an array that compiled code returned.")},
    {0, nullptr},
};

PyType_Spec block_owner_spec = {"mograph._runtime.Block", sizeof(BlockOwner), 0,
                                Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, block_owner_slots};

PyTypeObject *block_owner_type = nullptr;

}  // namespace

ArrayView::~ArrayView() {
  if (is_buffer_) PyBuffer_Release(&buffer_);
  Py_XDECREF(array_);
}

bool ArrayView::take(PyObject *array, ElementType type, int rank, bool writable) {
  return PyArray_CheckExact(array) && type.kind != 'V' ? take_numpy(array, type, rank, writable)
                                                       : take_buffer(array, type, rank, writable);
}

bool ArrayView::take_numpy(PyObject *object, ElementType type, int rank, bool writable) {
  auto *array = reinterpret_cast<PyArrayObject *>(object);
  const PyArray_Descr *dtype = PyArray_DESCR(array);
  int needed = NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED | (writable ? NPY_ARRAY_WRITEABLE : 0);
  if (dtype->kind != type.kind || PyDataType_ELSIZE(dtype) != type.itemsize || !PyArray_ISNBO(dtype->byteorder) ||
      PyArray_NDIM(array) != rank || !PyArray_CHKFLAGS(array, needed))
    return false;
  Py_INCREF(object);
  array_ = object;
  data_ = PyArray_DATA(array);
  shape_ = PyArray_DIMS(array);
  bytes_ = PyArray_NBYTES(array);
  rank_ = rank;
  return true;
}

bool ArrayView::take_buffer(PyObject *array, ElementType type, int rank, bool writable) {
  if (!PyObject_CheckBuffer(array)) return false;
  if (PyObject_GetBuffer(array, &buffer_, PyBUF_FORMAT | PyBUF_STRIDES | (writable ? PyBUF_WRITABLE : 0)) != 0) {
    PyErr_Clear();
    return false;
  }
  bool aligned = reinterpret_cast<std::uintptr_t>(buffer_.buf) % static_cast<std::uintptr_t>(type.itemsize) == 0;
  if (!aligned || buffer_.ndim != rank || !same_type(buffer_, type) || !contiguous(buffer_)) {
    PyBuffer_Release(&buffer_);
    return false;
  }
  is_buffer_ = true;
  data_ = buffer_.buf;
  shape_ = buffer_.shape;
  bytes_ = buffer_.len;
  rank_ = rank;
  return true;
}

void need_numpy() {
  if (!PyArray_API && _import_array() < 0) throw nb::python_error();
}

void define_block_owner() {
  block_owner_type = reinterpret_cast<PyTypeObject *>(PyType_FromSpec(&block_owner_spec));
  if (!block_owner_type) throw nb::python_error();
}

nb::object adopt_block(void *block, nb::handle dtype, int rank, const std::int64_t *sizes) {
  auto *owner = PyObject_New(BlockOwner, block_owner_type);
  if (!owner) {
    release_block(block);
    throw nb::python_error();
  }
  owner->block = block;
  auto memory = nb::steal(reinterpret_cast<PyObject *>(owner));
  static_assert(sizeof(npy_intp) == sizeof(std::int64_t));
  auto *descriptor = reinterpret_cast<PyArray_Descr *>(nb::borrow(dtype).release().ptr());  // which the array keeps
  auto array = nb::steal(PyArray_NewFromDescr(&PyArray_Type, descriptor, rank, reinterpret_cast<const npy_intp *>(sizes),
                                              nullptr, block, NPY_ARRAY_CARRAY, nullptr));
  if (!array.is_valid()) throw nb::python_error();
  if (PyArray_SetBaseObject(reinterpret_cast<PyArrayObject *>(array.ptr()), memory.release().ptr()) < 0)
    throw nb::python_error();
  return array;
}

}  // namespace mograph
