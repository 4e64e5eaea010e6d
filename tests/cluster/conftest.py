"""The finished local run that the workflow's tests share."""

from workflow.conftest import finished

__all__ = ["finished"]
