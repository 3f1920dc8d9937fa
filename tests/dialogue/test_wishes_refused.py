"""Negation, correction and look-alikes: what is refused, taken back or only seems a wish is not found."""

from __future__ import annotations

from collections import namedtuple
from datetime import date

import pytest

from assistant.dialogue.nlu.wishes import find_wishes

TODAY = date(2026, 11, 23)  # a Monday
Place = namedtuple("Place", "name precision")
NAMES = {
    "leagrave": "Leagrave",
    "luton": "Luton",
    "bury park": "Bury Park",
    "downside": "Downside",
    "leeds": "Leeds",
}
CODES = {*(f"LU{n}" for n in range(1, 8)), "M1", "B12", "E10", "S2", "ME2", "IM6"}


def find_places(text: str) -> list[Place]:
    """A small stand-in for the directory's places."""
    low = text.lower()
    found = [Place(name, "place") for words, name in NAMES.items() if words in low]
    return found + [Place(code, "outcode") for code in CODES if low.strip() == code.lower()]


def told(text: str) -> dict[str, list[str]]:
    """The wishes of a message by kind, in order; days refused apart."""
    out: dict[str, list[str]] = {}
    for wish in find_wishes(text, find_places, TODAY):
        if wish.entity == "day_not":
            continue
        out.setdefault(wish.entity, []).append(wish.value)
    return out


def meant(expected: str) -> dict[str, list[str]]:
    """'day: mon, tue; cost: free' as told() gives it; an empty text means nothing."""
    pairs = (part.split(": ", 1) for part in expected.split("; ") if part)
    return {kind: values.split(", ") for kind, values in pairs}


