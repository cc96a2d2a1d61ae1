"""Sides of a subject that a question asks for - its risks, benefits, causes, effects, ways - and which sentences tell of one.

A sentence tells of a side by its words, by where it stands (under the heading 'Limitations', after 'Watermarks have known
limits.'), or by lying nearer to a description of that side than to one of the opposite.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kb.records import Chunk
from kb.text import sentences, word_spans
from queries.topics import concepts_of, content_stems, core_of


@dataclass(frozen=True, slots=True)
class Aspect:
    """A side of a subject: nouns that ask for it, words by which a sentence tells of it, and descriptions of it and its opposite.

    ``{}`` in the descriptions stands for the subject; ``announced`` finds the nouns in a heading or an introducing sentence.
    """

    name: str
    nouns: frozenset[str]
    says: re.Pattern[str]
    towards: str
    away: str
    announced: re.Pattern[str]

    def told(self, sentence: str, subject: str = "") -> bool:
        """Whether a sentence says one of the words: not only that it does not happen, nor only as a part of the ``subject``."""
        if not self.says.search(sentence) or _NONE.match(sentence):
            return False
        return self.says.search(_SPARED.sub(" ", _without(sentence, subject))) is not None

    def spared(self, sentence: str, subject: str = "") -> bool:
        """Whether a sentence says one of the words only to say that it does not happen."""
        return self.says.search(_without(sentence, subject)) is not None and not self.told(sentence, subject)

    def descriptions(self, subject: str) -> tuple[str, str]:
        """What this side of ``subject`` is, and what the opposite is."""
        return self.towards.replace("{}", subject), self.away.replace("{}", subject)

    def introduces(self, sentence: str) -> bool:
        """Whether a sentence only says that something of this side follows, as 'Watermarks have known limits' does."""
        return len(sentence.split()) <= _SHORT and self.announced.search(sentence) is not None

    def introduced(self, chunk: str, at: int, headings: tuple[str, ...]) -> bool:
        """Whether the heading above, or the sentence right before the place ``at`` of a passage, says that the side follows."""
        return bool(self.lead(chunk, at)) or any(self.introduces(heading) for heading in headings[-1:])

    def lead(self, chunk: str, at: int) -> str:
        """The sentence right before the place ``at`` of a passage that says that the side follows; empty where none does."""
        paragraph = chunk[:at].rpartition("\n\n")[2]
        found = sentences(paragraph)
        last = paragraph[found[-1][0] : found[-1][1]] if found else ""
        return last if self.introduces(last) else ""


_SPARED: Final = re.compile(
    r"\b(?:without|no|not|never|free (?:of|from)|avoid\w*|prevent\w*|instead of|rather than)\b(?:[ ,]+[\w’'-]+){1,7}",
    re.IGNORECASE,
)
"""What a sentence says does not happen."""
_NONE: Final = re.compile(r"^(?:none|no|nobody|nothing|neither)\b", re.IGNORECASE)
_SHORT: Final = 6
"""Words up to which a sentence introduces what follows and says little itself."""
_BAD: Final = (
    "risks dangers drawbacks disadvantages harms problems limitations limits concerns challenges weaknesses threats cons downsides "
    "pitfalls shortcomings failures objections criticisms obstacles hazards"
)
_GOOD: Final = "benefits advantages strengths pros merits opportunities gains upsides successes"
_CAUSE: Final = "causes reasons origins drivers sources triggers"
_EFFECT: Final = "effects consequences implications impacts outcomes results"
_WAY: Final = "ways methods approaches options techniques strategies measures remedies solutions"
_REST: Final = "uses applications arguments findings factors roles recommendations trends"


def _without(sentence: str, subject: str) -> str:
    """A sentence without the words of the subject: in 'the harms of biased data', 'biased' tells of no harm."""
    apart = frozenset(content_stems(subject))
    if not apart:
        return sentence
    spans = [(start, end) for start, end in word_spans(sentence) if set(content_stems(sentence[start:end])) & apart]
    for start, end in reversed(spans):
        sentence = f"{sentence[:start]}{sentence[end:]}"
    return sentence


def _announcing(nouns: str) -> re.Pattern[str]:
    forms = "|".join(f"{re.escape(noun)}|{re.escape(noun.removesuffix('s'))}" for noun in nouns.split())
    return re.compile(rf"\b(?:{forms})\b", re.IGNORECASE)


def _aspect(name: str, nouns: str, says: str, towards: str, away: str) -> Aspect:
    return Aspect(name, frozenset(nouns.split()), re.compile(says, re.IGNORECASE), towards, away, _announcing(nouns))


_HARMS, _HELPS = "{} harms, fails, degrades or is a risk", "{} helps, improves or is a benefit"
_COMES, _LEADS = "{} happens because of this, is caused by this", "{} leads to this, {} causes this"
BAD: Final = _aspect(
    "bad",
    _BAD,
    r"\b(?:risk|harm|danger|threat|bias|collaps|degrad|amplif|leak|contaminat|fail|wors|los[st](?! functions?)|lose|error|inaccura|hallucinat|toxic|forg[eo]t|"
    r"narrow|homogen|problem(?:atic|s? (?:with|is|are|of)\b)|a (?:\w+ )?problem\b|limit|warn|unreliab|expos|memori[sz]|attack|violat|costly|expensive|unsafe|unfair|mislead|false|illegal|damag|"
    r"injur|death|disease|adverse|side effect|decline|shrink|overfit|artefact|artifact|vulnerab|stop improving|no longer improve|disappoint|"
    r"(?:reduc|lower|decreas|diminish)(?:e|es|ed|s|ing)? (?!(?:the |an? |its |their )?(?:\w+ )?(?:costs?|prices?|risks?|"
    r"errors?|bias|need|time|noise|loss(?:es)?|waste|harms?|burden|temperature|emissions?)\b)|weak|fragil|brittle|difficult|suffer|poor|lack|insufficien|hard(?:er)? to|unable|cannot|struggl|inconsisten|invalid|inflat|noisy|slow(?:er|s|ed)?\b)",
    _HARMS,
    _HELPS,
)
GOOD: Final = _aspect(
    "good",
    _GOOD,
    r"\b(?:benefit|improv|better|cheap|faster|help|enabl|advantage|gain|outperform|protect|more accura|efficien|opportunit|succe|safer|lower(?:ed|s)? the "
    r"(?:price|cost|risk)|reduc\w+ (?:the )?(?:cost|risk|need|bias)|save[sd]?\b|easier|strengthen|boost|raise[sd]? (?:the )?(?:quality|accuracy)|higher quality|"
    r"high-quality|work(?:s|ed)? (?:best|well)|prevent|effective(?!ly)|comparabl|competitive)",
    _HELPS,
    _HARMS,
)
CAUSE: Final = _aspect(
    "cause",
    _CAUSE,
    r"\b(?:because|since|due to|owing to|caus(?:e|es|ed|ing)|aris(?:e|es|ing)|arose|stem(?:s|med)? from|result(?:s|ed|ing)? from|com(?:e|es|ing) from|came "
    r"from|driven by|lead(?:s|ing)? to|led to|as a result of|explain(?:s|ed)?|responsible for|trigger(?:s|ed)?|brought about|happens? (?:when|if|where)|"
    r"occurs? (?:when|if|where))\b",
    _COMES,
    _LEADS,
)
EFFECT: Final = _aspect(
    "effect",
    _EFFECT,
    r"\b(?:caus(?:e|es|ed)|lead(?:s|ing)? to|led to|result(?:s|ed|ing)? in|affect(?:s|ed)?|reduc(?:e|es|ed)|increas(?:e|es|ed)|rais(?:e|es|ed)|lower(?:s|ed)|"
    r"degrad\w+|los(?:e|es|t)|disappear\w*|vanish\w*|worsen\w*|gets? worse|getting worse|improv(?:e|es|ed)|chang(?:e|es|ed)|mak(?:e|es)|made|becom(?:e|es)|"
    r"became|grow(?:s|n)?|grew|f(?:a|e)ll(?:s|en)?|ris(?:e|es|en)|rose|declin\w+|shr[iau]nk\w*|converge\w*|harm(?:s|ed)?|damag(?:e|es|ed)|help(?:s|ed)?|"
    r"drop(?:s|ped)?|forg[eo]t\w*|weaken\w*|strengthen\w*|amplif\w+|spread(?:s)?|kill(?:s|ed)?)\b",
    _LEADS,
    _COMES,
)
WAY: Final = _aspect(
    "way",
    _WAY,
    r"\bby (?:\w+ly )?\w+ing\b|\b(?:using|us(?:e|es|ed)|method|approach|techni|strateg|works? by|procedure|algorithm|combin|appl(?:y|ies|ied)|appli|"
    r"prompt|filter|train|mix|step|can be \w+ed)",
    "a method or way for {}: by doing this",
    "{}",
)
_ASPECTS: Final = {noun: aspect for aspect in (BAD, GOOD, CAUSE, EFFECT, WAY) for noun in aspect.nouns}
OPPOSITES: Final = {BAD.name: GOOD, GOOD.name: BAD}
_ASKS: Final = re.compile(
    r"^(?:(?:and|so|but),? )?(?:(?:what|which)(?: (?:are|were|is|was|do|does))?|list|name|summari[sz]e|describe|explain)\b(?: [\w'’-]+){0,3}? "
    rf"(?P<noun>{'|'.join((*_ASPECTS, *_REST.split()))})\b",
    re.IGNORECASE,
)


_AND_SIDE: Final = re.compile(rf",?\s+(?:and|or)\s+(?:the\s+)?(?P<noun>{'|'.join(_ASPECTS)})\b", re.IGNORECASE)
"""A second side right behind the first: 'risks and benefits'."""


def _asked(question: str) -> re.Match[str] | None:
    return _ASKS.match(" ".join(question.split()))


def asks_for_several(question: str) -> bool:
    """Whether ``question`` asks for risks, benefits, effects or the like in the plural."""
    return _asked(question) is not None


def sides_asked(question: str) -> tuple[str, ...]:
    """A question for two sides as two: 'the risks and benefits of X' asks for the risks of X, and for the benefits of X."""
    asked = _asked(question)
    other = _AND_SIDE.match(asked.string, asked.end()) if asked else None
    if asked is None or other is None or aspect_of(question) is _ASPECTS[other["noun"].casefold()]:
        return (question,)
    rest = asked.string[other.end() :]
    return f"{asked[0]}{rest}", f"{asked.string[: asked.start('noun')]}{other['noun']}{rest}"


def aspect_of(question: str) -> Aspect | None:
    """The side that ``question`` asks for; None where it asks for no such thing, or for one that has no words of its own."""
    asked = _asked(question)
    return _ASPECTS.get(asked["noun"].casefold()) if asked else None


def tells_of(aspect: Aspect, text: str, subject: str, chunk: Chunk, start: int) -> bool:
    """Whether a sentence that starts at ``start`` of its document tells of a side: by its words, or by where it stands."""
    return aspect.told(text, subject) or stands_introduced(aspect, chunk, start)


def stands_introduced(aspect: Aspect | None, chunk: Chunk, start: int) -> bool:
    """Whether what stands before the place ``start`` of the document, or above it, says that something of the side follows."""
    return aspect is not None and aspect.introduced(chunk.text, start - chunk.start, chunk.heading_path)


def is_beside(question: str, sentence: str, chunk: Chunk | None = None, start: int = 0) -> bool:
    """Whether ``question`` asks for the good or the bad of something, and ``sentence`` says nothing of that side.

    What is introduced as of that side where it stands, at ``start`` in a ``chunk``, is.
    """
    aspect = aspect_of(question)
    if aspect is None or aspect.name not in OPPOSITES or aspect.introduces(sentence):
        return False
    if chunk is not None and stands_introduced(aspect, chunk, start):
        return False
    return not aspect.told(sentence, concepts_of(core_of(question))[0])
