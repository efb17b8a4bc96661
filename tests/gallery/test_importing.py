"""Limits of size, time and content type for downloads, against real local servers."""

import gzip
import socket
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from gallery.importing import PictureDownloader
from tests.gallery.downloads import MEGABYTE, PICTURE, expect_refusal
from tests.gallery.http_server import HttpServer, build_page, build_redirect, send_head


def test_a_picture_is_downloaded_byte_for_byte_with_its_name(
    web: HttpServer, downloader: PictureDownloader
) -> None:
    url = web.build_url("/cat.png", "pictures.example")
    file = downloader.download(f" {url}\n", max_bytes=len(PICTURE))
    assert file.data == PICTURE
    assert (file.filename, file.final_url) == ("cat.png", url)
    _, headers = web.requests[0]
    assert headers["User-Agent"].startswith("Vanish/")
    assert headers["Accept-Encoding"] == "identity"


def test_three_redirects_are_followed_and_a_fourth_is_not(
    web: HttpServer, downloader: PictureDownloader
) -> None:
    for hop in range(1, 5):
        web.pages[f"/{hop}"] = build_redirect(f"/{hop - 1}" if hop > 1 else "/cat.png")
    file = downloader.download(web.build_url("/3"), max_bytes=MEGABYTE)
    assert (file.data, file.final_url) == (PICTURE, web.build_url("/cat.png"))
    web.requests.clear()
    error = expect_refusal(downloader, web.build_url("/4"))
    assert (error.code, len(web.requests)) == ("url_unreachable", 4)


def write_endlessly(handler: BaseHTTPRequestHandler) -> None:
    while True:
        handler.wfile.write(PICTURE)


def send_endless_picture(handler: BaseHTTPRequestHandler) -> None:
    send_head(handler, Content_Type="image/png")
    write_endlessly(handler)


def send_endless_redirect(handler: BaseHTTPRequestHandler) -> None:
    send_head(handler, 302, Location="/cat.png")
    write_endlessly(handler)


def test_an_endless_body_is_stopped_at_the_limit(
    web: HttpServer, downloader: PictureDownloader
) -> None:
    web.pages["/endless"] = send_endless_picture
    error = expect_refusal(downloader, web.build_url("/endless"))
    assert error.code == "url_too_large"
    assert "1 MB" in error.message


def test_an_endless_body_of_a_redirect_is_not_read(
    web: HttpServer, downloader: PictureDownloader
) -> None:
    web.pages["/endless"] = send_endless_redirect
    assert downloader.download(web.build_url("/endless"), max_bytes=MEGABYTE).data == PICTURE


def test_one_byte_too_many_is_too_many(web: HttpServer, downloader: PictureDownloader) -> None:
    limit = len(PICTURE) - 1
    assert expect_refusal(downloader, web.build_url("/cat.png"), limit).code == "url_too_large"


def test_without_a_declared_length_the_limit_is_exact_to_the_byte(
    web: HttpServer, downloader: PictureDownloader
) -> None:
    def send_without_length(handler: BaseHTTPRequestHandler) -> None:
        send_head(handler, Content_Type="image/png")
        handler.wfile.write(PICTURE)

    web.pages["/undeclared"] = send_without_length
    url = web.build_url("/undeclared")
    assert downloader.download(url, max_bytes=len(PICTURE)).data == PICTURE
    assert expect_refusal(downloader, url, len(PICTURE) - 1).code == "url_too_large"


def test_a_declared_length_beyond_the_limit_is_refused_before_reading(
    web: HttpServer, downloader: PictureDownloader
) -> None:
    closed = threading.Event()

    def send_declared_length(handler: BaseHTTPRequestHandler) -> None:
        send_head(handler, Content_Type="image/png", Content_Length=str(MEGABYTE + 1))
        closed.wait(60)

    web.pages["/huge"] = send_declared_length
    try:
        assert expect_refusal(downloader, web.build_url("/huge")).code == "url_too_large"
    finally:
        closed.set()


def test_bytes_after_the_declared_length_are_not_read(
    web: HttpServer, downloader: PictureDownloader
) -> None:
    web.pages["/short"] = build_page(PICTURE, Content_Type="image/png", Content_Length="8")
    assert downloader.download(web.build_url("/short"), max_bytes=MEGABYTE).data == PICTURE[:8]


def test_a_body_shorter_than_declared_is_refused(
    web: HttpServer, downloader: PictureDownloader
) -> None:
    web.pages["/torn"] = build_page(PICTURE, Content_Type="image/png", Content_Length="20000")
    assert expect_refusal(downloader, web.build_url("/torn")).code == "url_unreachable"


def send_body_slowly(handler: BaseHTTPRequestHandler, stop: threading.Event) -> None:
    send_head(handler, Content_Type="image/png")
    while not stop.wait(0.02):
        handler.wfile.write(b"\x89")


