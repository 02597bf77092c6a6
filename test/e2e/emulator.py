"""The emulator of the AWS API, with a clock that can be set, and with what it leaves out of its interfaces put in.

python emulator.py PORT, then GET /clock?now=2026-11-01T00:00:00Z: an estate has a past and is the same each time.
"""

import sys
from ipaddress import ip_network
from urllib.parse import parse_qs

from freezegun import freeze_time
from moto.ec2.models import EC2Backend, elastic_ip_addresses
from moto.ec2.utils import random_public_ip
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import run_simple

START = "2026-11-01T06:00:00"


def complete_interfaces(backend):
    """What EC2 answers about interfaces that its services manage, and about public addresses, and moto does not."""
    for endpoint in backend.vpc_end_points.values():
        for at, interface_id in enumerate(endpoint.network_interface_ids):
            interface = backend.enis[interface_id]
            managed(interface, "vpc_endpoint", f"VPC Endpoint Interface {endpoint.id}")
            interface._group_set = [backend.get_security_group_from_id(group) for group in endpoint.security_group_ids]
            address(interface, 200 + at + sum(map(ord, endpoint.service_name)) % 50)
    for nat in backend.nat_gateways.values():
        managed(nat._eni, "nat_gateway", f"Interface for NAT Gateway {nat.id}")
        nat._eni._group_set = []
        address(nat._eni, 20)
    for interface in backend.enis.values():
        if interface.description.startswith("ELB "):
            managed(interface, "interface", interface.description)
        if interface.association:
            said = interface.association
            interface.private_ip_addresses[0]["Association"] = {
                "PublicIp": said["publicIp"],
                "PublicDnsName": said["publicDnsName"],
                "IpOwnerId": said["ipOwnerId"],
            }


def managed(interface, kind, description):
    interface.requester_managed = True
    interface.interface_type = kind
    interface.description = description
    interface.status = "in-use"


def address(interface, at):
    """An address of the interface's own subnet: moto gives endpoints any."""
    inside = str(ip_network(interface.subnet.cidr_block)[at])
    interface.private_ip_address = inside
    interface.private_ip_addresses[:] = [{"Primary": True, "PrivateIpAddress": inside}]


def complete(backend_class):
    list_interfaces = backend_class.get_all_network_interfaces

    def completed(self, eni_ids=None, filters=None):
        complete_interfaces(self)
        return list_interfaces(self, eni_ids, filters)

    backend_class.get_all_network_interfaces = completed
    elastic_ip_addresses.random_ip = random_public_ip  # moto's are of 127.0.0.0/8


def with_clock(app, clock):
    """Answers /clock itself and hands every other request on."""

    def answer(environ, start_response):
        if environ["PATH_INFO"] != "/clock":
            return app(environ, start_response)
        clock.move_to(parse_qs(environ["QUERY_STRING"])["now"][0])
        start_response("204 No Content", [])
        return []

    return answer


def main(port):
    complete(EC2Backend)
    app = DomainDispatcherApplication(create_backend_app)
    with freeze_time(START) as clock:
        served = with_clock(app, clock)
        run_simple("127.0.0.1", port, served, threaded=True, request_handler=MotoRequestHandler)


if __name__ == "__main__":
    main(int(sys.argv[1]))
