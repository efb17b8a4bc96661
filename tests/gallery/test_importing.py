"""What is fetched, from real servers on this machine: how much, how long, of which kind."""

import gzip
import socket
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from gallery.importing import PictureDownloader
from tests.gallery.downloads import MEGABYTE, PICTURE, refusal
from tests.gallery.web import Web, head, page, redirect


def test_a_picture_comes_byte_for_byte_and_named(web: Web, downloader: PictureDownloader) -> None:
    url = web.url("/cat.png", "pictures.example")
    file = downloader.download(f" {url}\n", max_bytes=len(PICTURE))
    assert file.data == PICTURE
    assert (file.filename, file.final_url) == ("cat.png", url)
    _, headers = web.requests[0]
    assert headers["User-Agent"].startswith("Vanish/")
    assert headers["Accept-Encoding"] == "identity"


def test_three_redirects_are_followed_and_a_fourth_is_not(
    web: Web, downloader: PictureDownloader
) -> None:
    for hop in range(1, 5):
        web.pages[f"/{hop}"] = redirect(f"/{hop - 1}" if hop > 1 else "/cat.png")
    file = downloader.download(web.url("/3"), max_bytes=MEGABYTE)
    assert (file.data, file.final_url) == (PICTURE, web.url("/cat.png"))
    web.requests.clear()
    refused = refusal(downloader, web.url("/4"))
    assert (refused.code, len(web.requests)) == ("url_unreachable", 4)


def endless(handler: BaseHTTPRequestHandler) -> None:
    while True:
        handler.wfile.write(PICTURE)


def endless_picture(handler: BaseHTTPRequestHandler) -> None:
    head(handler, Content_Type="image/png")
    endless(handler)


def endless_redirect(handler: BaseHTTPRequestHandler) -> None:
    head(handler, 302, Location="/cat.png")
    endless(handler)


def test_an_endless_body_is_stopped_at_the_limit(web: Web, downloader: PictureDownloader) -> None:
    web.pages["/endless"] = endless_picture
    refused = refusal(downloader, web.url("/endless"))
    assert refused.code == "url_too_large"
    assert "1 MB" in refused.message


def test_an_endless_body_of_a_redirect_is_not_read(web: Web, downloader: PictureDownloader) -> None:
    web.pages["/endless"] = endless_redirect
    assert downloader.download(web.url("/endless"), max_bytes=MEGABYTE).data == PICTURE


def test_one_byte_too_many_is_too_many(web: Web, downloader: PictureDownloader) -> None:
    limit = len(PICTURE) - 1
    assert refusal(downloader, web.url("/cat.png"), limit).code == "url_too_large"


def test_an_undeclared_length_is_counted_to_the_byte(
    web: Web, downloader: PictureDownloader
) -> None:
    def undeclared(handler: BaseHTTPRequestHandler) -> None:
        head(handler, Content_Type="image/png")
        handler.wfile.write(PICTURE)

    web.pages["/undeclared"] = undeclared
    url = web.url("/undeclared")
    assert downloader.download(url, max_bytes=len(PICTURE)).data == PICTURE
    assert refusal(downloader, url, len(PICTURE) - 1).code == "url_too_large"


def test_a_declared_length_beyond_the_limit_is_refused_unread(
    web: Web, downloader: PictureDownloader
) -> None:
    held = threading.Event()

    def declares(handler: BaseHTTPRequestHandler) -> None:
        head(handler, Content_Type="image/png", Content_Length=str(MEGABYTE + 1))
        held.wait(60)

    web.pages["/huge"] = declares
    try:
        assert refusal(downloader, web.url("/huge")).code == "url_too_large"
    finally:
        held.set()


def test_what_comes_after_the_declared_length_is_not_read(
    web: Web, downloader: PictureDownloader
) -> None:
    web.pages["/short"] = page(PICTURE, Content_Type="image/png", Content_Length="8")
    assert downloader.download(web.url("/short"), max_bytes=MEGABYTE).data == PICTURE[:8]


def test_a_body_shorter_than_declared_is_no_picture(
    web: Web, downloader: PictureDownloader
) -> None:
    web.pages["/torn"] = page(PICTURE, Content_Type="image/png", Content_Length="20000")
    assert refusal(downloader, web.url("/torn")).code == "url_unreachable"


def drip_body(handler: BaseHTTPRequestHandler, stop: threading.Event) -> None:
    head(handler, Content_Type="image/png")
    while not stop.wait(0.02):
        handler.wfile.write(b"\x89")


def drip_headers(handler: BaseHTTPRequestHandler, stop: threading.Event) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not stop.wait(0.02):
        handler.wfile.write(b"a")


def say_nothing(handler: BaseHTTPRequestHandler, stop: threading.Event) -> None:
    stop.wait(60)


