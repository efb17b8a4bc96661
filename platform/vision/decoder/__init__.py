"""Decoder of files from users and programs: the only code that opens them, in a child process.

`vision.images.decode` starts `python -m vision.decoder LIMITS`, sends the file to its standard
input and reads the canvas from its standard output. To start fast, nothing heavy is imported here.
"""
