"""Small wrong changes to a module, as its syntax tree allows them: a bound off by one, a step left out.

A change that cannot but raise (an assignment left out whose name is read later) or that only changes words is not made:
it would say nothing about the tests.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

COMPARED: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
CALCULATED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
NAMED: Final = {"min": "max", "max": "min", "any": "all", "all": "any", "lower": "upper", "upper": "lower"}
SIMPLE: Final = (ast.Expr, ast.Assign, ast.AugAssign, ast.Return, ast.Raise, ast.Continue, ast.Break, ast.Delete)
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
LEFT_ALONE: Final = ("annotation", "returns", "decorator_list", "pattern", "exc", "type_params")


@dataclass(frozen=True)
class Mutant:
    """One change. `name` says where and what, without a line number, so that a list of mutants outlives other edits."""

    path: Path
    name: str
    number: int  # among the changes of its file
    lines: range
    within: bool  # in the body of a function, and not in what runs when the module is imported

    def tree(self) -> ast.Module:
        """Return the changed module."""
        tree = ast.parse(self.path.read_text("utf-8"))
        change = list(_Changes(self.path.stem).of(tree))[self.number]
        change.make()
        return ast.fix_missing_locations(tree)


def mutants_of(path: Path) -> list[Mutant]:
    """Return every mutant of a file, in the order of its text."""
    tree, seen, mutants = ast.parse(path.read_text("utf-8")), Counter[str](), list[Mutant]()
    for number, change in enumerate(list(_Changes(path.stem).of(tree))):
        name = f"{change.where}: {_text(change.old)} → {_text(change.new)}"
        seen[name] += 1
        name += f" #{seen[name]}" if seen[name] > 1 else ""
        mutants.append(Mutant(path, name, number, change.lines, change.within))
    return mutants


@dataclass
class _Change:
    where: str
    holder: Any
    name: str
    place: int | None  # in a list
    old: ast.AST
    new: ast.AST
    lines: range
    within: bool

    def make(self) -> None:
        ast.copy_location(self.new, self.old)
        if self.place is None:
            setattr(self.holder, self.name, self.new)
        else:
            getattr(self.holder, self.name)[self.place] = self.new


@dataclass
class _Changes:
    """Walks a module, and knows where it is."""

    where: str
    within: bool = False
    assigned: Counter[str] = field(default_factory=Counter)  # how often the present function assigns each name
    lines: range = range(0)

    def of(self, node: ast.AST) -> Iterator[_Change]:
        for name, value in ast.iter_fields(node):
            if name in LEFT_ALONE or (name == "keywords" and isinstance(node, ast.ClassDef)):
                continue
            held = value if isinstance(value, list) else [value]
            for place, child in enumerate(held):
                if isinstance(child, ast.AST):
                    yield from self._at(node, name, place if isinstance(value, list) else None, child)

    def _at(self, holder: ast.AST, name: str, place: int | None, child: ast.AST) -> Iterator[_Change]:
        before = (self.where, self.within, self.assigned, self.lines)
        if isinstance(child, ast.stmt | ast.expr | ast.comprehension | ast.match_case):
            self.lines = _lines(child) or self.lines
        for new in self._instead(holder, name, child):
            yield _Change(self.where, holder, name, place, child, new, self.lines, self.within)
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            self.where += f".{child.name}"
        if isinstance(child, FUNCTIONS):
            yield from self._function(child)
        else:
            yield from self.of(child)
        self.where, self.within, self.assigned, self.lines = before

    def _function(self, function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Iterator[_Change]:
        yield from self.of(function.args)  # defaults belong to the import
        self.within, self.assigned = True, _assigned(function)
        yield from self.of(function if isinstance(function, ast.Lambda) else ast.Module(function.body, []))

    def _instead(self, holder: ast.AST, name: str, node: ast.AST) -> Iterator[ast.AST]:
        if isinstance(node, ast.stmt):
            if self.within and self._can_go(node):
                yield ast.Pass()
        elif isinstance(node, ast.expr) and not isinstance(holder, ast.JoinedStr):
            if name in ("test", "ifs", "guard") and not isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp):
                yield ast.UnaryOp(ast.Not(), node)
            yield from _others(node)

    def _can_go(self, node: ast.stmt) -> bool:
        match node:
            case ast.Expr(ast.Constant()):
                return False  # words
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(name)))) if name in ("log", "_log", "logger"):
                return False
            case ast.Assign([ast.Name(name)]):
                return self.assigned[name] > 1  # else what reads it raises
            case ast.Assign([ast.Tuple()]):
                return False
            case ast.Return(value):
                return value is not None
        return isinstance(node, SIMPLE)


def _others(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what may stand instead of an expression."""
    match node:
        case ast.Compare(left, ops, right):
            for at, op in enumerate(ops):
                for other in COMPARED[type(op)]:
                    yield ast.Compare(left, [*ops[:at], other(), *ops[at + 1 :]], right)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            for at in range(len(values)):
                left_over = [*values[:at], *values[at + 1 :]]
                yield ast.BoolOp(op, left_over) if len(left_over) > 1 else left_over[0]
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.Constant(value):
            yield from map(ast.Constant, _other_values(value))
        case ast.BinOp(left, op, right) if type(op) in CALCULATED and not (_is_type(left) or _is_type(right)):
            yield ast.BinOp(left, CALCULATED[type(op)](), right)
        case ast.Call() | ast.Attribute():
            yield from _other_calls(node)


def _other_values(value: object) -> tuple[int | float, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int | float):
        return (value + 1, value - 1) if value else (value + 1,)
    return ()


def _other_calls(node: ast.Call | ast.Attribute) -> Iterator[ast.expr]:
    """Yield the other bound, and `replace` with one field less: a step left out, where records cannot change."""
    match node:
        case ast.Call(ast.Name(name), given, keywords) if name in NAMED:
            yield ast.Call(ast.Name(NAMED[name], ast.Load()), given, keywords)
        case ast.Attribute(of, name, ast.Load()) if name in NAMED:
            yield ast.Attribute(of, NAMED[name], ast.Load())
        case ast.Call(function, given, keywords) if ast.unparse(function).endswith("replace") and len(keywords) > 1:
            for at in range(len(keywords)):
                yield ast.Call(function, given, [*keywords[:at], *keywords[at + 1 :]])


def _is_type(node: ast.expr) -> bool:
    return isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).split(".")[-1][0].isupper()


def _assigned(function: ast.AST) -> Counter[str]:
    names = [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return Counter([*names, *(n.arg for n in ast.walk(function) if isinstance(n, ast.arg))])


def _lines(node: ast.AST) -> range:
    """Return the lines of a simple statement or an expression, of a compound one those of its head."""
    if not hasattr(node, "lineno"):
        return range(0)
    body = getattr(node, "body", None)
    last = body[0].lineno - 1 if isinstance(body, list) and body else cast("int", node.end_lineno)  # type: ignore[attr-defined]
    return range(node.lineno, max(node.lineno, last) + 1)


def _text(node: ast.AST) -> str:
    return "nothing" if isinstance(node, ast.Pass) else " ".join(ast.unparse(node).split())
