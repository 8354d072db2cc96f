# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Device modules to LLVM code: what is the same for all families of chips that LLVM has a back end for.

A device module is a `gpu.module` of kernels over pointers and numbers, whose bodies are of upstream dialects. Here its
`gpu` operations become those of the family's own dialect by a table of rules, and all else LLVM's by upstream's passes.
LLVM ends the process for what it does not expect, so that operations are looked at before it sees them.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from mlir import ir
from mlir.passmanager import PassManager

from mograph import _native
from mograph._records import record
from mograph.targets.cpu.builder import Builder, find, operations
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.outline import BESIDE
from mograph.targets.gpu.shared import shared_of

BARE = frozenset(
    {"absf", "absi", "ceil", "copysign", "ctlz", "ctpop", "cttz", "floor", "fma", "roundeven", "sqrt", "trunc"}
)
"""Operations of `math` that processors have; the others are expanded before code comes here."""

_DIALECTS = ("arith", "cf", "gpu", "index", "llvm", "math", "memref", "scf", "ub", "vector")
_PASSES = (
    ("scf.", "convert-scf-to-cf"),
    ("memref.", "expand-strided-metadata,lower-affine"),
    ("math.", "convert-math-to-llvm"),
    ("vector.", "convert-vector-to-llvm"),
    (("arith.ceildiv", "arith.floordiv"), "arith-expand"),
    ("", "convert-arith-to-llvm"),
    ("index.", "convert-index-to-llvm"),
    ("memref.", "finalize-memref-to-llvm"),
    ("", "convert-cf-to-llvm,convert-ub-to-llvm,reconcile-unrealized-casts"),
)
_RESIDENT = 1536  # threads that a multiprocessor of any chip has at a time
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_WORD = re.compile(r"!llvm\.ptr(<\d+>)?|i\d+|b?f\d+")
_MODE = re.compile(r"gpu\.\w+\s+(\w+)")


@record
class Kernel:
    """A kernel whose code is made: its name, the threads of a block in each dimension, the chip, and how many blocks
    leave registers for each other on a multiprocessor (0: as many as the back end likes).
    """

    name: str
    block: tuple[int, int, int]
    chip: Chip
    beside: int = 0


Rule = Callable[[Builder, ir.Operation, Kernel], Sequence[ir.Value] | None]
"""Makes the operations of a family that stand for one of `gpu`, and gives what its results become; None if it stays."""


@record
class Family:
    """Chips of one manufacturer: the dialect of their own operations, a rule for each operation of `gpu`, the
    attributes of kernels, and the passes for dialects of theirs that are not LLVM's.
    """

    dialect: str
    rules: Mapping[str, Rule]
    attributes: Callable[[Kernel], Mapping[str, ir.Attribute]]
    passes: Callable[[Chip], Mapping[str, str]]


def mode_of(op: ir.Operation) -> str:
    """The word behind the name of an operation of `gpu`: which dimension, or how threads are exchanged. As an attribute
    it would import the dialect's classes.
    """
    found = _MODE.search(op.get_asm(use_local_scope=True))
    assert found
    return found[1]


def kernels_of(module: ir.Module, chip: Chip) -> list[Kernel]:
    """The kernels of a device module, in order. Raises ValueError for what is no device module, and for kernels that
    the chip cannot start.
    """
    found = []
    for op in find(module.operation, "gpu.func"):
        name = ir.StringAttr(op.attributes["sym_name"]).value
        if not _NAME.fullmatch(name):
            raise _refused(op, f"expected a kernel named by letters, digits and '_', found {name!r}")
        if "gpu.kernel" not in op.attributes or "known_block_size" not in op.attributes:
            raise _refused(op, f"expected kernel {name!r} to have the attributes 'gpu.kernel' and 'known_block_size'")
        x, y, z = ir.DenseI32ArrayAttr(op.attributes["known_block_size"])
        if not 0 < x * y * z <= chip.threads or min(x, y, z) < 1:
            raise _refused(op, f"expected blocks of kernel {name!r} of 1 to {chip.threads} threads, found {x}x{y}x{z}")
        beside = ir.IntegerAttr(op.attributes[BESIDE]).value if BESIDE in op.attributes else 0
        if not 0 <= beside * x * y * z <= _RESIDENT:
            raise _refused(op, f"expected {BESIDE} of kernel {name!r} for {_RESIDENT} threads at most, found {beside}")
        found.append(Kernel(name, (x, y, z), chip, beside))
    if not found:
        raise ValueError("expected a module with a gpu.module of kernels, found no gpu.func")
    return found


