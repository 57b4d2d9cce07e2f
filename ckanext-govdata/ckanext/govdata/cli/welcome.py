"""What ``make run`` says at its end: address, accounts, what to try."""

from __future__ import annotations

from rich.table import Table

from ckanext.govdata.embedded import demo
from ckanext.govdata.embedded.home import Home
from ckanext.govdata.embedded.messages import Message

from .console import Terminal

_ROLES = {
    "developer": Message("开发者", "developer"),
    "developer2": Message("另一开发者", "another developer"),
    "compiler": Message("部门编目", "department compiler"),
    "compiler2": Message("其他部门编目", "compiler of another department"),
    "reviewer": Message("部门审核（保密审查）", "department reviewer (confidentiality)"),
    "reviewer2": Message("其他部门审核", "reviewer of another department"),
    "administrator": Message("政务信息管理部门", "administrator"),
    "supervisor": Message("监督", "supervisor"),
    "auditor": Message("审计（只读）", "auditor (reads only)"),
    "sysadmin": Message("系统管理员", "system administrator"),
}
_TRY = (
    Message(
        "搜索“停车”“低保”“工商”，看数据集的预览、数据项和下载",
        "search 停车, 低保 or 工商; preview and download a dataset",
    ),
    Message(
        "以部门编目登录 → 发布工作台 → 上传一个含个人信息的 CSV/XLSX,核对列、运行脱敏、看报告、提交",
        "sign in as the compiler → release desk → upload a CSV/XLSX with personal data, check, run, submit",
    ),
    Message(
        "以部门审核登录 → 待审核：保密审查签字、批准，数据随即公开",
        "sign in as the reviewer → queue: sign off, approve; the data become public",
    ),
    Message("make stop 停止；make doctor 自检；govdata logs 看日志", "make stop; make doctor; govdata logs"),
)


def welcome(terminal: Terminal, home: Home) -> None:
    """Print it from ``run.json``."""
    told = demo.told(home)
    heads = Message("角色|部门|用户名|口令", "role|department|name|password").within(terminal.lang).split("|")
    table = Table(*heads, title=Message("演示账号", "Demo accounts").within(terminal.lang))
    for account in told.get("accounts", []):
        kind = account["role"].split(":")[0]
        role = _ROLES.get(kind, Message(kind, kind))
        department = account.get("organization_title") or account.get("organization") or ""
        table.add_row(role.within(terminal.lang), str(department), account["name"], account["password"])
    terminal.say(Message("", ""))
    terminal.console.print(table)
    terminal.say(Message("可以试试：", "What to try:"))
    for line in _TRY:
        terminal.say(Message(f"  · {line.zh}", f"  · {line.en}"))
    terminal.say(
        Message(
            f"\n系统已就绪：{home.site_url}\n账号和接口令牌另见 {home.run_json}",
            f"\nReady: {home.site_url}\nAccounts and API tokens: {home.run_json}",
        ),
        style="bold green",
    )
