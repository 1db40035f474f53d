"""What the language of a code block in the documentation means, and doing it.

bash      is run as it stands; variables that it exports hold for the later blocks of the page
python    is run; if its first line is `# NAME.py` it is saved under that name instead, for a later block to run
text      after one of these: what it prints (`...` stands for anything); elsewhere: nothing to check
json      keeps one of the public contracts
yaml      is YAML
ini       is a systemd unit, whose ExecStart is a command that exists, with its options
console   is for a person at a terminal: what follows `$ ` is not run, but is a command that exists, with its options
story     is replayed by tests/core/test_reconcile_stories.py

A page is run in a folder that looks like a checkout, against the stream of the tests, whose addresses take the place of
those that the pages use.
"""

from __future__ import annotations

import configparser
import doctest
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import yaml
from jsonschema import Draft202012Validator
from sybil import Document, Example
from sybil.parsers.markdown import CodeBlockParser
from sybil.parsers.markdown.lexers import FencedCodeBlockLexer

from muster.schemas.generate import MODELS, json_schema
from muster.shell.api.answers import schemas
from muster.shell.cli import main

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("bash", "python", "text", "json", "yaml", "ini", "console", "story")
LINKED = ("seeds", "examples", "schemas", "docs", "Makefile", "docker-compose.yml")
ANSWERS = ("Page", "Features", "Map", "Events", "Problem")
BLOCK_SECONDS_MAX = 180
SAVED = re.compile(r"# (\w+\.py)\n")
SENDS = re.compile(r"\b(feed|forget|replay)\b|scraper")
ELLIPSIS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
END_OF_COMMAND = {"|", "||", "&", "&&", ";", ">", ">>"}
OTHER_PROGRAMS = {"git", "cd", "python", "pip", "curl", "source", "export", "kafka-topics.sh", "systemctl"}


def languages_of(path: Path) -> list[str]:
    """The language of each block of a page; empty where a block names none."""
    document = Document(path.read_text(encoding="utf-8"), str(path))
    return [region.lexemes["language"] for region in FencedCodeBlockLexer(r"[^\n]*")(document)]


