"""What a patient sees for each route: fixed words, right contacts, right length, right order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import textstat
import yaml

import assistant.safety.routes as module
from assistant.safety.contacts import Contact
from assistant.safety.fallback import FALLBACK_SMS, FALLBACK_TEXT, fallback_text
from assistant.safety.routes import ask_directly, fill, route, route_texts, safe_to_read
from assistant.safety.tiers import ORDER, TIERS

ROOT = Path(__file__).resolve().parents[2]
GSM = set("@\u00a3$\u00a5\u00e8\u00e9\u00f9\u00ec\u00f2\n\r _!\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
BANNED = re.compile(r"risk level|risk score|no risk|not at risk|low risk|high risk|you are safe|commit suicide", re.IGNORECASE)


def _sms_texts() -> list[tuple[str, str]]:
    texts = route_texts().sms
    pairs = list(texts["routes"].items()) + [(f"answer {k}", v) for k, v in texts["answers"].items()]
    pairs += list(texts["safe_yes"].items()) + [("safe_no", texts["safe_no"]), ("question", texts["direct_question"])]
    return pairs + [("about", texts["about_me"]), ("footer", texts["footer"]), ("human", texts["offer_human"])]


@pytest.mark.parametrize(("name", "text"), _sms_texts())
def test_a_text_costs_one_text(name: str, text: str, contacts: dict[str, Contact]) -> None:
    filled = fill(text, contacts)
    assert len(filled) <= 160
    assert set(filled) <= GSM
    assert "{" not in filled


@pytest.mark.parametrize("risk", ORDER)
@pytest.mark.parametrize("channel", ["web", "sms"])
def test_each_route_is_complete(risk: str, channel: str, contacts: dict[str, Contact]) -> None:
    reply = route([risk], channel, contacts)
    assert reply.risks == [risk]
    assert reply.texts and "{" not in reply.text
    assert not BANNED.search(reply.text)
    assert reply.contacts and all(card["contact"] and card["name"] for card in reply.contacts)
    if channel == "web" and risk != "medication_clinical":
        assert "nobody is watching" in reply.text.lower()
        assert reply.offer_human


@pytest.mark.parametrize("risk", ORDER)
def test_signpost_comes_before_the_offer_of_a_person(risk: str, contacts: dict[str, Contact]) -> None:
    text = route([risk], "web", contacts).text
    if risk != "medication_clinical":
        assert re.search(r"call|Childline", text[:260], re.IGNORECASE)
        assert text.index("navigator to call" if "navigator to call" in text else "ask for a person") > 60


@pytest.mark.parametrize("risk", ORDER)
def test_words_are_plain(risk: str, contacts: dict[str, Contact]) -> None:
    text = re.sub(r"\d[\d ]{2,}", "this number", route([risk], "web", contacts).text)
    assert textstat.automated_readability_index(text) <= 6.5
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        assert len(sentence.split()) <= 20, sentence


def test_every_placeholder_and_id_is_in_the_contacts_file(contacts: dict[str, Contact]) -> None:
    ids = set(contacts)
    for name in ("routes.yml", "sms.yml"):
        text = (ROOT / "programme" / "safety" / name).read_text(encoding="utf-8")
        body = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        assert set(re.findall(r"\{([a-z0-9_]+)\}", body)) <= ids
        assert not re.search(r"0800|0808|0300|116 123|85258", body)
        yaml.safe_load(text)
    for routes in route_texts().web["routes"].values():
        assert set(routes["contacts"]) <= ids


def test_tier_0_says_999_first(contacts: dict[str, Contact]) -> None:
    for risk in set(TIERS[0]) - {"home_emergency"}:
        assert "999" in route([risk], "web", contacts).texts[0][:60]
    assert route(["home_emergency"], "web", contacts).texts[0].startswith("Please go outside now")


def test_several_routes_most_urgent_first_and_short_after(contacts: dict[str, Contact]) -> None:
    reply = route(["no_food_today", "domestic_abuse", "overdose_poisoning"], "web", contacts)
    assert reply.risks == ["overdose_poisoning", "domestic_abuse", "no_food_today"]
    assert reply.contacts[0]["id"] == "emergency_999"
    assert reply.texts[1].startswith("There is help for this too")
    assert len(reply.texts[1]) < len(reply.texts[0])


def test_the_direct_question_with_three_answers(contacts: dict[str, Contact]) -> None:
    reply = route(["suicide_ideation"], "web", contacts)
    assert reply.question == "suicide"
    assert reply.texts[-1] == "Are you having thoughts of ending your life?"
    assert [choice["id"] for choice in reply.choices] == ["yes", "no", "not_sure"]
    assert ask_directly("sms").question == "suicide"
    assert "NOT SURE" in ask_directly("sms").text


def test_covert_is_neutral_and_keeps_999(contacts: dict[str, Contact]) -> None:
    for channel in ("web", "sms"):
        reply = route(["domestic_abuse_covert", "domestic_abuse"], channel, contacts)
        shown = reply.text + " ".join(card["contact"] + card["name"] for card in reply.contacts)
        assert reply.neutral
        assert "999" in reply.text
        assert contacts["ndah"].contact not in shown
        assert not re.search(r"abuse|violen|refuge|helpline", shown, re.IGNORECASE)
    assert [c["id"] for c in route(["domestic_abuse_covert"], "web", contacts).choices] == [
        "safe_to_talk", "show_helpline", "leave_page"]
    assert contacts["ndah"].contact in safe_to_read(contacts).text


def test_abuse_by_text_waits_for_a_safe_number(contacts: dict[str, Contact]) -> None:
    assert "safe number" in route(["domestic_abuse"], "sms", contacts).text
    assert contacts["ndah"].contact in route(["domestic_abuse"], "sms", contacts, safe_to_text=True).text
    told_no = route(["domestic_abuse"], "sms", contacts, safe_to_text=False)
    assert "will not text" in told_no.text and told_no.neutral


def test_under_16_stops_questions(contacts: dict[str, Contact]) -> None:
    reply = route(["under_16"], "web", contacts)
    assert reply.stop_data_capture
    assert not reply.alert
    assert route(["under_16", "self_harm"], "web", contacts).alert


def test_medicines_are_one_plain_line_and_no_card(contacts: dict[str, Contact]) -> None:
    reply = route(["medication_clinical"], "web", contacts)
    assert len(reply.texts) == 1 and not reply.choices and not reply.alert and not reply.offer_human


def test_a_route_shown_before_comes_back_short(contacts: dict[str, Contact]) -> None:
    first = route(["psychosis"], "web", contacts)
    again = route(["psychosis"], "web", contacts, already={"psychosis"})
    assert len(again.text) < len(first.text)
    assert route(["suicide_imminent"], "web", contacts, already={"suicide_imminent"}).texts[0] == \
        route(["suicide_imminent"], "web", contacts).texts[0]


def test_nothing_to_route(contacts: dict[str, Contact]) -> None:
    assert route([], "web", contacts).texts == []


def test_missing_contacts_drop_their_sentence_not_the_reply() -> None:
    reply = route(["suicide_imminent"], "web", {"emergency_999": Contact("emergency_999", "Emergency services", "999")})
    assert "999" in reply.text and "{" not in reply.text
    assert "999" in route(["suicide_imminent"], "web", {"emergency_999": "999"}).text


def test_broken_files_still_give_the_fixed_text(monkeypatch: pytest.MonkeyPatch, contacts: dict[str, Contact]) -> None:
    def broken() -> None:
        raise OSError("gone")

    monkeypatch.setattr(module, "route_texts", broken)
    assert route(["suicide_imminent"], "web", contacts).texts == [FALLBACK_TEXT]
    assert route(["suicide_imminent"], "sms", contacts).texts == [FALLBACK_SMS]
    assert ask_directly("web").texts == [FALLBACK_TEXT]


def test_fallback_needs_nothing() -> None:
    assert "999" in fallback_text("web") and "111" in fallback_text("web")
    assert len(fallback_text("sms")) <= 160
    assert fallback_text("anything") == FALLBACK_SMS
