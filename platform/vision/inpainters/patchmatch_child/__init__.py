"""The child process of PatchMatch; a package of its own, because it must start fast."""