def send_headers_slowly(handler: BaseHTTPRequestHandler, stop: threading.Event) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not stop.wait(0.02):
        handler.wfile.write(b"a")


def send_nothing(handler: BaseHTTPRequestHandler, stop: threading.Event) -> None:
    stop.wait(60)


@pytest.mark.parametrize("send_slowly", [send_body_slowly, send_headers_slowly, send_nothing])
def test_a_slow_server_times_out_even_while_it_keeps_sending(
    web: HttpServer, downloader: PictureDownloader, send_slowly: Any
) -> None:
    stop = threading.Event()
    web.pages["/slow"] = lambda handler: send_slowly(handler, stop)
    try:
        error = expect_refusal(replace(downloader, seconds=0.3), web.build_url("/slow"))
    finally:
        stop.set()
    assert error.code == "url_too_slow"


def test_a_name_server_that_never_responds_times_out(downloader: PictureDownloader) -> None:
    stop = threading.Event()
    results: list[str] = []

    def wait_for_stop(host: str, *_: Any) -> list[Any]:
        stop.wait(60)
        results.append(host)
        return []

    try:
        impatient = replace(downloader, lookup=wait_for_stop, seconds=0.3)
        assert expect_refusal(impatient, "http://pictures.example/").code == "url_too_slow"
        assert not results
    finally:
        stop.set()


@pytest.mark.parametrize(
    "declared",
    ["text/html; charset=utf-8", "application/json", "video/mp4", "application/pdf", "TEXT/PLAIN"],
)
def test_a_content_type_of_something_else_is_refused(
    web: HttpServer, downloader: PictureDownloader, declared: str
) -> None:
    web.pages["/page"] = build_page(b"<html>", Content_Type=declared)
    error = expect_refusal(downloader, web.build_url("/page"))
    assert error.code == "url_not_a_picture"
    assert declared.partition(";")[0].lower() in error.message


@pytest.mark.parametrize(
    "declared", ["image/jpeg", "IMAGE/WEBP; q=1", "application/octet-stream", "binary/octet-stream"]
)
def test_a_content_type_that_may_be_a_picture_is_accepted(
    web: HttpServer, downloader: PictureDownloader, declared: str
) -> None:
    web.pages["/maybe"] = build_page(PICTURE, Content_Type=declared)
    web.pages["/untyped"] = build_page(PICTURE)
    for path in ("/maybe", "/untyped"):
        assert downloader.download(web.build_url(path), max_bytes=MEGABYTE).data == PICTURE


def test_a_compressed_body_is_refused_without_decompressing(
    web: HttpServer, downloader: PictureDownloader
) -> None:
    bomb = gzip.compress(bytes(20 * MEGABYTE))
    web.pages["/bomb"] = build_page(bomb, Content_Type="image/png", Content_Encoding="gzip")
    assert expect_refusal(downloader, web.build_url("/bomb")).code == "url_not_a_picture"


@pytest.mark.parametrize("status", [204, 206, 304, 401, 403, 404, 500])
def test_any_status_but_200_is_refused_and_named(
    web: HttpServer, downloader: PictureDownloader, status: int
) -> None:
    web.pages["/no"] = build_page(b"", status, Content_Type="image/png")
    error = expect_refusal(downloader, web.build_url("/no"))
    assert error.code == "url_unreachable"
    assert str(status) in error.message


def test_a_closed_port_and_an_unknown_name_are_unreachable(downloader: PictureDownloader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    policy = replace(downloader.policy, allowed_ports=frozenset({port, 80}))
    silent = replace(downloader, policy=policy)
    assert expect_refusal(silent, f"http://127.0.0.1:{port}/").code == "url_unreachable"
    assert expect_refusal(silent, "http://no-such-name.example/").code == "url_unreachable"


@pytest.mark.parametrize("garbage", [b"SSH-2.0-OpenSSH_9.2\r\n", b"", b"\x00\x01\x02\x03\r\n\r\n"])
def test_a_server_that_does_not_speak_http_is_unreachable(
    web: HttpServer, downloader: PictureDownloader, garbage: bytes
) -> None:
    def send_garbage(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(garbage)

    web.pages["/garbage"] = send_garbage
    assert expect_refusal(downloader, web.build_url("/garbage")).code == "url_unreachable"


def test_proxy_variables_of_the_environment_are_not_used(
    web: HttpServer, downloader: PictureDownloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.9:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert downloader.download(web.build_url("/cat.png"), max_bytes=MEGABYTE).data == PICTURE


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
def test_the_file_name_is_the_last_part_of_the_path_made_safe(
    web: HttpServer, downloader: PictureDownloader, path: str, filename: str
) -> None:
    web.pages[path] = build_page(PICTURE, Content_Type="image/png")
    file = downloader.download(web.build_url(path), max_bytes=MEGABYTE)
    assert file.filename == filename
