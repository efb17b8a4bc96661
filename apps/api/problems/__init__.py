"""Problems: application/problem+json, after RFC 9457, and the pages that explain them."""