NEGATED = [
    ("not mondays", ""),
    ("not mondays or tuesdays", ""),
    ("not mon, tue or wed", ""),
    ("i cant do mondays", ""),
    ("cant make tuesdays but weds is fine", "day: wed"),
    ("mondays no good tuesdays ok", "day: tue"),
    ("tuesdays and wednesdays are no good", ""),
    ("no fridays please", ""),
    ("fridays are out, saturday would work", "day: sat"),
    ("i work mondays", ""),
    ("im at work on thursdays so friday", "day: fri"),
    ("weekdays but not wednesdays", "day: mon, tue, thu, fri"),
    ("any day except weekends", "day: mon, tue, wed, thu, fri"),
    ("every day apart from tuesday or thursday", "day: mon, wed, fri, sat, sun"),
    ("anything but a monday", "day: tue, wed, thu, fri, sat, sun"),
    ("evenings no good", "part_of_day: morning, afternoon"),
    ("not evenings", "part_of_day: morning, afternoon"),
    ("i dont do mornings", "part_of_day: afternoon, evening"),
    ("mornings are difficult, afternoons better", "part_of_day: afternoon"),
    ("not in the evening", "part_of_day: morning, afternoon"),
    ("no mornings or evenings", "part_of_day: afternoon"),
    ("cant do tuesday evenings", ""),
    ("I am not deaf", ""),
    ("i'm not in a wheelchair", ""),
    ("i dont need parking", ""),
    ("no need for a creche", ""),
    ("i can do stairs", ""),
    ("not online", "online: in_person"),
    ("i cant do zoom", "online: in_person; not_wanted: zoom"),
    ("i have no internet", "online: in_person"),
    ("i dont speak urdu", ""),
    ("she speaks no english", ""),
    ("not urdu, punjabi", "language: Punjabi"),
    ("not women only", ""),
    ("i dont want to be with old people", ""),
    ("not a mens group", "not_wanted: men"),
    ("it doesnt have to be free", "cost: any"),
    ("not free mondays", ""),
    ("dont text me those", ""),
    ("please dont send me the list", ""),
    ("dont cancel my appointment", ""),
    ("i dont want a lift", ""),
    ("i dont want to go on my own", "company: with_someone"),
    ("wouldnt go alone", "company: with_someone"),
    ("not the first one", ""),
    ("not the first one, the second", "position: 2"),
    ("i don't like the first one but the third looks good", "position: 3"),
    ("not luton", ""),
    ("luton is too far", ""),
    ("anywhere but bury park", ""),
    ("not a gym or a pool", "not_wanted: gym, pool"),
    ("no bingo, no cards", "not_wanted: bingo, cards"),
    ("nothing religious", "not_wanted: religious"),
    ("im not into yoga", "not_wanted: yoga"),
    ("yoga isnt for me", "not_wanted: yoga"),
    ("gyms scare me", "not_wanted: gym"),
    ("swimming is not my thing", "not_wanted: swimming"),
    ("cant be doin with classes", "not_wanted: class"),
    ("not another support group", "not_wanted: group"),
    ("im not really one for singing and dancing", "not_wanted: singing, dancing"),
    ("i no like the gym", "not_wanted: gym"),
    ("anything except knitting", "not_wanted: knitting"),
    ("rather not do a course", "not_wanted: course"),
    ("a walk not a gym", "not_wanted: gym"),
    ("i hate the idea of a group", "not_wanted: group"),
    ("no crowds or big groups", "not_wanted: crowd, group"),
    ("dont fancy church halls", "not_wanted: church"),
    ("keep away from pubs, i dont drink", "not_wanted: pub"),
    ("no men please", "audience: women; not_wanted: men"),
]
CORRECTED = [
    ("no, LU3 not LU2", "place: LU3"),
    ("no LU3", "place: LU3"),
    ("LU3 not LU2", "place: LU3"),
    ("not LU2 LU3", "place: LU3"),
    ("not LU2, LU3", "place: LU3"),
    ("not LU2 its LU3", "place: LU3"),
    ("LU2 sorry LU3", "place: LU3"),
    ("LU2. no wait, LU3", "place: LU3"),
    ("LU2 oops i mean LU3", "place: LU3"),
    ("I said leagrave not bury park", "place: Leagrave"),
    ("monday no tuesday", "day: tue"),
    ("monday, sorry, tuesday", "day: tue"),
    ("no tuesday", ""),
    ("no, tuesday", "day: tue"),
    ("i meant thursday not tuesday", "day: thu"),
    ("wednesday or actually thursday", "day: thu"),
    ("mornings, no evenings", "part_of_day: morning"),
    ("5pm sorry 6pm", "time: 18:00"),
    ("tomorrow no the 3rd of december", "date: 2026-12-03"),
    ("not 07700 900123", "phone: +447700900123"),
    ("urdu, i mean punjabi", "language: Punjabi"),
    ("ladies, no i mean mens group", "audience: men"),
    ("not free, cheap is fine", "cost: low"),
]
LOOK_ALIKES = [
    ("polish my nails", ""), ("i need to learn english", ""), ("english classes", ""),
    ("i want to learn spanish", ""), ("polish food", ""), ("i love french films", ""),
    ("my english is not good", ""), ("my neighbour speaks polish", ""), ("3 lunches", ""),
    ("lunch at the club", ""), ("b12 injections", ""), ("off the m1", ""), ("me 2", ""), ("m8", ""),
    ("so 2 of us", ""), ("gr8", ""), ("l8r", ""), ("my p45", ""), ("e10 petrol", ""), ("im 61", "age: 61"),
    ("the downside is the cost", ""), ("i moved from leeds", ""), ("my sister lives in luton", ""),
    ("i used to live in luton", ""), ("24/7", ""), ("50/50", ""), ("im 14 weeks pregnant", ""),
    ("i am 10 minutes away", ""), ("im 12 stone", ""), ("im 3 months sober", ""), ("my son is 14", ""),
    ("my mum is 82 yrs old", ""), ("he's 72 years old", ""), ("i live at 72 high street", ""),
    ("number 61 high street", ""), ("when i was 14", ""), ("i have 3 kids", ""),
    ("i'm one of the unlucky ones", ""), ("my 7 year old", ""), ("a 14 year old dog", ""),
    ("im nearly 80", ""), ("i sat down and cried", ""), ("sat in the kitchen all day", ""),
    ("out in the sun", ""), ("we got wed in june", ""), ("last tuesday i fell", ""), ("since monday", ""),
    ("good morning", ""), ("Morning!", ""), ("good evening all", ""), ("morning sickness", ""),
    ("i can't get out of bed in the morning", ""), ("this morning i cried", ""), ("awake all night", ""),
    ("cant sleep at night", ""), ("woke up at 4am", ""), ("since 3am", ""), ("after 3 kids", ""),
    ("after 40 years", ""), ("half of us", ""), ("half an hour", ""), ("it was about 6 weeks ago", ""),
    ("by 2 of them", ""), ("feel free", ""), ("step free", "access: step-free"), ("sugar free", ""),
    ("i'm free on tuesday", "day: tue"), ("are you free?", ""), ("free school meals", ""),
    ("i broke my leg", ""), ("drug free now", ""), ("they make me feel cheap", ""),
    ("a heavy cost to my family", ""), ("i live alone", ""), ("i feel so alone", ""),
    ("all on my own since he died", ""), ("i live with my sister", ""), ("im in the park", ""),
    ("stockwood park", ""), ("parking ticket", ""), ("12 steps to sobriety", ""),
    ("my husband is deaf and i cant cope", ""), ("i look after my mum who is in a wheelchair", ""),
    ("bring up my kids", ""), ("cant get out of debt", ""), ("cant get out of my contract", ""),
    ("he drives me mad", ""), ("that gives me a lift", ""), ("pick me up on a bad day", ""),
    ("i dont walk far", ""), ("bus driver", ""), ("car accident", ""), ("i was scammed online", ""),
    ("i got bullied online", ""), ("first time", ""), ("first of all", ""), ("second hand sofa", ""),
    ("the last straw", ""), ("at last", ""), ("the last thing i need", ""), ("my second wife", ""),
    ("one second", ""), ("last year", ""), ("no idea", ""), ("no thanks", ""), ("not sure", ""),
    ("not a lot", ""), ("i dont want to be a burden", ""), ("no groups round here", ""),
    ("there's no gym near me", ""), ("i dont mind groups", ""), ("not just a gym", ""),
    ("no problem with groups", ""), ("i hate my husband", ""), ("i hate asking for help", ""),
    ("not able to get to church any more", ""), ("i dont want to give up swimming", ""),
    ("call me back", ""), ("call me tomorrow", "date: 2026-11-24"), ("its cold here", ""),
    ("its only me here", ""), ("THIS IS RIDICULOUS", ""), ("my name is mud", ""),
    ("this is the third time", ""), ("I'm Polish", ""), ("im a carer for my mum", ""), ("im gay", ""),
    ("my kids are teenagers", ""), ("problems with men", ""), ("nhs number 701 234 5678", ""),
    ("my nhs no is 485 777 3456", ""), ("123456", ""), ("ref 0012345678", ""),
    ("I lost my husband on 3rd March", ""), ("he died on the 3rd of november", ""), ("born 3/12/1950", ""),
    ("feeling rubbish today", ""), ("i may come", ""), ("march on", ""), ("1 in 4 people", ""),
    ("text my daughter", ""), ("my printer is broken", ""), ("stop texting me", ""),
    ("cant get a gp appointment", ""), ("my hospital appointment got cancelled", ""),
    ("i need to change my life", ""), ("a change of scene", ""), ("i checked the oven", ""),
    ("it was a pain to cancel the gas", ""), ("my phone call got cut off", ""), ("im at my wits end", ""),
    ("i'm in two minds", ""), ("sign here", ""), ("deaf to my complaints", ""),
    ("i was there for the first one", ""),
]  # fmt: skip
ALL = [*NEGATED, *CORRECTED, *LOOK_ALIKES]