@pytest.mark.parametrize("slow", [drip_body, drip_headers, say_nothing])
def test_a_slow_server_is_given_up_though_it_keeps_sending(
    web: Web, downloader: PictureDownloader, slow: Any
) -> None:
    stop = threading.Event()
    web.pages["/slow"] = lambda handler: slow(handler, stop)
    try:
        refused = refusal(replace(downloader, seconds=0.3), web.url("/slow"))
    finally:
        stop.set()
    assert refused.code == "url_too_slow"


def test_a_name_server_that_never_answers_is_given_up(downloader: PictureDownloader) -> None:
    stop = threading.Event()
    answered: list[str] = []

    def never(host: str, *_: Any) -> list[Any]:
        stop.wait(60)
        answered.append(host)
        return []

    try:
        hopeless = replace(downloader, lookup=never, seconds=0.3)
        assert refusal(hopeless, "http://pictures.example/").code == "url_too_slow"
        assert not answered
    finally:
        stop.set()


@pytest.mark.parametrize(
    "declared",
    ["text/html; charset=utf-8", "application/json", "video/mp4", "application/pdf", "TEXT/PLAIN"],
)
def test_what_says_it_is_something_else_is_refused(
    web: Web, downloader: PictureDownloader, declared: str
) -> None:
    web.pages["/page"] = page(b"<html>", Content_Type=declared)
    refused = refusal(downloader, web.url("/page"))
    assert refused.code == "url_not_a_picture"
    assert declared.partition(";")[0].lower() in refused.message


@pytest.mark.parametrize(
    "declared", ["image/jpeg", "IMAGE/WEBP; q=1", "application/octet-stream", "binary/octet-stream"]
)
def test_what_may_be_a_picture_is_left_to_the_decoder(
    web: Web, downloader: PictureDownloader, declared: str
) -> None:
    web.pages["/maybe"] = page(PICTURE, Content_Type=declared)
    web.pages["/untyped"] = page(PICTURE)
    for path in ("/maybe", "/untyped"):
        assert downloader.download(web.url(path), max_bytes=MEGABYTE).data == PICTURE


def test_a_compressed_body_is_never_unpacked(web: Web, downloader: PictureDownloader) -> None:
    bomb = gzip.compress(bytes(20 * MEGABYTE))
    web.pages["/bomb"] = page(bomb, Content_Type="image/png", Content_Encoding="gzip")
    assert refusal(downloader, web.url("/bomb")).code == "url_not_a_picture"


@pytest.mark.parametrize("status", [204, 206, 304, 401, 403, 404, 500])
def test_an_answer_other_than_here_it_is_says_its_number(
    web: Web, downloader: PictureDownloader, status: int
) -> None:
    web.pages["/no"] = page(b"", status, Content_Type="image/png")
    refused = refusal(downloader, web.url("/no"))
    assert refused.code == "url_unreachable"
    assert str(status) in refused.message


def test_nobody_listening_and_no_such_name_are_said(downloader: PictureDownloader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    policy = replace(downloader.policy, allowed_ports=frozenset({port, 80}))
    silent = replace(downloader, policy=policy)
    assert refusal(silent, f"http://127.0.0.1:{port}/").code == "url_unreachable"
    assert refusal(silent, "http://no-such-name.example/").code == "url_unreachable"


@pytest.mark.parametrize("garbage", [b"SSH-2.0-OpenSSH_9.2\r\n", b"", b"\x00\x01\x02\x03\r\n\r\n"])
def test_what_does_not_speak_http_is_said(
    web: Web, downloader: PictureDownloader, garbage: bytes
) -> None:
    def say(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(garbage)

    web.pages["/garbage"] = say
    assert refusal(downloader, web.url("/garbage")).code == "url_unreachable"


def test_proxies_of_the_environment_are_not_used(
    web: Web, downloader: PictureDownloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.9:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert downloader.download(web.url("/cat.png"), max_bytes=MEGABYTE).data == PICTURE


@pytest.mark.parametrize(
    ("path", "filename"),
    [
        ("/", "picture"),
        ("/a/b%20c.jpg?x=/y.png", "b c.jpg"),
        ("/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "passwd"),
        ("/..%5c..%5cboot.ini", "boot.ini"),
        ("/%00%0a%1bcat.png", "cat.png"),
        ("/...", "picture"),
        ("/" + "n" * 400 + ".png", "n" * 146 + ".png"),
    ],
)
def test_the_name_is_the_last_part_and_harmless(
    web: Web, downloader: PictureDownloader, path: str, filename: str
) -> None:
    web.pages[path] = page(PICTURE, Content_Type="image/png")
    file = downloader.download(web.url(path), max_bytes=MEGABYTE)
    assert file.filename == filename
