"""A kept answer's `claim` is called `lease_id`, as every lease's; its column stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('api', '0001_kept_answers_and_allowances'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField('keptanswer', 'claim', 'lease_id'),
                migrations.AlterField(
                    model_name='keptanswer',
                    name='lease_id',
                    field=models.UUIDField(
                        db_column='claim', help_text='Which request works on it, or did.'
                    ),
                ),
            ],
        ),
    ]
