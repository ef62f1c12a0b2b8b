"""Where a control plane is found, and what is refused."""

import json
import sys
import time

import pytest

from pulumi_mesh.controlplane import Connection, connection
from pulumi_mesh.controlplane.connection import token_of_command
from pulumi_mesh.errors import Unconfigured

URL = "http://cp.example:5681"


def found(name="default", environ=None, **config):
    texts = {
        key.replace("__", ":"): value if isinstance(value, str) else json.dumps(value) for key, value in config.items()
    }
    return connection(name, environ or {}, texts.get)


def refusal(name="default", environ=None, **config):
    with pytest.raises(Unconfigured) as error:
        found(name, environ, **config)
    return str(error.value)


def test_the_environment_describes_the_default_control_plane():
    environ = {
        "PULUMI_MESH_URL": "https://cp.example:5682/",
        "PULUMI_MESH_TOKEN": " abc.def \n",
        "PULUMI_MESH_CA": "/ca.pem",
        "PULUMI_MESH_CLIENT_CERT": "/crt.pem",
        "PULUMI_MESH_CLIENT_KEY": "/key.pem",
        "PULUMI_MESH_INSECURE": "True",
        "PULUMI_MESH_TIMEOUT": "2.5",
    }

    assert found(environ=environ) == Connection(
        "default",
        "https://cp.example:5682",
        token="abc.def",
        ca="/ca.pem",
        client_cert="/crt.pem",
        client_key="/key.pem",
        insecure=True,
        timeout=2.5,
        token_from="PULUMI_MESH_TOKEN",
    )


def test_the_config_describes_it_where_the_environment_does_not():
    here = found(mesh__url=URL, mesh__token="abc", mesh__ca="/ca.pem", mesh__insecure="false", mesh__timeout="5")

    assert here == Connection("default", URL, token="abc", ca="/ca.pem", timeout=5.0, token_from="mesh:token")
    assert found(environ={"PULUMI_MESH_URL": " "}, mesh__url=URL).url == URL


def test_the_environment_comes_first_field_by_field():
    environ = {"PULUMI_MESH_TOKEN": "fresh"}

    here = found(environ=environ, mesh__url=URL, mesh__token="old", mesh__ca="/ca.pem")
    assert (here.url, here.token, here.ca, here.token_from) == (URL, "fresh", "/ca.pem", "PULUMI_MESH_TOKEN")


@pytest.mark.parametrize(
    ("name", "infix"), [("eu", "EU"), ("eu-west.1", "EU_WEST_1"), ("Konnect", "KONNECT"), ("a_b", "A_B")]
)
def test_a_further_control_plane_has_variables_of_its_own(name, infix):
    environ = {f"PULUMI_MESH_{infix}_URL": URL, f"PULUMI_MESH_{infix}_TOKEN": "abc", "PULUMI_MESH_TOKEN": "not this"}

    here = found(name, environ, mesh__url="http://other", mesh__ca="/other.pem")
    assert here == Connection(name, URL, token="abc", token_from=f"PULUMI_MESH_{infix}_TOKEN")


def test_a_further_control_plane_may_be_in_the_config():
    planes = {
        "eu": {"url": URL, "token": "abc", "insecure": True, "timeout": 5, "ca": None},
        "us": {"url": "http://us"},
    }

    assert found("eu", mesh__controlPlanes=planes) == Connection(
        "eu", URL, token="abc", insecure=True, timeout=5.0, token_from="mesh:controlPlanes.eu.token"
    )
    assert found("us", mesh__controlPlanes=planes).token is None


def test_a_token_is_never_taken_to_another_url_than_its_own():
    other = {"PULUMI_MESH_URL": "https://other.example"}

    here = found(environ=other, mesh__url=URL, mesh__token="abc", mesh__insecure="true", mesh__clientCert="/crt.pem")
    assert here == Connection("default", "https://other.example", token_from="mesh:token is for another URL")

    planes = {"eu": {"url": URL, "token": "abc"}}
    assert found("eu", {"PULUMI_MESH_EU_URL": f"{URL}/base"}, mesh__controlPlanes=planes).token is None
    assert found(environ=other, mesh__url="localhost", mesh__token="abc").token is None


def test_a_token_of_the_config_goes_to_its_own_url_however_that_is_spelt():
    assert found(
        environ={"PULUMI_MESH_URL": f"{URL.upper().replace('HTTP', 'http')}/"}, mesh__url=URL, mesh__token="abc"
    ).token
    assert found(environ={"PULUMI_MESH_URL": URL}, mesh__token="abc").token == "abc"


