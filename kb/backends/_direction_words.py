"""The words by which English says which way things go: comparisons, order in time, causes, trends; read by :mod:`kb.backends._directions`."""

from __future__ import annotations

import re
from typing import Final

from kb.backends.memory_lexical import analyse

SCALES: Final[dict[str, tuple[int, str]]] = {
    word: (sign, scale)
    for scale, up, down in (
        ("amount", "more higher greater larger bigger above over", "less fewer lower smaller below under"),
        ("pace", "faster quicker speedier", "slower"),
        ("time", "earlier sooner", "later"),
        ("worth", "better", "worse"),
        ("age", "older", "younger"),
        ("novelty", "newer", "elder"),
        ("length", "longer taller", "shorter briefer"),
        ("heat", "warmer hotter milder", "cooler colder"),
        ("cost", "dearer costlier pricier", "cheaper"),
        ("force", "stronger", "weaker"),
        ("weight", "heavier", "lighter"),
        ("width", "wider broader", "narrower"),
        ("means", "richer wealthier", "poorer"),
        ("risk", "safer", "riskier"),
        ("effort", "easier simpler", "harder"),
        ("depth", "deeper", "shallower"),
        ("density", "denser thicker", "sparser thinner"),
        ("light", "brighter", "darker dimmer"),
        ("water", "wetter", "drier"),
        ("distance", "closer nearer", "farther further"),
        ("frequency", "oftener", "rarer"),
    )
    for sign, words in ((1, up), (-1, down))
    for word in words.split()
}
PLACES: Final = frozenset({"above", "over", "below", "under"})
"""Scales only beside 'than' or a verb: 'over the decade' compares nothing."""
THAN: Final = re.compile(
    rf"\b(?P<word>{'|'.join(SCALES)})\b(?P<between>(?:[ ,]+[\w'’%.-]+){{0,8}}?)[ ,]+than\b", re.IGNORECASE
)
AS_MUCH: Final = re.compile(
    r"(?:\b(?P<more>twice|(?:two|three|four|five|six|ten|\d+) times)|(?P<less>\b(?:half|a (?:third|quarter|fifth|tenth))|(?:\bnot|n['’]t) (?:nearly |quite )?))"
    r" ?(?:as|so) (?P<much>much|many|large|big|high|long|heavy|fast|old|expensive|strong|tall|wide|deep)\b(?P<between>(?: [\w'’%-]+){0,4}?) as\b",
    re.IGNORECASE,
)
MUCH: Final = {
    "long": "length", "tall": "length", "heavy": "weight", "fast": "pace", "old": "age", "expensive": "cost", "strong": "force",
    "wide": "width", "deep": "depth",
}  # fmt: skip
"""Scales of what is compared with 'as ... as', where it is no amount."""
EXCEEDS: Final = re.compile(
    r"\b(?:(?P<more>exceed(?:s|ed|ing)?|outnumber(?:s|ed|ing)?|outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|overt(?:ook|akes?|aken|aking)"
    r"|outpac(?:es?|ed|ing)|outstrip(?:s|ped|ping)?|outliv(?:es?|ed|ing)|outlast(?:s|ed|ing)?|outrank(?:s|ed)?|dwarf(?:ed|ing)|eclips(?:es?|ed|ing)|outscor(?:es?|ed|ing)|outsell(?:s|ing)?|outsold|outweigh(?:s|ed|ing)?|beat(?:s|en)?|defeat(?:s|ed)?|w[io]ns? against|prevail(?:s|ed) over|triumph(?:s|ed) over|(?:gain(?:s|ed)|strengthen(?:s|ed)|appreciat(?:es|ed)|r(?:ose|ises)|climb(?:s|ed)) against"
    r"|(?:is|are|was|were|stayed|remained|stood) (?:well |far |just )?above)"
    r"|(?P<less>trail(?:s|ed|ing)?(?: behind)?|lag(?:s|ged|ging)? behind|f(?:ell|alls?|allen) short of|underperform(?:s|ed|ing)?|(?:l(?:ost|oses?)|weaken(?:s|ed)|depreciat(?:es|ed)|f(?:ell|alls)|slip(?:s|ped)) against|lost(?: (?:the|an?|its|their|his|her) (?:[\w-]+ ){0,2}[\w-]+)? to"
    r"|(?:is|are|was|were|stayed|remained|stood) (?:well |far |just )?below))\b(?P<by> by\b(?! (?:\d|about|almost|nearly|over|more|a )))?",
    re.IGNORECASE,
)
PLACE: Final = re.compile(
    r"\b(?:(?P<more>north|east|upstream|uphill)|(?P<less>south|west|downstream|downhill))(?:ward)? of\b", re.IGNORECASE
)
"""Where one thing lies beside another."""
AXES: Final = {
    "north": "north", "south": "north", "east": "east", "west": "east", "upstream": "stream", "downstream": "stream",
    "uphill": "hill", "downhill": "hill",
}  # fmt: skip
PLAINER: Final = (
    (re.compile(r"\b(?:more slowly|less (?:quickly|rapidly|swiftly))\b", re.IGNORECASE), "slower"),
    (re.compile(r"\b(?:more (?:quickly|rapidly|swiftly)|less slowly)\b", re.IGNORECASE), "faster"),
    (re.compile(r"\bmore (?:often|frequently)\b", re.IGNORECASE), "oftener"),
    (re.compile(r"\b(?:less (?:often|frequently)|more (?:rarely|seldom))\b", re.IGNORECASE), "rarer"),
)
"""Two words that say what one does."""
THAN_BEFORE: Final = re.compile(
    r" than (?:(?:ever )?before|ever|previously|usual|in the past|it (?:was|had been|used to be)|they (?:were|had been|used to be)"
    r"|(?:a|one) (?:year|month|decade|century|generation) (?:ago|before|earlier)|(?:in|at|during) (?:the )?(?:previous|preceding|last|past) (?:\w+ )?\w+)\b",
    re.IGNORECASE,
)
"""What is compared with itself at an earlier time has a trend."""
ORDER: Final = re.compile(
    r"\b(?:(?P<before>before|prior to|ahead of|preced(?:es?|ed|ing))|(?P<after>(?:only |just |soon |shortly )?after)|(?P<until>until|till)"
    r"|(?P<then>(?:was |were |is |are )?followed (?:[\w ]{0,25} )?by)|(?P<follows>follow(?:s|ed|ing)\b(?! (?:[\w ]{0,25} )?by)|succeed(?:s|ed)\b(?! (?:in|at|with|where|because|by)\b)))\b",
    re.IGNORECASE,
)
CAUSE: Final = re.compile(
    r"\b(?:(?P<leads>result(?:s|ed|ing)? in|le(?:ads?|d|ading) to|caus(?:es?|ed|ing)|br(?:ings?|ought|inging) about|trigger(?:s|ed|ing)?|g(?:ives?|ave) rise to)"
    r"|(?P<stems>result(?:s|ed|ing)? from|because(?: of)?|due to|as a (?:result|consequence) of|owing to|stem(?:s|med|ming)? from)"
    r"|(?P<passive>(?:was|were|is|are|been|being) (?:caused|triggered|brought about) by))\b",
    re.IGNORECASE,
)
BESIDE: Final = re.compile(
    r"^\W*(?:compared (?:with|to)|in comparison (?:with|to)|relative to) (?P<other>[^,]{2,60}), ", re.IGNORECASE
)
EARLIER: Final = re.compile(
    r"^\W*(?:it|they|he|she|before|ever|previously|usual|expected|in the (?:past|decades|years)|used to)\b",
    re.IGNORECASE,
)
SAID: Final = re.compile(
    r",? according to [^,.]*|, [^,]{3,50} (?:says?|said|reports?|reported|notes?|noted|concluded?|announced)\b[^,]*$",
    re.IGNORECASE,
)
NOT: Final = re.compile(
    r"\b(?:not|never|no|none|nor|neither|hardly|cannot|fail(?:s|ed|ing)? to|unlikely to|den(?:y|ies|ied)|refut(?:e|es|ed))\b|n['’]t\b",
    re.IGNORECASE,
)
UP: Final = re.compile(
    r"\b(?:ris(?:e|es|en|ing)|rose|increas\w*|gr(?:ew|own|ows?|owing|owth)|climb\w*|surg(?:e|es|ed|ing)|soar\w*|jump(?:s|ed|ing)?|expand\w*"
    r"|accelerat\w*|gain(?:s|ed|ing)?|improv\w*|strengthen\w*|rais(?:e|es|ed|ing)|lengthen\w*|boost\w*|widen\w*|swelled|swollen|multipl(?:y|ies|ied|ying)|balloon(?:ed|ing)|rocket(?:ed|ing)|escalat\w*|doubl(?:e|es|ed|ing)|tripl(?:e|es|ed|ing)"
    r"|(?:w[eo]nt|go|goes|gone|going|pick(?:s|ed|ing)?|mov(?:e|es|ed|ing)|edg(?:e|es|ed)|driv(?:e|es|en)|drove|push(?:es|ed)?) up(?:wards?)?"
    r"|upturn|higher|larger|greater|bigger|warmer|hotter|dearer|faster|earlier|stronger|better|longer|wider|more)\b",
    re.IGNORECASE,
)
DOWN: Final = re.compile(
    r"\b(?:f[ea]ll(?:s|en|ing)?|decreas\w*|declin\w*|drop(?:s|ped|ping)?|shr[aiu]nk\w*|reduc\w*|plung\w*|plummet\w*|slump\w*|contract(?:s|ed|ing)|slow(?:s|ed|ing)?(?: down)?"
    r"|deteriorat\w*|worsen\w*|weaken\w*|los(?:e|es|t|ing)|lower(?:s|ed|ing)?|shorten\w*|halv(?:e|es|ed|ing)|cut(?:s|ting)?|slip(?:s|ped|ping)?|dwindl\w*|diminish\w*|narrow(?:s|ed|ing)|tumbl(?:ed|ing)|dipped|wan(?:es|ed|ing)|fad(?:es|ed|ing)|taper(?:s|ed|ing)|subsid(?:es|ed|ing)|thinned"
    r"|(?:w[eo]nt|go|goes|gone|going|c[ao]me|mov(?:e|es|ed|ing)|edg(?:e|es|ed)|bring(?:s|ing)?|brought|driv(?:e|es|en)|drove) down(?:wards?)?"
    r"|downturn|smaller|fewer|less|cooler|colder|cheaper|slower|later|weaker|worse|shorter|narrower)\b",
    re.IGNORECASE,
)
KINDS: Final = {
    "dearer": "cost", "cheaper": "cost", "warmer": "heat", "hotter": "heat", "cooler": "heat", "colder": "heat", "faster": "pace", "slower": "pace", "earlier": "time",
    "later": "time", "better": "worth", "worse": "worth", "longer": "length", "shorter": "length",
    "improv": "worth", "deterio": "worth", "worsen": "worth", "accele": "pace", "slow": "pace",
}  # fmt: skip
"""Trend words that speak of something else than an amount."""
AMOUNT: Final = "amount"
COUNTING: Final = frozenset({"more", "less", "fewer"})
"""Words that say what there is more of right behind them."""
TIME: Final = "time"
IDLE: Final = frozenset(
    analyse(
        "did does do than those which who had has have been now also still one ones became become becomes once again"
    )
)
TELLING: Final = frozenset({"pace", "worth", "time", "length"})
"""Kinds of which one may also speak as of an amount: 'accuracy fell' and 'accuracy got worse'."""
CLAUSE: Final = re.compile(
    r"[;–—]|:(?=\s)|, (?:but|while|whereas|although|though|and|which|to|where|when)\b|\b(?:but|whereas|although|while|because)\b"
    r"|\band (?=\w+(?:ed|t)\b|(?:\w+ ){1,4}(?:rose|fell|grew|w[eo]nt|gone|is|are|was|were|has|have|had|now|\w+ed)\b)|, (?=\w+ing\b)"
)
SENTENCE_END: Final = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9])")
