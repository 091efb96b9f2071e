"""The HTTP API: one module for each thing that is asked for."""

from elek_serving.api import decisions, manifests, scoring, status

routers = (status.router, scoring.router, manifests.router, decisions.router)
"""Every router of the API."""
