"""The command `calidez`: everything that an operator does, each mistake answered by one sentence."""

from __future__ import annotations

from calidez.config.commands import backups, facts, packs, people, serving, soundness
from calidez.config.commands.shared import choose_language
from calidez.config.help_words import Commands
from calidez.config.speech import gettext as _

app = Commands(
    help=_("Service quality management: promise, measure and improve what your customers receive.")
)
app.callback()(choose_language)
for part in (serving, facts, packs, backups, soundness):
    app.registered_commands += part.commands.registered_commands
app.add_typer(people.commands, name="user")


def main() -> None:
    app()


if __name__ == "__main__":
    main()
