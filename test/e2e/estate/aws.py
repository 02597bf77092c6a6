"""The emulator's API as the estate is built with it: one session, a clock that can be set, ids that follow from names."""

from contextlib import contextmanager
from urllib.parse import quote
from urllib.request import Request, urlopen
from zlib import crc32

import boto3
from botocore.config import Config

ACCOUNT = "123456789012"
PARTNER = "111122223333"
STRANGER = "999988887777"

NOW = "2026-11-01T06:00:00Z"
YESTERDAY = "2026-10-31T02:00:00Z"
THIS_SUMMER = "2026-08-15T09:00:00Z"
LAST_YEAR = "2025-08-01T09:00:00Z"
LONG_AGO = "2024-02-01T09:00:00Z"

TAGS = {"Owner": "shop-team", "Stack": "shop"}


class Cloud:
    """An emulated account in one Region. All share the emulator's one clock."""

    now = NOW

    def __init__(self, url, region, account=ACCOUNT):
        self.url = url
        self.region = region
        self._clients = {}
        self._key = "seed"
        if account != ACCOUNT:
            role = f"arn:aws:iam::{account}:role/seed"
            assumed = self.sts.assume_role(RoleArn=role, RoleSessionName="seed")
            self._key = assumed["Credentials"]["AccessKeyId"]

    def __getattr__(self, service):
        if service not in self._clients:
            client = boto3.client(
                service.rstrip("_").replace("_", "-"),
                endpoint_url=self.url,
                region_name=self.region,
                aws_access_key_id=self._key,
                aws_secret_access_key="seed",
                config=Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}),
            )
            client.meta.events.register("before-send.s3-control", self._one_host)
            self._clients[service] = client
        return self._clients[service]

    def _one_host(self, request, **_):
        """S3 Control puts the account before the host's name; the emulator has one name only."""
        request.url = request.url.replace(f"//{ACCOUNT}.", "//")

    def clock(self, now):
        Cloud.now = now
        urlopen(f"{self.url}/clock?now={quote(now)}").close()

    @contextmanager
    def at(self, now):
        """Makes what follows at another time."""
        before = Cloud.now
        self.clock(now)
        try:
            yield
        finally:
            self.clock(before)

    def named(self, name):
        """What is made next gets its ids from this name: they stay when something else is added to the estate."""
        urlopen(
            Request(f"{self.url}/moto-api/seed?a={crc32(name.encode())}", method="POST")
        ).close()

    def tag(self, resource_id, name, tags=None):
        every = {"Name": name, **(TAGS if tags is None else tags)}
        self.ec2.create_tags(Resources=[resource_id], Tags=key_values(every))
        return resource_id


def key_values(tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]
