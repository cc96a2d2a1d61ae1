"""Training pairs on how sure a statement is: shown, likely, possible, assumed, said by somebody, planned, or a duty.

A claim that drops the 'may' of its quote shares all other words with it. Run as a script, it prints a sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from composed import NO, NOT, OPEN, YES, Triple
from wordings import show

# subject / base form / present / past
_THEMES: Final = tuple(
    tuple(row.split("/"))
    for row in (
        "the loss of wetlands/drive the decline of the frogs/drives the decline of the frogs/drove the decline of the frogs|the fungus/kill the ash trees/kills the ash trees/killed the ash trees|"
        "the fault/cause the blackouts/causes the blackouts/caused the blackouts|the new coating/double the life of the battery/doubles the life of the battery/doubled the life of the battery|"
        "the merger/reduce competition/reduces competition/reduced competition|pruning/make the model less fair/makes the model less fair/made the model less fair|"
        "the spice/lower blood sugar/lowers blood sugar/lowered blood sugar|the tutoring/improve spelling/improves spelling/improved spelling|the virus/damage the heart/damages the heart/damaged the heart|"
        "the tariff/raise the price of rice/raises the price of rice/raised the price of rice|the storm/reach the coast/reaches the coast/reached the coast|the contractor/miss the deadline/misses the deadline/missed the deadline|"
        "the bank/cut its forecast/cuts its forecast/cut its forecast|the supplier/leave the market/leaves the market/left the market|the committee/publish the draft/publishes the draft/published the draft|"
        "the glacier/feed the spring/feeds the spring/fed the spring|the monks/copy the chronicle/copy the chronicle/copied the chronicle|the defendant/destroy the files/destroys the files/destroyed the files|"
        "the seal/fail at low pressure/fails at low pressure/failed at low pressure|dust/start the fire/starts the fire/started the fire|the curfew/keep crime down/keeps crime down/kept crime down|"
        "the filter/remove duplicates/removes duplicates/removed duplicates|the bees/avoid the treated fields/avoid the treated fields/avoided the treated fields|the vaccine/protect newborns/protects newborns/protected newborns|"
        "larger batches/harm accuracy/harm accuracy/harmed accuracy|the comet/break up near the sun/breaks up near the sun/broke up near the sun|the captain/sit out the season/sits out the season/sat out the season|"
        "the dam/alter the flow of the river/alters the flow of the river/altered the flow of the river|annotators/overlook rare errors/overlook rare errors/overlooked rare errors"
    ).split("|")
)
_SAYS: Final = "the manufacturer|the opposition|the plaintiff|a former employee|the minister|one reviewer|the tour operator|the union|the company".split("|")  # fmt: skip
_THEY: Final = "the authors|the investigators|the engineers|the forecasters|the analysts|the team|the committee".split("|")  # fmt: skip


def certainty(chance: Random) -> Iterator[Triple]:
    """Shown, likely, possible, assumed or said: each supports what is no surer than itself.

    What 'results suggest' or 'appears' is left out: people take it for support (SciFact), the strict reader does not.
    """
    what, base, does, did = chance.choice(_THEMES)
    past = chance.random() < 0.5
    fact = f"{what} {did if past else does}"
    might = f"{what} {chance.choice(('may', 'might', 'could'))} {f'have {_participle(did)}' if past and _participle(did) else base}"  # fmt: skip
    they, says = chance.choice(_THEY), chance.choice(_SAYS)
    told = {
        "shown": (f"it has been established that {fact}", f"{they} proved that {fact}", f"there is no doubt that {fact}", f"{fact}, as tests have shown", f"{they} confirmed that {fact}",
                  f"it had been doubted that {fact}, but {they} have now demonstrated it", f"{fact}", f"what was once only suspected is now certain: {fact}"),
        "likely": (f"{they} think it likely that {fact}", f"in all likelihood, {fact}", f"{fact}, most probably", f"the chances are high that {fact}"),
        "possible": (might, f"{they} do not exclude that {fact}", f"it is possible that {fact}", f"{fact}, perhaps", f"{they} suggest that {might}", f"one explanation is that {fact}"),
        "assumed": (f"{they} hypothesise that {fact}", f"{they} suspect that {fact}", f"{they} believe that {fact}, but have no proof", f"it is assumed that {fact}", f"our working hypothesis is that {fact}",
                    f"whether {fact} has yet to be tested", f"{they} ask whether {fact}"),
        "said": (f"according to {says}, {fact}", f"{says} claims that {fact}", f"{fact}, {says} said", f"{what} allegedly {did if past else does}", f"in the view of {says}, {fact}"),
        "denied": (f"it is out of the question that {fact}", f"{they} ruled out that {fact}", f"there is no way that {fact}", f"{they} disproved the suspicion that {fact}"),
    }  # fmt: skip
    kind = chance.choice(("shown", "shown", "shown", "denied", "likely", "possible", "assumed", "assumed", "said"))
    said = chance.choice(told[kind])
    if chance.random() < 0.3:
        said = f"{said}. {chance.choice(('More is not known', 'The results are to appear next year', 'Two other points were left aside', 'A second study is under way'))}"  # fmt: skip
    firm = (fact, f"it has been shown that {fact}", f"it is a fact that {fact}", f"it is certain that {fact}")
    weak = (f"it is possible that {fact}", f"{might}")
    unsure = (f"it is not certain whether {fact}", f"that {fact} has not been proved", f"probably, {fact}", f"it is possible that {fact}")  # fmt: skip
    if kind == "denied":
        yield said, chance.choice((*weak, f"probably, {fact}", f"{they} consider it possible that {fact}")), NO
        yield said, chance.choice((f"it is certain that it is not so that {fact}", f"{they} are sure that it is not so that {fact}" if they in said else f"it is not so that {fact}")), YES  # fmt: skip
        return
    if kind == "shown":
        yield said, chance.choice((fact, fact, *firm)), YES
        if chance.random() < 0.5:
            yield said, chance.choice(unsure[:2]), NO
        yield said, chance.choice((f"it is only suspected that {fact}", f"whether {fact} is still unknown", f"it is doubtful whether {fact}", f"that {fact} is no more than a conjecture")), NO  # fmt: skip
        return
    yield said, fact, OPEN
    yield said, chance.choice(firm[1:]), NOT
    if kind == "likely":
        yield (
            said,
            chance.choice((f"probably, {fact}", f"it is likely that {fact}", f"it is to be expected that {fact}")),
            YES,
        )
    elif kind == "possible":
        yield said, chance.choice((*weak, f"{they} consider it possible that {fact}" if they in said else weak[0])), YES
        yield said, f"it is out of the question that {fact}", NO
    elif kind == "assumed":
        yield said, chance.choice((f"it is not certain whether {fact}", f"that {fact} has not been proved")), YES
    elif says in said:
        yield said, chance.choice((f"{says} holds that {fact}", f"it is the opinion of {says} that {fact}")), YES


def _participle(past: str) -> str:
    """The participle of a past form that ends in -ed or is the same; nothing where it is another word."""
    first = past.split(" ", maxsplit=1)[0]
    return past if first.endswith("ed") or first in {"cut", "left", "made", "kept", "fed", "sat"} else ""


# people / base / past / passive
_DUTIES: Final = tuple(
    tuple(row.split("/"))
    for row in (
        "members/pay the fee by March/paid the fee by March/paying the fee by March|visitors/wear a badge/wore a badge/wearing a badge|users/restart the server/restarted the server/restarting the server|"
        "applicants/send a photograph/sent a photograph/sending a photograph|the tenant/clean the stairs/cleaned the stairs/cleaning the stairs|drivers/carry a first-aid kit/carried a first-aid kit/carrying a first-aid kit|"
        "the seller/disclose defects/disclosed defects/disclosing defects|pupils/learn a second language/learned a second language/learning a second language|reviewers/declare their interests/declared their interests/declaring their interests|"
        "nurses/log each dose/logged each dose/logging each dose|developers/sign each commit/signed each commit/signing each commit|growers/keep a spray diary/kept a spray diary/keeping a spray diary"
    ).split("|")
)


def duty(chance: Random) -> Iterator[Triple]:
    """Must, should, may; and whether it was done."""
    who, base, past, doing = chance.choice(_DUTIES)
    kind = chance.choice(("must", "should", "may", "plan"))
    must = (f"{who} must {base}", f"{who} shall {base}", f"{doing} is required of {who}", f"it is mandatory for {who} to {base}", f"{who} are obliged to {base}" if who.endswith("s") else f"{who} has to {base}")  # fmt: skip
    should = (f"{who} should {base}, although there is no obligation", f"{who} are advised to {base}" if who.endswith("s") else f"{who} is advised to {base}", f"it is recommended, not required, that {who} {base}")  # fmt: skip
    may = (f"{who} may {base} if they wish", f"it is up to {who} whether to {base}", f"{doing} is optional for {who}")
    plan = (f"{who} intend to {base} next year" if who.endswith("s") else f"{who} intends to {base} next year", f"{who} promised to {base}", f"it is planned that {who} will {base}")  # fmt: skip
    bound = (f"{doing} is compulsory for {who}", f"{who} must {base}", f"{who} cannot choose not to {base}")
    advised = (f"{doing} is advisable for {who} but not compulsory", f"it is recommended that {who} {base}")
    free = (f"{who} can choose whether to {base}", f"{doing} is voluntary for {who}")
    said = chance.choice({"must": must, "should": should, "may": may, "plan": plan}[kind])
    if kind == "must":
        yield said, chance.choice(bound), YES
        yield said, chance.choice((*free, f"{doing} is merely recommended to {who}")), NO
    elif kind == "should":
        yield said, advised[1] if "advised" in said and "no " not in said else chance.choice(advised), YES
        if "advised" not in said:
            yield said, chance.choice(bound), NO
    elif kind == "may":
        yield said, chance.choice(free), YES
        yield said, chance.choice(bound), NO
    else:
        yield said, f"it was announced that {who} would {base}", YES
    yield said, f"{who} {past}", OPEN


FAMILIES: Final = ((certainty, 3.0), (duty, 1.0))

if __name__ == "__main__":
    show(FAMILIES, 12)
