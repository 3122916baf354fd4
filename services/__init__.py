"""Rules and queries of the application, one noun a file, without a web framework."""
