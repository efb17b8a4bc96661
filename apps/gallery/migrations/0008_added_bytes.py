"""What is kept of a photo beside its original; what was kept before this counts as nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The database fills the column where the previous release does not name it."""

    dependencies = [
        ('gallery', '0007_temporary_albums_and_metadata'),
    ]

    operations = [
        migrations.AddField(
            model_name='photo',
            name='added_bytes',
            field=models.BigIntegerField(db_default=0, default=0, help_text='Of its masks, and of the patches of its revisions.'),
        ),
        migrations.AddField(
            model_name='patch',
            name='file_bytes',
            field=models.PositiveIntegerField(blank=True, help_text="Counted as the photo's; empty for older ones, which are not.", null=True),
        ),
    ]
