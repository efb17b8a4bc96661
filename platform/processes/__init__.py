"""The processes of an installation: how they are started, supervised and stopped."""
