"""What the service is measured against: the naive form, and what the bare libraries can do."""
