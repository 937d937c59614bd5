"""``%{ assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd }%``: assertions worked out without executing anybody's code.

Rules
-----
* The text is parsed as Python and walked. Assertions, comparisons, ``and or not``, arithmetic on whole numbers, names
  and constants are known; an assignment gives a number a name. ``print`` says nothing. All else is ``NotSupported``.
* A name is a number of ``tcp_info`` or a constant of the socket interface; whoever calls says which there are.
* Sizes are bounded: characters, nodes, and the digits of a number.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

LONGEST = 4_000
"""Characters of one piece of code."""

LARGEST = 1 << 128
"""No number of a kernel is larger."""


class NotSupported(ValueError):
    """Code that is not understood here, by what it is."""


class Failed(ValueError):
    """An assertion that does not hold; the message gives its text and the numbers."""


_BINARY: dict[type, Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.LShift: lambda left, right: left << min(right, 64),
    ast.RShift: lambda left, right: left >> right,
}
_COMPARE: dict[type, Callable[[int, int], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def check(code: str, names: Callable[[str], int | None]) -> None:
    """Work out every assertion of ``code``. ``names`` gives a name's number, or None if there is none.

    Raises ``Failed`` for the first that does not hold, ``NotSupported`` for what is not understood.
    """
    if len(code) > LONGEST:
        raise NotSupported(f"code of {len(code)} characters")
    try:
        tree = ast.parse("\n".join(line.strip() for line in code.replace("\\\n", "").strip().splitlines()))
    except SyntaxError as fault:
        raise NotSupported(f"code that is no Python: {fault.msg}") from None
    own: dict[str, int] = {}
    for statement in tree.body:
        _statement(statement, names, own)


def _statement(node: ast.stmt, names: Callable[[str], int | None], own: dict[str, int]) -> None:
    if isinstance(node, ast.Assert):
        if not _number(node.test, names, own):
            told = ", ".join(f"{name} is {value}" for name, value in _seen(node.test, names, own).items())
            raise Failed(f"{ast.unparse(node.test)}: {told}")
    elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        own[node.targets[0].id] = _number(node.value, names, own)
    elif not _is_print(node):
        raise NotSupported(f"code: {ast.unparse(node)[:60]}")


def _is_print(node: ast.stmt) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"


def _seen(node: ast.AST, names: Callable[[str], int | None], own: Mapping[str, int]) -> dict[str, int]:
    """The numbers behind the names of an expression, in order."""
    found = [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
    return {name: own[name] if name in own else names(name) or 0 for name in found}


def _number(node: ast.expr, names: Callable[[str], int | None], own: Mapping[str, int]) -> int:
    """The value of an expression; true is 1."""
    match node:
        case ast.Constant(value=bool() | int() as value):
            result = int(value)
        case ast.Name(id=name):
            found = own.get(name, names(name))
            if found is None:
                raise NotSupported(f"the name {name}")
            result = found
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            result = int(not _number(operand, names, own))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            result = -_number(operand, names, own)
        case ast.BoolOp(op=joint, values=values):
            every = all if isinstance(joint, ast.And) else any
            result = int(every(_number(value, names, own) for value in values))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            result = _worked_out(op, _number(left, names, own), _number(right, names, own))
        case ast.Compare(left=left, ops=ops, comparators=others):
            result = int(_compared(left, ops, others, names, own))
        case _:
            raise NotSupported(f"code: {ast.unparse(node)[:60]}")
    if abs(result) > LARGEST:
        raise NotSupported("a number no kernel counts to")
    return result


def _worked_out(op: ast.operator, left: int, right: int) -> int:
    try:
        return _BINARY[type(op)](left, right)
    except (ZeroDivisionError, ValueError) as fault:
        raise NotSupported(f"arithmetic: {fault}") from None


def _compared(
    left: ast.expr,
    ops: list[ast.cmpop],
    others: list[ast.expr],
    names: Callable[[str], int | None],
    own: Mapping[str, int],
) -> bool:
    before = _number(left, names, own)
    for op, other in zip(ops, others, strict=True):
        after = _number(other, names, own)
        if type(op) not in _COMPARE:
            raise NotSupported(f"the comparison {type(op).__name__}")
        if not _COMPARE[type(op)](before, after):
            return False
        before = after
    return True
