"""The directory's pages at the desk: decisions with undo, adding and editing, importing, doubles, reports, asking."""

from __future__ import annotations

import re
from datetime import date

import pytest
from directory_light import a_listing, shelve

from assistant.clock import clock
from assistant.secret import secret_key
from assistant.store.database import reading, transaction
from directory import asking, reports, store, uploads
from directory.records import Listing

KETTLE = a_listing(
    "kettle", "Tuesday Kettle", provider="Bellfounder Neighbours", postcode="LU1 2BG", latitude=51.879, longitude=-0.414, cost="free",
    days=("tue",), phone="01632 960200", email="hello@bellfounder.example.org",
)  # fmt: skip
CHOIR = a_listing("choir", "Full Voice Choir", latitude=51.9, longitude=-0.43, cost="£3", provider="Hopyard Rooms")
BARE = Listing("bare", "Nobody Vouched", "<b>Something</b> & more", source="council")


@pytest.fixture
def shelf(house, tmp_path):
    house.directory = shelve(house.engine, tmp_path, clock.today, KETTLE, CHOIR, BARE)
    return house.directory


def now(house, identifier="kettle"):
    return store.get_listing(house.engine, identifier)


def follow(desk, answer):
    assert answer.status_code == 303, answer.text[:2000]
    return desk.get(answer.headers["location"]).text


def press(desk, where, /, **fields):
    return desk.post(f"/navigator/directory{where}", data={**fields, "csrf": desk.csrf}, follow_redirects=False)


def test_every_page_opens_and_only_editors_and_managers_may_change(at_desk, shelf):
    amina = at_desk("amina")
    for page in ("", "/listings/kettle", "/quality", "/quality?kind=unaccredited", "/quality.csv", "/asking", "/reports", "/duplicates",
                 "/compare?id=kettle&id=choir", "/print?id=kettle"):  # fmt: skip
        assert amina.get(f"/navigator/directory{page}").status_code == 200, page
    for page in ("/new", "/import", "/listings/kettle/edit"):
        assert amina.look(f"/directory{page}").status_code == 403
    assert "Suspend" not in amina.look("/directory/listings/kettle").text
    for act in ("accredit", "renew", "suspend", "lift", "checked", "open", "full", "paused", "closed"):
        assert press(amina, f"/listings/kettle/{act}", why="x", body="x").status_code == 403
    for address in ("/new", "/listings/kettle/edit", "/listings/kettle/changes/1/take-back", "/duplicates/merge", "/duplicates/apart",
                    "/duplicates/kettle/undo", "/asking/kettle/sent", "/reports/1/resolved", "/import", "/import/x/do", "/import/x/drop"):  # fmt: skip
        assert press(amina, address).status_code == 403, address
    edith = at_desk("edith")
    assert edith.look("/directory/new").status_code == edith.look("/directory/import").status_code == 200
    assert edith.post("/navigator/directory/listings/kettle/full").status_code == 403, "no token"


@pytest.mark.parametrize(
    ("act", "fields", "changed"),
    [
        ("suspend", {"why": "Complaint about the hall"}, {"suspended": "Complaint about the hall"}),
        ("full", {}, {"status": "full"}), ("closed", {}, {"status": "closed"}), ("paused", {}, {"status": "paused"}),
        ("checked", {}, {"checked_on": date(2026, 11, 23)}),
        ("renew", {"until": "2028-01-31"}, {"accredited_until": date(2028, 1, 31)}),
        ("accredit", {"body": "New Panel", "until": "31/12/2027"}, {"accredited_by": "New Panel", "accredited_until": date(2027, 12, 31)}),
    ],
)  # fmt: skip
def test_each_decision_is_one_press_with_who_and_why_and_is_undone_with_one(house, at_desk, shelf, act, fields, changed):
    edith, before = at_desk("edith"), now(house)
    page = follow(edith, press(edith, f"/listings/kettle/{act}", **fields))
    assert {name: getattr(now(house), name) for name in changed} == changed
    line = store.history(house.engine, "kettle")[0]
    assert line["by"] == "Edith Moss (edith)" and line["why"] == fields.get("why") and line["at"] == clock.now().replace(tzinfo=None)
    visible = shelf.get("kettle") is not None
    assert visible == (act in ("checked", "renew", "accredit")), "the search knows at once"
    assert ">Undo<" in page
    follow(edith, press(edith, f"/listings/kettle/changes/{line['id']}/take-back"))
    assert now(house) == before and shelf.get("kettle") is not None
    assert store.history(house.engine, "kettle")[0]["action"] == "taken back"


