"""HEIC files that pillow-heif 1.3 (libheif 1.23, x265) wrote, because pi-heif can't encode.

All show `images.build_quarters(64, 48)`, at quality 50.
"""

import base64
import zlib

_FILES = {
    "icc": (
        "eNqVU2tIFFEU/mamTcs1owdYSq2mJtHLXtQvt1WITMw2lax+NDu76w7M7g6zq7VFpGBUsIRkZRbaVlBBUFSi1Y+y"
        "XAjEoAcY0Tt6kBj2tMhsOnd3zZD60Zm5c7773XPu3PudewGkOv0B1eWQJZC5ZWcOw25ZdALCDbfDLyJqaS67osUw"
        "VFnyY4Sly4o3Mkm+GRw9ZMLrqCc7Qm2GLHuckR5jJ1PHwcd6rioph8Fxqux3D4UIFlnVVPLpsip5iauisDxOIAp1"
        "kaBp7/Fj8Ns3IEnYRBnJZs7I6ToLEFiEwN5pV3izSIOzLBw3YiRkqjEc7Hl58vKleNd8E1EC+yDNRuGj87nrvvY9"
        "AL9O8iqaqnlp6XyhIrl9o8yklMevWVdYTOvK15viepCAKRiFNCwSJZ+6vLi4EP+0/u6oKPfmsLnwf5Zgd/hIZC6e"
        "8BJJ1agKHK0GhZv9KsNBwpMkl2gnHCI8W6MFEu5ivC2KnzFcEcWfGdZKrHm0NzanqeIPbPsDSy6N6sJnE85wK5VS"
        "bD1sJ0aHp3Qt+anUUuGDFStggQk2VEKGAj/mkPeQZn/Pmx/JK4KXciT6qghAo4wKuCh3NrGVNKuDvJN4Bz0KAkz3"
        "kXr6nAsXRGc3WgDDE13/lAnE1QODdbo+cEzXB49TfR8B7Z7hfC/ptPQL8XXDXMZROlK1QGvHMGdrANp2AckPVFGL"
        "3go6ReCddC4+ngISy4GJt4GxG6JaxcZx4j5Qso1KdAtoPAxkUXzSRqa77FMdMT3MsZYtKaIaw1xMm6ErxOu6/p55"
        "auNVeYsc+UV8PKtPsqy6xd/acoYaXjDUsp+77SK7qQ3Z3LmJ1a9yvupXF+c+fJcbvuAsCoXn9Z8eqG/9KVvDKXub"
        "Z3bW/hT7PoSOj12UFdCf7X0a9MW9Tl+9xpD4ZtXjHm76roLwjqQXu7c/bt7Z8rZDN7ZXJyjXure+7fceO7f7fFOZ"
        "0nShZn/GhDstY1buKy/ovTiwLGXSoefBjgM3z7bxmZ31D+72PeoqMzZ+v59ypmpuadDb6yoe/wvcawL5"
    ),
    "ten bits": (
        "eNpjYGCQSSupLMhIzaxgAILczDRDEDs3MzGNgYGxJje1JJEBAhQzUnKKoGyGgszkEgY0oJSZk58MYrg4MDACIRAw"
        "LoDQQOANxMqZmXlpYB5IVBTISWWC8jLKkg1BTL6CzJJcuJI/mQVFBUD6TmZBcj6QLgUqc2Zk4QAy5+4AKZL7wPDn"
        "769fDAz8zAlAHeIOjDyM//+DFDCDVTADlexickgEymk5MTKiSixQaGS5mbfOK3t2Q1szE0jMCEQwCSQBlbO5MB4s"
        "PtAJtEM4OT+nKC85pwIoysvA1gAUEsksLkiFeswBijWScxILoGyQ2w2gNAgw/f///wOIBmKBgsyKTJAgMxcXF5CS"
        "yCzIhYUxMNhYG5mYWVuA7ODclERQGLtrMK4Xbnhq9Pn/p4v+P1POf94zc/IKQ+5/Hv27Nuq/6dJx3PHyUa1G/9uG"
        "/5aHFBY77F2Tl/M+5lWgqtS7TeaVmn8zn8hIZz0Q1y0HAMD6cBE="
    ),
    "alpha": (
        "eNpjYGCQSSupLMhIzUxmAILczDRDEDs3MzGNgYEpOze1JJEBAhQzUnKKoGyGgszkEgY0YJKZkw82xMWBgYmBEcRi"
        "6ofQQDAbKAYEzFpwkWIgtsjMzEsD80CyokBOKlgZUE1GWbIhA4ogE0KQryCzJJcBqpJxVWZBUQGQbsosSM4HipUB"
        "lTkzMgOFGCaAFcl9YPjz98cPBgZ+5gSgDgkHRh7G//9BCphBKphBSG4Xk0MiUFLLiZERTWaBQiPrtFdPlu3cwZFh"
        "oAAUYgYRDIpJQOVsLowHiw90Ai0RTs7PKcpLzqkAivIysDUAhUQyiwtSod51gGKN5JzEAigbFBQGUBrsw////3+A"
        "BoZAQWZFJjjIODg4QEEO9hQLiDn/B8xTfxCeEod4CqSAGawC6HaYn1SBfkKVONDEIha9etKsZweA7uRpAAm2oHqH"
        "D2Y/I8hK9cTSCmcQr7Qozyq3IDXdKiO1LNnKyMDQ1AoolZliBY4XhcyCXFiCAaYB1kYmZtYWBibWNmb2jhagmFRm"
        "UWoaVJ4PqC8HnFJAcSiWm5IISlLTNRjXCzc8Nfz+f5+p/e239kc2pfktOKL/bcXvydv+ZQYdke6bp36q5V/i+48L"
        "FnGZqFX+f9B3v6eY/ZmSfyAr73Pvu68Y5du9jtTzP+qovTuvdcvLw/95DjRw5+y/VvXyW/7C9R0b54blzN3UOEVF"
        "6OIWTs9JkV5vNv+2lBaZ8bDn8NTj67YzqZ6afPPS+ztnwnhm/rouvbpML7Qn/01GgADQafkajOvUn9/Z/v//rOel"
        "Xvfvtb+NX5VYdn6i/sXTGla3Z4m9TmL6K5DdE7efYf+8acsyyuIDpQ2mmH2Z1F5nc/XD3o/hUeHzb02JvmK+zYHF"
        "54q+g6Jxaxr/fPOHq7fapzZILmJMbFlpsFGr/0QQW5Jw6hcl3gkA2s8BMw=="
    ),
    "turned": (
        "eNpjYGCQSSupLMhIzUxmAILczDRDEDs3MzGNgYHxRG5qSSIDBChmpOQUQdkMBZnJJQxowCQzJx9siIsDAxMDI4jF"
        "+AZCA8FsoBgQMLXDRVSA2CIzMy8NzAPJigI5qWBlQDUZZcmGDEiCjCAlrhWZYOV8BZkluQxQlYzsmQVFBUD2s8yC"
        "5HwgXQbU68zIDBKaAFYk94Hhz98fPxgY+JkTgDokHBh5GP//BylgBqlgBiG5XUwOiUBJLSdGRjSZBQqNrNNePVm2"
        "cwdHhoECUIgZRDAoJgGVs7kwHiw+0Am0RDg5P6coLzmnAijKy8DWABQSySwuSIV61wGKNZJzEgugbFBQGEBpcCD8"
        "////AzQwBAoyKzJBgswcHBxAijOzKL8E6B4GycyCXFikMDIwsjUyMbO2tAE5UplFqWlQCb7klOJkcDSAzD6em5II"
        "iq/pGozrhRueGn7/v8/U/vZb+yOb0vwWHNH/tuL35G3/MoOOSPfNUz/V8i/x/ccFi7hM1Cr/P+i731PM/kzJP5CV"
        "97n33VeM8u1eR+r5H3XU3p3XuuXl4f88Bxq4c/Zfq3r5LX/h+o6Nc8Ny5m5qnKIidHELp+ekSK83m39bSovMeNhz"
        "eOrxdduZVE9Nvnnp/Z0zYTwzf12XXl2mF9qT/yYjQADoNDZI1Pr6MmgBeRwMjIxCoNAHhTDERwASaKgZ"
    ),
    "mirrored": (
        "eNpjYGCQSSupLMhIzUxmAILczDRDEDs3MzGNgYHxUm5qSSIDBChmpOQUQdkMBZnJJQxowCQzJx9siIsDAxMDI4jF"
        "+A1CA8FsoBgQME2Ei6gAsUVmZl4amAeSFQVyUsHKgGoyypINGZAEGUFKXCsywcr5CjJLchmgKhkFMwuKCoDs95kF"
        "yflAugyo15mRGSQ0AaxI7gPDn78/fjAw8DMnAHVIODDyMP7/D1LADFLBDEJyu5gcEoGSWk6MjGgyCxQaWae9erJs"
        "5w6ODAMFoBAziGBQTAIqZ3NhPFh8oBNoiXByfk5RXnJOBVCUl4GtASgkkllckAr1rgMUayTnJBZA2aCgMIDS4ED4"
        "////B2hgCBRkVmSCBJk5ODiAFGdmUX4JM5iRm1kE0iGVWZALix1GBkb2RiZm1pa2drBMUWoaVIYvOaU4GRwhID3H"
        "c1MSQTE3XYNxvXDDU8Pv//eZ2t9+a39kU5rfgiP631b8nrztX2bQEem+eeqnWv4lvv+4YBGXiVrl/wd993uK2Z8p"
        "+Qey8j73vvuKUb7d60g9/6OO2rvzWre8PPyf50ADd87+a1Uvv+UvXN+xcW5YztxNjVNUhC5u4fScFOn1ZvNvS2mR"
        "GQ97Dk89vm47k+qpyTcvvb9zJoxn5q/r0qvL9EJ78t9kBAgAncYGiWRfXwYtII+DgZFRCBQPQOezQnwEAJkJqo0="
    ),
    "grey": (
        "eNpjYGCQSSupLMhIzaxgAILczDRDEDs3MzGNgYGxNDe1JJEBAhQzUnKKoGyGgszkEgY0oJSZk58MYrg4MDACIRAw"
        "zoTQQAAyXjkzMy8NzAOJigI5qUxQXkZZsiGIyVeQWZILV/I1s6CoAEhfzSxIzgdZC1TmzMjCAWTO/wFSJPeB4c+f"
        "H0AmP3MCUIe4AyMP4///IAXMYBXMQCW7mBwSgXKqToyMqBIHmljEoldPmvXsQAMDA08DSLAlCaiSzYXxYPGBTqDx"
        "wsn5OUV5yTkVQFFeBjagEgaRzOKCVKifHKBYIzknsQDKBjnbAEqDANP///8/gGiI5yoywX4D+UAisyAXFrjA8GJt"
        "ZGJmbQGyG3JTEkGBW6LBuE798Af//9tDE9YG//v0VbBaecYscweLnvR/HMtrOvzS7B87KH94GdH/8E8g9+L9+Ymr"
        "in4wmO/4dC14vebtj4nLBGeYrlT7pagwbVvY05h1p+03T9zo2SdxxjKm6nWBUsxK27l6f88cTTg5f21e1fakpxHH"
        "/h3rOQEAyYeJMg=="
    ),
    "two": (
        "eNpjYGCQSSupLMhIzUxmAILczDRDEDs3MzGNgYFxTW5qSSIDBChmpOQUQdkMBZnJJQxowCQzJx9siIsDAxMDI4jF"
        "eAFCA8FsoBgQMGXDReSA2CIzMy8NzAPJigI5qWBlQDUZZcmGDCiCTAhBvoLMklwGqEpG1syCogIg+25mQXI+kC4D"
        "KnNmZAYJTYBY9YHhz98fPxgY+JkTgDokHBh5GP//BylgBqlgBiG5XUwOiUBJLSdGRjSZBQqNrNNePVm2cwdHhoEC"
        "UIgZRDAoJgGVs7kwHiw+0Am0RDg5P6coLzmnAijKy8DWABQSySwuSIV61wGKNZJzEgugbFBQGEBpsA//////ARoY"
        "AgWZFZkgQWYODg4gpZBZkAuLC2DwsjYyMbO2MDBBaQaGg7kpiaA4ma7BuF644anh9//7TO1vv7U/sinNb8ER/W8r"
        "fk/e9i8z6Ih03zz1Uy3/Et9/XLCIy0St8v+Dvvs9xezPlPwDWXmfe999xSjf7nWknv9RR+3dea1bXh7+z3OggTtn"
        "/7Wql9/yF67v2Dg3LGfupsYpKkIXt3B6Tor0erP5t6W0yIyHPYenHl+3nUn11OSbl97fORPGM/PXdenVZXqhPflv"
        "MgIEgE6TAjvth8DD5f//+Gr8/1V6nv/ymerPiyacbwAAXV+v1A=="
    ),
}

