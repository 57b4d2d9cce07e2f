"""Mail to one person, by the SMTP server of CKAN's settings; addresses and contents stay out of the log."""

from __future__ import annotations

import logging
import smtplib
from email.message import EmailMessage
from email.utils import formatdate

from ckan.plugins import toolkit as tk

log = logging.getLogger(__name__)

TIMEOUT = 20


def is_configured() -> bool:
    """Whether there is a server and a sender; without them nothing can be sent."""
    return bool(tk.config.get("smtp.server") and tk.config.get("smtp.mail_from"))


def send(address: str, subject: str, body: str) -> bool:
    """Whether the server has taken the mail. What went wrong is logged by its kind alone."""
    if not is_configured():
        log.warning("no mail was sent: smtp.server or smtp.mail_from is not set")
        return False
    config = tk.config
    message = EmailMessage()
    message.set_content(body, cte="base64")
    message["Subject"], message["From"], message["To"] = subject, str(config["smtp.mail_from"]), address
    message["Date"], message["Auto-Submitted"] = formatdate(localtime=False), "auto-generated"
    host, _, port = str(config["smtp.server"]).rpartition("://")[2].partition(":")
    try:
        with smtplib.SMTP(host, int(port or 0), timeout=TIMEOUT) as server:
            server.ehlo()
            if tk.asbool(config.get("smtp.starttls")):
                server.starttls()
                server.ehlo()
            if config.get("smtp.user"):
                server.login(str(config["smtp.user"]), str(config.get("smtp.password") or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as error:
        log.warning("a mail was not sent: %s", type(error).__name__)
        return False
    return True
