"""Inputs that people of the field met, tried on the running service: `make field FIELD=folder`."""
