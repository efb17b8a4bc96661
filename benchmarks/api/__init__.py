"""`make bench-api`: times and queries of API calls, compared with plain Django REST framework."""
