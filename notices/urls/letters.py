"""Addresses of the stage letters."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
