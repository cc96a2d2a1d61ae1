"""Training pairs of denials in other words: denied twice, by a verb, by 'hardly any', by 'except', by what another one does.

A model that counts 'not' in quote and claim is wrong on them: 'refuted the claim that' denies, 'did not refrain from' does not,
'no evidence was found' leaves open. Run as a script, it prints a sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from composed import NO, OPEN, YES, Triple
from wordings import show

_WHO: Final = tuple(
    "the publisher|the council|a tenant|the airline|the hospital|the captain|a member|the broker|the museum|the school|the lab|the driver|the author|"
    "a visitor|the union|the mayor|a student|the editor|the bank|the farmer|the architect|the operator|the registrar|a witness|the foundation".split(
        "|"
    )
)
# base / past / gerund
_DO: Final = tuple(
    tuple(row.split("/"))
    for row in (
        "publish the minutes/published the minutes/publishing the minutes|raise the fee/raised the fee/raising the fee|answer the letter/answered the letter/answering the letter|"
        "sign the contract/signed the contract/signing the contract|keep the records/kept the records/keeping the records|test the water/tested the water/testing the water|"
        "sell alcohol/sold alcohol/selling alcohol|hire a lawyer/hired a lawyer/hiring a lawyer|share the data/shared the data/sharing the data|"
        "cut the trees/cut the trees/cutting the trees|film the meeting/filmed the meeting/filming the meeting|open on Sundays/opened on Sundays/opening on Sundays|"
        "change the locks/changed the locks/changing the locks|name the donor/named the donor/naming the donor|use the lift/used the lift/using the lift|"
        "carry a dog/carried a dog/carrying a dog|record the call/recorded the call/recording the call|retest the sample/retested the sample/retesting the sample|"
        "withdraw the paper/withdrew the paper/withdrawing the paper|refund the fare/refunded the fare/refunding the fare|warn the public/warned the public/warning the public|"
        "vote on the motion/voted on the motion/voting on the motion|store the fuel/stored the fuel/storing the fuel|apologise/apologised/apologising|"
        "repaint the façade/repainted the façade/repainting the façade|pay in advance/paid in advance/paying in advance|consult the residents/consulted the residents/consulting the residents"
    ).split("|")
)
_LAWS: Final = "the statute|the by-law|the lease|the licence|the treaty|the code of conduct|the contract|the regulation|the will|the agreement".split(
    "|"
)
_SOURCES: Final = "a later survey|the inquiry|the court|a second team|the audit|the new analysis|the coroner|a review of the files|the biographer|the laboratory|the minister".split("|")  # fmt: skip
# holds / does not hold / stopped / another wording of holds
_STATES: Final = tuple(
    tuple(row.split("/"))
    for row in (
        "the bridge is safe/the bridge is not safe/the bridge has stopped being safe|the tower was struck by lightning/the tower was not struck by lightning/|"
        "the letter is genuine/the letter is not genuine/|the river is polluted/the river is not polluted/the river has stopped being polluted|"
        "the drug causes cancer/the drug does not cause cancer/|the king was poisoned/the king was not poisoned/|the village was abandoned in the war/the village was not abandoned in the war/|"
        "the bus is cheaper than the train/the bus is not cheaper than the train/the bus has stopped being cheaper than the train|"
        "the fund owns the stadium/the fund does not own the stadium/the fund has ceased to own the stadium|the data were copied/the data were not copied/|"
        "the species lives on the island/the species does not live on the island/the species has ceased to live on the island|"
        "the method needs labelled data/the method does not need labelled data/the method has ceased to need labelled data|"
        "the clinic treats children/the clinic does not treat children/the clinic has ceased to treat children|the painting was restored/the painting was not restored/|"
        "the tax applies to farmers/the tax does not apply to farmers/the tax has ceased to apply to farmers|the dam was built without a permit/the dam was not built without a permit/|"
        "the compiler supports threads/the compiler does not support threads/the compiler has ceased to support threads|the fire started in the kitchen/the fire did not start in the kitchen/|"
        "the county leads the country in exports/the county does not lead the country in exports/the county has ceased to lead the country in exports|"
        "the ship carried weapons/the ship did not carry weapons/|the gene controls growth/the gene does not control growth/|the strike was illegal/the strike was not illegal/"
    ).split("|")
)
# adjective / its negative / subject
_UN: Final = tuple(
    tuple(row.split("/"))
    for row in (
        "usual/unusual/delays of this kind|aware/unaware/the director|common/uncommon/such errors|likely/unlikely/a second outbreak|important/unimportant/the order of the steps|"
        "willing/unwilling/the owner|reasonable/unreasonable/the request|known/unknown/the author of the poem|visible/invisible/the crack|complete/incomplete/the list|"
        "stable/unstable/the isotope|soluble/insoluble/the salt|reversible/irreversible/the damage|legal/illegal/the sale|dependent/independent/the agency|"
        "regular/irregular/the intervals|possible/impossible/a repair|effective/ineffective/the filter|expected/unexpected/the result|limited/unlimited/the supply|"
        "prepared/unprepared/the crew|reliable/unreliable/the gauge|correct/incorrect/the label|safe/unsafe/the lower floor|pleasant/unpleasant/the smell|happy/unhappy/the tenants"
    ).split("|")
)
# plural noun / base / past / not done
_MANY: Final = tuple(
    tuple(row.split("/"))
    for row in (
        "seedlings/survive the winter/survived the winter|candidates/pass the exam/passed the exam|calls/reach the office/reached the office|patients/respond to the drug/responded to the drug|"
        "packets/arrive on time/arrived on time|members/pay the fee/paid the fee|ships/return to port/returned to port|queries/find the right page/found the right page|"
        "sensors/record the shock/recorded the shock|guests/sign the book/signed the book|eggs/hatch/hatched|loans/go to women/went to women|games/sell out/sold out|"
        "villages/receive aid/received aid|runners/finish the race/finished the race|texts/mention the king/mentioned the king|buildings/withstand the quake/withstood the quake"
    ).split("|")
)
_RULES: Final = "the fee|the ban|the discount|the reporting duty|the new rule|the tax|the guarantee|the curfew|the quota|the inspection".split("|")  # fmt: skip
# group / property / its opposite
_KINDS: Final = tuple(
    tuple(row.split("/"))
    for row in (
        "cheeses/made from raw milk/made from heated milk|houses/built of timber/built of brick|boats/longer than eight metres/shorter than eight metres|pupils/in their final year/in their first year|"
        "loans/granted in euros/granted in dollars|vehicles/run on batteries/run on diesel|books/printed abroad/printed at home|shops/open at night/open by day only|files/kept on paper/kept on disk|"
        "members/living abroad/living in the country|firms/that export/that sell at home|dogs/trained as guides/kept as pets"
    ).split("|")
)


def _past_not(base: str) -> str:
    return f"did not {base}"


def permission(chance: Random) -> Iterator[Triple]:
    """May, may not, may with a permit."""
    who, law = chance.choice(_WHO), chance.choice(_LAWS)
    base, _, doing = chance.choice(_DO)
    allowed = chance.random() < 0.5
    free = (f"nothing in {law} stops {who} from {doing}", f"{law} does not prevent {who} from {doing}", f"{who} is not barred by {law} from {doing}",
            f"there is no clause in {law} that forbids {who} to {base}", f"{law} leaves {who} free to {base}")  # fmt: skip
    bound = (f"{law} bars {who} from {doing}", f"{law} keeps {who} from {doing}", f"{who} is prohibited by {law} from {doing}", f"under {law}, {who} must not {base}",
             f"{law} makes it unlawful for {who} to {base}", f"nothing in {law} permits {who} to {base}; on the contrary, it is forbidden")  # fmt: skip
    may = (f"under {law}, {who} may {base}", f"as far as {law} is concerned, {who} can {base}", f"{law} allows {who} to {base}", f"{who} is permitted to {base}")  # fmt: skip
    may_not = (f"under {law}, {who} may not {base}", f"{law} forbids {who} to {base}", f"{who} is not permitted to {base}", f"{law} does not allow {who} to {base}")  # fmt: skip
    said = chance.choice(free if allowed else bound)
    yield said, chance.choice(may), YES if allowed else NO
    yield said, chance.choice(may_not), NO if allowed else YES
    permit = chance.choice(
        ("a permit", "a doctor's note", "the owner's consent", "a deposit", "a helmet", "a key card")
    )
    if chance.random() < 0.7:
        needs = chance.random() < 0.6
        said = chance.choice(
            (f"without {permit}, {who} cannot {base}", f"{who} may {base} only with {permit}", f"no {permit.removeprefix('a ').removeprefix('the ')}, no {doing}: that is what {who} was told",
             f"unless there is {permit}, {who} may not {base}") if needs
            else (f"{who} may {base} even without {permit}", f"{permit} is not needed for {who} to {base}", f"{who} can {base} whether or not there is {permit}")
        )  # fmt: skip
        yield said, chance.choice((f"{who} needs {permit} to {base}", f"to {base}, {who} must have {permit}")), YES if needs else NO  # fmt: skip
        yield said, chance.choice((f"{who} can {base} without {permit}", f"{who} does not need {permit} to {base}")), NO if needs else YES  # fmt: skip


def refuted(chance: Random) -> Iterator[Triple]:
    """A claim is refuted, confirmed, only repeated, not ruled out, no longer true."""
    source = chance.choice(_SOURCES)
    holds, fails, stopped = chance.choice(_STATES)
    kind = chance.choice(("no", "no", "yes", "open", "open", "change"))
    what = chance.choice(("the claim", "the report", "the belief", "the suspicion", "the theory"))
    if kind == "no":
        said = chance.choice((
            f"{source} refuted {what} that {holds}", f"{source} disproved {what} that {holds}", f"{what} that {holds} was shown to be false by {source}",
            f"{source} put an end to {what} that {holds}: it is wrong", f"{source} ruled out that {holds}", f"contrary to {what}, {source} found, it is not the case that {holds}",
            f"{source} found {what} that {holds} to be untrue",
        ))  # fmt: skip
        yield said, chance.choice((f"according to {source}, {fails}", f"{source} showed that {fails}", fails)), YES
        yield said, chance.choice((f"according to {source}, {holds}", f"{source} showed that {holds}", f"{source} confirmed that {holds}", holds)), NO  # fmt: skip
    elif kind == "yes":
        said = chance.choice((
            f"{source} confirmed {what} that {holds}", f"{source} bore out {what} that {holds}", f"{what} that {holds} was proved right by {source}",
            f"{source} left no doubt that {holds}", f"{source} refuted {what} that {fails}", f"{source} dismissed all doubts that {holds}",
        ))  # fmt: skip
        yield said, chance.choice((f"according to {source}, {holds}", f"{source} showed that {holds}", holds)), YES
        yield said, chance.choice((f"according to {source}, {fails}", f"{source} showed that {fails}", f"{source} disproved that {holds}", fails)), NO  # fmt: skip
    elif kind == "open":
        said = chance.choice((
            f"{source} could not rule out that {holds}", f"{source} did not say whether {holds}", f"{source} looked into {what} that {holds}", f"{source} found no evidence that {holds}",
            f"{source} stopped short of saying that {holds}", f"{source} repeated {what} that {holds}, without proof", f"{source} would neither confirm nor deny that {holds}",
        ))  # fmt: skip
        yield said, chance.choice((holds, f"{source} proved that {holds}" if "evidence" not in said else holds, fails, f"{source} proved that {fails}")), OPEN  # fmt: skip
        if "rule out" in said:
            yield said, f"{source} considered it possible that {holds}", YES
            yield said, f"{source} excluded that {holds}", NO
        elif "evidence" in said:
            yield said, f"evidence that {holds} was found by {source}", NO
    elif stopped:
        said = chance.choice((f"it is no longer true that {holds}", f"that {holds} is a thing of the past", f"the days are over in which {holds}"))  # fmt: skip
        still = chance.choice((f"it is still true that {holds}", f"to this day, {holds}"))
        yield said, chance.choice((stopped, f"today, {fails}")), YES
        yield said, chance.choice((f"today, {holds}", f"as before, {holds}", f"it is not true that {stopped}")), NO
        yield still, chance.choice((f"today, {holds}", f"as before, {holds}", f"it is not true that {stopped}")), YES
        yield still, chance.choice((stopped, f"today, {fails}")), NO


def litotes(chance: Random) -> Iterator[Triple]:
    """Not unusual is usual; insoluble is not soluble."""
    good, bad, what = chance.choice(_UN)
    be = "are" if (what.endswith("s") and not what.startswith("the ")) or what.endswith(("tenants", "intervals")) else "is"  # fmt: skip
    where = chance.choice(("", "", " at this time of year", ", the report says", " in most cases"))
    if chance.random() < 0.55:
        said = chance.choice((f"{what} {be} not {bad}", f"{what} {be} by no means {bad}", f"{what} {be} anything but {bad}", f"one cannot call {what} {bad}"))  # fmt: skip
        yes, no = (f"{what} {be} {good}", f"{what} {be} rather {good}"), (f"{what} {be} not {good}", f"{what} {be} {bad}")  # fmt: skip
    else:
        said = chance.choice((f"{what} {be} {bad}", f"{what} {be} not {good}", f"{what} {be} far from {good}", f"{what} {be} anything but {good}"))  # fmt: skip
        yes, no = (f"{what} {be} not {good}", f"{what} {be} {bad}"), (f"{what} {be} {good}", f"{what} {be} not {bad}")
    yield said + where, chance.choice(yes), YES
    yield said + where, chance.choice(no), NO


def hardly(chance: Random) -> Iterator[Triple]:
    """Hardly any failed to; not one did not; all but two did."""
    who, base, past = chance.choice(_MANY)
    few = (f"hardly any of the {who}", f"almost none of the {who}", f"few of the {who}", f"next to none of the {who}")
    kind = chance.randrange(4)
    if kind == 0:
        said = f"{chance.choice(few)} {chance.choice((f'failed to {base}', _past_not(base)))}"
        yes, no = (f"nearly all the {who} {past}", f"most of the {who} {past}"), (f"nearly all the {who} failed to {base}", f"most of the {who} did not {base}", f"only a few of the {who} {past}")  # fmt: skip
    elif kind == 1:
        said = f"{chance.choice(few)} {chance.choice((past, f'managed to {base}'))}"
        yes, no = (f"nearly all the {who} failed to {base}", f"most of the {who} did not {base}", f"only a few of the {who} {past}"), (f"nearly all the {who} {past}", f"most of the {who} {past}")  # fmt: skip
    elif kind == 2:
        said = chance.choice((f"not one of the {who} failed to {base}", f"there were no {who} that did not {base}", f"none of the {who} failed to {base}"))  # fmt: skip
        yes, no = (f"all the {who} {past}", f"every one of the {who} {past}"), (f"none of the {who} {past}", f"the {who} did not {base}", f"some of the {who} failed to {base}")  # fmt: skip
    else:
        n = chance.choice(("two", "three", "five", "a handful"))
        said = f"all but {n} of the {who} {past}"
        yes, no = (f"{n} of the {who} did not {base}", f"most of the {who} {past}"), (f"all the {who} {past}", f"only {n} of the {who} {past}", f"no {who} {past}")  # fmt: skip
    yield said, chance.choice(yes), YES
    yield said, chance.choice(no), NO


def contrast(chance: Random) -> Iterator[Triple]:
    """Unlike A, B does not; neither A nor B; only A; without A."""
    a, b = chance.sample(_WHO, 2)
    base, past, _ = chance.choice(_DO)
    kind = chance.randrange(5)
    if kind == 0:
        said = chance.choice((f"unlike {a}, {b} did not {base}", f"{b} did not {base}, as {a} had done", f"in contrast to {a}, {b} chose not to {base}", f"{a} {past}, but not {b}"))  # fmt: skip
        yield said, chance.choice((f"{a} {past}", f"{a} did {base}")), YES
        yield said, chance.choice((f"{a} did not {base}", f"{b} {past}")), NO
    elif kind == 1:
        said = chance.choice((f"like {a}, {b} did not {base}", f"{a} did not {base}, nor did {b}", f"neither {a} nor {b} {past}", f"no more than {a} did {b} {base}"))  # fmt: skip
        yield said, chance.choice((f"{a} did not {base}", f"{b} did not {base}", f"{b} failed to {base}")), YES
        yield said, chance.choice((f"{a} {past}", f"{b} {past}")), NO
    elif kind == 2:
        said = chance.choice((f"only {a} {past}", f"{a} alone {past}", f"no one but {a} {past}"))
        yield said, chance.choice((f"{a} {past}", f"{b} did not {base}")), YES
        yield said, chance.choice((f"{b} {past}", f"{a} did not {base}")), NO
    elif kind == 3:
        one, two = chance.sample("the weight|the diet|the age|the income|the dose|the rainfall|the roof|the wiring|the spelling|the dates".split("|"), 2)  # fmt: skip
        said = chance.choice((f"{a} checked {one} but not {two}", f"{a} took account of {one}, not of {two}", f"what {a} looked at was {one}; {two} was not looked at"))  # fmt: skip
        yield said, chance.choice((f"{two} was left out by {a}", f"{a} omitted {two}", f"{a} did not consider {two}", f"{one} was considered")), YES  # fmt: skip
        yield said, chance.choice((f"{one} was left out by {a}", f"{a} omitted {one}", f"{a} considered {two}", f"{a} included {two}")), NO  # fmt: skip
    else:
        place = chance.choice(("to Rome", "to the hearing", "on the voyage", "into the final", "to the fair"))
        said = chance.choice((f"{b} did not go {place} with {a}", f"when {a} went {place}, {b} stayed behind", f"{a} went {place}, but {b} did not"))  # fmt: skip
        yield said, f"{a} went {place} without {b}", YES
        yield said, chance.choice((f"{a} went {place} together with {b}", f"{b} went along {place}")), NO


def excepted(chance: Random) -> Iterator[Triple]:
    """All except; only those; exempt."""
    rule = chance.choice(_RULES)
    group, one, two = chance.choice(_KINDS)
    out = chance.random() < 0.5
    exempt = (f"{rule} applies to all {group} except those {one}", f"{group} {one} are exempt from {rule}, all others are not", f"{rule} covers every kind of {group} other than those {one}")  # fmt: skip
    bound = (f"{rule} applies only to {group} {one}", f"no {group} but those {one} are subject to {rule}", f"{rule} is limited to {group} {one}")  # fmt: skip
    said = chance.choice(exempt if out else bound)
    free = lambda which: chance.choice((f"{group} {which} are not subject to {rule}", f"{rule} does not apply to {group} {which}", f"{group} {which} are spared {rule}"))  # noqa: E731  # fmt: skip
    held = lambda which: chance.choice((f"{group} {which} are subject to {rule}", f"{rule} applies to {group} {which}", f"{group} {which} are covered by {rule}"))  # noqa: E731  # fmt: skip
    yield said, free(one) if out else held(one), YES
    yield said, held(one) if out else free(one), NO
    yield said, held(two) if out else free(two), YES
    yield said, free(two) if out else held(two), NO


def refrained(chance: Random) -> Iterator[Triple]:
    """Verbs that deny what follows them, and the same denied."""
    who = chance.choice(_WHO)
    base, past, doing = chance.choice(_DO)
    when = chance.choice(("", "", " last spring", " after the storm", ", to general surprise"))
    if chance.random() < 0.5:
        meant = (
            f"{who} refrained from {doing}", f"{who} stopped short of {doing}", f"{who} avoided {doing}", f"{who} declined to {base}", f"{who} turned down every request to {base}",
            f"{who} decided against {doing}", f"{who} gave up the idea of {doing}", f"{who} was talked out of {doing}",
        )  # fmt: skip
        missed = (f"{who} neglected to {base}", f"{who} forgot to {base}", f"{who} omitted to {base}", f"{who} was kept from {doing}")  # fmt: skip
        said = chance.choice((*meant, *missed))
        own = f"{who} {'declined' if said in meant else 'failed'} to {base}"
        yield said + when, chance.choice((f"{who} did not {base}", f"{who} did not go so far as to {base}", own)), YES
        yield said + when, chance.choice((f"{who} {past}", f"{who} did {base}", f"{who} did not refuse to {base}", f"{who} did not fail to {base}")), NO  # fmt: skip
    else:
        said = chance.choice((
            f"{who} did not refrain from {doing}", f"{who} did not hesitate to {base}, and did so", f"{who} did not forget to {base}", f"{who} did not fail to {base}",
            f"nothing kept {who} from {doing}, and so it happened", f"{who} could not be talked out of {doing}", f"{who} went ahead and {past}", f"{who} did not omit to {base}", f"{who} saw to it and {past}",
        ))  # fmt: skip
        yield said + when, chance.choice((f"{who} {past}", f"{who} did {base}", f"{who} did not refuse to {base}", f"{who} did not fail to {base}")), YES  # fmt: skip
        yield said + when, chance.choice((f"{who} did not {base}", f"{who} declined to {base}", f"{who} failed to {base}", f"{who} refrained from {doing}")), NO  # fmt: skip


def absent(chance: Random) -> Iterator[Triple]:
    """Lacks, without, has none; none found where one looked."""
    thing, part = chance.choice(tuple(tuple(row.split("/")) for row in (
        "the library/support for proxies|the village/a pharmacy|the contract/a date|the study/a control group|the museum/a lift|the treaty/a clause on fishing|the car/a spare wheel|"
        "the poem/a title|the system/a backup|the island/fresh water|the report/an index|the school/a gym|the format/a checksum|the coat/pockets"
    ).split("|")))  # fmt: skip
    bare = part.removeprefix("a ").removeprefix("an ")
    if chance.random() < 0.55:
        said = chance.choice((f"{thing} lacks {part}", f"{thing} has no {bare}", f"{thing} comes without {part}", f"{bare} is what is missing from {thing}", f"{thing} is devoid of {bare}"))  # fmt: skip
        yield said, chance.choice((f"{thing} does not have {part}", f"there is no {bare} in {thing}", f"{thing} is without {part}")), YES  # fmt: skip
        yield said, chance.choice((f"{thing} has {part}", f"there is {part} in {thing}", f"{thing} does not lack {part}")), NO  # fmt: skip
    else:
        said = chance.choice((f"{thing} does not lack {part}", f"{thing} is not without {part}", f"{thing} has {part}", f"{thing} comes with {part}"))  # fmt: skip
        yield said, chance.choice((f"{thing} has {part}", f"there is {part} in {thing}")), YES
        yield said, chance.choice((f"{thing} does not have {part}", f"{thing} lacks {part}", f"{thing} is without {part}")), NO  # fmt: skip
    if chance.random() < 0.4:
        what, where = chance.choice(tuple(tuple(row.split("/")) for row in (
            "arsenic/the six wells|mould/the rooms that were opened|malware/the sampled machines|fraud/the accounts under review|lead/the tested toys|cracks/the inspected blades"
        ).split("|")))  # fmt: skip
        said = chance.choice(
            (f"no {what} was found in {where}", f"the search for {what} in {where} was without result")
        )
        yield said, f"there is no {what} anywhere", OPEN
        yield said, f"{what} was found in {where}", NO
        yield said, f"the search found no {what}", YES


FAMILIES: Final = ((permission, 1.0), (refuted, 1.4), (litotes, 0.9), (hardly, 0.9), (contrast, 1.0), (excepted, 0.6), (refrained, 1.2), (absent, 0.7))  # fmt: skip

if __name__ == "__main__":
    show(FAMILIES, 5)
