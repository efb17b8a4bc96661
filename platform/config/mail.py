"""The mail setting: to the console, by SMTP, or through Amazon SES with the task's own role."""

from urllib.parse import unquote

from config.env import BadSetting, parse_port, parse_url

NAME = "VANISH_MAIL_URL"
TIMEOUT_SECONDS = 10


def mailer(url: str, *, endpoint_url: str | None) -> dict[str, object]:
    """Return Django's MAILERS entry.

    Args:
        url: smtp[s]://USER:PASSWORD@HOST:PORT, ses://REGION, or "" for the console. smtp uses
            STARTTLS, smtps uses TLS from the start.
        endpoint_url: an address of SES other than AWS's own, or None.

    Raises:
        BadSetting: the URL cannot be used.
    """
    if not url:
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = parse_url(NAME, url)
    if parts.scheme not in {"smtp", "smtps", "ses"} or not parts.hostname:
        raise BadSetting(NAME, "must look like smtp[s]://USER:PASSWORD@HOST:PORT or ses://REGION")
    if parts.scheme == "ses":
        client = {"region_name": parts.hostname, "endpoint_url": endpoint_url}
        return {
            "BACKEND": "anymail.backends.amazon_ses.EmailBackend",
            "OPTIONS": {"client_params": client},
        }
    is_tls = parts.scheme == "smtps"
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parse_port(NAME, parts) or (465 if is_tls else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": is_tls,
            "use_tls": not is_tls,
            "timeout": TIMEOUT_SECONDS,
        },
    }
