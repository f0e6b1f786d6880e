"""Fixtures of these tests."""

from .projects import project

__all__ = ["project"]
