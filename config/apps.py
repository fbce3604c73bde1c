from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The installation itself: its commands see every app."""

    name = "config"
    label = "config"
