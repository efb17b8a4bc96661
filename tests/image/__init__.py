"""Tests of the image: they build it without a Docker engine and run its roles in containers."""
