"""Identifiers of people: e-mail addresses, cards, numbers of persons, telephones, accounts, devices."""

from cases import Cases
from contexts import PEOPLE, keep_of, rounds
from draw import *  # noqa: F403: the vocabulary of this folder
from draw import FIRST, LAST, rng

LETTERS_UTF8 = ["josé", "françois", "søren", "łukasz", "müller", "андрей", "みどり"]


def emails(cases):
    person = lambda: (pick(*FIRST), pick(*LAST))
    domain = lambda: pick("example.com", "example.org", "mail.example.net", "corp.example.co.uk", "shop.example.de",
                          "a-b.example.io", "x1.example.technology", "example.museum")
    shapes = [
        ("RFC 5322 dot-atom, two words", lambda f, l: f"{f}.{l}@{domain()}"),
        ("one letter before the dot", lambda f, l: f"{f[0]}.{l}@{domain()}"),
        ("sub-address behind a plus (RFC 5233)", lambda f, l: f"{f}+{word()}@{domain()}"),
        ("plus, dots and digits", lambda f, l: f"{f}.{l}{digits(2)}+news.{digits(4)}@{domain()}"),
        ("underscore and hyphen", lambda f, l: f"{f}_{l}-{word()}@{domain()}"),
        ("capitals", lambda f, l: f"{f.upper()}.{l.upper()}@{domain().upper()}"),
        ("mixed case", lambda f, l: f"{f.title()}{l.title()}@Example.Com"),
        ("one letter only", lambda f, l: f"{f[0]}@{domain()}"),
        ("digits only", lambda f, l: f"{digits(9)}@{domain()}"),
        ("apostrophe, allowed by RFC 5322 atext", lambda f, l: f"{f}.o'{l}@{domain()}"),
        ("percent and equals, allowed by RFC 5322 atext", lambda f, l: f"{f}%{l}={word()}@{domain()}"),
        ("exclamation, slash and tilde, allowed by RFC 5322 atext", lambda f, l: f"{f}/{l}~{word()}!@{domain()}"),
        ("punycode domain (RFC 3492)", lambda f, l: f"{f}@xn--mller-kva.example"),
        ("punycode top level domain", lambda f, l: f"{f}.{l}@mail.xn--p1ai"),
        ("Unicode domain (RFC 6531)", lambda f, l: f"{f}@{pick('bücher', 'müller', 'café', 'пример', '例え')}.example"),
        ("Unicode local part (RFC 6531)", lambda f, l: f"{pick(*LETTERS_UTF8)}.{l}@{domain()}"),
        ("six labels", lambda f, l: f"{f}@a.b.c.d.example.com"),
        ("64 characters before the @, the most RFC 5321 allows", lambda f, l: f"{chars(LOWER_ALNUM, 64)}@{domain()}"),
        ("hyphens and digits in the domain", lambda f, l: f"{f}@3com-mail-{digits(2)}.example.com"),
        ("two-letter top level domain", lambda f, l: f"{f}.{l}@{word()}.{pick('de', 'fr', 'io', 'uk', 'jp')}"),
        ("leading digit", lambda f, l: f"{digits(1)}{f}@{domain()}"),
        ("a mailbox of a function", lambda f, l: f"{pick('info', 'billing', 'no-reply', 'admin')}@{word()}.example"),
    ]
    contexts = rounds(PEOPLE)
    for why, shape in shapes:
        for _ in range(3):
            address = shape(*person())
            context = next(contexts)
            if "'" in address and "'" in context[0]:
                context = next(contexts)
            cases.positive("email", context[0].format(address), address, keep_of(context), why)
    for text, secret, keep, why in [
        ("From: Jane Smith <jane.smith@example.com>", "jane.smith@example.com", "From:", "RFC 5322 name-addr"),
        ("mailto:jane.smith@example.com?subject=Hello", "jane.smith@example.com", "mailto: subject=Hello", "mailto URI, RFC 6068"),
        ("GET /users?email=jane.smith%40example.com&page=2 HTTP/1.1", "jane.smith%40example.com", "GET /users page=2 HTTP/1.1", "percent-encoded @"),
        ("to=a.lee@example.com,b.kim@example.com;c.cho@example.org", "a.lee@example.com b.kim@example.com c.cho@example.org".split(), "to=", "three in a row"),
        ("cc: <p.novak@example.com>,<q.rossi@example.net>", ["p.novak@example.com", "q.rossi@example.net"], "cc:", "angle brackets without blanks"),
        ("jane@example.com/inbox/17 opened", "jane@example.com", "inbox/17 opened", "followed by a slash"),
        ("user:jane@example.com:active", "jane@example.com", "user active", "between colons"),
        ("write to jane@example.com, or call", "jane@example.com", "write to or call", "followed by a comma"),
        ("is it jane@example.com?", "jane@example.com", "is it", "followed by a question mark"),
        ("jane@example.com!", "jane@example.com", "", "followed by an exclamation mark"),
        ("Ask jane@example.com... soon", "jane@example.com", "Ask soon", "followed by an ellipsis"),
        ("[jane@example.com](mailto:jane@example.com)", "jane@example.com", "mailto:", "twice in a Markdown link"),
        ("{\"to\":[\"jane@example.com\",\"li@example.org\"],\"n\":2}", ["jane@example.com", "li@example.org"], "to n", "in a JSON array"),
        ("{\\\"email\\\":\\\"jane@example.com\\\",\\\"id\\\":4}", "jane@example.com", "id 4", "in escaped JSON"),
        ("RCPT TO:<jane@example.com> ORCPT=rfc822;jane@example.com", "jane@example.com", "RCPT TO: ORCPT=rfc822", "SMTP, RFC 5321"),
        ("550 5.1.1 <nobody@example.com>: Recipient address rejected", "nobody@example.com", "550 5.1.1 Recipient address rejected", "an SMTP answer"),
        ("=?utf-8?q?J=C3=A4ne?= <jaene@example.com>", "jaene@example.com", "=?utf-8?q?J=C3=A4ne?=", "behind an encoded word"),
        ("jane@example.com\njohn@example.com\n", ["jane@example.com", "john@example.com"], "", "a line each"),
        ("uid=jane@example.com,ou=people,dc=example", "jane@example.com", "uid= ou=people dc=example", "an LDAP name"),
        ("https://example.com/unsubscribe/jane@example.com/now", "jane@example.com", "https://example.com/unsubscribe now", "in the path of a URL"),
        ("x\u00a0jane@example.com\u00a0y", "jane@example.com", "x y", "between no-break spaces"),
        ("„jane@example.com“ schreibt", "jane@example.com", "schreibt", "in German quotes"),
        ("«jane@example.com» a écrit", "jane@example.com", "écrit", "in guillemets"),
        ("联系 jane@example.com。谢谢", "jane@example.com", "联系 谢谢", "before a full-width stop"),
    ]:
        cases.positive("email", text, secret, keep, why)


