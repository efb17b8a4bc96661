"""What a file says about its photo: EXIF, XMP, IPTC and texts, rebuilt from lists of what is kept.

Nothing is copied that could hold a picture: an embedded preview would still show what was removed.
"""
