"""Lint every migration after the first: the previous release must still work beside it."""

import json

import django

django.setup()

from django_migration_linter import MigrationLinter  # noqa: E402

linter = MigrationLinter(
    no_cache=True,
    include_apps=["accounts", "api", "gallery", "inpainting", "operations", "webhooks"],
    # These migrations created the tables, before any release ran.
    ignore_name=["0001_initial", "0002_initial"],
)
linter.lint_all_migrations()
linted = linter.nb_total - linter.nb_ignored
print(json.dumps({"linted": linted, "unsafe": linter.nb_erroneous}))  # noqa: T201
