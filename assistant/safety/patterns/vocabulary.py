"""The word groups every family of patterns shares: people, time, wanting, ways, negation, settings that are not risk."""

from __future__ import annotations

from assistant.safety.patterns.lang import Vocabulary

V = Vocabulary()

# People
V.add("PARTNER", "husbands?", "wife", "partners?", "boyfriends?", "girlfriends?", "fiance", "fiancee", "spouse", "exs?",
      "exes", "oldman", "fella", "feller", "hub", "man", "bloke", "missus", "baby ?father", "babys? dad", "kids? dad",
      "children dad", "lad i live with", "man i live with", "person i live with", "one i live with",
      "one i am with", "guy i am seeing", "guy i live with", "lad i am seeing")
V.add("ELDER", "mums?", "dads?", "nans?", "grandad", "grandparents?", "aunt(?:ie|y)?", "uncle", "great aunt", "parents",
      "old (?:lady|man|woman|gentleman|chap|boy|girl|couple|fella|neighbour)", "elderly \\w+", "pensioner", "oldman")
V.add("FAMILY", "<ELDER>", "sons?", "daughters?", "brothers?", "sisters?", "cousins?", "inlaws", "stepdads?", "stepmums?",
      "stepsons?", "stepdaughters?", "nephews?", "nieces?", "grandsons?", "granddaughters?", "family", "relatives?", "kin",
      "lad", "lass", "lodger", "flatmate", "housemate")
V.add("CHILD", "child", "children", "kid", "kids", "baby", "babies", "toddlers?", "infants?", "newborn", "bairn",
      "little (?:one|ones|boy|girl|lad|lass|brother|sister|kid|man)s?", "sons?", "daughters?", "grandsons?",
      "granddaughters?", "grandchild", "grandchildren", "grandkids?", "nephews?", "nieces?", "stepsons?",
      "stepdaughters?", "boys?", "girls?", "lads?", "lass", "teenagers?", "schoolboys?", "schoolgirls?",
      "(?:\\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen) "
      "(?:years old|months? old|weeks? old|years|month old)", "youngest", "eldest", "twins", "pupils?", "wee (?:boy|girl|man|one|lad)")
V.add("SMALLCHILD", "baby", "babies", "toddlers?", "infant", "newborn", "bairn", "(?:my|the|our|his|her|your) "
      "(?:kid|kids|child|children|son|daughter|grandson|granddaughter|little \\w+|boy|girl|youngest|eldest|twins|"
      "grandchild|grandchildren|grandkids|stepson|stepdaughter|nephew|niece)", "wee (?:boy|girl|one|man)",
      "(?:[1-9]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|1[0-5]) (?:years? old|months? old|weeks? old|month old|years)")
V.add("FRIEND", "friends?", "mates?", "neighbours?", "colleague", "workmate", "flatmate", "housemate", "roommate", "lodger",
      "classmate", "girl at work", "lad at work", "(?:woman|man|lady|bloke|girl|boy|lad|chap|couple|fella|guy|family|people|one)"
      " (?:next door|upstairs|downstairs|across the road|opposite|down the road|at work|at church|on my street|i know|"
      "i care for|i look after|from church|over the road|in the flat \\w+)", "tenant", "client", "patient", "customer",
      "someone", "landlady", "carer", "best friend")
V.add("PERSON", "<PARTNER>", "<FAMILY>", "<FRIEND>", "<CHILD>", "woman", "girl", "boy", "lady", "person", "chap", "guy",
      "gentleman", "stranger", "relative")
V.add("HESHE", "he", "she", "they", "him", "her", "them")
V.add("POSS", "my", "our", "his", "her", "their", "the", "a", "an", "this", "that", "your", "some")
V.add("THEM", "he", "she", "they", "<POSS> (?:\\w+ )?<PERSON>", "<PARTNER>", "<FAMILY>", "<FRIEND>")
V.add("SELFREF", "myself", "me", "my life", "my self", "myself off")
V.add("OTHERREF", "himself", "herself", "themselves", "themself", "his life", "her life", "their life", "their own life",
      "his own life", "her own life", "their lives")

# Small words
V.add("AUX", "is", "was", "are", "were", "has", "have", "had", "did", "do", "does", "will", "would", "can", "could", "may",
      "might", "keeps?", "kept", "just", "always", "often", "sometimes", "now", "been", "being", "be", "to", "then", "so",
      "really", "also", "already", "still", "got", "get", "gets", "go", "goes", "went", "started", "starts", "even", "again",
      "regularly", "constantly", "nearly", "almost", "actually", "probably", "and", "all", "both", "only", "tries", "tried",
      "trying", "threatened", "likes", "used", "never", "himself", "herself", "once", "twice", "deliberately", "that", "who",
      "physically", "badly", "really", "then", "hardly", "last", "night", "yesterday", "frequently")
