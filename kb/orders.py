"""Text that speaks to a machine instead of to a reader: orders, marks of chat templates, drafts and verdicts that it hands over.

Such words are no statement about the world, so nothing may rest on them: no claim, no answer, no verdict. The patterns are rules
of wording in several languages and know no corpus. A sentence that only tells of such words ("attackers write 'ignore all
previous instructions' into web pages") is a statement like any other, and :func:`orders` lets it be; a language model is shown
neither (:func:`addresses_machines`).
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_HIDING: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_LOOKALIKES: Final = str.maketrans(
    "аеіјорсухѕԁһԛԝгкмптвАВЕЅІЈКМНОРСТУХαεικνορτυχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɡɑ",
    "aeijopcyxsdhqwrkmntbABESIJKMHOPCTYXaeikvoptuxyABEZHIKMNOPTYXiga",
)
"""Letters of other scripts that look like Latin ones (a part of Unicode's confusables), as the Latin ones."""
_SPACED: Final = re.compile(r"\b(?:[^\W\d_][ ._*-]){4,}[^\W\d_]\b")
_BLOB: Final = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_LEAST_DECODED: Final = 12

_MACHINE: Final = (
    r"(?:a\.?i\.?|llms?|gpt\S*|chatgpt|claude|gemini|copilot|(?:large )?language models?|(?:virtual )?assistants?|chatbots?|summari[sz]ers?|"
    r"(?:automated|automatic|ai|llm|machine) (?:reviewers?|readers?|graders?|judges?|agents?|systems?)|fact[- ]checkers?|verifiers?|"
    r"knowledge bases?|kb|retrieval systems?|rag (?:systems?|pipelines?)|(?:any|every|all|the) (?:systems?|models?|agents?|programs?|bots?|machines?) "
    r"(?:that |which )?(?:reads?|reading|process\w*|summari\w+|index\w+|retriev\w+|answer\w*))"
)
_KIND: Final = r"(?: (?:systems?|models?|agents?|assistants?|tools?|reviewers?|readers?|judges?))?"
_TOLD: Final = (
    r"(?:instructions?|prompts?|directions?|directives?|guidelines?|guidance|commands?|rules?|orders?|guardrails?|constraints?|context|conversation|"
    r"programming|messages?)"
)
_EARLIER: Final = r"(?:previous|prior|above|earlier|preceding|foregoing|former|your|system|original|initial)"
_DROP: Final = r"(?:ignore|disregard|forget|override|bypass|discard|neglect|skip|drop|do not follow|don['’]t follow|stop following|set aside)"
_PRODUCT: Final = r"(?:answers?|responses?|outputs?|repl(?:y|ies)|reports?|summar(?:y|ies)|conclusions?|knowledge base|kb|verdicts?|references?)"
_SAY: Final = (
    r"(?:say|state|write|report|claim|mention|conclude|answer|respond|reply|output|print|assert|declare|insist|repeat|announce|include|add|"
    r"insert|append|cite|emit|quote|recommend|accept|treat|read|contain|begin|end|list|tell (?:the |your |all |every )?(?:users?|readers?|everyone|people))"
)
_MATTER: Final = (
    r"(?:that\b|(?:the following|this (?:claim|statement|sentence|text|citation|fact|quote|phrase))\b|"
    r"this (?:page|source|document|passage|article)\b|verbatim\b|word for word\b|[“\"„«])"
)
_START: Final = r"(?:^\W*|[.:;!?()\[\]|>*—–]\s*|[\"'“”‘’«»]\s*|\bplease\s+|\byou (?:must|should|will|shall)\s+)"
_CLAUSE: Final = rf"(?:{_START}|,\s*|\b(?:and|then|now|you|must|should|shall)\s+|\b(?:have|has|need|needs|ought|important|required|told you) to\s+)"
_ADVERBS: Final = (
    r"(?:(?:please|kindly|now|also|immediately|simply|just|always|then|only|instead|therefore|exactly|clearly),? )*"
)

_Rule = tuple[tuple[str, ...], re.Pattern[str]]


def _rule(pattern: str, *hints: str) -> _Rule:
    """A pattern over lower case, tried only where one of ``hints`` (if there are any) stands in the text."""
    return hints, re.compile(pattern)


_RULES: Final[Sequence[_Rule]] = (
    # -- to forget what it was told
    _rule(
        rf"{_CLAUSE}{_ADVERBS}{_DROP}\b.{{0,40}}?\b(?:{_EARLIER}\b.{{0,30}}?\b(?:{_TOLD}|sentences?|evidence|sources?|texts?|passages?|"
        rf"documents?|words|claims?)\b|(?:everything|anything|all|what) (?:above|before|you|that came|was said)\b)",
        "ignor", "disregard", "forget", "overrid", "bypass", "discard", "neglect", "skip", "drop", "follow", "set aside",
    ),
    _rule(
        rf"{_START}{_ADVERBS}{_DROP} (?:all |any |every |each |the |other |of |these |those )+(?:\w+ )?(?:{_TOLD})\b",
        "ignor", "disregard", "forget", "overrid", "bypass", "discard", "neglect", "skip", "drop", "follow", "set aside",
    ),
    # -- to be somebody else
    _rule(
        r"\byou are (?:now )?(?:an? |the )?(?:helpful |unrestricted )?(?:ai|assistant|(?:large )?language model|chatbot|llm|dan|jailbroken|unrestricted)\b"
        r"|\b(?:act|behave|respond) as (?:if you were |an? |the )(?:ai|assistant|llm|language model|administrator|system|developer)\b"
        rf"|{_START}pretend (?:to be|you are|that you)\b|\bfrom now on,? you\b|\b(?:as|if you are) an? (?:ai|llm|(?:large )?language model)\b[^.]{{0,30}}\byou\b"
        r"|\bif you are an? (?:ai|llm|assistant|chatbot|(?:large )?language model)\b|\byour new (?:task|job|role|goal|instructions?)\b"
        rf"|\byour (?:task|job|role|goal) is now\b|{_START}{_ADVERBS}(?:print|reveal|show|repeat|output|leak|send)\b[^.]{{0,20}}\b(?:your|the) (?:system |hidden |initial )?"
        r"(?:prompt|instructions)\b|^\W*(?:new|updated|revised|real|actual|additional|hidden|secret|special) (?:instructions?|task|orders?|directives?|system prompt)\s*[:—]"
        r"|^\W*(?:override|sudo|admin(?:istrator)?|root|jailbreak)\s*[:!]",
        "you", "act as", "behave as", "respond as", "pretend", "prompt", "instruct", "task", "order", "directive", "overrid", "sudo", "admin", "root", "jailbreak",
    ),
    # -- called by its name
    _rule(
        rf"^\W*(?:\w+ )?(?:notes?|instructions?|attention|messages?|important|reminders?|memo|notice|warning|hint|request|command|directive)"
        rf" (?:to|for) (?:the |any |all |every |an? )?(?:\w+ ){{0,2}}?{_MACHINE}{_KIND}\b[^.]{{0,60}}?[:,!—–]",
        "note", "instruct", "attention", "message", "important", "remind", "memo", "warning", "hint", "request", "command", "directive",
    ),
    _rule(rf"^\W*(?:dear|hey|hello|hi|attention|attn|@)\W*(?:\w+ ){{0,2}}?{_MACHINE}{_KIND}\b[^.]{{0,60}}?[:,!—–]"),
    _rule(
        r"^\W*(?:all |any )?(?:(?:ai|llm|machine|automated) (?:agents?|assistants?|reviewers?|systems?|models?|readers?)|language models|assistants?|chatbots?)"
        r"\s*(?:[:!]|, (?:please|you)\b)",
        ":", "!", ",",
    ),
    # -- told what to say
    _rule(
        rf"\b(?:must|should|shall|has to|have to|needs? to) be (?:ignored|cited|quoted|stated|reported|repeated|included|treated|accepted|believed)\b[^.]{{0,40}}?"
        rf"\bby (?:the |any |all |every )?{_MACHINE}",
        "must", "should", "shall", "has to", "have to", "need",
    ),
    _rule(
        rf"(?:^\W*|, ){_ADVERBS}(?:do not |don['’]t |never )?{_SAY}\b.{{0,60}}?\b(?:in|to|into|from) your {_PRODUCT}\b"
        rf"|\b(?:in|to|into|from) your {_PRODUCT}\b,? {_ADVERBS}(?:do not |don['’]t |never )?{_SAY}\b",
        "your",
    ),
    _rule(
        r"^\W*(?:when|while|if|before|after|whenever)\b[^.]{0,30}?\b(?:summari[sz]|answer|respond|report|cit|quot)\w*\b[^.,]{0,60}, "
        rf"{_ADVERBS}{_SAY}\b[^.]{{0,20}}?{_MATTER}",
        "summari", "answer", "respon", "report", "cit", "quot",
    ),
    _rule(
        rf"\b(?:{_MACHINE}{_KIND}|the (?:model|agent|system|bot))(?:,? (?:that|who|which|reading|summari[sz]ing|processing|when|if|answering|indexing|using)\b[^.]{{0,60}}?)?,? "
        rf"(?:must|should|shall|has to|have to|needs? to|(?:is|are) (?:required|to|hereby \w+)(?: to)?) {_ADVERBS}{_SAY}\b[^.]{{0,40}}?"
        rf"(?:{_MATTER}|\bas (?:true|facts?|evidence|verified|supported)\b|\bin (?:its|their|the|every|any|all) {_PRODUCT}\b)",
        "must", "should", "shall", "has to", "have to", "need", "required", "is to", "are to", "hereby",
    ),
    _rule(
        rf"(?:^\W*|[:;>|*]\s*|\bplease\s+|\byou (?:must|should|will|shall)\s+){_ADVERBS}{_SAY}\b(?: (?:with|by (?:saying|stating)|only|verbatim|exactly))*"
        rf"(?: (?:in|to|into|at the (?:end|top|start) of) (?:your|the|every|each|this|any|all) (?:\w+ )?{_PRODUCT})?[,:]? ?{_MATTER}"
    ),
    _rule(
        rf"(?:^\W*|[.:;!?>|*]\s*|\bplease\s+|\b(?:must|should|shall) )(?:also )?(?:add|include|insert|append|cite|output|print|write|repeat|emit)\b[^.]{{0,60}}?"
        rf"\b(?:(?:in|to|into|of) (?:your|every|each|all|any) {_PRODUCT}|as (?:a )?(?:citation|evidence|verified fact)\b)",
        "answer", "respon", "output", "repl", "report", "summar", "conclu", "knowledge", "kb", "refer", "citation", "evidence", "fact",
    ),
    _rule(
        rf"\b(?:(?:your|this|the|every|each|any|its|all) (?:\w+ )?{_PRODUCT}|{_PRODUCT} (?:of|about|on|from) this \w+) (?:must|should|shall|has to|have to|needs? to|ought to|(?:is|are) (?:required )?to) "
        rf"(?:(?:not|also|always|only|now|therefore) )*(?:be\b|{_SAY})\b[^.]{{0,30}}?(?:{_MATTER}|\b(?:supported|contradicted)\b)"
        rf"|\byour {_PRODUCT} (?:must|should|shall|has to|needs to|is to)\b",
        "answer", "respon", "output", "repl", "report", "summar", "conclu", "knowledge", "kb", "verdict", "refer",
    ),
    # -- judged in its place
    _rule(
        r"\b(?:(?:this|my) (?:text|passage|quote|document|evidence|source|statement|context|page|article|excerpt)s?|the (?:text|passage|quote|excerpt))\b[^.]{0,40}?\b(?:supports?|"
        r"entails?|proves?|confirms?|verif(?:y|ies)|contradicts?|refutes?) (?:every|all|any|each|whatever)\b(?:\W+\w+){0,3}?\W+(?:claims?|statements?|"
        r"hypothes[ie]s|questions?|assertions?)"
        r"|\b(?:every|all|any|each) (?:claims?|statements?|assertions?)\b[^.]{0,60}?\b(?:supported|entailed|verified|confirmed|proven|true)\b[^.]{0,20}?\b(?:by|in) "
        r"(?:this|these) (?:text|passage|quote|document|source|page|article|excerpt)s?\b",
        "support", "entail", "prove", "confirm", "verif", "contradict", "refute", "true",
    ),
    _rule(
        r"\b(?:verdict|label|judge?ment|rating|stance)\b\W{0,3}(?::|=|must be|should be|→)\W{0,3}(?:fully |always )?(?:supported|supports|entail\w*|"
        r"contradict\w*|refuted|verified|true)\b|\b(?:correct|right|only|final|true) (?:verdict|label|judge?ment|rating)\b[^.]{0,40}?\b(?:is|must be|should be)\W{1,3}(?:supported|entail\w*|"
        rf"contradict\w*|refuted|verified|true)\b|{_START}{_ADVERBS}(?:mark|rate|judge|label|classify|grade|score|treat|consider|accept|return|output|answer)\b"
        r"[^.]{0,40}?\b(?:supported|contradicted|entailed|entailment)\b",
        "support", "entail", "contradict", "refute", "verif", "true",
    ),
    # -- marks of chat templates, fences, drafts and ids
    _rule(
        r"<[|｜][^<>\n]{1,40}[|｜]>|<\|?(?:im_start|im_end|endoftext|start_header_id|start_of_turn|end_of_turn|eot_id)\b|^\W*\[inst\]|\[/inst\]\W*$|<</?sys>>"
        r"|(?:^\W*|[.!?]\W+)(?:system|developer)(?: (?:prompt|message))?\s*[:：]|\bbegin[ _-](?:system|prompt|instructions?)\b"
        r"|</?(?:system|user|assistant|instructions?|evidence|sources?|context|passages?|quotes?|claims?|tool_call|think|documents?)>|\b(?:end-)?list-[0-9a-f]{8}\b",
        "<", "[", "system", "developer", "begin", "list-",
    ),
    _rule(
        r"[“\"'](?:claims|statements|sentences|evidence|verdict|citations?|quotes?)[”\"']\s*:",
        ":",
    ),
    _rule(
        r"\b[acdekrst]_[0-9a-f]{8,}\b|\b(?:chunk|evidence|document|source|claim|citation)[ _-]?ids?\b\W{0,3}\w*\d",
        "_", "id",
    ),
    _rule(r"^\W*\[\d+\]\W*[^\W\d_][\w’'-]+(?:,? (?:et al\.?|and|&)(?: [^\W\d_][\w’'-]+)?)?,? [(\[]?(?:1[89]|20)\d\d\b", "["),
    # -- other languages
    _rule(
        r"(?:^|[^\w])(?:ignoriere|ignorieren sie|missachte|missachten sie|vergiss|vergesst|vergessen sie|verwirf)\b.{0,60}?(?:anweisung|instruktion|vorgabe|befehl|regel|prompt)"
        r"|(?:^\W*|[.:;!?,]\s*|\b(?:und|bitte)\s+)(?:schreibe?|schreiben sie|antworte|antworten sie|behaupte|behaupten sie|nenne|füge|melde|berichte)\b.{0,60}?"
        r"(?:antwort|bericht|zusammenfassung|ausgabe|, dass)|\b(?:die|deine|ihre|der|dein|ihr|jede|jeder|dieser) (?:antwort|bericht|zusammenfassung|ausgabe) "
        r"(?:muss|soll|sollte)\b",
        "ignorier", "missacht", "verg", "verwirf", "antwort", "bericht", "zusammenfass", "ausgabe", "dass",
    ),
    _rule(
        r"(?:^\W*|[.:;!?,]\s*)(?:ignore[zr]?|oublie[zr]?|négligez|ne (?:tiens|tenez) pas compte)\b.{0,60}?(?:instruction|consigne|directive|règle|ordre|prompt)"
        r"|(?:^\W*|[.:;!?,]\s*|\bet )(?:écri(?:s|vez)|répond(?:s|ez)|affirmez|indiquez|dites|ajoutez|mentionnez)\b.{0,60}?(?:réponse|rapport|résumé|\bque\b)"
        r"|\b(?:le|la|votre|ta|ton|chaque|ce|cette) (?:réponse|rapport|résumé) doi(?:t|vent)\b",
        "ignore", "oubli", "néglig", "compte", "répon", "rapport", "résumé", "que",
    ),
    _rule(
        r"(?:^\W*|[.:;!?,¡]\s*)(?:ignor[ae]n?|olvid[ae]|desestim[ae]|omit[ae]|haz caso omiso|ignorate|dimentica|esqueça|negeer|vergeet)\b.{0,60}?"
        r"(?:instruccion|indicacion|órdenes|regla|istruzion|regol|instruç|regra|instructie|aanwijzing|regels|prompt)"
        r"|(?:^\W*|[.:;!?,¡]\s*|\b[ye] )(?:escrib[ae]|respond[ae]|afirm[ae]|diga|añad[ae]|incluy[ae]|mencion[ae]|indique|scrivi|rispondi|escreva|responda|schrijf)\b.{0,60}?"
        r"(?:respuesta|informe|resumen|risposta|rapporto|riassunto|resposta|relatório|resumo|antwoord|rapport|samenvatting|\bque\b)"
        r"|\b(?:el|la|tu|su|cada|este|esta|il|o|a|het) (?:respuesta|informe|resumen|risposta|rapporto|resposta|relatório|antwoord|rapport) (?:debe|deve|moet)\b",
        "instruc", "indicac", "órdenes", "regla", "istruz", "regol", "regra", "prompt", "aanwijz", "regels", "respuest", "informe", "resumen", "rispost", "rapport",
        "riassunt", "respost", "relat", "resumo", "antwoord", "samenvat", "que",
    ),
    _rule(
        r"(?:忽略|无视|無視|忘记|忘記|忽視|不要理会).{0,15}(?:指令|指示|说明|說明|提示|规则|規則|内容|要求|命令)"
        r"|(?:在|于|於).{0,12}(?:报告|報告|回答|答案|摘要|总结|總結|输出|輸出).{0,8}(?:写|寫|说明|声明|指出|加入|包含|引用|输出)|(?:报告|報告|回答|答案|摘要)(?:必须|必須|应该|應該|要)"
        r"|(?:指示|命令|プロンプト|ルール)を(?:すべて|全て)?(?:無視|忘れ)|(?:지시|명령|프롬프트|규칙).{0,10}(?:무시|잊)|تجاهل.{0,40}(?:التعليمات|الأوامر)"
        r"|(?:игнорируй|проигнорируй|забудь)\w*.{0,60}?(?:инструкци|указани|правил)|(?:напиши|ответь|укажи|добавь)\w*.{0,60}?(?:ответ|отч[её]т|резюме)",
        "忽", "无", "無", "忘", "不", "在", "于", "於", "报", "報", "回", "答", "摘", "を", "시", "령", "프", "칙", "تجاهل", "игнор", "забуд", "напиш", "ответ", "укаж", "добав",
    ),
)  # fmt: skip

_STRICT: Final = re.compile(
    rf"\b{_DROP}\b.{{0,40}}\b(?:{_EARLIER}\b.{{0,30}}\b(?:{_TOLD}|sentences?|evidence|sources?|texts?)|instructions?|prompts?|directions)\b"
    r"|\b(?:system|developer|hidden|initial) (?:prompt|message|instructions?)\b"
    r"|\b(?:you are|act as|pretend (?:to be|you are)|from now on|as an?) (?:now )?(?:an? )?(?:ai|assistant|language model|chatbot|llm)\b"
    r"|\b(?:note|instructions?|attention|message|important|reminder) (?:to|for) (?:the |any |all )?"
    r"(?:ai|llms?|language models?|assistants?|chatbots?|models?|reviewers?|summari[sz]ers?|readers? of this)\b"
    r"|\b(?:ai|llm|language model|assistant|summari[sz]er)s?\b[^.]{0,40}\b(?:must|should|shall|please|has to|have to|need to)\b[^.]{0,40}"
    r"\b(?:write|add|include|cite|output|say|answer|respond|reply|report|state|claim|mention|print|insert|ignore|conclude)\b"
    r"|\b(?:add|include|insert|append|cite|output|print|write|report|repeat|emit)\b[^.]{0,30}\b(?:(?:this|the following|a) (?:claim|sentence|"
    r"citation|statement|text|quote)|as (?:a )?(?:claims?|citations?|evidence|facts?)|(?:in|to) (?:your|the) (?:answer|report|summary|output|response|reply))\b"
    r"|\b(?:your|the) (?:answer|response|output|reply|report|summary) (?:must|should|shall|has to|needs to|is to)\b"
    r"|<\|?(?:im_start|im_end|system|endoftext|start_header_id|assistant|user)\b|\[/?inst\]|^\W*(?:ai|assistant|human|user)\s*:"
)
"""Beyond the rules: wordings that a reader may well be told about, and a model need not be shown."""

_QUOTED: Final = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»|„[^„“”]*[“”]|‘[^‘’]*’(?!\w)|(?<!\w)'[^']*'(?!\w)|`[^`]*`")
_TELLING: Final = re.compile(
    r"\b(?:sentences?|speaks?|instructions?|messages?|comments?|attack\w*|adversar\w*|inject\w*|jailbreak\w*|malicious\w*|hid(?:e|es|den)|embed\w*|poison\w*|phrases?|strings?|words?|texts?|such as|like|says?|said|"
    r"writes?|wrote|written|reads?|contain\w*|asks?|tells?|told|instruct\w*|orders?|commands?|prompts?|called|named|example|quot\w+)\b"
)
_SECOND_PERSON: Final = re.compile(r"\b(?:you|your|yours)\b")
_FEWEST_AROUND: Final = 4


