"""The WSGI application that gunicorn serves; ``CKAN_INI`` names its configuration."""

from __future__ import annotations

import logging
import os

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

_configuration = CKANConfigLoader(os.environ["CKAN_INI"]).get_config()
# CKAN's logging configuration switches off all loggers that exist already: gunicorn's would be silent even
# when a worker cannot start.
for _name in ("gunicorn.error", "gunicorn.access"):
    logging.getLogger(_name).disabled = False
application = make_app(_configuration)