V.add("WANT", "want", "wants", "wanted", "wanting", "wish", "wishing", "wishes", "wished", "would rather", "would like",
      "would prefer", "ready", "going", "planning", "plan", "plans", "intend", "intending", "need", "needs", "hoping",
      "hope", "trying", "about", "tempted", "prefer", "long", "longing", "rather", "urge", "urges", "desire", "feel like",
      "feels like", "felt like", "determined", "decided", "willing", "thinking", "think", "thoughts", "thought",
      "contemplating", "contemplate", "considering", "considered", "consider", "fantasise", "dream", "dreaming",
      "threatening", "threatens", "threatened", "says", "said", "talking", "talks", "talked", "saying", "will", "would",
      "might", "gunna", "may", "shall", "close", "prepared", "could", "ought", "obsessing", "better", "sooner", "mood")
V.add("NOT", "not", "no", "never", "nothing", "nobody", "no one", "none", "hardly", "without", "nor")
V.add("NOW", "now", "right now", "tonight", "today", "this (?:minute|second|moment|morning|afternoon|evening)", "just",
      "at the moment", "currently", "rn", "immediately", "as we speak", "any minute", "soon", "already")
V.add("SOON", "tonight", "now", "today", "right now", "this (?:morning|afternoon|evening|weekend|week|time)", "tomorrow",
      "later", "soon", "rn", "in (?:a|an|\\d+) (?:minutes?|hours?|bit|moment)", "by (?:monday|tuesday|wednesday|thursday|"
      "friday|saturday|sunday|tomorrow|tonight|christmas|the weekend|morning|the time)", "when (?:he|she|they|everyone|"
      "my \\w+|the kids|the children|it gets dark|the house)", "after (?:this|that|i|the|work|tea)", "before (?:the|he|she|they|my)",
      "on (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|my birthday)", "once (?:the|he|she|they|everyone|my)",
      "as soon as", "this is (?:it|goodbye)", "the minute")
V.add("NUMBER", "\\d+", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen", "sixteen",
      "twenty", "thirty", "forty", "fifty", "sixty", "hundred", "dozen", "couple of", "few")
V.add("LONG_AGO", "(?:years|decades|long time|ages|donkeys years|lifetime|while|many moons|year|months) (?:ago|back|since)",
      "used to", "in the past", "when i was (?:younger|young|a (?:kid|child|teen|teenager|student|boy|girl|lad)|little|small|"
      "at (?:school|uni|college|work)|in my|\\d+|about \\d+|1\\d|married)", "as a (?:teenager|child|kid|student|young \\w+)",
      "back in (?:the |my |\\d)", "in my (?:teens|twenties|thirties|youth|20s|30s|40s|younger days|first marriage)",
      "in (?:19|20)\\d\\d", "last (?:year|decade|century)", "my (?:first|former|late|previous) (?:husband|wife|marriage|partner|boyfriend)",
      "over the years", "previously", "at one time", "once upon a time", "before i (?:got|met|moved|found|left)", "history of")
V.add("WELL_NOW", "(?:fine|ok|okay|better|well|good|great|safe|happy|happier|recovered|over it|clean|sober|dry|settled|free|"
      "stable|stronger|alright|sorted|out of it|past it|away from (?:him|her|it|them)|in a better place|on my feet|"
      "so much better|myself again|in recovery) (?:now|these days|nowadays|today|since|for \\w+ (?:years|months))",
      "(?:been|am|feel|doing|i am) (?:\\w+ )?(?:fine|well|clean|safe|sober|stable|better|happy|recovered|good|ok|okay|alright)"
      " (?:now|since|for|these days|ever since|again|and|,|but|[.])",
      "now (?:i am|we are|am) (?:\\w+ )?(?:fine|ok|okay|well|safe|happy|better|clean|stable|good|great|settled|sober|free|away)",
      "(?:behind|past) (?:me|us) now", "put (?:it|that|all that) behind", "moved on", "no longer (?:feel|do|in|with|a)",
      "not (?:now|anymore|any longer|these days)", "(?:have|got|had) (?:not )?(?:done it|touched it|hurt myself) since",
      "in recovery", "long (?:gone|over|since|divorced)", "he is (?:dead|in prison|long gone|gone) now", "life is good",
      "(?:counselling|therapy|treatment|help|support) (?:\\w+ )?(?:worked|sorted|helped|then|at the time|back then|changed|saved|got me)",
      "got (?:help|through it|better|over it|the help)", "safe and (?:well|sound|happy)", "wants? to (?:give something back|"
      "help others|volunteer|support others)", "would like to (?:volunteer|help others|give|meet|join|support)",
      "all (?:sorted|over|behind|fine|good)(?: \\w+)? now", "came (?:out|through) the other side", "glad (?:i am|to be) (?:still )?(?:here|alive)",
      "doing (?:\\w+ )?(?:fine|well|great|better|ok|okay|brilliant)", "recovered", "turned my life around", "(?:i am|been) (?:out|free|away|divorced)"
      " (?:of it|from)?", "(?:since|then) (?:i |we )?(?:divorced|left him|left her|split)", "long since")
