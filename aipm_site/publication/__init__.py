"""Publication: staging, output gate, manifest and swap; a site that is right, or the one before."""