class Page:
    """One page of the documentation and where its blocks are run."""

    def __init__(
        self,
        path: Path,
        folder: Path,
        environment: Mapping[str, str],
        instead: Mapping[str, str],
        settle: Callable[[], None] = lambda: None,
    ) -> None:
        """`settle` waits for the stream after blocks that send something: a reader is slower than it, a test is not."""
        self.path = path
        self._settle = settle
        self._folder = folder
        self._environment = dict(environment)
        self._instead = instead
        self._printed: str | None = None
        for name in LINKED:
            (folder / name).symlink_to(ROOT / name)
        (folder / ".venv").symlink_to(sys.prefix)

    def check(self) -> None:
        """Do what every block says, from the first to the last."""
        evaluators = {language: getattr(self, f"_{language}") for language in LANGUAGES}
        parsers = [CodeBlockParser(language, evaluator) for language, evaluator in evaluators.items()]
        for example in Document.parse(str(self.path), *parsers).examples():
            example.evaluate()

    def _where(self, example: Example) -> str:
        return f"{self.path}:{example.line}"

    def _source(self, example: Example) -> str:
        source = str(example.parsed)
        for said, meant in self._instead.items():
            source = source.replace(said, meant)
        return source

    def _run(self, command: list[str], example: Example) -> None:
        ended = subprocess.run(
            command,
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=BLOCK_SECONDS_MAX,
            check=False,
        )
        assert ended.returncode == 0, f"{self._where(example)} ends with {ended.returncode}\n{ended.stdout}"
        self._printed = ended.stdout
        if SENDS.search(str(example.parsed)):
            self._settle()

    def _bash(self, example: Example) -> None:
        state = self._folder / ".exported"
        before = f". {state}\n" if state.exists() else ""
        after = f"\nexport -p > {state}\n"
        self._run(["bash", "-euo", "pipefail", "-c", before + self._source(example) + after], example)

    def _python(self, example: Example) -> None:
        source = self._source(example)
        named = SAVED.match(source)
        path = self._folder / (named[1] if named else "block.py")
        path.write_text(source, encoding="utf-8")
        if named is None:
            self._run([sys.executable, str(path)], example)

    def _text(self, example: Example) -> None:
        if self._printed is not None:
            wanted = str(example.parsed)
            checker, shown = doctest.OutputChecker(), doctest.Example("", wanted)
            if not checker.check_output(wanted, self._printed, ELLIPSIS):
                raise AssertionError(
                    f"{self._where(example)}: " + checker.output_difference(shown, self._printed, ELLIPSIS)
                )
        self._printed = None

    def _json(self, example: Example) -> None:
        self._printed = None
        value = json.loads(str(example.parsed))
        answers = [{"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas()}} for name in ANSWERS]
        contracts = [json_schema(model) for model in MODELS.values()]
        kept = any(Draft202012Validator(schema).is_valid(value) for schema in (*contracts, *answers))
        assert kept, f"{self._where(example)} keeps no contract"

    def _yaml(self, example: Example) -> None:
        self._printed = None
        yaml.safe_load(str(example.parsed))

    def _ini(self, example: Example) -> None:
        self._printed = None
        unit = configparser.ConfigParser(interpolation=None)
        unit.optionxform = str
        unit.read_string(str(example.parsed))
        self._look_up(unit["Service"]["ExecStart"].replace("%i", "9464"), example)

    def _story(self, example: Example) -> None:
        self._printed = None

    def _console(self, example: Example) -> None:
        self._printed = None
        for line in str(example.parsed).replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                self._look_up(line.removeprefix("$ "), example)

    def _look_up(self, line: str, example: Example) -> None:
        try:
            check_command(shlex.split(line, comments=True))
        except (AssertionError, click.UsageError) as error:
            raise AssertionError(f"{self._where(example)}: {line}\n{error}") from None


def check_command(words: list[str]) -> None:
    """Whether a command exists and takes what it is given. Nothing is run.

    Raises AssertionError, click.UsageError.
    """
    while words and re.match(r"[A-Z_]+=", words[0]):
        words = words[1:]
    end = next((i for i, word in enumerate(words) if word in END_OF_COMMAND), len(words))
    program, arguments, rest = words[0], words[1:end], words[end + 1 :]
    if program.endswith("muster"):
        check_muster(main, arguments)
    elif program == "make":
        targets = makefile_targets()
        assert all(word in targets or "=" in word for word in arguments), "no such target"
    elif program == "docker":
        check_compose(arguments)
    else:
        assert program in OTHER_PROGRAMS, "a program that the tests do not know"
    if words[end : end + 1] in (["&&"], [";"]):
        check_command(rest)


def is_command(span: str) -> bool:
    """Whether `muster ...` or `make ...` in running text names what exists; words in capitals stand for something."""
    program, first, *_ = [*re.split(r"[ =|]", span), ""]
    if program == "make":
        return first in makefile_targets()
    command: click.Command | None = main
    with click.Context(main, info_name="muster") as context:
        for name in re.findall(r"[\w-]+", span)[1:]:
            member = command.get_command(context, name) if isinstance(command, click.Group) else None
            if member is None:
                break
            command = member
    placeholder = first.isupper() or first.startswith("-")
    return (command is not main or placeholder) and set(re.findall(r" (--[\w-]+)", span)) <= options_of(command)


def options_of(command: click.Command) -> set[str]:
    """Of the command and, for a group, of all its members."""
    with click.Context(command, info_name=command.name) as context:
        own = {option for parameter in command.get_params(context) for option in parameter.opts}
        names = command.list_commands(context) if isinstance(command, click.Group) and command is not main else []
        return own.union(*(options_of(command.get_command(context, name)) for name in names))


def makefile_targets() -> list[str]:
    return re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def check_muster(command: click.Command, arguments: list[str], parent: click.Context | None = None) -> None:
    """Let click read the arguments of a command, down to the last group's member."""
    context = command.make_context(command.name, list(arguments), parent)
    if isinstance(command, click.Group):
        name, member, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert member is not None, name
        check_muster(member, rest, context)


def check_compose(arguments: list[str]) -> None:
    """`docker compose`: its options that we use, and services of our file."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    assert arguments[0] == "compose"
    for word in arguments[1:]:
        name, equals, _ = word.partition("=")
        known = word in {"up", "down", "logs", "ps", "--build", "-d", "--volumes", "--scale", "--follow"}
        assert known or name in services, f"{word}: no service, and no option that we use"
        assert not equals or name in services
