"""HTTP plumbing below the apps: proxies, requests, caching, static files, error bases."""
