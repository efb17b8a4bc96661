"""Facts in a file's metadata: camera, time, profile, density."""

import io

import pytest
from PIL import Image, ImageCms

from tests import images
from vision.images import FileFacts, decode

NOTHING = FileFacts()


def read_facts(**options: object) -> FileFacts:
    return decode(images.encode_pixels(images.build_scene(32, 24), "JPEG", **options)).facts


def build_exif(**tags: object) -> bytes:
    """Return EXIF with these tags (`t271=...`) in its first directory."""
    exif = Image.Exif()
    for name, value in tags.items():
        exif[int(name.removeprefix("t"))] = value
    return exif.tobytes()


def test_a_plain_file_has_no_facts() -> None:
    assert read_facts() == NOTHING


def test_the_maker_appears_once_in_the_camera_name() -> None:
    assert read_facts(exif=build_exif(t271="Canon", t272="Canon EOS 5")).camera == "Canon EOS 5"
    assert read_facts(exif=build_exif(t271="NIKON", t272="D80")).camera == "NIKON D80"
    assert read_facts(exif=build_exif(t271="NIKON")).camera == "NIKON"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024:05:06 07:08:09", "2024-05-06T07:08:09"),
        ("2024:13:06 07:08:09", None),
        ("    :  :     :  :  ", None),
        ("yesterday", None),
    ],
)
def test_an_invalid_time_is_ignored(text: str, moment: str | None) -> None:
    assert read_facts(exif=build_exif(t306=text)).taken_at == moment


def test_density_outside_exif_comes_first() -> None:
    assert read_facts(dpi=(300, 150)).dpi == (300, 150)
    assert read_facts(exif=build_exif(t282=100.0, t283=100.0, t296=3)).dpi == (254, 254)
    assert read_facts(exif=build_exif(t282=0.0, t283=0.0, t296=2)).dpi is None
    assert read_facts(exif=build_exif(t282=72.0, t283=72.0, t296=1)).dpi is None


def test_control_characters_and_long_text_are_removed() -> None:
    assert read_facts(exif=build_exif(t272="A\x00B\n" + "x y " * 50)).camera == (
        "AB" + "x y " * 24 + "x "
    )
    assert read_facts(exif=build_exif(t272="A\x1b[31m")).camera is None
    assert read_facts(exif=build_exif(t272="\x00 ")).camera is None


def test_the_profile_has_its_description() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert read_facts(icc_profile=profile).profile == "sRGB built-in"


@pytest.mark.parametrize("seed", range(20))
def test_damaged_exif_raises_no_error(seed: int) -> None:
    data = bytearray(build_exif(t271="Canon", t272="EOS", t306="2024:05:06 07:08:09"))
    noise = images.build_noise(1, 12, 1, seed=seed).tobytes()
    for place, value in enumerate(noise[:6]):
        data[8 + (noise[6 + place % 6] + 7 * place) % (len(data) - 8)] = value
    target = io.BytesIO()
    Image.new("RGB", (8, 8)).save(target, "JPEG", exif=bytes(data))
    assert isinstance(decode(target.getvalue()).facts, FileFacts)
