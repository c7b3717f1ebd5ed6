"""Harmless texts: what people write, what programs print, code, and names that only look sensitive."""

import json

from cases import Cases
from draw import *  # noqa: F403: the vocabulary of this folder
from draw import rng
from prose import LINES


def harmless_names(cases):
    """Names with a sensitive word in them, or in other words, that say nothing secret: in text and as fields."""
    metadata = [
        ("token_count", "4096"), ("max_tokens", "512"), ("tokens_used", "1832"), ("tokenizer", "cl100k"), ("token_type", "bearer"), ("token_expires", "3600"), ("token_expires_in", "3600"), ("token_limit", "8192"),
        ("password_length", "12"), ("password_policy", "strong"), ("password_changed_at", "2026-01-05"), ("password_min_length", "10"), ("password_expired", "false"), ("password_strength", "high"), ("has_password", "true"), ("password_reset_required", "no"),
        ("secret_name", "prod/db"), ("secret_version", "3"), ("secrets_count", "4"), ("secretary", "Ann Lee"), ("key_name", "backup"), ("key_count", "17"), ("key_type", "ed25519"), ("key_length", "256"), ("key_size", "4096"), ("key_version", "2"),
        ("primary_key", "order_id"), ("foreign_key", "customer_id"), ("public_key", "abc"), ("sort_key", "created_at"), ("partition_key", "tenant"), ("cache_key", "user:17:profile"), ("routing_key", "orders.created"), ("keyboard", "qwerty"), ("keyspace", "orders"), ("monkey", "banana"),
        ("hotkey", "ctrl+c"), ("keyword", "invoice"), ("key", "value"), ("turkey", "Ankara"), ("author", "Jane"), ("authored_by", "Jane"), ("authority", "example.com"), ("authentic", "yes"), ("authenticated", "true"), ("auth_type", "oauth2"), ("auth_method", "saml"), ("auth_provider", "okta"), ("auth_url", "/login"),
        ("authorization_url", "/oauth/authorize"), ("authorized", "true"), ("authentication_mode", "mixed"), ("credentials_id", "c-17"), ("credential_type", "public-key"), ("credentials_path", "/etc/app"), ("passenger", "Jane"), ("passed", "17"), ("passive", "true"), ("bypass", "no"), ("compass", "north"), ("passport_required", "false"),
        ("pass_count", "12"), ("pass_rate", "0.97"), ("pinned", "true"), ("pin_count", "40"), ("ping", "12ms"), ("pinterest_url", "/p"), ("spin", "left"), ("shipping", "express"), ("opinion", "good"), ("option", "b"), ("otp_length", "6"), ("cookie_name", "sid"), ("cookies_enabled", "true"), ("cookie_policy", "strict"),
        ("session_count", "12"), ("session_timeout", "900"), ("session_name", "standup"), ("session_type", "web"), ("bearer_format", "JWT"), ("bearing", "270"), ("panel", "left"), ("company", "Acme"), ("span", "17"), ("japan", "Tokyo"), ("pan_x", "12"), ("card_type", "visa"), ("card_count", "2"), ("cardinality", "many"),
        ("card_brand", "amex"), ("discard", "yes"), ("api_version", "v2"), ("api_url", "/v2"), ("api_name", "billing"), ("apiKeyName", "ci"), ("api_key_count", "3"), ("access_level", "admin"), ("access_mode", "rw"), ("accessible", "true"), ("secret_enabled", "true"), ("cert_path", "/etc/ssl/a.pem"), ("private", "true"),
        ("private_repo", "yes"), ("is_private", "false"), ("privateKeyPath", "/etc/ssl/k.pem"), ("secret_ref", "vault:db"), ("email_count", "4"), ("email_verified", "true"), ("email_template", "welcome"), ("phone_verified", "true"), ("phone_type", "home"), ("mobile_friendly", "true"), ("address_count", "2"), ("address_type", "billing"),
        ("credit_limit", "500"), ("account_type", "savings"), ("ssn_verified", "true"), ("user_id", "17"), ("username", "jsmith"), ("hash", "a1b2c3"), ("nonce_count", "7"), ("salted", "true"), ("iv_length", "12"), ("crypto", "aes"), ("encryption", "aes-256-gcm"), ("signature_algorithm", "ES256"), ("license", "MIT"), ("licensed", "yes"),
        ("totals", "12"), ("stop", "yes"), ("desktop", "gnome"), ("laptop", "x1"), ("photo", "a.png"), ("iptables", "on"), ("description", "blue"), ("dsn_name", "main"), ("assignment", "a"), ("design", "flat"), ("signing_algorithm", "RS256"), ("signed", "true"), ("csrf_enabled", "true"), ("mfa_enabled", "true"), ("two_factor_enabled", "false"),
    ]
    shapes = ["{n}={v}", "{n}: {v}", '{{"{n}":"{v}","id":7}}', "GET /x?{n}={v}&page=2", "{n} = {v}\nmode = fast", "set {n}={v} for tenant 4", "Row {{ {n}: \"{v}\" }}"]
    for index, (name, value) in enumerate(metadata):
        cases.harmless("name_in_text", shapes[index % len(shapes)].format(n=name, v=value), f"`{name}` names no secret")
        cases.harmless("name_of_field", value, f"`{name}` names no secret", key=name)
    for text, why in [
        ('{"password":null}', "nothing"), ('{"password":true}', "a yes"), ('{"password":""}', "an empty text"), ("password=", "an empty value"), ("password=${DB_PASSWORD}", "a placeholder"), ('{"api_key":"${API_KEY}"}', "a placeholder"),
        ("password: ${PASSWORD}\nuser: app", "a placeholder in YAML"), ("token=&page=2", "an empty value in a query"), ("secret: ''", "an empty value in quotes"), ("has token: no", "not the token"), ("Passwords must be at least twelve characters long", "a rule in words"),
        ("Forgot your password? Click here.", "a question"), ("The token bucket algorithm limits requests", "a term"), ("a secret ballot was held", "an adjective"), ("the key to success is patience", "a figure of speech"), ("Session expired, please sign in again", "a message"), ("Authorization required", "a message"),
        ("User authenticated successfully", "a message"), ("access token expired", "a message"), ("invalid credentials", "a message"), ("password reset email sent", "a message"), ("wrong password", "a message"), ("password must not be empty", "a message"), ("missing API key", "a message"), ("unexpected token '}' at line 3", "a parser's message"),
        ("unexpected token < in JSON at position 0", "a parser's message"), ("next token: IDENT", "a lexer's message"), ("401 Unauthorized: bearer token missing", "a message"), ("cookie consent accepted", "a message"), ("pin the version in Cargo.toml", "a verb"), ("tests: 12 passed, 0 failed", "a result"), ("PASS src/app.test.ts", "a result"),
        ("Enter your PIN at the terminal", "an instruction"), ("the password is required", "a message"), ("password is incorrect", "a message"), ("your password was changed on Monday", "a message"), ("secret sharing by Shamir", "a term"), ("API key created by ann", "a message"), ("no token found in header", "a message"), ("token invalid or expired", "a message"),
    ]:
        cases.harmless("message", text, why)


