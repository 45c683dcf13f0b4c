"""Reads YAML 1.2 text into plain data and remembers the line of every value.

Only what a policy needs: mappings, lists, text, whole numbers, `true`, `false` and empty values. `17:00`, `NO`, `1.10`
and dates stay text. A duplicate key is refused, and so are aliases and tags, which hide what a file says.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ruamel.yaml import YAML, MappingNode, Node, ScalarNode
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent

Path: TypeAlias = tuple[str | int, ...]  # the place of a value: keys and list positions from the top

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | bool | None"  # what a file holds

LONGEST = 500_000  # characters of a file; reading more would take a minute

_WHOLE_NUMBER = re.compile(r"[-+]?[0-9]{1,15}")
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_CORE_TAGS = "tag:yaml.org,2002:"
# No tag in a file has a blank.
_ALIAS = "an alias"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a file."""

    line: int
    text: str  # what is wrong, and what to write instead


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read."""

    data: Plain  # what it says
    lines: Mapping[Path, int]  # the line, from 1, of every key and list item
    findings: tuple[Finding, ...] = ()  # what is wrong with the YAML itself


def read_document(text: str, *, allowed: str = "", kind: str = "a policy", longest: int = LONGEST) -> Document:
    """Read YAML text; what is wrong with it is among the findings, never raised.

    Args:
        allowed: Characters that may be in it although they cannot be printed.
        kind: What the file is, for the messages.
        longest: How many characters it may have.
    """
    if len(text) > longest:
        return _unreadable(Finding(1, f"is longer than {longest:,} characters; {kind} needs far less"))
    reader = _Reader(allowed)
    try:
        root = _composed(text)
        data = {} if root is None else reader.read(root, ())
    except YAMLError as error:
        return _unreadable(_syntax_finding(error, text))
    except RecursionError:
        return _unreadable(Finding(1, f"brackets or lines are nested too deeply; {kind} needs no more than six levels"))
    except (OverflowError, ValueError) as error:
        # Escapes such as "\\UFFFFFFFF" name characters that do not exist.
        return _unreadable(Finding(1, f"a character cannot be read: {error}; write it as itself"))
    return Document(data=data, lines=reader.lines, findings=tuple(reader.findings))


def _composed(text: str) -> Node | None:
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _WrittenOut
    root: Node | None = yaml.compose(text)
    return root


def _unreadable(finding: Finding) -> Document:
    return Document(data=None, lines={(): 1}, findings=(finding,))


def _syntax_finding(error: YAMLError, text: str) -> Finding:
    mark = getattr(error, "problem_mark", None)
    # Characters that YAML forbids come with a position and without a mark.
    line = text.count("\n", 0, getattr(error, "position", 0)) + 1 if mark is None else mark.line + 1
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error).splitlines()[0]
    advice = "indent with spaces, put text with special characters in quotes, and keep to one document"
    return Finding(line, f"this is not YAML: {what}; {advice}")


class _WrittenOut(Composer):
    """Leaves a mark where an alias is, rather than what it means: a few lines of them unfold without end."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader=loader)
        # Without aliases an anchor means nothing.
        self.warn_double_anchors = False

    def compose_node(self, parent: Any, index: Any) -> Any:
        if not self.parser.check_event(AliasEvent):
            return super().compose_node(parent, index)
        event = self.parser.get_event()
        return ScalarNode(tag=_ALIAS, value="", start_mark=event.start_mark, end_mark=event.end_mark)


class _Reader:
    """Walks the nodes of one document."""

    def __init__(self, allowed: str) -> None:
        self._allowed = str.maketrans("", "", allowed)
        self.lines: dict[Path, int] = {(): 1}
        self.findings: list[Finding] = []

    def read(self, node: Node, path: Path) -> Plain:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if node.tag == _ALIAS:
            self.findings.append(Finding(line, "aliases (`*name`) are not allowed; write it out where it is needed"))
            return None
        if not str(node.tag).startswith(_CORE_TAGS):
            self.findings.append(Finding(line, f"unknown tag `{node.tag}`; leave it out"))
        if isinstance(node, ScalarNode):
            text = self._visible(str(node.value), line)
            return text if node.style is not None else _plain_scalar(text)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        return [self.read(item, (*path, number)) for number, item in enumerate(node.value)]

    def _mapping(self, node: MappingNode, path: Path) -> Plain:
        found: dict[str, Plain] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self.findings.append(Finding(line, "a key must be one word or text; lists and mappings cannot be keys"))
                continue
            key = self._visible(str(key_node.value), line)
            if key in found:
                first = self.lines[(*path, key)]
                self.findings.append(Finding(line, f"`{key}` is here twice, first in line {first}; keep one"))
                continue
            self.lines[(*path, key)] = line
            found[key] = self.read(value_node, (*path, key))
        return found

    def _visible(self, text: str, line: int) -> str:
        """The text, without invisible characters that neither a database nor a mail header accepts."""
        if text.translate(self._allowed).isprintable():
            return text
        self.findings.append(Finding(line, "text has characters that cannot be printed; write one line of plain text"))
        return "".join(character for character in text if character.isprintable())


def _plain_scalar(text: str) -> str | int | bool | None:
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text
