"""Albums that go by themselves, and what photos say of themselves; empty for all there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The previous release, which knows neither, goes on adding rows: both may be empty."""

    dependencies = [
        ('gallery', '0006_shared_renditions'),
    ]

    operations = [
        migrations.AddField(
            model_name='album',
            name='expires_at',
            field=models.DateTimeField(blank=True, help_text='Of a temporary one, which is in no list: when it goes with all that is in it.', null=True),
        ),
        migrations.AddField(
            model_name='photo',
            name='metadata',
            field=models.JSONField(blank=True, help_text='What the file says of itself; empty for older photos.', null=True),
        ),
    ]