def log_lines(cases):
    host = lambda: pick("web-1", "db-2", "worker-7", "gateway")
    # The default profile keeps addresses: where from is what an audit trail has to tell.
    makers = [
        ("nginx", lambda: f"10.0.{rng.randrange(9)}.{rng.randrange(200)} - - [24/Nov/2026:10:{digits(2, '012345')}:{digits(2, '012345')} +0000] \"GET /v1/{word()}?page={digits(1)} HTTP/1.1\" 200 {digits(4)} \"-\" \"curl/8.5.0\""),
        ("systemd", lambda: f"Nov 24 10:{digits(2, '012345')}:{digits(2, '012345')} {host()} systemd[1]: Started {word()}.service - {word().title()} daemon."),
        ("Kubernetes", lambda: f"I1124 10:{digits(2, '012345')}:{digits(2, '012345')}.{digits(6)}       1 controller.go:{digits(3)}] \"Reconciled\" pod=\"default/{word()}-{chars(HEX, 9)}-{chars(LOWER_ALNUM, 5)}\""),
        ("Java", lambda: f"2026-11-24 10:{digits(2, '012345')}:{digits(2, '012345')},{digits(3)} ERROR [http-nio-8080-exec-{digits(1)}] c.e.{word()}.Service - Timeout after {digits(4)} ms"),
        ("Rust's tracing", lambda: f"2026-11-24T10:{digits(2, '012345')}:{digits(2, '012345')}.{digits(6)}Z  INFO shop::{word()}: finished rows={digits(4)} elapsed_ms={digits(2)}"),
        ("PostgreSQL", lambda: f"2026-11-24 10:{digits(2, '012345')}:{digits(2, '012345')}.{digits(3)} UTC [{digits(5)}] LOG:  checkpoint complete: wrote {digits(4)} buffers ({digits(2)}.{digits(1)}%)"),
        ("Go", lambda: f'time="2026-11-24T10:{digits(2, "012345")}:{digits(2, "012345")}Z" level=info msg="served {word()}" status=200 bytes={digits(5)}'),
        ("JSON", lambda: json.dumps({"ts": f"2026-11-24T10:{digits(2, '012345')}:00Z", "level": "warn", "msg": f"slow {word()}", "ms": rng.randrange(9999)})),
        ("Python", lambda: f"WARNING:root:{word()} took {digits(1)}.{digits(3)}s, retrying in {digits(2)}s"),
        ("kernel", lambda: f"[{digits(5)}.{digits(6)}] usb 1-{digits(1)}: new high-speed USB device number {digits(2)} using xhci_hcd"),
        ("Redis", lambda: f"{digits(5)}:M 24 Nov 2026 10:{digits(2, '012345')}:{digits(2, '012345')}.{digits(3)} * Background saving terminated with success"),
        ("HAProxy", lambda: f"haproxy[{digits(4)}]: 10.1.2.{rng.randrange(200)}:{digits(5, '345')} [24/Nov/2026:10:15:00.{digits(3)}] front back/{host()} 0/0/1/{digits(2)}/{digits(2)} 200 {digits(4)} - - ---- 1/1/0/0/0 0/0"),
        ("a compiler", lambda: f"warning: unused variable: `{word()}` --> src/{word()}.rs:{digits(3)}:{digits(2)}"),
        ("a stack trace", lambda: f"\tat com.example.{word()}.{word().title()}.run({word().title()}.java:{digits(3)})"),
        ("a Rust backtrace", lambda: f"  {digits(2)}: core::ops::function::FnOnce::call_once\n             at /rustc/{chars(HEX, 40)}/library/core/src/ops/function.rs:250:5"),
        ("GC", lambda: f"[{digits(2)}.{digits(3)}s][info][gc] GC({digits(3)}) Pause Young (Normal) {digits(3)}M->{digits(2)}M({digits(3)}M) {digits(1)}.{digits(3)}ms"),
        ("Terraform", lambda: f"aws_instance.{word()}: Creation complete after {digits(2)}s [id=i-0{chars(HEX, 16)}]"),
        ("cargo", lambda: f"   Compiling {word()} v0.{digits(1)}.{digits(2)} (registry+https://example.com/index)"),
        ("docker", lambda: f"{chars(HEX, 12)}   {word()}:latest   \"/entrypoint.sh\"   {digits(1)} hours ago   Up {digits(1)} hours   0.0.0.0:8080->8080/tcp"),
        ("git", lambda: f"   {chars(HEX, 7)}..{chars(HEX, 7)}  main -> main"),
    ]
    for why, make in makers:
        for _ in range(4):
            cases.harmless("log_line", make(), f"as {why} writes it")


