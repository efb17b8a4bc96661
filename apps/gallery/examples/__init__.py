"""The example library: pictures for first tries, each with its credit."""

from gallery.examples.fetching import fetch_examples
from gallery.examples.library import Example, get_example, get_example_thumbnail, list_examples

__all__ = ["Example", "fetch_examples", "get_example", "get_example_thumbnail", "list_examples"]