V.add("STILL", "still", "again", "coming back", "come back", "came back", "lately", "recently", "these thoughts", "this week",
      "tonight", "today", "now i want", "relapsed", "started again", "nobody knows", "never told", "not told", "flashbacks",
      "keep thinking", "back now", "worse", "tempted", "yesterday", "last night", "found me", "thinking about it", "getting bad")

# Places where the words are about something else: stories, courses, jobs, good causes.
V.add("STORY", "films?", "movies?", "novels?", "books?", "drama", "telly", "tv", "series", "episodes?", "soaps?", "songs?",
      "lyrics", "poems?", "plays?", "podcasts?", "documentar(?:y|ies)", "eastenders", "corrie", "coronation street", "emmerdale",
      "casualty", "hollyoaks", "netflix", "crosswords?", "quiz", "murder myster(?:y|ies)", "whodunnit", "true crime", "opera",
      "panto", "pantomime", "theatre", "cinema", "script", "chapter", "characters?", "video games?", "xbox", "playstation",
      "reading group", "book group", "book club", "writing group", "creative writing", "news", "agatha christie", "musical",
      "board game", "cluedo", "storyline", "plot", "shakespeare", "hamlet", "romeo", "thriller", "radio play", "escape room",
      "newspaper", "article", "detective", "crime writer", "local history", "exhibition", "am dram", "drama group", "bible")
V.add("SETTING",
      "(?:watch|watched|watching|seen|saw|read|reading|heard|wrote|writing|write|finished|studying|listening to) (?:\\S+ ){0,4}<STORY>",
      "<STORY> (?:\\S+ ){0,2}(?:about|on|where|called|in which|with|tonight|last night|series|was|is)",
      "in (?:a|an|the|this|that|my|our) (?:\\S+ ){0,2}<STORY>", "<STORY> (?:character|plot|scene|group|club|night)",
      "characters? (?:\\S+ ){0,4}<STORY>",
      "(?:training|course|courses|workshop|talk|awareness|webinar|session|lecture|seminar|leaflets?|posters?|charity|"
      "fundraiser|fundraising|dissertation|essay|research|project|campaign|conference|module|presentation|policy|study) "
      "(?:\\S+ ){0,2}(?:on|about|for|into|around|in|to raise)",
      "(?:suicide|self harm|abuse|rape|overdose|violence|safeguarding|mental health|first aid|crisis|naloxone|knife crime|"
      "prevention|psychosis|voices|homeless|stroke|cardiac|heart|fire|gas) (?:\\S+ ){0,2}(?:training|course|courses|workshop|charity|"
      "awareness|trainer|volunteers?|helpline volunteer|fundraiser|walk|run|talk|webinar|policy|leaflets?|posters?|"
      "dissertation|essay|study|researcher|research|safety check|club|support group volunteers?|prevention)",
      "i (?:\\S+ ){0,2}(?:work|worked|volunteer|volunteered|teach|taught|am employed|trained) (?:\\S+ ){0,2}(?:for|with|at|in|as)",
      "as a (?:volunteer|nurse|teacher|social worker|support worker|journalist|student|counsellor|police officer|trainer)",
      "(?:want|like|love|looking|wanted|wish|hope|hoping|interested|keen|offer|applying|training|signed up|able) (?:\\S+ ){0,2}"
      "(?:volunteer|volunteering|fundraise)", "i (?:used to be|am|was) (?:a|an) (?:\\S+ )?(?:paramedic|nurse|midwife|"
      "social worker|police officer|firefighter|counsellor|teacher|samaritan|first aider|student nurse)",
      "do you (?:offer|run|have|do|support|help|provide|cover) (?:\\S+ ){0,6}(?:people|anyone|those|someone|survivors|victims) (?:who|with|of)",
      "my (?:dissertation|essay|thesis|coursework|assignment)", "raising money", "in memory of", "sponsored")
