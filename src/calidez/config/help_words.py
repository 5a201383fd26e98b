"""What the library of the command line says by itself, said in the reader's language: the frame of a help text, and its refusals.

The library writes most of it as plain English, so it is known by what it looks like; what is not known stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from calidez.config.speech import gettext as _
from calidez.config.speech import gettext_noop

if TYPE_CHECKING:
    from typer._click.core import Context as PlainContext
    from typer._click.exceptions import UsageError
    from typer._click.formatting import HelpFormatter
else:
    # Where these lie changes between versions of the library, and a command has to start with any of them.
    PlainContext = TyperCommand.context_class
    HelpFormatter = PlainContext.formatter_class
    UsageError = typer.BadParameter.__bases__[0]

# Headings, kinds of values and what stands in the line of usage, each as the library writes it.
WORDS = {
    "Arguments": gettext_noop("Arguments"),
    "Options": gettext_noop("Options"),
    "Commands": gettext_noop("Commands"),
    "[OPTIONS]": gettext_noop("[OPTIONS]"),
    "COMMAND [ARGS]...": gettext_noop("COMMAND …"),
    "<str>": gettext_noop("<text>"),
    "<list[str]>": gettext_noop("<text>"),
    "<int>": gettext_noop("<number>"),
    "<int range>": gettext_noop("<number>"),
    "<path>": gettext_noop("<path>"),
    "Show this message and exit.": gettext_noop("Show this text and end."),
    "[required]": gettext_noop("[required]"),
    "[default: ": gettext_noop("[default: "),
}
_WORD = re.compile("|".join(re.escape(word) for word in WORDS))
REFUSALS = (
    (
        r"No such option: (?P<name>\S+) \(Possible options: (?P<near>.+)\)",
        gettext_noop("There is no option %(name)s. Did you mean %(near)s?"),
    ),
    (r"No such option: (?P<name>\S+)", gettext_noop("There is no option %(name)s.")),
    (
        r"No such command '(?P<name>.+?)'\. Did you mean (?P<near>.+)\?",
        gettext_noop("There is no command %(name)s. Did you mean %(near)s?"),
    ),
    (r"No such command '(?P<name>.+)'\.", gettext_noop("There is no command %(name)s.")),
    (r"Missing command\.", gettext_noop("Name a command.")),
    (r"Missing argument '(?P<name>.+)'\.", gettext_noop("Something is missing: %(name)s.")),
    (r"Missing option '(?P<name>.+)'\.", gettext_noop("The option %(name)s is missing.")),
    (r"Option '(?P<name>.+)' requires an argument\.", gettext_noop("The option %(name)s needs a value.")),
    (r"Option '(?P<name>.+)' does not take a value\.", gettext_noop("The option %(name)s takes no value.")),
    (
        r"Got unexpected extra argument\(s\) \((?P<rest>.*)\)",
        gettext_noop("This is too much, or lacks quotation marks: %(rest)s"),
    ),
    (
        r"Invalid value for '(?P<name>.+)': Input should be less than or equal to (?P<bound>.+)",
        gettext_noop("%(name)s can be at most %(bound)s."),
    ),
    (
        r"Invalid value for '(?P<name>.+)': Input should be greater than or equal to (?P<bound>.+)",
        gettext_noop("%(name)s can be at least %(bound)s."),
    ),
    (
        r"Invalid value for '(?P<name>.+)': Input should be a valid integer.*",
        gettext_noop("%(name)s must be a whole number."),
    ),
)


class Formatter(HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _said(re.sub("[{}]", "", args)), _("Usage: "))

    def write_heading(self, heading: str) -> None:
        super().write_heading(_said(heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(_said(first), _said(second)) for first, second in rows], col_max, col_spacing)


class Context(PlainContext):
    formatter_class = Formatter


class Refusal(UsageError):
    """With the way to the help of the command in which something was wrong."""

    def __init__(self, error: UsageError, ctx: PlainContext) -> None:
        super().__init__(_refusal(error.format_message()), error.ctx or ctx)

    def show(self, file: IO[Any] | None = None) -> None:
        assert self.ctx is not None
        typer.echo(f"{self.ctx.get_usage()}\n", file=file, err=True)
        typer.secho(self.message, fg="red", file=file, err=True)
        typer.echo(
            _("More with: %(command)s") % {"command": f"{self.ctx.command_path} --help"}, file=file, err=True
        )


class Command(TyperCommand):
    context_class = Context

    def parse_args(self, ctx: PlainContext, args: list[str]) -> list[str]:
        with _refusing(ctx):
            return super().parse_args(ctx, args)


class Group(TyperGroup):
    context_class = Context

    def parse_args(self, ctx: PlainContext, args: list[str]) -> list[str]:
        if not args:  # the help text, which comes as if it were a refusal
            return super().parse_args(ctx, args)
        with _refusing(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: PlainContext) -> Any:
        with _refusing(ctx):
            return super().invoke(ctx)


class Commands(typer.Typer):
    """A group of commands that all speak so."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            cls=Group,
            no_args_is_help=True,
            add_completion=False,
            pretty_exceptions_enable=False,
            rich_markup_mode=None,
            **options,
        )

    def command(self, name: str | None = None, **options: Any) -> Any:  # type: ignore[override]
        return super().command(name, cls=Command, **options)


@contextmanager
def _refusing(ctx: PlainContext) -> Iterator[None]:
    try:
        yield
    except Refusal:
        raise
    except UsageError as error:
        raise Refusal(error, ctx) from None


def _refusal(text: str) -> str:
    for pattern, sentence in REFUSALS:
        if found := re.fullmatch(pattern, text):
            return _(sentence) % {name: given.replace("'", "") for name, given in found.groupdict().items()}
    return text


def _said(text: str) -> str:
    return _WORD.sub(lambda found: _(WORDS[found[0]]), text)