def urls(cases):
    for text in [
        "https://example.com/", "https://example.com/a/b/c?page=2&sort=asc#top", "http://localhost:8080/health", "https://docs.example.com/v1.2.3/guide.html", "s3://bucket/path/to/object.parquet", "https://user.example.com:8443/x", "ftp://files.example.com/pub/a.tar.gz",
        "postgres://db.example.com:5432/shop", "postgres://app@db.example.com/shop", "redis://cache:6379/0", "jdbc:postgresql://db:5432/app?ssl=true", "mongodb://m1:27017,m2:27017/db?replicaSet=rs0", "ws://localhost:9229/devtools", "file:///etc/hosts", "magnet:?xt=urn:btih:" + chars(HEX, 40),
        "https://example.com/users/17/orders/2026-11-24", "https://example.com/search?q=reset+password+help", "https://example.com/login?next=/account/tokens", "https://example.com/docs/api-keys", "https://example.com/password-reset", "https://example.com/oauth/authorize?response_type=code&client_id=web&scope=read",
        "https://maps.example.com/@52.5200066,13.404954,15z", "https://medium.example/@ann/how-to-9f86d081884c", "https://example.com/a@b/c", "https://example.com/?x=1:2@3", "git+ssh://git@github.com/acme/app.git", "ssh://git@example.com:22/a.git", "urn:isbn:9783161484100", "tel-aviv.example.com",
        "https://example.com/commit/" + chars(HEX, 40), "https://cdn.example.com/assets/app." + chars(HEX, 20) + ".js", "https://example.com/i/" + chars(URLSAFE, 11), "https://example.com/v/" + chars(URLSAFE, 22), "https://hooks.example.com/services", "https://discord.com/channels/" + digits(18, "1") + "/" + digits(18, "1"),
        "https://slack.com/app_redirect?channel=C0123456789", "https://example.com/%E2%9C%93?utf8=%E2%9C%93", "//cdn.example.com/x.css", "mailto:?subject=Hello", "data:text/plain,hello%20world", "chrome-extension://" + chars(LOWER, 32) + "/popup.html", "https://example.com:443/a;b=c?d=e", "http://[::1]:3000/x",
        "amqp://mq.example.com/%2F", "kafka-1:9092,kafka-2:9092", "https://s3.amazonaws.com/bucket/key?versionId=" + chars(ALNUM, 32), "https://example.com/t/secret-garden-tickets", "https://example.com/token-ring-history", "https://example.com/wiki/Password", "sip:alice@", "https://example.com/~ann/notes",
    ]:
        cases.harmless("url", text, "a URL without credentials")
        cases.harmless("url", f"GET {text} took 12 ms", "a URL without credentials, in a line")


def prose_and_code(cases):
    for kind, why, lines in LINES:
        for line in lines:
            cases.harmless(kind, line, why)


def write():
    cases = Cases("harmless", "texts")
    harmless_names(cases)
    log_lines(cases)
    urls(cases)
    prose_and_code(cases)
    return cases.write()
