"""The cameras' own clocks, to judge the machine's; a term may be brought before the false date of a segment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('recording', '0003_probe'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='segment',
            name='a_segment_is_erased_after_it_starts',
        ),
        migrations.AddField(
            model_name='health',
            name='clock_ahead',
            field=models.DurationField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='health',
            name='clock_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
