"""Which state a detection run examines, and which objects an edit covers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gallery', '0011_retired_full_renders'),
        ('inpainting', '0009_missing_labels'),
    ]

    operations = [
        migrations.AddField(
            model_name='detectionrun',
            name='revision',
            field=models.ForeignKey(blank=True, help_text='The state of the photo that is examined; empty: the original.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='gallery.revision'),
        ),
        migrations.AddField(
            model_name='edit',
            name='covered_detections',
            field=models.ManyToManyField(blank=True, db_constraint=False, help_text='Objects that lay in the removed area without being chosen: they are gone too.', related_name='+', to='inpainting.detection'),
        ),
    ]
