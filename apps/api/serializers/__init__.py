"""The JSON of the API: serializers check request bodies and build response bodies."""
