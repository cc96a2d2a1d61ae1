"""Hard pairs made from real sentences by rule: claims that keep the meaning of a sentence, and claims that break it.

Every operation takes a text and a random source and returns the changed text, or None where it does not apply. The same
operations are applied to quotes, too, so that nothing in a claim alone tells its label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Final

from kb.text import sentences

Operation = Callable[[str, Random], str | None]

PLAIN: Final = re.compile(r"^[A-Z][^\n|•\[\]{}<>=#]{30,330}\.$")
"""A sentence of running text, neither short nor long."""
_INITIALS: Final = 3
"""Letters up to which a name is none to be put in another's place."""

_NUMBER: Final = re.compile(r"(?<![\w.,/-])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w/-]|[.,]\d)(\s?%)?")
_YEAR: Final = re.compile(r"^(1[5-9]\d\d|20[0-4]\d)$")
_AUXILIARY: Final = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|may|might|should|must|does|do|did)\b(?! not\b|n't)"
)
_NOT: Final = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|may|might|should|must|does|do|did) not\b"
)
_WORDS_OF_NUMBERS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_PAST: Final = {
    "increased": "increase", "decreased": "decrease", "reduced": "reduce", "caused": "cause", "improved": "improve",
    "showed": "show", "led": "lead", "played": "play", "contained": "contain", "included": "include",
    "required": "require", "provided": "provide", "supported": "support", "affected": "affect", "induced": "induce",
    "inhibited": "inhibit", "promoted": "promote", "prevented": "prevent", "became": "become", "won": "win",
    "died": "die", "moved": "move", "founded": "found", "received": "receive", "joined": "join", "served": "serve",
    "released": "release", "produced": "produce", "wrote": "write", "directed": "direct", "created": "create",
    "defeated": "defeat", "married": "marry", "began": "begin", "ended": "end", "grew": "grow", "lost": "lose",
    "made": "make", "used": "use", "found": "find", "remained": "remain", "returned": "return", "starred": "star",
    "signed": "sign", "opened": "open", "closed": "close", "attended": "attend", "graduated": "graduate",
    "worked": "work", "killed": "kill", "appeared": "appear", "sold": "sell", "bought": "buy", "built": "build",
    "enhanced": "enhance", "suppressed": "suppress", "activated": "activate", "regulated": "regulate",
    "exceeded": "exceed", "failed": "fail", "changed": "change", "differed": "differ", "took": "take", "held": "hold",
}  # fmt: skip
_PRESENT: Final = {
    "increases": "increase", "decreases": "decrease", "reduces": "reduce", "causes": "cause", "improves": "improve",
    "shows": "show", "leads": "lead", "plays": "play", "contains": "contain", "includes": "include",
    "requires": "require", "provides": "provide", "supports": "support", "affects": "affect", "induces": "induce",
    "inhibits": "inhibit", "promotes": "promote", "prevents": "prevent", "becomes": "become", "lies": "lie",
    "occurs": "occur", "helps": "help", "allows": "allow", "makes": "make", "uses": "use", "depends": "depend",
    "remains": "remain", "enhances": "enhance", "suppresses": "suppress", "activates": "activate",
    "regulates": "regulate", "protects": "protect", "predicts": "predict", "produces": "produce", "covers": "cover",
}  # fmt: skip
_OPPOSITES: Final = (
    ("increase", "decrease"), ("increases", "decreases"), ("increased", "decreased"), ("increasing", "decreasing"),
    ("higher", "lower"), ("highest", "lowest"), ("high", "low"), ("more", "less"), ("greater", "smaller"),
    ("larger", "smaller"), ("largest", "smallest"), ("large", "small"), ("rise", "fall"), ("rises", "falls"),
    ("rose", "fell"), ("gained", "lost"), ("better", "worse"), ("best", "worst"), ("improves", "worsens"),
    ("improved", "worsened"), ("improve", "worsen"), ("before", "after"), ("above", "below"), ("early", "late"),
    ("earlier", "later"), ("first", "last"), ("older", "younger"), ("old", "young"), ("oldest", "youngest"),
    ("north", "south"), ("northern", "southern"), ("east", "west"), ("eastern", "western"), ("promotes", "inhibits"),
    ("promote", "inhibit"), ("promoted", "inhibited"), ("activates", "suppresses"), ("activation", "inhibition"),
    ("activate", "suppress"), ("activated", "suppressed"), ("upregulated", "downregulated"), ("enhances", "impairs"),
    ("enhanced", "impaired"), ("enhance", "impair"), ("positive", "negative"), ("positively", "negatively"),
    ("strong", "weak"), ("stronger", "weaker"), ("faster", "slower"), ("fast", "slow"), ("long", "short"),
    ("longer", "shorter"), ("wide", "narrow"), ("won", "lost"), ("win", "lose"), ("accepted", "rejected"),
    ("accept", "reject"), ("allow", "prevent"), ("allows", "prevents"), ("allowed", "prevented"), ("began", "ended"),
    ("begins", "ends"), ("opened", "closed"), ("male", "female"), ("men", "women"), ("husband", "wife"),
    ("father", "mother"), ("son", "daughter"), ("presence", "absence"), ("present", "absent"), ("common", "rare"),
    ("frequent", "infrequent"), ("success", "failure"), ("successful", "unsuccessful"), ("major", "minor"),
    ("maximum", "minimum"), ("protects against", "contributes to"), ("resistant", "susceptible"),
    ("resistance", "susceptibility"), ("dependent", "independent"), ("necessary", "unnecessary"), ("public", "private"),
    ("rural", "urban"), ("richer", "poorer"), ("rich", "poor"), ("cheaper", "more expensive"), ("upper", "lower"),
    ("inside", "outside"), ("majority", "minority"), ("same", "different"), ("similar", "different"),
    ("effective", "ineffective"), ("significant", "insignificant"), ("acute", "chronic"), ("domestic", "foreign"),
    ("import", "export"), ("imports", "exports"), ("import from", "export to"), ("left", "right"), ("day", "night"),
    ("summer", "winter"), ("over", "under"), ("most", "least"), ("likely", "unlikely"), ("able", "unable"),
    ("gain", "loss"), ("growth", "decline"), ("grew", "shrank"), ("accelerates", "slows"), ("open", "closed"),
)  # fmt: skip
_STRONGER: Final = (
    ("some", "all"), ("some", "most"), ("many", "all"), ("many", "most"), ("most", "all"), ("several", "all"),
    ("often", "always"), ("sometimes", "always"), ("usually", "always"), ("sometimes", "usually"),
    ("generally", "always"), ("typically", "always"), ("frequently", "always"), ("rarely", "never"),
    ("may", "will"), ("might", "will"), ("could", "will"), ("can", "always"), ("may", "does"), ("may be", "is"),
    ("might be", "is"), ("could be", "is"), ("can be", "is always"), ("may have", "has"), ("suggests", "proves"),
    ("suggest", "prove"), ("suggested", "proved"), ("indicates", "proves"), ("is associated with", "causes"),
    ("are associated with", "cause"), ("was associated with", "caused"), ("were associated with", "caused"),
    ("is linked to", "causes"), ("is correlated with", "causes"), ("appears to be", "is"), ("seems to be", "is"),
    ("appear to be", "are"), ("is thought to be", "is"), ("is believed to be", "is"), ("is likely to", "will"),
    ("are likely to", "will"), ("probably", "certainly"), ("possibly", "certainly"), ("perhaps", "certainly"),
    ("one of the", "the only one of the"), ("a few", "many"), ("partially", "fully"), ("partly", "entirely"),
    ("largely", "entirely"), ("mainly", "only"), ("mostly", "entirely"), ("nearly all", "all"), ("almost all", "all"),
    ("up to", "exactly"), ("at least", "exactly"), ("helps", "is enough"), ("a potential", "a proven"),
    ("proposed", "approved"), ("planned to", "went on to"), ("aims to", "manages to"), ("hypothesized", "showed"),
)  # fmt: skip
_SAME: Final = (
    ("large", "big"), ("began", "started"), ("begins", "starts"), ("nearly", "almost"), ("approximately", "about"),
    ("roughly", "about"), ("around", "about"), ("many", "numerous"), ("also known as", "also called"),
    ("because of", "due to"), ("because", "since"), ("but", "yet"), ("although", "though"), ("however", "but"),
    ("located in", "situated in"), ("is located in", "lies in"), ("shows", "demonstrates"), ("showed", "demonstrated"),
    ("used", "employed"), ("increased", "rose"), ("decreased", "declined"), ("reduces", "lowers"),
    ("reduced", "lowered"), ("reduce", "lower"), ("improves", "enhances"), ("improve", "enhance"),
    ("improved", "enhanced"), ("leads to", "results in"), ("led to", "resulted in"), ("causes", "brings about"),
    ("caused", "brought about"), ("died", "passed away"), ("was born in", "was a native of"), ("purchased", "bought"),
    ("received", "was given"), ("won", "was awarded"), ("children", "kids"), ("film", "movie"), ("films", "movies"),
    ("author", "writer"), ("physician", "doctor"), ("physicians", "doctors"), ("obtain", "get"), ("obtained", "got"),
    ("important", "significant"), ("crucial", "essential"), ("difficult", "hard"), ("rapidly", "quickly"),
    ("primarily", "mainly"), ("primary", "main"), ("frequently", "often"), ("commonly", "often"), ("entire", "whole"),
    ("initially", "at first"), ("subsequently", "later"), ("prior to", "before"), ("following", "after"),
    ("requires", "needs"), ("required", "needed"), ("require", "need"), ("individuals", "people"),
    ("persons", "people"), ("sufficient", "enough"), ("permits", "allows"), ("permit", "allow"), ("assist", "help"),
    ("assists", "helps"), ("demonstrate", "show"), ("demonstrated", "showed"), ("indicates", "suggests"),
    ("established", "founded"), ("constructed", "built"), ("manufactured", "made"), ("produced", "made"),
    ("comprises", "consists of"), ("contains", "includes"), ("inhibits", "blocks"), ("inhibit", "block"),
    ("induces", "triggers"), ("induced", "triggered"), ("promotes", "stimulates"), ("elevated", "raised"),
    ("children aged", "children of"), ("percent", "%"), ("per cent", "%"), ("United States", "US"),
    ("United Kingdom", "UK"), ("is able to", "can"), ("are able to", "can"), ("was able to", "could"),
    ("does not", "doesn't"), ("is not", "isn't"), ("did not", "didn't"), ("cannot", "is unable to"), ("first", "initial"),
    ("greater than", "more than"), ("in addition", "moreover"), ("such as", "for example"), ("main", "principal"),
    ("is used to", "serves to"), ("is required for", "is needed for"), ("is essential for", "is needed for"),
)  # fmt: skip
_WEAKER: Final = tuple((strong, weak) for weak, strong in (
    ("may", "will"), ("often", "always"), ("some", "all"), ("some", "most"), ("some", "many"), ("many", "most"),
    ("is associated with", "causes"), ("may", "must"), ("rarely", "never"), ("at least one", "several"),
    ("suggests", "shows"), ("suggests", "proves"), ("about", "exactly"), ("largely", "entirely"), ("can", "will"),
))  # fmt: skip
_CONVERSE: Final = {
    "higher": "lower", "lower": "higher", "greater": "smaller", "larger": "smaller", "smaller": "larger",
    "more": "less", "less": "more", "older": "younger", "younger": "older", "faster": "slower", "slower": "faster",
    "better": "worse", "worse": "better", "longer": "shorter", "shorter": "longer", "stronger": "weaker",
    "earlier": "later", "later": "earlier", "bigger": "smaller", "taller": "shorter", "richer": "poorer",
}  # fmt: skip
_PASSIVE: Final = {
    "written": "wrote", "directed": "directed", "founded": "founded", "designed": "designed", "produced": "produced",
    "created": "created", "developed": "developed", "invented": "invented", "published": "published", "built": "built",
    "discovered": "discovered", "owned": "owned", "led": "led", "killed": "killed", "defeated": "defeated",
    "replaced": "replaced", "acquired": "acquired", "composed": "composed", "recorded": "recorded", "caused": "caused",
    "released": "released", "established": "established", "followed": "followed", "introduced": "introduced",
    "succeeded": "succeeded", "commissioned": "commissioned", "induced": "induced", "mediated": "mediated",
    "regulated": "regulated", "inhibited": "inhibited", "activated": "activated", "supported": "supported",
}  # fmt: skip
_SCOPE: Final = re.compile(
    r",? (?:in|among|for|of) (?:(?:the|these|those|some|most|young|older|adult|elderly|healthy|obese|pregnant|human|"
    r"transgenic|wild-type|diabetic|female|male|mouse|rat|murine|hospitali[sz]ed|premature|low-income|developing|rural)\s)*"
    r"(?:mice|rats|animals|vitro|vivo|zebrafish|yeast|women|men|children|infants|adults|patients(?: with [\w -]+?)?|"
    r"people(?: with [\w -]+?)?|individuals(?: with [\w -]+?)?|humans|students|households|countries|cells|smokers|"
    r"primates|rodents|volunteers|adolescents|cities|regions|models)(?=[ ,.;])"
)
_SCOPES: Final = (
    "in mice", "in rats", "in children", "among women", "in adults over 65", "in patients with diabetes",
    "in rural areas", "in a small pilot study", "in developing countries", "under laboratory conditions",
    "in the first year", "in two of the five cases", "outside the United States", "during the winter months",
)  # fmt: skip
_NAME: Final = re.compile(r"(?<![.!?:] )(?<!^)\b([A-Z][a-z]+(?:(?: of| the| de| van| von)? [A-Z][a-z]+)*)\b")
_BOUND: Final = re.compile(r"(?:[A-Z]\w*|between|and|to|than|about|least|most|over|under|[-(])\s*$")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _replace_one(text: str, pairs: Sequence[tuple[str, str]], chance: Random, *, both: bool) -> str | None:
    found: list[tuple[int, int, str]] = []
    for left, right in pairs:
        for old, new in ((left, right), (right, left)) if both else ((left, right),):
            found += [(m.start(), m.end(), new) for m in re.finditer(rf"\b{re.escape(old)}\b", text)]
            head = old[0].upper() + old[1:]
            if text.startswith(head + " "):
                found.append((0, len(head), new[0].upper() + new[1:]))
    if not found:
        return None
    start, end, new = chance.choice(found)
    return text[:start] + new + text[end:]


