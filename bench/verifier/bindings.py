"""Training pairs in which two facts stand side by side: which of them belongs to whom.

A claim that joins the subject of one clause to the predicate of another shares all its words with the quote. Here quotes hold
two subjects with facts of their own, told in many ways, and claims bind them rightly or wrongly, by name or by description.
Run as a script, it prints a sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from composed import NO, NOT, OPEN, YES, Triple
from wordings import show


@dataclass(frozen=True, slots=True)
class Fact:
    """A relation of a subject ``{e}`` and a value ``{v}``: what follows the subject, other wordings, and its values."""

    told: str
    otherwise: tuple[str, ...]
    values: tuple[str, ...]


def _facts(text: str) -> tuple[Fact, ...]:
    """Lines of ``told | other wording / other wording | value; value``."""
    out = []
    for line in text.strip().splitlines():
        told, otherwise, values = (part.strip() for part in line.split("|"))
        out.append(
            Fact(told, tuple(w.strip() for w in otherwise.split("/")), tuple(v.strip() for v in values.split(";")))
        )
    return tuple(out)


_COUNTS: Final = "40; 75; 120; 260; 340; 510; 680; 900; 1,150; 1,400; 2,300; 3,800; 5,200; 7,600; 12,000"
_YEARS: Final = "1871; 1889; 1902; 1913; 1926; 1934; 1951; 1958; 1967; 1974; 1983; 1991; 1996; 2003; 2008; 2014; 2019"
_SHARES: Final = "4 %; 7 %; 9 %; 11 %; 13 %; 16 %; 18 %; 21 %; 24 %; 28 %; 33 %; 37 %; 41 %; 46 %; 55 %; 62 %; 71 %"
_PLACES: Final = (
    "Tampere; Graz; Porto; Leeds; Kumasi; Cusco; Pune; Gdansk; Lviv; Osaka; Bergen; Hobart; Izmir; Nantes; Ghent; Turku; "
    "Malmo; Bologna; Salta; Davao"
)
_PEOPLE: Final = (
    "Ines Carvalho; Tom Hallam; Yusuf Demir; Greta Holm; Paulo Reis; Mina Sato; Ruth Adler; Ivan Kolar; Amara Diallo; Lena Brandt; "
    "Hugo Petit; Sana Qureshi; Erik Dahl; Nora Quinn; Leo Marchetti; Olga Sidorova; Ben Asante; Clara Vogt"
)

KINDS: Final[tuple[tuple[str, tuple[str, ...], tuple[Fact, ...]], ...]] = (
    (
        "company",
        tuple(
            "Brenner Foods|Altamira Shipping|Kestrel Glass|Nordhaven|Pike & Sons|Solvia|the Tarkwa mine|the Lindow mill|the Oster brewery|Vantage Rail|"
            "Meridian Textiles|the Calder works|Fenwick Paper|Zephyr Motors|the Ronda cooperative|Helix Labs".split("|")
        ),
        _facts(f"""
        employs {{v}} people | {{v}} people work for {{e}} / the workforce of {{e}} is {{v}} strong / {{e}} has {{v}} employees | {_COUNTS}
        was founded in {{v}} | {{e}} dates from {{v}} / the foundation of {{e}} goes back to {{v}} / {{e}} came into being in {{v}} | {_YEARS}
        has its headquarters in {{v}} | {{e}} is run from {{v}} / the head office of {{e}} is in {{v}} / {{v}} is home to {{e}} | {_PLACES}
        is led by {{v}} | {{v}} is at the head of {{e}} / the person in charge of {{e}} is {{v}} / {{v}} runs {{e}} | {_PEOPLE}
        exports {{v}} of its output | {{v}} of what {{e}} makes goes abroad / of the output of {{e}}, {{v}} is sold in other countries | {_SHARES}
        makes {{v}} | {{v}} are what {{e}} makes / {{e}} is a maker of {{v}} / the products of {{e}} are {{v}} | window frames; bicycles; tinned soups; cables; pumps; roof tiles; tents; pencils; lenses; bearings
        was fined for {{v}} | {{e}} had to pay a fine for {{v}} / a fine was imposed on {{e}} for {{v}} | price fixing; late filing; polluting a river; false advertising; unpaid wages; a data leak
        closed its plant in {{v}} | {{e}} no longer has a plant in {{v}} / the plant in {{v}} that was closed was that of {{e}} | {_PLACES}
        """),
    ),
    (
        "person",
        tuple(name.strip() for name in _PEOPLE.split(";")),
        _facts(f"""
        was born in {{v}} | the birthplace of {{e}} is {{v}} / {{e}} came into the world in {{v}} / {{e}} is a native of {{v}} | {_PLACES}
        teaches {{v}} | the subject that {{e}} teaches is {{v}} / {{e}} gives lessons in {{v}} / {{v}} is taught by {{e}} | botany; Latin; statistics; ceramics; law; geology; nursing; music theory; welding
        joined the firm in {{v}} | {{e}} has been with the firm since {{v}} / the year in which {{e}} came to the firm was {{v}} | {_YEARS}
        won the prize for {{v}} | the prize for {{v}} went to {{e}} / the winner of the prize for {{v}} was {{e}} | the best essay; the best debut; sculpture; translation; short film; poster design
        wrote {{v}} | {{v}} was written by {{e}} / the author of {{v}} is {{e}} / {{v}} is a work of {{e}} | the appendix; the first chapter; the preface; the review; the user manual; the script; the letter to the board
        owns {{v}} of the shares | {{v}} of the shares belong to {{e}} / {{e}} holds a stake of {{v}} | {_SHARES}
        voted for {{v}} | {{e}} gave a vote to {{v}} / {{v}} had the support of {{e}} | the amendment; the merger; the ban; the budget; the new statutes; the closure
        is responsible for {{v}} | {{v}} is the job of {{e}} / the one who answers for {{v}} is {{e}} / {{e}} has charge of {{v}} | the archive; the payroll; the sampling; the website; safety; the interviews; the garden
        discovered {{v}} | {{v}} was discovered by {{e}} / the discoverer of {{v}} was {{e}} | the cave; the comet; the error; the manuscript; the new beetle; the leak; the forgery
        """),
    ),
    (
        "drug",
        tuple(
            "the diuretic|the inhaler|the vaccine|the antibiotic|the placebo|the statin|the steroid|the low dose|the high dose|the gel|the patch|the new compound|the herbal extract|the insulin pump|the antiviral".split(
                "|"
            )
        ),
        _facts("""
        lowered blood pressure by {v} | with {e}, blood pressure went down by {v} / blood pressure fell by {v} under {e} | 4 mmHg; 6 mmHg; 9 mmHg; 12 mmHg; 15 mmHg
        cut hospital stays by {v} | hospital stays were {v} shorter with {e} / under {e}, patients left hospital {v} sooner | one day; two days; three days; a week
        caused {v} | {v} was a side effect of {e} / {v} occurred in those who were given {e} / {e} led to {v} | nausea; headaches; a rash; drowsiness; weight gain; dry mouth; dizziness
        was given {v} | patients received {e} {v} / {e} was taken {v} | once a day; twice a day; every six hours; once a week; before meals; at bedtime
        was tested in {v} | the trial of {e} took place in {v} / {v} was where {e} was tested | Ghana; Norway; Brazil; Japan; Canada; Poland
        is meant for {v} | {v} are the ones for whom {e} is intended / {e} is for {v} | children; pregnant women; patients with asthma; the elderly; people with diabetes; travellers
        costs {v} | the price of {e} is {v} / {v} is what one pays for {e} | $12; $18; $35; $60; $140; $410
        """),
    ),
    (
        "model",
        tuple(
            "Model A|Model B|the baseline|the smaller network|the larger network|the teacher|the student|the encoder|the decoder|the first classifier|the second classifier|the retriever|the reranker|the detector|version 1.4|version 2.0|the Linux client|the mobile app".split(
                "|"
            )
        ),
        _facts("""
        was trained on {v} | {v} were the training data of {e} / for {e}, training was done on {v} / the training set of {e} consisted of {v} | news articles; source code; medical notes; legal texts; subtitles; synthetic dialogues; satellite images; product reviews
        has {v} layers | the number of layers in {e} is {v} / {e} is {v} layers deep | 3; 4; 6; 8; 12; 16; 24; 32; 48
        reached an accuracy of {v} | the accuracy of {e} was {v} / {e} was right in {v} of the cases | 61 %; 67 %; 72 %; 76 %; 79 %; 83 %; 86 %; 91 %; 94 %
        uses {v} of memory | {e} needs {v} of memory / the memory that {e} takes is {v} | 300 MB; 800 MB; 2 GB; 6 GB; 11 GB; 24 GB
        supports {v} | {v} is supported by {e} / {e} can handle {v} | Arabic; dark mode; offline use; streaming; PDF import; voice input; batch jobs; two-factor login
        was released in {v} | the release of {e} was in {v} / {e} came out in {v} | January; March; April; June; August; October; December
        fails on {v} | {v} are where {e} goes wrong / {e} makes mistakes on {v} | negations; long inputs; rare names; dates; sarcasm; tables; blurred images
        """),
    ),
    (
        "place",
        tuple(
            "Lake Orsa|Lake Tembe|the river Alna|the river Duro|Mount Keld|Mount Yarra|the northern valley|the southern valley|the island of Hest|the island of Vao|the town of Brackley|the town of Selmo|the canal|the old harbour|the Ridge Forest".split(
                "|"
            )
        ),
        _facts(f"""
        lies in {{v}} | {{e}} is found in {{v}} / {{v}} is where {{e}} is situated / {{e}} is part of {{v}} | Kenya; Latvia; Bolivia; Nepal; Wales; Croatia; Quebec; Laos; Sardinia; Iceland
        has about {{v}} inhabitants | around {{v}} people live at {{e}} / the population of {{e}} is about {{v}} | {_COUNTS}
        is known for {{v}} | {{v}} have made {{e}} famous / what {{e}} is known for are its {{v}} | cherries; floods; orchids; fossils; vultures; windmills; hot springs; carpets
        became a protected area in {{v}} | {{e}} has been protected since {{v}} / protection of {{e}} began in {{v}} | {_YEARS}
        was surveyed by {{v}} | {{v}} carried out the survey of {{e}} / the survey of {{e}} was the work of {{v}} | the navy; a Danish team; two students; the water board; a private firm; the university
        is threatened by {{v}} | {{v}} is a danger to {{e}} / what threatens {{e}} is {{v}} | logging; mining; tourism; drought; invasive crabs; erosion; a new road
        """),
    ),
    (
        "part",
        tuple(
            "the green light|the blue light|the left lever|the right lever|the upper valve|the lower valve|the first form|the second form|the bark|the root|the leaf|the seed|the outer layer|the inner layer|the short beep|the long beep".split(
                "|"
            )
        ),
        _facts("""
        means that {v} | {e} is a sign that {v} / when {v}, this is shown by {e} | the tank is full; the battery is low; the door is open; the line is blocked; the test has failed; the pressure is too high; the order was accepted
        is used against {v} | {v} is treated with {e} / a use of {e} is against {v} | rust; fever; moths; glare; mould; coughs; frost
        must be replaced every {v} | every {v}, {e} has to be changed / {e} lasts for {v} and is then replaced | two weeks; three months; six months; year; two years; five years
        was damaged by {v} | {v} did damage to {e} / the damage to {e} was the result of {v} | hail; beetles; salt water; a lorry; heat; vandals; rats
        is made of {v} | {v} is the material of {e} / what {e} consists of is {v} | brass; nylon; wax; oak; ceramic; rubber; steel
        """),
    ),
)  # fmt: skip

_FILLERS: Final = (
    "Both belong to the same family.", "The report gives no further details.", "The figures were checked twice.", "This was made public in May.",
    "Neither is new.", "More is expected to be known by the end of the year.", "The comparison had been asked for by the ministry.",
)  # fmt: skip


def _cap(text: str) -> str:
    return text[0].upper() + text[1:]


def _say(fact: Fact, who: str, value: str) -> str:
    return f"{who} {fact.told.format(v=value)}"


def _other(fact: Fact, who: str, value: str, chance: Random) -> str:
    """The fact in other words, or in the same ones three times of ten."""
    if chance.random() < 0.3:
        return _say(fact, who, value)
    return chance.choice(fact.otherwise).format(e=who, v=value)


def _which(kind: str, fact: Fact, value: str) -> str:
    """A description by a fact: the company that exports 40 % of its output."""
    noun = {"model": "system", "drug": "treatment"}.get(kind, kind)
    told = fact.told.format(v=value)
    return f"the {noun} {'who' if kind == 'person' else 'that'} {told}"


def facts(chance: Random) -> Iterator[Triple]:
    """Two subjects, a fact or two of each; the claim gives a fact to the right one or to the other."""
    kind, names, relations = chance.choice(KINDS)
    a, b = chance.sample(names, 2)
    first, second, third = chance.sample(relations, 3)
    same = chance.random() < 0.45
    of_b = first if same else second
    if same:
        one, two = chance.sample(first.values, 2)
    else:
        one, two = chance.choice(first.values), chance.choice(second.values)
    told_a, told_b = _say(first, a, one), _say(of_b, b, two)
    extra = chance.choice(third.values)
    more = chance.random() < 0.5
    if more:
        told_a = f"{told_a} and {third.told.format(v=extra)}"
    said = chance.choice((
        f"{told_a}. {_cap(told_b)}", f"{told_a}, while {told_b}", f"{told_a}, and {told_b}", f"{told_b}; {told_a}", f"{told_b}, whereas {told_a}",
        f"{told_b}. {_cap(told_a)}", f"{a}, which is better known, {first.told.format(v=one)}{' and ' + third.told.format(v=extra) if more else ''}; {told_b}"
        if kind != "person" else f"{told_a}; {told_b}",
    ))  # fmt: skip
    if chance.random() < 0.3:
        said = f"{said}. {chance.choice(_FILLERS)}"
    wrong = NO if same else OPEN
    yield said, _other(first, a, one, chance), YES
    yield said, _other(of_b, b, two, chance), YES
    yield said, _other(first, b, one, chance), wrong
    yield said, _other(of_b, a, two, chance), wrong
    if more and chance.random() < 0.6:
        yield said, f"{_which(kind, first, one)} {third.told.format(v=extra)}", YES
        yield said, f"{_which(kind, of_b, two)} {third.told.format(v=extra)}", OPEN
    elif not same and chance.random() < 0.5:
        yield said, f"{_which(kind, first, one)} {second.told.format(v=two)}", OPEN


def gaps(chance: Random) -> Iterator[Triple]:
    """The verb is said once: A grew by so much in X, and B by so much in Y."""
    verb, back = chance.choice((("grew", "growth"), ("fell", "fall"), ("rose", "rise"), ("shrank", "decline")))
    (x, y) = chance.sample("barley output|hotel stays|road traffic|wind capacity|solar capacity|tea exports|coffee exports|school enrolment|beef sales|rail freight|cement use|car sales".split("|"), 2)  # fmt: skip
    p, q = chance.sample("Spain|Kenya|Oregon|Vietnam|Finland|the north|the south|Lima|Portugal|Ohio|the capital|Ethiopia".split("|"), 2)  # fmt: skip
    n, m = chance.sample(range(2, 45), 2)
    said = chance.choice((
        f"{x} {verb} by {n} % in {p} and {y} by {m} % in {q}", f"in {p}, {x} {verb} by {n} %; in {q}, {y} did so by {m} %",
        f"{x} {verb} in {p} by {n} %, {y} in {q} by {m} %", f"while {x} {verb} by {n} % in {p}, {y} {verb} by {m} % in {q}",
    ))  # fmt: skip

    def claim(what: str, where: str, much: int) -> str:
        return chance.choice((
            f"{where} saw {what} change: the {back} was {much} %", f"in {where}, {what} {verb} by {much} %", f"the {back} in {what} in {where} was {much} %",
        ))  # fmt: skip

    yield said, claim(x, p, n), YES
    yield said, claim(y, q, m), YES
    yield said, claim(x, q, n), OPEN
    yield said, claim(x, p, m), NO
    yield said, claim(y, q, n) if chance.random() < 0.5 else claim(y, p, m), NOT


_PARTIES: Final = tuple(
    "Brenner Foods|Altamira Shipping|Kestrel Glass|Maria Lund|Peter Okafor|Halden Bank|Tarn Industries|the Vega Institute|Omar Haddad|Elena Petrova|"
    "Castel Motors|the city of Selmo|the Orion Group|Ruth Adler|Nordhaven|the Baltic Fund|Hugo Petit|the navy|the railway board|Mina Sato".split(
        "|"
    )
)
_ROLES: Final = tuple(
    "head of the council|chair of the board|conductor of the orchestra|coach of the team|editor of the journal|main supplier of steel|"
    "host of the conference|owner of the stadium|keeper of the records|director of the trial|sponsor of the race|operator of the ferry".split(
        "|"
    )
)
_GOODS: Final = tuple(
    "the ferry line|the printing works|a vineyard|the film rights|the northern warehouse|its seed business|the radio station|the patent|two aircraft|the archive|the brand|the old theatre".split(
        "|"
    )
)
_LARGEST: Final = tuple(
    "the largest grower of olives|the biggest buyer of gas|the busiest port|the most popular destination|the leading maker of tyres|the main source of tax".split(
        "|"
    )
)
# what was done, the noun of the one who did it
_DID: Final = tuple(
    "repaired the engine|translated the poem|scored the winning goal|paid the ransom|took the photograph|carried out the statistical analysis|wrote the code|"
    "found the error|drove the lorry|signed the order|painted the ceiling|designed the logo|broke the record|leaked the letter".split(
        "|"
    )
)


def transfers(chance: Random) -> Iterator[Triple]:
    """Who gave, sold or handed over, and who has it now, or had it before."""
    a, b = chance.sample(_PARTIES, 2)
    kind, year = chance.randrange(5), chance.randint(1950, 2022)
    if kind == 0:
        what, rest = chance.sample(_GOODS, 2)
        said = chance.choice((f"{a} sold {what} to {b} in {year}", f"{b} bought {what} from {a} in {year}", f"in {year}, {what} passed from {a} to {b}"))  # fmt: skip
        kept = chance.random() < 0.5
        quote = f"{said}. {a} kept {rest}" if kept else said
        yield quote, chance.choice((f"{b} acquired {what}", f"{what} was sold by {a}", f"{what} changed hands, from {a} to {b}", f"until {year}, {what} belonged to {a}")), YES  # fmt: skip
        yield quote, chance.choice((f"{a} acquired {what}", f"{what} was sold by {b}", f"{what} changed hands, from {b} to {a}", f"until {year}, {what} belonged to {b}")), NO  # fmt: skip
        if kept:
            yield quote, chance.choice((f"{rest} stayed with {a}", f"{a} did not part with {rest}")), YES
            yield quote, chance.choice((f"{rest} went to {b}", f"{b} acquired {rest}", f"{a} parted with {rest}")), NO
    elif kind == 1:
        role = chance.choice(_ROLES)
        said = chance.choice((f"{a} replaced {b} as {role} in {year}", f"in {year}, {b} was succeeded by {a} as {role}", f"{a} took over from {b} as {role} in {year}"))  # fmt: skip
        yield said, chance.choice((f"before {year}, the {role} was {b}", f"{b} had been {role} before {a}", f"{a} became {role} in {year}", f"{a} came after {b} as {role}")), YES  # fmt: skip
        yield said, chance.choice((f"before {year}, the {role} was {a}", f"{a} had been {role} before {b}", f"{b} became {role} in {year}", f"{b} came after {a} as {role}")), NO  # fmt: skip
    elif kind == 2:
        role = chance.choice(_ROLES)
        said = chance.choice((f"{a} will stand in as {role} until a replacement for {b} is found", f"pending the choice of a successor to {b}, {a} acts as {role}"))  # fmt: skip
        yield said, chance.choice((f"for now, {a} is {role}", f"{a} is {role} for the time being", f"once the successor to {b} has been found, {a} is no longer needed as {role}")), YES  # fmt: skip
        yield said, chance.choice((f"for now, {b} is {role}", f"{b} is {role} for the time being", f"{b} stands in for {a} as {role}")), NO  # fmt: skip
    elif kind == 3:
        top = chance.choice(_LARGEST)
        said = chance.choice((f"in {year}, {a} overtook {b} as {top}", f"{b} lost its place as {top} to {a} in {year}", f"{a} displaced {b} as {top} in {year}"))  # fmt: skip
        yield said, chance.choice((f"until {year}, {b} was {top}", f"{a} has been {top} since {year}", f"{b} was passed by {a} in {year}")), YES  # fmt: skip
        yield said, chance.choice((f"until {year}, {a} was {top}", f"{b} has been {top} since {year}", f"{a} was passed by {b} in {year}")), NO  # fmt: skip
    else:
        did = chance.choice(_DID)
        said = chance.choice((
            f"{a} thanked {b}, who had {did}", f"{a} wrote to {b}, by whom help had been given and who {did}", f"{a} introduced {b}. It was {b} who {did}",
            f"{a} was in charge of the event. {b} {did}",
        ))  # fmt: skip
        yield said, chance.choice((f"{b} {did}", f"the one who {did} was {b}")), YES
        yield said, chance.choice((f"{a} {did}", f"the one who {did} was {a}")), NOT


def choices(chance: Random) -> Iterator[Triple]:
    """This and not that; first this, that only for some."""
    a, b = chance.sample(_PARTIES, 2)
    if chance.random() < 0.5:
        power, passive = chance.choice((("may dissolve the board", "the dissolving of the board is up to"), ("pays for the repairs", "the repairs are paid by"),
                               ("sets the price", "the price is set by"), ("owns the data", "the data are owned by"), ("was the first to report the leak", "the first report of the leak came from"),
                               ("appoints the auditors", "the auditors are appointed by"), ("carries the risk", "the risk is carried by")))  # fmt: skip
        said = chance.choice((f"{a}, and not {b}, {power}", f"it is {a} rather than {b} that {power}", f"{a}, as opposed to {b}, {power}", f"not {b} but {a} {power}"))  # fmt: skip
        yield said, chance.choice((f"{a} {power}", f"{passive} {a}", f"{b} is not the one that {power}")), YES
        yield said, chance.choice((f"{b} {power}", f"{passive} {b}", f"{a} is not the one that {power}")), NO
        return
    one, two = chance.sample("the oral form|the injection|plan A|the standard filter|the quick test|the full test|the day ticket|the season ticket|route 5|route 9|the light oil|the heavy oil".split("|"), 2)  # fmt: skip
    who, noun = chance.choice((("who are allergic", "people with an allergy"), ("under the age of six", "the youngest, below six"), ("who live abroad", "residents of other countries"),
                        ("with a kidney disease", "those whose kidneys are ill"), ("who have paid in advance", "those with a prepayment")))  # fmt: skip
    said = chance.choice((f"{one} is the first choice. {_cap(two)} is reserved for those {who}", f"normally {one} is used, but {two} for those {who}", f"those {who} get {two}; all others get {one}"))  # fmt: skip
    yield said, chance.choice((f"{two} is what {noun} are given", f"for {noun}, {two} is provided")), YES
    yield said, chance.choice((f"{one} is what {noun} are given", f"for {noun}, {one} is provided", f"{two} is the first choice")), NO  # fmt: skip


FAMILIES: Final = ((facts, 4.0), (gaps, 0.8), (transfers, 2.0), (choices, 1.0))

if __name__ == "__main__":
    show(FAMILIES, 6)
