"""Training pairs of direction: more or less, sooner or later, from or to, who to whom; said from either side, and turned round.

Each statement stands beside its reverse, which uses the same words. Run as a script, it prints a sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from composed import MEASURES, NO, OPEN, TIMES, YES, Triple
from wordings import either_way, rows, show

# two of a kind, either of which may come first
_KINDS: Final = {
    names: tuple(tuple(pair.split("/")) for pair in listed.split("|"))
    for names, listed in {
        "pq": "women/men|tenants/owners|large firms/small firms|nurses/doctors|cats/dogs|city schools/village schools|smokers/non-smokers|teachers/students|the northern states/the southern states|"
        "older drivers/younger drivers|wolves/foxes|public hospitals/private hospitals|native speakers/learners|farm workers/factory workers|infants/adults|migrants/residents",
        "st": "the old bridge/the new bridge|the first model/the second model|the red barn/the white barn|the tower/the dome|the pilot study/the main study|the left tank/the right tank|the ferry/the bus|"
        "the statue/the fountain|the baseline/the new method|the chapel/the mill|the castle/the abbey|the upper lake/the lower lake|the original/the copy|the tablet/the syrup",
        "cd": "Spain/Portugal|Lyon/Nice|Kenya/Uganda|the coast/the hills|Oslo/Bergen|Chile/Peru|the city/the suburbs|Japan/Korea|Ohio/Iowa|the east/the west|Poland/Latvia|Delhi/Mumbai",
        "vw": "Anna Weber/Luis Ortega|the bank/the brewery|the mayor/the bishop|Holt/Ferreira|the elder sister/the younger sister|the museum/the collector|the union/the ministry|Moreau/Lindgren|the club/the academy|Ito/Banerjee",
        "xy": "stress/illness|noise/sleep loss|poverty/crime|traffic/air pollution|rainfall/erosion|inflation/unemployment|sunlight/mould|grazing/bare soil|trust/trade|heat/fatigue|iron/rust|overfishing/jellyfish blooms",
    }.items()
}
_TURNED: Final = rows("""
{p} earn more than {q}; {q} earn less than {p}; {q} are paid worse than {p}; {p} have higher pay than {q} / {p} earn less than {q}; {q} earn more than {p}; {q} are paid better than {p}; {q} have higher pay than {p}
{p} live longer than {q}; {q} die earlier than {p}; the lives of {q} are shorter than those of {p} / {p} die earlier than {q}; {q} live longer than {p}; the lives of {p} are shorter than those of {q}
{s} is heavier than {t}; {t} weighs less than {s}; {t} is lighter than {s}; of the two, {s} weighs more / {t} is heavier than {s}; {s} weighs less than {t}; {s} is lighter than {t}; of the two, {t} weighs more
{s} was there before {t}; {t} came after {s}; {s} is older than {t}; {t} is younger than {s}; when {t} was made, {s} was already there / {t} was there before {s}; {s} came after {t}; {t} is older than {s}; {s} is younger than {t}; when {s} was made, {t} was already there
{s} costs twice as much as {t}; {t} costs half as much as {s}; {t} is the cheaper of the two; {s} is dearer than {t} / {t} costs twice as much as {s}; {s} costs half as much as {t}; {s} is the cheaper of the two; {t} is dearer than {s}
{s} outperformed {t}; {t} did worse than {s}; {s} came out ahead of {t}; {t} fell behind {s} / {t} outperformed {s}; {s} did worse than {t}; {t} came out ahead of {s}; {s} fell behind {t}
{s} is safer than {t}; {t} is more dangerous than {s}; the risk is greater with {t} than with {s} / {t} is safer than {s}; {s} is more dangerous than {t}; the risk is greater with {s} than with {t}
{p} are more often affected than {q}; {q} are affected less often than {p}; fewer {q} than {p} are affected / {q} are more often affected than {p}; {p} are affected less often than {q}; fewer {p} than {q} are affected
{p} outnumber {q}; there are more {p} than {q}; there are fewer {q} than {p} / {q} outnumber {p}; there are more {q} than {p}; there are fewer {p} than {q}
{s} lies north of {t}; {t} lies south of {s}; one goes south from {s} to {t} / {t} lies north of {s}; {s} lies south of {t}; one goes south from {t} to {s}
{s} stands above {t}; {t} lies below {s}; {s} is higher up than {t} / {t} stands above {s}; {s} lies below {t}; {t} is higher up than {s}
{s} was modelled on {t}; {t} was the model for {s}; {s} imitates {t} / {t} was modelled on {s}; {s} was the model for {t}; {t} imitates {s}
{p} depend on {q}; {q} are needed by {p}; without {q}, {p} could not go on / {q} depend on {p}; {p} are needed by {q}; without {p}, {q} could not go on
{c} sells grain to {d}; {d} buys grain from {c}; {d} imports grain from {c}; grain goes from {c} to {d} / {d} sells grain to {c}; {c} buys grain from {d}; {c} imports grain from {d}; grain goes from {d} to {c}
it is warmer in {c} than in {d}; {d} is colder than {c}; temperatures are lower in {d} than in {c} / it is warmer in {d} than in {c}; {c} is colder than {d}; temperatures are lower in {c} than in {d}
{v} lent the money to {w}; {w} borrowed the money from {v}; {w} owes {v} the money / {w} lent the money to {v}; {v} borrowed the money from {w}; {v} owes {w} the money
{v} taught {w}; {w} was taught by {v}; {w} was a pupil of {v}; {w} learnt from {v} / {w} taught {v}; {v} was taught by {w}; {v} was a pupil of {w}; {v} learnt from {w}
{v} beat {w} in the final; {w} lost the final to {v}; {v} won the final against {w} / {w} beat {v} in the final; {v} lost the final to {w}; {w} won the final against {v}
{v} bought the house from {w}; {w} sold the house to {v}; the house passed from {w} to {v} / {w} bought the house from {v}; {v} sold the house to {w}; the house passed from {v} to {w}
{v} succeeded {w}; {w} was followed by {v}; {w} was the predecessor of {v}; {v} took over from {w} / {w} succeeded {v}; {v} was followed by {w}; {v} was the predecessor of {w}; {w} took over from {v}
{v} sued {w}; {w} was sued by {v}; {w} had to answer to {v} in court / {w} sued {v}; {v} was sued by {w}; {v} had to answer to {w} in court
{v} works for {w}; {w} employs {v}; {v} is in the pay of {w} / {w} works for {v}; {v} employs {w}; {w} is in the pay of {v}
{v} arrived earlier than {w}; {w} came later than {v}; {v} was there before {w}; {w} arrived after {v} / {w} arrived earlier than {v}; {v} came later than {w}; {w} was there before {v}; {v} arrived after {w}
{x} causes {y}; {y} is caused by {x}; {x} leads to {y}; {y} is a result of {x} / {y} causes {x}; {x} is caused by {y}; {y} leads to {x}; {x} is a result of {y}
the more {x} there is, the less {y}; {y} falls as {x} rises; {x} and {y} move in opposite directions; less {x} goes with more {y} / the more {x} there is, the more {y}; {y} rises with {x}; {x} and {y} move in the same direction; less {x} goes with less {y}
{x} makes {y} worse; {y} gets worse with {x}; without {x}, there is less {y} / {x} reduces {y}; {y} is eased by {x}; without {x}, there is more {y}
{m} rose {time}; {m} went up {time}; there was an increase in {m} {time}; {m} was on the rise {time} / {m} fell {time}; {m} went down {time}; there was a decrease in {m} {time}; {m} was on the decline {time}
the rise in {m} sped up {time}; {m} rose faster than before {time}; the growth of {m} accelerated {time} / the rise in {m} slowed {time}; {m} rose more slowly than before {time}; the growth of {m} lost speed {time}
the fall in {m} slowed {time}; {m} fell more slowly than before {time}; {m} kept falling, but at a lower pace, {time} / the fall in {m} sped up {time}; {m} fell faster than before {time}; {m} kept falling, and at a higher pace, {time}
{m} reached a new high {time}; {m} was never higher than {time}; {m} hit a record {time} / {m} reached a new low {time}; {m} was never lower than {time}; {m} hit its lowest point {time}
{m} was above the average {time}; {m} exceeded the usual level {time}; {m} was higher than usual {time} / {m} was below the average {time}; {m} fell short of the usual level {time}; {m} was lower than usual {time}
{m} doubled {time}; {m} became twice what it was {time}; {m} had been half as high before {time} / {m} halved {time}; {m} became half of what it was {time}; {m} had been twice as high before {time}
{m} recovered {time}; {m} returned to its old level after the slump {time}; {m} picked up again {time} / {m} slumped {time}; {m} collapsed {time}; {m} lost what it had gained {time}
the gap between {p} and {q} widened {time}; the difference between {p} and {q} grew {time}; {p} and {q} drifted apart {time} / the gap between {p} and {q} narrowed {time}; the difference between {p} and {q} shrank {time}; {p} and {q} came closer to each other {time}
the limit was raised; the limit is higher than before; more is allowed than before / the limit was lowered; the limit is lower than before; less is allowed than before
the rules were tightened; the rules are stricter now; less is permitted under the new rules / the rules were relaxed; the rules are looser now; more is permitted under the new rules
supply exceeded demand; there was more on offer than was asked for; demand fell short of supply; there was a glut / demand exceeded supply; there was less on offer than was asked for; supply fell short of demand; there was a shortage
exports exceeded imports; imports were smaller than exports; more was sold abroad than was bought there / imports exceeded exports; exports were smaller than imports; less was sold abroad than was bought there
the peso rose against the euro; the euro lost against the peso; one gets more euros for a peso than before / the peso lost against the euro; the euro rose against the peso; one gets fewer euros for a peso than before
the work took longer than planned; more time was needed than was planned; the work overran / the work took less time than planned; less time was needed than was planned; the work was done ahead of time
blocking the gate raised the signal; the signal was stronger with the gate blocked; the open gate holds the signal down / blocking the gate lowered the signal; the signal was weaker with the gate blocked; the open gate keeps the signal up
the tax was shifted from labour to energy; labour is taxed less and energy more; the burden on labour fell and that on energy rose / the tax was shifted from energy to labour; energy is taxed less and labour more; the burden on energy fell and that on labour rose
opening hours were extended; the shop is open longer than before; the shop closes later now / opening hours were cut; the shop is open for less time than before; the shop closes earlier now
the forest is growing; the area under trees gets larger; trees are coming back / the forest is shrinking; the area under trees gets smaller; trees are disappearing
the sea advances; the land is losing ground to the sea; the shore moves inland / the sea retreats; the land is gaining ground from the sea; the shore moves outwards
the query got faster; the query takes less time now; one waits less for the query / the query got slower; the query takes more time now; one waits longer for the query
fewer people came than in the year before; attendance was down on the year before; more people had come the year before / more people came than in the year before; attendance was up on the year before; fewer people had come the year before
the debt was reduced; less is owed than before; the debt is smaller now / the debt mounted; more is owed than before; the debt is larger now
the patients got better; the patients improved; fewer symptoms were left / the patients got worse; the patients deteriorated; the symptoms increased
a majority agreed; more than half agreed; fewer than half disagreed / a minority agreed; fewer than half agreed; more than half did not agree
the chair was tilted to the left; the chair leant leftwards / the chair was tilted to the right; the chair leant rightwards
the convoy went upstream; the convoy sailed against the current; the convoy moved away from the sea / the convoy went downstream; the convoy sailed with the current; the convoy moved towards the sea
""")
_AFTER: Final = ("", "", ". the report gives no reason", ". nobody had expected it", ". this was found by comparing the yearly tables", ". other things did not change")  # fmt: skip


def _drawn(chance: Random) -> dict[str, str]:
    out = {"m": chance.choice(MEASURES), "time": chance.choice(TIMES)}
    for names, listed in _KINDS.items():
        pair = list(chance.choice(listed))
        chance.shuffle(pair)
        out.update(zip(names, pair, strict=True))
    return out


def turned(chance: Random) -> Iterator[Triple]:
    """A direction and its reverse, each in several wordings."""
    slots = _drawn(chance)
    one, two = ([said.format(**slots) for said in side] for side in chance.choice(_TURNED))
    yield from either_way(one, two, chance, _AFTER)
    if chance.random() < 0.3:
        other_row = chance.choice(_TURNED)
        said = chance.choice(chance.choice(other_row)).format(**slots)
        if said not in one + two:
            yield chance.choice(one), said, OPEN


def compared(chance: Random) -> Iterator[Triple]:
    """Two figures: which is the higher, and which way it went."""
    m = chance.choice(MEASURES)
    low = chance.choice((chance.randint(2, 60), chance.randint(100, 4000)))
    high = low + max(1, round(low * chance.choice((0.06, 0.2, 0.5, 1.4))))
    unit = chance.choice(("", "", " percent", " %", " points"))
    x, y = (f"{value:,}{unit}" for value in (low, high))
    if chance.random() < 0.5:
        c, d = chance.choice(_KINDS["cd"])
        if chance.random() < 0.5:
            c, d = d, c
        said = chance.choice((
            f"{m} was {x} in {c} and {y} in {d}", f"{m} stood at {y} in {d}, compared with {x} in {c}", f"in {c}, {m} came to {x}; in {d} it was {y}", f"at {x}, {m} in {c} differed from that in {d}, which was {y}",
            f"{m} was {y} in {d} but only {x} in {c}",
        ))  # fmt: skip
        yes = (f"{m} was higher in {d} than in {c}", f"{m} was lower in {c} than in {d}", f"{d} had the higher figure for {m}", f"{m} in {c} was below that in {d}", f"{c} was behind {d} in {m}")  # fmt: skip
        no = (f"{m} was higher in {c} than in {d}", f"{m} was lower in {d} than in {c}", f"{c} had the higher figure for {m}", f"{m} in {d} was below that in {c}", f"{d} was behind {c} in {m}", f"{m} was the same in {c} and {d}")  # fmt: skip
        yield said, chance.choice(yes), YES
        yield said, chance.choice(no), NO
        return
    up = chance.random() < 0.5
    before, after = (x, y) if up else (y, x)
    a = chance.randint(1960, 2015)
    b = a + chance.randint(1, 8)
    said = chance.choice((
        f"{m} was {before} in {a} and {after} in {b}", f"{m} stood at {after} in {b}, against {before} in {a}", f"{m} went from {before} to {after} between {a} and {b}", f"in {b}, {m} was {after}; in {a} it had been {before}",
        f"{m} was {after} in {b}, {'up' if up else 'down'} from {before} in {a}",
    ))  # fmt: skip
    rose = (f"{m} rose between {a} and {b}", f"{m} was higher in {b} than in {a}", f"{m} was lower in {a} than in {b}", f"{m} increased", f"{m} went up from {a} to {b}")  # fmt: skip
    fell = (f"{m} fell between {a} and {b}", f"{m} was lower in {b} than in {a}", f"{m} was higher in {a} than in {b}", f"{m} decreased", f"{m} went down from {a} to {b}")  # fmt: skip
    yes, no = (rose, fell) if up else (fell, rose)
    yield said, chance.choice(yes), YES
    yield said, chance.choice((*no, f"{m} did not change")), NO


FAMILIES: Final = ((turned, 1.0), (compared, 0.5))

if __name__ == "__main__":
    show(FAMILIES, 8)
