"""/disclosure/：公开义务。"""

from django.urls import path

from disclosure import views

app_name = "disclosure"
urlpatterns = [
    path("duties/", views.duties, name="duties"),
    path("duties/<int:pk>/register/", views.register, name="register"),
    path("projects/<int:pk>/", views.case, name="case"),
]
