"""Phrases and small context words for the normaliser: split words, misheard words, and what decides me, ill and 2."""

from __future__ import annotations

# Split words that belong together, and what speech-to-text makes of some words. Longest first within a key.
PHRASES: tuple[tuple[str, str], ...] = (
    ("my self", "myself"), ("me self", "myself"), ("him self", "himself"), ("her self", "herself"),
    ("any more", "anymore"), ("some one", "someone"), ("any one", "anyone"), ("every one", "everyone"),
    ("over dose", "overdose"), ("over dosed", "overdosed"), ("over dosing", "overdosing"),
    ("to night", "tonight"), ("to morrow", "tomorrow"), ("to day", "today"), ("with out", "without"),
    ("pain killers", "painkillers"), ("pain killer", "painkillers"), ("boy friend", "boyfriend"),
    ("girl friend", "girlfriend"), ("step dad", "stepdad"), ("step mum", "stepmum"), ("step father", "stepdad"),
    ("step mother", "stepmum"), ("stepfather", "stepdad"), ("stepmother", "stepmum"), ("step son", "stepson"),
    ("step daughter", "stepdaughter"), ("co codamol", "cocodamol"), ("a and e", "hospital"), ("a n e", "hospital"),
    ("nine nine nine", "999"), ("triple nine", "999"), ("one one one", "111"), ("sue aside", "suicide"),
    ("sui cide", "suicide"), ("suit side", "suicide"), ("sue a side", "suicide"), ("cell farm", "self harm"),
    ("self arm", "self harm"), ("self arming", "self harming"), ("cell farming", "self harming"),
    ("self harms", "self harm"), ("carbon monoxcide", "carbon monoxide"), ("in laws", "inlaws"),
    ("mother in law", "inlaws"), ("father in law", "inlaws"), ("mum in law", "inlaws"), ("dad in law", "inlaws"),
    ("son in law", "son"), ("daughter in law", "daughter"), ("brother in law", "brother"),
    ("sister in law", "sister"), ("ex husband", "ex"), ("ex wife", "ex"), ("ex partner", "ex"),
    ("ex boyfriend", "ex"), ("ex girlfriend", "ex"), ("other half", "partner"), ("better half", "partner"),
    ("old man", "oldman"), ("her indoors", "wife"), ("him indoors", "husband"), ("grand son", "grandson"),
    ("grand daughter", "granddaughter"), ("grand children", "grandchildren"), ("house mate", "housemate"),
    ("flat mate", "flatmate"), ("kick off", "kickoff"), ("kicks off", "kicksoff"), ("kicked off", "kickedoff"),
    ("kicking off", "kickingoff"), ("black out", "blackout"), ("blacked out", "blackedout"),
    ("no where", "nowhere"), ("no body", "nobody"), ("some where", "somewhere"), ("any where", "anywhere"),
    ("every where", "everywhere"), ("a lot", "alot"), ("un alive", "unalive"), ("kill me", "kill me"),
    ("in side", "inside"), ("year old", "years old"), ("yrs old", "years old"), ("y o", "years old"), ("lock there", "lock their"), ("to many", "too many"), ("to much", "too much"), ("black n blue", "black and blue"), ("a stoke", "a stroke"), ("my hed", "my head"),
    ("his hed", "his head"), ("our kids", "children"), ("r son", "our son"), ("r kids", "our kids"), ("r daughter", "our daughter"),
)

# "me" is "my" before these ("me arms", "me mum"); after a verb of giving it is left alone.
MY_NOUNS = frozenset(
    "mum dad nan grandad husband wife partner boyfriend girlfriend ex son daughter brother sister kid children baby "
    "child grandson granddaughter stepdad stepmum mate mates friend friends neighbour family parents head face arm "
    "arms leg legs wrist wrists chest back neck throat hand hands eye eyes ribs heart belly stomach skin life "
    "house home flat room bed phone money wages pension giro benefits tablets tablet pills medication insulin "
    "inhaler methadone electric gas rent landlord carer auntie aunt uncle nephew niece cousin own lad lass bloke "
    "fella mind brain body blood thighs self food cupboards fridge gas boiler".split()
)
OUR_NOUNS = frozenset(
    "kid lad lass children mum dad son daughter brother sister nan grandad grandson granddaughter jack tom sam dave".split()
)
# After "ill" or "id" these make it "i will" or "i would".
WILL_VERBS = frozenset(
    "be do kill end jump take stab hurt hang go never not just have get cut burn smash make drown die find use swing "
    "batter give tell try need probably soon always still end finish slit shoot put leave see call ring come "
    "overdose murder bury break punch deal knife torch".split()
)
WOULD_VERBS = frozenset(
    "rather be like love kill never not hurt just do jump end have take die prefer go sooner stab swing cut better "
    "murder top hang".split()
)
# "2" is "to" between these and a word; "4" is "for".
TO_BEFORE = frozenset(
    "want going need try trying have used got able like nowhere anyone someone talk speak listen next ready about "
    "plan planning wants tried nothing lost wish wanted way it go come came goes up down home back me him".split()
)
FOR_BEFORE = frozenset("waiting looking asking nothing anything money help food live ask thanks is no that".split())

EMOJI = {
    "\U0001f52a": "knife", "\U0001f5e1": "knife", "\U0001f52b": "gun", "\U0001fa78": "blood",
    "\U0001f48a": "pills", "\U0001f198": "help", "\U0001f525": "fire",
}

# Words that end in -in by nature; any other is read as -ing with the g dropped ("hittin").
IN_WORDS = frozenset(
    "again cabin brain train chain contain explain remain certain captain mountain cousin coffin basin margin origin "
    "penguin robin satin muffin dolphin insulin aspirin vitamin heroin protein within begin admin login virgin obtain "
    "maintain villain bargain curtain fountain plain slain stain drain strain sprain grain complain terrain retain "
    "sustain warfarin metformin penicillin latin violin cumin gelatin toxin urchin pumpkin napkin goblin raisin resin "
    "ruffin martin austin dustin robin berlin dublin britain spain twin skin chin spin grin amoxicillin statin "
    "simvastatin atorvastatin gabapentin assassin mandarin bulletin discipline refrain entertain certain rain pain "
    "main gain vain robotin melatonin serotonin adrenalin haemoglobin cretin welkin kelvin marin".split()
)
