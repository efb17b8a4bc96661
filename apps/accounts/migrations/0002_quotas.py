"""Quotas of single users; empty for all there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The previous release, which knows none, goes on adding rows: all may be empty."""

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='edit_quota',
            field=models.PositiveIntegerField(blank=True, help_text='Empty: as everybody has.', null=True, verbose_name='edits at once'),
        ),
        migrations.AddField(
            model_name='user',
            name='pixel_quota',
            field=models.PositiveIntegerField(blank=True, help_text='Empty: as everybody has.', null=True, verbose_name='megapixels a day'),
        ),
        migrations.AddField(
            model_name='user',
            name='storage_quota',
            field=models.PositiveIntegerField(blank=True, help_text='Empty: as everybody has.', null=True, verbose_name='megabytes kept'),
        ),
    ]
