"""Fix the photos of every open share link to their current revisions.

Until now a link followed the photo, and Undo showed visitors what had been removed. Rows of the
previous release, which knows no fixed revisions, are not changed. The links that it creates while
both run have no fixed revisions: they also show later edits, but never an earlier revision.
"""

from django.db import migrations
from django.db.models import Q
from django.utils import timezone

BATCH = 1000


def fix_open_links(apps, schema_editor):
    ShareLink = apps.get_model("gallery", "ShareLink")
    SharedRevision = apps.get_model("gallery", "SharedRevision")
    Photo = apps.get_model("gallery", "Photo")
    is_open = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    links = ShareLink.objects.filter(is_open, revoked_at=None, always_newest=False)
    for link in links.iterator(chunk_size=BATCH):
        photos = Photo.objects.filter(album=link.album_id, current__isnull=False)
        if link.photo_id is not None:
            photos = photos.filter(pk=link.photo_id)
        SharedRevision.objects.bulk_create(
            [
                SharedRevision(link=link, photo_id=photo, revision_id=revision, is_fixed=True)
                for photo, revision in photos.values_list("pk", "current")
            ],
            batch_size=BATCH,
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('gallery', '0009_shared_revisions'),
    ]

    operations = [
        migrations.RunPython(fix_open_links, migrations.RunPython.noop),
    ]
