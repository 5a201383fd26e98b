"""The command `calidez`: everything that an operator does, each mistake answered by one sentence."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

from calidez.config import speech, terminal
from calidez.config.help_words import Commands
from calidez.config.speech import gettext as _
from calidez.config.starting import (
    Sentence,
    bring_up_to_date,
    need_alone,
    need_migrated,
    need_port,
    start,
    told,
)

LANGUAGE = speech.choose(sys.argv[1:])
speech.speak(LANGUAGE)

app = Commands(
    help=_("Service quality management: promise, measure and improve what your customers receive.")
)
people = Commands(help=_("Accounts: create, change password, list."))
app.add_typer(people, name="user")

Language = Annotated[str | None, typer.Option(help=_("Language of texts and sample: es or en."))]
Host = Annotated[str, typer.Option(help=_("Address to listen on; 0.0.0.0 for all."))]
UnitCode = Annotated[
    str | None, typer.Option("--unit", help=_("Code of the unit (default: the whole organisation)."))
]
Acting = Annotated[
    str | None, typer.Option("--as", help=_("E-mail of who does it (default: an administrator)."))
]
Identity = Annotated[
    Path | None, typer.Option(help=_("File with the private key of age that opens the archive."))
]
Passphrase = Annotated[
    bool,
    typer.Option("--passphrase", help=_("Ask for a passphrase (or take that of CALIDEZ_BACKUP_PASSPHRASE).")),
]
PassphraseFile = Annotated[Path | None, typer.Option(help=_("File whose first line is the passphrase."))]
Port = Annotated[int, typer.Option(help=_("Port to listen on."), min=1, max=65535)]


def main() -> None:
    app()


@app.callback()
@people.callback()
def choose_language(language: Language = None) -> None:
    pass  # `speech.choose` has read it already, wherever it stands


@app.command(help=_("Load the sample organisation, show one login per role, and serve it."))
@told
def demo(
    language: Language = None,
    port: Port = 8000,
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", help=_("Serve when it is loaded."))] = True,
) -> None:
    if serve_it:
        need_port("127.0.0.1", port)
    start(LANGUAGE)
    from calidez.config import serving

    if serve_it:
        need_alone()
    bring_up_to_date()
    serving.collect_static()
    with terminal.progress(_("Loading the sample organisation")):
        from calidez.samples.services import load_sample

        logins = load_sample(language=LANGUAGE)
    terminal.show_table(
        _("One login for each role"),
        (_("Role"), _("E-mail"), _("Password")),
        [(str(login.role), login.email, login.password) for login in logins],
    )
    if serve_it:
        typer.echo(
            _("Open %(address)s in the browser. Ctrl-C ends it.") % {"address": f"http://127.0.0.1:{port}"}
        )
        serving.serve("127.0.0.1", port)


@app.command(help=_("Run the web server and, unless told otherwise, the worker for background jobs."))
@told
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[
        int | None, typer.Option(help=_("Web processes (default: one per core)."), min=1)
    ] = None,
    worker: Annotated[bool, typer.Option(help=_("Run background jobs too."))] = True,
    beside: Annotated[
        bool, typer.Option("--beside", help=_("Serve although another server uses the data folder."))
    ] = False,
    language: Language = None,
) -> None:
    need_port(host, port)
    start(LANGUAGE)
    need_migrated()
    from calidez.config import serving

    if not beside:
        need_alone()
    serving.collect_static()
    typer.echo(_("Serving on %(address)s. Ctrl-C ends it.") % {"address": f"http://{host}:{port}"})
    _greet(f"http://{host}:{port}")
    serving.serve(host, port, workers=workers, with_jobs=worker, beside=beside)


def _greet(address: str) -> None:
    """Who starts an installation that nobody has founded gets the code that lets them."""
    from calidez.config import accounts
    from calidez.config.welcome.code import setup_code

    if not accounts.founded():
        code = setup_code()
        typer.echo(
            _("There is no organisation yet. Found it here: %(address)s (setup code %(code)s)")
            % {"address": f"{address}/welcome/?code={code}", "code": code}
        )


@app.command(help=_("Run background jobs until told to stop; several may run beside each other."))
@told
def worker(
    once: Annotated[bool, typer.Option(help=_("Run what is due, then end."))] = False,
    language: Language = None,
) -> None:
    start(LANGUAGE)
    need_migrated()
    from calidez.config.operating import working
    from calidez.config.watching import stop_with_parent
    from calidez.kit.platform.jobs.worker import run_worker

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_ignored: stop.set())
    stop_with_parent(stop)
    with working.seen():
        run_worker(once=once, stop=stop)


@app.command(name="import", help=_("Load a file of service facts into a dataset."))
@told
def import_file(
    file: Annotated[
        Path, typer.Argument(metavar=_("FILE"), help=_("The file: CSV, XLSX, Parquet or JSON lines."))
    ],
    dataset: Annotated[str, typer.Option(help=_("Code of the dataset that receives the rows."))],
    mapping: Annotated[
        Path | None,
        typer.Option(help=_("JSON file that says what the columns mean (default: as the last time).")),
    ] = None,
    acting: Annotated[
        str | None, typer.Option("--as", help=_("E-mail of who loads it (default: an administrator)."))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Check the file and load nothing."))] = False,
    language: Language = None,
) -> None:
    for path in filter(None, (file, mapping)):
        if not path.is_file():
            raise Sentence(_("There is no file %(path)s.") % {"path": path})
    start(LANGUAGE)
    need_migrated()
    from calidez.config import accounts
    from calidez.engine.report import LoadReport
    from calidez.monitoring.loading import services as imports

    columns = _columns(mapping) if mapping else None
    by = accounts.find(acting) if acting else accounts.administrator()
    with terminal.progress(_("Loading %(file)s") % {"file": file.name}):
        done = imports.import_file(file.resolve(), dataset=dataset, mapping=columns, dry_run=dry_run, by=by)
    report = LoadReport.from_json(done.report)
    terminal.show_report(report, dry_run=dry_run)
    if report.rows_loaded and not dry_run:
        typer.echo(_("The worker computes the indicators; to do it now: calidez measure"))
    if report.rows_read and report.rows_rejected == report.rows_read:
        raise typer.Exit(1)


@app.command(help=_("Compute indicators: those with new facts, one, or all of them."))
@told
def measure(
    indicator: Annotated[str | None, typer.Option(help=_("Code of the only indicator to compute."))] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=_("Compute also those without new facts."))
    ] = False,
    language: Language = None,
) -> None:
    start(LANGUAGE)
    need_migrated()
    from calidez.monitoring.models import Indicator
    from calidez.monitoring.services import measure as compute
    from calidez.monitoring.services import measure_new

    chosen = Indicator.objects.filter(state=Indicator.State.ACTIVE)
    if indicator:
        chosen = Indicator.objects.filter(code=indicator)
        if not chosen.exists():
            raise Sentence(_("There is no indicator with the code %(code)s.") % {"code": indicator})
    with terminal.progress(_("Computing indicators")):
        measured = compute(chosen) if everything or indicator else measure_new(chosen)
    typer.echo(_("%(count)s charts were measured anew.") % {"count": terminal.number(measured)})


@app.command(name="packs", help=_("List the starter packs: a policy, standards and indicators of a sector."))
@told
def list_packs(language: Language = None) -> None:
    start(LANGUAGE)
    from calidez.config import packs

    terminal.show_table(
        _("Starter packs"),
        (_("Key"), _("Name"), _("What it brings")),
        packs.shipped(),
    )
    typer.echo(_("To load one: calidez import-pack KEY"))


@app.command(name="import-pack", help=_("Load a starter pack into a unit; loading it again changes nothing."))
@told
def import_pack(
    source: Annotated[
        str, typer.Argument(metavar=_("PACK"), help=_("A file in YAML, or the key of a shipped pack."))
    ],
    unit: UnitCode = None,
    acting: Acting = None,
    language: Language = None,
) -> None:
    start(LANGUAGE)
    need_migrated()
    from calidez.config import packs

    if source.endswith((".yaml", ".yml")) and not Path(source).is_file():
        raise Sentence(_("There is no file %(path)s.") % {"path": source})
    done = packs.load(source, unit=unit, acting=acting, language=LANGUAGE)
    terminal.show_table(
        _("What the starter pack brought"),
        (_("Kind"), _("Created"), _("Already there"), _("Left out")),
        packs.rows(done),
    )
    for why in dict.fromkeys(line.why for line in done.lines if line.why):
        typer.secho(why, fg="yellow")


@app.command(help=_("Write what a unit has as a starter pack: policy, standards, indicators, objectives."))
@told
def export(
    output: Annotated[
        Path | None, typer.Argument(metavar=_("FILE"), help=_("The file to write (default: the terminal)."))
    ] = None,
    unit: UnitCode = None,
    pack: Annotated[str, typer.Option(help=_("Key of the pack (default: from the unit's name)."))] = "",
    acting: Acting = None,
    language: Language = None,
) -> None:
    start(LANGUAGE)
    need_migrated()
    from calidez.config import packs

    text = packs.export(unit=unit, acting=acting, key=pack)
    if output is None:
        typer.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    typer.echo(_("Written: %(path)s") % {"path": output})


@app.command(help=_("Walk the audit trail and name the first broken link."))
@told
def verify(
    head: Annotated[str, typer.Option(help=_("A head noted earlier, on paper or in a report."))] = "",
    events: Annotated[int | None, typer.Option(help=_("The number of events noted with it."))] = None,
    accept: Annotated[
        str | None,
        typer.Option(
            help=_("Why events are missing, such as an older copy put back; the trail says so ever after.")
        ),
    ] = None,
    acting: Acting = None,
    language: Language = None,
) -> None:
    start(LANGUAGE)
    need_migrated()
    from calidez.config import trail
    from calidez.kit.core import verification

    trail.need_noted(head, events)
    if accept is not None:
        typer.echo(trail.accept(accept, acting))
        return
    for line in trail.told(verification.verify(expected_head=head, expected_events=events)):
        typer.echo(line)


@app.command(help=_("Write one archive of database, datasets, files and keys, while people work."))
@told
def backup(
    file: Annotated[
        Path, typer.Argument(metavar=_("FILE"), help=_("The archive to write, such as calidez.tar."))
    ],
    recipient: Annotated[
        list[str] | None,
        typer.Option(help=_("Encrypt it to this public key of age (age1…); may be given several times.")),
    ] = None,
    passphrase: Passphrase = False,
    passphrase_file: PassphraseFile = None,
    identity: Identity = None,
    force: Annotated[bool, typer.Option("--force", help=_("Replace a file of this name."))] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help=_("Only read an archive that is there, and say whether it is whole.")),
    ] = False,
    language: Language = None,
) -> None:
    from calidez.config import copies
    from calidez.config.visiting import visiting

    if recipient and (passphrase or passphrase_file) and not check:
        raise Sentence(_("Choose one: encrypt to a public key with --recipient, or by a passphrase."))
    if check:
        with visiting(LANGUAGE):
            copies.check(file, copies.keys(identity, passphrase=passphrase, file=passphrase_file))
        return
    start(LANGUAGE)
    lock = copies.lock(recipient or (), passphrase=passphrase, file=passphrase_file)
    copies.back_up(file, lock, replace=force)


@app.command(help=_("Fill an empty data folder and an empty database from an archive."))
@told
def restore(
    file: Annotated[
        Path, typer.Argument(metavar=_("FILE"), help=_("The archive that calidez backup wrote."))
    ],
    identity: Identity = None,
    passphrase: Passphrase = False,
    passphrase_file: PassphraseFile = None,
    begin_again: Annotated[
        bool,
        typer.Option("--begin-again", help=_("Empty a place where a restore broke off, and begin anew.")),
    ] = False,
    language: Language = None,
) -> None:
    from calidez.config import copies
    from calidez.config.visiting import visiting

    with visiting(LANGUAGE, half_restored=True):
        keys = copies.keys(identity, passphrase=passphrase, file=passphrase_file)
        done = copies.restore(file, keys, begin_again=begin_again)
    copies.show_restored(done, LANGUAGE)


@app.command(
    help=_("Check settings, database, data, files, mail and port, with a sentence for each mistake.")
)
@told
def check(
    deep: Annotated[
        bool, typer.Option("--deep", help=_("Read every byte of database, datasets and files."))
    ] = False,
    port: Annotated[
        int | None, typer.Option(help=_("Also whether this port can be served."), min=1, max=65535)
    ] = None,
    host: Host = "127.0.0.1",
    send_to: Annotated[str, typer.Option(help=_("Send a test mail to this address."))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=_("Answer in JSON, for programs."))] = False,
    language: Language = None,
) -> None:
    from calidez.config import checking
    from calidez.config.examining.asked import Asked

    looked = checking.look(Asked(deep, host, port or 0, send_to), LANGUAGE)
    typer.echo(looked.as_json() if as_json else looked.in_colours())
    if not looked.sound:
        raise typer.Exit(1)


@app.command(help=_("Create or update the database's tables."))
@told
def migrate(language: Language = None) -> None:
    start(LANGUAGE)
    typer.echo(
        _("The database is up to date.")
        if not bring_up_to_date()
        else _("The database was brought up to date.")
    )


@people.command(help=_("Create an account; the first one also founds the organisation."))
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
    start(LANGUAGE)
    need_migrated()
    from calidez.config import accounts

    if accounts.founded():
        accounts.need_role(role)
    elif not organisation:
        raise Sentence(_("This is the first account: name the organisation too, with --organisation."))
    chosen = password or terminal.ask_secret(_("Password"), twice=True)
    if accounts.founded():
        accounts.create(email=email, name=name, role=role, unit=unit, language=LANGUAGE, password=chosen)
    else:
        accounts.found(str(organisation), email=email, name=name, language=LANGUAGE, password=chosen)
    typer.echo(_("%(email)s can sign in now.") % {"email": email})


@people.command(name="password", help=_("Set a new password."))
@told
def set_password(
    email: Annotated[str, typer.Argument(metavar=_("E-MAIL"), help=_("E-mail of the account."))],
    password: Annotated[str | None, typer.Option(help=_("Password; asked for when it is not given."))] = None,
    language: Language = None,
) -> None:
    start(LANGUAGE)
    need_migrated()
    from calidez.config import accounts

    person = accounts.find(email)
    accounts.set_password(person, password or terminal.ask_secret(_("Password"), twice=True))
    typer.echo(_("The password of %(email)s was changed.") % {"email": person.email})


@people.command(name="list", help=_("List the accounts and their roles."))
@told
def list_accounts(language: Language = None) -> None:
    start(LANGUAGE)
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


def _columns(mapping: Path) -> Any:
    from calidez.engine.errors import EngineError
    from calidez.engine.given_json import read_json
    from calidez.engine.schema import Schema
    from calidez.monitoring.measuring.definitions import sentence

    try:
        return Schema.from_json(read_json(mapping.read_bytes()))
    except (EngineError, OSError) as error:
        reason = sentence(error) if isinstance(error, EngineError) else error
        raise Sentence(
            _("The mapping %(path)s cannot be read: %(reason)s") % {"path": mapping, "reason": reason}
        ) from None


if __name__ == "__main__":
    main()
