"""What subscribers are written: plain text, in the language they chose, with the way out in every letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from ckanext.govdata.subscriptions.delivery import Happened


def can_write() -> bool:
    """Whether a mail server is configured."""
    return bool(tk.config.get("smtp.server")) and bool(tk.config.get("smtp.mail_from"))


def address(path: str, language: str = "") -> str:
    """A page of this portal as the world reaches it."""
    start = str(tk.config["ckan.site_url"]).rstrip("/") + ("/en" if language == "en" else "")
    return start + path


def ask(to: str, language: str, name: str, confirm: str) -> None:
    """Ask the holder of the address whether it is really wanted. Raises MailerException."""
    link = address(f"/subscription/confirm?key={confirm}", language)
    site = tk.config.get("ckan.site_title", "")
    if language == "zh":
        subject = f"请确认订阅：{name}"
        body = (
            f"有人用这个邮箱在“{site}”订阅“{name}”的更新。\n\n"
            f"如果是您本人，请在 48 小时内打开下面的链接确认：\n{link}\n\n"
            "如果不是您本人，不必理会，我们不会再发邮件。\n"
        )
    else:
        subject = f"Please confirm: updates of {name}"
        body = (
            f"Somebody asked {site} to send this address news of “{name}”.\n\n"
            f"If it was you, please confirm within 48 hours:\n{link}\n\n"
            "If it was not, do nothing: no further mail will come.\n"
        )
    tk.mail_recipient("", to, subject, body)


def tell(to: str, language: str, name: str, events: Sequence[Happened], ending: str) -> None:
    """What is new, with the link that ends the subscription. Raises MailerException."""
    link = address(f"/subscription/end?key={ending}", language)
    lines = []
    for each in events:
        gone = each.event.endswith("withdrawn")
        if language == "zh":
            what = f"第 {each.number} 次发布已撤回" if gone else f"第 {each.number} 次发布"
            lines.append(f"· {each.title}（{each.department}）：{what}\n  {each.address}")
        else:
            what = f"release {each.number}" + (" withdrawn" if gone else "")
            lines.append(f"· {each.title} ({each.department}): {what}\n  {each.address}")
    if language == "zh":
        subject, foot = f"{name}：{len(events)} 项更新", f"不想再收到，请打开：\n{link}\n"
    else:
        subject, foot = f"{name}: {len(events)} updates", f"To stop these mails, open:\n{link}\n"
    headers = {"List-Unsubscribe": f"<{link}>"}
    tk.mail_recipient("", to, subject, "\n".join([*lines, "", foot]), headers=headers)
