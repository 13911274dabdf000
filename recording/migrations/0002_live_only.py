"""A camera may be open for live images alone; the instant of a consultation's beat was never moved, and goes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('recording', '0001_initial'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='consultation',
            name='beat_at',
        ),
        migrations.AddField(
            model_name='health',
            name='live',
            field=models.BooleanField(default=False),
        ),
    ]
