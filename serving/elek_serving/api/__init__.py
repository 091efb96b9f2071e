"""The HTTP API: one module for each thing that is asked for."""

from elek_serving.api import scoring, status

routers = (status.router, scoring.router)
"""Every router of the API."""
