"""The measurement of the network's runtimes in `make bench-vision`."""

import pytest

from benchmarks.vision import network
from tests.vision.conftest import ConvertedNetwork


@pytest.mark.parametrize("file", ["hifill.pb", "hifill.onnx"])
def test_a_network_is_measured_in_its_own_process(
    converted_network: ConvertedNetwork, file: str
) -> None:
    measurement = network.measure_file(converted_network.folder / file, {})
    assert measurement.ready > 0
    assert measurement.first > 0
    assert len(measurement.fastest) == len(network.SHARES)
    assert 20 * 2**20 < measurement.peak_bytes < 4 * 2**30
