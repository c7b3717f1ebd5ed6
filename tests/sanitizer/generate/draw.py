"""Chance and check digits: what the values of the cases are made of.

Everything is drawn from one seeded generator, so the same seed gives the same files.
"""

import base64
import random
import string
import zlib

rng = random.Random(20261124)

DIGITS = string.digits
LOWER = string.ascii_lowercase
UPPER = string.ascii_uppercase
HEX = "0123456789abcdef"
BASE32 = UPPER + "234567"
ALNUM = string.ascii_letters + DIGITS
LOWER_ALNUM = LOWER + DIGITS
UPPER_ALNUM = UPPER + DIGITS
BASE64 = ALNUM + "+/"
URLSAFE = ALNUM + "-_"


def chars(alphabet, count):
    return "".join(rng.choice(alphabet) for _ in range(count))


def fake(alphabet, count):
    """Random characters that say themselves that they are no real secret, where the alphabet has letters for it."""
    text = chars(alphabet, count)
    if count >= 24:
        for word in ("FaKe", "fake", "FAKE"):
            if all(letter in alphabet for letter in word):
                at = rng.randrange(2, count - 8)
                return text[:at] + word + text[at + 4:]
    return text


def digits(count, first="0123456789"):
    return rng.choice(first) + chars(DIGITS, count - 1)


def pick(*choices):
    return rng.choice(choices)


def luhn_digit(body):
    """The check digit of ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def luhn_ok(number):
    return luhn_digit(number[:-1]) == number[-1]


def with_luhn(prefix, length):
    body = prefix + chars(DIGITS, length - len(prefix) - 1)
    return body + luhn_digit(body)


def mod97(text):
    """The remainder of ISO 7064 for a text of letters and digits, A being 10."""
    return int("".join(str(int(c, 36)) for c in text)) % 97


def iban(country, structure):
    """An account number of this country; the structure is written as in the SWIFT registry: 4a6n8n, n digits,
    a capitals, c both."""
    bban, count = "", ""
    for c in structure:
        if c.isdigit():
            count += c
        else:
            bban += chars({"n": DIGITS, "a": UPPER, "c": UPPER_ALNUM}[c], int(count))
            count = ""
    check = 98 - mod97(bban + country + "00")
    return f"{country}{check:02}{bban}"


def grouped(text, sizes, separator):
    """The text in groups of these sizes; the last size repeats."""
    out, at, index = [], 0, 0
    while at < len(text):
        size = sizes[min(index, len(sizes) - 1)]
        out.append(text[at:at + size])
        at, index = at + size, index + 1
    return separator.join(out)


def base62(value, width):
    out = ""
    while value:
        value, rest = divmod(value, 62)
        out = (DIGITS + UPPER + LOWER)[rest] + out
    return out.rjust(width, "0")


def with_crc(prefix, count=30):
    """A token that ends in the CRC-32 of what follows its prefix, in base 62: GitHub's and npm's form."""
    body = fake(ALNUM, count)
    return prefix + body + base62(zlib.crc32(body.encode()), 6)


def b64(data, urlsafe=False, padded=True):
    raw = data if isinstance(data, bytes) else data.encode()
    text = (base64.urlsafe_b64encode if urlsafe else base64.b64encode)(raw).decode()
    return text if padded else text.rstrip("=")


def random_bytes(count):
    return bytes(rng.randrange(256) for _ in range(count))


WORDS = """apple river stone cloud maple ember falcon harbor island jungle kettle lantern meadow nectar orchid pebble
quartz ripple saddle timber violet walnut yonder zephyr anchor basket candle dragon feather garnet""".split()
FIRST = """jane john maria wei fatima oluwaseun anna piotr chloe luca sofia noah emma liam yuki carlos ingrid tariq
priya dmitri aisha bjorn elena kofi""".split()
LAST = """smith mueller garcia chen nguyen okafor novak rossi dubois tanaka silva johansson kowalski ivanova haddad
brown jensen murphy kim popescu""".split()


def word():
    return rng.choice(WORDS)


def password():
    """As people and generators make them; none of them has a quote, a blank or a backslash."""
    return pick(
        lambda: chars(ALNUM, rng.randrange(10, 22)),
        lambda: word().capitalize() + word() + digits(2) + pick("!", "#", "$", "*"),
        lambda: chars(ALNUM + "!#$%*+.^_~", rng.randrange(12, 20)),
        lambda: "-".join(word() for _ in range(4)) + digits(1),
        lambda: word() + digits(3),
        lambda: fake(URLSAFE, 32),
        lambda: fake(HEX, 32),
        lambda: chars(LOWER, 9),
    )()
