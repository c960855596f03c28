"""The pages and the paper look as they did: compared with the committed pictures, pixel by pixel where the browser and its
face are those that drew them, else by their size and how much is drawn. A picture that is meant to be another is made
anew (shared/pictures.py), looked at, and committed."""

import pytest
from PIL import Image
from shared.pictures import FOLDER, MADE_WITH, SHOTS, differing, inked, taken

MOST = 0.005
"""The share of pixels that may differ."""


@pytest.fixture(scope="module")
def now(tmp_path_factory):
    """What drew the pictures, and the pictures, as they are now."""
    return taken(tmp_path_factory.mktemp("pictures"))


@pytest.mark.parametrize("name", SHOTS)
def test_a_page_looks_as_it_did(now, name, tmp_path):
    made, found = now
    committed, image = Image.open(FOLDER / f"{name}.png"), found[name]
    if MADE_WITH.read_text(encoding="utf-8").strip() != made:
        assert image.width == committed.width
        assert committed.height / 1.25 <= image.height <= committed.height * 1.25
        assert inked(committed) / 1.5 <= inked(image) <= inked(committed) * 1.5
        return
    assert image.size == committed.size
    share = differing(committed, image)
    if share > MOST:
        image.save(tmp_path / f"{name}.png")
    assert share <= MOST, f"{share:.2%} of {name} is another: see {tmp_path / name}.png; if it is meant, python -m shared.pictures"


def test_every_picture_is_compared_and_small():
    files = {path.stem: path.stat().st_size for path in FOLDER.glob("*.png")}
    assert set(files) == set(SHOTS)
    assert {name: size for name, size in files.items() if size > 60_000} == {}


def test_a_part_that_is_gone_is_seen():
    """So that the tests above can fail."""
    committed = Image.open(FOLDER / "shift.png").convert("RGB")
    without = committed.copy()
    without.paste(committed.getpixel((2, committed.height // 2)), (0, 300, committed.width, 700))
    assert differing(committed, committed) == 0 and differing(committed, without) > MOST
    assert inked(committed) > inked(without)
