"""HTTP code below the apps: proxies, requests, caching, static files, error base classes."""
