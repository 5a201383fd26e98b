"""Controlled documents: what holds, in which version, approved by whom and read by whom (ISO 9001, 7.5)."""

from calidez.documents.models.approvals import Approval
from calidez.documents.models.documents import Approver, Document, DocumentKind
from calidez.documents.models.readings import Acknowledgement
from calidez.documents.models.versions import DocumentVersion, only_documents

__all__ = [
    "Acknowledgement",
    "Approval",
    "Approver",
    "Document",
    "DocumentKind",
    "DocumentVersion",
    "only_documents",
]
