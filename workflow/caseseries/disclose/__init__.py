"""One door out: restricted results in, releasable results out."""
