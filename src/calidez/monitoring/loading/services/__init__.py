"""The way of a file into a dataset: taken in, looked at, said what it means, checked, loaded, measured."""

from calidez.monitoring.loading.services.checking import (
    CHECK_JOB,
    CHECK_WHILE_WAITING,
    Decision,
    check,
    check_in_background,
    check_or_queue,
    recognised,
    resolve_branches,
    skip_alike,
)
from calidez.monitoring.loading.services.columns import Choice, parts_of, schema_for_existing, schema_for_new
from calidez.monitoring.loading.services.direct import import_file
from calidez.monitoring.loading.services.discarding import discard, discard_unfinished
from calidez.monitoring.loading.services.loading import measure_loaded, run_load, show_progress, start_load
from calidez.monitoring.loading.services.mapping import (
    MANY_COLUMNS,
    Proposal,
    choices_for,
    choose_columns,
    confirm_mapping,
    earlier_import,
    propose,
    proposed_code,
    proposed_name,
    targets,
)
from calidez.monitoring.loading.services.plans import units_below
from calidez.monitoring.loading.services.pushing import Pushed, check_and_load, from_arrow, push
from calidez.monitoring.loading.services.reading import (
    LOOK_JOB,
    confirm_reading,
    look_at,
    look_in_background,
    look_or_queue,
    profile_of,
)
from calidez.monitoring.loading.services.uploads import (
    Received,
    Receiver,
    begin,
    forget_file,
    receive,
    receive_upload,
    too_large,
)

__all__ = [
    "CHECK_JOB",
    "CHECK_WHILE_WAITING",
    "LOOK_JOB",
    "MANY_COLUMNS",
    "Choice",
    "Decision",
    "Proposal",
    "Pushed",
    "Received",
    "Receiver",
    "begin",
    "check",
    "check_and_load",
    "check_in_background",
    "check_or_queue",
    "choices_for",
    "choose_columns",
    "confirm_mapping",
    "confirm_reading",
    "discard",
    "discard_unfinished",
    "earlier_import",
    "forget_file",
    "from_arrow",
    "import_file",
    "look_at",
    "look_in_background",
    "look_or_queue",
    "measure_loaded",
    "parts_of",
    "profile_of",
    "propose",
    "proposed_code",
    "proposed_name",
    "push",
    "receive",
    "receive_upload",
    "recognised",
    "resolve_branches",
    "run_load",
    "schema_for_existing",
    "schema_for_new",
    "show_progress",
    "skip_alike",
    "start_load",
    "targets",
    "too_large",
    "units_below",
]