def lower(module: ir.Module, family: Family, chip: Chip) -> tuple[ir.Module, list[Kernel]]:
    """A new module of LLVM's dialect and the family's, and the kernels in it. Raises ValueError that names the
    operation and where it is for what has no code on the chip.
    """
    _verify(module)
    kernels = kernels_of(module, chip)
    passes = family.passes(chip)
    _check(module.operation, family, passes, chip)
    with module.context, ir.Location.unknown():
        result = ir.Module.create()
        copy = module.operation.clone(
            ip=False
        )  # all at once: clones of single operations import their dialects' classes
        for holder in find(copy.operation, "gpu.module"):
            for op in operations(holder.regions[0].blocks[0], holder):
                result.body.append(op)
        functions = zip(find(result.operation, "gpu.func"), kernels, strict=True)
        for op, kernel in functions:
            _to_function(op, kernel, family)
        _run(result, [each for dialect, each in passes.items() if _uses(result, dialect)])
        for prefix, each in _PASSES:
            if _uses(result, prefix):
                _run(result, [each])
    _check_lowered(result, family, chip)
    shared = shared_of(result).of_kernels
    for kernel in kernels:
        if shared[kernel.name] > chip.shared:
            raise ValueError(
                f"kernel {kernel.name!r} shares {shared[kernel.name]} bytes, {chip.name} has {chip.shared} for a block"
            )
    return result, kernels


def translate(module: ir.Module) -> str:
    """LLVM's textual form of what `lower` made. Raises ValueError for what passes took for code and is none."""
    from mograph.targets.cpu.pipeline import to_text

    _verify(module)  # f8 for i8
    return to_text(module)


def _refused(op: ir.Operation, message: str) -> ValueError:
    return ValueError(f"{op.location}: {message}")


def _uses(module: ir.Module, prefix: str | tuple[str, ...]) -> bool:
    return any(name.startswith(prefix) for name in _native.op_names(module.operation))


def _run(module: ir.Module, passes: Sequence[str]) -> None:
    if not passes:
        return
    manager = PassManager.parse(f"builtin.module({','.join(passes)})")
    manager.enable_verifier(False)
    try:
        manager.run(module.operation)
    except ir.MLIRError as error:
        raise ValueError(str(error)) from None


def _check(root: ir.Operation, family: Family, passes: Mapping[str, str], chip: Chip) -> None:
    """Raises ValueError for the first operation that nothing here lowers."""
    dialects = {*_DIALECTS, family.dialect, *(each.rstrip(".") for each in passes)}
    structure = {"builtin.module", "builtin.unrealized_conversion_cast", "gpu.module", "gpu.func", "gpu.return"}
    for name in _native.op_names(root):
        dialect, _, rest = name.partition(".")
        known = name in structure or (dialect in dialects and dialect != "gpu") or name in family.rules
        if not known or (dialect == "math" and rest not in BARE):
            raise _refused(find(root, name)[0], f"'{name}' has no code on {chip.name}")
    for op in find(root, "gpu.func"):
        types = _words(op).split(", ")
        if len(op.regions[0].blocks[0].arguments) != len([each for each in types if each]):
            raise _refused(op, "expected memory of blocks as globals of address space 3, found workgroup attributions")
        for type_ in types:
            if type_ and not _WORD.fullmatch(type_):
                raise _refused(op, f"expected pointers and numbers as arguments of kernels, found {type_}")


def _words(op: ir.Operation) -> str:
    """The types of a kernel's arguments as text: looked at as types, they import the dialect's classes."""
    return str(op.attributes["function_type"]).removesuffix(" -> ()")[1:-1]


def _check_lowered(module: ir.Module, family: Family, chip: Chip) -> None:
    """Raises ValueError for the first operation that passes have left: LLVM's translation ends the process for it."""
    for name in _native.op_names(module.operation):
        if name != "builtin.module" and not name.startswith(("llvm.", f"{family.dialect}.")):
            raise _refused(find(module.operation, name)[0], f"'{name}' has no code on {chip.name}")


def _verify(module: ir.Module) -> None:
    try:
        module.operation.verify()
    except ir.MLIRError as error:
        raise ValueError(str(error)) from None


def _to_function(op: ir.Operation, kernel: Kernel, family: Family) -> None:
    """Makes a kernel a function of LLVM's."""
    attributes = {
        "sym_name": op.attributes["sym_name"],
        "function_type": ir.TypeAttr.get(ir.Type.parse(f"!llvm.func<void ({_words(op)})>")),
        "linkage": ir.Attribute.parse("#llvm.linkage<external>"),
        "CConv": ir.Attribute.parse("#llvm.cconv<ccc>"),
        "visibility_": ir.IntegerAttr.get(ir.IntegerType.get_signless(64), 0),
        **family.attributes(kernel),
    }
    for name in op.attributes:
        key = name if isinstance(name, str) else name.name
        if key == "arg_attrs" or key.startswith(f"{family.dialect}."):
            attributes[key] = op.attributes[key]
    function = ir.Operation.create(
        "llvm.func", attributes=attributes, regions=1, loc=op.location, ip=ir.InsertionPoint(op)
    )
    for block in list(op.regions[0].blocks):
        block.append_to(function.regions[0])
    op.erase()
    for end in find(function, "gpu.return"):
        ir.Operation.create("llvm.return", loc=end.location, ip=ir.InsertionPoint(end))
        end.erase()
    used = find(function, *family.rules)
    if not used:
        return
    b = Builder.before(used[0], function)
    for each in used:
        with each.location:
            b.at = ir.InsertionPoint(each)
            values = family.rules[each.name](b, each, kernel)
        if values is None:
            continue
        for result, value in zip(each.results, values, strict=True):
            result.replace_all_uses_with(value)
        each.erase()
