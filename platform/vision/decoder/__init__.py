"""Opens bytes from outside: the only code that does, run in a child process of its own.

`vision.images.decode` starts `python -m vision.decoder LIMITS`, sends the file to its standard
input and reads the canvas from its standard output. To start fast, nothing heavy is imported here.
"""
