"""All tables of kit in one place, where Django looks for them; each is declared with its topic."""

from calidez.kit.core.events import AuditEvent, AuditMention, AuditSeal
from calidez.kit.core.record import Record, Sequence
from calidez.kit.desk.comments.models import Comment
from calidez.kit.desk.drafts.models import Draft
from calidez.kit.desk.files.models import Attachment
from calidez.kit.desk.inbox.models import CalendarFeed, DailyMail, Delegation, Reminder, Snooze, WaitingCount
from calidez.kit.desk.notifications.models import DailyWish, Notification, NotificationWish
from calidez.kit.desk.runs.models import Run, RunOutcome
from calidez.kit.desk.saved_views.models import FirstView, SavedView
from calidez.kit.desk.search.models import SearchCursor, SearchEntry, SearchPosting, SearchTerm
from calidez.kit.faces.api.models import ApiAnswer, ApiToken
from calidez.kit.faces.webhooks.models import WebhookEndpoint, WebhookMessage
from calidez.kit.platform.jobs.models import Job, Schedule
from calidez.kit.platform.mail.models import Mail
from calidez.kit.platform.preferences.models import Preference
from calidez.kit.platform.rates import ApiUse

__all__ = [
    "ApiAnswer",
    "ApiToken",
    "ApiUse",
    "Attachment",
    "AuditEvent",
    "AuditMention",
    "AuditSeal",
    "CalendarFeed",
    "Comment",
    "DailyMail",
    "DailyWish",
    "Delegation",
    "Draft",
    "FirstView",
    "Job",
    "Mail",
    "Notification",
    "NotificationWish",
    "Preference",
    "Record",
    "Reminder",
    "Run",
    "RunOutcome",
    "SavedView",
    "Schedule",
    "SearchCursor",
    "SearchEntry",
    "SearchPosting",
    "SearchTerm",
    "Sequence",
    "Snooze",
    "WaitingCount",
    "WebhookEndpoint",
    "WebhookMessage",
]
