"""What a template of text gives, for templates that are made of text: names in, a name out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .go_lex import quoted
from .go_template import LITERALS, Node, Operand, Pipeline, parse, unescaped

Function = Callable[[str], str]


class Unrendered(Exception):
    """A template does more than is done here."""


class Failed(ValueError):
    """Why a template cannot be rendered, in Go's words."""


class Rendering:
    """One rendering of a template with the fields of a struct, all of them text."""

    def __init__(self, text: str, fields: Mapping[str, str], functions: Mapping[str, Function]) -> None:
        self.text, self.fields, self.functions = text, fields, functions
        self.struct = f"struct {{ {'; '.join(f'{name} string' for name in fields)} }}"
        self.variables: dict[str, Any] = {"$": fields}
        self.tree, self.defined = parse(text, tuple(functions))

    def fail(self, at: int, what: str, why: str) -> Failed:
        """Say why, and where."""
        line_start = self.text.rfind("\n", 0, at) + 1
        line = self.text.count("\n", 0, at) + 1
        shown = what if len(what) <= 20 else f"{what[:20]}..."
        return Failed(f'template: :{line}:{at - line_start}: executing "" at <{shown}>: {why}')

    def nodes(self, nodes: Sequence[Node], dot: Any) -> Iterator[str]:
        """Render pieces one after another."""
        for node in nodes:
            if node.kind == "text":
                yield node.text
            elif node.kind == "template":
                raise self.included(node)
            elif node.pipeline is None:
                raise Unrendered
            elif node.kind == "action":
                value = self.pipeline(node.pipeline, dot)
                if not node.pipeline.variables:
                    yield self.shown(value)
            elif node.kind in ("if", "with"):
                value = self.pipeline(node.pipeline, dot)
                inner = value if node.kind == "with" else dot
                yield from self.nodes(node.body, inner) if value else self.nodes(node.other, dot)
            else:
                raise self.looped(node.pipeline, dot) if node.kind == "range" else Unrendered

    def included(self, node: Node) -> Exception:
        """Refuse a template that is not defined."""
        name = unescaped(node.text)
        if name in self.defined:
            return Unrendered()
        said = f" {node.pipeline.text}" if node.pipeline else ""
        what = f"{{{{template {node.text}{said}}}}}"
        return self.fail(self.text.find(node.text), what, f"template {quoted(name)} not defined")

    def looped(self, pipeline: Pipeline, dot: Any) -> Exception:
        """Refuse a loop over what has no items."""
        value = self.pipeline(pipeline, dot)
        if isinstance(value, int) and not isinstance(value, bool):
            return Unrendered()
        last = pipeline.commands[-1][-1]
        return self.fail(last.at, source(last), f"range can't iterate over {self.shown(value)}")

    def pipeline(self, pipeline: Pipeline, dot: Any) -> Any:
        """Return what commands give, each of which takes what the one before it gives."""
        given: tuple[Any, ...] = ()
        for command in pipeline.commands:
            given = (self.command(command, dot, given),)
        for name in pipeline.variables:
            if pipeline.assigns and name not in self.variables:
                last = pipeline.commands[-1][-1]
                raise self.fail(last.at, source(last), f"undefined variable: {name}")
            self.variables[name] = given[0]
        return given[0]

    def command(self, command: tuple[Operand, ...], dot: Any, given: tuple[Any, ...]) -> Any:
        """Return what one command gives."""
        first, *rest = command
        if first.kind == "identifier" and not first.fields:
            return self.call(command, [self.argument(command, one, dot) for one in rest], given)
        if first.kind == "nil":
            raise self.fail(first.at, "nil", "nil is not a command")
        if rest or given:
            if first.kind == "field":
                raise self.fail(
                    first.at, source(first), f"{first.fields[-1]} has arguments but cannot be invoked as function"
                )
            raise self.fail(first.at, source(first), f"can't give argument to non-function {source(first)}")
        return self.value(first, dot)

    def argument(self, command: tuple[Operand, ...], operand: Operand, dot: Any) -> Any:
        """Return an argument of a function; those of names are text."""
        if command[0].text in self.functions:
            if operand.kind == "nil":
                raise self.fail(operand.at, "nil", "cannot assign nil to string")
            if operand.kind in LITERALS and "string" not in operand.kind:
                raise self.fail(operand.at, source(operand), f"expected string; found {source(operand)}")
        return self.value(operand, dot)

    def value(self, operand: Operand, dot: Any) -> Any:
        """Return what a word of a command stands for."""
        match operand.kind:
            case "string" | "raw string":
                return unescaped(operand.text)
            case "bool":
                return operand.text == "true"
            case "number" if operand.text.lstrip("+-").isdecimal():
                return int(operand.text)
            case "." | "field":
                found = dot
            case "variable" if operand.text in self.variables:
                found = self.variables[operand.text]
            case "(" if operand.pipeline is not None:
                found = self.pipeline(operand.pipeline, dot)
            case "identifier" if not operand.fields:
                return self.call((operand,), [], ())
            case _:
                raise Unrendered
        for name in operand.fields:
            found = self.read(operand, found, name)
        return found

    def read(self, operand: Operand, holder: Any, name: str) -> Any:
        """Return a field."""
        if holder is self.fields and name in self.fields:
            return self.fields[name]
        why = f"can't evaluate field {name} in type {self.type(holder)}"
        raise self.fail(operand.at, source(operand), why)

    def type(self, value: Any) -> str:
        """Name the type of a value as Go does."""
        return self.struct if value is self.fields else {str: "string", bool: "bool", int: "int"}[type(value)]

    def call(self, command: tuple[Operand, ...], said: list[Any], given: tuple[Any, ...]) -> Any:
        """Return what a function gives."""
        name, values = command[0], [*said, *given]
        what = " ".join(source(operand) for operand in command)
        if name.text in self.functions:
            if len(values) != 1:
                why = f"wrong number of args for {name.text}: want 1 got {len(values)}"
                raise self.fail(name.at, name.text, why)
            if not isinstance(values[0], str):
                why = f"wrong type for value; expected string; got {self.type(values[0])}"
                raise self.fail(name.at, name.text, why)
            return self.functions[name.text](values[0])
        if name.text == "index" and values and values[0] is self.fields:
            raise self.fail(name.at, what, f"error calling index: can't index item of type {self.struct}")
        if name.text == "printf" and not values:
            raise self.fail(name.at, "printf", "wrong number of args for printf: want at least 1 got 0")
        if name.text in ("eq", "ne") and len(values) == 2 and self.type(values[0]) != self.type(values[1]):
            types = " and ".join(self.type(value) for value in values)
            raise self.fail(name.at, what, f"error calling {name.text}: incompatible types for comparison: {types}")
        return builtin(name.text, values)

    def shown(self, value: Any) -> str:
        """Show a value as Go does."""
        if value is self.fields:
            return f"{{{' '.join(self.fields.values())}}}"
        return str(value).lower() if isinstance(value, bool) else str(value)


