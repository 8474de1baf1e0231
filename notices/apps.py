from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        """What events are about has names, which only this app knows."""
        from notices import subjects

        subjects.tell()
