"""A write that holds although the proxies do not run it: the engine keeps what was written, and comes back to it at the next run.

The protocol of the engine has a word for that, dynamic providers of Python do not: it is sent through the call that is being
answered. Where that cannot be found, the error alone is told, and the state stays as it was before the write.
"""

import asyncio
import sys
from collections.abc import Mapping
from importlib import import_module
from types import FrameType
from typing import Any, NoReturn

import grpc
from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2

from pulumi_mesh.errors import MeshError

DETAILS = "grpc-status-details-bin"


def kept(error: MeshError, id_: str, outs: Mapping[str, Any]) -> NoReturn:
    """Tell the engine that a resource was written with these outputs, and why it is not well."""
    context = calling()
    if context is None:
        raise error
    ins = {key: value for key, value in outs.items() if key not in ("__cluster", "__release")}
    failed = provider_pb2.ErrorResourceInitFailed(
        id=id_, properties=struct(outs), inputs=struct(ins), reasons=[str(error)]
    )
    packed = Packed()
    packed.Pack(failed)
    # one of two modules that define the same message is loaded, and the other one cannot be then
    status = sys.modules.get("google.rpc.status_pb2") or import_module("pulumi.runtime.proto.status_pb2")
    said = status.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error), details=[packed])
    context.set_trailing_metadata(((DETAILS, said.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, str(error))
    raise error


def calling() -> grpc.ServicerContext | None:
    """Return the call of the engine that is being answered, if there is one."""
    frame: FrameType | None = sys._getframe()  # pyright: ignore[reportPrivateUsage] - the only way to the caller's caller
    while frame is not None:
        found = frame.f_locals.get("context")
        if isinstance(found, grpc.ServicerContext):
            return found
        frame = frame.f_back
    return None


def struct(props: Mapping[str, Any]) -> Struct:
    """Return properties as the protocol carries them."""
    return asyncio.run(rpc.serialize_properties(dict(props), {}))
