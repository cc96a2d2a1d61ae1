"""Training pairs composed from sentence frames: who did what, more or less, before or after, not, all or some, may or does.

Perturbing real sentences keeps most of their words, so a model can learn to look for the odd word out. Here quote and claim
say the same or the opposite in different words, and a frame and its reverse use the same words. ``compose`` draws from eleven
families; run as a script, it prints a sample.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Final

Triple = tuple[str, str, str]
"""Quote, claim, and label: entailment, neutral, contradiction, or not_entailment."""

YES: Final = "entailment"
NO: Final = "contradiction"
OPEN: Final = "neutral"
NOT: Final = "not_entailment"

MEASURES: Final = tuple(
    "unemployment|inflation|rainfall|the failure rate|energy use|turnover|absenteeism|blood pressure|carbon emissions|attendance|"
    "the water level|traffic|crime|household debt|investment|the birth rate|memory use|latency|mortality|the vacancy rate|"
    "air pollution|enrolment|the dropout rate|milk production|the error rate|demand for steel|the cost of housing|fuel consumption|"
    "the infection rate|public spending|snow cover|the price of copper|soil moisture|body weight|reading speed|accuracy|"
    "customer satisfaction|the poverty rate|voter turnout|ice thickness|noise|the literacy rate|average income|tax revenue|"
    "hospital admissions|species diversity|tumour size|reaction time|oil output|ticket revenue".split("|")
)
PAIRS: Final = tuple(
    tuple(pair.split("/"))
    for pair in (
        "women/men|the north/the south|urban schools/rural schools|the larger model/the smaller model|the treated plots/the control plots|"
        "patients on the drug/patients on placebo|smokers/non-smokers|the coast/the interior|private firms/public agencies|"
        "the second trial/the first trial|older workers/younger workers|Norway/Denmark|the old design/the new design|"
        "first-year students/final-year students|the western district/the eastern district|trained annotators/volunteers|"
        "vaccinated animals/unvaccinated animals|the upper basin/the lower basin|tenants/homeowners|the night shift/the day shift|"
        "infants/toddlers|the synthetic set/the real set|the baseline/the proposed method|immigrants/natives|Chile/Peru|"
        "the city centre/the suburbs|organic farms/conventional farms|the mutant strain/the wild type|version 2/version 3|"
        "shallow lakes/deep lakes|the surgical group/the exercise group|freelancers/employees|Bavaria/Saxony|solar plants/wind farms"
    ).split("|")
)
UP: Final = "rose|increased|grew|climbed|went up|moved higher".split("|")
DOWN: Final = "fell|decreased|dropped|declined|went down|moved lower".split("|")
RISE: Final = "a rise|an increase|a growth|an upturn".split("|")
FALL: Final = "a fall|a decrease|a drop|a decline|a reduction".split("|")
TIMES: Final = (
    "in 2015|last year|in the third quarter|over the decade|in June|between 2008 and 2012|during the trial|that winter|after the reform|"
    "in the second half of the year|since 1990|within six weeks|over the study period|by the end of the war"
).split("|")
RAISES: Final = "raised|increased|boosted|pushed up|drove up".split("|")
LOWERS: Final = "lowered|reduced|cut|decreased|brought down|depressed".split("|")
AGENTS: Final = (
    "the new tax|fertiliser use|the vaccine|the training programme|a longer school day|the subsidy|heavy rain|the merger|the toll|"
    "data augmentation|the speed limit|night work|a high-salt diet|the drought|caffeine|deregulation|the ceasefire|regular exercise|"
    "the software update|the tariff|irrigation|early diagnosis|the strike|deleting the gene|pruning the network|the curfew"
).split("|")
# (clause in the past, noun phrase)
EVENTS: Final = tuple(
    tuple(event.split("/"))
    for event in (
        "the bridge was opened/the opening of the bridge|the king abdicated/the abdication of the king|the union was founded/the founding of the union|"
        "the treaty was signed/the signing of the treaty|the factory closed/the closure of the factory|the chairman resigned/the resignation of the chairman|"
        "the volcano erupted/the eruption of the volcano|the law was repealed/the repeal of the law|the album was released/the release of the album|"
        "the patch was installed/the installation of the patch|the survey was completed/the completion of the survey|the army withdrew/the withdrawal of the army|"
        "the currency was devalued/the devaluation of the currency|the dam burst/the collapse of the dam|the election was held/the election|"
        "the patient was discharged/the discharge of the patient|the samples were frozen/the freezing of the samples|the minister was arrested/the arrest of the minister|"
        "the tower was demolished/the demolition of the tower|the company was sold/the sale of the company|the fire broke out/the outbreak of the fire|"
        "the data were anonymised/the anonymisation of the data|the railway was electrified/the electrification of the railway|the colony gained independence/the independence of the colony|"
        "the trial was halted/the halting of the trial|the telescope was launched/the launch of the telescope|the vote was counted/the counting of the vote|"
        "the model was retrained/the retraining of the model|the drug was approved/the approval of the drug|the museum was renovated/the renovation of the museum"
    ).split("|")
)
CAUSES: Final = tuple(
    tuple(pair.split("/"))
    for pair in (
        "the shortage of chips/the delays in car production|the failure of the pump/the flooding of the cellar|the strike/the cancellation of the flights|"
        "the collapse of the bank/the panic on the markets|the leak/the contamination of the well|the mutation/the loss of vision|"
        "the heat wave/the power cuts|the budget cuts/the closure of two libraries|the software error/the loss of the satellite|"
        "the merging of the files/the duplicate records|the landslide/the closure of the road|the boycott/the fall in sales|"
        "the infection/the high fever|the embargo/the rise in oil prices|the erosion/the decline of the fish|the defeat/the resignation of the cabinet|"
        "the noisy labels/the poor accuracy|the overfitting/the weak test results|the scandal/the loss of votes|the frost/the poor harvest|"
        "the fall of the wall/the wave of migration|the storm/the derailment|the drop in pressure/the shutdown of the reactor|the early retirement/the staff shortage"
    ).split("|")
)
LED: Final = "led to|caused|resulted in|brought about|gave rise to|was responsible for".split("|")
FROM: Final = "resulted from|was caused by|was due to|was a consequence of|stemmed from|was brought about by".split("|")
# subject / base form / past / object
DEEDS: Final = tuple(
    tuple(deed.split("/"))
    for deed in (
        "the committee/approve/approved/the budget|the court/uphold/upheld/the ban|the drug/improve/improved/survival|the parliament/ratify/ratified/the agreement|"
        "the author/publish/published/the diary|the team/replicate/replicated/the finding|the bank/repay/repaid/the loan|the city/rebuild/rebuilt/the stadium|"
        "the study/confirm/confirmed/the link|the company/disclose/disclosed/the breach|the test/detect/detected/the virus|the museum/return/returned/the statue|"
        "the school/accept/accepted/the offer|the engineers/repair/repaired/the turbine|the witness/identify/identified/the driver|the model/solve/solved/the task|"
        "the union/support/supported/the reform|the army/cross/crossed/the river|the device/meet/met/the standard|the editor/correct/corrected/the error|"
        "the treatment/affect/affected/blood sugar|the mayor/attend/attended/the hearing|the expedition/reach/reached/the summit|the authors/release/released/the code|"
        "the government/extend/extended/the deadline|the filter/remove/removed/the lead|the referee/see/saw/the foul|the firm/pay/paid/the fine|"
        "the panel/consider/considered/the appeal|the species/survive/survived/the winter|the regulator/block/blocked/the merger|the audit/find/found/the mistake"
    ).split("|")
)
GROUPS: Final = tuple(
    tuple(group.split("/"))
    for group in (
        "the schools/were closed|the patients/recovered|the delegates/voted for the motion|the houses/were damaged|the models/passed the test|"
        "the samples/contained arsenic|the villages/have electricity|the songs/were recorded in Paris|the respondents/own a car|the bridges/were inspected|"
        "the studies/reported side effects|the species/are endangered|the students/speak two languages|the players/were injured|the firms/export to Asia|"
        "the paintings/were sold|the ships/returned|the judges/agreed|the trees/survived the fire|the servers/were upgraded"
    ).split("|")
)
MAY: Final = tuple(
    tuple(pair.split("/"))
    for pair in (
        "the compound/slow the growth of the tumour/slows the growth of the tumour|the mineral/contain water/contains water|the method/reduce bias/reduces bias|"
        "the painting/be a forgery/is a forgery|the reform/increase wages/increases wages|the gene/control sleep/controls sleep|the ruins/date from the Bronze Age/date from the Bronze Age|"
        "the additive/damage the liver/damages the liver|the virus/spread through the air/spreads through the air|synthetic data/improve accuracy/improves accuracy|"
        "early reading/protect memory/protects memory|the fault/cause an earthquake/causes an earthquake|the comet/come from another star/comes from another star|"
        "the policy/discourage investment/discourages investment|the diet/prolong life/prolongs life|filtering/remove toxic text/removes toxic text|the tax/harm small shops/harms small shops"
    ).split("|")
)
SCOPES: Final = (
    "in mice|among adults over 65|in cell cultures|in the Nordic countries|for firms with fewer than ten employees|in patients with diabetes|"
    "on English texts|at low temperatures|in the first year|under laboratory conditions|in rural areas|among boys|for small models|when the data are clean"
).split("|")
OTHER_SCOPES: Final = (
    "in humans|among children|in living animals|worldwide|for large corporations|in healthy volunteers|on Chinese texts|at high temperatures|"
    "in the tenth year|in everyday use|in large cities|among girls|for very large models|whatever the data look like"
).split("|")
NAMES: Final = (
    "Maria Lund|the Orion Group|Peter Okafor|Halden Bank|the Red Lions|Anna Weiss|Tarn Industries|Colonel Price|Lady Ashby|the Vega Institute|Omar Haddad|"
    "Nordvik|the Harriers|Elena Petrova|Dr Mori|the Baltic Fleet|Senator Cole|Castel Motors|Prince Rainald|the Mill Street Choir"
).split("|")
# past / passive with "by" / noun of the one / noun of the other
BETWEEN: Final = tuple(
    tuple(verb.split("/"))
    for verb in (
        "defeated/was defeated by|bought/was bought by|sued/was sued by|succeeded/was succeeded by|hired/was hired by|praised/was praised by|funded/was funded by|"
        "criticised/was criticised by|replaced/was replaced by|attacked/was attacked by|taught/was taught by|rescued/was rescued by|followed/was followed by|overtook/was overtaken by"
    ).split("|")
)
FACTS: Final = (
    "was born in Lisbon|won the prize in 1987|opened an office in Nairobi|was fined for false reporting|studied chemistry|moved to Toronto|lost the final|"
    "published a report on water|has about 300 members|was founded by a nurse|sold its shares|designed the harbour|speaks four languages|retired in 2004|"
    "signed the petition|received a grant from the state|wrote two novels|supports the plan|opposes the plan|was acquitted"
).split("|")
MORE_LESS: Final = (
    ("higher", "lower"), ("greater", "smaller"), ("better", "worse"), ("longer", "shorter"), ("faster", "slower"), ("larger", "smaller"),
    ("stronger", "weaker"), ("cheaper", "more expensive"), ("older", "younger"), ("heavier", "lighter"), ("wetter", "drier"),
    ("safer", "more dangerous"), ("more stable", "less stable"), ("more common", "rarer"), ("richer", "poorer"), ("warmer", "cooler"),
)  # fmt: skip
NUMBERS: Final = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def _cap(text: str) -> str:
    return text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _two(chance: Random, listed: tuple[object, ...] | list[object]) -> tuple[object, object]:
    first, second = chance.sample(list(listed), 2)
    return first, second


def trend(chance: Random) -> Iterator[Triple]:
    """A quantity went up or down."""
    what, when = chance.choice(MEASURES), chance.choice(TIMES)
    up = chance.random() < 0.5
    verbs, other = (UP, DOWN) if up else (DOWN, UP)
    nouns, against = (RISE, FALL) if up else (FALL, RISE)
    low = chance.randint(3, 60)
    high = low + chance.randint(2, 40)
    start, end = (low, high) if up else (high, low)
    amount = chance.choice((f" by {chance.randint(2, 60)} %", "", " sharply", " slightly", f" from {start} to {end}"))
    quote = chance.choice((
        f"{what} {chance.choice(verbs)}{amount} {when}", f"{when}, {what} {chance.choice(verbs)}{amount}",
        f"there was {chance.choice(nouns)} in {what} {when}", f"{what} was {'higher' if up else 'lower'} at the end than at the beginning",
    ))  # fmt: skip
    before, after = ("lower", "higher") if up else ("higher", "lower")
    same = (f"{what} {chance.choice(verbs)} {when}", f"{chance.choice(nouns)} in {what} was recorded {when}",
            f"{what} had been {before} before", f"{what} was {after} afterwards than before")  # fmt: skip
    wrong = (f"{what} {chance.choice(other)} {when}", f"{chance.choice(against)} in {what} was recorded {when}",
             f"{what} had been {after} before", f"{what} was {before} afterwards than before", f"{what} stayed the same {when}")  # fmt: skip
    yield quote, chance.choice(same), YES
    yield quote, chance.choice(wrong), NO
    if chance.random() < 0.3:
        yield quote, f"{chance.choice(MEASURES)} {chance.choice(verbs)} {when}", OPEN


def comparison(chance: Random) -> Iterator[Triple]:
    """One group has more than the other."""
    pair = list(chance.choice(PAIRS))
    chance.shuffle(pair)
    a, b = pair
    what = chance.choice(MEASURES)
    more, less = chance.choice((("higher", "lower"), ("greater", "smaller"), ("higher", "lower")))
    number = chance.randint(12, 60)
    said = chance.choice((
        f"{what} was {more} in {a} than in {b}", f"{what} was {less} in {b} than in {a}",
        f"compared with {b}, {a} had {more} {what.removeprefix('the ')}", f"{a} exceeded {b} in {what}", f"{b} lagged behind {a} in {what}",
        f"in {what}, {a} ranked above {b}", f"{what} was {number + chance.randint(3, 30)} % in {a} and {number} % in {b}",
        f"{what} in {a} was about twice that in {b}", f"{what} in {b} was only half that in {a}",
    ))  # fmt: skip

    def claim(a: str, b: str) -> str:
        return chance.choice((
            f"{what} was {more} in {a} than in {b}", f"{what} was {less} in {b} than in {a}", f"{b} had {less} {what.removeprefix('the ')} than {a}",
            f"{a} had {more} {what.removeprefix('the ')} than {b}", f"{what} in {b} was below that in {a}", f"{what} in {a} was above that in {b}",
        ))  # fmt: skip

    yield said, claim(a, b), YES
    yield said, claim(b, a), NO
    if chance.random() < 0.3:
        yield said, f"{what} was similar in {a} and {b}", NO
    if chance.random() < 0.3:
        equal = chance.choice((f"{what} did not differ between {a} and {b}", f"no difference in {what} was seen between {a} and {b}",
                               f"{a} and {b} had the same {what.removeprefix('the ')}"))  # fmt: skip
        yield equal, f"{what} was similar in {a} and {b}", YES
        yield equal, claim(a, b), NO


def adjective(chance: Random) -> Iterator[Triple]:
    """One thing is faster, cheaper, older than the other."""
    a, b = _two(chance, NAMES) if chance.random() < 0.4 else chance.choice(PAIRS)
    more, less = chance.choice(MORE_LESS)
    if chance.random() < 0.5:
        more, less = less, more
    be = "were" if str(a).endswith("s") and " " not in str(a) else "was"
    said = chance.choice(
        (f"{a} {be} {more} than {b}", f"{b} {be} {less} than {a}", f"of the two, {a} {be} {more}, not {b}")
    )
    yield said, chance.choice((f"{b} {be} {less} than {a}", f"{a} {be} {more} than {b}")), YES
    yield (
        said,
        chance.choice((f"{a} {be} {less} than {b}", f"{b} {be} {more} than {a}", f"{b} {be} not {less} than {a}")),
        NO,
    )


def order(chance: Random) -> Iterator[Triple]:
    """One event comes before the other."""
    (one, first), (two, second) = _two(chance, EVENTS)
    years = chance.choice(("two years", "three weeks", "a month", "ten days", "half a century", "shortly"))
    said = chance.choice((
        f"{one} before {two}", f"{two} {years} after {one}", f"{one}; only then {two}", f"{first} preceded {second}",
        f"{first} was followed by {second}", f"when {two}, {first} already lay in the past", f"{one} in {chance.randint(1900, 1950)} and {two} in {chance.randint(1951, 2010)}",
        f"not until {one} could it be said that {two}", f"after {first}, {two}",
    ))  # fmt: skip

    def claim(one: str, first: str, two: str, second: str) -> str:
        return chance.choice((
            f"{one} earlier than {two}", f"{two} after {one}", f"{first} came before {second}", f"{second} came later than {first}",
            f"{second} followed {first}", f"{one} first, and {two} later", f"when {one}, {second} was still to come",
        ))  # fmt: skip

    yield said, claim(one, first, two, second), YES
    yield said, claim(two, second, one, first), NO
    if chance.random() < 0.25:
        yield f"{one}, and {two}", claim(one, first, two, second), OPEN
    if chance.random() < 0.25:
        yield said, f"{first} caused {second}", OPEN


def cause(chance: Random) -> Iterator[Triple]:
    """One thing brings about the other; what only goes together proves no cause."""
    why, what = chance.choice(CAUSES)
    said = chance.choice((
        f"{why} {chance.choice(LED)} {what}", f"{what} {chance.choice(FROM)} {why}", f"because of {why}, there was no way round {what}",
        f"experts traced {what} back to {why}", f"the reason for {what} was {why}",
    ))  # fmt: skip

    def claim(why: str, what: str) -> str:
        return chance.choice(
            (
                f"{why} {chance.choice(LED)} {what}",
                f"{what} {chance.choice(FROM)} {why}",
                f"{why} was the reason for {what}",
            )
        )

    yield said, claim(why, what), YES
    yield said, claim(what, why), NOT
    if chance.random() < 0.3:
        yield said, chance.choice((f"{why} had nothing to do with {what}", f"{why} prevented {what}")), NO
    if chance.random() < 0.3:
        yield f"{what} came at the same time as {why}", claim(why, what), OPEN


def effect(chance: Random) -> Iterator[Triple]:
    """Something raises or lowers a quantity, or goes with more or less of it."""
    agent, what = chance.choice(AGENTS), chance.choice(MEASURES)
    up = chance.random() < 0.5
    verbs, other = (RAISES, LOWERS) if up else (LOWERS, RAISES)
    nouns, against = (RISE, FALL) if up else (FALL, RISE)
    gone, come = (UP, DOWN) if up else (DOWN, UP)
    high, low = ("higher", "lower") if up else ("lower", "higher")
    if chance.random() < 0.65:
        number = chance.choice((f" by {chance.randint(2, 70)} %", "", ""))
        said = chance.choice((
            f"{agent} {chance.choice(verbs)} {what}{number}", f"{what} {chance.choice(gone)}{number} because of {agent}",
            f"{agent} led to {chance.choice(nouns)} in {what}", f"with {agent}, {what} was {high} than without", f"without {agent}, {what} was {low} than with it",
        ))  # fmt: skip
        yield said, chance.choice((
            f"{agent} {chance.choice(verbs)} {what}", f"{what} {chance.choice(gone)} as a result of {agent}", f"{agent} caused {chance.choice(nouns)} in {what}",
            f"{what} was {low} without {agent}",
        )), YES  # fmt: skip
        yield said, chance.choice((
            f"{agent} {chance.choice(other)} {what}", f"{what} {chance.choice(come)} as a result of {agent}", f"{agent} caused {chance.choice(against)} in {what}",
            f"{agent} had no effect on {what}", f"{what} was {high} without {agent}", f"{agent} did not change {what}",
        )), NO  # fmt: skip
        return
    less = chance.choice(MEASURES)
    said = chance.choice((
        f"more {agent.removeprefix('the ').removeprefix('a ')} went with {high} {less.removeprefix('the ')}",
        f"higher {what.removeprefix('the ')} was associated with {high} {less.removeprefix('the ')}",
        f"{what} and {less} were {'positively' if up else 'negatively'} correlated",
        f"the higher {what.removeprefix('the ')} was, the {high} {less.removeprefix('the ')} was",
    ))  # fmt: skip
    if said.startswith("more"):
        what = agent
        yield (
            said,
            f"less {agent.removeprefix('the ').removeprefix('a ')} went with {low} {less.removeprefix('the ')}",
            YES,
        )
        yield (
            said,
            f"less {agent.removeprefix('the ').removeprefix('a ')} went with {high} {less.removeprefix('the ')}",
            NO,
        )
    else:
        yield said, f"where {what} was lower, {less} tended to be {low}", YES
        yield said, f"where {what} was higher, {less} tended to be {low}", NO
    yield said, f"{what} {chance.choice(verbs)} {less}", OPEN


def denial(chance: Random) -> Iterator[Triple]:
    """Done, not done, nearly done, only planned."""
    who, base, past, what = chance.choice(DEEDS)
    when = chance.choice(("", "", f" {chance.choice(TIMES)}"))
    did = (f"{who} {past} {what}", f"{who} did {base} {what}", f"{who} {past} {what} after all", f"{who} managed to {base} {what}",
           f"{who} not only debated but {past} {what}")  # fmt: skip
    didnt = (f"{who} did not {base} {what}", f"{who} failed to {base} {what}", f"{who} never {past} {what}", f"at no time did {who} {base} {what}",
             f"{who} was unable to {base} {what}", f"{what} was one that {who} did not {base}", f"it is wrong to say that {who} {past} {what}",
             f"nobody saw that {who} {past} {what}, because it did not happen", f"{who} stopped short of it and did not {base} {what}",
             f"had {who} {past} {what}, things would have turned out otherwise", f"{who} refused to {base} {what}", f"{who} nearly {past} {what} but then did not")  # fmt: skip
    maybe = (f"{who} planned to {base} {what}", f"{who} was asked to {base} {what}", f"{who} was expected to {base} {what}", f"it was unclear whether {who} {past} {what}",
             f"{who} promised to {base} {what}", f"critics asked why {who} had to decide on {what}", f"{who} could {base} {what} only with outside help")  # fmt: skip
    yes, no, open_ = chance.choice(did), chance.choice(didnt), chance.choice(maybe)
    plain, denied = f"{who} {past} {what}", f"{who} did not {base} {what}"
    for quote, claim, label in chance.sample((
        (yes, plain, YES), (yes, denied, NO), (no, denied, YES), (no, plain, NO), (no, plain, NO), (no, denied, YES), (open_, plain, OPEN),
        (open_, denied, OPEN), (yes, chance.choice(didnt[:5]), NO), (no, chance.choice(didnt[:5]), YES),
    ), 4):  # fmt: skip
        yield quote + when, claim + when, label


def amount(chance: Random) -> Iterator[Triple]:
    """All, most, some, few, none, so many of so many."""
    group, did = chance.choice(GROUPS)
    bare = group.removeprefix("the ")
    total = chance.randint(8, 60)
    most = chance.randint(total * 2 // 3, total - 1)
    few = chance.randint(1, max(1, total // 4))
    didnt = f"did not {did}" if not did.startswith(("were", "have", "are")) else did.replace(" ", " not ", 1)
    didnt = (
        didnt.replace("did not recovered", "did not recover")
        .replace("did not voted", "did not vote")
        .replace("did not passed", "did not pass")
    )
    table = (
        (f"all {group} {did}", "all"), (f"every one of {group} {did}", "all"), (f"without exception, {group} {did}", "all"),
        (f"most of {group} {did}", "most"), (f"{most} of the {total} {bare} {did}", "most"), (f"the great majority of {group} {did}, but not all", "most"),
        (f"some of {group} {did}, others not", "some"), (f"only a few of {group} {did}", "few"), (f"just {few} of the {total} {bare} {did}", "few"),
        (f"none of {group} {did}", "none"), (f"not a single one of {group} {did}", "none"),
        (f"not all of {group} {did}", "not all"),
    )  # fmt: skip
    said, kind = chance.choice(table)
    claims = {"all": f"all {group} {did}", "most": f"the majority of {group} {did}", "some": f"at least one of {group} {did}",
              "few": f"only a small share of {group} {did}", "none": f"no {bare} {did}", "not all": f"there were {bare} of which this is not true: that they {did}"}  # fmt: skip
    follows = {
        "all": {"all": YES, "most": YES, "some": YES, "few": NO, "none": NO, "not all": NO},
        "most": {"all": NOT, "most": YES, "some": YES, "few": NO, "none": NO},
        "some": {"all": NO, "most": NOT, "some": YES, "none": NO, "not all": YES},
        "few": {"all": NO, "most": NO, "some": YES, "few": YES, "none": NO, "not all": YES},
        "none": {"all": NO, "most": NO, "some": NO, "none": YES},
        "not all": {"all": NO, "most": OPEN, "none": OPEN, "not all": YES},
    }[kind]
    for other in chance.sample(list(follows), min(3, len(follows))):
        yield said, claims[other], follows[other]


def modality(chance: Random) -> Iterator[Triple]:
    """What may be is not what is."""
    what, base, does = chance.choice(MAY)
    loose = chance.choice((
        f"{what} may {base}", f"{what} might {base}", f"it is possible that {what} could {base}", f"some experts suspect that {what} {does}",
        f"the results hint that {what} could {base}", f"{what} is thought to {base}", f"whether {what} {does} remains to be shown",
        f"the hypothesis that {what} {does} has not been tested yet",
    ))  # fmt: skip
    firm = chance.choice(
        (
            f"{what} {does}",
            f"it has been shown that {what} {does}",
            f"there is no doubt that {what} {does}",
            f"tests proved that {what} {does}",
        )
    )
    yield loose, chance.choice((f"{what} {does}", f"it is proven that {what} {does}", f"{what} always {does}")), OPEN
    yield loose if not loose.startswith(("whether", "the hyp")) else f"{what} may {base}", f"{what} may {base}", YES
    yield firm, f"{what} {does}", YES
    if chance.random() < 0.4:
        yield firm, f"{what} can {base}", YES
    if chance.random() < 0.3:
        yield f"there is no evidence that {what} {does}", f"it has been shown that {what} {does}", NO


def scope(chance: Random) -> Iterator[Triple]:
    """What holds for some is not said of others."""
    at = chance.randrange(len(SCOPES))
    agent, what = chance.choice(AGENTS), chance.choice(MEASURES)
    verb = chance.choice((*RAISES, *LOWERS))
    said = f"{SCOPES[at]}, {agent} {verb} {what}" if chance.random() < 0.5 else f"{agent} {verb} {what} {SCOPES[at]}"
    yield said, f"{agent} {verb} {what} {SCOPES[at]}", YES
    yield said, f"{agent} {verb} {what} {OTHER_SCOPES[at]}", OPEN
    if chance.random() < 0.5:
        yield said, f"{agent} {verb} {what} in every case", NOT
    if chance.random() < 0.3:
        yield f"only {said}", f"{agent} {verb} {what} {OTHER_SCOPES[at]}", NO


def roles(chance: Random) -> Iterator[Triple]:
    """Who did it to whom, and which of two said facts belongs to whom."""
    a, b = _two(chance, NAMES)
    if chance.random() < 0.5:
        active, passive = chance.choice(BETWEEN)
        said = chance.choice((f"{a} {active} {b}", f"{b} {passive} {a}", f"in the end it was {a} who {active} {b}"))
        when = chance.choice(("", f" in {chance.randint(1890, 2020)}"))
        yield said + when, chance.choice((f"{a} {active} {b}", f"{b} {passive} {a}")), YES
        yield said + when, chance.choice((f"{b} {active} {a}", f"{a} {passive} {b}")), NOT
        return
    one, two = _two(chance, FACTS)
    said = chance.choice(
        (f"{a} {one}. {b} {two}", f"{a} {one}, while {b} {two}", f"{b} {two}; {a}, by contrast, {one}")
    )
    yield said, chance.choice((f"{a} {one}", f"{b} {two}", f"{a} {one} and {b} {two}")), YES
    yield (
        said,
        chance.choice(
            (f"{a} {two}", f"{b} {one}", f"{a} {two} and {b} {one}", f"{a} {one} and also {chance.choice(FACTS)}")
        ),
        NOT,
    )


def number(chance: Random) -> Iterator[Triple]:
    """Twice, half, a quarter, from so many to so many, more than so many."""
    what = chance.choice(
        (
            "the number of visitors",
            "membership",
            "the price of a ticket",
            "output",
            "the herd",
            "the backlog",
            "the length of the course",
            "the workforce",
        )
    )
    base = chance.choice((20, 40, 60, 80, 120, 200, 300, 400, 800, 1200))
    kind = chance.randrange(5)
    if kind == 0:
        up = chance.random() < 0.5
        start, end = (base, 2 * base) if up else (2 * base, base)
        said = f"{what} went from {start:,} in {chance.randint(1990, 2004)} to {end:,} in {chance.randint(2005, 2020)}"
        yes, no = ("doubled", "halved") if up else ("halved", "doubled")
        yield said, f"{what} {yes}", YES
        yield said, f"{what} {chance.choice((no, 'tripled', 'stayed the same'))}", NO
    elif kind == 1:
        part, share, other = chance.choice(
            (
                ("a quarter", 25, 50),
                ("half", 50, 20),
                ("three quarters", 75, 25),
                ("a fifth", 20, 40),
                ("a tenth", 10, 30),
                ("one in three", 33, 75),
            )
        )
        said, same = (f"{share} % of those asked agreed", f"{part} of those asked agreed")
        if chance.random() < 0.5:
            said, same = same, said
        yield said, same, YES
        yield said, f"{other} % of those asked agreed", NO
    elif kind == 2:
        limit = base + chance.randint(1, 9)
        said = chance.choice((f"{what} stood at {limit:,}", f"{what} was {limit:,} at the last count"))
        yield said, f"{what} was more than {base:,}", YES
        yield said, f"{what} was less than {base:,}", NO
        yield said, f"{what} was above {limit + base:,}", NO
    elif kind == 3:
        count = chance.randint(0, len(NUMBERS) - 1)
        said, same = f"the jury met {NUMBERS[count]} times", f"there were {count + 2} meetings of the jury"
        yield (said, same, YES) if chance.random() < 0.5 else (same, said, YES)
        yield said, f"there were {count + 2 + chance.choice((-1, 1, 3))} meetings of the jury", NO
    else:
        gone, kept = base // 4, base - base // 4
        said = f"of the {base} applicants, {gone} withdrew"
        yield said, f"{kept} of the {base} applicants did not withdraw", YES
        yield said, f"{kept} of the {base} applicants withdrew", NO


Families = tuple[tuple[Callable[[Random], Iterator[Triple]], float], ...]
"""Functions that make pairs on one theme, and how often each is drawn."""
FAMILIES: Final[Families] = (
    (trend, 1.2), (comparison, 1.5), (adjective, 0.8), (order, 1.3), (cause, 1.0), (effect, 1.5), (denial, 1.6), (amount, 1.0), (modality, 0.8),
    (scope, 0.7), (roles, 1.0), (number, 0.8),
)  # fmt: skip


def compose(
    count: int, chance: Random, context: list[str], drawn: Families = FAMILIES
) -> Iterator[tuple[str, str, str, str]]:
    """``count`` or a few more of (quote, claim, label, family); some quotes stand between sentences of ``context``."""
    made = 0
    families, shares = zip(*drawn, strict=True)
    while made < count:
        family = chance.choices(families, shares)[0]
        for quote, claim, label in family(chance):
            text = ". ".join(_cap(part).removesuffix(".") for part in quote.split(". ")) + "."
            if context and chance.random() < 0.25:
                text = (
                    f"{text} {chance.choice(context)}" if chance.random() < 0.6 else f"{chance.choice(context)} {text}"
                )
            yield text, _cap(claim), label, family.__name__
            made += 1


if __name__ == "__main__":
    for row in compose(60, Random(1), ["The committee met on a Tuesday."]):
        print("{3:12} {2:14} Q: {0}\n{4:27} C: {1}".format(*row, ""))
