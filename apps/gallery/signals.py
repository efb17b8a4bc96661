"""What other rooms may want to hear."""

from django.dispatch import Signal

photo_uploaded = Signal()  # sent with photo=, inside the transaction that makes it
# Sent with albums= (the album of each photo that goes, by their ids), inside the transaction.
photos_deleting = Signal()
input_refused = Signal()  # sent with code=, after a file, a mask or an address was turned down
