"""Only public addresses are fetched from, in whatever notation a URL is written."""

from dataclasses import replace
from typing import Any

import pytest

from gallery.importing import ImportRefused, PictureDownloader, download_picture
from tests.gallery.downloads import MEGABYTE, PICTURE, expect_refusal, resolve_name
from tests.gallery.http_server import HttpServer, build_page, build_redirect, serve
from web.outbound import PUBLIC_WEB

TRICKS = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://①②⑦.0.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[64:ff9b::169.254.169.254]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::a9fe:a9fe]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.170.2/v2/credentials",
    "http://100.100.100.200/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "http://sub.localhost/",
    "http://ip6-localhost/",
    "http://127.0.0.1.nip.example/",
    "http://metadata.example/",
    "http://metadata6.example/",
    "http://mapped.example/",
    "http://nat64.example/",
    "http://both.example/",
    "http://pictures.example@169.254.169.254/",
    "http://user:secret@pictures.example/",
    "http://pictures.example#@169.254.169.254/",
    "http://169.254.169.254\\@pictures.example/",
    "http://pictures.example\t.localhost/",
    "http://pictures.example:22/",
    "http://pictures.example:0/",
    "http://pictures.example:99999/",
    "http://pictures.example:x/",
    "ftp://pictures.example/",
    "file:///etc/passwd",
    "gopher://pictures.example/",
    "data:image/png;base64,AAAA",
    "//pictures.example/",
    "http:///cat.png",
    "http://",
    "http://[",
    "http://%31%32%37.0.0.1/",
    "http://" + "a" * 9000,
    "cat.png",
    "",
]


@pytest.mark.parametrize("url", TRICKS, ids=lambda url: ascii(url)[:60])
def test_no_trick_reaches_an_address_that_is_not_public(url: str) -> None:
    # A request that was sent would fail with another code: no server listens there.
    error = expect_refusal(PictureDownloader(policy=PUBLIC_WEB, lookup=resolve_name), url)
    assert error.code == "url_not_allowed"
    assert "secret" not in error.message


def test_download_picture_refuses_the_metadata_addresses() -> None:
    for host in ("169.254.169.254", "169.254.170.2", "[fd00:ec2::254]"):
        with pytest.raises(ImportRefused) as refused:
            download_picture(f"http://{host}/latest/meta-data/", max_bytes=MEGABYTE)
        assert refused.value.code == "url_not_allowed"


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.2:{port}/cat.png",
        "http://metadata.example:{port}/cat.png",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]:{port}/cat.png",
        "http://127.0.0.1:22/",
        "file:///etc/passwd",
        "//2130706434:{port}/cat.png",
    ],
)
def test_a_redirect_to_a_private_address_is_refused_without_a_request(
    web: HttpServer, downloader: PictureDownloader, target: str
) -> None:
    with serve("127.0.0.2", web.port) as inside:
        inside.pages["/cat.png"] = build_page(PICTURE, Content_Type="image/png")
        web.pages["/away"] = build_redirect(target.format(port=web.port))
        assert expect_refusal(downloader, web.build_url("/away")).code == "url_not_allowed"
        assert inside.requests == []
        assert len(web.requests) == 1


def test_a_name_is_resolved_once_against_dns_rebinding(
    web: HttpServer, downloader: PictureDownloader
) -> None:
    resolved: list[str] = []

    def resolve_elsewhere(host: str, port: int, *_: Any) -> list[Any]:
        resolved.append(host)
        return resolve_name("127.0.0.1" if len(resolved) == 1 else "169.254.169.254", port)

    moving = replace(downloader, lookup=resolve_elsewhere)
    url = web.build_url("/cat.png", "moving.example")
    assert moving.download(url, max_bytes=MEGABYTE).data == PICTURE
    assert resolved == ["moving.example"]
