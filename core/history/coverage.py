"""Tables of the framework that the log does not cover, each with the reason an auditor reads."""

from accounts.recording import uncovered

uncovered("django_migrations", "数据库结构的版本记录，由框架维护，不含业务内容")
uncovered("django_content_type", "框架的模型名录，可由程序重建")
uncovered("auth_permission", "框架自带权限表，本系统不用（权限只来自任职表）")
uncovered("auth_group", "框架自带用户组，本系统不用")
uncovered("auth_group_permissions", "框架自带用户组权限，本系统不用")
uncovered("django_session", "登录会话，退出即失效")
uncovered("axes_accessattempt", "登录失败计数，用于防猜口令")
uncovered("axes_accesslog", "登录日志，属网络日志，另行留存不少于六个月")
uncovered("axes_accessfailurelog", "登录失败日志，属网络日志")
uncovered("axes_accessattemptexpiration", "登录失败计数的到期时间")
