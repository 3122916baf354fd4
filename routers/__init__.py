"""HTTP routes: they read the request, call a service and declare the response for the OpenAPI document."""
