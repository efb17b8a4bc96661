"""Full renders get another kind: those of earlier releases may hold a preview of what was removed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """It changes no row: old renders are no longer found, and housekeeping deletes them."""

    dependencies = [
        ('gallery', '0010_fix_open_links'),
    ]

    operations = [
        migrations.AlterField(
            model_name='rendition',
            name='kind',
            field=models.CharField(choices=[('thumbnail', 'Thumbnail'), ('preview', 'Preview'), ('download', 'Full'), ('shared', 'Shared')], max_length=10),
        ),
    ]
