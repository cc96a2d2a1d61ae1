"""Training pairs of plain statements: affirmed and denied, in the words of the quote and in others; figures and what they count.

Every statement stands as quote and as claim, affirmed and denied, so that neither a 'not' nor its absence tells the label. Run as a
script, it prints a sample.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Final

from composed import (
    AGENTS,
    DEEDS,
    DOWN,
    LOWERS,
    MEASURES,
    NO,
    NOT,
    OPEN,
    RAISES,
    TIMES,
    UP,
    YES,
    Triple,
)
from wordings import either_way, rows, show

_SLOTS: Final = {
    slot: values.split("|")
    for slot, values in {
        "who": "the publisher|the council|the tenant|the airline|the hospital|the captain|the museum|the lab|the driver|the author|the union|the mayor|the bank|"
        "the farmer|the operator|the foundation|the coach|the ministry|the start-up|the archive|the nurse|the orchestra|Mrs Lindqvist|Dr Okafor|the Tanaka group",
        "group": "farmers|volunteers|small firms|students|visitors|pensioners|start-ups|foreign banks|clinics|freelancers|members|night workers|private schools|shipping lines",
        "place": "Riga|the valley|Ghana|the old town|the northern district|Oaxaca|the harbour|Uppsala|the reserve|the upper floor|Tasmania|the delta",
        "thing": "the sensor|the bridge|the painting|the archive|the engine|the manuscript|the vaccine|the server|the satellite|the turbine|the well|the parser|the statue|the film",
        "time": "in March|last year|in 2016|on Friday|in the spring|after the war|in the second season|before the vote|during the audit",
    }.items()
}
_OPPOSITES: Final = """
the ban covers {group}; {group} fall under the ban; {group} are subject to the ban; the ban extends to {group} / the ban does not cover {group}; {group} are exempt from the ban; {group} are not affected by the ban; {group} are outside the scope of the ban
{who} won the case {time}; {who} was successful in court {time}; the court found for {who} {time}; the ruling {time} went in favour of {who} / {who} lost the case {time}; {who} was defeated in court {time}; the court found against {who} {time}; the ruling {time} went against {who}
{thing} was found {time}; {thing} came to light {time}; {thing} was discovered {time} / {thing} was still missing {time}; {thing} was not found {time}; no trace of {thing} was seen {time}
{thing} works; {thing} is in working order; {thing} functions as it should / {thing} is out of order; {thing} does not work; {thing} has broken down; {thing} is broken
{who} kept the promise; {who} did what had been promised; {who} stood by the promise / {who} broke the promise; {who} did not keep the promise; {who} went back on the promise
{who} agreed to the terms {time}; {who} accepted the terms {time}; {who} said yes to the terms {time} / {who} turned the terms down {time}; {who} did not accept the terms {time}; {who} rejected the terms {time}; {who} refused the terms {time}
{group} in {place} are allowed to vote; {group} in {place} have the right to vote; {group} in {place} may vote / {group} in {place} are barred from voting; {group} in {place} may not vote; {group} in {place} are denied the vote; {group} in {place} cannot vote
{who} remembered the password; {who} still knew the password / {who} had forgotten the password; {who} did not remember the password; {who} no longer knew the password
{thing} survived the fire; {thing} came through the fire unharmed; {thing} was spared by the fire / {thing} was destroyed in the fire; {thing} did not survive the fire; {thing} was lost to the fire; the fire consumed {thing}
the two versions are identical; the two versions do not differ; there is no difference between the two versions; both versions are the same / the two versions differ; the two versions are not the same; there are differences between the two versions; the versions are not identical
{who} was present {time}; {who} was there {time}; {who} attended {time} / {who} was absent {time}; {who} was not there {time}; {who} stayed away {time}; {who} did not attend {time}
{who} told the truth {time}; what {who} said {time} was true; {who} was honest {time} / {who} lied {time}; {who} did not tell the truth {time}; what {who} said {time} was false
the road to {place} is open; one can drive to {place}; the road to {place} can be used / the road to {place} is closed; the road to {place} is blocked; the road to {place} cannot be used; the road to {place} is not passable
{who} is still alive; {who} is living; {who} has not died / {who} is dead; {who} has died; {who} is no longer alive; {who} passed away
the shop in {place} is still in business; the shop in {place} still exists; the shop in {place} has not closed / the shop in {place} has gone out of business; the shop in {place} no longer exists; the shop in {place} has shut for good; the shop in {place} closed down
{who} passed the inspection {time}; {who} got through the inspection {time}; the inspection {time} cleared {who} / {who} failed the inspection {time}; {who} did not pass the inspection {time}; {who} fell short at the inspection {time}
{group} agree with the plan; {group} support the plan; {group} are in favour of the plan; {group} back the plan / {group} oppose the plan; {group} are against the plan; {group} do not support the plan; {group} disagree with the plan
entry to {place} is free; no fee is charged for entry to {place}; one need not pay to enter {place}; entry to {place} costs nothing / one has to pay to enter {place}; entry to {place} is not free; a fee is charged for entry to {place}; there is a charge for entry to {place}
{who} knew about the leak; {who} was aware of the leak; {who} had been told of the leak / {who} did not know about the leak; {who} was unaware of the leak; nobody had told {who} about the leak; {who} was in the dark about the leak
the samples from {place} are contaminated; the samples from {place} contain impurities; the samples from {place} are not clean / the samples from {place} are clean; the samples from {place} are free of impurities; no impurities are present in the samples from {place}; the samples from {place} are not contaminated
{who} paid the bill {time}; {who} settled the bill {time}; the bill was paid by {who} {time} / {who} left the bill unpaid {time}; {who} did not pay the bill {time}; the bill was not settled by {who} {time}; {who} failed to pay the bill {time}
{thing} is made of wood only; {thing} consists entirely of wood; there is nothing but wood in {thing} / {thing} contains parts that are not of wood; {thing} is not made of wood alone; {thing} consists only in part of wood
{who} has enough money; {who} does not lack money; {who} is not short of money / {who} lacks money; {who} does not have enough money; {who} is short of money; {who} has too little money
the tests are still going on; the tests have not been completed; the tests are not finished; the tests are under way / the tests are over; the tests have been completed; the tests have come to an end; the tests are finished
the delivery arrived on time; the delivery came when it was due; the delivery was punctual; there was no delay in the delivery / the delivery was late; the delivery did not come on time; the delivery was delayed; the delivery arrived after it was due
{who} let {group} in; {who} admitted {group}; {who} gave {group} access; {group} were let in by {who} / {who} kept {group} out; {who} did not admit {group}; {who} shut {group} out; {who} turned {group} away
the disease can be cured; there is a cure for the disease; the disease is curable / the disease is incurable; there is no cure for the disease; the disease cannot be cured; no treatment cures the disease
{who} stayed in {place} {time}; {who} did not leave {place} {time}; {who} remained in {place} {time} / {who} left {place} {time}; {who} did not stay in {place} {time}; {who} moved away from {place} {time}; {who} departed from {place} {time}
the figures add up; the figures are consistent; there is no inconsistency in the figures / the figures do not add up; the figures are inconsistent; there are inconsistencies in the figures; the figures contradict one another
the film was a success; the film did well; the film was successful / the film was a failure; the film did badly; the film was a flop; the film was not a success
the lake in {place} is dry; there is no water in the lake in {place}; the lake in {place} has run dry / there is water in the lake in {place}; the lake in {place} is not dry; the lake in {place} holds water
{group} learnt of the change in advance; {group} were told of the change beforehand; {group} had notice of the change / {group} learnt of the change only afterwards; {group} were not told of the change beforehand; {group} had no notice of the change
the source of {thing} is known; we know where {thing} comes from; the origin of {thing} has been established / the source of {thing} is unknown; nobody knows where {thing} comes from; the origin of {thing} is not known; the origin of {thing} remains unclear
the error is still there; the error persists; the error has not been corrected; the error remains / the error is gone; the error has been removed; the error has been corrected; the error no longer occurs
the two groups got on well; relations between the two groups were good; the two groups were on good terms / the two groups did not get on; relations between the two groups were bad; the two groups were on bad terms; the two groups were at odds
{who} gave a reason {time}; {who} explained why {time}; {who} stated the reason {time} / {who} gave no reason {time}; {who} did not say why {time}; {who} left the reason open {time}; {who} offered no explanation {time}
{thing} is visible from {place}; one can see {thing} from {place}; {thing} can be seen from {place} / {thing} is hidden from {place}; one cannot see {thing} from {place}; {thing} is out of sight from {place}; {thing} is not visible from {place}
{who} was guilty; the guilt of {who} was proven; {who} was convicted / {who} was innocent; {who} was acquitted; {who} was not guilty; {who} was cleared of the charge
there is room for {group}; {group} can be accommodated; there are places left for {group} / there is no room for {group}; {group} cannot be accommodated; there are no places left for {group}; all places for {group} are taken
{who} was the first to do so; nobody had done so before {who}; {who} did so before anyone else / {who} was not the first to do so; others had done so before {who}; {who} was preceded by others
the medicine is sold only on prescription; one needs a prescription for the medicine; without a prescription the medicine is not sold / the medicine is sold over the counter; no prescription is needed for the medicine; one can buy the medicine without a prescription
{thing} is older than the town; the town is younger than {thing}; {thing} was there before the town / {thing} is younger than the town; the town is older than {thing}; the town was there before {thing}; {thing} is not as old as the town
the method is reliable; one can rely on the method; the method gives dependable results / the method is unreliable; one cannot rely on the method; the method gives results that cannot be trusted; the method is not dependable
{who} is independent of the state; {who} is not run by the state; {who} is free of state control / {who} is run by the state; {who} is under state control; {who} is not independent of the state; the state controls {who}
{group} are paid for the work; the work of {group} is paid; {group} get money for the work / {group} work without pay; {group} are not paid for the work; {group} receive nothing for the work; the work of {group} is unpaid
the results could be repeated; the results were replicated; repeating the study gave the same results; the results held up / the results could not be repeated; attempts to repeat the results failed; the results were not replicated; repeating the study gave other results
the vote was unanimous; nobody voted against; all voted in favour; there were no votes against / the vote was split; some voted against; not all voted in favour; there were votes against; the vote was not unanimous
the species is native to {place}; the species has always lived in {place}; the species belongs to the fauna of {place} / the species was brought to {place} from elsewhere; the species is not native to {place}; the species is foreign to {place}; the species was introduced to {place} by people
{who} runs at a profit; {who} makes money; {who} is profitable / {who} runs at a loss; {who} loses money; {who} is not profitable; {who} makes a loss
the software is open source; the source code is public; anyone may read the source code / the software is proprietary; the source code is secret; the source code is not public; nobody outside may read the source code
the battery is full; the battery is fully charged; the battery needs no charging / the battery is empty; the battery is flat; the battery has to be charged; there is no charge left in the battery
the dispute has been settled; an agreement ended the dispute; the two sides came to terms / the dispute goes on; the dispute is unresolved; the two sides did not come to terms; no agreement has been reached
{who} published under her own name; {who} put her real name on the book; the name on the book was her own / {who} published under a false name; {who} used a pen name; the name on the book was not her own; {who} hid her real name
the ice is thick enough to walk on; the ice bears a person; one can walk on the ice / the ice is too thin to walk on; the ice does not bear a person; one cannot walk on the ice; a person would break through the ice
the questionnaire was anonymous; names were not recorded; the answers cannot be traced to a person / names were recorded; the questionnaire was not anonymous; the answers can be traced to a person; those who answered gave their names
the two events are connected; one event is linked with the other; the two events have to do with each other / the two events are unconnected; the events have nothing to do with each other; there is no link between the two events; the two events are not related
patients did not know which treatment they got; the patients were blinded; the treatment was kept secret from the patients / the patients knew which treatment they got; the patients were not blinded; the patients had been told which treatment they got
the collection is complete; nothing is missing from the collection; the collection has no gaps / the collection is incomplete; items are missing from the collection; there are gaps in the collection; the collection is not complete
the number is odd; the number cannot be divided by two; the number is not even / the number is even; the number can be divided by two; the number is not odd
the station is staffed at night; someone is on duty at the station at night; there are people at work in the station at night / the station is unstaffed at night; nobody is on duty at the station at night; there is no one at work in the station at night
{group} benefited from the reform; the reform was good for {group}; {group} were better off after the reform; the reform helped {group} / {group} suffered from the reform; the reform was bad for {group}; {group} were worse off after the reform; the reform hurt {group}
{who} opened the session {time}; the session {time} was opened by {who}; it was {who} who opened the session {time} / {who} closed the session {time}; the session {time} was closed by {who}; it was {who} who ended the session {time}
{who} bought {thing} {time}; {thing} was bought by {who} {time}; {thing} came into the possession of {who} {time}; {who} acquired {thing} {time} / {who} sold {thing} {time}; {thing} was sold by {who} {time}; {who} parted with {thing} {time}; {who} disposed of {thing} {time}
prices were the same in both towns; prices did not differ between the towns; neither town was cheaper / prices differed between the towns; one town was cheaper than the other; prices were not the same in both towns
the gene is active in the liver; the gene is switched on in the liver; the liver expresses the gene / the gene is silent in the liver; the gene is switched off in the liver; the liver does not express the gene; the gene is not active in the liver
smoking is permitted in {place}; one may smoke in {place}; smoking is allowed in {place} / smoking is prohibited in {place}; one must not smoke in {place}; {place} is smoke-free; smoking is not allowed in {place}
the letter was handwritten; the letter was written by hand; a pen was used for the letter / the letter was typed; the letter was not written by hand; the letter was written on a machine
the wall is strong enough; the wall can bear the load; the wall withstands the load / the wall is too weak; the wall cannot bear the load; the wall gives way under the load; the wall is not strong enough
{group} are in the majority in {place}; most people in {place} are {group}; {group} outnumber all others in {place} / {group} are a minority in {place}; most people in {place} are not {group}; {group} are outnumbered by others in {place}
doubts about {thing} remain; it is not certain that {thing} is genuine; whether {thing} is genuine is in doubt / there is no doubt that {thing} is genuine; {thing} is certainly genuine; nobody doubts that {thing} is genuine; {thing} is genuine beyond doubt
{who} will stand again; {who} seeks another term; {who} is running for re-election / {who} will not stand again; {who} does not seek another term; {who} is stepping down; {who} has ruled out another term
the trial was stopped early; the trial ended before its time; the trial was cut short / the trial ran its full course; the trial was not stopped early; the trial went on to the planned end
{group} in {place} have running water; there is running water for {group} in {place}; {group} in {place} are supplied with running water / {group} in {place} have no running water; there is no running water for {group} in {place}; {group} in {place} do without running water
the law is in force; the law has taken effect; the law is binding now / the law is not yet in force; the law has yet to take effect; the law has not taken effect; the law is still without effect
the data set is balanced; both classes are equally frequent; neither class is more frequent than the other / the data set is unbalanced; one class is more frequent than the other; the classes are not equally frequent; the data set is not balanced
the model was trained on the test set; test data were used in training; the test data had been seen in training / the model never saw the test set in training; no test data were used in training; the test data were kept out of training; the model was not trained on the test set
"""
_FRAMES: Final = """
{who} raised ${a} million {time}, which takes the sum raised so far to ${b} million | a 3-60 | {who} raised ${} million {time} / ${} million was the sum of the round {time} | b 80-400 | {who} has raised ${} million in total / all in all, ${} million has been raised by {who}
{who} employs {a} people in {place} and {b} abroad | a 60-900 | {who} has {} employees in {place} / {} people work for {who} in {place} | b 1000-9000 | {who} has {} employees abroad / outside the country, {} people work for {who}
the share of women was {a} percent, compared with {b} percent ten years before | a 38-59 | women made up {} percent / {} percent were women | b 12-36 | ten years earlier the share of women was {} percent / a decade before, {} percent were women
the hall seats {a}, and another {b} can stand | a 300-2000 | there are {} seats in the hall / {} people can sit in the hall | b 50-290 | there is standing room for {} / {} people can stand in the hall
of {a} letters sent out, {b} were answered | a 600-4000 | {} letters were sent out / the number of letters sent was {} | b 40-500 | {} of the letters were answered / there were {} replies
the tower is {a} metres high and has {b} floors | a 120-400 | the height of the tower is {} metres / the tower rises to {} metres | b 20-90 | the tower has {} floors / there are {} floors in the tower
the course lasts {a} weeks and costs {b} euros | a 3-40 | the course takes {} weeks / the length of the course is {} weeks | b 200-4000 | the fee for the course is {} euros / one pays {} euros for the course
in the trial, {a} of the patients had a headache and {b} felt dizzy | a 60-200 | {} patients had a headache / headache was reported by {} patients | b 10-50 | {} patients felt dizzy / dizziness was reported by {} patients
the river is {a} km long; its basin covers {b} square km | a 90-900 | the length of the river is {} km / the river runs for {} km | b 2000-90000 | the basin of the river has an area of {} square km / the river drains {} square km
the library lends {a} books a month, about {b} of them to children | a 2000-9000 | {} books are lent each month / the library's loans come to {} a month | b 200-1500 | children borrow {} books a month / {} of the books lent each month go to children
the engine weighs {a} kg and delivers {b} kW | a 300-900 | the weight of the engine is {} kg / the engine is {} kg in weight | b 60-290 | the power of the engine is {} kW / the engine has an output of {} kW
the survey reached {a} households in {place}; {b} of them had no internet access | a 700-5000 | {} households in {place} were surveyed / the survey covered {} households in {place} | b 30-600 | {} households had no internet access / {} of the households were without internet
the village has {a} inhabitants, {b} of whom are over 65 | a 800-6000 | {} people live in the village / the population of the village is {} | b 90-700 | {} inhabitants are over 65 / there are {} people over 65 in the village
the ticket costs {a} euros for adults and {b} euros for children | a 12-60 | adults pay {} euros / the price for adults is {} euros | b 2-10 | children pay {} euros / a child's ticket is {} euros
the model has {a} million parameters and was trained for {b} hours | a 60-900 | the model has {} million parameters / the size of the model is {} million parameters | b 5-50 | training the model took {} hours / the model was in training for {} hours
{who} sold {a} copies in the first week and {b} in the second | a 3000-9000 | in the first week, {who} sold {} copies / {} copies were sold in week one | b 400-2500 | in the second week, {who} sold {} copies / sales in week two came to {} copies
the bus leaves every {a} minutes and takes {b} minutes to {place} | a 5-20 | there is a bus every {} minutes / buses leave at intervals of {} minutes | b 25-90 | the ride to {place} takes {} minutes / one is at {place} after {} minutes by bus
the accident left {a} people injured, {b} of them seriously | a 20-90 | {} people were hurt in the accident / the number of injured was {} | b 2-15 | {} people were seriously injured / serious injuries were suffered by {} people
of the {a} questions, the system answered {b} correctly | a 400-2000 | the system was asked {} questions / there were {} questions in all | b 90-350 | {} questions were answered correctly / the system got {} answers right
the orchard has {a} trees and yields {b} tonnes of apples a year | a 300-4000 | there are {} trees in the orchard / the orchard consists of {} trees | b 20-190 | the orchard gives {} tonnes of apples a year / each year, {} tonnes of apples are picked
the fine was {a} dollars, and the costs came to {b} dollars | a 3000-60000 | the fine amounted to {} dollars / {} dollars had to be paid as a fine | b 200-2500 | the costs were {} dollars / in costs, {} dollars had to be paid
the expedition set out with {a} porters; {b} came back | a 60-200 | there were {} porters at the start / {} porters set out | b 10-50 | {} porters returned / {} of the porters came back
the average age of the players is {a}, that of the coaches {b} | a 19-33 | players are {} years old on average / the mean age of the players is {} | b 40-66 | coaches are {} years old on average / the mean age of the coaches is {}
the reactor supplies {a} megawatts of heat and {b} megawatts of electricity | a 900-4000 | the heat output of the reactor is {} megawatts / the reactor gives {} megawatts of heat | b 200-800 | the reactor generates {} megawatts of electricity / the electrical output of the reactor is {} megawatts
sensitivity was {a} percent and specificity {b} percent | a 52-79 | the sensitivity was {} percent / the test reached a sensitivity of {} percent | b 81-98 | the specificity was {} percent / the test reached a specificity of {} percent
the pool is {a} metres long and {b} metres wide | a 20-60 | the length of the pool is {} metres / the pool has a length of {} metres | b 6-18 | the width of the pool is {} metres / the pool is {} metres across
the parish register lists {a} births and {b} deaths for the year | a 120-400 | the register has {} births for the year / {} children were born that year | b 20-110 | the register has {} deaths for the year / {} people died that year
the debate lasted {a} hours, and {b} members spoke | a 2-9 | the debate went on for {} hours / it took {} hours to debate it | b 12-70 | {} members took the floor / there were {} speakers in the debate
of the budget of {a} million euros, {b} million went into roads | a 200-900 | the budget was {} million euros / {} million euros stood in the budget | b 10-150 | {} million euros were spent on roads / roads took {} million euros
the plant grows to {a} cm in the shade and to {b} cm in the sun | a 10-40 | in the shade the plant reaches {} cm / a plant in the shade gets {} cm high | b 50-140 | in the sun the plant reaches {} cm / a plant in full sun gets {} cm high
the mission carried {a} instruments and returned {b} images | a 3-12 | there were {} instruments on board / the mission had {} instruments | b 400-9000 | the mission sent back {} images / {} images were returned
{who} made {a} offers before one was accepted, {b} days after the first | a 2-9 | it took {who} {} offers / {who} made {} offers | b 15-90 | the accepted offer came {} days after the first / between the first offer and the deal lay {} days
"""
_NUMBER: Final = re.compile(r"\{([ab])\}")


_PAIRS: Final = rows(_OPPOSITES)
_QUOTED: Final = tuple(tuple(part.strip() for part in line.split("|")) for line in _FRAMES.strip().splitlines())
_INFINITIVE: Final = {
    "raised": "raise", "increased": "increase", "boosted": "boost", "pushed up": "push up", "drove up": "drive up", "rose": "rise", "grew": "grow",
    "climbed": "climb", "went up": "go up", "moved higher": "move higher", "lowered": "lower", "reduced": "reduce", "cut": "cut", "decreased": "decrease",
    "brought down": "bring down", "depressed": "depress", "fell": "fall", "dropped": "drop", "declined": "decline", "went down": "go down", "moved lower": "move lower",
}  # fmt: skip
"""Of what the agents and measures of ``composed`` did."""


def _drawn(chance: Random) -> dict[str, str]:
    return {slot: chance.choice(values) for slot, values in _SLOTS.items()}


def opposites(chance: Random) -> Iterator[Triple]:
    """A statement and its opposite, each in several wordings, most with and without 'not'."""
    slots = _drawn(chance)
    holds, fails = ([said.format(**slots) for said in side] for side in chance.choice(_PAIRS))
    yield from either_way(holds, fails, chance)
    if chance.random() < 0.25:  # in the very same words
        said = chance.choice(holds + fails)
        yield said, said, YES
    if chance.random() < 0.6:  # the same is said of another, or another thing of the same
        row, at = chance.choice(_PAIRS), chance.randrange(2)
        pattern = chance.choice(row[at])
        slot = next((s for s in ("who", "group", "place", "thing") if "{" + s + "}" in pattern), None)
        if slot and chance.random() < 0.5:
            other = {**slots, slot: chance.choice([v for v in _SLOTS[slot] if v != slots[slot]])}
            yield pattern.format(**slots), chance.choice(row[chance.randrange(2)]).format(**other), OPEN
        elif pattern.format(**slots) not in holds + fails:
            yield chance.choice(holds + fails), pattern.format(**slots), OPEN


def effects(chance: Random) -> Iterator[Triple]:
    """Raised by so much, lowered, did not raise, left as it was; and the same denied."""
    agent, what = chance.choice(AGENTS), chance.choice(MEASURES)
    when = chance.choice(
        (
            "",
            "",
            f" {chance.choice(TIMES)}",
            f" in {chance.choice(('both groups', 'the elderly', 'mice', 'rural areas', 'the treated plots'))}",
        )
    )
    by = chance.choice(("", f" by {chance.randint(2, 80)} percent", f" by {chance.randint(2, 80)} %", f" by {chance.randint(2, 9)}.{chance.randint(1, 9)} points", " slightly", " sharply"))  # fmt: skip

    def moved(verbs: list[str], gone_: list[str], much: str, time: str) -> str:
        verb, went = chance.choice(verbs), chance.choice(gone_)
        return chance.choice(
            (
                f"{agent} {verb} {what}{much}{time}",
                f"{agent} {verb} {what}{much}{time}",
                f"with {agent}, {what} {went}{much}{time}",
            )
        )

    def unmoved(verbs: list[str], gone_: list[str], time: str) -> str:
        verb, went = chance.choice(verbs), chance.choice(gone_)
        return chance.choice((f"{agent} did not {_INFINITIVE[verb]} {what}{time}", f"{agent} did not {_INFINITIVE[verb]} {what}{time}", f"{agent} failed to {_INFINITIVE[verb]} {what}{time}",
                              f"with {agent}, {what} did not {_INFINITIVE[went]}{time}", f"{what} was not {'raised' if verbs is RAISES else 'lowered'} by {agent}{time}"))  # fmt: skip

    def nothing(time: str) -> str:
        return chance.choice((
            f"{agent} had no effect on {what}{time}", f"{agent} did not change {what}{time}", f"{agent} made no difference to {what}{time}", f"{agent} left {what} unchanged{time}",
            f"no change in {what} was seen with {agent}{time}", f"{what} stayed the same with {agent}{time}", f"{what} was unaffected by {agent}{time}",
        ))  # fmt: skip

    up = chance.random() < 0.5
    verbs, went, others, against = (RAISES, UP, LOWERS, DOWN) if up else (LOWERS, DOWN, RAISES, UP)
    short = when if chance.random() < 0.6 else ""
    kind = chance.random()
    if kind < 0.55:
        said = moved(verbs, went, by, when)
        yield said, moved(verbs, went, by if chance.random() < 0.3 else "", short), YES
        yield said, unmoved(verbs, went, short), NO
        yield said, chance.choice((moved(others, against, "", short), nothing(short), nothing(short))), NO
        if chance.random() < 0.5:
            yield (
                said,
                chance.choice(
                    (
                        unmoved(others, against, short),
                        f"{agent} had an effect on {what}{short}",
                        f"{agent} changed {what}{short}",
                    )
                ),
                YES,
            )
    elif kind < 0.8:
        said = nothing(when)
        yield said, chance.choice((nothing(when), unmoved(verbs, went, when))), YES
        yield said, chance.choice((moved(verbs, went, "", when), moved(others, against, "", when), f"{agent} changed {what}{when}", f"{agent} had an effect on {what}{when}")), NO  # fmt: skip
    else:
        said = unmoved(verbs, went, when)
        yield said, unmoved(verbs, went, when), YES
        yield said, moved(verbs, went, chance.choice(("", by)), when), NO
        if chance.random() < 0.3:
            yield said, moved(others, against, "", when), OPEN


def deeds(chance: Random) -> Iterator[Triple]:
    """Done or not, with what belongs to it (when, how, by which vote) told in the quote and left out of the claim."""
    who, base, past, what = chance.choice(DEEDS)
    more = chance.choice(("", f" {chance.choice(TIMES)}", " by seven votes to two", " after a long delay", " on the advice of two experts", " at a cost of 40,000 euros",
                          ", as had been expected", " for the second time", " within a day", ", the newspaper wrote", " in Lisbon", " without further comment"))  # fmt: skip
    more_not = chance.choice(("", f" {chance.choice(TIMES)}", " despite two requests", ", as had been feared", " in the end", ", the newspaper wrote", " this time"))  # fmt: skip
    passive = past != "saw"
    did = [
        f"{who} {past} {what}",
        f"{who} {past} {what}",
        f"it was {who} that {past} {what}",
        *([f"{what} was {past} by {who}"] if passive else []),
    ]
    not_ = [f"{who} did not {base} {what}", f"{who} did not {base} {what}", f"{who} never {past} {what}", f"{who} failed to {base} {what}",
            *([f"{what} was not {past} by {who}"] if passive else [])]  # fmt: skip
    before, after = chance.choice(("", "", f"{who} met in the old town hall. ", "the matter had been open for years. ")), chance.choice(
        ("", "", ". the report runs to 90 pages", f". {chance.choice(TIMES)}, little else happened")
    )  # fmt: skip
    if chance.random() < 0.55:
        said = f"{before}{chance.choice(did)}{more}{after}"
        yield said, chance.choice(did), YES
        yield said, chance.choice(not_), NO
    else:
        said = f"{before}{chance.choice(not_)}{more_not}{after}"
        yield said, chance.choice(not_), YES
        yield said, chance.choice(did), NO


_OWNERS: Final = tuple(
    tuple(part.split(";") for part in row.split("|"))
    for row in (
        "the software;the parser;the new release;the plug-in;version 4|supports;runs on;works with|support;run on;work with|Linux;macOS;Windows;FreeBSD;Android;Solaris",
        "the vaccine;the antibody;the drug|protects against;works against;is effective against|protect against;work against;be effective against|measles;rabies;cholera;the first strain;the second strain;influenza",
        "the farm;the cooperative;the estate|grows;sells;exports|grow;sell;export|wheat;olives;barley;lentils;grapes;maize;rye",
        "the museum;the gallery;the foundation|shows;owns;lends out|show;own;lend out|maps;coins;drawings;carpets;masks;clocks",
        "the airline;the ferry line;the bus company|serves;flies to;goes to|serve;fly to;go to|Oslo;Tunis;Porto;Malta;Tirana;Bergen",
        "the study;the register;the survey|records;covers;includes|record;cover;include|age;income;smoking;diet;sleep;education",
        "the policy;the insurance;the warranty|covers;pays for;includes|cover;pay for;include|theft;hail;floods;water damage;repairs;fire",
        "the school;the institute;the academy|teaches;offers;has courses in|teach;offer;have courses in|Latin;chemistry;dance;Greek;statistics;pottery",
        "the bird;the beetle;the monkey|eats;feeds on;lives on|eat;feed on;live on|seeds;larvae;fruit;leaves;small fish;bark",
        "the senator;the minister;the delegate|speaks;reads;understands|speak;read;understand|Finnish;Urdu;Basque;Danish;Arabic;Welsh",
    )
)


def lists(chance: Random) -> Iterator[Triple]:
    """Has A and B; has A but not B; which of them is claimed."""
    owners, verbs, bases, things = chance.choice(_OWNERS)
    who = chance.choice(owners)
    at = chance.randrange(len(verbs))
    verb, base = verbs[at], bases[at]
    a, b, c, d = chance.sample(things, 4)
    neg = f"is not {base.removeprefix('be ')}" if base.startswith("be ") else f"does not {base}"
    tail = chance.choice(("", "", ". it was set up in 2019", ". this has been so for years", f". {a} came first"))
    if chance.random() < 0.5:
        said = chance.choice(
            (
                f"{who} {verb} {a}, {b} and {c}",
                f"{who} {verb} {a} and {b}, and also {c}",
                f"{a}, {b} and {c}: {who} {verb} all of them",
            )
        )
        x, y = chance.sample((a, b, c), 2)
        yield (
            said + tail,
            chance.choice((f"{who} {verb} {x}", f"{who} {verb} {x} and {y}", f"{who} {verb} both {y} and {x}")),
            YES,
        )
        yield (
            said + tail,
            chance.choice(
                (
                    f"{who} {neg} {x}",
                    f"{who} {neg} {x}",
                    f"{who} {verb} {x} but not {y}",
                    f"{who} {verb} neither {x} nor {y}",
                    f"{who} {verb} nothing but {y}",
                )
            ),
            NO,
        )
        yield said + tail, chance.choice((f"{who} {verb} {d}", f"{who} {verb} {x} and {d}", f"{who} {neg} {d}")), NOT
    else:
        said = chance.choice(
            (
                f"{who} {verb} {a} but not {b}",
                f"{who} {verb} {a}; {b} is not among them",
                f"{who} {neg} {b}. {a} is another matter: {who} {verb} that",
                f"{who} {verb} {a} and {c}, though not {b}",
            )
        )
        yield (
            said + tail,
            chance.choice(
                (f"{who} {verb} {a}", f"{who} {neg} {b}", f"{who} {neg} {b}", f"not {b} but {a} is what {who} {verb}")
            ),
            YES,
        )
        yield (
            said + tail,
            chance.choice(
                (
                    f"{who} {verb} {b}",
                    f"{who} {neg} {a}",
                    f"{who} {verb} both {a} and {b}",
                    f"{who} {verb} {b} but not {a}",
                )
            ),
            NO,
        )
        if chance.random() < 0.3:
            yield said + tail, chance.choice((f"{who} {verb} {d}", f"{who} {neg} {d}")), OPEN


def _said(value: int, chance: Random) -> str:
    return f"{value:,}" if value >= 1000 and chance.random() < 0.8 else str(value)


def _down(value: int) -> int:
    """The next round number below, a hundredth to a fifth away."""
    size = 10 ** max(0, len(str(value)) - 2)
    return max(1, (value - 1) // (5 * size) * 5 * size) if value > 9 else value - 1


def _up(value: int) -> int:
    size = 10 ** max(0, len(str(value)) - 2)
    return value // (5 * size) * 5 * size + 5 * size if value > 9 else value + 1


def figures(chance: Random) -> Iterator[Triple]:
    """Two figures, each of something else; claims give one of them, about, at least, or the other one's place."""
    quote, *roles = chance.choice(_QUOTED)
    slots = _drawn(chance)
    values: dict[str, int] = {}
    for spec in roles[::2]:
        name, limits = spec.split()
        low, high = map(int, limits.split("-"))
        values[name] = chance.randint(low, high)
    shown = {name: _said(value, chance) for name, value in values.items()}
    said = _NUMBER.sub(lambda found: shown[found[1]], quote).format(**slots)
    for spec, claims in zip(roles[::2], roles[1::2], strict=True):
        name = spec[0]
        value, other = values[name], values["b" if name == "a" else "a"]
        claim = chance.choice(claims.split(" / ")).replace("{}", "\0").format(**slots)
        low, high = _down(value), _up(value)
        right = chance.choice(
            (shown[name], shown[name], f"more than {low:,}", f"over {low:,}", f"at least {low:,}", f"fewer than {high:,}", f"under {high:,}", f"just over {low:,}" if value > 60 else shown[name], f"nearly {high:,}" if value > 60 else shown[name],
             f"no more than {value:,}", f"not even {high:,}")
        )  # fmt: skip
        near = value + chance.choice((-1, 1)) * max(1, round(value * chance.choice((0.08, 0.2, 0.5))))
        wrong = chance.choice(
            (shown["b" if name == "a" else "a"], _said(near if near > 0 else value * 2, chance), f"more than {high + (high - low):,}", f"over {high:,}", f"fewer than {low:,}" if low > 1 else _said(value * 3, chance), f"at least {value * 2:,}",
             _said(value * 10, chance), f"about {value * 2:,}")
        )  # fmt: skip
        if wrong == right or other == value:
            continue
        for text, label in ((right, YES), (wrong, NO)):
            if "$\0" in claim and not text[0].isdigit():
                head, figure = text.rsplit(" ", 1)
                yield said, claim.replace("$\0", f"{head} ${figure}"), label
            else:
                yield said, claim.replace("\0", text), label


FAMILIES: Final = ((opposites, 1.6), (effects, 1.0), (deeds, 1.0), (lists, 0.7), (figures, 1.0))

if __name__ == "__main__":
    show(FAMILIES, 6)
