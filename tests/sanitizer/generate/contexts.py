"""The texts that secrets are found in: sentences, log lines, code, JSON, URLs. `{}` is the secret's place; what stands
in the second column has to be kept."""

from draw import rng

# Nothing around them says what the value is: the value has to be known by its own shape.
PLAIN = [
    ("{}", "", "alone"),
    ("the nightly job uses {} since Monday", "nightly job uses since Monday", "in a sentence"),
    ("please rotate {}.", "please rotate", "at the end of a sentence"),
    ("({})", "", "in parentheses"),
    ("found \"{}\" in config.rs line 17", "found config.rs line 17", "in double quotes"),
    ("found '{}' in settings.py", "found settings.py", "in single quotes"),
    ("`{}` was committed by mistake", "was committed by mistake", "in backticks"),
    ("{{\"note\":\"{}\",\"count\":3}}", "note count 3", "in JSON under a name that says nothing"),
    ("2026-01-05T10:00:00.123Z  WARN worker-3 retry with {} failed after 250ms",
     "2026-01-05T10:00:00.123Z WARN worker-3 retry failed 250ms", "in a log line"),
    ("Some(\"{}\")", "Some", "in Debug output"),
    ("acme,{},2026-03-01,active", "acme 2026-03-01 active", "in a CSV row"),
    ("first line\n{}\nlast line", "first line last", "on a line of its own"),
    ("+    let client = Client::new(\"{}\");", "let client Client::new", "in a diff"),
    ("<v>{}</v>", "<v> </v>", "in XML"),
    ("Error: request rejected: {} (code 17)", "Error: request rejected: (code 17)", "in an error text"),
    ("x={}", "x=", "behind an equals sign"),
    ("values: [{}, 12]", "values: 12", "in a list"),
    ("col1\t{}\tcol3", "col1 col3", "between tabs"),
    ("see https://example.com/t?ref={}&page=2 for more", "https://example.com/t?ref= page=2 for more", "in a query"),
    ("**{}** is what they sent", "is what they sent", "in Markdown"),
    ("thread 'main' panicked at src/db.rs:41:9:\nbad input {}", "panicked src/db.rs:41:9 bad input", "in a panic message"),
]

# For identifiers of people: texts that name what follows or say nothing of it.
PEOPLE = [
    ("customer {} called twice", "customer called twice"),
    ("{}", ""),
    ("forwarded to {}, see ticket 881", "forwarded see ticket 881"),
    ("{{\"comment\":\"{}\",\"priority\":2}}", "comment priority 2"),
    ("2026-02-11 08:15:02 INFO import: row 17: {} accepted", "2026-02-11 08:15:02 INFO import: row accepted"),
    ("Duplicate entry '{}' for column 3", "Duplicate entry column 3"),
    ("note:\n  {}\nend of note", "note: end of note"),
    ("(was {})", "was"),
    ("\"{}\";\"open\";\"12.50\"", "open 12.50"),
    ("User {{ id: 7, contact: \"{}\", active: true }}", "User id: 7 active: true"),
    ("reply from {}: thanks!", "reply from thanks!"),
    ("Kunde {} hat sich gemeldet", "Kunde hat sich gemeldet"),
    ("UPDATE t SET v = '{}' WHERE id = 9", "UPDATE SET WHERE id = 9"),
    ("<td>{}</td><td>paid</td>", "<td> </td> paid"),
    ("invalid value: {}", "invalid value:"),
    ("[warn] {} not found in directory", "[warn] not found in directory"),
    ("old={} new=none", "old= new=none"),
    ("Ticket #4711 / {} / closed", "Ticket #4711 closed"),
]


def rounds(contexts, start=None):
    """One context after another, from a drawn one on."""
    at = rng.randrange(len(contexts)) if start is None else start
    while True:
        yield contexts[at % len(contexts)]
        at += 1


def keep_of(context):
    """The words of a context that have to stay, without any that hold the secret's place."""
    return [near for near in context[1].split() if "{" not in near]
