"""``python -m ckanext.govdata.embedded.static``: fetch and unpack the front-end libraries, for the image."""

from __future__ import annotations

from . import jarlock, jars
from .home import locate


def main() -> None:
    """Fill the static folder of the home."""
    home = locate()
    home.webjars.mkdir(parents=True, exist_ok=True)
    wanted = jarlock.read()["webjars"]
    jars.fetch_all(wanted, lambda _count: None)
    jars.unpack_webjars(wanted, home.webjars)


if __name__ == "__main__":
    main()
