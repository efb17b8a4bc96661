"""How mail leaves: to the console, by SMTP, or through Amazon SES with the task's own role."""

from urllib.parse import unquote

from config.env import BadSetting, address_of, port_of

NAME = "VANISH_MAIL_URL"
SECONDS = 10


def mailer(url: str, *, endpoint_url: str | None) -> dict[str, object]:
    """Django's MAILERS entry: from smtp[s]://USER:PASSWORD@HOST:PORT, ses://REGION, or nothing.

    smtp speaks STARTTLS, smtps TLS from the start. `endpoint_url` is another address of SES than
    AWS's own. Raises BadSetting.
    """
    if not url:
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = address_of(NAME, url)
    if parts.scheme not in {"smtp", "smtps", "ses"} or not parts.hostname:
        raise BadSetting(
            NAME, "only smtp[s]://USER:PASSWORD@HOST:PORT and ses://REGION are understood"
        )
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
            "port": port_of(NAME, parts) or (465 if is_tls else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": is_tls,
            "use_tls": not is_tls,
            "timeout": SECONDS,
        },
    }
