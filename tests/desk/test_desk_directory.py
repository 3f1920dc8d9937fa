"""The directory for staff: every status with the reason it is hidden, as JSON and as a page."""

from __future__ import annotations

from datetime import date

import pytest

from directory.query import Match, Query, SearchResult
from directory.records import Listing
from directory.visibility import Policy, visibility

TODAY = date(2026, 11, 23)
GOOD = {"accredited_by": "Linkway", "accredited_until": date(2027, 6, 1), "checked_on": date(2026, 11, 1)}
LISTINGS = [
    Listing("L1", "Tuesday Kettle", "Tea and talk", needs=("loneliness",), postcode="LU2 7AA", **GOOD),
    Listing("L2", "Full House Choir", "Singing", status="full", **GOOD),
    Listing("L3", "Lapsed Lunch", "Lunch", accredited_by="Linkway", accredited_until=date(2026, 1, 1)),
    Listing("L4", "Nobody Vouched", "<b>Something</b>"),
]


class FewListings:
    """Answers like the directory, from four listings, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Query] = []

    def search(self, query: Query) -> SearchResult:
        self.asked.append(query)
        query.days, query.hours  # noqa: B018 - raise for a day or time that is none, as the directory does
        found = [x for x in LISTINGS if not query.status or query.status in (x.status, self.hidden(x))]
        page = found[query.offset : query.offset + query.limit]
        return SearchResult(len(found), tuple(self.match(x) for x in page), relaxed=("day",) if query.day else ())

    def get(self, identifier: str, viewer: str = "patient") -> Match | None:
        return next((self.match(x) for x in LISTINGS if x.id == identifier), None)

    def hidden(self, listing: Listing) -> str | None:
        reason = visibility(listing, TODAY, Policy())
        return reason.value if reason else None

    def match(self, listing: Listing) -> Match:
        return Match(listing, 0.5, ("near you",), 1.2, visibility(listing, TODAY, Policy()))


@pytest.fixture
def directory(house):
    house.directory = FewListings()
    return house.directory


def test_the_api_gives_every_status_with_the_reason(at_desk, directory):
    answer = at_desk("amina").get("/api/v1/staff/directory/search", params={"q": "tea", "near": "LU2", "day": "tue"})
    body = answer.json()
    assert answer.status_code == 200 and body["total"] == 4 and body["relaxed"] == ["day"]
    assert [s["hidden"] for s in body["results"]] == [None, "full", "lapsed", "unaccredited"]
    assert body["results"][2]["hidden_reason"] and body["results"][0]["status"] == "open"
    asked = directory.asked[0]
    assert (asked.viewer, asked.text, asked.near, asked.day) == ("staff", "tea", "LU2", ("tue",))


@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": 101}, {"day": "someday"}, {"status": "odd"}, {"time": "late"}, {"q": "x" * 501},
               {"need": ["x"] * 9}, {"need": " "}, {"age": 200}],
)  # fmt: skip
def test_the_api_names_what_is_wrong(at_desk, directory, params):
    answer = at_desk("amina").get("/api/v1/staff/directory/search", params=params)
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_without_a_directory_it_says_so(at_desk):
    desk = at_desk("amina")
    assert desk.get("/api/v1/staff/directory/search").status_code == 503
    assert "cannot be searched just now" in desk.look("/directory").text


def test_the_page_shows_hidden_listings_with_the_reason(at_desk, directory):
    page = at_desk("edith").look("/directory").text
    assert "Tuesday Kettle" in page and page.count("Hidden from patients.") == 3
    assert "renew it" in page and "&lt;b&gt;Something" in page and "4 listings" in page


def test_filters_reach_the_search_and_stay_in_the_form(at_desk, directory):
    desk = at_desk("amina")
    page = desk.look("/directory", q="tea", near="LU2", need="loneliness", cost="free", online="no", status="lapsed").text
    asked = directory.asked[0]
    assert (asked.text, asked.near, asked.needs, asked.cost_free, asked.online, asked.status) == (
        "tea", "LU2", ("loneliness",), True, False, "lapsed",
    )  # fmt: skip
    assert '<option value="lapsed" selected>' in page and 'value="tea"' in page and "1 listing" in page


def test_htmx_gets_the_results_alone(at_desk, directory):
    answer = at_desk("amina").get("/navigator/directory", params={"q": "tea"}, headers={"hx-request": "true"})
    assert answer.text.lstrip().startswith('<section id="results"') and "<html" not in answer.text


def test_a_status_that_is_none_is_an_error_page(at_desk, directory):
    answer = at_desk("amina").look("/directory", status="odd")
    assert answer.status_code == 422 and "Choose one of" in answer.text
