// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dialect kit, for mograph.dialects.kit: declarations come in as dictionaries, hooks go out as calls.
#include "bindings.h"
#include "kit/api.h"
#include "kit/dims.h"
#include "mlir-c/BuiltinAttributes.h"
#include "passes/patterns.h"
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

using namespace mograph::kit;

namespace {
//===-- Declarations: dictionaries to data -------------------------------------------------------------------------===//

template <typename T> T get(const nb::dict &d, const char *key, T otherwise = {}) {
  return d.contains(key) ? nb::cast<T>(d[key]) : otherwise;
}
ConstraintRef constraint(nb::handle h) {
  if (h.is_none()) return nullptr;
  auto d = nb::cast<nb::dict>(h);
  auto c = std::make_shared<Constraint>();
  c->kind = nb::cast<std::string>(d["kind"]);
  c->summary = get<std::string>(d, "summary");
  c->text = get<std::string>(d, "text");
  c->names = get<std::vector<std::string>>(d, "names");
  c->numbers = get<std::vector<int64_t>>(d, "numbers");
  for (nb::handle child : get<nb::list>(d, "children", nb::list())) c->children.push_back(constraint(child));
  return c;
}
std::vector<Field> fields(const nb::dict &d, const char *key) {
  std::vector<Field> out;
  for (nb::handle h : get<nb::list>(d, key, nb::list())) {
    auto f = nb::cast<nb::dict>(h);
    Field field;
    field.name = nb::cast<std::string>(f["name"]);
    auto arity = get<std::string>(f, "arity", "one");
    field.arity = arity == "one" ? Arity::One : arity == "optional" ? Arity::Optional : Arity::Variadic;
    if (f.contains("constraint")) field.constraint = constraint(f["constraint"]);
    field.singleBlock = get<bool>(f, "single_block");
    field.mayBeEmpty = get<bool>(f, "may_be_empty");
    if (f.contains("arguments")) field.arguments = nb::cast<std::string>(f["arguments"]);
    field.terminators = get<std::vector<std::string>>(f, "terminators");
    out.push_back(std::move(field));
  }
  return out;
}
std::vector<AttrField> attributes(const nb::dict &d, const char *key) {
  std::vector<AttrField> out;
  for (nb::handle h : get<nb::list>(d, key, nb::list())) {
    auto f = nb::cast<nb::dict>(h);
    AttrField field{nb::cast<std::string>(f["name"]), constraint(f["constraint"]), get<bool>(f, "optional"), std::nullopt};
    if (f.contains("default")) field.defaultText = nb::cast<std::string>(f["default"]);
    out.push_back(std::move(field));
  }
  return out;
}
/// Hooks live as long as the process: contexts may outlast the interpreter's own teardown.
Callable keep(const nb::dict &d, const char *key) {
  if (!d.contains(key)) return nullptr;
  return nb::object(d[key]).release().ptr();
}

std::shared_ptr<OpSpec> makeOp(const nb::dict &d) {
  auto op = std::make_shared<OpSpec>();
  op->name = nb::cast<std::string>(d["name"]);
  op->operands = fields(d, "operands");
  op->results = fields(d, "results");
  op->regions = fields(d, "regions");
  op->successors = fields(d, "successors");
  op->attributes = attributes(d, "attributes");
  op->traits = get<std::map<std::string, std::vector<std::string>>>(d, "traits");
  if (d.contains("effects")) {
    op->effects.emplace();
    for (auto &[kind, resource, field] : nb::cast<std::vector<std::tuple<std::string, std::string, std::string>>>(d["effects"]))
      op->effects->push_back({kind, resource, field});
  }
  op->speculation = get<std::string>(d, "speculation");
  if (d.contains("branches")) {
    auto b = nb::cast<nb::dict>(d["branches"]);
    op->branches = RegionBranch{get<std::vector<std::string>>(b, "entry"), get<std::map<std::string, std::vector<std::string>>>(b, "next"),
                                get<std::string>(b, "operands"), get<std::string>(b, "selector"), get<bool>(b, "binds_names")};
  }
  if (d.contains("loop")) {
    auto l = nb::cast<nb::dict>(d["loop"]);
    op->loop = LoopLike{get<std::vector<std::string>>(l, "regions"), get<std::string>(l, "inits"), get<std::string>(l, "arguments"), get<std::string>(l, "yields")};
  }
  if (d.contains("forwards")) {
    auto f = nb::cast<nb::dict>(d["forwards"]);
    op->forwards = Forwards{get<std::string>(f, "operands"), get<std::string>(f, "selector")};
  }
  if (d.contains("call")) {
    auto c = nb::cast<nb::dict>(d["call"]);
    op->call = Call{get<std::string>(c, "callee"), get<std::string>(c, "arguments"), get<std::string>(c, "blocks_inlining")};
  }
  op->function = get<bool>(d, "function");
  op->foldsConstants = get<bool>(d, "folds_constants");
  op->foldsWithConstants = get<bool>(d, "folds_with_constants");
  op->infer = keep(d, "infer");
  op->check = keep(d, "check");
  op->verify = keep(d, "verify");
  op->fold = keep(d, "fold");
  op->speculatable = keep(d, "speculatable");
  op->patterns = keep(d, "patterns");
  for (auto [name, functions] : get<nb::dict>(d, "directives")) {
    auto [parse, print] = nb::cast<std::pair<nb::object, nb::object>>(functions);
    op->directives[nb::cast<std::string>(name)] = {parse.release().ptr(), print.release().ptr()};
  }
  std::string error;
  if (!finishOp(*op, get<std::string>(d, "assembly_format"), error)) throw nb::value_error(error.c_str());
  return op;
}
std::shared_ptr<DefSpec> makeDef(const nb::dict &d) {
  auto def = std::make_shared<DefSpec>();
  def->name = nb::cast<std::string>(d["name"]);
  def->parameters = attributes(d, "parameters");
  if (d.contains("shaped")) def->shaped = nb::cast<std::pair<unsigned, unsigned>>(d["shaped"]);
  std::string error;
  if (!finishDef(*def, get<std::string>(d, "assembly_format"), error)) throw nb::value_error(error.c_str());
  return def;
}

/// An operand that a directive has parsed.
struct ParsedOperand {
  size_t index;
};

//===-- Hooks ------------------------------------------------------------------------------------------------------===//

PyObject *describe = nullptr;                          // exception -> (message, note); null until the kit is imported

PyObject *parseFailure = nullptr;                      // the exception class

/// Runs `body` under the GIL; an exception becomes a message.
template <typename Body> bool guarded(HookError &problem, Body body) {
  nb::gil_scoped_acquire gil;
  try {
    body();
    return true;
  } catch (nb::python_error &error) {
    if (nb::isinstance(error.value(), nb::handle(parseFailure))) return false; // reported already
    try {
      if (!describe) return problem = {error.what(), ""}, false;
      auto [message, note] = nb::cast<std::pair<std::string, std::string>>(nb::handle(describe)(error.value()));
      problem = {message, note};
    } catch (const std::exception &) {
      problem = {error.what(), ""};
    }
  } catch (const std::exception &error) {              // a hook returned something that is no type or attribute
    problem = {std::string("a Python hook returned a value of the wrong kind: ") + error.what(), ""};
  }
  return false;
}
/// Raised by a directive's parser after it has reported what is wrong.
struct ParseFailure : std::exception {
  const char *what() const noexcept override { return "the text is not what the directive expects"; }
};
DirectiveValue directiveValue(nb::handle h) {
  DirectiveValue value;
  if (h.is_none()) return value;
  if (nb::isinstance<ParsedOperand>(h)) {
    value.kind = DirectiveValue::Operands;
    value.parsedOperands = {nb::cast<ParsedOperand>(h).index};
  } else if (PyList_Check(h.ptr()) && len(h) && nb::isinstance<ParsedOperand>(h[0])) {
    value.kind = DirectiveValue::Operands;
    for (nb::handle item : nb::cast<nb::list>(h)) value.parsedOperands.push_back(nb::cast<ParsedOperand>(item).index);
  } else if (PyList_Check(h.ptr())) {
    value.kind = DirectiveValue::Types;
    value.types = nb::cast<std::vector<MlirType>>(h);
  } else if (nb::isinstance(h, mlir::python::irModule().attr("Type"))) {
    value.kind = DirectiveValue::Types;
    value.types = {nb::cast<MlirType>(h)};
  } else {
    value.kind = DirectiveValue::Attribute;
    value.attribute = nb::cast<MlirAttribute>(h);
  }
  return value;
}
nb::handle callable(Callable hook) { return static_cast<PyObject *>(hook); }

void installHooks() {
  Hooks &table = hooks();
  table.load = [](Callable loader, HookError &problem) { return guarded(problem, [&] { callable(loader)(); }); };
  table.infer = [](Callable hook, MlirContext, const std::vector<MlirType> &operands, MlirAttribute attributes, std::vector<MlirType> &results, HookError &problem) {
    return guarded(problem, [&] { results = nb::cast<std::vector<MlirType>>(callable(hook)(operands, attributes)); });
  };
  table.check = [](Callable hook, MlirContext, const std::vector<MlirType> &operands, const std::vector<MlirType> &results, MlirAttribute attributes, HookError &problem) {
    return guarded(problem, [&] { callable(hook)(operands, results, attributes); });
  };
  table.verify = [](Callable hook, MlirOperation op, HookError &problem) { return guarded(problem, [&] { callable(hook)(op); }); };
  table.fold = [](Callable hook, MlirOperation op, const std::vector<MlirAttribute> &operands, std::vector<MlirAttribute> &attributes,
                  std::vector<MlirValue> &values, HookError &problem) {
    return guarded(problem, [&] {
      nb::list inputs;
      for (MlirAttribute operand : operands) {
        if (mlirAttributeIsNull(operand)) inputs.append(nb::none());
        else inputs.append(nb::cast(operand));
      }
      nb::object result = callable(hook)(op, inputs);
      if (result.is_none()) return;
      auto [kind, items] = nb::cast<std::pair<std::string, nb::list>>(result);
      if (kind == "values") values = nb::cast<std::vector<MlirValue>>(items);
      else attributes = nb::cast<std::vector<MlirAttribute>>(items);
    });
  };
  table.parseDirective = [](Callable hook, DirectiveParser &parser, size_t arguments, std::vector<DirectiveValue> &values, HookError &problem) {
    return guarded(problem, [&] {
      nb::object handle = nb::cast(&parser, nb::rv_policy::reference);
      nb::object result = callable(hook)(handle);
      nb::list given = PyTuple_Check(result.ptr()) ? nb::list(result) : nb::list();
      if (!PyTuple_Check(result.ptr())) given.append(result);
      if (given.size() != arguments) throw nb::value_error(("gave " + std::to_string(given.size()) + " values for " + std::to_string(arguments) + " arguments").c_str());
      for (nb::handle value : given) values.push_back(directiveValue(value));
    });
  };
  table.printDirective = [](Callable hook, DirectivePrinter &printer, const std::vector<DirectiveValue> &values, HookError &problem) {
    return guarded(problem, [&] {
      nb::list arguments;
      arguments.append(nb::cast(&printer, nb::rv_policy::reference));
      for (const DirectiveValue &value : values) {
        switch (value.kind) {
        case DirectiveValue::None: arguments.append(nb::none()); break;
        case DirectiveValue::Attribute: arguments.append(nb::cast(value.attribute)); break;
        case DirectiveValue::Types: arguments.append(nb::cast(value.types)); break;
        case DirectiveValue::Operands: arguments.append(nb::cast(value.operands)); break;
        case DirectiveValue::Regions: arguments.append(nb::cast(value.regions)); break;
        }
      }
      callable(hook)(*nb::tuple(arguments));
    });
  };
  table.patterns = [](Callable hook, HookError &problem) {
    std::shared_ptr<const mograph::PatternSet> set;
    guarded(problem, [&] { set = nb::cast<std::shared_ptr<mograph::PatternSet>>(callable(hook)()); });
    return set;
  };
  table.speculatable = [](Callable hook, MlirOperation op, bool &answer, HookError &problem) {
    return guarded(problem, [&] { answer = nb::cast<bool>(callable(hook)(op)); });
  };
}

//===-- Dims -------------------------------------------------------------------------------------------------------===//

nb::object dimNormalize(const std::string &text) {
  std::string error;
  auto dim = Dim::parse(text, error);
  if (!dim) throw nb::value_error(error.c_str());
  if (auto value = dim->asConstant()) return nb::cast(*value);
  return nb::cast(dim->str());
}
nb::object dimSubstitute(const std::string &text, const std::map<std::string, std::string> &extents) {
  std::string error;
  std::map<std::string, Dim> parsed;
  for (const auto &[name, extent] : extents) {
    auto dim = Dim::parse(extent, error);
    if (!dim) throw nb::value_error(error.c_str());
    parsed.emplace(name, *dim);
  }
  auto dim = Dim::substitute(text, parsed, error);
  if (!dim) throw nb::value_error(error.c_str());
  if (auto value = dim->asConstant()) return nb::cast(*value);
  return nb::cast(dim->str());
}
int64_t dimEvaluate(const std::string &text, const std::map<std::string, int64_t> &values) {
  std::string error;
  auto value = Dim::evaluate(text, values, error);
  if (!value) throw nb::value_error(error.c_str());
  return *value;
}

/// A parser method's answer, or ParseFailure when there is none.
template <typename T> T need(std::optional<T> value) {
  if (!value) throw ParseFailure();
  return *value;
}
template <auto Method, typename T> std::optional<T> maybe(DirectiveParser &p) {
  std::optional<T> out;
  if (!(p.*Method)(out)) throw ParseFailure();
  return out;
}
void bindDirectives(nb::module_ &m) {
  parseFailure = nb::exception<ParseFailure>(m, "ParseFailure").inc_ref().ptr();
  nb::class_<ParsedOperand>(m, "ParsedOperand");
  using P = DirectiveParser;
  nb::class_<P>(m, "DirectiveParser", "The parser, for a custom directive's parse(). Its methods raise ParseFailure, which must be let through.")
      .def("literal", [](P &p, const std::string &token) { if (!p.literal(token)) throw ParseFailure(); }, nb::arg("token"), "Takes a keyword or punctuation.")
      .def("optional_literal", &P::optionalLiteral, nb::arg("token"), "Takes a keyword or punctuation if it is there; says whether it was.")
      .def("keyword", [](P &p) { return need(p.keyword()); }, "Any keyword.")
      .def("optional_keyword", &P::optionalKeyword, "Any keyword, or None.")
      .def("string", [](P &p) { return need(p.string()); }, "A quoted string.")
      .def("optional_string", &P::optionalString, "A quoted string, or None.")
      .def("symbol", [](P &p) { return need(p.symbol()); }, "A symbol's name, without the @.")
      .def("integer", [](P &p) { return need(p.integer()); }, "A 64-bit integer.")
      .def("optional_integer", maybe<&P::optionalInteger, int64_t>, "A 64-bit integer, or None.")
      .def("number", [](P &p) { return need(p.number()); }, "A floating-point literal.")
      .def("attribute", [](P &p) { return need(p.attribute()); }, "Any attribute.")
      .def("type", [](P &p) { return need(p.type()); }, "Any type.")
      .def("optional_type", maybe<&P::optionalType, MlirType>, "Any type, or None.")
      .def("operand", [](P &p) { return ParsedOperand{need(p.operand())}; }, "An operand, to be given back for an operand field.")
      .def("optional_operand", [](P &p) -> nb::object {
        auto index = maybe<&P::optionalOperand, size_t>(p);
        return index ? nb::cast(ParsedOperand{*index}) : nb::none();
      }, "An operand, or None.")
      .def("error", [](P &p, const std::string &message) { p.error(message); throw ParseFailure(); }, nb::arg("message"), "Reports an error here, and raises ParseFailure.")
      .def_prop_ro("context", [](P &p) { return nb::cast(mlirUnitAttrGet(p.context())).attr("context"); }, "The context that is parsed into.");
  using W = DirectivePrinter;
  nb::class_<W>(m, "DirectivePrinter", "The printer, for a custom directive's print().")
      .def("text", &W::text, nb::arg("text"), "Prints text as it is.")
      .def("string", &W::string, nb::arg("text"), "Prints a quoted string.")
      .def("symbol", &W::symbol, nb::arg("name"), "Prints a symbol's name, with the @.")
      .def("attribute", &W::attribute, nb::arg("attribute"), nb::arg("with_type") = true, "Prints an attribute.")
      .def("type", &W::type, nb::arg("type"), "Prints a type.")
      .def("operand", &W::operand, nb::arg("value"), "Prints a value's name.")
      .def("region", &W::region, nb::arg("region"), "Prints a region.");
}
} // namespace

