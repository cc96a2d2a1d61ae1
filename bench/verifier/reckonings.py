"""Training pairs that take a step of reckoning: another unit, a sum, a share, a date later, a case that a rule covers.

Run as a script, it prints a sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from composed import NO, NOT, OPEN, YES, Triple
from wordings import show

_WORDS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
    "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
# small unit / large unit / how many / frames
_UNITS: Final = (
    ("g", "kg", 1000, ("the parcel weighs {}", "{} of flour are needed", "the adult bird has a mass of {}", "each sack holds {}")),
    ("kg", "tonnes", 1000, ("the bell weighs {}", "the lorry carried {} of gravel", "the yearly catch is {}")),
    ("cm", "m", 100, ("the wall is {} thick", "the snow was {} deep on average", "the statue is {} tall", "the pipe has a diameter of {}")),
    ("mm", "cm", 10, ("the beetle is {} long", "the sheet is {} thick", "{} of rain fell")),
    ("m", "km", 1000, ("the tunnel is {} long", "the peak rises {} above the lake", "the shop is {} away")),
    ("ml", "litres", 1000, ("the flask holds {}", "patients drank {} a day", "the tank contains {}")),
    ("months", "years", 12, ("the guarantee runs for {}", "the trial lasted {}", "the sentence was {}", "building took {}")),
    ("days", "weeks", 7, ("the strike lasted {}", "delivery takes {}", "the fever went on for {}")),
    ("minutes", "hours", 60, ("the film runs for {}", "the flight takes {}", "the outage lasted {}")),
    ("seconds", "minutes", 60, ("the test takes {}", "the eclipse lasted {}")),
    ("hours", "days", 24, ("the crossing takes {}", "the culture was kept for {}")),
    ("MB", "GB", 1000, ("the update is {} in size", "the index takes up {}")),
    ("kW", "MW", 1000, ("the turbine delivers {}", "the plant has a capacity of {}")),
    ("years", "decades", 10, ("the war went on for {}", "the archive stayed closed for {}", "the tree lives for {}")),
)  # fmt: skip


def _n(value: float, chance: Random, *, word: bool = True) -> str:
    if value == int(value):
        value = int(value)
        if word and value < len(_WORDS) and chance.random() < 0.5:
            return _WORDS[value]
        return f"{value:,}"
    if value % 1 == 0.5 and word and chance.random() < 0.4 and 1 <= value < 20:
        return f"{_WORDS[int(value)]} and a half"
    return f"{value:g}"


def _one(unit: str, value: float) -> str:
    return unit.removesuffix("s") if value == 1 and unit.endswith("s") else unit


def units(chance: Random) -> Iterator[Triple]:
    """The same amount in another unit, or another amount."""
    small, large, factor, frames = chance.choice(_UNITS)
    frame = chance.choice(frames)
    amount = chance.choice((0.5, 1, 1.5, 2, 2, 2.5, 3, 3, 4, 5, 6, 8, 10))
    if amount * factor != int(amount * factor):
        amount = 2
    near = f"{_n(amount * factor, chance)} {small}"
    far = "half a year" if (amount, large) == (0.5, "years") else f"{_n(amount, chance)} {_one(large, amount)}"
    wrong = amount * chance.choice((2, 10, 0.5, 3)) if chance.random() < 0.6 else amount + chance.choice((1, 2, 0.5))
    off = f"{_n(wrong, chance)} {_one(large, wrong)}"
    if chance.random() < 0.4:
        near, far = far, near
        off = f"{_n(wrong * factor, chance)} {small}"
    extra = chance.choice(("", "", ". A second one was not measured", ". The figure is from last year", ", as agreed"))
    yield frame.format(near) + extra, frame.format(far), YES
    yield frame.format(near) + extra, frame.format(off), NO
    if chance.random() < 0.4:
        yield frame.format(near) + extra, frame.format(near), YES


def shares(chance: Random) -> Iterator[Triple]:
    """So many of so many; a rate; one in so many; the rest."""
    who, did, didnt = chance.choice((
        ("applicants", "were accepted", "were not accepted"), ("rooms", "were empty", "were occupied"), ("samples", "were contaminated", "were clean"), ("voters", "stayed at home", "went to the polls"),
        ("trains", "were late", "were on time"), ("fields", "were left fallow", "were planted"), ("papers", "were retracted", "were not retracted"), ("queries", "went unanswered", "were answered"),
        ("workers", "belonged to a union", "did not belong to a union"), ("banks", "missed the target", "met the target"),
    ))  # fmt: skip
    percent, fraction = chance.choice(((50, "half"), (25, "a quarter"), (20, "one in five"), (10, "one in ten"), (75, "three quarters"), (40, "two fifths"), (80, "four in five"),
                                       (60, "three in five"), (5, "one in twenty"), (90, "nine in ten"), (30, "three in ten"), (12.5, "one in eight")))  # fmt: skip
    total = chance.choice((40, 80, 200, 400, 800, 1600, 2000, 5600))
    count = int(total * percent / 100)
    other = chance.choice([p for p in (10, 20, 30, 40, 50, 60, 75, 90) if abs(p - percent) >= 10])
    ways = (
        f"of the {total:,} {who}, {count:,} {did}", f"{count:,} of the {total:,} {who} {did}", f"{percent:g} % of the {who} {did}", f"{fraction} of the {who} {did}",
        f"there were {total:,} {who}; {count:,} of them {did}", f"the share of {who} that {did} was {percent / 100:g}",
    )  # fmt: skip
    same = (f"{percent:g} % of the {who} {did}", f"{fraction} of the {who} {did}", f"{100 - percent:g} % of the {who} {didnt}", f"the share of {who} that {did} was {percent:g} %")  # fmt: skip
    wrong = (f"{other} % of the {who} {did}", f"{percent:g} % of the {who} {didnt}" if percent != 50 else f"{other} % of the {who} {didnt}", f"{100 - other} % of the {who} {didnt}")  # fmt: skip
    said = chance.choice(ways)
    yield said, chance.choice(same), YES
    yield said, chance.choice(wrong), NO
    if percent not in {50, 12.5}:
        more, less = f"more than half of the {who} {did}", f"fewer than half of the {who} {did}"
        yield said, more if percent > 50 else less, YES
        yield said, less if percent > 50 else more, NO


def sums(chance: Random) -> Iterator[Triple]:
    """Two parts and their sum; from so many to so many, and the difference or the ratio."""
    kind = chance.randrange(4)
    if kind == 0:
        a, b = chance.choice((20, 35, 40, 60, 75, 120, 250, 300)), chance.choice((5, 10, 15, 25, 30, 80))
        first, second, whole = chance.choice((
            ("a fine of ${} was imposed", "costs of ${} were added", "fine and costs came to ${}"), ("the ground floor has {} seats", "the gallery has {} seats", "the hall has {} seats in all"),
            ("{} adults came", "{} children came", "{} people came"), ("the hosts had {} points at the break", "they scored {} more after it", "the hosts finished with {} points"),
            ("{} men were enrolled", "{} women were enrolled", "the number of those enrolled was {}"), ("{} volumes were lost in the fire", "{} in the flood", "fire and flood destroyed {} volumes"),
        ))  # fmt: skip
        said = f"{first.format(a)} and {second.format(b)}"
        yield said, whole.format(a + b), YES
        yield said, whole.format(chance.choice((a + b + 10, a + 2 * b, a - b if a > b else a + b + 5))), NO
    elif kind == 1:
        start, step = chance.choice((40, 60, 90, 120, 200, 450)), chance.choice((5, 10, 15, 20, 30))
        up = chance.random() < 0.5
        end = start + step if up else start - step
        what = chance.choice(("the number of members", "the price", "the speed limit", "the waiting time in minutes", "the herd", "the depth in metres"))  # fmt: skip
        said = chance.choice((f"{what} went from {start} to {end}", f"{what}, which had been {start}, was {end} at the end", f"{what} was {start} in spring and {end} in autumn"))  # fmt: skip
        yield said, chance.choice((f"{what} {'rose' if up else 'fell'} by {step}", f"{what} became {'larger' if up else 'smaller'} by {step}", f"{what} was {'lower' if up else 'higher'} at first")), YES  # fmt: skip
        yield said, chance.choice((f"{what} {'fell' if up else 'rose'} by {step}", f"{what} {'rose' if up else 'fell'} by {step + 5}", f"{what} was {'higher' if up else 'lower'} at first")), NO  # fmt: skip
    elif kind == 2:
        times, word, part = chance.choice(((2, "twice", "half"), (3, "three times", "a third"), (4, "four times", "a quarter"), (5, "five times", "a fifth"), (10, "ten times", "a tenth")))  # fmt: skip
        base = chance.choice((6, 12, 20, 30, 80, 150, 900))
        a, b = chance.sample("the old pump|the new pump|the first album|the second album|the western plant|the eastern plant|the pilot|the main study|Kent|Essex".split("|"), 2)  # fmt: skip
        unit = chance.choice(("seconds", "euros", "visitors", "kilometres", "units"))
        said = chance.choice((f"{a} came to {base * times:,} {unit} and {b} to {base:,}", f"for {b} the figure is {base:,} {unit}, for {a} {base * times:,}"))  # fmt: skip
        others = [row for row in (("twice", "half"), ("three times", "a third"), ("four times", "a quarter"), ("ten times", "a tenth")) if row[0] != word]  # fmt: skip
        more, less = chance.choice(others)
        yield (
            said,
            chance.choice((f"{a} had {word} as many {unit} as {b}", f"{b} had {part} as many {unit} as {a}")),
            YES,
        )
        yield said, chance.choice((f"{a} had {more} as many {unit} as {b}", f"{b} had {less} as many {unit} as {a}", f"{b} had {word} as many {unit} as {a}")), NO  # fmt: skip
    else:
        a, b = chance.randint(1, 5), chance.randint(0, 4)
        if a == b:
            a += 1
        said = f"the match ended {a}-{b}" if a > b else f"the match ended {a}-{b} for the visitors"
        yield said, f"{_WORDS[a + b]} goals were scored in the match", YES
        yield said, f"{_WORDS[a + b + chance.choice((1, 2))]} goals were scored in the match", NO


_MONTHS: Final = "January February March April May June July August September October November December".split()


def calendar(chance: Random) -> Iterator[Triple]:
    """A date so many months or years later; the first of two; a span and what lies in it."""
    one, two = chance.choice((("the lease was signed", "it ended"), ("the ship was laid down", "it was launched"), ("work began", "it was completed"), ("the law was passed", "it took effect"),
                              ("the patient was admitted", "surgery followed"), ("the fund was set up", "it was closed"), ("the album was announced", "it came out")))  # fmt: skip
    start, year = chance.randrange(12), chance.randint(1880, 2015)
    months = chance.choice((2, 3, 4, 5, 6, 6, 9, 12, 18, 24, 36))
    end, then = (start + months) % 12, year + (start + months) // 12
    if months == 6:
        span = chance.choice(("six months", "half a year"))
    elif months % 12 == 0:
        span = chance.choice((f"{months} months", {12: "a year", 24: "two years", 36: "three years"}[months]))
    else:
        span = {18: chance.choice(("eighteen months", "a year and a half")), 9: "nine months"}.get(
            months, f"{_WORDS[months]} months"
        )
    said = chance.choice((f"{one} in {_MONTHS[start]} {year}, and {span} later {two}", f"{one} in {_MONTHS[start]} {year}; {two} {span} after that"))  # fmt: skip
    off = (then + chance.choice((-1, 1, 2))) if chance.random() < 0.5 else then
    month = end if off != then else (end + chance.choice((1, 2, 5))) % 12
    subject = {"it": one.split(" was ")[0].split(" began")[0]}.get(two.split()[0], "")
    later = f"{subject}{two.removeprefix('it')}" if subject else two
    yield said, f"{later} in {_MONTHS[end]} {then}", YES
    yield said, f"{later} in {_MONTHS[month]} {off}", NO
    both = f"{one} in {_MONTHS[start]} {year} and {two} in {_MONTHS[end]} {then}"
    if months >= 2 and chance.random() < 0.6:
        yield both, f"{span} passed between the two", YES
        yield both, f"{chance.choice(('a month', 'ten years', 'five years', 'a week'))} passed between the two", NO


def bounds(chance: Random) -> Iterator[Triple]:
    """More than, at least, between; and a case that lies inside or outside."""
    what = chance.choice(("the share of women", "the humidity", "the failure rate", "the discount", "the loss in storage", "the tax on fuel"))  # fmt: skip
    value = chance.randint(12, 88)
    said = chance.choice((f"{what} was {value} %", f"{what} stood at {value} % at the last count"))
    low, high = value - chance.randint(2, 10), value + chance.randint(2, 10)
    yield said, chance.choice((f"{what} was above {low} %", f"{what} was below {high} %", f"{what} was at least {low} %", f"{what} lay between {low} and {high} %", f"{what} was above {low} %")), YES  # fmt: skip
    yield said, chance.choice((f"{what} was below {low} %", f"{what} was above {high} %", f"{what} was at least {high} %", f"{what} lay between {high} and {high + 9} %")), NO  # fmt: skip
    group, few = chance.choice((("pairs of the bird", "breed on the island"), ("copies of the book", "are left"), ("speakers of the language", "are alive"), ("tickets", "were sold")))  # fmt: skip
    n = chance.choice((100, 200, 300, 500, 1000, 4000))
    under = chance.choice((f"fewer than {n:,} {group} {few}", f"there are under {n:,} {group} that {few}", f"less than {n:,} {group} {few}"))  # fmt: skip
    over = chance.choice((f"more than {n:,} {group} {few}", f"over {n:,} {group} {few}", f"{n:,} {group} and more {few}"))  # fmt: skip
    if chance.random() < 0.5:
        under, over = over, under
    yield under, chance.choice((under.replace("fewer than", "under").replace("more than", "over"), under)), YES
    yield under, over, NO
    span = f"{what} lies between {low} and {high} %"
    yield span, chance.choice((f"{what} is more than {high} %", f"{what} is less than {low} %", f"{what} is at least {high + 1} %")), NO  # fmt: skip
    yield span, chance.choice((f"{what} is at least {low} %", f"{what} is less than {high + 1} %", f"{what} is more than {low - 1} %")), YES  # fmt: skip


def cases(chance: Random) -> Iterator[Triple]:
    """A rule for a range, and one case of it; a case outside is not covered."""
    limit = chance.randint(5, 17)
    young, old = limit - chance.randint(1, 3), limit + chance.randint(1, 3)
    year = chance.randint(1950, 2018)
    cold, heavy, staff = chance.randint(3, 20), chance.randint(3, 15), chance.choice((20, 50, 100, 250))
    rows = (
        ("children under {limit} {}", "a child of {} {}", str(young), str(old), (("must wear a helmet", "must wear a helmet"), ("travel free of charge", "travels free of charge"), ("may not swim alone", "may not swim alone"), ("get a smaller dose", "gets a smaller dose"))),
        ("houses built before {year} {}", "a house of {} {}", str(year - chance.randint(1, 9)), str(year + chance.randint(1, 9)), (("need a new roof", "needs a new roof"), ("are exempt from the tax", "is exempt from the tax"), ("must be inspected", "must be inspected"))),
        ("samples that are kept below {cold} °C {}", "a sample kept at {} °C {}", str(cold - chance.randint(1, 2)), str(cold + chance.randint(1, 3)), (("stay stable for a year", "stays stable for a year"), ("can be used again", "can be used again"))),
        ("vehicles of more than {heavy} tonnes {}", "a lorry of {} tonnes {}", str(heavy + chance.randint(1, 4)), str(heavy - chance.randint(1, 2)), (("pay a toll", "pays a toll"), ("must keep out of the centre", "must keep out of the centre"))),
        ("firms with at least {staff} employees {}", "a firm with {} employees {}", str(staff + chance.randint(1, 30)), str(staff - chance.randint(1, 15)), (("must file a report", "must file a report"), ("elect a council", "elects a council"))),
    )  # fmt: skip
    rule, case, inside, outside, does = chance.choice(rows)
    many, single = chance.choice(does)
    said = rule.format(many, limit=limit, year=year, cold=cold, heavy=heavy, staff=staff)
    yield said, case.format(inside, single), YES
    yield said, case.format(outside, single), OPEN
    if chance.random() < 0.5:
        all_of, part = chance.choice((("in every season", "in winter"), ("for men and women alike", "for women"), ("at any age", "in old age"), ("in all member states", "in the smallest member state"),
                                      ("on weekdays and at weekends", "on Sundays"), ("for vessels of every size", "for small vessels"), ("regardless of income", "for the poor")))  # fmt: skip
        base = chance.choice(("the ban holds", "the effect was seen", "the offer is valid", "the rule applies", "walking lowered the risk"))  # fmt: skip
        yield f"{base} {all_of}", f"{base} {part}", YES
        yield f"{base} {part}", f"{base} {all_of}", NOT
        only = f"{base} {part}, but not otherwise"
        yield chance.choice(((f"{base} {all_of}", only, NO), (f"{base} only {part}", only, YES), (f"outside of that it is another matter, but {base} {part}", f"{base} {part}", YES)))  # fmt: skip
        yield f"{base} only {part}", f"{base} {all_of}", NO
        yield f"{base} {all_of}, as before", f"{base} {all_of}", YES


def sides(chance: Random) -> Iterator[Triple]:
    """Figures on two sides or at two times, and which is more; what causes and what only goes along."""
    a, b = chance.sample("the north|the south|April|October|the first group|the second group|the morning shift|the night shift|2009|2019|the valley|the hills".split("|"), 2)  # fmt: skip
    what, more, less = chance.choice((("the reservoir was {} % full in {}", "the reservoir held more water in {} than in {}", "the reservoir held less water in {} than in {}"),
                          ("unemployment was {} % in {}", "unemployment was higher in {} than in {}", "fewer were out of work in {} than in {}"),
                          ("the mean score was {} in {}", "scores were better in {} than in {}", "scores were worse in {} than in {}"),
                          ("a loaf cost {} pence in {}", "bread was dearer in {} than in {}", "bread was cheaper in {} than in {}"),
                          ("sales reached {} million in {}", "more was sold in {} than in {}", "less was sold in {} than in {}")))  # fmt: skip
    low = chance.randint(5, 60)
    high = low + chance.randint(3, 35)
    said = chance.choice((f"{what.format(high, a)} and {low} in {b}", f"{what.format(low, b)} but {high} in {a}", f"{what.format(high, a)}; in {b} it was {low}"))  # fmt: skip
    yield said, chance.choice((more.format(a, b), less.format(b, a))), YES
    yield said, chance.choice((more.format(b, a), less.format(a, b))), NO
    if chance.random() < 0.5:
        x, y = chance.sample("hours of sleep|screen time|coffee drinking|income|noise at home|body weight|reading at home|the number of friends|age|time spent outdoors".split("|"), 2)  # fmt: skip
        tied = chance.choice((f"{x} and {y} were correlated", f"{x} was associated with {y}", f"those with more {x.removeprefix('the ')} also had more {y.removeprefix('the ')}"))  # fmt: skip
        caused = chance.choice(
            (f"a randomised trial showed that {x} brings about {y}", f"it was proved that {x} leads to {y}")
        )
        none = chance.choice((f"no link was seen between {x} and {y}", f"{x} had nothing to do with {y}"))
        linked = chance.choice((f"{x} was linked to {y}", f"{y} and {x} went together"))
        causal, back = (f"{x} brings about {y}", f"{x} leads to {y}"), (f"{y} brings about {x}", f"{y} leads to {x}")
        yield chance.choice(((tied, linked, YES), (none, linked, NO)))
        yield chance.choice(((tied, chance.choice((*causal, *back)), OPEN), (caused, chance.choice(causal), YES), (none, chance.choice(causal), NO), (caused, chance.choice(back), OPEN), (caused, chance.choice(causal), YES)))  # fmt: skip
        one, other = chance.choice((
            (("exports to Chile exceeded imports from Chile", "more was sold to Chile than bought from it"), ("imports from Chile exceeded exports to Chile", "more was bought from Chile than sold to it")),
            (("the club spent more on players than it earned from them", "the sums paid for players were larger than those received"), ("the club earned more from players than it spent on them", "the sums received for players were larger than those paid")),
            (("more people moved away than moved in", "the district lost inhabitants on balance"), ("more people moved in than moved away", "the district gained inhabitants on balance")),
        ))  # fmt: skip
        if chance.random() < 0.5:
            one, other = other, one
        yield one[0], one[1], YES
        yield one[0], other[1], NO


FAMILIES: Final = ((units, 1.0), (shares, 1.0), (sums, 1.0), (calendar, 0.6), (bounds, 0.8), (cases, 0.8), (sides, 1.0))

if __name__ == "__main__":
    show(FAMILIES, 5)
