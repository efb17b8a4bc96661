"""HiFill's network: the released graph, a faster ONNX model of it, and the proof."""