void bindKit(nb::module_ &m) {
  nb::class_<OpSpec>(m, "OpSpec");
  nb::class_<DefSpec>(m, "DefSpec");
  bindDirectives(m);
  m.def("make_op", makeOp, nb::arg("declaration"), "Checks an op's declaration. Raises ValueError for a misdeclaration.");
  m.def("make_def", makeDef, nb::arg("declaration"), "Checks the declaration of a type or an attribute. Raises ValueError for a misdeclaration.");
  m.def("declare_dialect", [](const std::string &name, nb::object loader) {
          if (!declareDialect(name, loader.release().ptr())) throw nb::value_error(("there is a dialect '" + name + "' already: it is upstream's").c_str());
        }, nb::arg("name"), nb::arg("loader"),
        "Makes a dialect known by name. `loader` is called at its first use, and must lead to define_dialect. Raises ValueError for upstream's.");
  m.def("define_dialect",
        [](const std::string &name, std::vector<std::shared_ptr<DefSpec>> types, std::vector<std::shared_ptr<DefSpec>> attributes,
           std::vector<std::shared_ptr<OpSpec>> ops, const std::string &constant, std::vector<std::string> dependencies) {
          auto spec = std::make_shared<DialectSpec>(DialectSpec{name, std::move(types), std::move(attributes), std::move(ops), constant, std::move(dependencies)});
          std::string error;
          if (!defineDialect(std::move(spec), error)) throw nb::value_error(error.c_str());
        },
        nb::arg("name"), nb::arg("types"), nb::arg("attributes"), nb::arg("ops"), nb::arg("constant"), nb::arg("dependencies"),
        "The contents of a declared dialect. Raises ValueError for one that is defined already.");
  m.def("declared_dialects", declaredDialects, "Namespaces of the dialects declared so far, sorted.");
  installHooks();
  m.def("set_error_describer", [](nb::object function) { describe = function.release().ptr(); }, nb::arg("function"),
        "How an exception in a hook is told: function(exception) gives the diagnostic's (message, note).");
  m.def("append_registry", appendRegistry, nb::arg("context"), "Makes all dialects, upstream's and those declared in Python, known to a context.");
  m.def("load_dialect", loadDialect, nb::arg("context"), nb::arg("name"), "Loads a dialect into a context; False when there is none of that name.");
  m.def("get_type", [](MlirContext context, const std::string &name, const std::vector<MlirAttribute> &parameters) {
    std::string error;
    MlirType type = getType(context, name, parameters, error);
    if (!type.ptr) throw nb::value_error(error.c_str());
    return type;
  }, nb::arg("context"), nb::arg("name"), nb::arg("parameters"), "A type of a declared dialect. Raises ValueError for wrong parameters.");
  m.def("get_attribute", [](MlirContext context, const std::string &name, const std::vector<MlirAttribute> &parameters) {
    std::string error;
    MlirAttribute attribute = getAttribute(context, name, parameters, error);
    if (!attribute.ptr) throw nb::value_error(error.c_str());
    return attribute;
  }, nb::arg("context"), nb::arg("name"), nb::arg("parameters"), "An attribute of a declared dialect. Raises ValueError for wrong parameters.");
  m.def("type_parameters", [](MlirType type) {
    std::vector<MlirAttribute> parameters;
    std::string name = typeParameters(type, parameters);
    return std::make_pair(name, parameters);
  }, nb::arg("type"), "(name, parameters) of a type of a declared dialect; the name is empty for any other type.");
  m.def("attribute_parameters", [](MlirAttribute attribute) {
    std::vector<MlirAttribute> parameters;
    std::string name = attributeParameters(attribute, parameters);
    return std::make_pair(name, parameters);
  }, nb::arg("attribute"), "(name, parameters) of an attribute of a declared dialect; the name is empty for any other.");
  m.def("groups", [](MlirOperation op) {
    Groups g = groupsOf(op);
    return std::make_tuple(g.operands, g.results, g.regions, g.successors);
  }, nb::arg("operation"), "(start, size) of each operand, result, region and successor field of an op.");
  m.def("elements_to_bytes", [](MlirAttribute attribute) -> nb::object {
    std::string bytes;
    if (!elementsToBytes(attribute, bytes)) return nb::none();
    return nb::bytes(bytes.data(), bytes.size());
  }, nb::arg("attribute"), "The elements of a dense constant as numpy lays them out, or None.");
  m.def("elements_from_bytes", [](MlirType type, nb::bytes data) {
    std::string error;
    MlirAttribute attribute = elementsFromBytes(type, data.c_str(), data.size(), error);
    if (!attribute.ptr) throw nb::value_error(error.c_str());
    return attribute;
  }, nb::arg("type"), nb::arg("data"), "A dense constant of a builtin tensor type. Raises ValueError for a wrong size.");
  m.def("dim_normalize", dimNormalize, nb::arg("text"), "The normal form of a dimension expression: an int or a str. Raises ValueError.");
  m.def("dim_names", &Dim::names, nb::arg("text"), "The names in a dimension expression, sorted.");
  m.def("dim_substitute", dimSubstitute, nb::arg("text"), nb::arg("extents"), "The normal form of a dimension expression with other expressions in the place of names: an int or a str. Raises ValueError.");
  m.def("dim_evaluate", dimEvaluate, nb::arg("text"), nb::arg("values"), "The value of a dimension expression. Raises ValueError for a name without one.");
}
