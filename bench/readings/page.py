"""The text of an invented prescription, and its clean picture."""

import random
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

QUANTITIES = [5, 7, 10, 14, 15, 16, 18, 20, 21, 28, 30, 42, 50, 56, 60, 80, 84, 88, 90, 100, 112, 168, 180]
TIMES = [
    "once daily",
    "twice daily",
    "three times daily",
    "each morning",
    "each evening",
    "at night",
    "every 6 hours",
    "every 8 hours as needed",
    "twice daily with food",
    "once a week on Monday",
    "three times daily for 7 days",
    "twice daily for 5 days",
]
HEADERS = [
    ["Hillside Health Centre", "Patient: Ann Example   Born: 08/07/1961"],
    ["Dr. Paul Invented   5 Station Road", "Patient: Kim Nobody   Born: 11/01/1987", "Date: 17/06/2026"],
    ["Patient: Lee Fictional", "Date: 08/05/2026"],
    [],
]


@dataclass
class Page:
    lines: list[str]
    # As in expected.json of the samples: the directions keep what is stated.
    drugs: list[dict]


def written(chance: random.Random, drugs: list) -> Page:
    """A page with two to six drugs in one of four layouts."""
    layout = chance.choice([numbered, commas, labelled, columns])
    lines = list(chance.choice(HEADERS))
    lines += [""] if lines else []
    stated = []
    if layout is columns:
        lines.append(row("Drug", "Strength", "Form", "Qty", "Directions"))
    for number, (name, form, strengths) in enumerate(chance.sample(drugs, chance.randint(2, 6)), 1):
        strength, quantity = chance.choice(strengths), chance.choice(QUANTITIES)
        dose = chance.choice(["1", "2", "1", "2", "3", "1.5" if form == "tablets" else "1"])
        unit = form[:-1] if dose == "1" else form
        directions = f"{dose} {unit} {chance.choice(TIMES)}"
        lines += layout(number, name, strength, form, quantity, directions)
        stated.append(
            {
                "name": name.lower(),
                "strength": strength,
                "form": form[:-1],
                "quantity": quantity,
                "directionsKeep": [directions],
            }
        )
    if chance.random() < 0.5:
        lines += ["", "Signature: P. Invented"]
    return Page(lines, stated)


def numbered(number, name, strength, form, quantity, directions):
    return [f"{number}. {name} {strength} {form}   Qty: {quantity}", f"   Take {directions}"]


def commas(_number, name, strength, form, quantity, directions):
    return [f"{name} {strength} {form}, {quantity}, take {directions}"]


def labelled(_number, name, strength, form, quantity, directions):
    return [f"{name} {strength} {form}", f"Sig: Take {directions}", f"Qty: {quantity}", ""]


def columns(_number, name, strength, form, quantity, directions):
    return [row(name, strength, form[:-1], str(quantity), f"Take {directions}")]


def row(*cells: str) -> str:
    """A row of a table. A tab moves to the next column when it is drawn."""
    return "\t".join(cells)


def drawn(lines: list[str], font_name: str, chance: random.Random) -> Image.Image:
    """Black text on white paper, as at 120 to 240 dots per inch."""
    size = chance.randint(20, 42)
    font = ImageFont.truetype(font_name, size)
    margin, step = size * 2, round(size * chance.uniform(1.35, 1.9))
    column = round(size * 9.5)
    widths = [
        (line.count("\t") and column * line.count("\t")) + font.getlength(line.split("\t")[-1]) for line in lines
    ]
    image = Image.new("L", (round(max(widths)) + 2 * margin, step * len(lines) + 2 * margin), 255)
    draw = ImageDraw.Draw(image)
    for index, line in enumerate(lines):
        for place, cell in enumerate(line.split("\t")):
            draw.text((margin + place * column, margin + index * step), cell, fill=0, font=font)
    return image
