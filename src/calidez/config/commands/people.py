"""Accounts from the command line, for the first one and for emergencies."""

from __future__ import annotations

from typing import Annotated

import typer

from calidez.config import speech, terminal
from calidez.config.commands.shared import Language, choose_language
from calidez.config.help_words import Commands
from calidez.config.speech import gettext as _
from calidez.config.starting import Sentence, need_migrated, start, told

commands = Commands(help=_("Accounts: create, change password, list."))
commands.callback()(choose_language)


@commands.command(help=_("Create an account; the first one also founds the organisation."))
@told
def create(
    email: Annotated[str, typer.Argument(metavar=_("E-MAIL"), help=_("E-mail, used to sign in."))],
    name: Annotated[str, typer.Option(help=_("Name of the person."))],
    role: Annotated[
        str, typer.Option(help=_("Role, such as administrator or quality_manager."))
    ] = "employee",
    unit: Annotated[
        str | None, typer.Option(help=_("Code of the unit (default: the whole organisation)."))
    ] = None,
    organisation: Annotated[
        str | None, typer.Option(help=_("Name of the organisation; only for the first account."))
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(help=_("Password; asked for when it is not given.")),
    ] = None,
    language: Language = None,
) -> None:
    start(speech.spoken())
    need_migrated()
    from calidez.config import accounts

    if accounts.founded():
        accounts.need_role(role)
    elif not organisation:
        raise Sentence(_("This is the first account: name the organisation too, with --organisation."))
    chosen = password or terminal.ask_secret(_("Password"), twice=True)
    if accounts.founded():
        accounts.create(
            email=email, name=name, role=role, unit=unit, language=speech.spoken(), password=chosen
        )
    else:
        accounts.found(str(organisation), email=email, name=name, language=speech.spoken(), password=chosen)
        typer.echo(_("The first account is the administrator's, whatever role was named."))
    typer.echo(_("%(email)s can sign in now.") % {"email": email})


@commands.command(name="password", help=_("Set a new password."))
@told
def set_password(
    email: Annotated[str, typer.Argument(metavar=_("E-MAIL"), help=_("E-mail of the account."))],
    password: Annotated[str | None, typer.Option(help=_("Password; asked for when it is not given."))] = None,
    language: Language = None,
) -> None:
    start(speech.spoken())
    need_migrated()
    from calidez.config import accounts

    person = accounts.find(email)
    accounts.set_password(person, password or terminal.ask_secret(_("Password"), twice=True))
    typer.echo(_("The password of %(email)s was changed.") % {"email": person.email})


@commands.command(name="list", help=_("List the accounts and their roles."))
@told
def list_accounts(language: Language = None) -> None:
    start(speech.spoken())
    need_migrated()
    from calidez.config import accounts

    terminal.show_table(
        _("Accounts"),
        (_("Name"), _("E-mail"), _("Unit"), _("Roles"), _("Can sign in")),
        [
            (a.name, a.email, a.unit, ", ".join(a.roles) or "–", _("yes") if a.active else _("no"))
            for a in accounts.all_accounts()
        ],
    )
