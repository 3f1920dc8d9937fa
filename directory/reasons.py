"""Why a listing was suggested: one to four short reasons in a patient's words, each true of the listing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from directory.lexical import terms
from directory.needs import need_reason
from directory.places import Place
from directory.prices import stays_free
from directory.query import Query
from directory.records import Listing
from directory.service import DAY_NAMES
from directory.text import words
from directory.vocabulary import all_keys, keys_of, label, wanted_key
from directory.wording import Wishes

MOST_REASONS = 4
NEAR_KM = 5.0
# How much of the question must point to a need before it is given as the reason.
_NEED_IN_QUESTION = 0.18
# How much of a listing's text must, when the listing states no needs itself.
_NEED_IN_LISTING = 0.30


def reasons(
    listing: Listing,
    query: Query,
    wishes: Wishes,
    place: Place | None,
    distance_km: float | None,
    question_needs: Sequence[tuple[str, float]],
    listing_needs: dict[str, float],
) -> tuple[str, ...]:
    """What the patient asked for comes first, then what else speaks for it.

    `question_needs` are (need, share) of the question, highest first; `listing_needs` the shares of the
    listing's text.
    """
    said: list[str] = []
    for need in [*query.needs, *(need for need, share in question_needs[:3] if share >= _NEED_IN_QUESTION)]:
        stated = need in listing.needs or (
            not listing.needs and listing_needs.get(need, 0) >= _NEED_IN_LISTING
        )
        reason = need_reason(need) if stated else None
        if reason:
            said.append(reason)
    said = list(dict.fromkeys(said))[:2]
    if place is not None and distance_km is not None and distance_km <= NEAR_KM:
        said.append(f"near {place.name}")
    if listing.is_free and (query.cost_free or wishes.free):
        said.append(_free(listing))
    said += [f"on {DAY_NAMES[day]}s" for day in listing.days if day in (*query.days, *wishes.days)][:2]
    asked_for = {wanted_key("audience", word) for word in query.audience} | set(wishes.audience)
    for value in listing.audience:
        if keys_of("audience", value) & asked_for:
            said.append(f"for {value}")
    spoken = {wanted_key("languages", word) for word in query.languages} | set(wishes.languages)
    said += [f"in {value}" for value in listing.languages if keys_of("languages", value) & spoken]
    offered = all_keys("access", listing.access)
    wanted = dict.fromkeys([*(wanted_key("access", word) for word in query.access), *wishes.access])
    said += [label(key) for key in wanted if key in offered]
    if listing.online in ("yes", "both") and (query.online or wishes.online):
        said.append("online")
    if query.bring_someone and listing.takes_company:
        said.append("you can bring someone")
    if query.wait_weeks is not None and listing.wait_weeks is not None and listing.wait_weeks <= query.wait_weeks:
        said.append(f"a wait of {listing.wait_weeks} week{'s' * (listing.wait_weeks > 1)}" if listing.wait_weeks else "no wait")
    said = list(dict.fromkeys(said))
    if len(said) < 2:
        said += _mentions(listing, query)
    if len(said) < 2 and listing.is_free and _free(listing) not in said:
        said.append(_free(listing))
    if not said:
        said.append("the nearest in meaning we have" if query.text else _in_itself(listing))
    return tuple(said[:MOST_REASONS])


def _in_itself(listing: Listing) -> str:
    """What a listing is for, where nothing was asked that it could answer."""
    own = next((reason for reason in map(need_reason, listing.needs) if reason), None)
    return own or (f"in {listing.town}" if listing.town else "checked by the practice's team")


def _free(listing: Listing) -> str:
    """'Free', or how many sessions are when it costs something afterwards."""
    if not listing.free_sessions or stays_free(listing.cost_afterwards or (listing.cost if listing.cost_amount else None)):
        return "free"
    return f"{listing.free_sessions} free sessions" if listing.free_sessions > 1 else "first session free"


def _mentions(listing: Listing, query: Query) -> list[str]:
    """The patient's own word where it stands in the listing's name: a text holds words like 'never', which say nothing."""
    held = set(words(listing.name))
    own = [word for word in words(query.text) if word in held and len(word) > 3 and terms(word)]
    return [f"about {word}" for word in sorted(dict.fromkeys(own), key=len, reverse=True)[:1]]


def top_needs(shares: np.ndarray | None, ids: Sequence[str]) -> list[tuple[str, float]]:
    """(need, share) by share, highest first; empty without a question."""
    if shares is None:
        return []
    return [(ids[i], float(shares[i])) for i in np.argsort(-shares)[:5]]
