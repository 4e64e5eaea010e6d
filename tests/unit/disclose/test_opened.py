"""What the gate reads of pictures and pages whose text does not stand as it is written."""

import io
import zlib

from PIL import Image, PngImagePlugin

from caseseries.disclose.opened import texts


def test_a_packed_text_of_a_picture_is_read():
    about, file = PngImagePlugin.PngInfo(), io.BytesIO()
    about.add_text("Comment", "ward7-0042", zip=True)
    Image.new("L", (4, 4)).save(file, "PNG", pnginfo=about)
    assert b"ward7-0042" not in file.getvalue()
    assert "ward7-0042" in " ".join(text for _, text in texts("curve.png", file.getvalue()))


def test_a_stream_of_a_page_that_is_no_text_hides_no_other():
    page = zlib.compress(b"(ward7)-12(-0042) Tj")
    data = b"%PDF-1.4\nstream\nan image\nendstream\nstream\n" + page + b"\nendstream\n"
    assert "ward7-0042" in " ".join(text for _, text in texts("curve.pdf", data))
