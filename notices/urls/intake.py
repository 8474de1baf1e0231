"""Addresses of the stage intake."""

from django.urls import URLPattern, path

from notices.views import packet_closing, packet_fates, packet_number, packets

urlpatterns: list[URLPattern] = [
    path("packets/", packets.packets, name="packets"),
    path("packets/new/", packets.packet_new, name="packet_new"),
    path("packets/<int:pk>/", packets.packet, name="packet"),
    path("packets/<int:pk>/number/", packet_number.correct, name="packet_number"),
    path("packets/<int:pk>/close/", packet_closing.close, name="packet_close"),
    path("packets/<int:pk>/letters/<int:index>/", packet_fates.decide, name="packet_letter"),
    path("packets/<int:pk>/pages/<int:page>", packets.packet_picture, name="packet_picture"),
    path("packets/<int:pk>/pages/<int:page>/turn/", packet_fates.turn, name="packet_turn"),
    path("packets/<int:pk>/file", packets.packet_file, name="packet_file"),
    path("packets/<int:pk>/file/<int:position>", packets.packet_file, name="packet_file"),
]
