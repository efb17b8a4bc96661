"""Every cause of a refusal by its code: what it means and what to do."""
