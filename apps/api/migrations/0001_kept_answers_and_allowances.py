"""Answers that may be asked for again, and how much was asked."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def unlog(_apps: Any, schema_editor: Any) -> None:
    """Spare each request the wait for a disk: what is lost in a crash of PostgreSQL is nothing."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE api_allowance SET UNLOGGED")


class Migration(migrations.Migration):
    """New tables alone: the previous release does not look at them."""

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Allowance',
            fields=[
                ('subject', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('free_at', models.FloatField(help_text='Seconds since 1970.')),
            ],
        ),
        migrations.CreateModel(
            name='KeptAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_digest', models.CharField(max_length=64)),
                ('request_digest', models.CharField(max_length=64)),
                ('claim', models.UUIDField(help_text='Which request works on it, or did.')),
                ('lease_expires_at', models.DateTimeField()),
                ('answer', models.BinaryField(help_text='Encrypted by the key; empty: not answered.', null=True)),
                ('created_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='kept_answers_by_age')],
                'constraints': [models.UniqueConstraint(fields=('user', 'key_digest'), name='one_answer_for_a_key')],
            },
        ),
        migrations.RunPython(unlog, migrations.RunPython.noop),
    ]
