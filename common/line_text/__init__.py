"""Written lines → the words that a reader is expected to say, for both servers."""
