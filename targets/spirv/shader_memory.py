# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Memory and arguments of shaders: addresses become numbers of 64 bits, places in shared memory numbers of bytes."""

import re
from collections.abc import Callable

from mlir import ir

from mograph.targets.cpu.builder import Builder, find, walk
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.shared import shared_of

WORDS = 16  # of a launch, in push constants: 128 bytes are what all devices have
_GLOBAL, _SHARED = "!llvm.ptr<1>", "!llvm.ptr<3>"
_DYNAMIC = -(2**31)  # an index of `llvm.getelementptr` that is an operand
_ELEMENT = re.compile(r"(?:vector<(\d+)x)?[if](\d+)>?")
_ARGUMENTS = f"!spirv.struct<(!spirv.array<{WORDS} x i64, stride=8> [0])>"


class Memory:
    """Rewrites accesses of kernels, and remembers the variables that they need."""

    def __init__(self, module: ir.Module, chip: Chip) -> None:
        shared = shared_of(module)
        self._chip = chip
        self._sizes = shared.sizes
        self._places: dict[ir.Value, str] = {}
        self.shared: dict[str, int] = {}
        for op in find(module.operation, "llvm.mlir.global"):
            op.erase()

    def declare(self, module: ir.Operation) -> None:
        """Adds the variables to a `spirv.module`."""
        variables = {"words": f"!spirv.ptr<{_ARGUMENTS}, PushConstant>"}
        for name, size in self._sizes.items():
            variables[name] = f"!spirv.ptr<!spirv.array<{-(-size // 4)} x i32>, Workgroup>"
        for name, type_ in variables.items():
            ir.Operation.create(
                "spirv.GlobalVariable",
                attributes={
                    "type": ir.TypeAttr.get(ir.Type.parse(type_)),
                    "sym_name": ir.StringAttr.get(name),
                },
                ip=ir.InsertionPoint.at_block_begin(module.regions[0].blocks[0]),
            )

    def rewrite(self, function: ir.Operation) -> None:
        """Makes a kernel one without arguments and pointers. Raises ValueError for an access that has no code."""
        name = ir.StringAttr(function.attributes["sym_name"]).value
        used = {str(op.attributes["global_name"])[1:] for op in find(function, "llvm.mlir.addressof")}
        self.shared[name] = sum(self._sizes[each] for each in used)
        if self.shared[name] > self._chip.shared:
            has = f"{self._chip.name} has {self._chip.shared} for a block"
            raise ValueError(f"kernel {name!r} shares {self.shared[name]} bytes, {has}")
        self._places = {}
        self._arguments(function)
        self._number(function)
        rules: dict[str, Callable[[Builder, ir.Operation], ir.Value | None]] = {
            "llvm.mlir.addressof": self._begin,
            "llvm.getelementptr": self._step,
            "llvm.load": self._load,
            "llvm.store": self._store,
            "llvm.ptrtoint": lambda b, op: op.operands[0],
            "llvm.inttoptr": lambda b, op: op.operands[0],
        }
        for op in find(function, "llvm.atomicrmw", "llvm.cmpxchg", "llvm.alloca", "llvm.fence"):
            raise ValueError(f"{op.location}: '{op.name}' has no code on {self._chip.name}")
        for op in find(function, *rules):
            at = ir.InsertionPoint(op)
            with op.location:
                value = rules[op.name](Builder(at, at), op)
            if value is not None:
                if op.name != "llvm.load" and op.results[0] in self._places:
                    self._places[value] = self._places[op.results[0]]
                op.results[0].replace_all_uses_with(value)
            op.erase()

    def _arguments(self, function: ir.Operation) -> None:
        block = function.regions[0].blocks[0]
        count = len(block.arguments)
        if count > WORDS:
            has = f"expected at most {WORDS} arguments on {self._chip.name}"
            raise ValueError(f"{function.location}: {has}, found {count}")
        at = ir.InsertionPoint.at_block_begin(block)
        b = Builder(at, at)
        variable = b.one(
            "spirv.mlir.addressof",
            ir.Type.parse(f"!spirv.ptr<{_ARGUMENTS}, PushConstant>"),
            variable=ir.FlatSymbolRefAttr.get("words"),
        )
        for number, argument in enumerate(list(block.arguments)):
            place = ir.Type.parse("!spirv.ptr<i64, PushConstant>")
            chain = b.one("spirv.AccessChain", place, variable, _constant(b, 0), _constant(b, number))
            argument.replace_all_uses_with(_narrowed(b, b.one("spirv.Load", b.i64, chain), argument.type))
        while block.arguments:
            block.erase_argument(0)
        function.attributes["function_type"] = ir.TypeAttr.get(ir.FunctionType.get([], []))

    def _number(self, function: ir.Operation) -> None:
        """All values that were pointers are numbers; of those to shared memory, the variable is remembered."""
        i64 = ir.IntegerType.get_signless(64)
        pointers: list[ir.Value] = []

        def visit(op: ir.Operation) -> None:
            pointers.extend(op.results)
            for region in op.regions:
                for block in region.blocks:
                    pointers.extend(block.arguments)

        walk(function, visit)
        names = {str(op.attributes["global_name"])[1:] for op in find(function, "llvm.mlir.addressof")}
        for value in pointers:
            type_ = str(value.type)
            if type_ not in (_GLOBAL, _SHARED):
                continue
            if type_ == _SHARED:
                owner = value.owner
                if len(names) == 1:
                    (self._places[value],) = names
                elif isinstance(owner, ir.Block) or owner.name not in ("llvm.mlir.addressof", "llvm.getelementptr"):
                    op = owner.owner if isinstance(owner, ir.Block) else owner
                    raise self._refused(op, "of places in several variables")
            value.set_type(i64)

    def _begin(self, b: Builder, op: ir.Operation) -> ir.Value:
        self._places[op.results[0]] = str(op.attributes["global_name"])[1:]
        return b.number(b.i64, 0)

    def _step(self, b: Builder, op: ir.Operation) -> ir.Value:
        indices = list(ir.DenseI32ArrayAttr(op.attributes["rawConstantIndices"]))
        if len(indices) != 1:
            raise self._refused(op, "of several indices")
        base = op.operands[0]
        size = self._bytes(op, ir.TypeAttr(op.attributes["elem_type"]).value)
        if indices[0] != _DYNAMIC:
            offset = b.number(b.i64, size * indices[0])
        else:
            index = op.operands[1]
            if index.type != b.i64:
                index = b.one("arith.extsi", b.i64, index)
            offset = b.one("arith.muli", b.i64, index, b.number(b.i64, size))
        if base in self._places:
            self._places[op.results[0]] = self._places[base]
        return b.one("arith.addi", b.i64, base, offset)

    def _load(self, b: Builder, op: ir.Operation) -> ir.Value:
        address, type_ = op.operands[0], op.results[0].type
        if address not in self._places:
            pointer = ir.Type.parse(f"!spirv.ptr<{type_}, PhysicalStorageBuffer>")
            place = b.one("spirv.ConvertUToPtr", pointer, address)
            return b.one("spirv.Load", type_, place, **self._aligned(b, op, type_))
        words = [b.one("spirv.Load", b.i32, place) for place in self._shared(b, op, address, type_)]
        if len(words) == 1:
            return words[0] if type_ == b.i32 else b.one("spirv.Bitcast", type_, words[0])
        vector = ir.VectorType.get([len(words)], b.i32)
        value = b.one("spirv.CompositeConstruct", vector, *words)
        return value if type_ == vector else b.one("spirv.Bitcast", type_, value)

    def _store(self, b: Builder, op: ir.Operation) -> None:
        value, address = op.operands
        type_ = value.type
        if address not in self._places:
            pointer = ir.Type.parse(f"!spirv.ptr<{type_}, PhysicalStorageBuffer>")
            place = b.one("spirv.ConvertUToPtr", pointer, address)
            b.create("spirv.Store", [], [place, value], self._aligned(b, op, type_))
            return
        places = self._shared(b, op, address, type_)
        if len(places) == 1:
            words = [value if type_ == b.i32 else b.one("spirv.Bitcast", b.i32, value)]
        else:
            vector = ir.VectorType.get([len(places)], b.i32)
            whole = value if type_ == vector else b.one("spirv.Bitcast", vector, value)
            extract = "spirv.CompositeExtract"
            words = [
                b.one(extract, b.i32, whole, indices=ir.ArrayAttr.get([ir.IntegerAttr.get(b.i32, number)]))
                for number in range(len(places))
            ]
        for place, word in zip(places, words, strict=True):
            b.create("spirv.Store", [], [place, word])

    def _shared(self, b: Builder, op: ir.Operation, address: ir.Value, type_: ir.Type) -> list[ir.Value]:
        """Where the words of a value are in shared memory."""
        size, name = self._bytes(op, type_), self._places[address]
        if size % 4 or size > 16:
            raise self._refused(op, f"of {type_} in shared memory")
        array = ir.Type.parse(f"!spirv.ptr<!spirv.array<{-(-self._sizes[name] // 4)} x i32>, Workgroup>")
        variable = b.one("spirv.mlir.addressof", array, variable=ir.FlatSymbolRefAttr.get(name))
        first = b.one("arith.shrui", b.i64, address, b.number(b.i64, 2))
        place = ir.Type.parse("!spirv.ptr<i32, Workgroup>")
        return [
            b.one("spirv.AccessChain", place, variable, b.one("arith.addi", b.i64, first, b.number(b.i64, number)))
            for number in range(size // 4)
        ]

    def _aligned(self, b: Builder, op: ir.Operation, type_: ir.Type) -> dict[str, ir.Attribute]:
        element = type_.element_type if isinstance(type_, ir.VectorType) else type_
        bytes_ = self._bytes(op, element)
        if "alignment" in op.attributes:
            bytes_ = ir.IntegerAttr(op.attributes["alignment"]).value
        return {
            "memory_access": ir.Attribute.parse("#spirv.memory_access<Aligned>"),
            "alignment": ir.IntegerAttr.get(b.i32, bytes_),
        }

    def _bytes(self, op: ir.Operation, type_: ir.Type) -> int:
        found = _ELEMENT.fullmatch(str(type_))
        if not found or int(found[2]) % 8:
            raise self._refused(op, f"of {type_}")
        return int(found[1] or 1) * int(found[2]) // 8

    def _refused(self, op: ir.Operation, what: str) -> ValueError:
        return ValueError(f"{op.location}: '{op.name}' {what} has no code on {self._chip.name}")


def _constant(b: Builder, number: int) -> ir.Value:
    return b.one("spirv.Constant", b.i32, value=ir.IntegerAttr.get(b.i32, number))


def _narrowed(b: Builder, word: ir.Value, type_: ir.Type) -> ir.Value:
    """The argument of a type that a word holds in its lower bits."""
    if type_ == b.i64 or str(type_) == _GLOBAL:
        return word
    bits = type_.width
    whole = ir.IntegerType.get_signless(bits)
    number = word if bits == 64 else b.one("arith.trunci", whole, word)
    return number if type_ == whole else b.one("arith.bitcast", type_, number)
