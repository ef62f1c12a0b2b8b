"""Pulumi's verbs for tokens: each create has one issued, for the control plane keeps no list of them."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from pulumi_mesh.errors import Invalid, Refused
from pulumi_mesh.reconcile.plane import LAG, Plane
from pulumi_mesh.schema.kind import kind_of
from pulumi_mesh.schema.spec import plain, promised

from .border import failures
from .lock import alone
from .run import RUN
from .token import ISSUED, KEPT, Token, issued


def check(_: Mapping[str, Any], news: dict[str, Any]) -> CheckResult:
    """Judge what is asked for; no request is made."""
    news = plain(news)
    token = Token.read(news)
    return CheckResult(news, failures(token.subject, token.complaints(RUN.target())))


def diff(_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> DiffResult:
    """Another token is issued where another one is asked for, or where it is time for one; the old one goes afterwards."""
    was, now = Token.read(olds), Token.read(news)
    RUN.came_from(now.control_plane, now.subject, was.cluster)
    asked = {key for key in {*was.said, *now.said} - {*ISSUED, *KEPT} if was.said.get(key) != now.said.get(key)}
    due = replace(now, said={**now.said, "expires": was.said["expires"]}).due if "expires" in was.said else True
    if any(promised(now.said.get(key)) for key in (*asked, *KEPT)):
        return DiffResult(changes=None, replaces=sorted(asked), delete_before_replace=False)
    replaced = sorted(asked) + (["expires"] if due else [])
    changed = replaced or any(was.said.get(key) != now.said.get(key) for key in KEPT)
    return DiffResult(changes=bool(changed), replaces=replaced, delete_before_replace=False)


def create(props: Mapping[str, Any]) -> CreateResult:
    """Have a token issued; the key of a mesh that was just made may take a moment."""
    token = Token.read(props)
    RUN.same_cluster(token.control_plane, token.subject)
    plane = RUN.plane(token.control_plane)
    if found := token.complaints(plane.release(token.subject)):
        raise Invalid(token.subject, found)
    told = issued(ask(plane, token), token.subject)
    made = replace(token, said={**token.said, **told}, cluster=plane.cluster(token.subject))
    return CreateResult(f"{token.kind.name}/{told['token_id']}", made.kept())


def ask(plane: Plane, token: Token, pauses: tuple[float, ...] = LAG) -> str:
    """Ask for a token until there is a key to sign it with."""
    try:
        return plane.control_plane.post(token.kind.path, token.request, subject=token.subject)
    except Refused as error:
        if error.status != 404 or not pauses:
            raise
    plane.sleep(pauses[0])
    return ask(plane, token, pauses[1:])


def read(id_: str, props: Mapping[str, Any]) -> ReadResult:
    """Return the token as it was issued: the control plane keeps none; one that has expired is gone."""
    token = Token.read(props)
    RUN.same_cluster(token.control_plane, token.subject, token.cluster)
    expired = replace(token, said={key: value for key, value in token.said.items() if key not in KEPT}).due
    if expired:
        RUN.plane(token.control_plane).warn(f"{token.subject}: has expired ({token.said['expires']})")
        return ReadResult("", {})
    inputs = {key: value for key, value in token.kept().items() if key not in (*ISSUED, "__cluster")}
    return ReadResult(id_, token.kept(), inputs)


def update(_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> UpdateResult:
    """Note when to renew and whether to revoke; the token stays."""
    was, now = Token.read(olds), Token.read(news)
    said = {**now.said, **{key: was.said[key] for key in ISSUED if key in was.said}}
    return UpdateResult(replace(now, said=said, cluster=was.cluster).kept())


def delete(_: str, props: Mapping[str, Any]) -> None:
    """Revoke the token where that was asked for; else it is good until it expires, and that is said."""
    token = Token.read(props)
    if "expires" not in token.said or replace(token, said={**token.said, "renew_before": "0s"}).due:
        return
    plane = RUN.plane(token.control_plane)
    RUN.same_cluster(token.control_plane, token.subject, token.cluster)
    if token.said.get("revoke"):
        with alone(f"{plane.cluster(token.subject)} {token.kind.path} {token.mesh}"):
            revoke(plane, token)
    else:
        plane.warn(
            f"{token.subject}: stays good until {token.said['expires']}, for the control plane keeps no list of tokens;"
            " revoke=True puts it on the list of revoked ones"
        )


def revoke(plane: Plane, token: Token) -> None:
    """Put the id of a token on the list of revoked ones, which is a Secret of its mesh or a GlobalSecret."""
    sort = token.kind.path.rpartition("/")[2]
    kind = kind_of("Secret" if token.mesh is not None else "GlobalSecret")
    name = f"{sort}-token-revocations" + (f"-{token.mesh}" if token.mesh is not None else "")
    url = kind.url(kind.address(name, token.mesh), plane.release(token.subject))
    there = plane.control_plane.get(url, subject=token.subject)
    known = [one for one in b64decode(str((there or {}).get("data", ""))).decode().split(",") if one]
    listed = ",".join(dict.fromkeys([*known, str(token.said["token_id"])]))
    head = {"type": kind.name, "name": name} | ({"mesh": token.mesh} if token.mesh is not None else {})
    labels = {"labels": there["labels"]} if there and there.get("labels") else {}
    if token.mesh is None or there is not None or mesh_is_there(plane, token):
        plane.control_plane.put(
            url, {**head, **labels, "data": b64encode(listed.encode()).decode()}, subject=token.subject
        )


def mesh_is_there(plane: Plane, token: Token) -> bool:
    """Tell whether the mesh of a token is still there; its keys, and so its tokens, went with it."""
    kind = kind_of("Mesh")
    return plane.control_plane.get(kind.url(kind.address(str(token.mesh), None)), subject=token.subject) is not None
