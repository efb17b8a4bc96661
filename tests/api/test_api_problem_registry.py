"""Every cause of a refusal is in the registry, and has its page."""

from fnmatch import fnmatch

import pytest
from django.test import Client
from rest_framework import exceptions as drf_errors

from tests.api.problem_codes import codes_in, codes_in_sources
from web.errors import Problem
from web.problems import CHAPTERS, PROBLEMS, find_status

OF_THE_FRAMEWORK = {
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


def test_the_scan_finds_codes_however_they_are_given() -> None:
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
    assert codes_in(source) == set(expected.split())


def test_every_code_that_is_raised_is_in_the_registry() -> None:
    raised = codes_in_sources() | OF_THE_FRAMEWORK
    assert {code for code in raised if not _known(code)} == set()


def test_everything_in_the_registry_is_raised() -> None:
    raised = codes_in_sources() | OF_THE_FRAMEWORK
    assert {code for code in PROBLEMS if not any(fnmatch(code, each) for each in raised)} == set()


def test_no_code_stands_there_twice() -> None:
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
def test_each_cause_has_a_page(code: str) -> None:
    answer = Client().get(f"/docs/problems/{code}/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f"<code>{code}</code>" in text
    assert all(str(status) in text for status in PROBLEMS[code].statuses)
    assert "`" not in text


def test_the_list_leads_to_each_of_them() -> None:
    text = Client().get("/docs/problems/").content.decode()
    assert all(f'href="/docs/problems/{code}/"' in text for code in PROBLEMS)


def test_there_is_no_page_about_what_is_no_cause() -> None:
    assert Client().get("/docs/problems/nonsense/").status_code == 404


def _known(code: str) -> bool:
    return any(fnmatch(kind, code) for kind in PROBLEMS)
