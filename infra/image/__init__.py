"""Programs that the stages of the Dockerfile run."""
