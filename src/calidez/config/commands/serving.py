"""Set up and serve: the sample, the tables, web processes and workers."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer

from calidez.config import speech, terminal
from calidez.config.commands.shared import Host, Language
from calidez.config.help_words import Commands
from calidez.config.speech import gettext as _
from calidez.config.starting import (
    bring_up_to_date,
    make_if_new,
    need_alone,
    need_migrated,
    need_port,
    start,
    told,
)

commands = Commands()
Port = Annotated[int, typer.Option(help=_("Port to listen on."), min=1, max=65535)]


@commands.command(help=_("Load the sample organisation, show one login per role, and serve it."))
@told
def demo(
    language: Language = None,
    port: Port = 8000,
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", help=_("Serve when it is loaded."))] = True,
) -> None:
    if serve_it:
        need_port("127.0.0.1", port)
    start(speech.spoken())
    from calidez.config import serving

    if serve_it:
        need_alone()
    bring_up_to_date()
    serving.collect_static()
    with terminal.progress(_("Loading the sample organisation")):
        from calidez.samples.services import load_sample

        logins = load_sample(language=speech.spoken())
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


@commands.command(help=_("Run the web server and, unless told otherwise, the worker for background jobs."))
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
    start(speech.spoken())
    make_if_new()
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


@commands.command(help=_("Run background jobs until told to stop; several may run beside each other."))
@told
def worker(
    once: Annotated[bool, typer.Option(help=_("Run what is due, then end."))] = False,
    language: Language = None,
) -> None:
    start(speech.spoken())
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


@commands.command(help=_("Create or update the database's tables."))
@told
def migrate(language: Language = None) -> None:
    start(speech.spoken())
    typer.echo(
        _("The database is up to date.")
        if not bring_up_to_date()
        else _("The database was brought up to date.")
    )
