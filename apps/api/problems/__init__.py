"""How refusals are answered: application/problem+json, after RFC 9457, and the pages about them."""