def source(operand: Operand) -> str:
    """Return an operand as it was written."""
    if operand.kind == "(" and operand.pipeline is not None:
        return operand.pipeline.text
    fields = operand.fields[1:] if operand.kind == "field" else operand.fields
    return "".join([operand.text, *(f".{name}" for name in fields)])


def builtin(name: str, values: list[Any]) -> Any:
    """Return what one of Go's own functions gives, as far as it is about text."""
    if any(not isinstance(value, (str, bool, int)) for value in values):
        raise Unrendered
    match name:
        case "print" | "printf" | "println" if all(isinstance(value, str) for value in values):
            return printed(name, values)
        case "html" | "urlquery" if len(values) == 1 and str(values[0]).isalnum():
            return str(values[0])
        case "len" if len(values) == 1 and isinstance(values[0], str):
            return len(values[0].encode())
        case "not" if len(values) == 1:
            return not values[0]
        case "and" if values:
            return next((value for value in values if not value), values[-1])
        case "or" if values:
            return next((value for value in values if value), values[-1])
        case "eq" | "ne" if len(values) == 2:
            return (values[0] == values[1]) is (name == "eq")
        case _:
            raise Unrendered


def printed(name: str, values: list[str]) -> str:
    """Put texts together as Go does."""
    if name == "print":
        return "".join(values)
    if name == "println":
        return " ".join(values) + "\n"
    form, *rest = values
    pieces = form.replace("%v", "%s").split("%s")
    if "%" in "".join(pieces) or len(pieces) != len(rest) + 1:
        raise Unrendered
    return "".join(piece for pair in zip(pieces, [*rest, ""], strict=True) for piece in pair)


def render(text: str, fields: Mapping[str, str], functions: Mapping[str, Function]) -> str | None:
    """Return what a template gives; None where that is not known here, Failed where Go would refuse it."""
    rendering = Rendering(text, fields, functions)
    try:
        return "".join(rendering.nodes(rendering.tree, fields))
    except Unrendered:
        return None