CARD_RANGES = [
    # (issuer, prefixes at the edges and inside, lengths): ISO/IEC 7812 issuer identification numbers as the schemes publish them
    ("Visa", ["4", "4000", "4999", "45"], [16]),
    ("Visa of 19 digits", ["4"], [19]),
    ("Mastercard 51 to 55", ["51", "52", "53", "54", "55"], [16]),
    ("Mastercard 2221 to 2720", ["222100", "2221", "2345", "2720", "272099"], [16]),
    ("American Express", ["34", "37"], [15]),
    ("Discover", ["6011", "644", "649", "65", "622126", "622925"], [16]),
    ("Diners Club", ["300", "305", "36", "38", "39"], [14]),
    ("JCB", ["3528", "3589", "3566"], [16]),
    ("UnionPay", ["62", "6200"], [16, 17, 18, 19]),
]
CARD_GROUPS = {14: [4, 6, 4], 15: [4, 6, 5], 16: [4], 17: [4], 18: [6, 12], 19: [4]}
CARD_TEXTS = [
    ("payment with {} approved", "payment with approved"),
    ("card {} exp 04/29", "card exp 04/29"),
    ("{}", ""),
    ("{{\"pan_note\":\"{}\",\"amount\":1250}}", "pan_note amount 1250"),
    ("order 4711: {} (declined, code 51)", "order 4711: (declined, code 51)"),
    ("2026-03-04T05:06:07Z ERROR charge failed for {} amount=12.50 EUR", "2026-03-04T05:06:07Z ERROR charge failed amount=12.50 EUR"),
    ("'{}',12.50,'EUR'", "12.50 EUR"),
    ("Karte {} gesperrt", "Karte gesperrt"),
    ("number={}&month=4&year=2029", "month=4 year=2029"),
    ("invalid number \"{}\" in row 8", "invalid number in row 8"),
    ("<pan>{}</pan><exp>0429</exp>", "<pan> </pan> <exp>0429</exp>"),
    ("cards: {}, and two more", "cards: and two more"),
    ("paid by {}; thank you", "paid by thank you"),
    ("[{}]", ""),
    ("ref {}\nnext line", "ref next line"),
]


