"""HTTP plumbing below the apps."""
