"""Word tables for the safety screen: text-speak, contractions, dialect and spellings, each to plain English."""

from __future__ import annotations


def _table(rows: str) -> dict[str, str]:
    """Read 'plain: variant variant' rows, by line or semicolon, into {variant: plain}."""
    table: dict[str, str] = {}
    for row in rows.strip().replace(";", "\n").splitlines():
        plain, _, variants = row.partition(":")
        for variant in variants.split():
            table[variant] = plain.strip()
    return table


# Looked up after apostrophes are taken out, so "don't" and "dont" are one key.
CONTRACTIONS = _table("""
do not: dont dnt don dinnae dinna divvent dunt dinny doan doant
can not: cant cannot cannae canna cnt carnt caint cudnae; will not: wont willnae winnae
would not: wouldnt wouldnae wudnt woodnt wunt; is not: isnt isnae aint; are not: arent arnt
was not: wasnt wasnae wasn; were not: werent wernt; has not: hasnt hasnae
have not: havent havnt havnae huvnae hvnt avent; had not: hadnt hadnae
does not: doesnt dosnt doesnae dusnt dsnt; did not: didnt didnae dint dident didn
could not: couldnt couldnae cudnt; should not: shouldnt shouldnae; must not: mustnt; i am: im iam ahm ama
i have: ive iv ave; you are: youre ure yer; you have: youve uve; they are: theyre; they have: theyve
we are: weare; we have: weve; he is: hes; she is: shes; it is: its tis; that is: thats; what is: whats wots
where is: wheres; there is: theres; who is: whos; how is: hows; here is: heres; you will: youll ull
they will: theyll; it will: itll; that will: thatll; he would: hed; they would: theyd; you would: youd
nothing is: nothings; everything is: everythings
""")

# These keep their apostrophe as the sign: without it they are other words (ill, hell, shell, wed, lets).
APOSTROPHE = _table("""
i will: i'll; he will: he'll; she will: she'll; we will: we'll; i would: i'd; she would: she'd
we would: we'd; we are: we're; let us: let's; overdosed: od'd o'd'd; overdose: o'd; overdosing: od'ing
and: 'n'
""")

