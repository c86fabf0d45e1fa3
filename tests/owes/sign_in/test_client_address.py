"""The address that counts, with and without proxies, whatever a client writes itself."""

import pytest

from owes.sign_in.client_address import client_address, client_network


@pytest.mark.parametrize(
    ("proxies", "passed", "address"),
    [
        (0, "", "10.0.0.9"),
        (0, "203.0.113.7", "10.0.0.9"),
        (1, "203.0.113.7", "203.0.113.7"),
        # What the client wrote itself stands to the left of what the proxy added.
        (1, "1.2.3.4, 203.0.113.7", "203.0.113.7"),
        (1, "1.2.3.4,5.6.7.8 , 203.0.113.7", "203.0.113.7"),
        (2, "1.2.3.4, 203.0.113.7, 192.0.2.1", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.9"),
        (1, "", "10.0.0.9"),
        (1, "nikt", "10.0.0.9"),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_address_is_the_one_that_our_outermost_proxy_saw(rf, settings, proxies, passed, address):
    settings.PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.9", headers={"X-Forwarded-For": passed})
    assert client_address(request) == address


def test_request_through_a_socket_has_an_address_too(rf):
    assert client_address(rf.get("/", REMOTE_ADDR="")) == "0.0.0.0"


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")],
)
def test_network_is_what_one_customer_has(rf, address, network):
    request = rf.get("/", REMOTE_ADDR=address)
    assert client_network(request) == network
