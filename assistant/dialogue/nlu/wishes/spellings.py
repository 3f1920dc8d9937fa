"""Text-speak, dialect and slips of the finger written out, so that the patterns meet plain words only."""

from __future__ import annotations

import re

WRITTEN_OUT = {
    # days and parts of the day; 'sat', 'sun', 'wed' and 'eve' mean other things too: days.py decides
    "tue": "tuesday", "tues": "tuesday", "tuesdy": "tuesday", "teusday": "tuesday", "tusday": "tuesday",
    "weds": "wednesday", "wensday": "wednesday", "wendsday": "wednesday", "wednsday": "wednesday",
    "thu": "thursday", "thur": "thursday", "thurs": "thursday", "thirsday": "thursday",
    "thrusday": "thursday", "munday": "monday", "moday": "monday", "saterday": "saturday",
    "satday": "saturday", "sunda": "sunday", "aft": "afternoon", "afts": "afternoons", "arvo": "afternoon",
    "aftn": "afternoon", "afternoo": "afternoon", "aftanoon": "afternoon", "evn": "evening",
    "evns": "evenings", "evng": "evening", "evngs": "evenings", "eves": "evenings", "mornin": "morning",
    "mornins": "mornings", "morn": "morning", "mrng": "morning", "wkend": "weekend", "wkends": "weekends",
    "wknd": "weekend", "wknds": "weekends", "wkday": "weekday", "wkdays": "weekdays", "nxt": "next",
    "2moro": "tomorrow", "2morro": "tomorrow", "2morrow": "tomorrow", "tmrw": "tomorrow",
    "tmrow": "tomorrow", "tomo": "tomorrow", "tomoz": "tomorrow", "tommorow": "tomorrow",
    "tommorrow": "tomorrow", "tomorow": "tomorrow", "2day": "today", "2nite": "tonight", "tonite": "tonight",
    "2night": "tonight", "nite": "night", "nites": "nights",
    # contractions without their mark
    "dont": "don't", "dont't": "don't", "dosnt": "doesn't", "doesnt": "doesn't", "didnt": "didn't",
    "cant": "can't", "carnt": "can't", "carn't": "can't", "cannot": "can't", "cannae": "can't",
    "cnt": "can't", "canna": "can't", "dinnae": "don't", "dunt": "don't", "wont": "won't", "isnt": "isn't",
    "arent": "aren't", "havent": "haven't", "havnt": "haven't", "hasnt": "hasn't", "wasnt": "wasn't",
    "wouldnt": "wouldn't", "couldnt": "couldn't", "shouldnt": "shouldn't", "aint": "isn't", "ain't": "isn't",
    "im": "i'm", "iam": "i am", "ive": "i've", "id": "i'd", "youre": "you're", "theres": "there's",
    "thats": "that's", "shes": "she's", "hes": "he's", "theyre": "they're", "whats": "what's",
    "whens": "when's", "whos": "who's", "weve": "we've",
    # the rest
    "u": "you", "ur": "your", "r": "are", "n": "and", "pls": "please", "plz": "please", "plse": "please",
    "wiv": "with", "wid": "with", "wth": "with", "nowt": "nothing", "nuffin": "nothing", "nothin": "nothing",
    "nuthin": "nothing", "nuthing": "nothing", "owt": "anything", "anyfin": "anything",
    "summat": "something", "somethin": "something", "sumthing": "something", "meself": "myself",
    "mesen": "myself", "mysen": "myself", "appt": "appointment", "appts": "appointments",
    "apt": "appointment", "appointmnt": "appointment", "apointment": "appointment",
    "appoinment": "appointment", "appiontment": "appointment", "cancell": "cancel", "cancle": "cancel",
    "cansel": "cancel", "canceled": "cancelled", "wot": "what", "wen": "when", "wheel-chair": "wheelchair",
    "wheelchiar": "wheelchair", "staires": "stairs", "ppl": "people", "peeps": "people", "peple": "people",
    "grps": "groups", "grp": "group", "hav": "have", "hv": "have", "av": "have", "gimme": "give me",
    "txt": "text", "fone": "phone", "luv": "love", "abt": "about", "yrs": "years", "yr": "year",
    "wk": "week", "wks": "weeks", "mins": "minutes", "hrs": "hours", "luk": "look", "gud": "good",
    "wkng": "working", "churche": "church", "chruch": "church", "jym": "gym", "swiming": "swimming",
    "swimmin": "swimming", "walkin": "walking", "blokes'": "blokes", "def": "deaf", "deff": "deaf",
    "parkin": "parking", "intrepreter": "interpreter", "interpretor": "interpreter", "bangali": "bengali",
    "bengoli": "bengali", "panjabi": "punjabi", "punjaby": "punjabi", "gujrati": "gujarati",
    "gujerati": "gujarati", "gujarathi": "gujarati", "arabik": "arabic", "creach": "creche",
    "creshe": "creche", "creash": "creche", "carers'": "carers", "mens'": "mens", "womens'": "womens",
    "lady's": "ladies", "zimma": "zimmer", "scint": "skint", "secound": "second", "seccond": "second",
    "thrid": "third", "sundy": "sunday", "mondy": "monday", "fridy": "friday", "aford": "afford",
    "wi": "with", "durin": "during", "prak": "park", "evnings": "evenings", "coffe": "coffee",
    "cofee": "coffee", "coffie": "coffee", "aftr": "after", "cancl": "cancel", "cancal": "cancel",
    "cansle": "cancel", "frist": "first", "fisrt": "first", "laast": "last",
}  # fmt: skip

