"""The views: each translates a request, calls one service or selector, and answers."""
