"""Mends misspelt, stretched and disguised risk words, and leaves ordinary words that look like them alone."""

from __future__ import annotations

import re
from functools import lru_cache

# Words the patterns turn on. A five-letter or longer token one slip away from one of these is read as it.
RISK_WORDS = frozenset(
    """
    abuse abused abuser abusing abusive afraid alarm alcohol allergic ambulance anaphylaxis answered
    answering antibiotics antidepressants antifreeze anymore asleep aspirin assault assaulted assaulting
    attack baby battered battery beaten beating beats blade blades bleach bleed bleeding blood boiler
    boyfriend breath breathe breathing breathless bridge brother bruise bruised bruises bruising burden burn
    burned burning burns burnt camera cameras carbon carer carers chemical chemicals chest child children
    choked chokes choking citalopram cliff cocaine codeine collapse collapsed collapsing consent controlling
    controls cupboard cupboards cutting daughter death demons detector devil diagnosis diazepam disappear
    doorway dosage doses double drinking droop drooping dropped drown drowning drunk dying eaten eating
    electric electrical emergency evicted eviction explosion father followed following food forced forcing
    fridge friend frightened girlfriend government grandad groomed grooming groped hallucinating
    hallucinations hang hanged hanging harm harmed harming heart heroin herself himself hitting homeless
    hopeless hospital hostel hungry hurting husband ibuprofen implanted inhaler insulin jump jumped ketamine
    kicked kicking kicks kill killed killer killing knife leak leaking ligature locked medication medicine
    methadone microchip missing molest molested molesting monoxide morphine mother murder murdered murdering
    myself naked neglect neglected neglecting neighbour neighbours noose nothing nowhere numb numbness
    overdose overdosed overdosing painkillers paracetamol paralysed partner pension pill pills pointless
    poison poisoned poisoning poisonous prescribed prescription punch punched punches punching pushed
    railway raped rapes raping rapist razor revenge rope safeguarding scared scissors scratching seizure
    seizures sertraline sexual sexually shakes shaking shelter shoot shooting shoved sister slapped slapping
    slaps sleep sleeping slurred slurring smell smelling smells smoke sparking sparks speech spying stab
    stabbed stabbing starved starving stealing steals stepdad stitches stolen strangle strangled strangles
    strangling streets stroke suicidal suicide swallow swallowed swallowing sweating swelling swollen
    symptoms tablet tablets television telling terrified themselves thought thoughts threat threatened
    threatening threatens threats throat toddler tomorrow tongue tonight touched touching tracks train
    tramadol unconscious unresponsive violence violent vodka voice voices warfarin watching whisky
    whispering whispers withdrawal withdrawals withdrawing without worried worthless wound wrist wrists
    yourself
    """.split()
)

# Ordinary words one slip away from a risk word (found by comparing RISK_WORDS with a large word list).
ORDINARY = frozenset(
    """
    abuses alam alarming alarms amused amusing aspiring assaults attach attacks barns bathe bats batter
    beach beads beaming beams beanie beans bearing bears beast beasts beat beater belting belts bents bets
    betting bladed blake blame blaze blazer blazers bleating bled blend blending blond bloods bloody bloom
    boating boats boiled boilers bolting bother bowler breach breadth breathed breather breaths breathy
    breed breeding bride bridges bridget brood brothel brothers buren buret buried burner burners burst burt
    burying camara caner care cared career careers cares caress carey carr carson carter carver cater caters
    cheat chess chested chests chesty chet childrens chile chili chill choke chokers chores cliffs collapses
    content control convent cooked cooking crest curer cutter daughters deaths demon demos depth detectors
    devi devils devin dieting ding disappears does doges doing domes dose doser dosing doubled doubles down
    downing drank drawn drink dripped drop dropping drugged drying ealing easing eater eaton emergence
    explosions farther fathers feather follower force forces forged formed forming fried friends fringe
    gassed girlfriends governments groomer groomers grouped handed handing hangings harding hart hear heard
    hears hearst hearth heartless hearts heat heroic heroine heron hinging hopeful hospitals hosted hostels
    hoster hotel hungary hunting hurdling hurling husbands inhaled jumper keller kick kicker kicky killead
    killers killings killjoy kirks knicks knives lacked leading leaks leaky leaning leaping leasing leaving
    licked locke locker locket looked mediation medications medicines meditation messing modest mothers
    murderer murders named noise norse nose nothings noting notting paralyzed partners pensions piles pinch
    pinched pistol polls prescriptions prison pulls pushes raced races racing racist raged raging railways
    raked rape rapid rapping rasped rated rates rating raving razer revenue roped ropes roping sacred saying
    scaled scare scares scarred scored sealing seals seating sell selling sells shades shake shaken shakers
    shallow shapes shaping shared shares sharing sharks sharpe shaved sheep shell shells shelters shoat
    shook shoots short shot shout shouting shove shovel showed sisters slabs slams slap slaws sleek sleeper
    sleepers sleeps sleepy slipped slipping slips small smelly smelt smoked smokes smoky snakes snapped
    snapping snaps soaking soared spared spark sparkle sparkling spell spelling spells spoke spring spurred
    stable stables stakes stared staring starred starring started starting steal steaming steep sterling
    stoke stole strange street strike strode stroked strokes stroller stubbed stubbing swallows swapped
    swearing sweep sweeping swell switches table tables though thread threads threaten toddlers tongs
    tongues touches traces track tracked tracts trail trains trait tran treat treats tricks trucks twain
    vice violet voiced waist whiskey whisper wists worries would wounds writ
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
    if len(token) < 5 or len(token) > 16 or token in RISK_WORDS or token in ORDINARY:
        return None
    for key in _deletes(token):
        for word in _INDEX.get(key, ()):
            swapped = token[:2] == word[:2][::-1]
            if (token[0] == word[0] or swapped) and one_slip(token, word):
                return _plain(token, word)
    return None


def _plain(token: str, word: str) -> str | None:
    """Regular endings are not slips: 'husbands', 'breaths', 'smelled' stay as they are."""
    return None if token in (word + "s", word + "d", word + "r", word + "y", word[:-1]) else word


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