@pytest.mark.parametrize(
    ("act", "fields", "words"),
    [
        ("suspend", {}, "Say why it is suspended"),
        ("suspend", {"why": "x" * 301}, "Keep the reason to 300"),
        ("accredit", {"body": " "}, "Who accredits it?"),
        ("accredit", {"body": "Panel", "until": "2026-11-23"}, "must be after today"),
        ("accredit", {"body": "Panel", "until": "2099-01-01"}, "check the year"),
        ("accredit", {"body": "<i>Panel", "until": "soon"}, "Not a date we can read"),
        ("renew", {"until": "2027-01-01"}, "accredited until 31/05/2027 already"),
    ],
)  # fmt: skip
def test_a_decision_that_cannot_be_names_the_fix_and_keeps_what_was_typed(house, at_desk, shelf, act, fields, words):
    answer = press(at_desk("edith"), f"/listings/kettle/{act}", **fields)
    assert answer.status_code == 422 and words in answer.text and now(house) == KETTLE
    if "<i>" in fields.get("body", ""):
        assert "&lt;i&gt;Panel" in answer.text and "<i>Panel" not in answer.text


def test_the_same_twice_changes_nothing_and_a_change_made_over_is_not_taken_back(house, at_desk, shelf):
    edith = at_desk("edith")
    follow(edith, press(edith, "/listings/kettle/full"))
    first = store.history(house.engine, "kettle")[0]["id"]
    assert "it stood so already" in follow(edith, press(edith, "/listings/kettle/full"))
    press(edith, "/listings/kettle/closed")
    answer = press(edith, f"/listings/kettle/changes/{first}/take-back")
    assert answer.status_code == 409 and "Changed again since: status" in answer.text and now(house).status == "closed"
    assert press(edith, f"/listings/choir/changes/{first}/take-back").status_code == 404
    assert press(edith, "/listings/kettle/changes/9999/take-back").status_code == 404
    assert press(edith, "/listings/nobody/full").status_code == 404


def form(page):
    """What the form on a page would send: boxes, areas, chosen options and ticks."""
    out = dict(re.findall(r'<input (?:id="[^"]*" )?(?:type="hidden" )?name="([a-z_]+)" value="([^"]*)"', page))
    out |= {name: text for name, text in re.findall(r'<textarea id="f-[a-z_]+" name="([a-z_]+)"[^>]*>([^<]*)</textarea>', page)}
    out |= {name: value for name, value in re.findall(r'<select id="f-[a-z_]+" name="([a-z_]+)"[^>]*>.*?<option value="([^"]*)" selected', page)}
    out["needs"] = re.findall(r'name="needs" value="([a-z_]+)" checked', page)
    out.pop("csrf", None)
    return {name: text.replace("&#39;", "'").replace("&amp;", "&") if isinstance(text, str) else text for name, text in out.items()}


def test_editing_shows_a_look_first_then_keeps_and_changes_only_what_was_changed(house, at_desk, shelf):
    edith = at_desk("edith")
    values = form(edith.look("/directory/listings/kettle/edit").text)
    values.update(cost="£2 a visit", needs=["loneliness"])
    look = press(edith, "/listings/kettle/edit", **values, step="look")
    assert look.status_code == 200 and "What a patient would see" in look.text and now(house) == KETTLE
    page = follow(edith, press(edith, "/listings/kettle/edit", **values, step="keep"))
    assert now(house) == KETTLE.with_changes(cost="£2 a visit", cost_amount=2.0, needs=("loneliness",))
    assert "Edited." in page and "£2 a visit" in page


def test_errors_stand_beside_the_fields_and_nothing_typed_is_lost(house, at_desk, shelf):
    edith = at_desk("edith")
    values = form(edith.look("/directory/listings/kettle/edit").text)
    values.update(email="not an address", latitude="95", longitude="0", days="Blursday", description="y" * 50_000, provider="<script>alert(1)</script>Me")
    answer = press(edith, "/listings/kettle/edit", **values, step="keep")
    assert answer.status_code == 422 and now(house) == KETTLE
    for name in ("email", "latitude", "days", "description"):
        assert f'id="fault-{name}"' in answer.text
    assert "50,000 characters is too long" in answer.text and "y" * 50_000 in answer.text and "not an address" in answer.text
    assert "<script>alert" not in answer.text and "&lt;script&gt;" in answer.text


