"""Agreements (协议): thirteen statutory items as data, the text, the signed document, and whether it holds.

Room by room: ``terms`` (items), ``parties`` (who, kept apart), ``facts`` and ``template`` (filled from a
case), ``check`` (missing and contradictory items), ``wording`` (text), ``plain``, ``pdf``, ``word`` (forms),
``redline``, ``service``, ``signing``, ``succession`` (amendment and renewal) and ``access``.
"""
