"""The servers that ours is measured against: a naive implementation, and the limits of the bare libraries."""
