"""Progress streams to listeners, in this process and in all others. Imports only `core`."""
