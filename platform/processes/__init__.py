"""The processes of an installation: how they are started, watched and stopped."""
