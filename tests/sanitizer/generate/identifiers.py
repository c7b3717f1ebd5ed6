"""Harmless values that look like something: numbers, hashes, versions, ids."""

import hashlib

from cases import Cases
from draw import *  # noqa: F403: the vocabulary of this folder
from draw import rng
from providers import uuid

AROUND = ["{}", "id {}", "see {} for more", "{{\"ref\":\"{}\",\"n\":1}}", "ref={} ok", "[{}] done", "moved {} to archive", "'{}' not found", "x: {}\ny: 2", "({})", "a,{},b"]


def base(number, letters):
    out = ""
    for _ in range(26):
        number, rest = divmod(number, len(letters))
        out = letters[rest] + out
    return out


def without_luhn(prefix, length):
    number = with_luhn(prefix, length)
    return number[:-1] + str((int(number[-1]) + 1 + rng.randrange(8)) % 10)


def ean13(prefix):
    body = prefix + chars(DIGITS, 12 - len(prefix))
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body))
    return body + str(-total % 10)


def isbn10():
    body = chars(DIGITS, 9)
    rest = sum(int(d) * (10 - i) for i, d in enumerate(body)) % 11
    check = (11 - rest) % 11
    return body + ("X" if check == 10 else str(check))


# kind: (why, how one is made); eight of each
VALUES = {
    "version": [("semantic version", lambda: f"{rng.randrange(20)}.{rng.randrange(30)}.{rng.randrange(99)}"), ("with pre-release and build", lambda: f"v{rng.randrange(9)}.{rng.randrange(9)}.{rng.randrange(9)}-rc.{rng.randrange(9)}+build.{digits(4)}"),
                ("four parts, as on Windows", lambda: f"10.0.{digits(5, '12')}.{digits(3)}"), ("an assembly's version", lambda: f"Version={rng.randrange(9)}.0.{rng.randrange(9)}.{rng.randrange(9)}, Culture=neutral"),
                ("a browser's version", lambda: f"Chrome/{rng.randrange(90, 140)}.0.{digits(4, '456')}.{digits(3)} Safari/537.36"), ("a kernel's version", lambda: f"Linux 6.{rng.randrange(20)}.{rng.randrange(30)}-{digits(2)}-generic #1 SMP"),
                ("calendar version", lambda: f"2026.{rng.randrange(1, 13)}.{rng.randrange(1, 28)}"), ("a range of versions", lambda: f">=1.{rng.randrange(9)}.0, <2.{rng.randrange(9)}.{rng.randrange(9)}")],
    "git_sha": [("full SHA-1", lambda: chars(HEX, 40)), ("short", lambda: chars(HEX, 7)), ("twelve digits", lambda: chars(HEX, 12)), ("a range", lambda: f"{chars(HEX, 8)}..{chars(HEX, 8)}"), ("SHA-256 object", lambda: chars(HEX, 64)),
                ("a log line", lambda: f"{chars(HEX, 7)} Fix {word()} of {word()}"), ("a tag", lambda: f"v1.2.3-14-g{chars(HEX, 7)}"), ("a blob", lambda: f"index {chars(HEX, 7)}..{chars(HEX, 7)} 100644")],
    "hash": [("MD5", lambda: hashlib.md5(random_bytes(8)).hexdigest()), ("SHA-1", lambda: hashlib.sha1(random_bytes(8)).hexdigest()), ("SHA-256", lambda: hashlib.sha256(random_bytes(8)).hexdigest()), ("SHA-512", lambda: hashlib.sha512(random_bytes(8)).hexdigest()),
             ("subresource integrity", lambda: "sha384-" + b64(random_bytes(48))), ("npm's integrity", lambda: "sha512-" + b64(random_bytes(64))), ("Go's module sum", lambda: "h1:" + b64(random_bytes(32))), ("an image's digest", lambda: f"nginx@sha256:{chars(HEX, 64)}"),
             ("CRC-32", lambda: "0x" + chars(HEX, 8)), ("an entity tag", lambda: f"W/\"{chars(HEX, 16)}\""), ("Cargo.lock's checksum", lambda: f"checksum = \"{chars(HEX, 64)}\""), ("capitals", lambda: hashlib.sha256(random_bytes(8)).hexdigest().upper())],
    "uuid": [("version 4", uuid), ("version 4 in capitals", lambda: uuid().upper()), ("without hyphens", lambda: uuid().replace("-", "")), ("a URN", lambda: "urn:uuid:" + uuid()), ("in braces", lambda: "{" + uuid() + "}"),
             ("version 7", lambda: f"0199{chars(HEX, 4)}-{chars(HEX, 4)}-7{chars(HEX, 3)}-a{chars(HEX, 3)}-{chars(HEX, 12)}"), ("version 1", lambda: f"{chars(HEX, 8)}-{chars(HEX, 4)}-11ee-8{chars(HEX, 3)}-{chars(HEX, 12)}"), ("nil", lambda: "00000000-0000-0000-0000-" + digits(12))],
    "sortable_id": [("ULID", lambda: "01H" + chars("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 23)), ("KSUID", lambda: "2" + chars(ALNUM, 26)), ("snowflake", lambda: digits(18, "1")), ("MongoDB ObjectId", lambda: "6" + chars(HEX, 23)),
                    ("nanoid", lambda: chars(URLSAFE, 21)), ("xid", lambda: "c" + chars("0123456789abcdefghijklmnopqrstuv", 19)), ("cuid", lambda: "c" + chars(LOWER_ALNUM, 24)), ("a Slack channel", lambda: "C0" + chars(UPPER_ALNUM, 9))],
    "timestamp": [("milliseconds, 13 digits", lambda: f"17{digits(11)}"), ("milliseconds that pass Luhn", lambda: with_luhn("17", 13)), ("seconds", lambda: f"17{digits(8)}"), ("microseconds", lambda: f"17{digits(14)}"), ("microseconds that pass Luhn", lambda: with_luhn("17", 16)),
                  ("nanoseconds", lambda: f"17{digits(17)}"), ("nanoseconds that pass Luhn", lambda: with_luhn("17", 19)), ("RFC 3339", lambda: f"2026-0{rng.randrange(1, 9)}-1{rng.randrange(9)}T0{rng.randrange(9)}:{digits(2, '012345')}:{digits(2, '012345')}.{digits(6)}Z"),
                  ("RFC 2822", lambda: f"Tue, {rng.randrange(10, 28)} Nov 2026 1{rng.randrange(9)}:{digits(2, '012345')}:{digits(2, '012345')} +0100"), ("compact", lambda: f"202611{rng.randrange(10, 28)}T{digits(2, '01')}{digits(2, '012345')}{digits(2, '012345')}Z"),
                  ("a file's name", lambda: f"backup-2026-11-{rng.randrange(10, 28)}_{digits(6, '01')}.tar.gz"), ("a syslog time", lambda: f"Nov {rng.randrange(10, 28)} 0{rng.randrange(9)}:{digits(2, '012345')}:{digits(2, '012345')} web-1")],
    "order_number": [("with a prefix", lambda: f"ORD-2026-{digits(6)}"), ("an invoice", lambda: f"INV{digits(8)}"), ("digits in groups", lambda: f"{digits(3)}-{digits(7)}-{digits(7)}"), ("a purchase order", lambda: f"PO#{digits(10)}"),
                     ("a ticket", lambda: f"JIRA-{digits(5)}"), ("a case", lambda: f"CASE {digits(8)}/26"), ("a receipt", lambda: f"R-{digits(4)}-{digits(4)}-{digits(3)}"), ("twelve digits", lambda: digits(12, "123"))],
    "tracking": [("UPS", lambda: "1Z" + chars(UPPER_ALNUM, 6) + digits(10)), ("FedEx, 12 digits", lambda: without_luhn("7", 12)), ("USPS, 22 digits", lambda: "9400" + digits(18)), ("Royal Mail", lambda: f"RB{digits(9)}GB"), ("DHL", lambda: "JD0" + digits(17)), ("Amazon", lambda: "TBA" + digits(12)),
                 ("UPU S10", lambda: f"CP{digits(9)}DE"), ("USPS in groups", lambda: f"9400 {digits(4)} {digits(4)} {digits(4)} {digits(4)} {digits(2)}")],
    "book": [("ISBN-13", lambda: ean13("978")), ("ISBN-13 in groups", lambda: f"978-3-16-{digits(6)}-{digits(1)}"), ("ISBN-10", isbn10), ("ISBN-10 in groups", lambda: f"0-306-{digits(5)}-{digits(1)}"), ("ISSN", lambda: f"ISSN {digits(4)}-{digits(4)}"), ("EAN of goods", lambda: ean13("400")),
             ("DOI", lambda: f"10.1000/{word()}.2026.{digits(4)}"), ("arXiv", lambda: f"arXiv:26{digits(2, '01')}.{digits(5)}v2"), ("UPC", lambda: digits(12, "0")), ("GTIN-14", lambda: without_luhn("1", 14))],
    "oid": [("object identifier", lambda: f"1.2.840.113549.1.1.{rng.randrange(1, 20)}"), ("a private enterprise", lambda: f"1.3.6.1.4.1.{digits(5, '123')}.{rng.randrange(9)}.{rng.randrange(9)}"), ("SNMP", lambda: f"iso.3.6.1.2.1.2.2.1.{rng.randrange(1, 20)}.1"), ("a URN", lambda: f"urn:oid:2.5.4.{rng.randrange(3, 50)}"),
            ("a section's number", lambda: f"section {rng.randrange(1, 9)}.{rng.randrange(1, 9)}.{rng.randrange(1, 20)}.{rng.randrange(1, 9)}.2"), ("HL7", lambda: f"2.16.840.1.113883.{rng.randrange(1, 7)}.{digits(3)}")],
    "not_a_card": [("16 digits that fail Luhn, Visa's prefix", lambda: without_luhn("4", 16)), ("16 digits that fail Luhn, in groups", lambda: grouped(without_luhn("51", 16), [4], " ")), ("16 digits that fail Luhn, by hyphens", lambda: grouped(without_luhn("6011", 16), [4], "-")),
                   ("15 digits that fail Luhn", lambda: without_luhn("34", 15)), ("Luhn holds, no issuer's prefix", lambda: with_luhn("1", 16)), ("Luhn holds, no issuer's prefix (9)", lambda: with_luhn("94", 16)), ("Luhn holds, prefix 0", lambda: with_luhn("0", 16)),
                   ("within a longer run of digits", lambda: digits(5, "7") + with_luhn("4539", 16) + digits(3)), ("within hexadecimal digits", lambda: "a" + with_luhn("4539", 16) + "bc0f"), ("Luhn holds, 12 digits", lambda: with_luhn("4", 12)), ("Luhn holds, 20 digits", lambda: with_luhn("4", 20)),
                   ("a decimal fraction", lambda: "0." + with_luhn("4539", 16))],
    "not_an_ssn": [("area 000", lambda: f"000-{digits(2, '123')}-{digits(4)}"), ("area 666", lambda: f"666-{digits(2, '123')}-{digits(4)}"), ("group 00", lambda: f"{digits(3, '123')}-00-{digits(4)}"), ("serial 0000", lambda: f"{digits(3, '123')}-{digits(2, '123')}-0000"),
                   ("nine bare digits without a word", lambda: digits(9, "12345")), ("a digit more", lambda: f"{digits(4, '123')}-{digits(2)}-{digits(4)}"), ("a digit less", lambda: f"{digits(3, '123')}-{digits(2)}-{digits(3)}"), ("mixed separators", lambda: f"{digits(3, '123')}-{digits(2, '12')} {digits(4)}"),
                   ("part of a longer number", lambda: f"{digits(3, '123')}-{digits(2)}-{digits(4)}-{digits(3)}"), ("area 9, group 10: neither SSN nor ITIN", lambda: f"9{digits(2)}-1{digits(1)}-{digits(4)}"), ("a ZIP+4", lambda: f"{digits(5)}-{digits(4)}"), ("a part number", lambda: f"A{digits(3)}-{digits(2)}-{digits(4)}B")],
    "not_a_phone": [("ten bare digits without a word", lambda: "7" + digits(9)), ("area code that begins with 1", lambda: f"123-{digits(3)}-{digits(4)}"), ("exchange that begins with 0", lambda: f"212-0{digits(2)}-{digits(4)}"), ("coordinates", lambda: f"{digits(2, '45')}.{digits(6)}, -{digits(2, '67')}.{digits(6)}"),
                    ("an amount", lambda: f"{digits(3, '123')},{digits(3)}.{digits(2)}"), ("a range", lambda: f"{digits(3, '1')}-{digits(3, '3')}"), ("dimensions", lambda: f"{digits(4, '1')}x{digits(4, '1')}"), ("a time span", lambda: f"0{rng.randrange(9)}:00-1{rng.randrange(9)}:30"),
                    ("a date and a time", lambda: f"2026-11-{rng.randrange(10, 28)} 10:{digits(2, '012345')}:00"), ("an RGB colour", lambda: f"rgb({rng.randrange(255)}, {rng.randrange(255)}, {rng.randrange(255)})"), ("a sum", lambda: f"{digits(3)} + {digits(3)} = {digits(3)}"), ("temperature", lambda: f"+{digits(2, '123')}.{digits(1)} °C"),
                    ("an offset", lambda: f"+0{rng.randrange(1, 9)}:00"), ("a line range", lambda: f"@@ -{digits(2, '12')},7 +{digits(2, '12')},9 @@"), ("a phone number's length in a serial", lambda: f"SN{digits(10)}")],
    "not_an_iban": [("wrong check digits", lambda: (lambda n: n[:2] + f"{(int(n[2:4]) + 7) % 97:02}" + n[4:])(iban("DE", "18n"))), ("wrong check digits, in groups", lambda: grouped((lambda n: n[:2] + f"{(int(n[2:4]) + 3) % 97:02}" + n[4:])(iban("GB", "4a14n")), [4], " ")), ("a country without IBAN", lambda: "US" + digits(20)),
                    ("a digit too few", lambda: "DE00" + digits(17)), ("a product's code", lambda: f"FR{digits(2)}{chars(UPPER, 4)}{digits(4)}"), ("BIC", lambda: f"{chars(UPPER, 4)}DE{chars(UPPER_ALNUM, 2)}XXX")],
    "not_an_address": [("a time", lambda: f"{digits(2, '01')}:{digits(2, '0123')}:{digits(2, '0123')}"), ("Rust's path", lambda: f"std::{word()}::{word()}"), ("C++'s scope", lambda: f"ns::{word()}::Value"), ("seven groups", lambda: ":".join(chars(HEX, 2) for _ in range(7))), ("five pairs", lambda: ":".join(chars(HEX, 2) for _ in range(5))),
                       ("a fingerprint of 16 pairs", lambda: ":".join(chars(HEX, 2) for _ in range(16))), ("octets beyond 255", lambda: f"300.{digits(3, '2')}.999.1"), ("a certificate's serial", lambda: ":".join(chars(HEX, 2) for _ in range(18))), ("slices", lambda: f"a[{digits(1)}::{digits(1)}]"), ("a ratio", lambda: f"{digits(2)}:{digits(2)}")],
    "not_an_email": [("an npm scope", lambda: f"@types/{word()}@1{digits(1)}.0.{digits(1)}"), ("an npm package", lambda: f"{word()}@^{digits(1)}.2.3"), ("an SSH URL", lambda: f"git@github.com:acme/{word()}.git"), ("a high-density image", lambda: f"{word()}@2x.png"), ("a handle", lambda: f"thanks @{word()} and @{word()}"), ("a CSS rule", lambda: "@media (max-width: 600px) { a { color: red } }"),
                     ("a decorator", lambda: f"@app.route('/{word()}')"), ("no top level domain", lambda: f"{word()}@localhost"), ("an at sign between blanks", lambda: f"{word()} @ 10 pm"), ("a prompt", lambda: f"root@{word()}:~# ls"), ("an image's digest", lambda: f"{word()}@sha256:{chars(HEX, 64)}"), ("an Objective-C literal", lambda: f'@"{word()}"'),
                     ("SQL Server's variables", lambda: f"SELECT @@ROWCOUNT, @{word()}"), ("a Java annotation", lambda: "@Override public String toString()"), ("a price", lambda: "3 items @ 4.50 each"), ("Maven coordinates", lambda: f"com.example:{word()}:1.2.3@jar")],
    "product_key": [("five groups of five", lambda: "-".join(chars(UPPER_ALNUM, 5) for _ in range(5))), ("four groups of four", lambda: "-".join(chars(UPPER_ALNUM, 4) for _ in range(4))), ("a serial number", lambda: f"SN-{chars(UPPER_ALNUM, 10)}"), ("a voucher", lambda: f"SAVE{digits(2)}-{chars(UPPER, 6)}")],
    "hex_dump": [("xxd", lambda: f"0000{digits(4)}: {' '.join(chars(HEX, 4) for _ in range(8))}  ................"), ("hexdump -C", lambda: f"0000{chars(HEX, 4)}  {' '.join(chars(HEX, 2) for _ in range(8))}  {' '.join(chars(HEX, 2) for _ in range(8))}"), ("a byte array", lambda: "[" + ", ".join("0x" + chars(HEX, 2) for _ in range(12)) + "]"),
                 ("an address and its value", lambda: f"0x7fff{chars(HEX, 8)}: mov rax, 0x{chars(HEX, 8)}"), ("escaped bytes", lambda: "".join("\\x" + chars(HEX, 2) for _ in range(12))), ("registers", lambda: f"RIP: 0010:{word()}+0x{chars(HEX, 2)}/0x{chars(HEX, 3)}")],
    "cloud_id": [("an EC2 instance", lambda: "i-0" + chars(HEX, 16)), ("a VPC", lambda: "vpc-" + chars(HEX, 17)), ("an ARN", lambda: f"arn:aws:iam::{digits(12, '123')}:role/{word()}"), ("a container", lambda: chars(HEX, 12)), ("a pod", lambda: f"{word()}-{chars(HEX, 10)}-{chars(LOWER_ALNUM, 5)}"), ("a Stripe customer", lambda: "cus_" + chars(ALNUM, 14)),
                 ("a Stripe payment", lambda: "pi_" + chars(ALNUM, 24)), ("a Stripe event", lambda: "evt_" + chars(ALNUM, 24)), ("a GitHub node", lambda: b64(f"04:User{digits(7)}")), ("a Google project", lambda: f"{word()}-{word()}-{digits(6)}"), ("a Twilio account, which is no secret", lambda: "AC" + chars(HEX, 32)), ("an Azure resource", lambda: f"/subscriptions/{uuid()}/resourceGroups/{word()}"),
                 ("a request id", lambda: "req_" + chars(ALNUM, 14)), ("a trace", lambda: f"00-{chars(HEX, 32)}-{chars(HEX, 16)}-01"), ("an S3 request id", lambda: chars(UPPER_ALNUM, 16)), ("an image", lambda: f"ami-0{chars(HEX, 16)}")],
    "base64": [("a PNG", lambda: "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA" + b64(random_bytes(60))), ("a JPEG", lambda: "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQ" + b64(random_bytes(60))), ("a GIF", lambda: "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"), ("a font", lambda: "url(data:font/woff2;base64,d09GMgAB" + b64(random_bytes(45)) + ")"),
               ("a text", lambda: b64(f"{word()} {word()} {word()} {word()}")), ("a cursor of a page", lambda: "cursor=" + b64(f'{{"offset":{digits(3)}}}')), ("a protocol buffer", lambda: b64(random_bytes(33))), ("an SVG", lambda: "data:image/svg+xml;base64," + b64(f"<svg xmlns='x'><path d='M{digits(3)}'/></svg>"))],
    "public_key": [("an SSH key", lambda: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + chars(BASE64, 43) + f" {word()}-host"), ("an RSA key", lambda: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB" + chars(BASE64, 60)), ("a certificate", lambda: f"-----BEGIN CERTIFICATE-----\n{b64(random_bytes(48))}\n-----END CERTIFICATE-----"),
                   ("a public key", lambda: f"-----BEGIN PUBLIC KEY-----\n{b64(random_bytes(44))}\n-----END PUBLIC KEY-----"), ("a fingerprint", lambda: "SHA256:" + b64(random_bytes(32), padded=False)), ("an age recipient", lambda: "age1" + chars("qpzry9x8gf2tvdw0s3jn54khce6mua7l", 58)), ("a WireGuard peer", lambda: "peer: " + b64(random_bytes(32))), ("a PGP public key", lambda: f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{b64(random_bytes(48))}\n-----END PGP PUBLIC KEY BLOCK-----")],
    "measure": [("an amount", lambda: f"EUR {digits(4, '123')}.{digits(2)}"), ("a size", lambda: f"{digits(10, '12')} bytes"), ("a percentage", lambda: f"{digits(2)}.{digits(4)}%"), ("coordinates", lambda: f"geo:{digits(2, '45')}.{digits(7)},{digits(1)}.{digits(7)}"), ("pi", lambda: "3.14159265358979323846"), ("a float", lambda: f"{digits(1, '123')}.{digits(15)}e-{digits(2, '01')}"),
                ("a big integer", lambda: digits(24, "5678")), ("nanoseconds", lambda: f"took {digits(9, '12')}ns"), ("a row of numbers", lambda: " ".join(digits(3) for _ in range(8))), ("a matrix", lambda: f"[[{digits(2)}, {digits(2)}], [{digits(2)}, {digits(2)}]]"), ("a phone-like score", lambda: f"{digits(3, '1')} : {digits(3, '1')}"), ("a port range", lambda: "32768-60999"),
                ("disk blocks", lambda: f"{digits(9)}+{digits(1)} records in"), ("a rate", lambda: f"{digits(6, '12')} req/s, p99 {digits(3)}us"), ("Roman and Arabic", lambda: f"Chapter XIV, pages {digits(3, '1')}-{digits(3, '2')}")],
}


def write():
    cases = Cases("harmless", "identifiers")
    for kind, shapes in VALUES.items():
        # Each shape once alone, and in places drawn for it.
        for why, make in shapes:
            places = [AROUND[0]] + rng.sample(AROUND[1:], 4)
            for place in places:
                value = make()
                if ('"' in value or "\n" in value or "\\" in value) and '"ref"' in place:
                    place = "{}"
                cases.harmless(kind, place.format(value), why)
    # Under the profile that hides addresses, versions and identifiers of objects have to stay as well.
    for kind in ("version", "oid", "not_an_address"):
        for why, make in VALUES[kind]:
            if "four parts" not in why:
                cases.harmless(f"{kind}_hipaa", make(), f"{why}, where addresses are hidden", profile="hipaa")
    return cases.write()
