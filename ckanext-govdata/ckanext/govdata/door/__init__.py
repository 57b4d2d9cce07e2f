"""The door to conditional data: the policy enforcement point of grants.

The licensing library decides (its policy decision point is :mod:`licensing.grants.check`); here the decision
is carried out, at each call anew, and the call is on record before its answer leaves.

``tables`` (data, apart from everything public), ``windows`` (what one grant sees of them), ``reading`` (the
role that looks through one window), ``admission`` (may this call be made), ``register`` (what was called),
``question`` and ``records`` (pages of rows), ``sql`` (SELECT), ``mark`` (whose file is this), ``download``.

Article: SX-12, SX-14, SX-18, HB-24, HB-26.
"""
