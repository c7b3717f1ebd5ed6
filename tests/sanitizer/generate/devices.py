"""Addresses of devices, and what the profile `hipaa` adds: dates, URLs, numbers of vehicles and plans."""

from cases import Cases
from contexts import rounds
from draw import *  # noqa: F403: the vocabulary of this folder
from draw import rng

LINES = [
    ("request from {} refused", "request from refused"),
    ("{} - - [05/Jan:10:00:00] \"GET / HTTP/1.1\" 200 512", "GET HTTP/1.1 200 512"),
    ("client={} status=403", "status=403"),
    ("{{\"remote\":\"{}\",\"bytes\":512}}", "remote bytes 512"),
    ("dial tcp {}: connection refused", "dial tcp connection refused"),
    ("({})", ""),
    ("Accepted publickey for deploy from {} port 22 ssh2", "Accepted publickey for deploy from port 22 ssh2"),
    ("peer {}, retrying", "peer retrying"),
    ("deny {} # noisy", "deny noisy"),
    ("lookup failed for '{}'", "lookup failed for"),
    ("hosts: {} and more", "hosts: and more"),
    ("x-forwarded-for: {}", "x-forwarded-for:"),
]


def addresses(cases):
    contexts = rounds(LINES)

    def add(kind, shown, why, profile="hipaa"):
        context = next(contexts)
        cases.positive(kind, context[0].format(shown), shown, context[1], why, profile=profile)

    # RFC 5737, RFC 1918 and random ones of other classes.
    for prefix in ["192.0.2", "198.51.100", "203.0.113", "10.20.30", "172.16.254", "192.168.17", "100.64.3", "8.8.4", "151.101.65", "223.255.255"]:
        for _ in range(3):
            add("ipv4", f"{prefix}.{rng.randrange(1, 255)}", f"IPv4 in {prefix}.0/24")
    for shown, secret, why in [("203.0.113.7:8443", "203.0.113.7", "with a port"), ("203.0.113.7/24", "203.0.113.7", "with a prefix length"),
                               ("[203.0.113.7]", "203.0.113.7", "in brackets"), ("http://203.0.113.7/x", "203.0.113.7", "as the host of a URL"),
                               ("203.0.113.7,198.51.100.9", "203.0.113.7", "two in a row"), ("ip:203.0.113.7", "203.0.113.7", "behind a colon"),
                               ("203.0.113.7.", "203.0.113.7", "at the end of a sentence"), ("ip-203.0.113.7-a", "203.0.113.7", "between hyphens")]:
        cases.positive("ipv4", f"host {shown}", secret, "host", why, profile="hipaa")
    groups = lambda: chars(HEX, 4)
    for shape, why in [
        (lambda: "2001:db8:" + ":".join(groups() for _ in range(6)), "RFC 4291, eight groups"),
        (lambda: f"2001:db8::{groups()}", "RFC 5952, compressed in the middle"),
        (lambda: f"2001:db8:{groups()}::{groups()}:{groups()}", "compressed between groups"),
        (lambda: f"fe80::{groups()}:{groups()}:{groups()}:{groups()}", "link-local"),
        (lambda: f"fd12:{groups()}:{groups()}::{rng.randrange(1, 9)}", "unique local, RFC 4193"),
        (lambda: f"2001:DB8::{groups().upper()}:{groups().upper()}", "capitals"),
        (lambda: f"::ffff:192.0.2.{rng.randrange(1, 255)}", "IPv4-mapped"),
        (lambda: f"64:ff9b::192.0.2.{rng.randrange(1, 255)}", "RFC 6052"),
        (lambda: "2001:0db8:0000:0000:" + ":".join(groups() for _ in range(4)), "with leading zeros"),
    ]:
        for _ in range(4):
            add("ipv6", shape(), why)
    for shown, secret, why in [("[2001:db8::7]:443", "2001:db8::7", "in brackets with a port"), ("2001:db8:1:2::/64", "2001:db8:1:2::", "with a prefix length"),
                               ("fe80::1ff:fe23:4567:890a%eth0", "fe80::1ff:fe23:4567:890a", "with a zone, RFC 4007"),
                               ("https://[2001:db8::7]/x", "2001:db8::7", "as the host of a URL")]:
        cases.positive("ipv6", f"peer {shown} up", secret, "peer up", why, profile="hipaa")
    pairs = lambda: [chars(HEX, 2) for _ in range(6)]
    for join, why in [(lambda p: ":".join(p), "IEEE 802, colons"), (lambda p: "-".join(p).upper(), "IEEE 802, hyphens, capitals"),
                      (lambda p: ".".join(["".join(p[i:i + 2]) for i in (0, 2, 4)]), "dotted groups of four"),
                      (lambda p: ":".join(p).upper(), "colons, capitals"), (lambda p: "-".join(p), "hyphens, small letters")]:
        for _ in range(8):
            octets = pairs()
            # An address of digits alone may be a time or a serial number.
            octets[0], octets[3] = pick("0a", "a4", "ac", "de"), pick("bf", "c3", "e9")
            context = next(contexts)
            shown = join(octets)
            cases.positive("mac", context[0].format(shown), shown, context[1], why)
    for key in ["mac", "macAddress", "mac_address"]:
        cases.positive("mac", "a4:5e:60:c3:18:9b", "a4:5e:60:c3:18:9b", "", "by shape, in a field", key=key)