@pytest.mark.parametrize(("text", "expected"), NEGATED)
def test_what_is_refused_is_not_found(text: str, expected: str) -> None:
    """And what the refusal leaves open is, where the parts of the day or 'any day but' say so."""
    assert told(text) == meant(expected)


@pytest.mark.parametrize(("text", "expected"), CORRECTED)
def test_only_what_a_correction_ends_with_is_found(text: str, expected: str) -> None:
    """The first try is gone."""
    assert told(text) == meant(expected)


@pytest.mark.parametrize(("text", "expected"), LOOK_ALIKES)
def test_look_alikes_are_left_alone(text: str, expected: str) -> None:
    """Words of wishes that are none: moods, stories, other people, brands, roads."""
    assert told(text) == meant(expected)


@pytest.mark.parametrize(("text", "days"), [
    ("not mondays", ["mon"]), ("mornings are best, not mondays", ["mon"]), ("i cant do tuesdays or wednesdays", ["tue", "wed"]),
    ("not mondays, fridays are good", []), ("any day but friday", []), ("mondays please", []),
])  # fmt: skip
def test_days_that_will_not_do_are_told_when_no_day_was_wished(text: str, days: list[str]) -> None:
    """They narrow the search to the days that are left."""
    assert [w.value for w in find_wishes(text, find_places, TODAY) if w.entity == "day_not"] == days
