"""The expected status of every address for every caller.

owner, editor and viewer are members of the album with all rows; stranger has an account; nobody
has none. reader and expired are tokens of the owner: one may only read, the other has expired.
"""

STATUSES = """
address                 verb    owner  editor viewer stranger nobody reader expired

api-me                  GET     200    200    200    200      401    200    401
api-engines             GET     200    200    200    200      401    200    401
api-schema              GET     200    200    200    200      200    200    200
api-unknown             GET     404    404    404    404      401    404    401
api-unknown             POST    404    404    404    404      401    404    401
api-unknown             PUT     404    404    404    404      401    404    401
api-unknown             PATCH   404    404    404    404      401    404    401
api-unknown             DELETE  404    404    404    404      401    404    401
api-tokens              GET     200    200    200    200      401    200    401
api-tokens              POST    201    201    201    201      401    403    401
api-token               DELETE  204    404    404    404      401    403    401
api-examples            GET     200    200    200    200      401    200    401
api-example-thumbnail   GET     200    200    200    200      401    200    401

api-albums              GET     200    200    200    200      401    200    401
api-albums              POST    201    201    201    201      401    403    401
api-album               GET     200    200    200    404      401    200    401
api-album               PATCH   200    200    403    404      401    403    401
api-album               DELETE  204    403    403    404      401    403    401
api-members             GET     200    200    200    404      401    200    401
api-members             POST    201    403    403    404      401    403    401
api-member              GET     200    200    200    404      401    200    401
api-member              PATCH   200    403    403    404      401    403    401
api-member              DELETE  204    403    204    404      401    403    401

api-share-links         GET     200    403    403    404      401    200    401
api-share-links         POST    201    403    403    404      401    403    401
api-share-link          DELETE  204    403    403    404      401    403    401

api-webhooks            GET     200    200    200    200      401    200    401
api-webhooks            POST    201    201    201    201      401    403    401
api-webhook             GET     200    404    404    404      401    200    401
api-webhook             PATCH   200    404    404    404      401    403    401
api-webhook             DELETE  204    404    404    404      401    403    401
api-webhook-rotate      POST    200    404    404    404      401    403    401
api-webhook-test        POST    202    404    404    404      401    403    401
api-webhook-deliveries  GET     200    404    404    404      401    200    401
api-webhook-delivery    GET     200    404    404    404      401    200    401
api-webhook-replay      POST    202    404    404    404      401    403    401

api-uploads             GET     200    200    200    200      401    200    401
api-uploads             POST    201    201    403    404      401    403    401
api-upload              GET     200    404    404    404      401    200    401
api-upload              DELETE  204    404    404    404      401    403    401
api-upload-photo        POST    201    404    404    404      401    403    401
api-upload-part         PUT     404    404    404    404      404    404    404

api-photos              GET     200    200    200    200      401    200    401
api-photos              POST    201    201    403    404      401    403    401
api-photo               GET     200    200    200    404      401    200    401
api-photo               PATCH   200    200    403    404      401    403    401
api-photo               DELETE  204    204    403    404      401    403    401
api-photo-original      GET     200    200    200    404      401    200    401
api-photo-undo          POST    200    200    403    404      401    403    401
api-photo-redo          POST    200    200    403    404      401    403    401
api-detections          GET     200    200    200    404      401    200    401
api-detections          POST    202    202    403    404      401    403    401
api-detection-run       GET     200    200    200    404      401    200    401
api-detection-run       DELETE  202    202    403    404      401    403    401
api-masks               GET     200    200    200    404      401    200    401
api-masks               POST    201    201    403    404      401    403    401
api-mask                GET     200    200    200    404      401    200    401
api-mask                PATCH   200    200    403    404      401    403    401
api-mask                DELETE  204    204    403    404      401    403    401
api-mask-file           GET     200    200    200    404      401    200    401
api-outlines            POST    409    409    403    404      401    403    401
api-edits               GET     200    200    200    404      401    200    401
api-edits               POST    202    202    403    404      401    403    401
api-all-edits           GET     200    200    200    200      401    200    401
api-edit-forewarnings   POST    200    200    403    404      401    403    401
api-edit                GET     200    200    200    404      401    200    401
api-edit-variants       POST    202    202    403    404      401    403    401
api-edit                DELETE  202    202    403    404      401    403    401
api-vanish              POST    202    202    202    202      401    403    401
api-revisions           GET     200    200    200    404      401    200    401
api-revision            GET     200    200    200    404      401    200    401
api-revision-restore    POST    200    200    403    404      401    403    401
api-revision-thumbnail  GET     200    200    200    404      401    200    401
api-revision-preview    GET     200    200    200    404      401    200    401
api-revision-download   GET     200    200    200    404      401    200    401

livez                   GET     200    200    200    200      200    200    200
readyz                  GET     200    200    200    200      200    200    200
metrics                 GET     404    404    404    404      404    404    404
home                    GET     302    302    302    302      200    200    200
photos                  GET     200    200    200    200      302    302    302
album                   GET     200    200    200    404      302    302    302
photo                   GET     200    200    200    404      302    302    302
tokens                  GET     200    200    200    200      302    302    302
problems                GET     200    200    200    200      200    200    200
docs                    GET     200    200    200    200      200    200    200
api-reference           GET     200    200    200    200      200    200    200
api-text                GET     200    200    200    200      200    200    200
problem                 GET     200    200    200    200      200    200    200
shared                  GET     200    200    200    200      200    200    200
shared-photo            GET     200    200    200    200      200    200    200
shared-thumbnail        GET     200    200    200    200      200    200    200
shared-preview          GET     200    200    200    200      200    200    200
shared-download         GET     200    200    200    200      200    200    200
queue                   GET     302    302    302    302      302    302    302
admin-thumbnail         GET     302    302    302    302      302    302    302
"""

MEMBERS_ACCOUNT_PAGES = {
    "account_change_password",
    "account_email",
    "account_reauthenticate",
    "account_set_password",
}
OPEN_ACCOUNT_PAGES = {
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
}
