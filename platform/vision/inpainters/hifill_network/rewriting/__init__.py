"""The released graph rewritten to do less: the same numbers where they are needed."""
