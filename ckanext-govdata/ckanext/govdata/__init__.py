"""The government data portal: a CKAN 2.12 plugin over the libraries `anonymize` and `licensing`."""
