"""Pages of applications, agreements, filings and grants: a client of the licensing library's interface."""
