"""The licensing library under the portal: what its ports are made of here.

``people`` (who acts, and with which roles), ``authorizer``, ``catalogue`` (entries and releases), ``storage``
(sealed objects), ``departments`` and ``setup``, which puts them together.
"""
