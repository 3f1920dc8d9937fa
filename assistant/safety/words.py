"""Word tables for the safety screen: text-speak, contractions, dialect and spellings, each to plain English."""

from __future__ import annotations


def _table(rows: str) -> dict[str, str]:
    """Read 'plain: variant variant' lines into {variant: plain}."""
    table: dict[str, str] = {}
    for row in rows.strip().splitlines():
        plain, _, variants = row.partition(":")
        for variant in variants.split():
            table[variant] = plain.strip()
    return table


# Looked up after apostrophes are taken out, so "don't" and "dont" are one key.
CONTRACTIONS = _table("""
do not: dont dnt don dinnae dinna divvent dunt dinny doan doant
can not: cant cannot cannae canna cnt carnt caint cudnae
will not: wont willnae winnae
would not: wouldnt wouldnae wudnt woodnt wunt
is not: isnt isnae aint
are not: arent arnt
was not: wasnt wasnae wasn
were not: werent wernt
has not: hasnt hasnae
have not: havent havnt havnae huvnae hvnt avent
had not: hadnt hadnae
does not: doesnt dosnt doesnae dusnt dsnt
did not: didnt didnae dint dident didn
could not: couldnt couldnae cudnt
should not: shouldnt shouldnae
must not: mustnt
i am: im iam ahm ama
i have: ive iv ave
you are: youre ure yer
you have: youve uve
they are: theyre
they have: theyve
we are: weare
we have: weve
he is: hes
she is: shes
it is: its tis
that is: thats
what is: whats wots
where is: wheres
there is: theres
who is: whos
how is: hows
here is: heres
you will: youll ull
they will: theyll
it will: itll
that will: thatll
he would: hed
they would: theyd
you would: youd
nothing is: nothings
everything is: everythings
""")

# These keep their apostrophe as the sign: without it they are other words (ill, hell, shell, wed, lets).
APOSTROPHE = _table("""
i will: i'll
he will: he'll
she will: she'll
we will: we'll
i would: i'd
she would: she'd
we would: we'd
we are: we're
let us: let's
overdosed: od'd o'd'd
overdose: o'd
overdosing: od'ing
and: 'n'
""")

