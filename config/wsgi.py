"""The web server's entry: `gunicorn config.wsgi`."""

import logging
import os

from django.core.wsgi import get_wsgi_application

from config.logs import hide_tokens_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

hide_tokens_of(logging.getLogger("gunicorn.error"))
application = get_wsgi_application()
