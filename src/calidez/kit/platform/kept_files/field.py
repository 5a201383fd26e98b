"""A file that is part of a record, as a contract or a drawing: kept under its digest like all files here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files import File
from django.core.files.storage import Storage
from django.db import models
from django.utils.deconstruct import deconstructible

from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.kept_files import store
from calidez.kit.platform.kept_files.names import clean_name
from calidez.kit.platform.kept_files.sniffing import HEAD, media_type


@deconstructible
class KeptFiles(Storage):
    """What is kept is named by digest and name, “3f…/contract.pdf”; it is never overwritten, and deleted by nobody here."""

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        name = clean_name(name or "")
        return f"{store.keep(_chunks(content), name).sha256}/{name}"

    def _open(self, name: str, mode: str = "rb") -> File:
        return File(store.path_of(name.partition("/")[0]).open("rb"), name)

    def exists(self, name: str) -> bool:
        return store.path_of(name.partition("/")[0]).exists()

    def size(self, name: str) -> int:
        return store.path_of(name.partition("/")[0]).stat().st_size

    def delete(self, name: str) -> None:
        """The same bytes may stand beside another record."""


class KeptFile(models.fields.files.FieldFile):
    """`called` is the name that people gave it, `sha256` the digest of its content."""

    @property
    def sha256(self) -> str:
        return (self.name or "").partition("/")[0] if self._committed else ""  # type: ignore[attr-defined]

    @property
    def called(self) -> str:
        name = self.name or ""
        return name.partition("/")[2] if self._committed else clean_name(name)  # type: ignore[attr-defined]

    @property
    def media_type(self) -> str:
        """By its content, also before it is kept; nothing where the bytes are gone."""
        try:
            with _kept(self) if self._committed else _Still(self.file) as handle:  # type: ignore[attr-defined]
                return media_type(handle.read(HEAD), self.called)
        except FileNotFoundError:
            return ""


class KeptFileField(models.FileField):
    """One file of the record itself; files beside it are `kit.files`."""

    attr_class = KeptFile

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options["storage"] = KeptFiles()
        options.setdefault("max_length", 330)
        super().__init__(*arguments, **options)

    def deconstruct(self) -> Any:
        name, path, arguments, options = super().deconstruct()
        options.pop("storage", None)
        return name, path, arguments, options

    def generate_filename(self, instance: Any, filename: Any) -> str:
        return clean_name(str(filename))

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        try:
            return super().pre_save(model_instance, add)
        except RuleBroken as refusal:
            raise RuleBroken(refusal.sentence, field=self.name) from refusal


class _Still:
    """Looked into without losing the place: it is written away afterwards."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def __enter__(self) -> Any:
        self.file.seek(0)
        return self.file

    def __exit__(self, *_error: Any) -> None:
        self.file.seek(0)


def _kept(file: KeptFile) -> File:
    return file.storage.open(file.name or "")


def _chunks(content: Any) -> Iterable[bytes]:
    return content.chunks() if hasattr(content, "chunks") else File(content).chunks()
