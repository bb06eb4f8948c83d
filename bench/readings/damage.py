"""What happens to paper and pictures of it. Each damage is from hardly visible to hardly readable."""

import random

import numpy as np
from PIL import Image, ImageFilter


def clean(image, _chance):
    return image


def blur(image, chance):
    return image.filter(ImageFilter.GaussianBlur(chance.uniform(0.6, 3.4)))


def noise(image, chance):
    grain = np.random.default_rng(chance.getrandbits(32)).normal(0, chance.uniform(12, 100), pixels(image).shape)
    return picture_of(pixels(image) * 0.85 + 20 + grain)


def low_resolution(image, chance):
    return scaled(image, chance.uniform(0.28, 0.6))


def jpeg(image, _chance):
    """The file format does the damage."""
    return image


def fax(image, chance):
    threshold = chance.randint(90, 190)
    small = scaled(image, chance.uniform(0.4, 0.8))
    return small.point(lambda value: 255 if value > threshold else 0).convert("1")


def thin(image, chance):
    """Worn print: strokes lose their edges and some of their pixels."""
    worn = scaled(image.filter(ImageFilter.MaxFilter(3)), chance.uniform(0.5, 1))
    lost = np.random.default_rng(chance.getrandbits(32)).random(pixels(worn).shape) < chance.uniform(0, 0.25)
    return picture_of(np.where(lost, 255, pixels(worn)))


def bold(image, chance):
    """Too much ink: strokes run together."""
    return scaled(image.filter(ImageFilter.MinFilter(chance.choice([3, 3, 5]))), chance.uniform(0.5, 1))


def shadow(image, chance):
    values = pixels(image)
    across, down = np.linspace(0, 1, values.shape[1]), np.linspace(0, 1, values.shape[0])[:, None]
    light = 1 - chance.uniform(0.3, 0.85) * (across * chance.random() + down * (1 - across) * chance.random())
    return picture_of((values * 0.8 + 25) * light)


def skew(image, chance):
    return image.rotate(chance.uniform(-6, 6), Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def faint(image, chance):
    """Little contrast between ink and paper, and a gamma that is not that of the screen."""
    ink, paper = chance.randint(90, 190), chance.randint(200, 250)
    values = (pixels(image) / 255) ** chance.uniform(0.5, 2.2)
    grain = np.random.default_rng(chance.getrandbits(32)).normal(0, chance.uniform(0, 8), values.shape)
    return picture_of(ink + (paper - ink) * values + grain)


def phone(image, chance):
    """A photo: a little turned, not in focus, with a shadow and grain, and compressed."""
    turned = image.rotate(chance.uniform(-3, 3), Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    unfocused = scaled(turned.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 1.6))), chance.uniform(0.55, 1))
    values = pixels(shadow(unfocused, chance))
    grain = np.random.default_rng(chance.getrandbits(32)).normal(0, chance.uniform(2, 16), values.shape)
    return picture_of(values + grain)


damages = {
    "clean": clean,
    "blur": blur,
    "noise": noise,
    "low-resolution": low_resolution,
    "jpeg": jpeg,
    "fax": fax,
    "thin": thin,
    "bold": bold,
    "shadow": shadow,
    "skew": skew,
    "faint": faint,
    "phone": phone,
}


def pixels(image):
    return np.asarray(image.convert("L"), dtype=np.float32)


def picture_of(values):
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def scaled(image, factor: float):
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.BILINEAR)
