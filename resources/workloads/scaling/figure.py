"""Losses as a picture: over the size by architecture, over the learning rate by width, with the entropies as floors. Standard library only."""

import math
from html import escape

COLOURS = ("#1f77b4", "#e4572e", "#2a9d8f", "#8e5ea2", "#c58a00", "#5b6770", "#d0498b", "#3f8f3f")
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 480, 420, 64, 44, 372
RIGHT = 350  # of a panel's axes; names of lines stand beside them
FLOOR_NAMES = {"unigram": "unigram entropy", "bigram": "bigram entropy", "source": "source entropy"}
LEAST_GAP = 13  # between names


class Panel:
    """`lines`: name, colour, dashes and points (x, loss). Both axes are logarithmic."""

    def __init__(self, offset, title, axis, lines, floors):
        self.offset, self.title, self.axis, self.lines = offset, title, axis, lines
        xs = [x for line in lines for x, _ in line[3]]
        ys = [y for line in lines for _, y in line[3]]
        self.floors = {name: value for name, value in floors.items() if value < max(ys) * 1.08}
        self.across = (math.log(min(xs)) - 0.15, math.log(max(xs)) + 0.15)
        self.up = (math.log(min([*ys, *self.floors.values()]) * 0.985), math.log(max([*ys, *self.floors.values()]) * 1.015))

    def x(self, value):
        low, high = self.across
        return self.offset + LEFT + (math.log(value) - low) / (high - low) * (RIGHT - LEFT)

    def y(self, value):
        low, high = self.up
        return BOTTOM - (math.log(value) - low) / (high - low) * (BOTTOM - TOP)

    def draw(self):
        start, end = self.offset + LEFT, self.offset + RIGHT
        yield text(start, 24, self.title, weight="600")
        low, high = (math.exp(value) for value in self.up)
        for tick in ticks(low, high):
            yield f'<path d="M{start} {self.y(tick):.1f}H{end}" stroke="#e3e3e3"/>'
            yield text(start - 8, self.y(tick) + 4, f"{tick:g}", "end")
        for power in range(math.floor(self.across[0] / math.log(10)), math.ceil(self.across[1] / math.log(10)) + 1):
            for value in (10.0**power, 3 * 10.0**power):
                if self.across[0] <= math.log(value) <= self.across[1]:
                    yield text(self.x(value), BOTTOM + 18, short(value), "middle")
        yield text((start + end) / 2, BOTTOM + 38, self.axis, "middle")
        middle = (TOP + BOTTOM) / 2
        yield f'<g transform="rotate(-90 {self.offset + 18} {middle})">{text(self.offset + 18, middle, "Validation loss (nats per token)", "middle")}</g>'
        names = []
        for name, value in self.floors.items():
            yield f'<path d="M{start} {self.y(value):.1f}H{end}" stroke="#444" stroke-dasharray="5 4"/>'
            names.append((self.y(value), FLOOR_NAMES[name], "#444"))
        for name, colour, dashes, points in self.lines:
            places = [(self.x(x), self.y(y)) for x, y in sorted(points)]
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
            yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>'
            yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places)
            names.append((places[-1][1], name, colour))
        for place, (_, name, colour) in zip(spread([place for place, _, _ in sorted(names)]), sorted(names), strict=True):
            yield text(end + 10, place + 4, name, fill=colour)


def spread(places):
    """Names of neighbouring lines pushed apart, and back up where they would leave the picture."""
    found = []
    for place in places:
        found.append(max(place, found[-1] + LEAST_GAP) if found else place)
    limit = BOTTOM + 2
    for at in range(len(found) - 1, -1, -1):
        found[at] = min(found[at], limit)
        limit = found[at] - LEAST_GAP
    return found


def ticks(low, high):
    step = next(step for step in (0.05, 0.1, 0.2, 0.5, 1, 2, 5) if (high - low) / step <= 9)
    return [round(number * step, 2) for number in range(math.ceil(low / step), math.floor(high / step) + 1)]


def short(value):
    return f"{value / 1e6:g}M" if value >= 1e6 else f"{value / 1e3:g}k" if value >= 1e3 else f"{value:g}"


def text(x, y, words, anchor="start", fill="#444", weight="400"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-weight="{weight}">{escape(words)}</text>'


def picture(sizes, rates, floors):
    """SVG. `sizes` and `rates`: points (x, loss) by name of line; a panel without lines is left out."""
    panels = []
    kinds = (("Loss over size", "Parameters", sizes), ("Loss over learning rate", "Highest learning rate", rates))
    for title, axis, lines in kinds:
        if lines:
            panels.append(Panel(len(panels) * WIDTH, title, axis, styled(lines), floors))
    wide = WIDTH * len(panels)
    parts = [part for panel in panels for part in panel.draw()]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {HEIGHT}" font-family="Inter, Helvetica, Arial, sans-serif" '
        f'font-size="12" role="img" aria-label="Validation loss of language models, with the entropies of the language as dashed lines">'
        f'<rect width="{wide}" height="{HEIGHT}" fill="#ffffff"/>'
    )
    return "\n".join([head, *parts, "</svg>"]) + "\n"


def styled(lines):
    """A colour for each width or kind; the standard parametrisation is dashed beside muP of the same width."""
    colours, found = {}, []
    for name, points in lines.items():
        first, _, rest = name.partition(" ")
        key = rest if rest and first in ("standard", "muP", "original") else name
        colour = colours.setdefault(key, COLOURS[len(colours) % len(COLOURS)])
        paired = {"standard": "6 3", "original": "2 3"}.get(first, "") if rest else ""
        found.append((name, colour, paired, points))
    return found
