"""Which operation of which service a request is, read as moto reads it, and answers written as moto writes them.

moto's own routing, parsing and serializing by the models of botocore do the work, so one function takes and gives
Python values whatever the protocol of its service is: JSON, query, EC2's, REST with JSON or XML.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import UnknownServiceError
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import XFormedAttributePicker, get_serializer_class
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.moto_server.werkzeug_app import BackendRequest
from werkzeug.exceptions import NotFound

from cli.core.sandbox.server.service import Method, Service

_SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request")
"""Region and service in the header that signs a request (AWS Signature Version 4)."""

_MODELS = {
    "monitoring": "cloudwatch",
    "elasticloadbalancing": "elbv2",
    "airflow": "mwaa",
    "tagging": "resourcegroupstaggingapi",
}
"""botocore's model of a service, where it is not named as the service signs."""

_READS = re.compile(
    r"(BatchGet|Check|Describe|Filter|Get|Head|List|Lookup|Query|Scan|Search|Select|Simulate|Test)[A-Z]"
)


@dataclass(frozen=True, slots=True)
class Operation:
    """A request as far as its address says what it is."""

    service: str
    """botocore's name of the service, such as `s3`."""
    name: str
    """AWS's name of the operation, such as `PutBucketPolicy`; `Unknown` where botocore's model has none."""
    region: str
    model: OperationModel | None
    uri: Mapping[str, Any]
    """What the path says: the parameters that stand in it."""

    @property
    def is_change(self) -> bool:
        """Whether it may change something. Reads are known by AWS's verbs for them."""
        return _READS.match(self.name) is None

    def __str__(self) -> str:
        return f"{self.service}:{self.name}"

    def method(self, service: Service | None, prefix: str = "") -> Method | None:
        """The method of a service that is named as the operation, after ``prefix``."""
        return getattr(service, f"{prefix}{camelcase_to_underscores(self.name)}", None)


def body_of(environ: dict[str, Any]) -> bytes:
    """The body of a request, which can then be read again."""
    length = environ.get("CONTENT_LENGTH")
    source = environ["wsgi.input"]
    body: bytes = source.read() if environ.get("wsgi.input_terminated") else source.read(int(length or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def identify(environ: dict[str, Any], body: bytes) -> Operation:
    """The operation of a request whose body is ``body``."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if scope is None:
        return Operation(service="unsigned", name="Unknown", region="us-east-1", model=None, uri={})
    region, signed = scope.groups()
    service = "s3control" if signed == "s3" and environ["PATH_INFO"].startswith("/v20180820/") else signed
    service = _MODELS.get(service, service)
    try:
        model, uri = _router(service).match(_request(environ, body))
    except (NotFound, NotImplementedError):
        return Operation(service=service, name="Unknown", region=region, model=None, uri={})
    return Operation(service=service, name=str(model.name), region=region, model=model, uri=uri)


def parameters(operation: Operation, environ: dict[str, Any], body: bytes) -> Mapping[str, Any]:
    """The parameters of a request, named as in AWS's API reference. ``operation`` has a model."""
    assert operation.model is not None
    request = _request(environ, body)
    protocol = determine_request_protocol(operation.model.service_model, request.content_type)
    parsed: Mapping[str, Any] = PROTOCOL_PARSERS[protocol](operation.model).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data,
            "url_path": request.path,
            "url_params": dict(operation.uri),
        }
    )
    return parsed


def answer(operation: Operation, environ: dict[str, Any], result: object) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and body that say ``result``: the output of the operation, or an error of moto's."""
    assert operation.model is not None
    service = operation.model.service_model
    protocol = determine_request_protocol(service, environ.get("CONTENT_TYPE"))
    serializer = get_serializer_class(service.service_name, protocol)(
        operation_model=operation.model, value_picker=XFormedAttributePicker(response_transformers=None)
    )
    said = serializer.serialize(result)
    body = said["body"]
    return said["status_code"], said["headers"], body if isinstance(body, bytes) else body.encode()


@cache
def _router(service: str) -> Any:
    """moto's router of a service; botocore's model is read once."""
    try:
        get_service_model(service)
    except UnknownServiceError as error:
        raise NotImplementedError(service) from error
    return get_service_router(service)


def _request(environ: dict[str, Any], body: bytes) -> Request:
    """moto's view of a request, with a body of its own to read."""
    return BackendRequest({**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})
