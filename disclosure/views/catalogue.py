"""登记目录已公布的办理页。"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from core.views.acts import ActPage, SignedInRequest, act_page
from disclosure import services
from disclosure.forms import PublishCatalogueForm
from disclosure.models import CatalogueDuty


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    duty = get_object_or_404(CatalogueDuty.objects.visible_to(request.user).whole(), pk=pk)
    page = ActPage(
        back=duty.revision.get_absolute_url(),
        about=str(duty),
        facts=(("目录", duty.revision.catalogue), ("通过日", duty.opened_on)),
        note="在指定媒体或县政府门户公布之后登记；逾期的照样登记，记为逾期。",
        done="已登记公布，义务随之履行。",
    )
    return act_page(
        request,
        duty,
        "publish",
        do=services.publish_catalogue,
        page=page,
        form_class=PublishCatalogueForm,
    )