_ALPHA, _UNKNOWN = b"urn:mpeg:hevc:2015:auxid:1", b"urn:mpeg:hevc:2015:auxid:9"


def read_heic(kind: str) -> bytes:
    """Return the HEIC file of this kind.

    - "icc": with a colour profile, see `extract_profile`
    - "ten bits": 10 bits a channel
    - "alpha": the left half is transparent
    - "turned": to be rotated as by EXIF orientation 6 (irot)
    - "mirrored": to be rotated and mirrored as by orientation 5 (irot and imir)
    - "grey": without colours
    - "two": with a second picture
    - "more inside": with an auxiliary picture that is not to be shown, like a gain map
    """
    if kind == "more inside":
        return read_heic("alpha").replace(_ALPHA, _UNKNOWN)
    return zlib.decompress(base64.b64decode(_FILES[kind]))


def set_colours(data: bytes, primaries: int, transfer: int) -> bytes:
    """Return the HEIC or AVIF with these colour numbers (ITU-T H.273) and the same pixels."""
    start = data.index(b"colrnclx") + 8
    return data[:start] + bytes([0, primaries, 0, transfer]) + data[start + 4 :]


def extract_profile(data: bytes) -> bytes:
    """Return the ICC profile from its box (ISO/IEC 14496-12, 12.1.5)."""
    start = data.index(b"colrprof")
    return data[start + 8 : start - 4 + int.from_bytes(data[start - 4 : start], "big")]
