"""Applications for data: from the draft to the provision, or to a refusal that can be contested.

``kinds`` says what may be applied for by whom, ``lifecycle`` which steps there are, ``drafts`` what an
application must state; ``service`` takes a case to its decision, ``decisions`` decides it, ``disputes``
carries a disagreement upwards, ``provision`` lets data out and takes them back, ``secrecy`` and
``outside`` are the two kinds that are no applications in the narrow sense.
"""
