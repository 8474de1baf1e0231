"""Addresses of the stage intake."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
