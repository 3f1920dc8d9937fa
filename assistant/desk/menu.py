"""The console's menu: what stands at the top of every page, for those whose role opens it."""

from __future__ import annotations

from assistant.desk.roles import Staff

# (address under /navigator, words, the power it needs or None), in the order a day is worked: the first are used daily.
MENU: tuple[tuple[str, str, str | None], ...] = (
    ("/", "Inbox", "conversations"),
    ("/calls", "Calls", "calls"),
    ("/patients", "Patients", "conversations"),
    ("/tasks", "Tasks", "conversations"),
    ("/referrals", "Referrals", "conversations"),
    ("/directory", "Directory", None),
    ("/signpost", "Signpost", "directory"),
    ("/people", "Find a person", "people"),
    ("/replies", "Ready replies", "conversations"),
    ("/not-understood", "Not understood", "conversations"),
    ("/reports", "Reports", "oversight"),
    ("/privacy", "Privacy", "people"),
    ("/activity", "Who did what", "oversight"),
    ("/accounts", "Accounts", "oversight"),
    ("/help", "Help", None),
)
OWN_ACTIVITY = ("/activity", "What I did")  # for those who may read only their own
IN_SIGHT = 6  # so many stand in one row beside the name; the rest is under "More"

Pages = list[tuple[str, str]]


def menu_for(who: Staff) -> tuple[Pages, Pages]:
    """(address, words) of the pages this person may open: those in sight, and those under "More" where there are too many."""
    shown = []
    for address, words, power in MENU:
        if power is None or who.may(power):
            shown.append((address, words))
        elif address == OWN_ACTIVITY[0]:
            shown.append(OWN_ACTIVITY)
    return shown[:IN_SIGHT], shown[IN_SIGHT:]


# The directory's own pages, in its second line.
DIRECTORY: tuple[tuple[str, str, str | None], ...] = (
    ("", "Search", None),
    ("/new", "Add a listing", "listings"),
    ("/import", "Import a file", "listings"),
    ("/asking", "Still right?", None),
    ("/reports", "Said to be wrong", None),
    ("/duplicates", "Likely doubles", None),
    ("/quality", "What is missing", None),
)


def directory_pages(who: Staff) -> list[tuple[str, str]]:
    """(address under /navigator/directory, words) of the pages this person may open."""
    return [(address, words) for address, words, power in DIRECTORY if power is None or who.may(power)]
