"""Go's regular expressions, read as far as it takes to say what is wrong with one, in Go's words.

They have no look-around and no references back, and bounds for repetitions; Python's syntax is another one.
"""

import re
from dataclasses import dataclass, field

MOST = 1000
"""How often something may be repeated, repetitions within repetitions multiplied."""
POSIX = re.compile(
    r"\[:\^?(alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]", re.ASCII
)
LETTER_CLASS = re.compile(r"\\[pP](?:\{\^?[^}]*\}?|.?)", re.DOTALL)
KNOWN_CLASS = re.compile(
    r"\\p(?:\{\^?(?:L[clmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?|C[cfnos]?|[A-Z]{3}[A-Z_]*)\}|[LMNPSZC])",
    re.IGNORECASE,
)
"""Letters of categories and names; whether a script of that name exists is left to the control plane."""
ESCAPE = re.compile(
    r"\\(?:[0-7]{1,3}|x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]+\}|[afnrtv]|[^0-9A-Za-z\x80-\U0010ffff])", re.DOTALL
)
WRONG_ESCAPE = re.compile(r"\\(?:x\{[0-9A-Fa-f]*.?|x.{0,2}|.)", re.DOTALL)
ANCHOR = re.compile(r"\\[AbBzdDsSwW]")
QUOTE = re.compile(r"\\Q(.*?)(?:\\E|\Z)", re.DOTALL)
REPEAT = re.compile(r"\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}|[*+?]")
FLAGS = re.compile(r"\(\?(?:[imsU]+(?:-[imsU]+)?|-[imsU]+)?[:)]")
FLAGS_BEGIN = re.compile(r"\(\?[imsU]*(?:-[imsU]*)?")
NAME = re.compile(r"\(\?P?<([^>]*)>")


class Bad(Exception):
    """A regular expression that is none."""


@dataclass
class Group:
    """What is open while an expression is read."""

    repeatable: bool = False
    """Whether a repetition may follow."""
    atom: int = 1
    """How often the last part is repeated at most."""
    worst: int = 1
    """How often any part is repeated at most."""


