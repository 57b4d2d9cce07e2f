"""Electronic signatures (电子签名) on agreements and receipts; see ``pades``, ``sm2`` and ``verify``.

What pyHanko would log about a certificate is the signer's name: its loggers stay silent, verdicts say what
is wrong instead.
"""

import logging

for _name in ("pyhanko", "pyhanko_certvalidator"):
    _logger = logging.getLogger(_name)
    _logger.addHandler(logging.NullHandler())
    _logger.propagate = False
