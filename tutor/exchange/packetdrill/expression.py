"""``%{ assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd }%``: assertions worked out without executing anybody's code.

Rules
-----
* The text is parsed as Python and walked. Assertions, comparisons, ``and or not``, arithmetic, ``in (1, 2)``, ``a if b
  else c``, ``abs min max``, names and constants are known; an assignment gives a number a name. ``print`` says
  nothing. All else is ``NotSupported``, with its line.
* A name is a number of ``tcp_info`` or a constant of the socket interface; whoever calls says which there are.
* Sizes are bounded: characters, nodes (and so the depth), and the digits of a number.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

LONGEST = 4_000
"""Characters of one piece of code."""

MOST_NODES = 400
"""Nodes of the tree of one piece of code; Python's own stack is several times deeper."""

LARGEST = 1 << 128
"""No number of a kernel is larger."""

Number = int | float
"""What an expression is worth. Only ``/`` and a constant with a point make one that is not whole."""

Names = Callable[[str], int | None]
"""The number behind a name, or None."""


class NotSupported(ValueError):
    """Code that is not understood here, by what it is. ``line`` counts from 1 in the code; 0 is none in particular."""

    line = 0


class Failed(ValueError):
    """An assertion that does not hold; the message gives its text and the numbers, ``line`` counts from 1."""

    line = 0


_BINARY: dict[type, Callable[[Any, Any], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.LShift: lambda left, right: left << min(right, 64),
    ast.RShift: lambda left, right: left >> right,
}
_UNARY: dict[type, Callable[[Any], Number]] = {
    ast.Not: operator.not_,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}
_KNOWN: dict[str, Callable[..., Number]] = {"abs": abs, "min": min, "max": max}
_COMPARE: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def check(code: str, names: Names) -> None:
    """Work out every assertion of ``code``. ``names`` gives a name's number, or None if there is none.

    Raises ``Failed`` for the first that does not hold, ``NotSupported`` for what is not understood.
    """
    own: dict[str, Number] = {}
    for statement in _parsed(code).body:
        try:
            _statement(statement, names, own)
        except (Failed, NotSupported) as fault:
            fault.line = statement.lineno
            raise


def _parsed(code: str) -> ast.Module:
    if len(code) > LONGEST:
        raise NotSupported(f"code of {len(code)} characters")
    try:
        tree = ast.parse("\n".join(line.strip() for line in code.split("\n")))
    except SyntaxError as fault:
        raise NotSupported(f"code that is no Python: {fault.msg}") from None
    except (RecursionError, MemoryError, ValueError):
        raise NotSupported("code that is nested too deeply") from None
    if sum(1 for _ in ast.walk(tree)) > MOST_NODES:
        raise NotSupported(f"code of more than {MOST_NODES} parts")
    return tree


def _statement(node: ast.stmt, names: Names, own: dict[str, Number]) -> None:
    match node:
        case ast.Assert(test=test):
            if not _number(test, names, own):
                told = ", ".join(f"{name} is {value}" for name, value in _seen(test, names, own).items())
                raise Failed(f"{ast.unparse(test)}: {told}")
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            own[name] = _number(value, names, own)
        case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value):
            own[name] = _number(ast.BinOp(ast.Name(target.id, ast.Load()), op, value), names, own)
        case ast.Pass() | ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            pass
        case _:
            raise NotSupported(f"code: {_shown(node)}")


def _shown(node: ast.AST) -> str:
    return ast.unparse(node).split("\n", 1)[0][:60]


def _seen(node: ast.AST, names: Names, own: Mapping[str, Number]) -> dict[str, Number]:
    """The numbers behind the names of an expression, in order."""
    found = [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and each.id not in _KNOWN]
    return {name: own[name] if name in own else names(name) or 0 for name in found}


def _number(node: ast.expr, names: Names, own: Mapping[str, Number]) -> Number:
    """The value of an expression; true is 1."""
    result: Number
    match node:
        case ast.Constant(value=bool() | int() | float() as value):
            result = float(value) if isinstance(value, float) else int(value)
        case ast.Name(id=name):
            found = own[name] if name in own else names(name)
            if found is None:
                raise NotSupported(f"the name {name}")
            result = found
        case ast.UnaryOp(op=op, operand=operand):
            result = _applied(_UNARY[type(op)], _number(operand, names, own))
        case ast.BoolOp(op=joint, values=values):
            every = all if isinstance(joint, ast.And) else any
            result = int(every(_number(value, names, own) for value in values))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            result = _applied(_BINARY[type(op)], _number(left, names, own), _number(right, names, own))
        case ast.Compare(left=left, ops=ops, comparators=others):
            result = int(_compared(left, ops, others, names, own))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            result = _number(body if _number(test, names, own) else orelse, names, own)
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as args, keywords=[]) if name in _KNOWN:
            result = _applied(_KNOWN[name], *(_number(each, names, own) for each in args))
        case _:
            raise NotSupported(f"code: {_shown(node)}")
    if not -LARGEST <= result <= LARGEST:
        raise NotSupported("a number no kernel counts to")
    return result


def _applied(work: Callable[..., Number], *numbers: Number) -> Number:
    try:
        result = work(*numbers)
    except (ArithmeticError, ValueError, TypeError) as fault:
        raise NotSupported(f"arithmetic: {fault}") from None
    return int(result) if isinstance(result, bool) else result


def _compared(
    left: ast.expr, ops: list[ast.cmpop], others: list[ast.expr], names: Names, own: Mapping[str, Number]
) -> bool:
    before = _number(left, names, own)
    for op, other in zip(ops, others, strict=True):
        if isinstance(op, ast.In | ast.NotIn) and isinstance(other, ast.Tuple | ast.List | ast.Set) and len(ops) == 1:
            return (before in [_number(each, names, own) for each in other.elts]) is isinstance(op, ast.In)
        if type(op) not in _COMPARE:
            raise NotSupported(f"the comparison {type(op).__name__}")
        after = _number(other, names, own)
        if not _COMPARE[type(op)](before, after):
            return False
        before = after
    return True
