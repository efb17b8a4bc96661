"""Every problem code is in the registry and has a page."""

from fnmatch import fnmatch

import pytest
from django.test import Client
from rest_framework import exceptions as drf_errors

from tests.api.problem_codes import find_codes, find_codes_in_sources
from web.errors import Problem
from web.problems import CHAPTERS, PROBLEMS, find_status

FRAMEWORK_CODES = {
    error.default_code
    for error in (
        drf_errors.ParseError,
        drf_errors.NotAuthenticated,
        drf_errors.PermissionDenied,
        drf_errors.NotFound,
        drf_errors.MethodNotAllowed,
        drf_errors.UnsupportedMediaType,
    )
}


def test_the_scan_finds_codes_in_every_syntax() -> None:
    source = """
GONE = "gone"
raise Problem("x", code="plain", case="often")
raise Problem("x", code=GONE)
raise Problem("x", code="one" if a else "two")
raise Problem("x", code=b or "otherwise")
raise Problem("x", code=f"unknown_{kind}")
lost = {"error_code": "lost"}
def f(*, code: str = "usual"): ...
class Late(APIException):
    default_code = "late"
"""
    expected = "plain gone one two otherwise unknown_* lost usual late"
    assert find_codes(source) == set(expected.split())


def test_every_code_that_is_raised_is_in_the_registry() -> None:
    raised = find_codes_in_sources() | FRAMEWORK_CODES
    assert {code for code in raised if not _is_known(code)} == set()


def test_every_code_in_the_registry_is_raised() -> None:
    raised = find_codes_in_sources() | FRAMEWORK_CODES
    assert {code for code in PROBLEMS if not any(fnmatch(code, each) for each in raised)} == set()


def test_no_code_is_registered_twice() -> None:
    assert len(PROBLEMS) == sum(len(chapter.kinds) for chapter in CHAPTERS)


def test_an_unknown_code_raises_an_error() -> None:
    with pytest.raises(LookupError, match="no_such_code"):
        Problem("x", code="no_such_code")


@pytest.mark.parametrize(
    ("code", "case"), [("file_gone", ""), ("busy", "often"), ("vanish_failed", "often")]
)
def test_a_missing_status_raises_an_error(code: str, case: str) -> None:
    with pytest.raises(LookupError, match=code):
        find_status(code, case)


def test_a_case_has_its_own_status() -> None:
    assert find_status("vanish_failed") == 422
    assert find_status("vanish_failed", "temporary") == 503
    assert PROBLEMS["vanish_failed"].statuses == (422, 503)


@pytest.mark.parametrize("code", PROBLEMS)
def test_each_code_has_a_page(code: str) -> None:
    response = Client().get(f"/docs/problems/{code}/")
    text = response.content.decode()
    assert response.status_code == 200
    assert f"<code>{code}</code>" in text
    assert all(str(status) in text for status in PROBLEMS[code].statuses)
    assert "`" not in text


def test_the_list_of_problems_links_to_every_page() -> None:
    text = Client().get("/docs/problems/").content.decode()
    assert all(f'href="/docs/problems/{code}/"' in text for code in PROBLEMS)


def test_an_unknown_code_has_no_page() -> None:
    assert Client().get("/docs/problems/nonsense/").status_code == 404


def _is_known(code: str) -> bool:
    return any(fnmatch(kind, code) for kind in PROBLEMS)
