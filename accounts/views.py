"""登录、退出与切换岗位。"""

from __future__ import annotations

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.middleware import SESSION_KEY


class SignInForm(AuthenticationForm):
    error_messages = {  # noqa: RUF012 - Django's own shape
        "invalid_login": "用户名或口令不对，没有登录。请核对后重试；"
        "连续五次不对，本机将停用十五分钟。",
        "inactive": "此账号已停用，没有登录。请联系系统管理员。",
    }


class SignIn(LoginView):
    """登录页。"""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class SignOut(LogoutView):
    """退出；只接受 POST。"""

    next_page = "home"

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


@require_POST
def act_as(request: HttpRequest) -> HttpResponse:
    """切换岗位：只能切到自己现任的，或者受托代理的岗位。"""
    wanted = request.POST.get("role", "")
    roles = request.user.posts() if request.user.is_authenticated else []
    if any(str(r.pk) == wanted for r in roles):
        request.session[SESSION_KEY] = int(wanted)
    to = request.POST.get("next", "")
    is_safe = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()})
    return redirect(to if is_safe else "core:desk")