def vin():
    """ISO 3779, with the check digit of 49 CFR 565."""
    alphabet = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    value = dict(zip("ABCDEFGH", range(1, 9))) | dict(zip("JKLMN", range(1, 6))) | {"P": 7, "R": 9} | dict(zip("STUVWXYZ", range(2, 10)))
    value |= {d: int(d) for d in DIGITS}
    weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    body = list(pick("1HG", "WVW", "JTD", "2FM", "5YJ") + chars(alphabet, 14))
    rest = sum(value[c] * w for c, w in zip(body, weights)) % 11
    body[8] = "X" if rest == 10 else str(rest)
    return "".join(body)


def mbi():
    """Medicare beneficiary identifier: CMS's pattern C A AN N A AN N A A N N, without S, L, O, I, B, Z."""
    a, n, an = "ACDEFGHJKMNPQRTUVWXY", DIGITS, "ACDEFGHJKMNPQRTUVWXY" + DIGITS
    return (chars("123456789", 1) + chars(a, 1) + chars(an, 1) + chars(n, 1) + chars(a, 1) + chars(an, 1) + chars(n, 1)
            + chars(a, 2) + chars(n, 2))


def safe_harbor(cases):
    """45 CFR 164.514(b)(2)(i): what only that profile replaces."""
    notes = rounds([
        ("seen on {} by ward 4", "seen on by ward 4"),
        ("{}: stable", "stable"),
        ("record updated ({})", "record updated"),
        ("note {} filed", "note filed"),
        ("entry '{}' accepted", "entry accepted"),
    ])

    def add(kind, shown, secret, why):
        context = next(notes)
        cases.positive(kind, context[0].format(shown), secret, context[1], why, profile="hipaa")

    for _ in range(8):
        y, m, d = rng.randrange(1950, 2026), rng.randrange(1, 13), rng.randrange(13, 29)
        name = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[m - 1]
        long = "January February March April May June July August September October November December".split()[m - 1]
        add("date", f"{y}-{m:02}-{d:02}", f"{m:02}-{d:02}", "(C) ISO 8601: the year may stay")
        add("date", f"{m:02}/{d:02}/{y}", f"{m:02}/{d:02}", "(C) the American form")
        add("date", f"{d:02}.{m:02}.{y}", f"{d:02}.{m:02}", "(C) the German form")
        add("date", f"{long} {d}, {y}", f"{long} {d}", "(C) in words, month first")
        add("date", f"{d} {name} {y}", f"{d} {name}", "(C) in words, day first")
    for _ in range(8):
        add("url", f"https://portal.example.org/p/{digits(6)}/{word()}", "portal.example.org", "(N) a whole URL")
    for _ in range(12):
        number = vin()
        add("vin", number, number, "(L) ISO 3779 with a right check digit")
    for _ in range(12):
        number = with_luhn(pick("35", "86", "01"), 15)
        add("imei", f"IMEI {number}", number, "(M) 3GPP TS 23.003: 15 digits with Luhn")
    for _ in range(12):
        number = mbi()
        shown = pick(number, f"{number[:4]}-{number[4:7]}-{number[7:]}")
        add("mbi", f"MBI {shown}", shown, "(I) Medicare beneficiary identifier")
    for key, text in [("name", "Jane Smith"), ("first_name", "Jane"), ("patient_name", "Ann Lee"), ("street", "12 Elm Street"), ("city", "Springfield"),
                      ("mrn", "MR-448812"), ("medical_record_number", "0044-8812"), ("health_plan_id", "HP4711-22"), ("account_number", "00219-8"),
                      ("license_number", "D1234-567"), ("plate", "7ABC123"), ("device_serial", "SN-99812-A"), ("fingerprint", "a8f001"),
                      ("fax", "4155550132"), ("birth_date", "1931-04-09"), ("dob", "04/09/1931"), ("beneficiary_number", "BN-77120"),
                      ("address", "12 Elm Street, Springfield"), ("passport", "X1234567"), ("certificate_number", "C-77-1209")]:
        cases.positive("safe_harbor_field", text, text, "", "one of the eighteen identifiers, by the name of its field", key=key, profile="hipaa")


def write():
    cases = Cases("positives", "devices")
    addresses(cases)
    safe_harbor(cases)
    return cases.write()
