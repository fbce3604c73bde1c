from typing import Any

app_name = "budgeting"
urlpatterns: list[Any] = []
