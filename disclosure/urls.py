from typing import Any

app_name = "disclosure"
urlpatterns: list[Any] = []
