"""The stacks of an environment, one in each file."""
