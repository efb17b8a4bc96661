"""Signals of this app that other apps listen to."""

from django.dispatch import Signal

photo_uploaded = Signal()  # sent with photo=, inside the transaction that creates it
# Sent with albums= (photo id -> album id of the deleted photos), inside the transaction.
photos_deleting = Signal()
input_refused = Signal()  # sent with code=, after a file, a mask or an address was refused
