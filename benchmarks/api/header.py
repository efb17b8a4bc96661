"""What site and caller agree on."""

QUERIES = "X-Queries"