def cards(cases):
    contexts = rounds(CARD_TEXTS)
    for issuer, prefixes, lengths in CARD_RANGES:
        for prefix in prefixes:
            for length in lengths:
                for style in ("together", " ", "-"):
                    number = with_luhn(prefix, length)
                    shown = number if style == "together" else grouped(number, CARD_GROUPS[length], style)
                    context = next(contexts)
                    how = {"together": "without groups", " ": "grouped by blanks", "-": "grouped by hyphens"}[style]
                    cases.positive("card", context[0].format(shown), shown, context[1], f"{issuer}, {prefix}…, {length} digits, {how}")
    for prefix, length in [("5018", 16), ("5020", 16), ("5893", 16), ("6304", 16), ("6759", 16), ("6761", 18), ("6763", 19), ("5038", 12), ("50", 13)]:
        number = with_luhn(prefix, length)
        cases.positive("card", f"Maestro card {number} refused", number, "refused", f"Maestro {prefix}…, {length} digits, beside the word card")
    for text in ["Visa card number {} on file", "card no. {} expired", "creditCard: {}"]:
        number = with_luhn("4", 13)
        cases.positive("card", text.format(number), number, "", "Visa of 13 digits beside a word that says so")
    for key in ["card_number", "cardNumber", "pan", "ccNumber", "credit_card", "Card-No"]:
        number = with_luhn("4539", 16)
        cases.positive("card", number, number, "", "by the name of its field", key=key)
    for text, secret, keep, why in [
        ("%B4539148803436467^SMITH/JANE^2904101?", "4539148803436467", "", "track 1 of a magnetic stripe, ISO/IEC 7813"),
        ("4539148803436467 then 4111111111111111", ["4539148803436467", "4111111111111111"], "then", "two in one text"),
        ("4539148803436467,4111111111111111", ["4539148803436467", "4111111111111111"], "", "two with a comma between"),
        ("card:4539148803436467:ok", "4539148803436467", "ok", "between colons"),
        ("pan%3D4539148803436467%26x%3D1", "4539148803436467", "", "in a percent-encoded query"),
        ("{\\\"n\\\":\\\"4539148803436467\\\"}", "4539148803436467", "", "in escaped JSON"),
        ("4539 1488 0343 6467 04/29 123", "4539 1488 0343 6467", "04/29", "with date and code behind it"),
        ("tel 2026-03-04 card 4539-1488-0343-6467", "4539-1488-0343-6467", "2026-03-04", "behind a date"),
        ("PAN(4539148803436467)", "4539148803436467", "", "in parentheses"),
        ("amount 100 4539148803436467", "4539148803436467", "amount 100", "behind another number"),
        ("_4539148803436467_", "4539148803436467", "", "between underscores"),
        ("card=4539148803436467;cvv=123", ["4539148803436467", "123"], "", "with its verification code, which PCI DSS 3.3 never allows to be kept"),
    ]:
        cases.positive("card", text, secret, keep, why)