SHORTHAND = _table("""
you: u ya yu ye yous youse yoo; your: ur yor yr; are: r; and: n nd; why: y; be: b; to: tae
please: plz pls plse plez pleas pleez plase; thanks: thx thanx ta fanks
because: cos coz cuz bcos bc becos cus becoz becuase becasue bcause bcoz; with: wiv wif wiff wi
without: wivout wivowt withowt; what: wot wat wht whit; when: wen wehn; who: whu; that: dat tht
the: da teh th hte t; this: dis ths; them: dem thm; they: dey thay; just: jus jst juss
about: abt bout aboot abou; think: fink thnk fnk thinkin finking finkin; thinking: thinkn
something: sumfin summat sumthin somethin somat sumat sommat sumthing sumfink somthing
nothing: nowt nuffin nuthin nuffink nothin nutin nought noffin nout; anything: owt anyfin anythin anyfink
everything: everythin evrything everyfin everyfing evrythin
someone: sum1 some1 sumone somebody sombody somone; anyone: any1 anybody neone
everyone: evry1 every1 everybody evryone; no one: no1 noone noboddy; nobody: nobdy
going to: gonna gunna gona gna gonnae gawn goin2 gunno gon; going: goin goan gwan gan gooin
got to: gotta gotae; want to: wanna wana wannae wnna; want: wnt wan; trying to: tryna trynna trina
have to: hafta hav2; have: hav hve huv hv; having: havin; do not know: dunno dno dunna dunnoe
i do not know: idk; i do not care: idc; i am going to: imma ima; let me: lemme; give me: gimme
kind of: kinda; kill myself: kms ctb killmyself; kill himself: killhimself; kill herself: killherself
end my life: endmylife; end it all: enditall; want to die: wanttodie wantodie wannadie
self harm: sh selfharm selfharming selfharmed; overdose: od ods; boyfriend: bf boyf; girlfriend: gf girlf
husband: hubby hubbie hubs husb usband hubster husbnd; wife: missus missis wifey; partner: prtner patner
mum: mam mom mummy mammy momma maw mother mumma mums; dad: daddy dada father pops faither dads dah
nan: nana nanna nanny granny grandma gran grandmother gramma
grandad: grandpa granda grandfather gramps granddad grampy; brother: bro bruv brov; sister: sis
baby: bab babby babba bubba; child: bairn wean toddla chld littlun
children: bairns weans childs kids kiddies kidz childrens childern nippers littluns; kid: nipper kiddie
tablets: tabs tabz tablits tabblets tablts tablest tabletts; tablet: tab; pills: pillz
medication: meds medz medicine medicines medications medicin; painkillers: painkillas
paracetamol: paras paracetomol parcetamol paracetemol paracetomal paracetamols paracetemols panadol
ibuprofen: brufen ibuprofin nurofen; hospital: hosp hospitle hozpital; doctor: doc doctors docs drs
ambulance: amb ambulence ambo; message: msg; messages: msgs; text: txt; texts: txts
phone: fone phne mob mobile phon moby foan; house: hse hoose ouse; home: hame yam; flat: flt
out: oot aht owut; down: doon dahn; now: noo nah; dead: deid ded dedd; head: heid; years: yrs yeers
year: yr; weeks: wks; week: wk; hours: hrs; hour: hr; minutes: mins; minute: min; smell: smel smeel
smells: smels; heroin: heroine; eaten: eatn eated etn; face: fase fayce; alright: alrite alreet
water: watter; little: lickle likkle; left: lef; make: meyk; find: fynd; meal: meel; sick: sik; fell: feld
cuts: cutz; back: bak bck; weekends: wkends; weekend: wkend
granddaughter: grandaughter grandaughters grandauter; childminder: childmindr; next: nxt
properly: propaly propa proply; fourteen: forteen; thirteen: thirten; hungry: clemmed clempt hungrey
listening: litsening listning lissening; no money: skint boracic; years: yers; smoking: smokin
sleeping: slepping sleepin sleping; wake: wke; swallowed: swallied swallud swalloed; took: tok; heart: hart; many: meny mny; their: thier; what: wots; took: tuk; allow: alow; attic: atic; done: dun
calm down: calmdwn; down: dwn doon; told: tellt telt; going: gaun gannin; over: ower; right: reet
electric: leccy lecky; crying: greeting' greetin; know: ken; knows: kens; week: wik; toilet: bog lavvy
quiet: whisht wheesht; within: wivin; months: mths mnths; myself: mesself; our: wor; quid: squid; where: wer
number: nmbr; must: mst; cough: coff; check in: chekin checkin; batter: batta; leave: leav leve; pads: padds
again: agian agen agin agane; night: nite nyt nyte neet; right: rite; as: az; there: ther; they: dey thay
taking: takin tekin; tomorrow: tmrw tmr tomoz 2moro 2mrw tomorow tommorow tommorrow tomorro tmw 2morrow tmoz
trouble: truble trubble; tonight: 2nite tonite tnite 2night toneet 2nyt tonyt; today: 2day tday todae; before: b4 bfore; late: l8
later: l8r laters; mate: m8 marra; mates: m8s; hate: h8; wait: w8; great: gr8; for: fer fur
not: nae nay nt nawt; no: nope naw; yes: yeah yep yea yup aye yh ye yehh yas yess
myself: meself mesen misen myslef mysel masel miself maself mysen myslf mysself
himself: hisself hissen himslef; herself: hersen; yourself: yersel urself; my: mi mah; take: tek tak
taken: tekken takin takken tooken; took: tuk; make: mek mak; makes: meks maks; go: goo; know: knaw kno
does: duz dus; was: wuz waz wos; said: sed; says: sez ses; love: luv; come: cum; some: sum
enough: enuf enuff enugh; could: cud culd; would: wud; should: shud; hitting: hittin; kill: kil kll kilin
killing: killin; dying: dyin; hurting: hurtin; hearing: hearin; breathe: breath breth breeth breef
breathing: breathin breething brething; drinking: drinkin; drank: drunked; eat: et; eaten: etten aten eatin
money: munny monies dosh wonga; food: fud foodz scran grub; chest: ches; pain: payn; pains: painz
people: ppl peeple peoples; neighbour: neighbor nayber neighbur naybor nextdoor; neighbours: neighbors
alcohol: alchol alcahol alchohol
suicidal: suisidal suicidle suicidul sewicidal sucidal suicidel siucidal suiscidal
suicide: suiside suicde sewerside suacide sucide suicid suicied siucide suecide; unalive: unaliv unalife
really: rly rlly relly reely; probably: prob probs prolly; though: tho; through: thru
okay: ok oki okey k kk; before it: b4it; different: diff; every: evry evri
friend: frend freind pal buddy bezzie mucker mukka; friends: frends freinds; with me: wime
afraid: affraid afrade; scared: scard skared feart frit; frightened: frightend fritened; tried: tryed
bruises: brooses bruse; drugged: drugd; money is: moneys
""")

UNITS = _table("""
years old: yo yrold; years: y yr yrs years yers; stone: st stone; mg: mg; ml: ml; minutes: min mins
hours: hr hrs h; weeks: wk wks; months: mth mths; am: am; pm: pm; x: x
""")
