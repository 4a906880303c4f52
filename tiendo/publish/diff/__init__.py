"""What changed between two releases, told from the releases alone."""
