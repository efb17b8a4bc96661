"""Static files under names that carry their digest, so that browsers may keep them for ever."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStaticFiles(ManifestStaticFilesStorage):
    """Also rewrites the `import` lines of ES modules to the hashed names."""

    support_js_module_import_aggregation = True
    manifest_strict = False
