"""Addresses of the stage boards."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