def test_nobody_said_where_it_is():
    assert refusal() == (
        "control plane default: nobody said where it is: set PULUMI_MESH_URL=http://localhost:5681, "
        "or run pulumi config set mesh:url http://localhost:5681"
    )
    assert refusal("eu", {"PULUMI_MESH_URL": URL}, mesh__url=URL) == (
        "control plane eu: nobody said where it is: set PULUMI_MESH_EU_URL=http://localhost:5681, "
        "or run pulumi config set --path 'mesh:controlPlanes.eu.url' http://localhost:5681"
    )
    assert """--path 'mesh:controlPlanes["eu.1"].url'""" in refusal("eu.1")


@pytest.mark.parametrize(
    ("url", "instead"),
    [
        ("localhost:5681", "has no scheme: write http://localhost:5681"),
        ("cp.example/mesh/", "has no scheme: write https://cp.example/mesh"),
        ("cp.example:5681", "has no scheme: write http://cp.example:5681"),
        ("http:localhost:5681", "has no scheme: write http://localhost:5681"),
        ("ftp://cp.example", "has a scheme other than http and https: write https://cp.example"),
        ("http://cp.example:5681 ", "has a blank in it: write http://cp.example:5681"),
        ("http://cp. example", "has a blank in it: write http://cp.example"),
        ("http://", "has no host, or a port that is no number: write http://localhost:5681, say"),
        ("http://cp.example:port", "has no host, or a port that is no number: write http://localhost:5681, say"),
        ("http://[::1", "has no host, or a port that is no number: write http://localhost:5681, say"),
        ("https://cp.example/?token=s3cret", "has a query or a fragment: write https://cp.example"),
    ],
)
def test_a_url_that_cannot_be_meant_is_refused_with_what_to_write(url, instead):
    assert refusal(environ={"PULUMI_MESH_URL": url}) == f"control plane default: PULUMI_MESH_URL {instead}"
    assert refusal(mesh__url=url) == f"control plane default: mesh:url {instead}"
    with pytest.raises(Unconfigured):
        Connection("default", url)


@pytest.mark.parametrize("scheme", ["http://", "https://", "", "ftp://"])
def test_a_user_in_the_url_is_refused_and_never_repeated(scheme):
    for user in ("boss:s3cret", "s3cret", "boss:s3c/s3cret", "boss:s3cret@s3cret"):
        reason = refusal(environ={"PULUMI_MESH_URL": f"{scheme}{user}@cp.example/base"})

        assert "holds a user or a password, and a control plane takes tokens (PULUMI_MESH_TOKEN): write http" in reason
        assert reason.endswith("//cp.example/base")
        assert "s3c" not in reason


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://CP.example:5681//", "http://cp.example:5681"),
        (
            "https://eu.api.konghq.com/v1/mesh/control-planes/Id-1/api/",
            "https://eu.api.konghq.com/v1/mesh/control-planes/Id-1/api",
        ),
        ("HTTP://[::1]:5681", "http://[::1]:5681"),
    ],
)
def test_a_base_path_is_kept_and_the_last_slash_is_not(given, kept):
    assert found(environ={"PULUMI_MESH_URL": given}).url == Connection("x", given).url == kept


def test_a_token_may_come_from_a_file(tmp_path):
    (tmp_path / "token").write_text("abc.def\n")
    environ = {"PULUMI_MESH_URL": URL, "PULUMI_MESH_TOKEN_FILE": str(tmp_path / "token")}

    here = found(environ=environ, mesh__token="not this")
    assert (here.token, here.token_from) == ("abc.def", "PULUMI_MESH_TOKEN_FILE")