def persons(cases):
    """Social Security and taxpayer numbers of the United States."""
    contexts = rounds(PEOPLE)
    areas = ["001", "002", "123", "219", "457", "574", "665", "667", "700", "733", "749", "772", "800", "899", "078"]
    for area in areas:
        for separator in ("-", " ", "-"):
            number = separator.join([area, f"{rng.randrange(1, 100):02}", f"{rng.randrange(1, 10000):04}"])
            context = next(contexts)
            cases.positive("ssn", context[0].format(number), number, keep_of(context),
                           f"SSA rules: area {area} is assignable, separated by {'hyphens' if separator == '-' else 'blanks'}")
    for separator, name in ((".", "dots"), ("-", "hyphens")):
        number = separator.join(["543", "21", "9876"])
        cases.positive("ssn", f"SSN {number} on file", number, "on file", f"separated by {name}, beside the word SSN")
    for text, keep in [("SSN: {}", ""), ("ssn={}", ""), ("his social security number is {}", "his social security number is"),
                       ("Social Security No. {} verified", "verified"), ("SSN {} does not match", "does not match"),
                       ("{{\"ssn\":\"{}\",\"id\":5}}", "id 5"), ("ssn: {}, dob unknown", ""), ("applicant SSN#{}", "applicant")]:
        number = f"{rng.randrange(100, 600)}{rng.randrange(10, 99)}{rng.randrange(1000, 9999)}"
        cases.positive("ssn", text.format(number), number, keep, "nine digits beside a word that says what they are")
    for key in ["ssn", "social_security_number", "SSN", "customerSsn", "taxpayer-ssn"]:
        cases.positive("ssn", "219099999", "219099999", "", "by the name of its field", key=key)
    for number, why in [("001-01-0001", "the smallest"), ("899-99-9999", "the largest"), ("665-12-3456", "just below 666"),
                        ("667-12-3456", "just above 666"), ("078-05-1120", "a well-known sample; an audit log hides samples too"),
                        ("219-09-9999", "another sample")]:
        cases.positive("ssn", f"applicant {number} approved", number, "applicant approved", f"boundary of the SSA rules: {why}")
    for group in ["50", "65", "70", "88", "90", "92", "94", "99", "54", "81"]:
        for separator in ("-", " "):
            number = separator.join([f"9{rng.randrange(0, 100):02}", group, f"{rng.randrange(0, 10000):04}"])
            context = next(contexts)
            cases.positive("itin", context[0].format(number), number, keep_of(context), f"IRS: ITIN begins with 9, group {group} is assigned")
    for text in ["ITIN: {}", "itin={}", "his ITIN {} was renewed", "taxpayer id {} (ITIN)"]:
        number = f"9{rng.randrange(0, 100):02}7{rng.randrange(0, 9)}{rng.randrange(1000, 9999)}"
        cases.positive("itin", text.format(number), number, "", "nine digits beside the word ITIN")
    for key in ["itin", "tax_id", "taxId", "ITIN"]:
        cases.positive("itin", "912701234", "912701234", "", "by the name of its field", key=key)


