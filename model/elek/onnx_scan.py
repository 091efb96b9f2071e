"""Scan of an ONNX file's bytes for what a bundle must not hold, before onnxruntime sees them, without the onnx package.

It walks the protobuf fields that name operator sets, functions and external data, and leaves everything else to onnxruntime.
"""

from collections.abc import Iterator

from elek.errors import BundleError

KNOWN_DOMAINS = frozenset({"", "ai.onnx"})
"""Operator sets of ONNX itself; others would run code that this package did not choose."""

_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5
_MODEL_OPSET, _MODEL_GRAPH, _MODEL_FUNCTIONS = 8, 7, 25
_OPSET_DOMAIN, _NODE_ATTRIBUTE, _NODE_DOMAIN = 1, 5, 7
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_SPARSE = 1, 5, 15
_ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH, _ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS = 5, 6, 10, 11
_TENSOR_EXTERNAL, _TENSOR_LOCATION = 13, 14
_DEEPEST = 16


def check_model(model: bytes) -> None:
    """Refuse a graph that reaches outside its own bytes.

    Parameters
    ----------
    model : bytes
        Content of `model.onnx`.

    Raises
    ------
    BundleError
        If the bytes are no protobuf, or hold external data, operators of another domain, or functions of their own.
    """
    try:
        _check_model(memoryview(model))
    except (ValueError, IndexError) as error:
        raise BundleError(f"model.onnx is no ONNX file ({error}); export the bundle again") from error


def _check_model(model: memoryview) -> None:
    for number, value in _fields(model):
        if number == _MODEL_OPSET and isinstance(value, memoryview):
            for inner, domain in _fields(value):
                if inner == _OPSET_DOMAIN:
                    _check_domain(domain)
        elif number == _MODEL_FUNCTIONS:
            raise BundleError("model.onnx holds functions of its own; export the bundle again")
        elif number == _MODEL_GRAPH:
            _check_graph(value, 0)


def _check_graph(graph: memoryview | int, depth: int) -> None:
    if depth > _DEEPEST:
        raise ValueError("graphs nested too deep")
    for number, value in _fields(graph):
        if number == _GRAPH_NODE:
            _check_node(value, depth)
        elif number == _GRAPH_INITIALIZER:
            _check_tensor(value)
        elif number == _GRAPH_SPARSE:
            raise BundleError("model.onnx holds sparse tensors, which elek never writes; export the bundle again")


def _check_node(node: memoryview | int, depth: int) -> None:
    for number, value in _fields(node):
        if number == _NODE_DOMAIN:
            _check_domain(value)
        elif number == _NODE_ATTRIBUTE:
            for inner, content in _fields(value):
                if inner in (_ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS):
                    _check_tensor(content)
                elif inner in (_ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS):
                    _check_graph(content, depth + 1)


def _check_tensor(tensor: memoryview | int) -> None:
    for number, value in _fields(tensor):
        if number == _TENSOR_EXTERNAL or (number == _TENSOR_LOCATION and value != 0):
            raise BundleError(
                "model.onnx keeps data outside the file; export the bundle again, with all weights inside"
            )


def _check_domain(domain: memoryview | int) -> None:
    name = bytes(domain).decode("utf-8") if isinstance(domain, memoryview) else str(domain)
    if name not in KNOWN_DOMAINS:
        raise BundleError(f"model.onnx uses operators of the unknown domain '{name[:80]}'; export the bundle again")


def _fields(message: memoryview | int) -> Iterator[tuple[int, memoryview | int]]:
    """Walk the fields of a protobuf message: number, and bytes or integer."""
    if isinstance(message, int):
        raise ValueError("a number stands where a message belongs")
    at, end = 0, len(message)
    while at < end:
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if kind == _LENGTH:
            size, at = _varint(message, at)
        elif kind in (_EIGHT_BYTES, _FOUR_BYTES):
            size = 8 if kind == _EIGHT_BYTES else 4
        else:
            raise ValueError(f"unknown wire type {kind}")
        if size > end - at:
            raise ValueError("it ends in the middle of a field")
        yield number, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("a number of more than ten bytes")
