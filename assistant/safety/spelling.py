"""Mends misspelt, stretched and disguised risk words, and leaves ordinary words that look like them alone."""

from __future__ import annotations

import re
from functools import lru_cache

# Words the patterns turn on. A five-letter or longer token one slip away from one of these is read as it.
RISK_WORDS = frozenset(
    """
    abandoned abuse abused abuser abusing abusive afraid alarm alcohol alive allergic alone alzheimers
    ambulance amoxicillin anaphylaxis ankle answered answering antibiotics antidepressants antifreeze
    anymore asleep aspirin assault assaulted assaulting attack attic baby bailiffs bank bathroom battered
    battery beaten beating beats bedroom benefits blade blades bleach bleed bleeding blood boiler bottle
    bottles boxes boyfriend brandy breath breathe breathing breathless bridge brother bruise bruised bruises
    bruising burden burn burned burning burns burnt camera cameras cancer carbon carer carers carpark carpet
    chemical chemicals chest child children choked chokes choking cider citalopram cliff clot clucking
    cocaine codeine collapse collapsed collapsing coming confused consent contractions controlling controls
    cousin crack credit crying cupboard cupboards curtains cutting daughter death delete dementia demons
    detector devil diagnosis diazepam disappear dizzy doorway dosage doses double drinking droop drooping
    dropped drown drowning drowsy drunk dryer dying eaten eating edge electric electrical eleven emergency
    escape everyone everything evicted eviction exist existence explosion faint father feeling fever fifteen
    filthy flames flashbacks floppy followed following food forced forcing forever fourteen fridge friend
    frightened fumes funeral getting girl girlfriend giving goodbye government grandad granddaughter
    grandson groomed grooming groped hallucinate hallucinating hallucinations hang hanged hanging harassing
    harassment harm harmed harming headache headaches heart heavy heroin herself hidden hide himself hissing
    hitting homeless hopeless hospital hostel hungry hurting husband ibuprofen implanted infection inhaler
    injected injecting insulin jealous jump jumped ketamine kicked kicking kicks kill killed killer killing
    kitchen knife landlord leak leaking leave leaving letters ligature little living locked making marriage
    marry medication medicine messages methadone microchip missing molest molested molesting money monoxide
    morphine mother murder murdered murdering myself naked nappy needle neglect neglected neglecting
    neighbour neighbours nephew niece nightmares nobody noose nothing nowhere numb numbness overdose
    overdosed overdosing packet packets pads painkillers paracetamol paralysed paranoia paranoid partner
    passport payday pension permission pharmacy phone pill pillow pills pointless poison poisoned poisoning
    poisonous police pounding pregnancy pregnant prescribed prescription prisoner private prophet punch
    punched punches punching pushed quietly racing railway raped rapes raping rapist rattling razor revenge
    roof rope safeguarding sanctioned scared schizophrenia school scissors scratching screaming secret
    seizure seizures sertraline sexual sexually shakes shaking shelter shoot shooting shouted shouting
    shoved sick signals sister sitting slapped slapping slaps sleep sleeping slurred slurring smell smelling
    smells smoke social socket soiled something sparking sparks speech spice spying stab stabbed stabbing
    stalker stalking standing starved starving stealing steals stepdad stitches stolen strangle strangled
    strangles strangling streets stroke suicidal suicide swallow swallowed swallowing sweating sweaty
    swelling swollen symptoms tablet tablets taken teacher television telling temper temperature terrified
    themselves thirteen thought thoughts threat threatened threatening threatens threats throat toddler
    tomorrow tongue tonight touched touching tracks train tramadol trapped trembling twelve uncle
    unconscious universal unresponsive useless violence violent vodka voice voices vomit vomiting wakes
    waking wandered wandering warfarin watching weed whisky whisper whispered whispering whispers withdrawal
    withdrawals withdrawing without worker worried worthless wound wrist wrists yourself
    """.split()
)

