"""The command line of the product: `./run manage …` calls it."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import execute_from_command_line

    if sys.argv[1:2] in (["recorder"], ["keeper"]):
        django.setup()
        from config import startup

        startup.assert_ready()
    execute_from_command_line(sys.argv)
