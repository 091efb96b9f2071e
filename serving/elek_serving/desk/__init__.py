"""The desk: pages for the people who decide on goods lines. One module a page."""

from pathlib import Path

from elek_serving.desk import (
    auditor,
    decide,
    double_review,
    line_page,
    manifests_page,
    numbers,
    people,
    print_page,
    queue,
    sign_in,
)

routers = tuple(
    page.router
    for page in (
        sign_in,
        queue,
        line_page,
        decide,
        double_review,
        manifests_page,
        auditor,
        numbers,
        print_page,
        people,
    )
)
"""Every page of the desk."""

STATIC = Path(__file__).with_name("static")
"""Folder of the desk's style and script, served under ``/static``."""
