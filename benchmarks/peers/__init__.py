"""Peers: what a user would otherwise take, each given the same training text."""
