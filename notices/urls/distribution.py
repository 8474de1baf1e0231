"""Addresses of the stage distribution."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
