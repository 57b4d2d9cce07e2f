"""How good a published table is: five parts, each explained by what was counted. Pure functions, no CKAN."""
