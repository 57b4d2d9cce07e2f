"""How the catalogue changes: compiled, reviewed by another, decided where sharing is restricted, in effect.

A *proposal* is a list of ``{"kind": "new" | "changed" | "ended", "row": int | None, "id": str | None, "base":
hash | None, "document": canonical entry, "difference": lines, "restricts": bool,
"valid": as the schema made it, or None when it has to be asked again}``; entries that would stay as they
are do not stand in it.
"""
