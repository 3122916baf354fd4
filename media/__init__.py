"""Opens files that strangers send: recognises, checks and cuts them, in processes of their own. Imports only `core`."""
