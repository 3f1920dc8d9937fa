"""Plain words for what the desk shows: risks, tasks, states, wishes, check-in questions, times and numbers."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from assistant.clock import LONDON, clock
from assistant.conversations.risk_words import RISKS
from directory.needs import need_label

_ORDER = {risk: place for place, risk in enumerate(RISKS)}
WATCHED = frozenset({"domestic_abuse", "domestic_abuse_covert"})
TASKS = {
    "no_contact": "Nobody has been in touch",
    "feedback": "Feedback",
    "appointment": "Appointment",
    "message": "Message",
    "call": "Would like a call",
    "unmet_need": "Nothing suitable found",
    "no_answer": "Could not be reached",
    "erase": "Asked to be erased",
    "follow_up": "To do",
    "referral": "Referral",
    "closing": "Closing questions",
}
STATES = {"bot": "With the helper", "waiting": "Waiting for a person", "live": "With a navigator", "closed": "Closed"}
CHANNELS = {"web": "Web chat", "sms": "Text messages", "desk": "Added by the team"}
SENDERS = {"patient": "Patient", "bot": "Helper (bot)", "navigator": "Navigator", "system": "Notice"}
CALL_STATUS = {"booked": "Booked", "done": "Done", "missed": "Missed", "moved": "Moved", "cancelled": "Cancelled"}
WISHES = {
    "where": "Where", "place": "Where", "when": "When", "day": "When", "part_of_day": "When", "cost": "Cost",
    "travel": "Getting there", "access_needs": "Access", "access": "Access", "language": "Language",
    "audience": "Who with", "company": "Company", "age": "Age", "online": "Online", "not_wanted": "Would rather not",
    "in_own_words": "In their own words", "is": "Says they are", "moves": "Getting about", "nearer": "Nearer than, in km",
}  # fmt: skip
DAYS = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
    "sun": "Sunday",
}  # fmt: skip
# The questions as the patient read them (facts/safety.md, section 4): answers mean nothing beside other words.
WELLBEING = {
    "ons_satisfied": "Overall, how satisfied are you with your life nowadays?",
    "ons_worthwhile": "Overall, to what extent do you feel that the things you do in your life are worthwhile?",
    "ons_happy": "Overall, how happy did you feel yesterday?",
    "ons_anxious": (
        'On a scale where 0 is "not at all anxious" and 10 is "completely anxious", overall, how anxious did you feel '
        "yesterday?"
    ),
    "lonely_companionship": "How often do you feel that you lack companionship?",
    "lonely_left_out": "How often do you feel left out?",
    "lonely_isolated": "How often do you feel isolated from others?",
    "lonely_often": "How often do you feel lonely?",
}
ACTIONS = {
    "sign_in": "Signed in", "sign_in.failed": "A sign-in that did not match", "sign_out": "Signed out",
    "account.added": "Account made", "account.disabled": "Account closed", "account.reset": "Account reset",
    "account.locked": "Account locked after five tries", "account.changed": "Changed an account's role or practice",
    "account.opened": "Account opened again", "account.codes_made": "Made new recovery codes",
    "account.code_used": "Used a recovery code", "account.password_changed": "Changed their password",
    "account.app_changed": "Changed their authenticator app", "account.ended_sign_ins": "Signed out everywhere",
    "account.linked": "Linked an account to a sign-in elsewhere", "accounts.read": "Looked at the accounts",
    "sign_in.confirmed": "Confirmed who they are", "activity.exported": "Took the record as a file",
    "inbox.read": "Opened the inbox",
    "conversation.read": "Read a conversation", "conversation.claimed": "Took over a conversation",
    "conversation.replied": "Answered the patient", "conversation.noted": "Left a private note",
    "conversation.handed_back": "Handed back to the helper", "conversation.closed": "Closed a conversation",
    "conversation.released": "Conversation let go: console not seen",
    "conversation.erased": "Erased a conversation at the patient's wish",
    "transcript.read": "Took a transcript", "person.found": "Found a person in a search",
    "people.searched": "Searched for a person", "flag.acknowledged": "Acknowledged a safety flag",
    "conversation.passed_on": "Passed a conversation to a colleague",
    "reply.saved": "Saved a ready reply", "reply.removed": "Removed a ready reply",
    "call.booked": "Booked a call or meeting", "call.calendar": "Took the calendar file of a call", "call.slip": "Printed the slip of a call",
    "task.done": "Marked a task as done", "calls.read": "Opened the calls", "call.done": "Marked a call as done",
    "call.missed": "Marked a call as missed", "call.cancelled": "Cancelled a call",
    "activity.read": "Looked at who did what", "missed.read": "Looked at what was not understood",
    "missed.ignored": "Put a message aside", "missed.shown": "Brought back a message put aside",
    "example.added": "Made a message an example", "example.removed": "Took an example back",
    "flag.alerted": "Alerted again: a safety flag not acknowledged in time", "hold.set": "Set a safeguarding hold",
    "hold.lifted": "Lifted a safeguarding hold", "objection.noted": "Noted an objection",
    "objection.withdrawn": "Noted that an objection was withdrawn", "data.read": "Opened what is held about a person",
    "data.exported": "Exported a person's data", "data.erased": "Erased a person",
    "conversation.expired": "A conversation went by its age", "record.expired": "A closed record went by its age",
    "retention.run": "Deleted what was past its time", "audit.cut": "Let go of the oldest lines of this record",
    "patients.read": "Opened the caseload", "patient.read": "Read a patient's page", "patient.printed": "Printed a patient's page",
    "patient.added": "Added a patient", "patient.edited": "Changed a patient's details", "patient.closed": "Closed a case",
    "patient.reopened": "Opened a case again", "patient.assigned": "Gave a case to a navigator", "patient.noted": "Left a note on a patient",
    "patient.merged": "Made two records one", "patient.unmerged": "Took a merge back", "patient.moved": "Moved a conversation to a person",
    "patient.moved_back": "Took a moved conversation back", "tasks.read": "Opened the tasks", "task.added": "Added a task",
    "task.undone": "Put a task back on the list", "task.given": "Changed a task's day or owner",
    "caseload.read": "Looked at what a colleague has", "account.handed_over": "Handed over a colleague's cases",
    "signpost.printed": "Printed a list of places", "signpost.texted": "Texted a list of places", "signpost.undone": "Took a signpost back",
    "referrals.read": "Opened the referrals", "referral.read": "Opened a referral", "referral.begun": "Began a referral",
    "referral.made": "Referred a patient", "referral.letter": "Opened a letter to a service", "referral.withdrawn": "Took a referral back",
    "referral.closed": "Closed a referral", "referral.reopened": "Opened a referral again", "referral.session": "Noted a session",
    "referral.accepted": "Noted a service's yes or day", "referral.declined": "Noted a service's no",
    "referral.news": "Settled news for a referrer",
    "answer.drafted": "Drafted an answer", "answer.removed": "Took a drafted answer back",
    "reports.read": "Opened the reports", "report.exported": "Downloaded a table of the reports",
    "newsletter.read": "Made the newsletter",
    "closing.asked": "Asked the closing questions", "wellbeing.typed": "Typed in wellbeing answers", "wellbeing.read": "Read wellbeing answers",
}  # fmt: skip


def urgency(risk: str) -> int:
    """Its place in RISKS; what is not known there comes last."""
    return _ORDER.get(risk, len(_ORDER))


def tier(risks: list[str]) -> int:
    """0 for emergencies, where minutes count; 1 for what somebody must read today; 2 for the rest."""
    first = min(map(urgency, risks), default=len(_ORDER))
    return 0 if first < _ORDER["suicide_ideation"] else 1 if first < _ORDER["homeless_tonight"] else 2


def risks_in_words(risks: list[str] | None) -> str:
    """'Abuse at home; A child's safety', each route once; the hidden way of saying it covers the plain."""
    told = [risk for risk in risks or [] if not (risk == "domestic_abuse" and "domestic_abuse_covert" in (risks or []))]
    return "; ".join(dict.fromkeys(RISKS.get(risk, risk.replace("_", " ")) for risk in told))


