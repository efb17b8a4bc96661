"""`make bench-api`: what calls of the API cost, beside plain Django REST framework views."""
