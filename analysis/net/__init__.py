"""HTTP to other servers: signatures, downloads, webhooks and the SSRF guard; imports only `analysis.failures`."""