def day_only(moment: datetime) -> str:
    """'Tue 24 Nov'; another year is named."""
    local = moment.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b}" + (f" {local.year}" if local.year != clock.today().year else "")


def iso_day(moment: datetime | None) -> str:
    """'2026-11-24' in England, for a field of a form."""
    return moment.astimezone(LONDON).date().isoformat() if moment else ""


def person(row: Any) -> str:
    """A conversation's person by name, or who they are to us without one."""
    return row.person_name or ("Someone by text" if row.channel == "sms" else "Someone on the web chat")


def clock_time(moment: datetime) -> str:
    """'10.05am' in England."""
    return moment.astimezone(LONDON).strftime("%I.%M%p").lstrip("0").lower()


def day_and_time(moment: datetime) -> str:
    """'10.05am' of today, else 'Tue 24 Nov, 10.05am'; another year is named."""
    local, today = moment.astimezone(LONDON), clock.today()
    if local.date() == today:
        return clock_time(moment)
    year = f" {local.year}" if local.year != today.year else ""
    return f"{local:%a} {local.day} {local:%b}{year}, {clock_time(moment)}"


def day_name(moment: datetime) -> str:
    """'Today', 'Tomorrow', or 'Tuesday 24 November'."""
    local, today = moment.astimezone(LONDON).date(), clock.today()
    if local == today:
        return "Today"
    if local == today + timedelta(days=1):
        return "Tomorrow"
    return f"{local:%A} {local.day} {local:%B}"


