"""What both servers need in the same form; imports nothing of either, and both images carry it."""
