"""The JSON of the API: what comes in is checked, what goes out is spelled out."""