def ago(moment: datetime | None) -> str:
    """How long since, as said aloud: 'just now', '3 minutes', '2 hours', '4 days'."""
    if moment is None:
        return ""
    minutes = int((clock.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    for size, word in ((60 * 24, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {word}{'s' if count != 1 else ''}"
    return ""


def wished(value: Any) -> str:
    """A wish as it was given: lists joined, day names in full, yes and no for true and false."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (list, tuple)):
        return ", ".join(wished(one) for one in value)
    text = str(value)
    return DAYS.get(text) or text.replace("_", " ")


def phone(number: str | None) -> str:
    """+447700900123 as 07700 900123, the way people here write it."""
    if not number:
        return ""
    if number.startswith("+44"):
        number = "0" + number[3:]
    return f"{number[:5]} {number[5:]}" if len(number) == 11 and number.isdigit() else number


def has_begun(moment: datetime) -> bool:
    """Whether the time of a call has come."""
    return moment <= clock.now()


def by_day(rows: list[Any]) -> list[tuple[str, list[Any]]]:
    """Calls under the name of their day, in the order given."""
    return [(day, list(group)) for day, group in groupby(rows, key=lambda row: day_name(row.starts_at))]


def uk_date(iso: str | None) -> str:
    """'2026-11-24' as '24 November 2026'."""
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"


def miles(km: float) -> str:
    """Kilometres as the miles people here think in."""
    return f"{km * 0.621371:.1f} miles"


def with_start(link: dict[str, Any], start: int) -> str:
    """The query of the same search, from another result on."""
    return urlencode({**{key: value for key, value in link.items() if value}, "start": start})


def as_query(link: dict[str, Any]) -> str:
    """The query of an address; what is empty is left out."""
    return urlencode({key: value for key, value in link.items() if value})


def in_london(moment: datetime) -> datetime:
    """As a clock on a wall in England shows it."""
    return moment.astimezone(LONDON)


def sentence_case(words: str) -> str:
    """A capital for the first letter; 'ADHD' keeps its own."""
    return words[:1].upper() + words[1:]


def need_options(needs: tuple[Any, ...]) -> list[tuple[str, str]]:
    """(id, label) of each need, in the order of the alphabet."""
    return sorted(((need.id, sentence_case(need.label)) for need in needs), key=lambda pair: pair[1])


def safe_to(answer: bool | None, picture: dict[str, Any] | None = None) -> str:
    """Yes, No, or not known: never taken for a yes. `picture` tells a question that was skipped from one never asked."""
    if answer is None:
        return "Asked, no answer" if (picture or {}).get("safe_to_text") == "skipped" else "Not asked yet"
    return "Yes" if answer else "No"


def within_miles(choices: tuple[int, ...]) -> list[tuple[int, str]]:
    """(miles, words) for a list to choose from."""
    return [(many, f"{many} mile{'s' if many != 1 else ''}") for many in choices]


def as_utc(moment: datetime) -> datetime:
    """A moment of the directory's tables, which keep UTC without saying so."""
    return moment.replace(tzinfo=timezone.utc)


def need_words(needs: tuple[str, ...]) -> str:
    """Ids of needs in words."""
    return ", ".join(sentence_case(need_label(need)) for need in needs)