# Ordinary words one slip away from a risk word (found by comparing RISK_WORDS with a large word list).
ORDINARY = frozenset(
    """
    abs abuses agone alam alan alarming alarms alice alike along alzheimer amused amusing angle anile ankles
    antibiotic antidepressant arcing aspiring assaults attach attacks axes bailiff bald balds barns bars
    bathe bathrooms baton bats batter batterer batters battle battles batty beach beads beaming beams beanie
    beans bearing bears beast beasts beat beater beers belting belts benefit bents berth bertha bets betting
    birth biting bits bladed blair blake blame blaze blazer blazers blear bleating bled bleep blend blending
    blond bloods bloody bloom blur boating boats boiled boilers bold bolting bones boris bother bottled
    bowler boxed boxer boxers brady braes brand brands brandt brass breach breadth breathed breather breaths
    breathy breed breeding bride bridges bridget brood bros broth brothel brothers buren buret buried burner
    burners burst burt burying caden camara cancel cancers caner canter care cared career careers cares
    caress carey carr carson carter carver cater caters ceder cheat chess chested chests chesty chet
    childrens chile chili chill choke chokers chores chucking cinder clicking cliffs coding collapses
    confuse content contraction control convent cooked cooking coping cousins crank crayon crept crest cries
    curer curtain cutter dancer daughters dealt deaths delta demon demos depth detectors devi devils devin
    dieting ding disappears diss does doges doing domes dose doser dosing doss doubled doubles down downing
    drank drawn drink drip dripped drooped drop dropping drugged drying dumont dwyer ealing easing eater
    eaton emergence eton exists exit exits explosions fad farther fathers fda feather fed feeding feverish
    fevers fewer filing films filth fiver flame flashback fling flint flung follower font force forces
    forged formed forming fortune frames fried friends fringe frying fume fumer funerals fuzes gassed
    girlfriends girls governments groomer groomers grope grouped had handed handing hangings harding hart
    healy hear heard hears hearst hearth heartless hearts heat heavily heroic heroine heron hid hinging
    hinting hopeful horn horne hospitals hosted hostels hoster hotel hungary hunting hurdling hurling huron
    hurt husbands infected infections inhaled injection jealousy jules julius jumper keller kick kicker
    kicky killead killers killings killjoy kirks knicks knives lacked lava leading leaks leaky leaning
    leaping lease leasing letter lettering lev levi licked liking lining liv live locke locker locket lok
    looked love loving many marking marty mating mediation medications medicines meditation merry message
    messaged messing modest molester monkey monty mothers murderer murders named nas nasa ncaa nec needles
    neighbor neighbors nes nic nice niches nico nightmare noise norse nos nose nothin nothings noting
    notting nsa overdoing packed packer packers paralyzed parana paren partners passports pending pensions
    picket piles pillows pinch pinched pinches pinching pistol place plc pocket pockets policy polite polls
    porn pounded pounds prescribe prescriptions pricks primate prison prisoners prone prophets prying psni
    pulls pushes raced racer racers races racist raf raged rages raging railways raked rap rape rapid
    rapping rasped rated rates rating raving razer ref rep revenue rip roped ropes roping sacred sailed
    salad saying scala scale scaled scare scares scarred scored scouting scouts scudi scudo sealing seals
    seating seeping sell selling sells setting shades shake shaken shakers shallow shaming shapes shaping
    shared shares sharing sharks sharpe shaved shaving sheep shell shells shelters shit shoat shook shoots
    short shot shout shove shovel shoves shoving showed shut signal sisters sizer slabs slade slams slap
    slaws sleek sleeper sleepers sleeps sleepy slice slid slide slip slipped slipping slips slitting sloping
    slued small smelly smelt smiled smoked smokes smoky snakes snapped snapping snaps soaking soaps soared
    socle sold solid somethin space spared spark sparkle sparkling spec spell spelling spells spics spicy
    spike spine spire spite spitting spoiled spoke spring spurred stable stables stacking stakes stalked
    stared staring stark starred starring started starting starts starve starves steal steaming steams steep
    sterling stoke stole stoops strange streaming street strike strode stroked strokes stroller stubbed
    stubbing swallows swapped swats swearing sweat sweaters sweats sweep sweeping sweets swell switches
    symptom table tables takes tamper tang tango tapped teachers teaches temperatures terrifies though
    thread threads threaten ting toddlers token tong tonga tongs tongues torn touches touting traces track
    tracked tracts trail trains trait tran treat treats tricks tripped trucks trying tung turn twain uncles
    vic vice violet voiced wages waist waker wales walking wand waves waving wed whimper whimpered whiskey
    whist wind wists woking wondered wondering worked worries would wounds writ
    """.split()
)

