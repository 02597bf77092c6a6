"""Builds an estate in the emulator: python seed.py http://127.0.0.1:PORT [demo]

Without a name the one that the tests scan: what is planted where stands in planted.json, by the names given here.
"""

import sys

from estate import compute, keys
from estate.aws import NOW, THIS_SUMMER, Cloud
from estate.buckets import buckets
from estate.demo import demo
from estate.network import (
    bad_legacy,
    by_lists,
    default_vpcs,
    endpoint_services,
    good_shop,
    lead_to_internet,
    loose_ends,
    neighbours,
    no_default_vpc,
)
from estate.sharing import sharing
from estate.systems import systems

RECORDED = "eu-central-1"


def main(url, name="planted"):
    home = Cloud(url, "eu-west-1")
    away = Cloud(url, "us-east-1")
    home.clock(NOW)
    {"planted": planted, "demo": demo}[name](home, away)


def planted(home, away):
    url = home.url
    branch = Cloud(url, RECORDED)
    no_default_vpc(branch)
    lead_to_internet(home, default_vpcs(home, used=False))
    lead_to_internet(away, default_vpcs(away, used=True))
    shop = good_shop(home)
    legacy = bad_legacy(home)
    neighbours(home, legacy)
    by_lists(legacy)
    loose_ends(home)
    endpoint_services(home, shop)
    arns = keys.keys(home)
    away_key = keys.away(away)
    machines(home, shop, legacy, arns)
    compute.away(away)
    buckets(home, away, branch, arns, away_key)
    systems(home, away)
    sharing(home)


def machines(home, shop, legacy, arns):
    images = compute.images(home)
    with home.at(THIS_SUMMER):
        good = compute.shop_machines(shop, images["good"], arns["good"])
    with home.at(THIS_SUMMER):
        bad = compute.legacy_machines(legacy, images, arns["good"], arns["dying"])
    compute.copies(home, bad, arns["good"])
    compute.templates(home, images["good"], legacy)
    compute.balancer(home, shop, good)


if __name__ == "__main__":
    main(*sys.argv[1:])