@lru_cache(maxsize=8192)
def orders(text: str) -> bool:
    """Whether a sentence speaks to a machine itself, instead of telling a reader of such words."""
    return any(_addressed(_telling(version)) for version in _versions(text)) or _encoded(text)


@lru_cache(maxsize=8192)
def addresses_machines(text: str) -> bool:
    """Whether words in ``text`` could be taken for an order by a machine that reads them, whoever is meant."""
    return any(_STRICT.search(version) or _addressed(version) for version in _versions(text)) or _encoded(text)


def unhidden(text: str) -> str:
    """Without control, format and private characters, which hide text from people and show it to machines."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        letter if unicodedata.category(letter) not in _HIDING else " " if letter.isspace() else "" for letter in text
    )


def _versions(text: str) -> tuple[str, ...]:
    """``text`` as it may be read, in lower case: as it stands, with foreign letters as what they look like, letters joined."""
    plain = " ".join(unicodedata.normalize("NFKC", unhidden(text)).split())
    found = [plain] if plain.isascii() else [plain, plain.translate(_LOOKALIKES)]
    if joined := [
        _SPACED.sub(lambda run: re.sub(r"[ ._*-]", "", run[0]), line) for line in found if _SPACED.search(line)
    ]:
        found += joined
    return tuple(dict.fromkeys(line.casefold() for line in found))


def _addressed(line: str) -> bool:
    return any(rule.search(line) for hints, rule in _RULES if not hints or any(hint in line for hint in hints))


def _telling(line: str) -> str:
    """``line`` without what it quotes, where the words around the quotation tell a reader about it."""
    around = _QUOTED.sub(" ", line)
    enough = len(around.split()) >= _FEWEST_AROUND
    return around if enough and _TELLING.search(around) and not _SECOND_PERSON.search(around) else line


def _encoded(text: str) -> bool:
    """Whether ``text`` holds words in base64: nobody writes so to a reader."""
    for blob in _BLOB.findall(text):
        body = blob.rstrip("=").replace("-", "+").replace("_", "/")
        try:
            words = base64.b64decode(body + "=" * (-len(body) % 4)).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if len(words) >= _LEAST_DECODED and words.isprintable() and " " in words:
            return True
    return False