def test_two_who_edit_at_once_are_shown_both_versions(house, at_desk, shelf):
    edith, grace = at_desk("edith"), at_desk("grace")
    hers, theirs = form(edith.look("/directory/listings/kettle/edit").text), form(grace.look("/directory/listings/kettle/edit").text)
    follow(grace, press(grace, "/listings/kettle/edit", **{**theirs, "cost": "£5"}, step="keep"))
    answer = press(edith, "/listings/kettle/edit", **{**hers, "cost": "£9"}, step="keep")
    assert answer.status_code == 409 and "Somebody changed this listing" in answer.text
    assert "£5" in answer.text and 'value="£9"' in answer.text and now(house).cost == "£5"
    follow(edith, press(edith, "/listings/kettle/edit", **{**form(answer.text), "cost": "£9"}, step="keep"))
    assert now(house).cost == "£9"


def test_a_new_listing_is_looked_at_kept_once_and_hidden_until_accredited(house, at_desk, shelf):
    edith = at_desk("edith")
    values = {"name": "Chess at the Rooms", "description": "Chess for all.", "postcode": "lu12bg", "status": "open"}
    assert "Nothing yet:" in press(edith, "/new", **values, step="look").text and store.count(house.engine) == 3
    where = press(edith, "/new", **values, step="keep").headers["location"]
    again = press(edith, "/new", **values, step="keep")
    assert again.status_code == 409 and "may be here already" in again.text
    made = now(house, where.rsplit("/", 1)[1])
    assert made.postcode == "LU1 2BG" and made.latitude and made.source == "desk" and store.count(house.engine) == 4
    assert shelf.get(made.id) is None
    twin = press(edith, "/new", name="Tuesday Kettle", description=KETTLE.description, provider="Bellfounder Neighbours", postcode="LU1 2BG", step="keep")
    assert "may be here already" in twin.text and "It is another one: keep it" in twin.text


FILE = (
    'id,name,description,cost,checked_on\nkettle,Tuesday Kettle,"Tuesday Kettle meets for tea and a chat.",£1,\n'
    "new,=cmd|' /C calc'!A0,Chat,,\nfresh,Fresh Group,<script>alert(1)</script>Walks,,9.3.26\n"
).encode("cp1252")


def upload(desk, data, name="council.csv", **fields):
    return desk.post("/navigator/directory/import", data={"csrf": desk.csrf, **fields}, files={"file": (name, data, "text/csv")}, follow_redirects=False)


def test_a_file_is_looked_at_first_then_brought_in_once_and_not_kept(house, at_desk, shelf):
    edith = at_desk("edith")
    page = upload(edith, FILE, source="Council", accredited_by="Lea Panel", accredited_until="2027-06-30")
    text = follow(edith, page)
    assert "<b>1</b> added" in text and "<b>1</b> changed" in text and "spreadsheet formula" in text and "free</td><td>£1" in text
    assert "<script>alert" not in text and now(house).cost == "free"
    where = page.headers["location"].removeprefix("/navigator/directory")
    assert "<b>1</b> added" in follow(edith, press(edith, f"{where}/do"))
    follow(edith, press(edith, f"{where}/do"))
    kettle = now(house)
    assert kettle.cost == "£1" and (kettle.accredited_by, kettle.phone, kettle.checked_on) == ("Lea Panel", "01632 960200", date(2026, 11, 1))
    assert shelf.get("fresh").listing.checked_on == date(2026, 3, 9), "the search knows"
    row = uploads.upload(house.engine, where.rsplit("/", 1)[1])
    assert row.state == "done" and not row.here and len(store.history(house.engine, "fresh")) == 1
    clock.shift(days=2)
    assert uploads.forget_old(house.engine, clock.now()) == 1


