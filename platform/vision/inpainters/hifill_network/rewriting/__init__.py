"""The rewriting of the released graph: fewer operations, same numbers where they are needed."""
