"""The name of the header that carries the number of queries."""

QUERIES = "X-Queries"
