"""Other tries of an edit."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inpainting', '0010_covered_detections'),
    ]

    operations = [
        migrations.AddField(
            model_name='edit',
            name='variant',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text="Which of the inpainter's results for this mask; 0 is the best one."),
        ),
        migrations.AddField(
            model_name='edit',
            name='variant_of',
            field=models.ForeignKey(blank=True, help_text='The first edit with this mask on this base, if this is another try.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='variants', to='inpainting.edit'),
        ),
        migrations.AlterField(
            model_name='detection',
            name='outline_method',
            field=models.CharField(blank=True, help_text='u2net, deeplab, grabcut, box', max_length=20),
        ),
    ]