def opposite(text: str, chance: Random) -> str | None:
    """A direction or quality word by its opposite."""
    return _replace_one(text, _OPPOSITES, chance, both=True)


def strengthened(text: str, chance: Random) -> str | None:
    """A quantifier or modality made stronger than the sentence says."""
    return _replace_one(text, _STRONGER, chance, both=False)


def weakened(text: str, chance: Random) -> str | None:
    """A quantifier or modality made weaker, which the sentence still supports."""
    return _replace_one(text, _WEAKER, chance, both=False)


def synonym(text: str, chance: Random) -> str | None:
    """One word or phrase by another of the same meaning."""
    return _replace_one(text, _SAME, chance, both=True)


def negated(text: str, chance: Random) -> str | None:
    """One negation put in or taken out."""
    if found := _NOT.search(text):
        return text[: found.end(1)] + text[found.end() :]
    found = _AUXILIARY.search(text)
    if found:
        return f"{text[: found.end()]} {chance.choice(('not', 'not', 'not', 'never'))}{text[found.end() :]}"
    for table, helper in ((_PAST, "did not"), (_PRESENT, "does not")):
        for word in text.split():
            if word in table:
                return re.sub(rf"\b{word}\b", f"{helper} {table[word]}", text, count=1)
    return None


def number_changed(text: str, chance: Random) -> str | None:
    """One number, year, month or share changed so that it is no longer true."""
    found = list(_NUMBER.finditer(text))
    months = [m for m in re.finditer(r"\b(?:" + "|".join(_MONTHS) + r")\b", text) if m.group() != "May"]
    spelled = list(re.finditer(r"\b(?:" + "|".join(_WORDS_OF_NUMBERS[2:]) + r")\b", text))
    options = [*found, *months, *spelled]
    if not options:
        return None
    match = chance.choice(options)
    old = match.group()
    if old in _MONTHS:
        new = chance.choice([month for month in _MONTHS if month != old])
    elif old in _WORDS_OF_NUMBERS:
        new = chance.choice([word for word in _WORDS_OF_NUMBERS[2:] if word != old])
    else:
        whole, fraction, percent = match.group(1), match.group(2) or "", match.group(3) or ""
        value = int(whole.replace(",", ""))
        if _YEAR.match(whole) and not fraction:
            changed = value + chance.choice((-1, 1)) * chance.choice((1, 2, 3, 5, 7, 10, 12, 20, 50))
            new = str(changed)
        else:
            changed = _other(value, chance, cap=100 if percent and value <= 100 else None)
            if fraction and chance.random() < 0.5:
                new = f"{whole}.{_digits(fraction[1:], chance)}{percent}"
            else:
                new = f"{changed:,}" if "," in whole else str(changed)
                new += fraction + percent
        if new == old:
            return None
    return text[: match.start()] + new + text[match.end() :]