# Numbers that regulators keep free for drama and tests, where there are such; else random subscriber digits.
E164 = [
    ("+1", "NANP", lambda: "415" + "55501" + digits(2), ["+1 {0}-{1}-{2}", "+1 ({0}) {1}-{2}", "+1.{0}.{1}.{2}", "+1{0}{1}{2}", "+1-{0}-{1}-{2}"], (3, 3, 4)),
    ("+44", "United Kingdom, Ofcom drama numbers", lambda: "20" + "7946" + "0" + digits(3), ["+44 {0} {1} {2}", "+44 (0){0} {1} {2}", "+44{0}{1}{2}", "+44-{0}-{1}-{2}"], (2, 4, 4)),
    ("+44", "United Kingdom, mobile", lambda: "7700" + "900" + digits(3), ["+44 {0} {1}{2}", "+44{0}{1}{2}", "+44 {0} {1} {2}"], (4, 3, 3)),
    ("+49", "Germany, drama numbers", lambda: "30" + "23125" + digits(3), ["+49 {0} {1}{2}", "+49 ({0}) {1} {2}", "+49{0}{1}{2}", "+49-{0}-{1}{2}", "0049 {0} {1}{2}"], (2, 5, 3)),
    ("+33", "France, ARCEP drama numbers", lambda: "1" + "9900" + digits(4), ["+33 {0} {1} {2}", "+33{0}{1}{2}", "+33 (0){0} {1} {2}"], (1, 4, 4)),
    ("+61", "Australia, ACMA drama numbers", lambda: "491" + "570" + digits(3), ["+61 {0} {1} {2}", "+61{0}{1}{2}"], (3, 3, 3)),
    ("+81", "Japan", lambda: "3" + "5555" + digits(4), ["+81 {0} {1} {2}", "+81-{0}-{1}-{2}", "+81{0}{1}{2}"], (1, 4, 4)),
    ("+91", "India", lambda: "98" + "765" + digits(5), ["+91 {0}{1} {2}", "+91-{0}{1}{2}", "+91{0}{1}{2}"], (2, 3, 5)),
    ("+55", "Brazil", lambda: "11" + "9" + "5555" + digits(4), ["+55 {0} {1} {2}", "+55 ({0}) {1}-{2}", "+55{0}{1}{2}"], (2, 5, 4)),
    ("+86", "China", lambda: "138" + "0013" + digits(4), ["+86 {0} {1} {2}", "+86{0}{1}{2}", "+86-{0}-{1}-{2}"], (3, 4, 4)),
    ("+39", "Italy", lambda: "06" + "5555" + digits(4), ["+39 {0} {1} {2}", "+39{0}{1}{2}"], (2, 4, 4)),
    ("+34", "Spain", lambda: "612" + digits(3) + digits(3), ["+34 {0} {1} {2}", "+34{0}{1}{2}"], (3, 3, 3)),
    ("+31", "Netherlands", lambda: "6" + digits(4) + digits(4), ["+31 {0} {1}{2}", "+31{0}{1}{2}"], (1, 4, 4)),
    ("+41", "Switzerland", lambda: "44" + "668" + digits(4), ["+41 {0} {1} {2}", "+41{0}{1}{2}"], (2, 3, 4)),
    ("+46", "Sweden, PTS drama numbers", lambda: "8" + "465004" + digits(2), ["+46 {0} {1} {2}", "+46{0}{1}{2}"], (1, 6, 2)),
    ("+48", "Poland", lambda: "512" + digits(3) + digits(3), ["+48 {0} {1} {2}", "+48{0}{1}{2}"], (3, 3, 3)),
    ("+7", "Russia", lambda: "916" + "555" + digits(4), ["+7 {0} {1}-{2}", "+7 ({0}) {1}-{2}", "+7{0}{1}{2}"], (3, 3, 4)),
    ("+353", "Ireland", lambda: "20" + "915" + digits(4), ["+353 {0} {1} {2}", "+353{0}{1}{2}"], (2, 3, 4)),
    ("+971", "United Arab Emirates", lambda: "50" + "555" + digits(4), ["+971 {0} {1} {2}", "+971{0}{1}{2}"], (2, 3, 4)),
    ("+254", "Kenya", lambda: "712" + digits(3) + digits(3), ["+254 {0} {1} {2}", "+254{0}{1}{2}"], (3, 3, 3)),
    ("+380", "Ukraine", lambda: "44" + "555" + digits(4), ["+380 {0} {1} {2}", "+380{0}{1}{2}"], (2, 3, 4)),
]


def phones(cases):
    contexts = rounds(PEOPLE)
    for _, plan, subscriber, shapes, sizes in E164:
        for shape in shapes:
            number = subscriber()
            parts, at = [], 0
            for size in sizes:
                parts.append(number[at:at + size])
                at += size
            shown = shape.format(*parts)
            context = next(contexts)
            cases.positive("phone", context[0].format(shown), shown, keep_of(context), f"E.164/E.123, {plan}: {shape}")
    # 555-01xx is kept free for fiction in every area code of the North American plan.
    for shape in ["({0}) {1}-{2}", "{0}-{1}-{2}", "{0}.{1}.{2}", "{0} {1} {2}", "({0}) {1} {2}", "({0}){1}-{2}", "1-{0}-{1}-{2}", "1 ({0}) {1}-{2}"]:
        for area in ["212", "415", "989", "800", "203"]:
            shown = shape.format(area, "555", "01" + digits(2))
            context = next(contexts)
            cases.positive("phone", context[0].format(shown), shown, keep_of(context), f"North American numbering plan, {shape}")
    for text, keep in [("call {} after five", "call after five"), ("phone {}", "phone"), ("mobile: {}", "mobile"), ("Tel. {}", "Tel."),
                       ("phone={}&lang=en", "lang=en"), ("tel:{}", "tel"), ("fax {}", "fax"), ("{{\"phone\":\"{}\",\"id\":3}}", "id 3"),
                       ("text me at {}", "text me at"), ("cell {} preferred", "cell preferred")]:
        number = "415" + "55501" + digits(2)
        cases.positive("phone", text.format(number), number, keep, "ten bare digits beside a word that says what they are")
    for key in ["phone", "phoneNumber", "mobile", "home_phone", "fax", "telephone"]:
        cases.positive("phone", "4155550132", "4155550132", "", "by the name of its field", key=key)
    for text, secret, keep, why in [
        ("tel:+14155550132;ext=17", "+14155550132", "tel:", "RFC 3966 URI"),
        ("<a href=\"tel:+442079460123\">Call</a>", "+442079460123", "Call </a>", "in a link"),
        ("call (415) 555-0132 x204", "(415) 555-0132", "call", "with an extension"),
        ("415-555-0132 ext. 9 or +44 20 7946 0123", ["415-555-0132", "+44 20 7946 0123"], "or", "two plans in one text"),
        ("phones: 415-555-0132/415-555-0133", ["415-555-0132", "415-555-0133"], "phones:", "two with a slash between"),
        ("+1 415 555 0132, thanks", "+1 415 555 0132", "thanks", "before a comma"),
        ("\"+14155550132\"", "+14155550132", "", "in quotes"),
        ("wa.me/+14155550132", "+14155550132", "wa.me", "in a path"),
        ("sms to %2B14155550132 sent", "14155550132", "sms to sent", "percent-encoded plus"),
    ]:
        cases.positive("phone", text, secret, keep, why)