@dataclass
class Reader:
    """Reads an expression from left to right."""

    text: str
    at: int = 0
    repeated: int = -1
    """Where the repetition before this place began, if there is one."""
    groups: list[Group] = field(default_factory=lambda: [Group()])

    def read(self) -> None:
        """Read it all; `Bad` says what is wrong."""
        while self.at < len(self.text):
            begin, mark = self.at, self.text[self.at]
            if repeat := REPEAT.match(self.text, self.at):
                self.repeat(repeat)
                continue
            self.repeated = -1
            if mark == "(":
                self.open()
            elif mark == ")":
                self.close()
            elif mark == "|":
                self.groups[-1].repeatable, self.at = False, self.at + 1
            else:
                self.at = {"[": self.bracket, "\\": self.escape}.get(mark, self.literal)()
                if self.at > begin + len(r"\Q\E") or not self.text.startswith(r"\Q", begin):
                    self.part(1)
        if len(self.groups) > 1:
            raise Bad(f"missing closing ): `{self.text}`")

    def part(self, times: int) -> None:
        """Take note of a part that is whole."""
        group = self.groups[-1]
        group.repeatable, group.atom, group.worst = True, times, max(group.worst, times)

    def literal(self) -> int:
        """Take a character for itself."""
        return self.at + 1

    def open(self) -> None:
        """Begin a group, or set flags."""
        if not self.text.startswith("(?", self.at):
            self.groups.append(Group())
            self.at += 1
            return
        rest = self.text[self.at :]
        if re.match(r"\(\?(?:P<.|<.)", rest, re.DOTALL):
            found = NAME.match(rest)
            if found is None or not re.fullmatch(r"\w+", found[1], re.ASCII):
                raise Bad(f"invalid named capture: `{found[0] if found else rest}`")
        elif (found := FLAGS.match(rest)) is None:
            begun = FLAGS_BEGIN.match(rest)
            wrong = rest[: (begun.end() if begun else 0) + 1]
            raise Bad(f"invalid or unsupported Perl syntax: `{wrong}`")
        self.at += found.end()
        if found[0][-1] != ")":
            self.groups.append(Group())

    def close(self) -> None:
        """End a group."""
        if len(self.groups) == 1:
            raise Bad(f"unexpected ): `{self.text}`")
        self.at += 1
        self.part(self.groups.pop().worst)

    def repeat(self, found: "re.Match[str]") -> None:
        """Repeat the part before; a `?` behind makes it take as little as it can."""
        least, comma, most = int(found[1] or 0), found[2], found[3]
        limit = max(least, int(most or 0))
        if limit > MOST or (comma and most and int(most) < least):
            raise Bad(f"invalid repeat count: `{found[0]}`")
        end = found.end() + (self.text[found.end() : found.end() + 1] == "?")
        if self.repeated >= 0:
            raise Bad(f"invalid nested repetition operator: `{self.text[self.repeated : end]}`")
        group = self.groups[-1]
        if not group.repeatable:
            raise Bad(f"missing argument to repetition operator: `{self.text[self.at : end]}`")
        times = group.atom * limit if found[1] and limit else group.atom
        if found[1] and limit >= 2 and times > MOST:
            raise Bad(f"invalid repeat count: `{self.text[self.at : end]}`")
        self.repeated, self.at = self.at, end
        self.part(times)

    def escape(self) -> int:
        """Take what a backslash begins, and return where it ends."""
        rest = self.text[self.at :]
        if found := QUOTE.match(rest) or ANCHOR.match(rest):
            return self.at + found.end()
        return self.at + len(self.letters(rest) or escaped(rest))

    def letters(self, rest: str) -> str:
        """Take a class of letters, if one is there."""
        found = LETTER_CLASS.match(rest)
        if found and not KNOWN_CLASS.fullmatch(found[0]):
            raise Bad(f"invalid character class range: `{found[0]}`")
        return found[0] if found else ""

    def bracket(self) -> int:
        """Take a class of characters, and return where it ends."""
        whole, at, first = self.text[self.at :], 1, True
        at += whole.startswith("^", at)
        while first or not whole.startswith("]", at):
            first = False
            rest = whole[at:]
            if rest.startswith("[:") and ":]" in rest[2:]:
                named = rest[: rest.index(":]", 2) + 2]
                if not POSIX.fullmatch(named):
                    raise Bad(f"invalid character class range: `{named}`")
                at += len(named)
            elif (found := self.letters(rest)) or (re.match(r"\\[dDsSwW]", rest)):
                at += len(found) or 2
            else:
                at += len(spread(rest, whole))
        return self.at + at + 1


def spread(rest: str, whole: str) -> str:
    """Take a character or a range of them from a class."""
    low = one(rest, whole)
    if not rest.startswith("-", len(low)) or rest[len(low) + 1 : len(low) + 2] in ("", "]"):
        return low
    high = one(rest[len(low) + 1 :], whole)
    if code(high) < code(low):
        raise Bad(f"invalid character class range: `{low}-{high}`")
    return f"{low}-{high}"


def one(rest: str, whole: str) -> str:
    """Take one character from a class, as it is written."""
    if not rest:
        raise Bad(f"missing closing ]: `{whole}`")
    return escaped(rest) if rest[0] == "\\" else rest[0]


def escaped(rest: str) -> str:
    """Take a character that is written with a backslash."""
    if rest == "\\":
        raise Bad("trailing backslash at end of expression: ``")
    found = ESCAPE.match(rest)
    lone = re.match(r"\\[1-7](?![0-7])", rest)
    if found is None or lone or code(found[0]) > 0x10FFFF:
        wrong = WRONG_ESCAPE.match(rest)
        shown = found[0].rstrip("}") if found and not lone else wrong[0] if wrong else rest
        raise Bad(f"invalid escape sequence: `{shown}`")
    return found[0]


def code(written: str) -> int:
    """Return the number of a character as it is written."""
    if not written.startswith("\\"):
        return ord(written)
    if written[1] == "x":
        return int(written[2:].strip("{}"), 16)
    if written[1].isdigit():
        return int(written[1:], 8)
    return ord({"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}.get(written[1], written[1]))


def complaint_of(text: str) -> str:
    """Return what is wrong with a regular expression, in Go's words, or nothing."""
    try:
        Reader(text).read()
    except Bad as bad:
        return f"error parsing regexp: {bad}"
    return ""
