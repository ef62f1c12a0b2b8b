"""Templates of Go's text/template: whether text is one, and what it is made of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .go_lex import TemplateError, Token, lex, quoted

BUILTINS = frozenset(
    [
        "and",
        "call",
        "eq",
        "ge",
        "gt",
        "html",
        "index",
        "js",
        "le",
        "len",
        "lt",
        "ne",
        "not",
        "or",
        "print",
        "printf",
        "println",
        "slice",
        "urlquery",
    ]
)
LITERALS = ("bool", "nil", "number", "string", "raw string", "character")
TERMS = (*LITERALS, "identifier", ".", "variable", "field", "(")
CONTROLS = ("if", "range", "with")


@dataclass(frozen=True, slots=True)
class Operand:
    """A word of a command, with the fields that are read of it; `pipeline` where it stands in parentheses."""

    kind: str
    text: str
    at: int
    fields: tuple[str, ...] = ()
    pipeline: "Pipeline | None" = None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands, each of which takes what the one before it gives."""

    text: str
    commands: tuple[tuple[Operand, ...], ...]
    variables: tuple[str, ...] = ()
    assigns: bool = False
    """Whether its variables have been declared before."""


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a template: text, an action, or a control with what it holds."""

    kind: str
    text: str = ""
    pipeline: Pipeline | None = None
    body: tuple["Node", ...] = ()
    other: tuple["Node", ...] = ()


@dataclass(slots=True)
class Parser:
    """Reads a template from the left to the right."""

    text: str
    functions: frozenset[str]
    tokens: Iterator[Token]
    ahead: list[Token] = field(default_factory=list[Token])
    variables: list[str] = field(default_factory=lambda: ["$"])
    loops: int = 0
    at: int = 0
    defined: set[str] = field(default_factory=set[str])

    def peek(self) -> Token:
        """Return the next token, and leave it."""
        if not self.ahead:
            self.ahead.append(next(self.tokens))
        return self.ahead[0]

    def take(self) -> Token:
        """Return the next token, and take it."""
        token = self.peek()
        self.at = token.at
        if token.kind != "EOF":
            self.ahead.pop(0)
        return token

    def word(self, *, take: bool = True) -> Token:
        """Return the next token that is no space, and take it."""
        while self.peek().kind == "space":
            self.take()
        return self.take() if take else self.peek()

    def refuse(self, why: str) -> TemplateError:
        """Say what is wrong here."""
        return TemplateError(self.text, self.at, why)

    def unexpected(self, token: object, context: str) -> TemplateError:
        """Say that something is in the wrong place."""
        return self.refuse(f"unexpected {token} in {context}")

    def expect(self, kinds: Sequence[str], context: str) -> Token:
        """Take a token of some kind."""
        token = self.word()
        if token.kind not in kinds:
            raise self.unexpected(token, context)
        return token

    def template(self) -> tuple[Node, ...]:
        """Read a whole template."""
        nodes: list[Node] = []
        while self.peek().kind != "EOF":
            if self.peek().kind == "left" and self.after_left() == "define":
                self.take()
                self.define()
                continue
            node = self.piece(outside=True)
            if node.kind.split()[0] in ("end", "else"):
                raise self.refuse(f"unexpected {{{{{node.kind.split()[0]}}}}}")
            nodes.append(node)
        return tuple(nodes)

    def after_left(self) -> str:
        """Return the kind of the first word of the action that begins here."""
        while len(self.ahead) < 2 or self.ahead[-1].kind == "space":
            self.ahead.append(next(self.tokens))
        return self.ahead[-1].kind

    def define(self) -> None:
        """Read a template in the template; nothing of it is shown here."""
        self.word()
        self.defined.add(unescaped(self.expect(("string", "raw string"), "define clause").text))
        self.expect(("right",), "define clause")
        kept, self.variables = self.variables, ["$"]
        _, end = self.pieces()
        self.variables = kept
        if end.kind != "end":
            raise self.unexpected(f"{{{{{end.kind}}}}}", "define clause")

    def pieces(self) -> tuple[tuple[Node, ...], Node]:
        """Read pieces up to an end or an else."""
        nodes: list[Node] = []
        while self.word(take=False).kind != "EOF":
            node = self.piece()
            if node.kind in ("end", "else", "else if", "else with"):
                return tuple(nodes), node
            nodes.append(node)
        raise self.refuse("unexpected EOF")

    def piece(self, *, outside: bool = False) -> Node:
        """Read text or an action."""
        token = self.word()
        if token.kind == "text":
            return Node("text", token.text)
        if token.kind != "left":
            raise self.unexpected(token, "input")
        kind = self.word(take=False).kind
        if kind in CONTROLS:
            self.word()
            return self.control(kind)
        if kind in ("end", "else"):
            self.word()
            return self.otherwise() if kind == "else" else self.closed(kind, "end")
        if kind in ("break", "continue"):
            self.word()
            self.closed(kind, kind)
            if not self.loops:
                raise self.refuse(f"{{{{{kind}}}}} outside {{{{range}}}}")
            return Node(kind)
        if kind in ("template", "block"):
            self.word()
            return self.included(kind)
        known = len(self.variables)
        pipeline = self.pipeline("command", "right")
        del self.variables[known + len(pipeline.variables) :]
        return Node("action", pipeline=pipeline)

    def closed(self, kind: str, context: str) -> Node:
        """Read the closing of an action that says nothing more."""
        self.expect(("right",), context)
        return Node(kind)

    def otherwise(self) -> Node:
        """Read what is behind `else`."""
        token = self.word(take=False)
        if token.kind in ("if", "with"):
            return Node(f"else {token.kind}")
        return self.closed("else", "else")

    def control(self, kind: str) -> Node:
        """Read `if`, `range` or `with`, up to its end."""
        known = len(self.variables)
        pipeline = self.pipeline(kind, "right")
        self.loops += kind == "range"
        body, end = self.pieces()
        self.loops -= kind == "range"
        other: tuple[Node, ...] = ()
        if end.kind.startswith("else "):
            if end.kind != f"else {kind}":
                raise self.unexpected(self.word(), "input")
            self.word()
            other = (self.control(kind),)
        elif end.kind == "else":
            other, end = self.pieces()
            if end.kind != "end":
                raise self.refuse(f"expected end; found {{{{{end.kind}}}}}")
        del self.variables[known:]
        return Node(kind, pipeline=pipeline, body=body, other=other)

    def included(self, kind: str) -> Node:
        """Read a template that is called, or one that is called where it is written."""
        context = f"{kind} clause"
        name = self.expect(("string", "raw string"), context)
        pipeline = None
        if kind == "block" or self.word(take=False).kind != "right":
            pipeline = self.pipeline(context, "right")
        else:
            self.word()
        if kind == "template":
            return Node("template", name.text, pipeline)
        self.defined.add(unescaped(name.text))
        kept, self.variables = self.variables, ["$"]
        body, end = self.pieces()
        self.variables = kept
        if end.kind != "end":
            raise self.unexpected(f"{{{{{end.kind}}}}}", context)
        return Node("block", name.text, pipeline, body)

    def pipeline(self, context: str, end: str) -> Pipeline:
        """Read commands up to a closing."""
        start = self.word(take=False).at
        variables, assigns = self.declared(context)
        commands: list[tuple[Operand, ...]] = []
        while True:
            token = self.word(take=False)
            if token.kind == end:
                self.word()
                break
            if token.kind not in TERMS:
                raise self.unexpected(self.word(), context)
            commands.append(self.command())
        if not commands:
            raise self.refuse(f"missing value for {context}")
        for stage, command in enumerate(commands[1:], 2):
            if command[0].kind in (*LITERALS, "."):
                raise self.refuse(f"non executable command in pipeline stage {stage}")
        self.variables += variables
        return Pipeline(self.text[start : token.at].rstrip(), tuple(commands), tuple(variables), assigns)

    def declared(self, context: str) -> tuple[list[str], bool]:
        """Read the variables that a pipeline gives a value, and whether it does so anew."""
        names: list[str] = []
        while self.word(take=False).kind == "variable":
            held = self.take()
            between = [self.take()] if self.peek().kind == "space" else []
            follows = self.word(take=False)
            if follows.kind in (":=", "="):
                self.word()
                return [*names, held.text], follows.kind == "="
            if follows.text != ",":
                self.ahead[:0] = [held, *between]
                break
            self.word()
            names.append(held.text)
            if context != "range" or len(names) > 1:
                raise self.refuse(f"too many declarations in {context}")
            if self.word(take=False).kind not in ("variable", "right", ")"):
                raise self.refuse("range can only initialize variables")
        return [], False

    def known(self, variable: Token) -> None:
        """Refuse a variable that nobody declared."""
        if variable.text not in self.variables:
            raise self.refuse(f"undefined variable {quoted(variable.text)}")

    def command(self) -> tuple[Operand, ...]:
        """Read one command: a function or a value, and what it takes."""
        operands: list[Operand] = []
        while True:
            if (operand := self.operand()) is not None:
                operands.append(operand)
            token = self.peek()
            if token.kind == "space":
                self.take()
                continue
            if token.kind == "|":
                self.take()
                self.word(take=False)
            elif token.kind not in ("right", ")"):
                raise self.unexpected(self.take(), "operand")
            break
        if not operands:
            raise self.refuse("empty command")
        return tuple(operands)

    def operand(self) -> Operand | None:
        """Read a word of a command, and the fields that are read of it."""
        token = self.word(take=False)
        if token.kind not in TERMS:
            return None
        self.word()
        pipeline = None
        if token.kind == "identifier" and token.text not in self.functions:
            raise self.refuse(f"function {quoted(token.text)} not defined")
        if token.kind == "variable":
            self.known(token)
        if token.kind == "(":
            pipeline = self.pipeline("parenthesized pipeline", ")")
        fields, at = [token.text[1:]] if token.kind == "field" else [], token.at
        if self.peek().kind == "field":
            at = self.peek().at  # where Go says that it is
        while self.peek().kind == "field":
            if token.kind in (*LITERALS, "."):
                raise self.refuse(f"unexpected . after term {quoted(token.text)}")
            fields.append(self.take().text[1:])
        return Operand(token.kind, token.text, at, tuple(fields), pipeline)


def parse(text: str, functions: Sequence[str] = ("label",)) -> tuple[tuple[Node, ...], frozenset[str]]:
    """Read a template, and the names of those that it defines; TemplateError says why text is none."""
    parser = Parser(text, BUILTINS | set(functions), lex(text))
    return parser.template(), frozenset(parser.defined)


def unescaped(literal: str) -> str:
    """Return what a quoted string or a character says."""
    if literal.startswith("`"):
        return literal[1:-1].replace("\r", "")
    escapes = {"n": "\n", "t": "\t", "r": "\r"}
    return re.sub(r"\\(.)", lambda found: escapes.get(found[1], found[1]), literal[1:-1])
