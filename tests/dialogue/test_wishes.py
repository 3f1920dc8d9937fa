"""What is found in ordinary messages, in ten ways of writing from plain to angry."""

from __future__ import annotations

from collections import namedtuple
from datetime import date

import pytest

from assistant.dialogue.nlu.wishes import find_wishes

TODAY = date(2026, 11, 23)  # a Monday
Place = namedtuple("Place", "name precision")
NAMES = {"leagrave": "Leagrave", "luton": "Luton", "bury park": "Bury Park", "dallow road": "Dallow",
         "marsh farm": "Marsh Farm", "stopsley": "Stopsley", "dunstable": "Dunstable"}  # fmt: skip
OUTCODES = {*(f"LU{n}" for n in range(1, 8)), "MK45", "SG5", "M14", "E17", "B12", "AL5", "S10"}


def find_places(text: str) -> list[Place]:
    """A small stand-in for the directory's places."""
    low = text.lower()
    found = [
        Place(name, "place")
        for words, name in NAMES.items()
        if f" {words} " in f" {low} ".replace(",", " ").replace(".", " ").replace("?", " ")
    ]
    return found + [Place(code, "outcode") for code in OUTCODES if low.strip() == code.lower()]


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


PLAIN = [
    ("Is there something near LU3 on a Tuesday morning?", "place: LU3; day: tue; part_of_day: morning"),
    ("I would like a free group in Leagrave.", "place: Leagrave; cost: free"),
    ("My postcode is LU3 2AB.", "place: LU3 2AB"),
    ("I can do Mondays and Thursdays after 3.", "day: mon, thu; time: 15:00"),
    ("I use a wheelchair and need an accessible toilet.", "access: step-free, accessible toilet"),
    ("Could I have the leaflet in large print?", "access: large print"),
    ("I need somewhere with parking, I have a blue badge.", "access: parking"),
    ("Is there a women only swimming session at the weekend?", "audience: women; day: sat, sun"),
    ("Do you have an interpreter for Urdu?", "language: Urdu"),
    ("I speak Polish, is there someone who speaks it?", "language: Polish"),
    ("Could my daughter come with me?", "company: with_someone"),
    ("I would rather go on my own.", "company: alone"),
    ("I would prefer something online.", "online: online"),
    ("Please can it be in person, not online.", "online: in_person"),
    ("I don't drive so it needs to be on a bus route.", "travel: bus; access: near bus stop"),
    ("I can drive there myself.", "travel: car"),
    ("Somewhere within walking distance please.", "travel: walk"),
    ("My son could drive me.", "travel: lift"),
    ("My number is 07700 900123.", "phone: +447700900123"),
    ("Please ring me on 01632 960 456 after 5pm.", "phone: +441632960456; time: 17:00"),
    ("Tell me more about the second one.", "position: 2"),
    ("The last one sounds good.", "position: -1"),
    ("I am 61 and on my own since my wife died.", "age: 61"),
    ("My name is Margaret Lewis.", "name: Margaret Lewis"),
    ("Please can you print the list for me?", "share: yes"),
    ("Could you send me the details by text?", "share: yes"),
    ("I need to cancel my appointment tomorrow.", "appointment: cancel; date: 2026-11-24"),
    ("Can I move my call to another day?", "appointment: change"),
    ("What time is my appointment on Friday?", "appointment: check; day: fri"),
    ("Could the navigator call me next Tuesday at half past two?", "date: 2026-12-01; day: tue; time: 14:30"),
    ("The 3rd of December would suit me.", "date: 2026-12-03"),
    ("I'm deaf and use BSL.", "access: hearing loop, bsl; language: BSL"),
    ("Somewhere quiet would be best, I can't stand noise.", "access: quiet space"),
    ("Is there a creche, or can I bring my baby?", "access: creche"),
]
SMS = [
    ("tues aft or thurs evn ok 4 me", "day: tue, thu; part_of_day: afternoon, evening"),
    ("owt free near lu4 pls", "cost: free; place: LU4"),
    ("lu32ab", "place: LU3 2AB"),
    ("lu 3", "place: LU3"),
    ("wkends only m8", "day: sat, sun"),
    ("2moro am any gd", "date: 2026-11-24"),
    ("weds after 5 pls", "day: wed; time: 17:00"),
    ("cant do stairs rly", "access: step-free"),
    ("no 2 pls", "position: 2"),
    ("2nd one", "position: 2"),
    ("is ther steps at the first place i hav a bad hip", "position: 1"),
    ("how much is it at the last one", "position: -1"),
    ("txt me these", "share: yes"),
    ("txt me the list pls x", "share: yes"),
    ("im 34 w a toddler in lu2", "age: 34; place: LU2"),
    ("can i bring me lo", "access: creche"),
    ("skint til friday", "cost: free; day: fri"),
    ("f2f pls not zoom", "online: in_person; not_wanted: zoom"),
    ("gotta cancel my appt thurs", "appointment: cancel; day: thu"),
    ("can u move my appt 2 nxt week", "appointment: change"),
    ("dont drive no money", "travel: bus; cost: free"),
    ("mon-fri only", "day: mon, tue, wed, thu, fri"),
    ("sat am", "day: sat; part_of_day: morning"),
    ("fri pm lu1", "day: fri; part_of_day: afternoon; place: LU1"),
    ("number 3 thx", "position: 3"),
    ("ladies only pls", "audience: women"),
    ("its dave here", "name: Dave"),
    ("07700900456", "phone: +447700900456"),
    ("2nite?", "date: 2026-11-23; part_of_day: evening"),
    ("anytime bar fri", "day: mon, tue, wed, thu, sat, sun"),
    ("ring me @ half 4", "time: 16:30"),
    ("cheap pls", "cost: low"),
]
TYPOS = [
    ("tusday mornin wud be grate", "day: tue; part_of_day: morning"),
    ("wensday afternon", "day: wed; part_of_day: afternoon"),
    ("im in a wheelchiar", "access: step-free"),
    ("i need an intrepreter for bengoli", "language: Bengali"),
    ("anythign but swiming", "not_wanted: swimming"),
    ("can i cancle my apointment", "appointment: cancel"),
    ("saterday or sundy", "day: sat, sun"),
    ("thrusday evenning", "day: thu; part_of_day: evening"),
    ("tommorow at 10am", "date: 2026-11-24; time: 10:00"),
    ("need chidcare", "access: creche"),
    ("the secound one", "position: 2"),
    ("i cant aford it", "cost: free"),
    ("is there disabeld parking", "access: parking"),
    ("i speak gujerati", "language: Gujarati"),
    ("im houseboud", "access: home visits; online: home"),
    ("freeee stuff in lu5?", "cost: free; place: LU5"),
]
OLDER = [
    (
        "I should prefer a morning appointment, if it is not a trouble, at about ten o'clock.",
        "part_of_day: morning; time: 10:00",
    ),
    ("I am eighty-one years of age and no longer drive.", "age: 81; travel: bus"),
    ("I am afraid I am rather hard of hearing, dear.", "access: hearing loop"),
    ("Might my neighbour come with me? I should not like to go alone.", "company: with_someone"),
    ("I use a zimmer frame and cannot manage steps.", "access: step-free"),
    ("My eyesight is poor, so large print would be appreciated.", "access: large print"),
    ("Would it be possible to have it printed out, as I have no computer?", "share: yes; online: in_person"),
    ("I am in my eighty-second year.", "age: 81"),
    ("Good morning. My name is Mrs Edith Barnes.", "name: Mrs Edith Barnes"),
    ("Kindly telephone me on 01632 960123 on Thursday forenoon.", "phone: +441632960123; day: thu"),
    ("I cannot get out of the house these days.", "access: home visits; online: home"),
    ("Is there anything for pensioners in Stopsley?", "audience: older people; place: Stopsley"),
    ("Would a gentleman's club such as a men's shed be near?", "audience: men"),
    ("I would sooner it were a weekday, before noon.", "day: mon, tue, wed, thu, fri; time: 12:00"),
    ("Wednesdays are not convenient, but Thursdays are.", "day: thu"),
]
DIALECT = [
    ("ive nowt to spend duck", ""),
    ("summat cheap round dallow road", "cost: low; place: Dallow"),
    ("cannae do stairs hen", "access: step-free"),
    ("i'd go wi me mate", "company: with_someone"),
    ("nae money for owt", ""),
    ("just blokes if poss", "audience: men"),
    ("is it free like", "cost: free"),
    ("i dinnae drive", "travel: bus"),
    ("me daughter can drop me off", "travel: lift"),
    ("on me own is fine", "company: alone"),
    ("can me mum come wi me", "company: with_someone"),
    ("a couple of quid's alreet", "cost: low"),
    ("i'm boracic mate", "cost: free"),
    ("owt on a sat morn", "day: sat; part_of_day: morning"),
    ("carn't be doing with groups", "not_wanted: group"),
]
SECOND_LANGUAGE = [
    ("please i speak only punjabi", "language: Punjabi"),
    ("my language is romanian, need translator", "language: Romanian"),
    ("i have 61 years", "age: 61"),
    ("i no have money", ""),
    ("you have somebody speak arabic?", "language: Arabic"),
    ("mowie po polsku", "language: Polish"),
    ("i can come only saturday", "day: sat"),
    ("my baby can come with me?", "access: creche"),
    ("i no drive car", "travel: bus"),
    ("only for woman please", "audience: women"),
    ("interpreter somali please for appointment", "language: Somali"),
    ("no can climb the stairs", "access: step-free"),
    ("i want go with my sister", "company: with_someone"),
    ("how much? must be free", "cost: free"),
    ("my name Ahmed Khan", "name: Ahmed Khan"),
    ("i am live in Bury Park", "place: Bury Park"),
    ("i understand bangla or sylheti", "language: Bengali, Sylheti"),
]
STORY = [
    (
        "I've not been out much since Brian passed away in March. I'm 74, I live in Leagrave and I don't drive, so somewhere near would be nice, mornings are best.",
        "age: 74; place: Leagrave; travel: bus; part_of_day: morning",
    ),
    (
        "My husband does nights so I have the little ones all day, I could only do Wednesdays if there's a creche, and it would have to be free.",
        "day: wed; access: creche; cost: free",
    ),
    (
        "I moved from Leeds to Luton last year and I know nobody. I am 29. I'm free weekends and most evenings after work.",
        "place: Luton; age: 29; day: sat, sun; part_of_day: evening",
    ),
    (
        "Ever since the stroke I use a wheelchair, my wife drives me about, we can do Tuesdays or Fridays.",
        "access: step-free; travel: lift; day: tue, fri",
    ),
    (
        "I went to bingo once and hated it, full of old people. I like walking. Nothing on Sundays as that's church.",
        "",
    ),
    (
        "I tried a class last Tuesday and left after 10 minutes because of the noise. Somewhere quiet would be better, LU2 way.",
        "access: quiet space; place: LU2",
    ),
    (
        "The doctor said about a group, I get nervous going in on my own so I would bring my sister, she speaks better than me.",
        "company: with_someone",
    ),
]
TERSE = [
    ("LU4", "place: LU4"), ("Mon", "day: mon"), ("tuesday", "day: tue"), ("mornings", "part_of_day: morning"),
    ("free", "cost: free"), ("bus", "travel: bus"), ("walk", "travel: walk"), ("car", "travel: car"),
    ("alone", "company: alone"), ("just me", "company: alone"), ("with my wife", "company: with_someone"),
    ("7", "number: 7"), ("7/10", "number: 7"), ("seven", "number: 7"), ("about a 6", "number: 6"),
    ("10 out of 10", "number: 10"), ("zero", "number: 0"), ("first", "position: 1"), ("last", "position: -1"),
    ("2nd", "position: 2"), ("the middle one", "position: 2"), ("3", "number: 3"),
    ("number two", "position: 2"), ("online", "online: online"), ("in person", "online: in_person"),
    ("bsl", "access: bsl; language: BSL"), ("urdu", "language: Urdu"), ("polish", "language: Polish"),
    ("under 5 pounds", "cost: low"), ("5pm", "time: 17:00"), ("17:30", "time: 17:30"),
    ("10.15am", "time: 10:15"), ("noon", "time: 12:00"), ("tomorrow", "date: 2026-11-24"),
    ("3/12", "date: 2026-12-03"), ("any day", ""), ("weekdays", "day: mon, tue, wed, thu, fri"),
    ("women", "audience: women"), ("over 60s", "audience: older people"), ("lgbt", "audience: lgbt"),
    ("wheelchair", "access: step-free"), ("creche", "access: creche"), ("parking", "access: parking"),
    ("luton", "place: Luton"), ("1 and 3", "position: 1, 3"), ("no cost", "cost: free"),
    ("home visit", "access: home visits; online: home"),
]  # fmt: skip
VOICE = [
    ("um so like tuesday afternoon yeah or maybe thursday", "day: tue, thu; part_of_day: afternoon"),
    ("oh seven seven double oh nine hundred one two three", "phone: +447700900123"),
    ("yeah it's the um second one please", "position: 2"),
    ("i'd say about a seven", "number: 7"),
    ("so i'm sixty seven and i'm in marsh farm", "age: 67; place: Marsh Farm"),
    ("quarter past ten on a wednesday would be good for me", "time: 10:15; day: wed"),
    ("ten to five", "time: 16:50"),
    ("twenty past two tomorrow", "time: 14:20; date: 2026-11-24"),
    ("half past nine in the morning", "time: 09:30; part_of_day: morning"),
    ("erm seven o'clock in the evening", "time: 19:00; part_of_day: evening"),
    ("can you erm send me the list to my phone", "share: yes"),
    ("when's the lady ringing me again", "appointment: check"),
    ("hiya it's Pauline here love", "name: Pauline"),
    ("yeah so i need like a lift there", "travel: lift"),
    ("nothing that costs money cause i'm skint", "cost: free"),
    ("monday to wednesday basically", "day: mon, tue, wed"),
    ("between two and four on fridays", "time: 14:00; day: fri"),
    ("well any day but friday really", "day: mon, tue, wed, thu, sat, sun"),
]
ANGRY = [
    ("for gods sake I said LU3 not LU2", "place: LU3"),
    ("NOT A BLOODY GYM", "not_wanted: gym"),
    ("i told you im deaf stop ringing me", "access: hearing loop"),
    ("i hate bingo and i hate groups", "not_wanted: bingo, group"),
    ("how many times I CANT DO STAIRS", "access: step-free"),
    ("dont send me to another coffee morning", "not_wanted: coffee"),
    ("cancel the bloody appointment", "appointment: cancel"),
    ("i havent got any money what dont you get", "cost: free"),
    ("i dont want counselling i want a person", "not_wanted: counselling"),
    ("no church stuff!!", "not_wanted: church"),
    ("evenings no good i've told you", "part_of_day: morning, afternoon"),
    ("no more zoom ffs", "online: in_person; not_wanted: zoom"),
]
ALL = [*PLAIN, *SMS, *TYPOS, *OLDER, *DIALECT, *SECOND_LANGUAGE, *STORY, *TERSE, *VOICE, *ANGRY]


@pytest.mark.parametrize(("text", "expected"), ALL)
def test_what_is_wished_for_is_found_and_nothing_else(text: str, expected: str) -> None:
    """Every kind at once: a kind not named in the row must not be found."""
    assert told(text) == meant(expected)
