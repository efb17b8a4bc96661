"""The lines that `manage.py up` prints when the web server responds for the first time."""

from django.conf import settings

from inpainting import engines

DETECTOR_TITLES = {"local": "EfficientDet-Lite0", "rekognition": "Amazon Rekognition"}


def build_banner() -> str:
    """Return the site's URL, the demo login, the engines, missing weights and the data folder."""
    host = "localhost" if settings.BIND_ADDRESS in {"0.0.0.0", "::"} else settings.BIND_ADDRESS  # noqa: S104
    lines = ["", f"  Vanish is at  http://{host}:{settings.PORT}/"]
    if settings.DEMO_ENABLED:
        lines.append(f"  Demo login    {settings.DEMO_EMAIL}  {settings.DEMO_PASSWORD}")
    lines += [*_describe_engines(), f"  Data          {settings.DATA_DIR}", "  Ctrl-C stops it", ""]
    return "\n".join(lines)


def _describe_engines() -> list[str]:
    detector = engines.get_detector_info()
    titles = {info.name: info.title for info in engines.list_inpainter_infos()}
    store = engines.get_model_store()
    missing = [weight for weight in store.list_expected() if not store.has(weight.name)]
    return [
        f"  Finds with    {DETECTOR_TITLES[detector.name] if detector.available else 'nothing'}",
        f"  Fills with    {titles[engines.get_default_inpainter_name()]}",
        *(f"  Missing       {weight.name}: {weight.without}" for weight in missing),
    ]
