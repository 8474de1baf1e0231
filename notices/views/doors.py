"""The doors of the three kinds of people."""

from members import access
from members.views.doors import only, refused, signin_first

__all__ = ["chair_only", "only", "pharmacy_only", "refused", "signin_first", "staff_only"]

staff_only = only(access.is_staff)
chair_only = only(access.is_chair)
pharmacy_only = only(access.is_pharmacy)