_SHORT_RISK = frozenset(
    "kill die dead rape hurt pain stab cut gun gas fire hit beat burn hang jump drunk help self harm life".split()
)
_DOUBLED = frozenset("all still will tell call well feel need see too soon good food been off hell full bill keep "
                     "pull fell class loss miss kiss less mess pass bless cross press".split())
_RUN = re.compile(r"([a-z])\1{2,}")
_LEET = str.maketrans("013457@$!|", "oieastasii")


def _deletes(word: str) -> set[str]:
    return {word[:i] + word[i + 1:] for i in range(len(word))} | {word}


_INDEX: dict[str, list[str]] = {}
for _word in sorted(w for w in RISK_WORDS if len(w) >= 5):
    for _key in _deletes(_word):
        _INDEX.setdefault(_key, []).append(_word)


def _skeleton(word: str) -> str:
    """A word without its vowels, first letter kept: what texting leaves of it."""
    return word[:1] + _VOWELS.sub("", word[1:])


_VOWELS = re.compile("[aeiou]")
_SKELETONS: dict[str, str] = {}
for _word in sorted(RISK_WORDS, key=len, reverse=True):
    _SKELETONS[_skeleton(_word)] = _word


def one_slip(a: str, b: str) -> bool:
    """True if one letter added, dropped, changed or swapped with its neighbour turns a into b."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    return (
        a[i + 1:] == b[i + 1:] or a[i + 1:] == b[i:] or a[i:] == b[i + 1:]
        or (a[i:i + 2] == b[i:i + 2][::-1] and a[i + 2:] == b[i + 2:])
    )


@lru_cache(maxsize=8192)
def correct(token: str) -> str | None:
    """The risk word a misspelt token stands for, or None. The first letter must be right, except when swapped."""
    if len(token) < 4 or len(token) > 16 or token in RISK_WORDS or token in ORDINARY:
        return None
    if len(token) < 5:
        return _without_vowels(token)
    for key in sorted(_deletes(token), key=len, reverse=True):
        for word in sorted(_INDEX.get(key, ()), key=lambda w: collapse_pairs(w) != collapse_pairs(token)):
            swapped = token[:2] == word[:2][::-1]
            if (token[0] == word[0] or swapped) and one_slip(token, word):
                return _plain(token, word)
    if token.endswith("s") and not token.endswith("ss"):
        return correct(token[:-1])
    return _without_vowels(token)


def _without_vowels(token: str) -> str | None:
    """'hsbnd' to 'husband': only for a token that dropped vowels and kept all the rest, four letters or more."""
    skeleton = _skeleton(token)
    word = _SKELETONS.get(skeleton)
    return word if word and len(skeleton) >= 3 and len(token) <= len(skeleton) + 1 and len(token) < len(word) else None


def _plain(token: str, word: str) -> str | None:
    """Regular endings are not slips: 'husbands', 'breaths', 'smelled' stay as they are."""
    return None if token in (word + "s", word + "d", word + "r", word + "y") else word


def collapse_pairs(word: str) -> str:
    """A word with doubled letters made single, to tell 'swolen' (swollen) from 'stolen'."""
    return re.sub(r"(.)\1", r"\1", word)


def collapse_repeats(token: str) -> str:
    """'heeeelp' to 'help', 'killl' to 'kill', 'stilllll' to 'still'."""
    if not _RUN.search(token):
        return token
    double = _RUN.sub(r"\1\1", token)
    single = _RUN.sub(r"\1", token)
    if double in RISK_WORDS or double in _DOUBLED:
        return double
    return single


@lru_cache(maxsize=2048)
def unmask(token: str) -> str | None:
    """The word behind stars or number letters ('k*ll', 'su1c1de', 'r@pe'), or None."""
    if "*" in token or "#" in token:
        body = "".join("." if c in "*#" else c for c in token.translate(_LEET))
        if body.count(".") > 3 or len(body) - body.count(".") < 2 or not re.fullmatch("[a-z.]+", body):
            return None
        shape = re.compile(body)
        matches = [w for w in sorted(_SHORT_RISK | RISK_WORDS) if len(w) == len(body) and shape.fullmatch(w)]
        return matches[0] if matches else None
    plain = collapse_repeats(token.translate(_LEET))
    if plain in RISK_WORDS or plain in _SHORT_RISK:
        return plain
    return correct(plain) if plain.isalpha() else None
