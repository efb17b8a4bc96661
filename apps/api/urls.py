"""The URLs of the API, version 1."""

from django.urls import path, re_path

from api.views.accounts import MeView, TokensView, TokenView
from api.views.albums import AlbumsView, AlbumView, MembersView, MemberView
from api.views.detections import DetectionRunView, DetectionsView
from api.views.edits import (
    AllEditsView,
    EditsView,
    EditView,
    ForewarningsView,
    VariantsView,
)
from api.views.engines import EnginesView
from api.views.examples import ExamplesView, ExampleThumbnailView
from api.views.masks import MaskFileView, MasksView, MaskView
from api.views.outlines import OutlinesView
from api.views.photos import OriginalView, PhotosView, PhotoView, RedoView, UndoView
from api.views.revisions import (
    DownloadView,
    PreviewView,
    RestoreView,
    RevisionsView,
    RevisionView,
    ThumbnailView,
)
from api.views.share_links import ShareLinksView, ShareLinkView
from api.views.site import SchemaView, UnknownView
from api.views.uploads import UploadPartView, UploadPhotoView, UploadsView, UploadView
from api.views.vanish import VanishView
from api.views.webhooks import (
    DeliveriesView,
    DeliveryView,
    ReplayView,
    RotateSecretView,
    WebhooksView,
    WebhookTestView,
    WebhookView,
)

UPLOAD = "uploads/<uuid:upload_id>/"
PHOTO = "photos/<uuid:photo_id>/"
REVISION = "revisions/<uuid:revision_id>/"
MEMBERS = "albums/<uuid:album_id>/members/"
WEBHOOK = "webhooks/<uuid:webhook_id>/"
DELIVERY = "webhook-deliveries/<uuid:delivery_id>/"

urlpatterns = [
    path("auth/tokens/", TokensView.as_view(), name="api-tokens"),
    path("auth/tokens/<uuid:token_id>/", TokenView.as_view(), name="api-token"),
    path("me/", MeView.as_view(), name="api-me"),
    path("engines/", EnginesView.as_view(), name="api-engines"),
    path("albums/", AlbumsView.as_view(), name="api-albums"),
    path("albums/<uuid:album_id>/", AlbumView.as_view(), name="api-album"),
    path(MEMBERS, MembersView.as_view(), name="api-members"),
    path(f"{MEMBERS}<uuid:member_id>/", MemberView.as_view(), name="api-member"),
    path("albums/<uuid:album_id>/share-links/", ShareLinksView.as_view(), name="api-share-links"),
    path("share-links/<uuid:link_id>/", ShareLinkView.as_view(), name="api-share-link"),
    path("uploads/", UploadsView.as_view(), name="api-uploads"),
    path(UPLOAD, UploadView.as_view(), name="api-upload"),
    path(f"{UPLOAD}photo/", UploadPhotoView.as_view(), name="api-upload-photo"),
    path(f"{UPLOAD}parts/<int:number>/", UploadPartView.as_view(), name="api-upload-part"),
    path("photos/", PhotosView.as_view(), name="api-photos"),
    path(PHOTO, PhotoView.as_view(), name="api-photo"),
    path(f"{PHOTO}original/", OriginalView.as_view(), name="api-photo-original"),
    path(f"{PHOTO}undo/", UndoView.as_view(), name="api-photo-undo"),
    path(f"{PHOTO}redo/", RedoView.as_view(), name="api-photo-redo"),
    path(f"{PHOTO}detections/", DetectionsView.as_view(), name="api-detections"),
    path("detection-runs/<uuid:run_id>/", DetectionRunView.as_view(), name="api-detection-run"),
    path(f"{PHOTO}masks/", MasksView.as_view(), name="api-masks"),
    path(f"{PHOTO}outlines/", OutlinesView.as_view(), name="api-outlines"),
    path(f"{PHOTO}edits/", EditsView.as_view(), name="api-edits"),
    path(f"{PHOTO}edits/forewarnings/", ForewarningsView.as_view(), name="api-edit-forewarnings"),
    path(f"{PHOTO}revisions/", RevisionsView.as_view(), name="api-revisions"),
    path("masks/<uuid:mask_id>/", MaskView.as_view(), name="api-mask"),
    path("masks/<uuid:mask_id>/file/", MaskFileView.as_view(), name="api-mask-file"),
    path("edits/", AllEditsView.as_view(), name="api-all-edits"),
    path("edits/<uuid:edit_id>/", EditView.as_view(), name="api-edit"),
    path("edits/<uuid:edit_id>/variants/", VariantsView.as_view(), name="api-edit-variants"),
    path(REVISION, RevisionView.as_view(), name="api-revision"),
    path(f"{REVISION}restore/", RestoreView.as_view(), name="api-revision-restore"),
    path(f"{REVISION}thumbnail/", ThumbnailView.as_view(), name="api-revision-thumbnail"),
    path(f"{REVISION}preview/", PreviewView.as_view(), name="api-revision-preview"),
    path(f"{REVISION}download/", DownloadView.as_view(), name="api-revision-download"),
    path("examples/", ExamplesView.as_view(), name="api-examples"),
    path(
        "examples/<str:example_id>/thumbnail/",
        ExampleThumbnailView.as_view(),
        name="api-example-thumbnail",
    ),
    path("webhooks/", WebhooksView.as_view(), name="api-webhooks"),
    path(WEBHOOK, WebhookView.as_view(), name="api-webhook"),
    path(f"{WEBHOOK}rotate-secret/", RotateSecretView.as_view(), name="api-webhook-rotate"),
    path(f"{WEBHOOK}test/", WebhookTestView.as_view(), name="api-webhook-test"),
    path(f"{WEBHOOK}deliveries/", DeliveriesView.as_view(), name="api-webhook-deliveries"),
    path(DELIVERY, DeliveryView.as_view(), name="api-webhook-delivery"),
    path(f"{DELIVERY}replay/", ReplayView.as_view(), name="api-webhook-replay"),
    path("vanish/", VanishView.as_view(), name="api-vanish"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    re_path(r"(?P<path>[\s\S]*)\Z", UnknownView.as_view(), name="api-unknown"),
]
