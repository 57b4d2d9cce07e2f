"""The CKAN edge: actions, authorisation, schemas and validators; no decision is made here."""
