"""What is said of a certificate, its chain and its key, before it is sent."""

from datetime import timedelta

import pytest

from pulumi_mesh.ingress.certificates import covers, facts, judge
from tests.components.certificates import ecdsa, ed, pair, pem, pem_key, rsa_key, signed

KEY = ecdsa()
ROOT_KEY = ecdsa()
ROOT = signed(ROOT_KEY, "Root", hosts=())
MIDDLE_KEY = ecdsa()
MIDDLE = signed(MIDDLE_KEY, "Middle", hosts=(), by=(ROOT, ROOT_KEY))
SERVER = signed(KEY, by=(MIDDLE, MIDDLE_KEY))


def said(certificate: str, key: str, **how: int) -> list[tuple[str, str]]:
    return [(problem.where, problem.severity) for problem in judge(certificate, key, **how)]


def words(certificate: str, key: str) -> str:
    return "\n".join(problem.message for problem in judge(certificate, key))


@pytest.mark.parametrize("key", [ecdsa(), rsa_key()], ids=["ECDSA", "RSA"])
def test_a_good_certificate_is_good(key):
    certificate = pem(signed(key))
    assert said(certificate, pem_key(key)) == []
    assert facts(certificate).hostnames == ("shop.example",)


def test_the_algorithm_and_the_hosts_are_read():
    assert facts(pem(signed(rsa_key(), hosts=("a.example", "*.b.example")))).algorithm == "RSA"
    found = facts(pem(signed(KEY, hosts=("a.example", "*.b.example"))))
    assert (found.algorithm, found.hostnames) == ("ECDSA", ("a.example", "*.b.example"))


def test_a_key_of_another_certificate_is_refused():
    assert "belongs to another certificate than CN=shop.example" in words(pem(SERVER), pem_key(ROOT_KEY))


def test_a_chain_stands_in_order_with_the_server_first():
    assert said(pem(SERVER, MIDDLE, ROOT), pem_key(KEY)) == []
    assert said(pem(SERVER, MIDDLE), pem_key(KEY)) == []
    assert "is out of order" in words(pem(SERVER, ROOT, MIDDLE), pem_key(KEY))
    assert said(pem(MIDDLE, SERVER), pem_key(KEY))[0] == ("private_key", "error")


def test_what_is_no_certificate_or_no_key_is_refused_without_a_part_of_it():
    assert "is no PEM of certificates" in words("nonsense", pem_key(KEY))
    told = words(pem(SERVER), "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n")
    assert "is no PEM of a private key" in told
    assert "c2VjcmV0" not in told
    assert "is encrypted" in words(pem(SERVER), pem_key(KEY, b"password"))
    assert "holds a private key" in words(pem(SERVER) + pem_key(KEY), pem_key(KEY))


def test_what_envoy_does_not_take_is_refused():
    small = rsa_key(1024)
    assert "1024 bits" in words(pem(signed(small)), pem_key(small))
    other = ed()
    assert "the kind Ed25519" in words(pem(signed(other)), pem_key(other))


def test_what_has_expired_is_an_error_and_what_will_soon_is_a_warning():
    gone = pair(start=timedelta(days=-30), end=timedelta(days=-1))
    assert said(*gone) == [("certificate", "error")]
    soon = pair(end=timedelta(days=10))
    assert said(*soon) == [("certificate", "warning")]
    assert said(*soon, warn_days=5) == []
    early = pair(start=timedelta(days=1), end=timedelta(days=90))
    assert "is not good before" in words(*early)


def test_a_certificate_without_names_is_for_nobody():
    assert "names no host" in words(*pair(hosts=()))


@pytest.mark.parametrize(
    ("names", "host", "expected"),
    [
        (["shop.example"], "shop.example", True),
        (["SHOP.example."], "shop.Example", True),
        (["shop.example"], "www.shop.example", False),
        (["*.example"], "shop.example", True),
        (["*.example"], "a.shop.example", False),
        (["*.shop.example"], "shop.example", False),
        (["*.shop.example"], "*.shop.example", True),
        (["*.example"], "*.shop.example", False),
        (["www.shop.example"], "*.shop.example", False),
        ([], "shop.example", False),
    ],
)
def test_a_wildcard_stands_for_one_label(names, host, expected):
    assert covers(names, host) is expected
