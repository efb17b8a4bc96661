"""`make bench-vision`'s table of the network's forms."""

from benchmarks.vision import network_alone
from tests.vision.conftest import ConvertedNetwork


def test_a_form_is_measured_in_a_process_of_its_own(converted: ConvertedNetwork) -> None:
    found = network_alone.measure("onnx", converted.folder / "hifill.onnx", {})
    assert found.ready > 0
    assert found.first > 0
    assert len(found.fastest) == len(network_alone.SHARES)
    assert 20 * 2**20 < found.peak_bytes < 4 * 2**30