def _digits(old: str, chance: Random) -> str:
    new = "".join(chance.choice("0123456789") for _ in old)
    return new if new != old else old[::-1] + chance.choice("123456789")


def _other(value: int, chance: Random, cap: int | None) -> int:
    for _ in range(8):
        kind = chance.random()
        if kind < 0.3:
            changed = value + chance.choice((-3, -2, -1, 1, 2, 3, 4, 5))
        elif kind < 0.55:
            changed = int(value * chance.choice((0.2, 0.5, 0.6, 0.75, 1.3, 1.5, 2, 3)))
        elif kind < 0.75:
            changed = int(str(value)[::-1])
        else:
            changed = value * 10 if chance.random() < 0.5 else value // 10
        if changed != value and changed > 0 and (cap is None or changed <= cap):
            return changed
    return value + 1


def number_written_otherwise(text: str, chance: Random) -> str | None:
    """One number in another notation, or rounded with 'about', or as a bound that holds."""
    found = [
        m for m in _NUMBER.finditer(text) if not _YEAR.match(m.group().strip()) and not _BOUND.search(text[: m.start()])
    ]
    if not found:
        return None
    match = chance.choice(found)
    whole, fraction, percent = match.group(1), match.group(2) or "", match.group(3) or ""
    value = float(whole.replace(",", "") + fraction)
    options: list[str] = []
    if not fraction and 2 <= value < len(_WORDS_OF_NUMBERS) and not percent:
        options.append(_WORDS_OF_NUMBERS[int(value)])
    if percent:
        options += [f"{whole}{fraction} percent", f"{whole}{fraction} per cent"]
        options += (
            {"50": ["half"], "25": ["a quarter"], "75": ["three quarters"], "20": ["one fifth"]}.get(whole, [])
            if not fraction
            else []
        )
    if value >= 1_000_000:
        options += [f"{value / 1e6:.3g} million"] if value < 1e9 else [f"{value / 1e9:.3g} billion"]
    if value >= 1000 and not fraction:
        options.append(whole.replace(",", "") if "," in whole else f"{int(value):,}")
    if value > 20:
        size = 10 ** (len(str(int(value))) - 1)
        down, near = int(value // (size / 2) * (size / 2)), round(value / (size / 10)) * (size // 10 or 1)
        if down < value and down > 0:
            options.append(f"more than {down:,}{percent}")
        options.append(f"about {near:,}{percent}")
        options.append(f"fewer than {int(down + size):,}{percent}")
    if not options:
        return None
    return text[: match.start()] + chance.choice(options) + text[match.end() :]


def converse(text: str, chance: Random) -> str | None:
    """'A is higher than B' as 'B is lower than A'."""
    del chance
    found = re.match(
        r"^(?:The )?([A-Za-z][\w' -]{2,40}?) (is|are|was|were) ("
        + "|".join(_CONVERSE)
        + r") than (?:the )?([\w' -]{3,40})\.$",
        text,
    )
    if not found:
        return None
    left, verb, word, right = found.groups()
    return f"{right[0].upper()}{right[1:]} {verb} {_CONVERSE[word]} than {left[0].lower() + left[1:] if not left[:1].isupper() or text.startswith('The') else left}."


def active(text: str, chance: Random) -> str | None:
    """'X was written by Y' as 'Y wrote X'."""
    del chance
    found = re.match(
        r"^(.{3,60}?) (?:was|were|is|are) (\w+) by ([A-Z][\w.' -]{2,40}?|the [\w' -]{3,40}?)( in \d{4})?\.$", text
    )
    if not found or found.group(2) not in _PASSIVE:
        return None
    subject, verb, agent, tail = found.groups()
    subject = re.sub(r"^(The|A|An|It|He|She|This) ", lambda m: m.group().lower(), subject)
    return f"{agent[0].upper()}{agent[1:]} {_PASSIVE[verb]} {subject}{tail or ''}."


def roles_swapped(text: str, chance: Random) -> str | None:
    """Two names of the sentence put in each other's place."""
    names = list(_NAME.finditer(text))
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if a.group() != b.group()]
    pairs = [(a, b) for a, b in pairs if len(a.group().split()) == len(b.group().split()) and text[a.end() : b.start()] != " and "
             and text[a.end() : b.start()] != ", "]  # fmt: skip
    if not pairs:
        return None
    a, b = chance.choice(pairs)
    return text[: a.start()] + b.group() + text[a.end() : b.start()] + a.group() + text[b.end() :]


