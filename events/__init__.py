"""Progress streams to listeners, in this process and over Redis. Imports only `core`."""
