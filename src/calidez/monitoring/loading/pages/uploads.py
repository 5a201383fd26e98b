"""The browser's file goes straight to its place on the disk, and stops arriving once it is too large."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.loading import services as imports


class TakenIn(UploadedFile):
    """What the form sees of a file that already lies where it belongs."""

    def __init__(self, received: imports.Received) -> None:
        super().__init__(file=None, name=received.name, size=received.size)
        self.received = received


class IntoUploads(FileUploadHandler):
    """`refusal` says why nothing came in; `drop()` forgets a file that no import took."""

    chunk_size = 1 << 20

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.refusal: RuleBroken | None = None
        self._receiver: imports.Receiver | None = None

    def new_file(self, *arguments: Any, **values: Any) -> None:
        super().new_file(*arguments, **values)
        self.drop()
        self._guarded(self._begin)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        receiver = self._receiver
        if receiver is not None:
            self._guarded(lambda: receiver.write(raw_data))
        if self.refusal is not None:
            # Without a reset Django reads the rest and forgets it, so that the browser hears the answer.
            raise StopUpload(connection_reset=False)

    def file_complete(self, file_size: int) -> TakenIn | None:
        receiver = self._receiver
        if receiver is None:
            return None
        received = self._guarded(receiver.finish)
        return None if received is None else TakenIn(received)

    def upload_interrupted(self) -> None:
        self.drop()

    def keep(self) -> None:
        """The file now belongs to an import."""
        self._receiver = None

    def drop(self) -> None:
        if self._receiver is not None:
            self._receiver.discard()
            self._receiver = None

    def _begin(self) -> None:
        self._receiver = imports.Receiver(self.file_name or "")

    def _guarded(self, work: Any) -> Any:
        try:
            return work()
        except RuleBroken as refusal:
            self.refusal = refusal
            self.drop()
            return None
