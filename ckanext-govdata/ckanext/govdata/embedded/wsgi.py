"""What gunicorn serves: the cache and CKAN behind it, as ``CKAN_INI`` configures them."""

from __future__ import annotations

import logging
import os

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

from ckanext.govdata import config
from ckanext.govdata.cache.start import in_front_of
from ckanext.govdata.portal.proxies import behind

_configuration = CKANConfigLoader(os.environ["CKAN_INI"]).get_config()
# CKAN's logging configuration switches off all loggers that exist already: gunicorn's would be silent even
# when a worker cannot start.
for _name in ("gunicorn.error", "gunicorn.access"):
    logging.getLogger(_name).disabled = False
_portal = in_front_of(make_app(_configuration), os.environ["CKAN_INI"])
application = behind(_portal, config.trusted_proxies())
