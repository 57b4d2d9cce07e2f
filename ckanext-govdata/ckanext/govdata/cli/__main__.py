"""``python -m ckanext.govdata.cli``: works where the path of the environment is too odd for a console script."""

from . import main

main()
