"""The views: each reads a request, calls one service or selector, and builds the response."""
