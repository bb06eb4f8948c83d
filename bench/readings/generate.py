"""Draws pictures of invented prescriptions, damaged in known ways, and writes what they state.

    python3 generate.py FOLDER [--pictures 1200] [--seed 15]

Needs the packages in requirements.txt, and of Debian fonts-liberation, fonts-dejavu, fonts-freefont-ttf and fonts-crosextra-carlito.
Downloads nothing. FOLDER gets the pictures and truth.json. Equal versions of Pillow and the fonts draw equal pictures.
"""

import argparse
import json
import random
from pathlib import Path

from damage import damages
from page import drawn, written

# The first half of the pictures chooses the thresholds; the other half, with fonts of its own too, checks them.
CHOOSING_FONTS = [
    "LiberationSans-Regular.ttf",
    "LiberationSerif-Regular.ttf",
    "DejaVuSansMono.ttf",
    "Carlito-Regular.ttf",
]
CHECKING_FONTS = CHOOSING_FONTS + [
    "DejaVuSans.ttf",
    "DejaVuSerif.ttf",
    "LiberationMono-Regular.ttf",
    "LiberationSansNarrow-Regular.ttf",
    "FreeMonoBold.ttf",
    "LiberationSans-Bold.ttf",
]
DRUGS = json.loads((Path(__file__).parent / "drugs.json").read_text())


def picture(number: int, seed: int, folder: Path) -> dict:
    """Draws one picture and returns its entry in truth.json."""
    chance = random.Random(f"{seed}/{number}")
    is_choosing = number % 2 == 0
    font = chance.choice(CHOOSING_FONTS if is_choosing else CHECKING_FONTS)
    damage = list(damages)[(number // 2) % len(damages)]
    page = written(chance, DRUGS)
    image = damages[damage](drawn(page.lines, font, chance), chance)
    name = f"{number:04}-{damage}.{'jpg' if damage in ('jpeg', 'phone') else 'png'}"
    options = {"quality": chance.randint(8, 40)} if name.endswith("jpg") else {}
    image.save(folder / name, **options)
    return {
        "file": name,
        "half": "choosing" if is_choosing else "checking",
        "font": font,
        "damage": damage,
        "lines": page.lines,
        "drugs": page.drugs,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Draws pictures of invented prescriptions.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=15)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    truth = [picture(number, options.seed, options.folder) for number in range(options.pictures)]
    (options.folder / "truth.json").write_text(json.dumps(truth, indent=1))


if __name__ == "__main__":
    main()
