// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The Python type `Function`: a compiled entry that is called with arrays.
//
// A call that is right costs no Python code: arrays are viewed in place, shapes compared, the entry run without the
// GIL, results wrapped. Whatever is not right goes to a Python object, the checker, which either makes a conforming
// array or raises an error that says what is wrong.
#include "function.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <structmember.h>

#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "arrays.hpp"
#include "call.hpp"
#include "dims.hpp"
#include "room.hpp"

namespace nb = nanobind;

namespace mograph {
namespace {

struct Input {
  nb::object name;
  ElementType type;
  std::vector<Dim> dims;
  bool written;  // a buffer, which compiled code writes to

  std::size_t words() const { return 3 + 2 * dims.size(); }
};

struct Output {
  nb::object dtype;
  std::int64_t itemsize;
  int rank;

  std::size_t words() const { return 3 + 2 * static_cast<std::size_t>(rank); }
};

struct Data {
  nb::object name;
  Entry entry;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<DimExpression> expressions;
  std::vector<std::int64_t> names;     // values that weights bind, else kUnbound
  std::vector<std::int64_t> weights;   // words of the weights' descriptors
  std::deque<ArrayView> weight_views;  // keep the weights' memory
  nb::object checker;
  nb::object code;  // keeps the machine code
  std::size_t input_words = 0;
  std::size_t output_words = 0;
};

struct Function {
  PyObject_HEAD vectorcallfunc call;
  Data *data;
};

// Writes the descriptor of a contiguous array.
std::int64_t *describe(const ArrayView &view, std::int64_t *words) {
  auto rank = view.rank();
  *words++ = static_cast<std::int64_t>(kNotABlock);
  *words++ = reinterpret_cast<std::int64_t>(view.data());
  *words++ = 0;
  std::int64_t stride = 1;
  for (int i = rank - 1; i >= 0; --i) {
    words[i] = view.extent(i);
    words[rank + i] = stride;
    stride *= view.extent(i);
  }
  return words + 2 * rank;
}

using Views = Room<ArrayView, 8>;  // of a call's inputs

void take(const Data &data, std::size_t index, PyObject *array, ArrayView &view) {
  const auto &input = data.inputs[index];
  auto rank = static_cast<int>(input.dims.size());
  if (view.take(array, input.type, rank, input.written)) return;
  nb::object conforming = data.checker.attr("conform")(index, nb::handle(array));
  if (!view.take(conforming.ptr(), input.type, rank, input.written))
    throw nb::type_error("conform() returned an array that does not conform");
}

nb::object shapes(const Views &views) {
  nb::list shapes;
  for (std::size_t v = 0; v < views.size(); ++v) {
    nb::list shape;
    for (int i = 0; i < views[v].rank(); ++i) shape.append(views[v].extent(i));
    shapes.append(nb::tuple(shape));
  }
  return shapes;
}

void check_dims(const Data &data, const Views &views) {
  DimChecker checker(data.expressions, data.names);
  for (std::size_t i = 0; i < data.inputs.size(); ++i)
    for (std::size_t d = 0; d < data.inputs[i].dims.size(); ++d)
      checker.bind(data.inputs[i].dims[d], views[i].extent(static_cast<int>(d)));
  for (std::size_t i = 0; i < data.inputs.size(); ++i)
    for (std::size_t d = 0; d < data.inputs[i].dims.size(); ++d)
      if (!checker.agrees(data.inputs[i].dims[d], views[i].extent(static_cast<int>(d)))) {
        data.checker.attr("refuse_shapes")(shapes(views));
        throw nb::value_error("the inputs' shapes do not agree with the signature");
      }
}

bool overlap(const ArrayView &a, const ArrayView &b) {
  auto first = reinterpret_cast<std::uintptr_t>(a.data()), second = reinterpret_cast<std::uintptr_t>(b.data());
  return first < second + static_cast<std::uintptr_t>(b.bytes()) &&
         second < first + static_cast<std::uintptr_t>(a.bytes());
}

// What is written is nobody else's memory: compiled code reads the other inputs as if they could not change.
void check_buffers(const Data &data, const Views &views) {
  for (std::size_t i = 0; i < data.inputs.size(); ++i)
    for (std::size_t j = 0; data.inputs[i].written && j < data.inputs.size(); ++j)
      if (i != j && overlap(views[i], views[j])) {
        data.checker.attr("refuse_overlap")(i, j);
        throw nb::value_error("an input that is written shares its memory with another");
      }
}

nb::object take_result(const Output &output, const std::int64_t *words) {
  auto *block = reinterpret_cast<void *>(words[0]);
  auto *first = reinterpret_cast<const char *>(words[1]) + words[2] * output.itemsize;
  std::int64_t bytes = output.itemsize;
  for (int i = 0; i < output.rank; ++i) bytes *= words[3 + i];
  bool whole = is_block(block) && static_cast<const void *>(first) == block;
  if (!whole || !detach_block(block)) {  // a constant, an input, part of a block or one that is also another result
    void *copy = allocate_block(static_cast<std::size_t>(bytes), nullptr);
    if (!copy) throw std::bad_alloc();
    std::memcpy(copy, first, static_cast<std::size_t>(bytes));
    release_block(block);
    block = copy;
  }
  return adopt_block(block, output.dtype, output.rank, words + 3);
}

nb::object take_results(const Data &data, const std::int64_t *words) {
  if (data.outputs.size() == 1) return take_result(data.outputs[0], words);
  auto results = nb::steal(PyTuple_New(static_cast<Py_ssize_t>(data.outputs.size())));
  if (!results.is_valid()) throw nb::python_error();
  for (std::size_t i = 0; i < data.outputs.size(); ++i) {
    PyTuple_SET_ITEM(results.ptr(), static_cast<Py_ssize_t>(i), take_result(data.outputs[i], words).release().ptr());
    words += data.outputs[i].words();
  }
  return results;
}

nb::object run(const Data &data, PyObject *const *arguments, std::size_t count) {
  Views views(count);
  for (std::size_t i = 0; i < count; ++i) take(data, i, arguments[i], views[i]);
  check_dims(data, views);
  check_buffers(data, views);
  Room<std::int64_t, 64> frame(data.input_words + data.weights.size() + data.output_words);
  std::int64_t *words = frame.data();
  for (std::size_t i = 0; i < count; ++i) words = describe(views[i], words);
  if (!data.weights.empty()) std::memcpy(words, data.weights.data(), data.weights.size() * sizeof(std::int64_t));
  BlockList blocks;
  Outcome outcome;
  {
    nb::gil_scoped_release unlocked;
    outcome = call_entry(data.entry, frame.data(), blocks);
  }
  if (outcome.failure == Failure::python) throw nb::python_error();
  if (outcome.failure != Failure::none) {
    auto message = std::string(nb::str(data.name).c_str()) + ": " +
                   (outcome.failure == Failure::memory ? "out of memory, asked for " : "") + outcome.message;
    PyErr_SetString(outcome.failure == Failure::memory ? PyExc_MemoryError : PyExc_ValueError, message.c_str());
    throw nb::python_error();
  }
  return take_results(data, words + data.weights.size());
}

// Arguments in the order of the inputs; keywords go by the inputs' names.
nb::object call_with_keywords(const Data &data, PyObject *const *arguments, std::size_t positional,
                              PyObject *keywords) {
  std::size_t total = positional + (keywords ? static_cast<std::size_t>(PyTuple_GET_SIZE(keywords)) : 0);
  std::vector<PyObject *> ordered(data.inputs.size());
  bool right = total == ordered.size();
  for (std::size_t i = 0; right && i < positional; ++i) ordered[i] = arguments[i];
  for (std::size_t i = positional; right && i < total; ++i) {
    PyObject *keyword = PyTuple_GET_ITEM(keywords, static_cast<Py_ssize_t>(i - positional));
    std::size_t at = positional;
    while (at < ordered.size() && PyUnicode_Compare(data.inputs[at].name.ptr(), keyword) != 0) ++at;
    right = at < ordered.size() && !ordered[at];
    if (right) ordered[at] = arguments[i];
  }
  if (right) return run(data, ordered.data(), ordered.size());
  data.checker.attr("refuse_arguments")(positional, keywords ? nb::borrow(keywords) : nb::object(nb::make_tuple()));
  throw nb::type_error("the arguments do not fit the signature");
}

PyObject *call(PyObject *self, PyObject *const *arguments, std::size_t flags, PyObject *keywords) {
  const Data &data = *reinterpret_cast<Function *>(self)->data;
  auto positional = static_cast<std::size_t>(PyVectorcall_NARGS(flags));
  try {
    bool plain = positional == data.inputs.size() && (!keywords || PyTuple_GET_SIZE(keywords) == 0);
    return (plain ? run(data, arguments, positional) : call_with_keywords(data, arguments, positional, keywords))
        .release()
        .ptr();
  } catch (nb::python_error &error) {
    error.restore();
  } catch (const nb::builtin_exception &error) {
    PyErr_SetString(error.type() == nb::exception_type::type_error ? PyExc_TypeError : PyExc_ValueError, error.what());
  } catch (const std::bad_alloc &) {
    PyErr_NoMemory();
  }
  return nullptr;
}

int traverse(PyObject *self, visitproc visit, void *arg) {
  Py_VISIT(Py_TYPE(self));
  if (Data *data = reinterpret_cast<Function *>(self)->data) {
    Py_VISIT(data->checker.ptr());
    Py_VISIT(data->code.ptr());
  }
  return 0;
}

int clear(PyObject *self) {
  if (Data *data = reinterpret_cast<Function *>(self)->data) data->checker.reset();
  return 0;
}

void destroy(PyObject *self) {
  PyObject_GC_UnTrack(self);
  delete reinterpret_cast<Function *>(self)->data;
  PyTypeObject *type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

PyObject *get_name(PyObject *self, void *) { return reinterpret_cast<Function *>(self)->data->name.inc_ref().ptr(); }
PyObject *get_checker(PyObject *self, void *) {
  return reinterpret_cast<Function *>(self)->data->checker.inc_ref().ptr();
}

PyObject *represent(PyObject *self) {
  return PyUnicode_FromFormat("<compiled function %U>", reinterpret_cast<Function *>(self)->data->name.ptr());
}

PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Function, call), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

PyGetSetDef properties[] = {
    {"name", &get_name, nullptr, "The entry's name.", nullptr},
    {"checker", &get_checker, nullptr, "The object that converts or refuses what cannot be passed as it is.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_call, reinterpret_cast<void *>(&PyVectorcall_Call)},
    {Py_tp_traverse, reinterpret_cast<void *>(&traverse)},
    {Py_tp_clear, reinterpret_cast<void *>(&clear)},
    {Py_tp_dealloc, reinterpret_cast<void *>(&destroy)},
    {Py_tp_repr, reinterpret_cast<void *>(&represent)},
    {Py_tp_members, members},
    {Py_tp_getset, properties},
    {Py_tp_doc,
     const_cast<char *>(
         "A compiled entry: called with arrays, in the order of its inputs or by their names, it returns new arrays.")},
    {0, nullptr},
};

PyType_Spec spec = {
    "mograph._runtime.Function", sizeof(Function), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};

PyTypeObject *function_type = nullptr;

ElementType element_type(nb::handle kind, nb::handle itemsize) {
  return {nb::cast<std::string>(kind).at(0), nb::cast<std::int64_t>(itemsize)};
}

}  // namespace

void define_function(nb::module_ &module) {
  function_type = reinterpret_cast<PyTypeObject *>(PyType_FromSpec(&spec));
  if (!function_type) throw nb::python_error();
  module.attr("Function") = nb::handle(reinterpret_cast<PyObject *>(function_type));
}

nb::object make_function(const FunctionParts &parts) {
  need_numpy();
  auto data = std::make_unique<Data>();
  data->name = parts.name;
  data->entry = reinterpret_cast<Entry>(parts.address);
  data->checker = parts.checker;
  data->code = parts.code;
  for (nb::handle input : parts.inputs) {
    data->inputs.push_back(
        {nb::borrow(input[0]), element_type(input[1], input[2]), nb::cast<std::vector<Dim>>(input[3]),
         nb::cast<bool>(input[4])});
    data->input_words += data->inputs.back().words();
  }
  for (nb::handle output : parts.outputs) {
    data->outputs.push_back({nb::borrow(output[0]), nb::cast<std::int64_t>(output[1]), nb::cast<int>(output[2])});
    data->output_words += data->outputs.back().words();
  }
  for (nb::handle expression : parts.expressions) {
    auto &instructions = data->expressions.emplace_back();
    for (nb::handle instruction : expression)
      instructions.push_back(
          {static_cast<DimOp>(nb::cast<std::int64_t>(instruction[0])), nb::cast<std::int64_t>(instruction[1])});
  }
  data->names = nb::cast<std::vector<std::int64_t>>(parts.names);
  for (nb::handle weight : parts.weights) {
    auto &view = data->weight_views.emplace_back();
    auto rank = nb::cast<int>(weight[3]);
    if (!view.take(nb::object(weight[0]).ptr(), element_type(weight[1], weight[2]), rank))
      throw nb::type_error("a weight's array does not conform");
    auto at = data->weights.size();
    data->weights.resize(at + 3 + 2 * static_cast<std::size_t>(rank));
    describe(view, data->weights.data() + at);
  }
  auto *function = PyObject_GC_New(Function, function_type);
  if (!function) throw nb::python_error();
  function->call = &call;
  function->data = data.release();
  PyObject_GC_Track(reinterpret_cast<PyObject *>(function));
  return nb::steal(reinterpret_cast<PyObject *>(function));
}

}  // namespace mograph
