"""Addresses of the stage tracking."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