@pytest.mark.parametrize(
    ("data", "fields", "words"),
    [
        (b"", {}, "There is nothing in it"), (FILE, {"accredited_until": "2027-01-01"}, "Say who accredits them"),
        (FILE, {"accredited_by": "P", "accredited_until": "never"}, "Not a date"), (FILE, {"source": "x" * 200}, "up to 190"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_says_why(at_desk, shelf, data, fields, words):
    answer = upload(at_desk("edith"), data, **fields)
    assert answer.status_code == 422 and words in answer.text


@pytest.mark.parametrize("data", [b"PK\x03\x04zip", b"\x00\xff\xfe\x00" * 50, b"a,b\n1,2\n", "name,description\nA".encode("utf-16")])
def test_files_that_are_no_rows_change_nothing(house, at_desk, shelf, data):
    edith = at_desk("edith")
    text = follow(edith, upload(edith, data))
    assert "left out for faults" in text and "There is nothing to do" in text and store.count(house.engine) == 3


def test_a_suspension_is_not_lifted_by_a_file(house, at_desk, shelf):
    edith = at_desk("edith")
    follow(edith, press(edith, "/listings/kettle/suspend", why="Insurance ran out"))
    page = upload(edith, b"id,name,description,status\nkettle,Tuesday Kettle,Better than ever,open\n", accredited_by="Somebody")
    follow(edith, press(edith, page.headers["location"].removeprefix("/navigator/directory") + "/do"))
    assert now(house).description == "Better than ever" and now(house).suspended == "Insurance ran out" and shelf.get("kettle") is None


TWIN = KETTLE.with_changes(id="twin", name="Tuesday Kettle!", schedule="Every Tuesday at ten", cost="£1", cost_amount=1.0, source="council")


def test_doubles_are_merged_with_chosen_values_the_old_id_leads_on_and_all_is_undone(house, at_desk, shelf):
    store.save(house.engine, TWIN, by="test")
    edith = at_desk("edith")
    page = edith.look("/directory/duplicates").text
    assert "There is 1 pair" in page and "same provider, same place, same phone, same name" in page
    fields = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("keep", "drop", "seen")}
    stays, goes = fields["keep"], fields["drop"]
    assert press(edith, "/duplicates/merge", **{**fields, "seen": "old"}).status_code == 409
    assert "Merged." in follow(edith, press(edith, "/duplicates/merge", **fields, take=["cost"]))
    assert shelf.get(goes).id == stays and now(house, goes) is None and now(house, stays).cost == now(house, stays).cost
    assert now(house, stays).cost == (KETTLE if goes == "kettle" else TWIN).cost
    assert edith.look(f"/directory/listings/{goes}").headers["location"].endswith(f"/listings/{stays}")
    assert press(edith, "/duplicates/merge", **fields).status_code == 409
    file = f"id,name,description\n{goes},Tuesday Kettle,Back again\n".encode()
    assert "A person merged it" in follow(edith, upload(edith, file))
    assert "Undone" in follow(edith, press(edith, f"/duplicates/{goes}/undo"))
    assert (now(house), now(house, "twin")) == (KETTLE, TWIN) and shelf.get(goes).id == goes


def test_not_the_same_is_remembered_and_can_be_taken_back(house, at_desk, shelf):
    store.save(house.engine, TWIN, by="test")
    edith = at_desk("edith")
    page = follow(edith, press(edith, "/duplicates/apart", one="twin", other="kettle"))
    assert "There are 0 pairs" in page and ">Undo<" in page
    assert "There is 1 pair" in follow(edith, press(edith, "/duplicates/apart", one="kettle", other="twin", undo="1"))


def test_a_report_is_settled_and_opened_again_and_a_correction_taken_over(house, at_desk, shelf):
    with transaction(house.engine) as connection:
        reports.report(connection, "kettle", "It is <b>Wednesday</b> now", "", clock.now())
        reports.report(connection, "kettle", "", "Marcia", clock.now(), kind="correction", fields={"cost": ["free", "£2"], "phone": ["01632 960200", ""]})
    edith = at_desk("edith")
    page = edith.look("/directory/reports").text
    assert "It is &lt;b&gt;Wednesday" in page and "Marcia" in page
    assert "Dismissed." in follow(edith, press(edith, "/reports/1/dismissed"))
    assert "It is &lt;b&gt;Wednesday" in follow(edith, press(edith, "/reports/1/open"))
    assert "Corrected by its provider." in follow(edith, press(edith, "/reports/2/accept"))
    kettle = now(house)
    assert (kettle.cost, kettle.cost_amount, kettle.phone, kettle.checked_on) == ("£2", 2.0, None, clock.today())
    version = store.version(house.engine)
    press(edith, "/reports/2/accept")
    assert store.version(house.engine) == version and press(edith, "/reports/9/resolved").status_code == 404


def test_providers_of_what_was_long_unchecked_are_asked_with_a_letter(house, at_desk, shelf):
    store.update(house.engine, "kettle", "test", checked_on=date(2026, 4, 1))
    edith = at_desk("edith")
    page = edith.look("/directory/asking").text
    token = re.search(r"/directory/confirm/([\w.=-]+)", page)[1]
    assert asking.listing_of(token, clock.today(), secret_key(house.settings)) in ("kettle", "bare")
    assert "/directory/confirm/" not in at_desk("amina").look("/directory/asking").text, "the link is for the provider alone"
    assert "Noted as sent" in follow(edith, press(edith, "/asking/kettle/sent"))
    press(edith, "/asking/kettle/sent")
    with reading(house.engine) as connection:
        due, waiting = asking.due(connection, shelf.listings("staff"), clock.today(), shelf.policy)
    assert [one.listing.id for one in waiting] == ["kettle"] and waiting[0].times == 1 and "kettle" not in [one.listing.id for one in due]
    follow(edith, press(edith, "/asking/kettle/undo"))
    assert "Noted as sent" not in edith.look("/directory/asking").text


def test_quality_counts_by_kind_and_field_and_the_csv_runs_nothing(house, at_desk, shelf):
    store.save(house.engine, BARE.with_changes(id="evil", name="=HYPERLINK(1)", provider="@SUM(1)", phone="+44 1632 960001"), by="test")
    store.update(house.engine, "choir", "test", accredited_until=date(2026, 12, 10))
    edith = at_desk("edith")
    page = edith.look("/directory/quality", kind="expiring_30").text
    assert "Full Voice Choir" in page.split('id="these"')[1]
    body = edith.look("/directory/quality.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in body and "'@SUM(1)" in body and ",+44 1632 960001," in body
    back = press(edith, "/listings/choir/checked", back="quality").headers["location"]
    assert back.startswith("/navigator/directory/quality?did=")
    assert press(edith, "/listings/choir/full", back="//evil.example").headers["location"].startswith("/navigator/directory/listings/choir")


def test_the_search_has_every_filter_a_plan_and_a_short_list(at_desk, shelf):
    amina = at_desk("amina")
    page = amina.look("/directory", q="tea", near="LU1", miles="3", time="morning", access="wheelchair", language="urdu", audience="women", age="70").text
    assert "<svg" in page and "The same as a table" in page and "miles" in page
    alone = amina.look("/directory", bring="yes", wait="0", places="yes").text
    assert re.search(r"listings?\. Nothing fitted everything, so this was let go: [a-z, ]+\.( Nothing here|<)", alone), "a space between sentences"
    assert "this was let go" in alone and "bringing someone" in alone, "nobody on this shelf says so"
    assert amina.look("/directory", age="200").status_code == amina.look("/directory", miles="x").status_code == 422
    compared = amina.get("/navigator/directory/compare?id=kettle&id=choir&id=kettle&id=nobody").text
    assert compared.count('<th scope="col">') == 2 and 'class="differs"' in compared
    printed = amina.get("/navigator/directory/print?id=kettle&id=bare").text
    assert "1. Tuesday Kettle" in printed and "Left out" in printed and "/directory/kettle" in printed
    assert "javascript" not in amina.get("/navigator/directory/compare?id=kettle&search=javascript:alert(1)").text.split("<main")[1].split("href=")[0]


def test_a_short_list_is_sent_in_the_conversation_it_was_opened_from(house, at_desk, shelf, begin, thread):
    amina, conversation = at_desk("amina"), begin("company please")
    assert f'name="conversation" value="{conversation}"' in amina.look("/directory", conversation=conversation).text
    page = amina.get(f"/navigator/directory/send?id=kettle&id=bare&conversation={conversation}").text
    assert "Tuesday Kettle" in page and "Nobody Vouched: No accreditation" in page
    fields = {"conversation": conversation, "id": ["kettle"], "text": "Try this: Tuesday Kettle", "once": "a"}
    assert press(amina, "/send", **fields).status_code == 409, "not theirs yet"
    amina.press(f"/conversations/{conversation}/claim")
    for _ in range(2):
        assert press(amina, "/send", **fields).status_code == 303
    assert [said for said in thread(conversation) if said[0] == "navigator"] == [("navigator", "Try this: Tuesday Kettle")]
    assert press(amina, "/send", **{**fields, "id": ["bare"], "once": "b"}).status_code == 422
    assert amina.get(f"/navigator/directory/send?id=kettle&conversation={'0' * 36}").status_code == 404
    assert press(at_desk("joanne"), "/send", **fields).status_code == 404


def test_a_letter_is_printed_on_a_page_of_its_own(at_desk, shelf):
    page = at_desk("edith").look("/directory/asking/kettle/letter").text
    assert "Is what we say still right?" in page and "/directory/confirm/" in page
