"""``python -m ckanext.govdata.cli``: works wherever a console script would not."""

from . import main

main()