def name_changed(text: str, chance: Random, pool: Sequence[str]) -> str | None:
    """A name replaced by another of the same shape, from the same collection."""
    names = [m for m in _NAME.finditer(text) if m.group() not in _MONTHS]
    if not names:
        return None
    match = chance.choice(names)
    size = len(match.group().split())
    others = [
        name for name in chance.sample(pool, min(60, len(pool))) if len(name.split()) == size and name not in text
    ]
    return text[: match.start()] + others[0] + text[match.end() :] if others else None


def names_of(text: str) -> list[str]:
    """The names in a text."""
    return [m.group() for m in _NAME.finditer(text) if m.group() not in _MONTHS]


def pool_of(texts: Iterable[str]) -> list[str]:
    """The names in texts that may stand in another's place: no initials."""
    return [name for text in texts for name in names_of(text) if len(name) > _INITIALS]


def scope_dropped(text: str, chance: Random) -> str | None:
    """A restriction of whom or what the sentence speaks of taken out."""
    found = list(_SCOPE.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    new = text[: match.start()] + text[match.end() :]
    return new if len(new.split()) >= 5 else None


def scope_added(text: str, chance: Random) -> str | None:
    """A restriction that the sentence does not make: neither supported nor excluded when the sentence is general."""
    return f"{text[:-1]} {chance.choice(_SCOPES)}." if text.endswith(".") else None


def simplified(text: str, chance: Random) -> str | None:
    """Something taken out that leaves a sentence which still follows: an aside, an apposition, a trailing clause."""
    options: list[str] = []
    if (new := re.sub(r" ?\([^()]*\)", "", text)) != text:
        options.append(new)
    if found := re.match(
        r"^(.{20,}?), (?:which|who|where|whose|with|including|such as|making|leading|resulting|while|although|but|and (?:was|is|has|had|were|are)) .*\.$",
        text,
    ):
        options.append(found.group(1) + ".")
    if found := re.match(
        r"^(?:In|On|At|During|After|Since|By|From) (?!most|some|many|few|rare|[^,]*\b(?:cases|mice|rats|patients|vitro)\b)[^,]{3,40}, (.{20,})$",
        text,
    ):
        options.append(found.group(1)[0].upper() + found.group(1)[1:])
    if found := re.match(
        r"^(?:However|Moreover|Furthermore|Thus|Therefore|In addition|Additionally|Consequently|Overall|Finally|Indeed|Interestingly|Notably|Importantly|Similarly|Recently), (.{20,})$",
        text,
    ):
        options.append(found.group(1)[0].upper() + found.group(1)[1:])
    if found := re.match(
        r"^(?:We|Our (?:results|data|findings)|These (?:results|data|findings)|The (?:results|data|findings)|This study|The study|Here,? we) (?:further |also |also further )?(?:show|showed|find|found|demonstrate|demonstrated|report|reveal|revealed|observed|conclude|identified) that (.{20,})$",
        text,
    ):
        options.append(found.group(1)[0].upper() + found.group(1)[1:])
    if found := re.match(r"^([A-Z][^,]{3,40}), (?:a|an|the) [^,]{5,60}, ((?:is|was|has|had|were|are) .{10,})$", text):
        options.append(f"{found.group(1)} {found.group(2)}")
    if found := re.match(r"^(.{25,}?); .*\.$", text):
        options.append(found.group(1) + ".")
    options = [option for option in options if len(option.split()) >= 5]
    return chance.choice(options) if options else None


def spliced(first: str, second: str, chance: Random) -> str | None:
    """The subject of one sentence with the predicate of another."""
    del chance
    ours = re.match(r"^([A-Z][\w' -]{2,50}?) ((?:is|are|was|were|has|have|had|can|will|may) .+)$", first)
    theirs = re.match(r"^([A-Z][\w' -]{2,50}?) ((?:is|are|was|were|has|have|had|can|will|may) .+)$", second)
    if not ours or not theirs or ours.group(1).split()[0] in {"It", "He", "She", "They", "This", "These", "There"}:
        return None
    if ours.group(1).casefold() == theirs.group(1).casefold() or theirs.group(1).split()[0] in {
        "It",
        "He",
        "She",
        "They",
        "This",
    }:
        return None
    return f"{ours.group(1)} {theirs.group(2)}"


CHANGES: Final[tuple[Callable[[str, Random], str | None], ...]] = (
    active, converse, negated, number_changed, number_written_otherwise, opposite, roles_swapped, scope_added, scope_dropped,
    simplified, strengthened, synonym, weakened,
)  # fmt: skip
"""Every operation on a text alone, whether it keeps the meaning or not."""


def split(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[start:end].strip() for start, end in sentences(text)]
