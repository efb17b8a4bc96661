"""The table of the shared cache: `migrate` makes everything that the platform needs."""

from typing import Any

from django.core.management import call_command
from django.db import migrations


def make_table(_apps: Any, schema_editor: Any) -> None:
    """Does nothing where the table is there already."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """Taken back, the table stays: it holds nothing that matters."""

    dependencies = [("operations", "0001_initial")]

    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