IBANS = """AD 8n12c;AE 3n16n;AL 8n16c;AT 5n11n;AZ 4a20c;BA 16n;BE 12n;BG 4a6n8c;BH 4a14c;BR 23n1a1c;BY 4c4n16c;CH 5n12c;
CR 18n;CY 8n16c;CZ 20n;DE 18n;DK 14n;DO 4c20n;EE 16n;EG 25n;ES 20n;FI 14n;FO 14n;FR 10n11c2n;GB 4a14n;GE 2a16n;GI 4a15c;
GL 14n;GR 7n16c;GT 4c20c;HR 17n;HU 24n;IE 4a14n;IL 19n;IS 22n;IT 1a10n12c;JO 4a4n18c;KW 4a22c;KZ 3n13c;LB 4n20c;LC 4a24c;
LI 5n12c;LT 16n;LU 3n13c;LV 4a13c;LY 21n;MC 10n11c2n;MD 2c18c;ME 18n;MK 3n10c2n;MR 23n;MT 4a5n18c;MU 4a19n3a;NL 4a10n;NO 11n;
PK 4a16c;PL 24n;PS 4a21c;PT 21n;QA 4a21c;RO 4a16c;RS 18n;SA 2n18c;SC 4a20n3a;SD 14n;SE 20n;SI 15n;SK 20n;SM 1a10n12c;ST 21n;
SV 4a20n;TL 19n;TN 20n;TR 6n16c;UA 6n19c;VA 18n;VG 4a16n;XK 16n""".replace("\n", "").split(";")


def accounts(cases):
    contexts = rounds(PEOPLE)
    for entry in IBANS:
        country, structure = entry.split()
        for style in ("together", "grouped"):
            number = iban(country, structure)
            shown = number if style == "together" else grouped(number, [4], " ")
            context = next(contexts)
            cases.positive("iban", context[0].format(shown), shown, keep_of(context), f"ISO 13616, {country}, {len(number)} characters, {style}")
    number = iban("DE", "18n")
    for text, secret, keep, why in [
        (f"IBAN: {number}", number, "", "with its name before it"),
        (f"iban={number}&bic=COBADEFFXXX", number, "bic=COBADEFFXXX", "in a query"),
        (f"zahlbar auf {grouped(number, [4], '-')} bis Freitag", grouped(number, [4], "-"), "zahlbar auf bis Freitag", "grouped by hyphens"),
        (f"{{\"iban\":\"{number}\",\"amount\":5}}", number, "amount 5", "in JSON"),
        (number.lower(), number.lower(), "", "in small letters"),
        (f"from {number} to {iban('FR', '10n11c2n')}", number, "from to", "two in one text"),
    ]:
        cases.positive("iban", text, secret, keep, why)
    for key in ["iban", "IBAN", "creditorIban", "account_number", "bankAccountNumber"]:
        cases.positive("iban", number, number, "", "by the name of its field", key=key)


def write():
    cases = Cases("positives", "personal")
    emails(cases)
    cards(cases)
    persons(cases)
    phones(cases)
    accounts(cases)
    return cases.write()
