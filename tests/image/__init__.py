"""Proves the image: builds it without a Docker engine, and runs its roles as a container would."""
