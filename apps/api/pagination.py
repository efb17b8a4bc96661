"""Lists come in pages of fifty."""

from urllib.parse import urlsplit, urlunsplit

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """{count, next, previous, results}; the links are paths, as a host may stand behind a proxy."""

    page_size = 50
    invalid_page_message = "There is no such page."

    def get_next_link(self) -> str | None:
        """The next page's path and query."""
        return _path_of(super().get_next_link())

    def get_previous_link(self) -> str | None:
        """The previous page's path and query."""
        return _path_of(super().get_previous_link())


def _path_of(link: str | None) -> str | None:
    return link and urlunsplit(urlsplit(link)._replace(scheme="", netloc=""))