SHORTHAND = _table("""
you: u ya yu ye yous youse yoo
your: ur yor yr
are: r
and: n nd
why: y
be: b
to: tae
please: plz pls plse plez pleas pleez plase
thanks: thx thanx ta fanks
because: cos coz cuz bcos bc becos cus becoz becuase becasue bcause bcoz
with: wiv wif wiff wi
without: wivout wivowt withowt
what: wot wat wht whit
when: wen wehn
who: whu
that: dat tht
the: da teh th hte t
this: dis ths
them: dem thm
they: dey thay
just: jus jst juss
about: abt bout aboot abou
think: fink thnk fnk thinkin finking finkin
thinking: thinkn
something: sumfin summat sumthin somethin somat sumat sommat sumthing sumfink somthing
nothing: nowt nuffin nuthin nuffink nothin nutin nought noffin nout
anything: owt anyfin anythin anyfink
everything: everythin evrything everyfin everyfing evrythin
someone: sum1 some1 sumone somebody sombody somone
anyone: any1 anybody neone
everyone: evry1 every1 everybody evryone
no one: no1 noone noboddy
nobody: nobdy
going to: gonna gunna gona gna gonnae gawn goin2 gunno gon
going: goin goan gwan gan gooin
got to: gotta gotae
want to: wanna wana wannae wnna
want: wnt wan
trying to: tryna trynna trina
have to: hafta hav2
have: hav hve huv hv
having: havin
do not know: dunno dno dunna dunnoe
i do not know: idk
i do not care: idc
i am going to: imma ima
let me: lemme
give me: gimme
kind of: kinda
kill myself: kms ctb killmyself
kill himself: killhimself
kill herself: killherself
end my life: endmylife
end it all: enditall
want to die: wanttodie wantodie wannadie
self harm: selfharm selfharming selfharmed
overdose: od ods
boyfriend: bf boyf
girlfriend: gf girlf
husband: hubby hubbie hubs husb usband hubster husbnd
wife: missus missis wifey
partner: prtner patner
mum: mam mom mummy mammy momma maw mother mumma mums
dad: daddy dada father pops faither dads dah
nan: nana nanna nanny granny grandma gran grandmother gramma
grandad: grandpa granda grandfather gramps granddad grampy
brother: bro bruv brov
sister: sis
baby: bab babby babba bubba
child: bairn wean toddla chld littlun
children: bairns weans childs kids kiddies kidz childrens childern nippers littluns
kid: nipper kiddie
tablets: tabs tabz tablits tabblets tablts tablest tabletts
tablet: tab
pills: pillz
medication: meds medz medicine medicines medications medicin
painkillers: painkillas
paracetamol: paras paracetomol parcetamol paracetemol paracetomal paracetamols paracetemols panadol
ibuprofen: brufen ibuprofin nurofen
hospital: hosp hospitle hozpital
doctor: doc doctors docs drs
ambulance: amb ambulence ambo
message: msg
messages: msgs
text: txt
texts: txts
phone: fone phne mob mobile phon moby foan
house: hse hoose ouse
home: hame yam
flat: flt
out: oot aht owut
down: doon dahn
now: noo nah
dead: deid ded dedd
head: heid
years: yrs yeers
year: yr
weeks: wks
week: wk
hours: hrs
hour: hr
minutes: mins
minute: min
again: agen agin agane
night: nite nyt nyte neet
right: rite
as: az
there: ther
they: dey thay
taking: takin tekin
tomorrow: tmrw tmr tomoz 2moro 2mrw tomorow tommorow tommorrow tomorro tmw 2morrow tmoz
tonight: 2nite tonite tnite 2night toneet 2nyt tonyt
today: 2day tday todae
before: b4 bfore
late: l8
later: l8r laters
mate: m8 marra
mates: m8s
hate: h8
wait: w8
great: gr8
for: fer fur
not: nae nay nt nawt
no: nope naw
yes: yeah yep yea yup aye yh ye yehh yas yess
myself: meself mesen misen myslef mysel masel miself maself mysen myslf mysself
himself: hisself hissen himslef
herself: hersen
yourself: yersel urself
my: mi mah
take: tek tak
taken: tekken takin takken tooken
took: tuk
make: mek mak
makes: meks maks
go: goo
know: knaw kno
does: duz dus
was: wuz waz wos
said: sed
says: sez ses
love: luv
come: cum
some: sum
enough: enuf enuff enugh
could: cud culd
would: wud
should: shud
hitting: hittin
kill: kil kll kilin
killing: killin
dying: dyin
hurting: hurtin
hearing: hearin
breathe: breath breth breeth breef
breathing: breathin breething brething
drinking: drinkin
drank: drunked
eat: et
eaten: etten aten eatin
money: munny monies dosh wonga
food: fud foodz scran grub
chest: ches
pain: payn
pains: painz
people: ppl peeple peoples
neighbour: neighbor nayber neighbur naybor nextdoor
neighbours: neighbors
alcohol: alchol alcahol alchohol
suicidal: suisidal suicidle suicidul sewicidal sucidal suicidel siucidal suiscidal
suicide: suiside suicde sewerside suacide sucide suicid suicied siucide suecide
unalive: unaliv unalife
really: rly rlly relly reely
probably: prob probs prolly
though: tho
through: thru
okay: ok oki okey k kk
before it: b4it
different: diff
every: evry evri
friend: frend freind pal buddy bezzie mucker mukka
friends: frends freinds
with me: wime
afraid: affraid afrade
scared: scard skared feart frit
frightened: frightend fritened
tried: tryed
bruises: brooses bruse
drugged: drugd
money is: moneys
""")

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
    ("in side", "inside"), ("year old", "years old"), ("yrs old", "years old"), ("y o", "years old"),
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
    "kid lad lass mum dad son daughter brother sister nan grandad grandson granddaughter jack tom sam dave".split()
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
UNITS = _table("""
years old: yo yrold
years: y yr yrs years yers
stone: st stone
mg: mg
ml: ml
minutes: min mins
hours: hr hrs h
weeks: wk wks
months: mth mths
am: am
pm: pm
x: x
""")
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
