"""/performance/：综合评估。"""

from django.urls import path

from performance import views

app_name = "performance"
urlpatterns = [
    path("projects/<int:pk>/", views.case, name="case"),
    path("evaluations/<int:pk>/opinion/", views.opinion, name="opinion"),
    path("evaluations/<int:pk>/conclude/", views.conclude, name="conclude"),
]
