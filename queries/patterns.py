"""Patterns and word lists of English prose by which :mod:`queries.wording` judges a sentence."""

from __future__ import annotations

import re
from typing import Final

MIN_WORDS: Final = 7
MAX_WORDS: Final = 48
ASPECTS: Final = frozenset(
    "advantage advantages application applications aspect aspects association basics benefit benefits best cause causes challenge "
    "challenges comparison concern concerns cons consequence consequences danger dangers debate definition difference differences "
    "disadvantage disadvantages drawback drawbacks effect effects effectiveness evidence example examples explanation future "
    "harm harms history impact impacts implication implications importance influence introduction issue issues kinds limit "
    "limitation limitations limits link links main meaning mechanism mechanisms merit merits need opportunities opportunity "
    "origin origins outlook overview practice practices problem problems promise pros purpose question questions reason reasons "
    "real-world relation relationship review rise risk risks role roles side sides significance state status strengths success "
    "summary threat threats trend trends types usage use uses value way ways weaknesses".split()
)
"""Nouns by which a topic asks for a side of something: they say what is asked, not what about."""
# Connectives that tie a sentence to the one before it; what follows them stands alone.
LEADING: Final = re.compile(
    r"^(?:(?:However|Moreover|Furthermore|Additionally|In addition|Besides|Also|Thus|Therefore|Hence|Consequently|"
    r"As a result|As a consequence|Nevertheless|Nonetheless|Still|Yet|But|And|So|Indeed|In fact|In practice|In short|"
    r"In other words|That is|That said|For example|For instance|In particular|Specifically|Notably|Importantly|"
    r"Interestingly|Crucially|Overall|In general|Generally|On the other hand|On the contrary|In contrast|By contrast|"
    r"Conversely|Similarly|Likewise|Finally|First|Firstly|Second|Secondly|Third|Thirdly|Fourth|Fifth|Lastly|Meanwhile|"
    r"Instead|Rather|Hence|Accordingly|Of course|To be clear|In summary|In conclusion|To summarise|To summarize|After all|"
    r"Years later(?!, .*\b(?:was|were|had|did|became|began|came|found|made|grew|fell|rose|led|took|gave|\w\w+ed)\b)|"
    r"(?:For|Because of) (?:this|these|that|those|the same|which) reasons?|At the same time|Put differently|More importantly|Most importantly|Then|Next|Again)(?:,\s+|(?<=But)\s+|(?<=And)\s+|"
    r"(?<=So)\s+|(?<=Yet)\s+))+",
)
LABEL: Final = re.compile(
    r"^(?:Definition|(?:Key|Main|Core) (?:idea|takeaway|result|finding|point|message|insight)s?|Takeaways?|Conclusions?|Results?|"
    r"Findings?|Bottom line|Summary|TL;DR|Answer|Fact|Lesson|Warning|Caution|Caveat|Tip|Remark|Background|Context|Abstract)\s*:\s+"
)
SECTION_LABEL: Final = re.compile(
    r"^(?:(?:BACKGROUND|CONTEXT|INTRODUCTION|OBJECTIVES?|AIMS?|PURPOSE|RATIONALE|HYPOTHESIS|DESIGN|SETTINGS?|PARTICIPANTS|PATIENTS|"
    r"SUBJECTS|INTERVENTIONS?|METHODS?|METHODOLOGY|MEASUREMENTS?|MEASURES?|OUTCOMES?|MAIN|PRIMARY|PRINCIPAL|RESULTS?|FINDINGS|"
    r"DISCUSSION|INTERPRETATION|CONCLUSIONS?|SIGNIFICANCE|IMPORTANCE|RELEVANCE|SUMMARY|LIMITATIONS?|FUNDING|AND|OF|THE|STUDY|DATA|"
    r"SOURCES?|SELECTION|EXTRACTION|SYNTHESIS)[ :.]+)+(?=[A-Z0-9])"
)
"""The label that opens a part of a structured abstract."""
NUMBERING: Final = re.compile(r"^(?:\(?\d{1,2}[.)]|\(?[a-hA-H][.)]|[-–—•*·▪►])\s+")
NOTES: Final = re.compile(
    r"\s*\[(?:\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*|citation needed)\]|\s*\((?:arXiv|doi):\s?[\w./-]+\)(?=[.;,])",
    re.IGNORECASE,
)
PRONOUNS: Final = frozenset("it they he she this these those that such its their his her them both neither".split())
ANAPHORA: Final = re.compile(
    r"\b(?:the (?:former|latter|above|following|aforementioned|same (?:is|was|holds|applies|goes|thing|idea|reason))|"
    r"(?:as )?(?:mentioned|described|discussed|noted|shown|explained|stated|seen|outlined|defined|introduced) "
    r"(?:above|below|earlier|before|previously|in (?:the )?(?:section|chapter|figure|table|fig|sec))|see (?:above|below)|"
    r"(?:this|the (?:next|previous|present|preceding|rest of (?:the|this))) (?:section|chapter|paper|article|post|guide|tutorial|report|"
    r"document|handout|lecture|page|blog|newsletter|book|module|slide|example|memo|note|work)\b|(?:section|chapter|figure|fig\.|table|"
    r"appendix|equation|eq\.|listing|algorithm|slide) ?\(?\d|below:?$|(?<!and )(?<!or )\babove(?=[,.;])|"
    r"\b(?:is|are|was|were) (?:another|one|it|one thing)\.$|, too,|\b(?:little|much|less|nothing) is known about (?:its|their)\b|as follows|here is|here are|here's)",
    re.IGNORECASE,
)
RELATIVE_TIME: Final = re.compile(
    r"^(?:(?:Years?|Months?|Weeks?|Days?|Soon|Shortly|Later|Afterwards?|Until then|By then|Since then|At (?:the|that) time|"
    r"At (?:this|that) (?:point|stage)|Up to now|So far|Within (?:\w+ ){1,3}(?:years?|months?|weeks?|days?|hours?)|Here|There)\b(?! (?:is|are|was|were)\b))",
)
PAGE: Final = re.compile(
    r"^(?:(?:The|These|All|Our|Other|More) )?(?:(?:[\w-]+ ){0,3}(?:tutorials?|notebooks?|web ?pages?|handbooks?|appendix|appendices|slides|"
    r"documentation|walkthroughs?)|(?:paper|code|example|sample|reference) (?:implementations?|recipes|pipelines|snippets)) "
    r"(?:\w+ly )?(?:provides?|offers?|presents?|contains?|includes?|collects?|lists?|gathers?|covers?|describes?|shows? how|"
    r"demonstrates? how|explains?|walks?|introduces?|summari[sz]es?|reproduces?) ",
    re.IGNORECASE,
)
"""A sentence that says what a page or a part of it holds, and nothing about the world."""
BOILERPLATE: Final = re.compile(
    r"\b(?:cookies?|subscribe|unsubscribe|sign[ -]?up|sign in|log ?in|newsletter|all rights reserved|copyright|©|"
    r"terms of (?:service|use)|privacy (?:policy|notice)|click (?:here|on|the)|read more|learn more|table of contents|"
    r"share this|follow us|contact us|licensed under|star us|pull requests?|back to top|your (?:browser|inbox|email)|"
    r"stay tuned|thanks? (?:for|to)|thank you|acknowledge?ments?|best regards|kind regards|sent from my|"
    r"leave a comment|related (?:articles|posts)|advertisement|sponsored|e-?mail us|free trial|book a demo)\b",
    re.IGNORECASE,
)
ADDRESS: Final = re.compile(
    r"https?://|www\.|\S+@\S+\.\w|\b[\w.-]+\.(?:com|org|io|ai|net|py|json|yaml|md)/?\b|\barXiv:\d", re.IGNORECASE
)
CODE: Final = re.compile(
    r"[{}<>=|\\^`$@]|~(?!\d)|__|^\w*[a-z][A-Z]\w*:|\w+\(\)|\b\w+_\w+\b|--\w|::|\bself\.|#\w|[→←⇒⟶✓✗✔✘►]"
)
SECOND_PERSON: Final = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
FIRST_SINGULAR: Final = re.compile(r"\b(?:I|I'm|I’m|I've|I’ve|[Mm]y|me|mine)\b")
FIRST_PLURAL: Final = re.compile(r"\b(?:we|our|us|ours|let's|let’s)\b", re.IGNORECASE)
PLANS: Final = re.compile(
    r"\b(?:we(?:['’]ll| will| are going to| shall| turn to| now)|let(?:['’]s| us)|"
    r"we (?:also )?(?:survey|present|introduce|propose|describe|investigate|explore|study|discuss|review|cover|focus|start|begin|need|"
    r"want|see|can see|saw|have seen|hope|thank|refer|leave|return|turn))\b",
    re.IGNORECASE,
)
VAGUE_SUBJECT: Final = re.compile(
    r"^(?:The|Their|Its|His|Her|Our|My|One|Another|Other|Some of|Many of|Most of|All of|Each of|None of|Several of)\s+"
    r"(?:(?:first|second|third|same|other|main|key|next|last|final|new|original|resulting|proposed|latter|former)\s+)*"
    r"(?:authors?|papers?|stud(?:y|ies)|results?|findings?|approach|methods?|technique|team|researchers|goal|idea|problem|"
    r"point|reason|answer|question|difference|example|experiments?|work|point|aim|document|option|issue|effect|"
    r"solution|process|step|way|trick|lesson|catch|table|figure|list|rest|above|figures?|numbers?|two|three|four|of|"
    r"such|these|those|them|this|that|way|thing)\b"
)
BARE_SUBJECT: Final = re.compile(
    r"^The (?:models?|data|dataset|datasets|students?|teachers?|system|systems|technique|task|tasks|stages?|scores?|response|responses|"
    r"output|outputs|prompt|prompts|chapter|library|package|software|program|code|file|files|user|users|company|project|"
    r"product|service|platform|author|speaker|interviewer|effect|effects|difference|problem|problems|question|questions|"
    r"number|numbers|work|study|case|cases|example|examples|list|group|groups|cost|costs|rule|rules|change|changes) "
    r"(?:is|are|was|were|has|have|had|can|could|will|would|may|might|must|should|does|did|then|also|now|still|only|\w+s|\w+ed)\b"
)
LISTING: Final = re.compile(
    r"\bet al\b.*\bet al\b|\bet al\.?,? [\"“]|,\s*(?:19|20)\d\d[a-z]?\)?\.$|(?:[A-Z][\w’'-]+, (?:[A-Z]\.,? ?)+){2}|^[A-Z][\w’'-]+(?:, [A-Z][\w’'-]+)*,? (?:and|&) [A-Z][\w’'-]+, [\"“]|^(?:Sources?|References?|Keywords?|Tags?|Note|See|Figure|Table|Date|From|To|Subject|Author|By|Published|Posted|Updated|Version|Link|Paper|Code|Dataset|Q|A)\b[^.]{0,20}:"
)
IMPERATIVES: Final = frozenset(
    "use run see note click install add set make create check read try let consider choose select open download follow "
    "remember ensure keep avoid start enter write learn visit contact share find get go give take look think imagine suppose "
    "assume recall compare define call pass put define load save build test treat measure report document state ask "
    "mix train evaluate review track record log filter generate prefer refer please do don’t don't never always begin stop "
    "apply replace remove configure specify update include provide watch pick split sample verify validate audit hold apply "
    "insist tell know expect plan limit label mark publish welcome extract identify establish design collect employ adopt leverage "
    "implement monitor conduct combine balance augment tune fine-tune blend prioritise prioritize invest aim seek demand request "
    "discard reject flag inspect examine estimate calculate compute simulate translate rewrite rephrase summarize summarise "
    "convert transform merge join reuse explain enable disable import export initialize run-time upload submit".split()
)
PRODUCT: Final = re.compile(
    r"\b(?:is|are) (?:a|an|the) (?:[\w-]+[ ,]+){0,4}(?:toolkit|tool|library|framework|package|platform|repository|repo|collection|list|course|"
    r"community|company|startup|service|product|website|guide|tutorial|book)\b|\b(?:this|the) (?:repo|repository|toolkit|tool|library)\b|"
    r"\bpresents? an? |\b(?:configuration|config) (?:file|system)s?\b|\b(?:CLI|command[- ]line)\b|\bprovides? (?:a|an) \S+ (?:interface|CLI|API)|\bcurated list|\boutlines? how|\bcan be used (?:for|to)\b|"
    r"\b(?:is|are) (?:introduced|presented|described|discussed) (?:in|by)\b|\b(?:supports?|offers?|features?|includes?) (?:a|an|the|several|many|multiple)\b",
    re.IGNORECASE,
)
METHOD: Final = re.compile(
    r"\bwe (?:\w+ly )?(?:hypothesi[sz]ed?|aimed|sought|examined|measured|investigated|assessed|analy[sz]ed|determined|evaluated|used|"
    r"performed|conducted|compared|tested|recruited|studied|asked)\b|\b(?:aim|purpose|objective|goal)s? (?:of|was|were|is)\b|"
    r"\b(?:was|were) (?:then |also |\w+ly )?(?:measured|assessed|recruited|randomi[sz]ed|enrolled|performed|conducted|collected|"
    r"calculated|administered|offered|designed|analy[sz]ed|examined|determined|evaluated|carried out|used (?:to|for)|provided)\b|"
    r"\b(?:future|further|more|larger) (?:\w+ )?(?:stud(?:y|ies)|research|work|trials?|investigations?) (?:\w+ )?(?:is|are|should|will|must)\b",
    re.IGNORECASE,
)
"""What a study set out to do or did, and not what it found."""
LEANING: Final = re.compile(
    r"\b(?:therefore|thus|hence|likewise|in turn|as well|instead|however)\b|"
    r"\bthe (?:original|earlier|same|above) \w+|\bthe (?:effect|method|approach|technique|problem|authors?)\b(?! of| that)|\b(?:the|their|its) (?:study|paper|authors?|experiments?|evaluation)\b",
    re.IGNORECASE,
)
COMPARED: Final = re.compile(
    r"\b(?:more|less|fewer|better|worse|higher|lower|larger|smaller|faster|cheaper|than|increas\w+|decreas\w+|reduc\w+|"
    r"improv\w+|degrad\w+|declin\w+|outperform\w*|amplif\w+|lead(?:s|ing)? to|cause[sd]?|result(?:s|ed)? in|depends?|prevent\w*|"
    r"avoid\w*|because|risk\w*|benefit\w*|limit\w*|require[sd]?)\b",
    re.IGNORECASE,
)
FINDING: Final = re.compile(
    r"\b(?:show(?:s|ed|n)?|found|finds?|report(?:s|ed)?|demonstrat\w+|suggest(?:s|ed)?|argue[sd]?|conclude[sd]?|observ\w+|"
    r"evidence|measured|estimated|according to|recommend\w*)\b",
    re.IGNORECASE,
)
BREAK: Final = re.compile(r"[,;:()\[\]–—]|--")
COMMON_VERBS: Final = frozenset(
    "need needs show shows helps makes means leads causes matters tends tend seems seem gets become becomes says keeps "
    "offers affects impacts promises falls rises drops benefits costs".split()
)
DETERMINERS: Final = frozenset(
    "a an the this these those its their our of in on for with by from at and or no some any each every".split()
)
AFTER_VERBS: Final = frozenset(
    "the a an that their its how no more less than what whether why which it them our some all each both neither only not "
    "about when where into up out as best better well worse".split()
)
PREPOSITIONS: Final = frozenset("by with from for in on at of using via through under over between and or to".split())
VERBS: Final = frozenset(
    "is are was were be been has have had do does did will would can could may might must shall should isn’t isn't doesn’t doesn't don’t don't won’t can’t can't cannot".split()
)
OPENERS: Final = frozenset(
    "in when if as to for by with once while although because since after before on at from though until unless".split()
)
OBJECT_PRONOUN: Final = re.compile(
    r"^(?:[A-Z][\w’'-]+ et al\.?,?|[A-Z][\w’'-]+(?:,? (?:and|&) (?:[A-Z][\w’'-]+|colleagues|others|co-?workers))?) (?:\w+ly )?\w+ "
    r"(?:it|them|this|these)\b"
)
"""Somebody did something with a thing that an earlier sentence named: 'Peng and colleagues used it to ...'."""
THAT_NOUN: Final = re.compile(
    r"\b(?:on|of|in|from|with|by|for) that (?!is\b|are\b|can\b|was\b|were\b|has\b|have\b|it\b|they\b|the\b|a\b)\w+|\bthat (?:assumption|"
    r"approach|method|problem|question|view|idea|claim|result|finding|effect|reason|case|kind|sort|risk|point|way|paper|study)\b",
    re.IGNORECASE,
)
ORDINAL_SUBJECT: Final = re.compile(
    r"^(?:(?:In|On|At|For|With|From|By|Of|Under) )?(?:An?(?= (?:earlier|later|newer|older|second|third|further|final|similar))|The|Both|Another|An?other|Each|Either|Neither|One|Other|Some|Many|Most|All|None|Several|"
    r"Two|Three|Four|Five)(?: of)?(?: the)? (?:first|second|third|fourth|fifth|next|latter|former|other|others|same|resulting|final|original|latest|last|current|"
    r"above|proposed|new|seed|initial|earlier|later|newer|older|further|similar|remaining|following|previous|whole|entire|approach|approaches|method|methods|models? (?:is|are|was|were)|"
    r"authors?|papers?|tool|toolkit|repo|repository|pipeline|framework|team|steps?|process|experiments?|table|figure|goal|idea|point|aim|"
    r"strategy|strategies|them|these|those|options?|answer|reason|result is|results are|split|picture|story|trick|catch)\b"
)
BARE_THING: Final = re.compile(
    r"^The (?:([a-z]+(?:ed|ing)) [a-z]+|([a-z][\w-]*)) (?:(?:is|are|was|were|has|have|had|can|could|may|might|must|will|would|should|then|also|only|still|therefore|"
    r"never|often|always|usually|does|did|do)\b|(?!of\b)\w+(?:s|ed) (?!of\b|for\b))"
)
