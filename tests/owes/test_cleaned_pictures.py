import io

import pytest
from PIL import Image, ImageOps, PngImagePlugin

from owes.pictures import cleaned_picture, without_metadata
from tests.support.files import sent

SECRET = b"Plock, ul. Tumska"


def photo(kind, **told):
    """A picture of every colour, with what is told in it."""
    picture = Image.linear_gradient("L").resize((80, 40))
    picture = Image.merge("RGB", [picture, picture.rotate(90), picture.rotate(180)])
    file = io.BytesIO()
    picture.save(file, kind, **told)
    return file.getvalue()


def exif(turned=1):
    told = Image.Exif()
    told[0x010E] = SECRET.decode()  # the description
    told[0x0132] = "2024:05:09 09:30:00"
    told.get_ifd(0x8825)[2] = (52.5, 32.0, 0.0)  # where
    told[0x0112] = turned
    return told.tobytes()


def points(content):
    with Image.open(io.BytesIO(content)) as picture:
        return ImageOps.exif_transpose(picture).tobytes()


def told_in(content):
    with Image.open(io.BytesIO(content)) as picture:
        return dict(picture.getexif())


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("turned", [1, 6])
def test_photo_says_nothing_but_how_it_is_turned(turned, progressive):
    content = photo("JPEG", exif=exif(turned), comment=SECRET, progressive=progressive)
    assert SECRET in content
    cleaned = without_metadata(content)
    assert SECRET not in cleaned
    assert points(cleaned) == points(content)
    assert told_in(cleaned) == ({} if turned == 1 else {0x0112: turned})


def test_second_picture_behind_the_first_goes():
    """A preview with a place of its own."""
    content = photo("JPEG") + photo("JPEG", exif=exif())
    assert without_metadata(content) == photo("JPEG")


def test_colours_stay():
    content = photo("JPEG", icc_profile=b"profile", dpi=(300, 300), exif=exif())
    with Image.open(io.BytesIO(without_metadata(content))) as picture:
        assert picture.info["icc_profile"] == b"profile"
        assert picture.info["dpi"] == (300, 300)


def test_png_loses_its_texts():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRET.decode())
    texts.add_itxt("Place", SECRET.decode())
    content = photo("PNG", pnginfo=texts, exif=exif())
    cleaned = without_metadata(content)
    assert SECRET not in cleaned
    assert points(cleaned) == points(content)
    assert told_in(cleaned) == {}


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_picture_that_says_nothing_stays_byte_for_byte(kind):
    assert without_metadata(photo(kind)) == photo(kind)


def test_logo_is_cleaned_and_named():
    file = cleaned_picture(sent("IMG_2024.jpeg", photo("JPEG", exif=exif())), "logo")
    assert file.name == "logo.jpg"
    assert SECRET not in file.read()
