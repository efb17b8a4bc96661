"""Turns of edits, pixels of users, bytes of masks."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Edits of the previous release, which knows no turns, have turn 0 and are next."""

    dependencies = [
        ('inpainting', '0004_thresholds_and_awaited_labels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PixelUse',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.DB_CASCADE, primary_key=True, related_name='pixel_use', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('day', models.DateField(help_text='In UTC.')),
                ('pixels', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='edit',
            name='turn',
            field=models.IntegerField(db_default=0, default=0, help_text='Whose is lowest is next: see inpainting.turns.'),
        ),
        migrations.AddField(
            model_name='mask',
            name='file_bytes',
            field=models.PositiveIntegerField(blank=True, help_text="Counted as the photo's; empty for older ones, which are not.", null=True),
        ),
    ]
