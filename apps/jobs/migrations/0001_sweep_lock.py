"""The lock moves here from the app `inpainting`; its table stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('inpainting', '0007_move_sweep_lock'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='SweepLock',
                    fields=[
                        ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                        ('expires_at', models.DateTimeField()),
                    ],
                    options={
                        'db_table': 'inpainting_sweeplock',
                    },
                ),
            ],
        ),
    ]
