"""The example library: pictures for first tries, each with its credit."""

from gallery.examples.fetching import fetch_examples
from gallery.examples.library import Example, example_for, example_thumbnail, examples

__all__ = ["Example", "example_for", "example_thumbnail", "examples", "fetch_examples"]