def test_a_token_may_come_from_a_command_that_runs_once(tmp_path):
    command = f"echo run >> {tmp_path}/runs; printf '%s\\n' abc.def | cat"
    environ = {"PULUMI_MESH_EU_URL": URL, "PULUMI_MESH_EU_TOKEN_COMMAND": command}

    here = found("eu", environ)
    assert [(here.token, here.token_from) for _ in range(3)] == [("abc.def", "PULUMI_MESH_EU_TOKEN_COMMAND")] * 3
    assert (tmp_path / "runs").read_text() == "run\n"


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("TOKEN", "abc def", "PULUMI_MESH_TOKEN is no token"),
        ("TOKEN", "abc\ndef", "PULUMI_MESH_TOKEN is no token"),
        ("TOKEN", "größe", "PULUMI_MESH_TOKEN is no token"),
        ("TOKEN_FILE", "/nowhere/s3cret", "PULUMI_MESH_TOKEN_FILE names a file that cannot be read: No such file"),
        ("TOKEN_FILE", "/", "PULUMI_MESH_TOKEN_FILE names a file that cannot be read: Is a directory"),
        ("TOKEN_FILE", "/dev/null", "the file of PULUMI_MESH_TOKEN_FILE is no token"),
        ("TOKEN_FILE", sys.executable, "PULUMI_MESH_TOKEN_FILE names a file that is no text"),
        ("TOKEN_COMMAND", "exit 3", "the command of PULUMI_MESH_TOKEN_COMMAND ended with exit code 3; run it by hand"),
        ("TOKEN_COMMAND", "s3cret", "the command of PULUMI_MESH_TOKEN_COMMAND was not found; run it by hand"),
        ("TOKEN_COMMAND", "true", "what the command of PULUMI_MESH_TOKEN_COMMAND prints is no token"),
        ("TOKEN_COMMAND", "echo Not s3cret", "what the command of PULUMI_MESH_TOKEN_COMMAND prints is no token"),
        ("CLIENT_KEY", "/key.pem", "PULUMI_MESH_CLIENT_KEY needs PULUMI_MESH_CLIENT_CERT beside it"),
        ("INSECURE", "maybe", "PULUMI_MESH_INSECURE should be true or false"),
        ("TIMEOUT", "0", "PULUMI_MESH_TIMEOUT should be a number of seconds above 0"),
        ("TIMEOUT", "inf", "PULUMI_MESH_TIMEOUT should be a number of seconds above 0"),
    ],
)
def test_what_cannot_be_used_is_refused_by_the_name_of_its_variable(variable, value, reason, capfd):
    said = refusal(environ={"PULUMI_MESH_URL": URL, f"PULUMI_MESH_{variable}": value})

    assert said.startswith(f"control plane default: {reason}")
    assert value not in said.replace(reason, "") or len(value) < 4 or value in ("true", "maybe")
    assert "s3cret" not in said + "".join(capfd.readouterr())


def test_a_command_that_hangs_is_ended_with_all_it_has_started(tmp_path):
    start = time.monotonic()

    with pytest.raises(Unconfigured, match=r"the command of PULUMI_MESH_TOKEN_COMMAND did not end within 0\.2 s"):
        token_of_command("default", "PULUMI_MESH_TOKEN_COMMAND", f"(sleep 2; touch {tmp_path}/alive) | cat", 0.2)
    assert time.monotonic() - start < 1.5
    time.sleep(2.2 - (time.monotonic() - start))
    assert not (tmp_path / "alive").exists()


@pytest.mark.parametrize(
    ("planes", "reason"),
    [
        ("{", "mesh:controlPlanes is no JSON"),
        ("[]", "mesh:controlPlanes should look like "),
        ({"eu": "http://eu"}, "mesh:controlPlanes should look like "),
        ({"eu": {"urll": URL}}, "mesh:controlPlanes.eu.urll is not known; did you mean url"),
        ({"eu": {"client_cert": URL}}, "mesh:controlPlanes.eu.client_cert is not known; did you mean clientCert"),
        ({"eu": {"xyz": URL}}, "mesh:controlPlanes.eu.xyz is not known; known are url, token, ca, clientCert"),
        ({"eu": {"url": [URL]}}, "mesh:controlPlanes.eu.url should be one value"),
        ({"eu": {"url": URL, "token": "s3cret s3cret"}}, "mesh:controlPlanes.eu.token is no token"),
        ({"eu": {"url": URL, "insecure": 3}}, "mesh:controlPlanes.eu.insecure should be true or false"),
    ],
)
def test_a_config_that_cannot_be_meant_is_refused_by_its_key(planes, reason):
    said = refusal("eu", mesh__controlPlanes=planes)

    assert said.startswith(f"control plane eu: {reason}")
    assert "s3cret" not in said


def test_a_token_is_in_no_representation():
    here = found(environ={"PULUMI_MESH_URL": URL, "PULUMI_MESH_TOKEN": "s3cret"})

    assert "s3cret" not in repr(here) + str(here) + f"{[here]}"


def test_a_token_in_the_place_of_the_url_is_not_repeated():
    token = f"eyJhbGciOiJSUzI1NiJ9.{'e30' * 30}.{'c2ln' * 80}"

    assert token[:10] not in refusal(environ={"PULUMI_MESH_URL": token})