# Long words worth a guess at one slip of the finger. Words with a common neighbour ('cancel' and 'cancer',
# 'parking' and 'packing') are not among them.
GUESSED = (
    "monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday "
    "saturdays sunday sundays morning mornings afternoon afternoons evening evenings weekend weekends "
    "weekday weekdays tomorrow appointment reschedule rearrange wheelchair wheelchairs accessible "
    "childcare interpreter translator bengali gujarati punjabi romanian portuguese arabic lithuanian "
    "somali swimming anything something toddler toddlers disabled housebound afford everything"
).split()
LEFT_ALONE = frozenset(
    "mourning moaning slimming skimming romania somalia lithuania portugal sundry friend friends enabled "
    "afforded affords effort appointed offord".split()
)
_STRETCHED = re.compile(r"(.)\1{2,}")


def _slips(word: str) -> list[str]:
    """The word with each of its letters left out in turn."""
    return [word[:i] + word[i + 1 :] for i in range(1, len(word))]


_BY_SLIP: dict[str, str] = {}
for _word in GUESSED:
    for _form in _slips(_word):
        _BY_SLIP.setdefault(_form, _word)
_BY_SLIP.update({word: word for word in GUESSED})
# A right word is no slip of another: 'monday' stays apart from 'mondays'.
_RIGHT = frozenset(GUESSED) | LEFT_ALONE


def written_out(word: str) -> str:
    """The plain form of a lower-case `word`, or the word itself."""
    plain = WRITTEN_OUT.get(word)
    if plain is not None:
        return plain
    if len(word) < 4:
        return word
    if _STRETCHED.search(word):
        word = _STRETCHED.sub(r"\1", word)
        if word in ("fre", "bording", "ned"):
            word = {"fre": "free", "bording": "boarding", "ned": "need"}[word]
        return WRITTEN_OUT.get(word, word)
    if len(word) < 6 or len(word) > 14 or word in _RIGHT or not word.isalpha():
        return word
    guess = _BY_SLIP.get(word)
    if guess is None:
        guess = next((_BY_SLIP[form] for form in _slips(word) if form in _BY_SLIP), None)
    return guess if guess and guess[0] == word[0] else word
