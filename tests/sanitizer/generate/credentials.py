"""Secrets that are known by what stands around them: headers, URLs, keys, and `name = value` of every kind."""

import json

from cases import Cases
from draw import *  # noqa: F403: the vocabulary of this folder
from draw import rng


def jwt(claims, algorithm="HS256", signature=32):
    """RFC 7519 in the compact form of RFC 7515."""
    header = b64(json.dumps({"alg": algorithm, "typ": "JWT"}, separators=(",", ":")), True, False)
    return f"{header}.{b64(json.dumps(claims), True, False)}.{b64(random_bytes(signature), True, False)}"


def jose(cases):
    def add(text, secret, keep, why):
        cases.positive("jwt", text, secret, keep, why, split=True)

    claims = [lambda: {"sub": digits(10), "name": word(), "iat": 1516239022}, lambda: {"iss": "https://id.example.com", "aud": word(), "exp": 1767225600},
              lambda: {"user": word(), "admin": True}, lambda: {"sub": word(), "scope": "read write", "jti": chars(HEX, 16)}]
    texts = [("{}", "", "alone"), ("Authorization: Bearer {}", "Authorization:", "in a header"), ("session {} expired", "session expired", "in a sentence"),
             ("{{\"note\":\"{}\",\"n\":1}}", "note n", "in JSON"), ("GET /cb?x={}&state=ok", "GET /cb?x= state=ok", "in a query"),
             ("Cookie: theme=dark; sid={}; lang=en", "Cookie:", "in a cookie"), ("invalid signature on {}.", "invalid signature on", "before a full stop"),
             ("decode(\"{}\") failed", "decode failed", "in code"), ("tok='{}', try 2", "try 2", "in single quotes"), ("line\n{}\nline", "line", "on its own line"),
             ("[{}]", "", "in brackets"), ("a,{},b", "", "in CSV")]
    for algorithm, signature in [("HS256", 32), ("RS256", 256), ("ES256", 64), ("EdDSA", 64), ("PS512", 256), ("HS512", 64)]:
        for index in range(6):
            token = jwt(claims[index % 4](), algorithm, signature)
            text, keep, where = texts[(index * 5 + signature) % len(texts)]
            add(text.format(token), token, keep, f"RFC 7519, {algorithm}, {where}")
    # RFC 7518: an unsecured one has an empty signature; RFC 7516: an encrypted one has five parts.
    for text, keep, where in texts[:6]:
        token = jwt(claims[0](), "none", 0)
        add(text.format(token), token, keep, f"RFC 7519 section 6, unsecured, {where}")
        header = b64('{"alg":"RSA-OAEP","enc":"A256GCM"}', True, False)
        token = ".".join([header] + [b64(random_bytes(n), True, False) for n in (256, 12, 64, 16)])
        add(text.format(token), token, keep, f"RFC 7516, encrypted, {where}")
    header = b64('{"typ":"JWT",\r\n "alg":"HS256"}', True, False)
    token = f"{header}.{b64(json.dumps(claims[2]()), True, False)}.{b64(random_bytes(32), True, False)}"
    add(f"RFC sample {token}", token, "RFC sample", "RFC 7519 section 3.1: the header has a line break in it")
    header = b64('{"kid":"2026-01","alg":"ES256"}', True, False)
    token = f"{header}.{b64(json.dumps(claims[1]()), True, False)}.{b64(random_bytes(64), True, False)}"
    add(f"kid first: {token}", token, "kid first:", "a header that does not begin with alg")


def body_lines(count, width=64):
    """Base64 in lines, the last one short."""
    text = b64(random_bytes(count))
    return [text[i:i + width] for i in range(0, len(text), width)]


def keys(cases):
    labels = ["RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY", "DSA PRIVATE KEY"]
    for label in labels:
        for count in (120, 600):
            lines = body_lines(count)
            begin, end = f"-----BEGIN {label}-----", f"-----END {label}-----"
            whole = "\n".join([begin, *lines, end])
            forms = [
                (whole, lines, "", "a whole file"),
                (f"key is\n{whole}\nthank you", lines, "key is thank you", "in a text"),
                (whole.replace("\n", "\\n") + ' loaded', lines, "loaded", "escaped onto one line"),
                (json.dumps({"note": whole, "id": 9}), lines, "note id 9", "in JSON"),
                (whole.replace("\n", "\r\n"), lines, "", "with CR LF"),
                (whole.replace("\n", " ") + " end of note", lines, "end of note", "folded by blanks"),
                ("\n".join([begin, *lines[:2]]), lines[:2], "", "cut before its end"),
            ]
            for text, secrets, keep, why in forms:
                cases.positive("private_key", text, secrets, keep, f"RFC 7468, {label}, {why}")
    lines = body_lines(90)
    cases.positive("private_key", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123\n\n" + "\n".join(lines) + "\n-----END RSA PRIVATE KEY-----",
                   lines, "", "RFC 1421 headers in it")
    lines = body_lines(200)
    cases.positive("private_key", "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n" + "\n".join(lines) + "\n=aB3d\n-----END PGP PRIVATE KEY BLOCK-----",
                   lines, "", "RFC 9580 armour")
    lines = body_lines(150)
    putty = (f"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: key-2026\nPublic-Lines: 2\n{body_lines(60)[0]}\nPrivate-Lines: {len(lines)}\n"
             + "\n".join(lines) + f"\nPrivate-MAC: {chars(HEX, 64)}\n")
    cases.positive("private_key", putty, lines, "", "PuTTY's file, version 3")
    cases.positive("private_key", putty.replace("-3:", "-2:"), lines, "", "PuTTY's file, version 2")
    lines = body_lines(100)
    indented = "\n".join("    " + line for line in ["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----"])
    cases.positive("private_key", f"key: |\n{indented}\nnext: 1", lines, "next: 1", "indented in YAML")
    two = "\n".join(["-----BEGIN PRIVATE KEY-----", *body_lines(60), "-----END PRIVATE KEY-----"] * 1)
    three = body_lines(61)
    cases.positive("private_key", f"{two}\n-----BEGIN CERTIFICATE-----\n{body_lines(30)[0]}\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n" + "\n".join(three) + "\n-----END PRIVATE KEY-----",
                   two.split("\n")[1:-1] + three, "", "two keys and a certificate between")


def urls(cases):
    users = lambda: pick("app", "root", "svc_orders", "admin", "reader")
    for scheme, rest in [("postgres", "db.example.com:5432/shop"), ("postgresql", "localhost/shop?sslmode=require"), ("mysql", "10.0.0.5:3306/app"),
                         ("mongodb+srv", "cluster0.example.net/test?retryWrites=true"), ("mongodb", "m1.example.com:27017,m2.example.com:27017/db"),
                         ("redis", "cache.example.com:6379/0"), ("rediss", "cache:6380"), ("amqp", "mq.example.com:5672/%2Fprod"), ("amqps", "mq/v"),
                         ("https", "api.example.com/v1/items?page=2"), ("http", "proxy.example.com:3128"), ("ftp", "files.example.com/in"), ("sftp", "files.example.com:22/out"),
                         ("ldap", "ldap.example.com:389"), ("smtp", "mail.example.com:587"), ("postgresql+psycopg2", "db/app"), ("mysql+pymysql", "db/app"),
                         ("clickhouse", "ch:9000/default"), ("nats", "n1:4222"), ("mssql", "sql.example.com:1433/app"), ("snowflake", "acct/db/schema"), ("socks5", "127.0.0.1:1080"),
                         ("git+https", "git.example.com/a/b.git"), ("kafka", "k1:9093"), ("imaps", "mail.example.com"), ("cockroachdb", "c:26257/d")]:
        for text, keep in [("connecting to {} failed", "connecting to failed"), ("DATABASE={}", "DATABASE=")]:
            secret, user = password(), users()
            url = f"{scheme}://{user}:{secret}@{rest}"
            cases.positive("url_password", text.format(url), f":{secret}@", f"{keep} {scheme}:// {rest.split(':')[0].split('/')[0]}", f"RFC 3986 userinfo, {scheme}")
    for secret, why in [("p%40ss%3Aw0rd", "percent-encoded"), ("p@ssw0rd", "with an @ in it, as people write it"), ("pa:ss:word9", "with colons"), ("pa/ss+w0rd=", "with a slash"),
                        ("pass#word1", "with a hash"), ("p$a!b*c(d)e", "with marks"), ("pässwörd7", "with Umlauts"), ("a", "one letter"), ("x" * 90, "long"), ("correct-horse", "with a hyphen"),
                        ("q?w9er", "with a question mark"), ("a&b=c9", "with & and ="), ("[x]y9z", "with brackets"), ("p~q'r9", "with an apostrophe"), ("1234", "digits only")]:
        cases.positive("url_password", f"error: postgres://app:{secret}@db.example.com/shop unreachable", f":{secret}@", "error: unreachable", f"a password {why}")
    for text, secret, keep, why in [
        ("redis://:s3cretpw@cache:6379/1 down", "s3cretpw", "cache down", "a password without a user"),
        ("jdbc:postgresql://db:5432/app?user=app&password=s3cretpw&ssl=true", "s3cretpw", "jdbc:postgresql://db:5432/app ssl=true", "JDBC, in the query"),
        ("jdbc:mysql://app:s3cretpw@db/app", "s3cretpw", "jdbc:mysql://", "JDBC, in the userinfo"),
        ("jdbc:sqlserver://db:1433;databaseName=app;user=sa;password=s3cretpw;encrypt=true", "s3cretpw", "databaseName=app encrypt=true", "JDBC of SQL Server"),
        ("jdbc:oracle:thin:scott/s3cretpw@//db:1521/XE", "s3cretpw", "jdbc:oracle:thin", "JDBC of Oracle"),
        ("Server=db;Database=app;User Id=sa;Password=s3cretpw;Encrypt=True", "s3cretpw", "Server=db Database=app Encrypt=True", "ADO.NET"),
        ("Server=db;Database=app;Uid=sa;Pwd=s3cretpw;", "s3cretpw", "Server=db Database=app", "ODBC"),
        ("Driver={SQL Server};Server=db;UID=sa;PWD={s3;cret}pw};Trusted=no", "s3;cret", "Server=db", "ODBC with braces"),
        ("host=db port=5432 user=app password=s3cretpw dbname=shop", "s3cretpw", "host=db port=5432 dbname=shop", "libpq keywords"),
        ("host=db password='s3 cret pw' dbname=shop", "s3 cret pw", "host=db dbname=shop", "libpq keywords, quoted"),
        ("Data Source=db;Password=\"s3;cret pw\";Pooling=true", "s3;cret pw", "Pooling=true", "ADO.NET, quoted"),
        (f"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={b64(random_bytes(64))};EndpointSuffix=core.windows.net", None, "AccountName=shop EndpointSuffix=core.windows.net", "Azure storage"),
        (f"Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey={b64(random_bytes(32))}", None, "Endpoint=sb://shop.servicebus.windows.net/", "Azure Service Bus"),
        (f"AccountEndpoint=https://shop.documents.azure.com:443/;AccountKey={b64(random_bytes(64))};", None, "AccountEndpoint=https://shop.documents.azure.com:443/", "Azure Cosmos DB"),
        (f"https://shop.blob.core.windows.net/c/b?sv=2022-11-02&se=2027-01-01&sr=b&sp=r&sig={b64(random_bytes(32)).replace('+', '%2B').replace('/', '%2F').replace('=', '%3D')}", None, "shop.blob.core.windows.net sv=2022-11-02 sp=r", "Azure shared access signature"),
        (f"https://bucket.s3.amazonaws.com/k?X-Amz-Date=20260101T000000Z&X-Amz-Expires=300&X-Amz-Signature={chars(HEX, 64)}", None, "X-Amz-Date=20260101T000000Z X-Amz-Expires=300", "S3 presigned"),
        (f"https://storage.googleapis.com/b/o?Expires=1&Signature={b64(random_bytes(64), True, False)}", None, "Expires=1", "Google Cloud Storage signed"),
        (f"https://example.com/cb?code=ok&access_token={fake(ALNUM, 30)}#top", None, "code=ok", "a token in the query"),
        (f"https://example.com/cb#access_token={fake(ALNUM, 30)}&token_type=bearer", None, "https://example.com/cb", "a token in the fragment, RFC 6749 section 4.2.2"),
        (f"https://{fake(ALNUM, 32)}@git.example.com/a/b.git", None, "git.example.com", "a token as the user"),
        (f"https://oauth2:{fake(ALNUM, 32)}@git.example.com/a.git cloned", None, "git.example.com cloned", "a token as the password"),
        ("sqlplus scott/s3cretpw@//db:1521/XE", "s3cretpw", "sqlplus", "Oracle on the command line"),
        ("mysql -u app -ps3cretpw shop", "s3cretpw", "mysql shop", "MySQL's joined option"),
        ("curl -u app:s3cretpw https://example.com/x", "s3cretpw", "https://example.com/x", "curl -u"),
        ("curl --user app:s3cretpw https://example.com/x", "s3cretpw", "https://example.com/x", "curl --user"),
        ("curl -sSfu 'app:s3 cret' https://example.com/x", "s3 cret", "https://example.com/x", "curl, bundled options"),
        ("cloudinary://123456789012345:s3cretpwS3cretpwS3cretpwS3c@shop", "s3cretpwS3cretpwS3cretpwS3c", "shop", "Cloudinary"),
        ("tcp://app:s3cretpw@tcp(db:3306)/shop", "s3cretpw", "shop", "Go's MySQL driver with a scheme"),
        ("app:s3cretpw@tcp(db:3306)/shop?parseTime=true", "s3cretpw", "parseTime=true", "Go's MySQL driver"),
        ("POSTGRES://APP:S3CRETPW@DB/SHOP", "S3CRETPW", "SHOP", "in capitals"),
        ("mysqldump --single-transaction -ps3cretpw shop > shop.sql", "s3cretpw", "--single-transaction shop.sql", "mysqldump's joined option"),
        ("mysql -h db -u app -p's3cret pw' shop", "s3cret pw", "mysql db shop", "MySQL's joined option, quoted"),
        ("mariadb -p\"s3cretpw\" -e 'SELECT 1'", "s3cretpw", "mariadb SELECT", "MariaDB's joined option"),
        ("sshpass -p s3cretpw ssh ann@db1", "s3cretpw", "sshpass ssh", "sshpass"),
        ("docker login -u ann -p s3cretpw registry.example.com", "s3cretpw", "docker login ann registry.example.com", "docker login"),
        ("dsn app:s3cretpw@unix(/run/mysqld.sock)/shop", "s3cretpw", "dsn shop", "Go's MySQL driver, a socket"),
    ]:
        if secret is None:
            secret = max(re_values(text), key=len)
        cases.positive("url_password", text, secret, keep, why)


def re_values(text):
    """The longest run that can be a generated secret."""
    import re
    return re.findall(r"(?:(?<==)|(?<=/)|(?<=:))[A-Za-z0-9+/%_=-]{24,}", text)


def headers(cases):
    opaque = lambda: pick(fake(ALNUM, 32), fake(URLSAFE, 43), fake(HEX, 40), b64(random_bytes(30)))
    for scheme in ["Bearer", "bearer", "BEARER", "Token", "ApiKey", "Apikey"]:
        for text, keep in [("Authorization: {} {}", "Authorization:"), ("\"authorization\": \"{} {}\", \"accept\": \"*/*\"", "accept */*"),
                           ("-H 'Authorization: {} {}' https://example.com/x", "https://example.com/x"), ("> authorization: {} {}\n> accept: */*", "accept: */*")]:
            secret = opaque()
            cases.positive("auth_header", text.format(scheme, secret), secret, keep, f"RFC 9110 section 11.6.2, scheme {scheme}")
    for text, keep in [("sent Bearer {} to upstream", "sent to upstream"), ("bearer {} rejected", "rejected"), ("Some(\"Bearer {}\")", "Some"),
                       ("{{\"hdr\":\"Bearer {}\"}}", "hdr")]:
        secret = opaque()
        cases.positive("auth_header", text.format(secret), secret, keep, "RFC 6750 credentials without the header's name")
    for _ in range(6):
        secret = b64(f"{pick('admin', 'app', 'svc')}:{password()}")
        text, keep = pick(("Authorization: Basic {}", "Authorization:"), ("authorization: basic {}\nhost: a", "host: a"), ("'Basic {}' refused", "refused"),
                          ("{{\"Authorization\":\"Basic {}\",\"x\":1}}", "x 1"))
        cases.positive("auth_header", text.format(secret), secret, keep, "RFC 7617")
    secret = b64("Aladdin:open sesame")
    cases.positive("auth_header", f"Proxy-Authorization: Basic {secret}", secret, "", "RFC 7617, to a proxy")
    response = chars(HEX, 32)
    cases.positive("auth_header", f'Authorization: Digest username="Mufasa", realm="a", nonce="7ypf", uri="/x", response="{response}", opaque="FQhe"', response, "", "RFC 7616")
    signature = chars(HEX, 64)
    cases.positive("auth_header", f"Authorization: AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature={signature}", signature, "", "AWS signature version 4")
    for name in ["X-Api-Key", "x-api-key", "X-Auth-Token", "Api-Key", "X-Access-Token", "X-Csrf-Token", "X-Amz-Security-Token", "Private-Token", "X-Vault-Token", "X-Shopify-Access-Token", "Ocp-Apim-Subscription-Key"]:
        secret = opaque()
        cases.positive("auth_header", f"{name}: {secret}\r\nAccept: text/html", secret, "Accept: text/html", f"the header {name}")
    for text, keep, why in [("Cookie: sessionid={}; theme=dark", "Cookie:", "RFC 6265"), ("Set-Cookie: SID={}; Path=/; HttpOnly", "Set-Cookie:", "RFC 6265, set"),
                            ("cookie: JSESSIONID={}", "cookie:", "a servlet's session"), ("Cookie: a=1; connect.sid={}; b=2", "Cookie:", "express"),
                            ("set-cookie: PHPSESSID={}; path=/", "set-cookie:", "PHP")]:
        secret = fake(ALNUM, 26)
        cases.positive("auth_header", text.format(secret), secret, keep, why)


NAMES = ["password", "passwd", "pwd", "PASSWORD", "db_password", "DB_PASSWORD", "userPassword", "smtp-password", "passphrase", "secret", "client_secret", "clientSecret",
         "CLIENT_SECRET", "api_key", "apiKey", "API_KEY", "apikey", "access_key", "secretKey", "private_key", "encryption_key", "signing-key", "token", "auth_token", "accessToken",
         "refresh_token", "id_token", "session_id", "csrf_token", "otp", "cvv", "credentials", "webhook_secret", "AWS_SECRET_ACCESS_KEY", "bearer", "master.key", "jwt_secret",
         "recovery_code", "pin", "MYSQL_ROOT_PASSWORD", "spring.datasource.password", "oauth_token", "connection_string", "app_secret", "basic_auth"]
PAIRS = [
    ("{n}={v}", "", "a pair"),
    ("{n}: {v}", "", "with a colon"),
    ("retry 3 {n}={v} host=db1", "retry 3 host=db1", "logfmt"),
    ("a=1&{n}={v}&b=2", "a=1 b=2", "a query"),
    ("{{\"{n}\":\"{v}\",\"user\":\"ann\"}}", "user ann", "JSON"),
    ("{{ \"user\": \"ann\", \"{n}\": \"{v}\" }}", "user ann", "JSON with blanks"),
    ("{{'user': 'ann', '{n}': '{v}'}}", "user ann", "a Python dict"),
    ("Config {{ user: \"ann\", {n}: \"{v}\", port: 5432 }}", "Config user ann port 5432", "Rust's Debug"),
    ("{n} = \"{v}\"\nport = 5432", "port 5432", "TOML"),
    ("user: ann\n{n}: {v}\nport: 5432", "user: ann port: 5432", "YAML"),
    ("export {n}='{v}' && ./run", "export ./run", "a shell's export"),
    ("run --{n} {v} --port 5432", "run --port 5432", "an option and its value"),
    ("run --{n}={v} --port 5432", "run --port 5432", "an option with ="),
    ("<{n}>{v}</{n}><port>5432</port>", "5432", "XML"),
    ("{n} => '{v}', port => 5432", "5432", "Perl, PHP and Ruby"),
    ("const {n} = \"{v}\";", "const", "JavaScript"),
    ("{{\\\"{n}\\\":\\\"{v}\\\",\\\"port\\\":5432}}", "5432", "escaped JSON"),
    ("[[\"{n}\",\"{v}\"],[\"port\",\"5432\"]]", "port 5432", "pairs in a JSON array"),
    ("{{\"a\":{{\"b\":[{{\"{n}\":\"{v}\"}}]}},\"port\":5432}}", "5432", "JSON, three levels deep"),
    ("Error: invalid {n}: {v} (attempt 2)", "Error: (attempt 2)", "an error text"),
    ("Some({n}=\"{v}\")", "Some", "in parentheses"),
    ("{n}\t=\t{v}\nx\t=\t1", "", "with tabs"),
    ("# {n}={v}\nport=5432", "port=5432", "in a comment"),
    ("  - name: {n}\n    value: {v}\n  - name: port\n    value: 5432", "name: port 5432", "Kubernetes' list of variables"),
    ("a%3D1%26{n}%3D{v}%26b%3D2", "", "a percent-encoded query"),
    ("{n} is {v}, do not share", "do not share", "words"),
    ("-D{n}={v} -jar app.jar", "-jar app.jar", "a JVM's property"),
    ("@{n}='{v}', @port=5432", "5432", "a procedure's arguments"),
]
WITHOUT_WORDS = ("pin", "otp", "token", "secret", "bearer", "credentials")


def pairs(cases):
    at = 0
    for index in range(len(PAIRS) * 14):
        shape, keep, why = PAIRS[index % len(PAIRS)]
        name = NAMES[at % len(NAMES)]
        at += 1
        if "{n} is" in shape:
            # In prose only what is plainly a name of a secret can count.
            name = pick("password", "Password", "my password", "passphrase", "api key", "the secret key")
        if name.endswith("pin") or name.endswith("otp"):
            value = digits(6)
        elif name in ("cvv",):
            value = digits(3)
        elif name == "recovery_code":
            value = fake(LOWER_ALNUM, 12)
        else:
            value = password()
        if why in ("words", "in a comment", "an option and its value", "a percent-encoded query", "a pair", "with a colon", "a JVM's property", "an error text") or ">" in shape or "%" in shape:
            value = fake(ALNUM, 16) if value.isalpha() or not value.isalnum() else value
        cases.positive("pair", shape.format(n=name, v=value), value, [w for w in keep.split() if w in shape.format(n=name, v=value)], f"{why}, {name}")
    for text, secret, keep, why in [
        ("CREATE USER ann IDENTIFIED BY 's3cretpw'", "s3cretpw", "CREATE USER ann", "MySQL's and Oracle's SQL"),
        ("ALTER ROLE ann WITH PASSWORD 's3cretpw' VALID UNTIL 'x'", "s3cretpw", "ALTER ROLE ann", "PostgreSQL's SQL"),
        ("machine git.example.com login ann password s3cretpw", "s3cretpw", "machine git.example.com login ann", ".netrc"),
        ("requirepass s3cretpw99", "s3cretpw99", "", "redis.conf"),
        ("Enter password: s3cretpw\nLogin failed", "s3cretpw", "Login failed", "a prompt"),
        ("my password is s3cretpw!", "s3cretpw", "my", "a sentence"),
        ("password \"s3cret pw with blanks\" was wrong", "s3cret pw with blanks", "was wrong", "a quoted password behind its name"),
        ("{\"password\":\"a \\\"quoted\\\" s3cret\",\"n\":1}", "s3cret", "n", "JSON with escaped quotes in the value"),
        ("{\"password\":\"s3cr\\u0065tpw\",\"n\":1}", "s3cr", "n", "JSON with an escape in the value"),
        ("{\"pass\\u0077ord\":\"s3cretpw\",\"n\":1}", "s3cretpw", "n", "JSON with an escape in the name"),
        ("{\"body\":\"{\\\"password\\\":\\\"s3cretpw\\\"}\",\"n\":1}", "s3cretpw", "n", "JSON in a string of JSON"),
        ("{\"password\":[\"s3cretpw\",\"0ther-one\"],\"n\":1}", ["s3cretpw", "0ther-one"], "n", "a list under the name"),
        ("{\"password\":{\"old\":\"s3cretpw\",\"new\":\"0ther-one\"},\"n\":1}", ["s3cretpw", "0ther-one"], "n", "an object under the name"),
        ("{\"pin\":4711,\"n\":1}", "4711", "n 1", "a number under the name"),
        ("password=\"unterminated s3cretpw", "s3cretpw", "", "a quote that does not end"),
        ("PASSWORD=S3CRETPW;USER=ANN", "S3CRETPW", "USER=ANN", "in capitals"),
        ("password = s3cretpw\r\nuser = ann", "s3cretpw", "user = ann", "INI with CR LF"),
        ("password=\n  s3cretpw9X\nuser=ann", "s3cretpw9X", "user=ann", "the value on the next line"),
        ("ansible_ssh_pass=s3cretpw ansible_host=db1", "s3cretpw", "ansible_host=db1", "an inventory"),
        ("'password' => 's3cretpw',", "s3cretpw", "", "PHP"),
        (":password => \"s3cretpw\"", "s3cretpw", "", "Ruby"),
        ("password := \"s3cretpw\"", "s3cretpw", "", "Go"),
        ("let api_key: &str = \"s3cretpw-77\";", "s3cretpw-77", "let", "Rust with a type"),
        ("String password = \"s3cretpw\";", "s3cretpw", "String", "Java"),
        ("$env:API_KEY = 's3cretpw-77'", "s3cretpw-77", "", "PowerShell"),
        ("set API_KEY=s3cretpw-77", "s3cretpw-77", "set", "cmd.exe"),
        ("ENV API_KEY s3cretpw-77", "s3cretpw-77", "ENV", "a Dockerfile"),
        ("<add key=\"password\" value=\"s3cretpw\" />", "s3cretpw", "add", "a .NET configuration"),
        ("<input type=\"password\" name=\"pw\" value=\"s3cretpw\">", "s3cretpw", "input", "an HTML form"),
        ("<user name=\"ann\" password=\"s3cretpw\"/>", "s3cretpw", "user ann", "an XML attribute"),
        ("password[0]=s3cretpw&x=1", "s3cretpw", "x=1", "an index behind the name"),
        ("user[password]=s3cretpw&user[name]=ann", "s3cretpw", "ann", "a nested form field"),
        ("user%5Bpassword%5D=s3cretpw&x=1", "s3cretpw", "x=1", "a nested form field, encoded"),
        ("https://example.com/login?user=ann&password=s3cretpw", "s3cretpw", "https://example.com/login?user=ann", "in a URL"),
        ("Parameters: {\"user\"=>{\"password\"=>\"s3cretpw\", \"name\"=>\"ann\"}}", "s3cretpw", "Parameters: ann", "a Rails log"),
        ("msg=\"login\" password=\"s3cret pw\" user=ann", "s3cret pw", "msg= login user=ann", "logfmt, quoted"),
        ("auth: {username: ann, password: s3cretpw}", "s3cretpw", "username: ann", "YAML in one line"),
        ("password: >-\n  s3cretpw99\nuser: ann", "s3cretpw99", "user: ann", "YAML, folded"),
        ("Content-Disposition: form-data; name=\"password\"\r\n\r\ns3cretpw\r\n--b", "s3cretpw", "form-data", "a multipart form"),
        ("--b\r\nContent-Disposition: form-data; name=\"api_key\"\r\nContent-Type: text/plain\r\n\r\ns3cretpw77\r\n--b", "s3cretpw77", "form-data text/plain", "a multipart form with a type"),
        ("machine git.example.com\n  login ann\n  password s3cretpw\n", "s3cretpw", "machine git.example.com login ann", ".netrc on lines of its own"),
        ("default login ann\nmachine a.example.com login bob password s3cretpw", "s3cretpw", "login bob", ".netrc, the second line"),
        ("port 6379\nrequirepass s3cretpw99\nmaxmemory 1gb", "s3cretpw99", "port maxmemory", "redis.conf, amid others"),
        ("masterauth s3cretpw99", "s3cretpw99", "masterauth", "redis.conf, a replica"),
        ("AUTH s3cretpw99", "s3cretpw99", "AUTH", "redis' command"),
        ("AUTH ann s3cretpw99", "s3cretpw99", "AUTH ann", "redis' command with a user"),
        ("FROM alpine\nENV DB_PASSWORD s3cret pw 77\nRUN make", "s3cret pw 77", "FROM alpine RUN make", "a Dockerfile, amid others"),
        ("const password: &'static str = \"s3cretpw\";", "s3cretpw", "const", "Rust with a lifetime"),
        ("let token: Option<String> = \"s3cretpw-77\".into();", "s3cretpw-77", "let into", "Rust with a longer type"),
        ("secret: |\n  s3cretpw first\n  s3cretpw second\nname: x", ["s3cretpw first", "s3cretpw second"], "name: x", "YAML, literal"),
        ("token:\n    s3cretpw99\nname: x", "s3cretpw99", "name: x", "YAML, on the next line"),
        ("client%5Bsecret%5D=s3cretpw&page=2", "s3cretpw", "page=2", "another nested form field, encoded"),
    ]:
        cases.positive("pair", text, secret, keep, why)


def fields(cases):
    """The key rule: the whole value is hidden because of the name of its field."""
    names = NAMES + ["Password", "newPassword", "old-password", "password2", "passwordConfirmation", "user.password", "headers[Authorization]", "x-api-key", "XApiKey",
                     "cookie", "Set-Cookie", "sessionToken", "xsrf", "mfaCode", "totp_secret", "two_factor_code", "cvc", "cvc2", "security_code", "accessKeyId_secret",
                     "dsn", "kms_private_key", "ssh_key", "sshPrivateKey", "secrets", "tokens", "AUTHORIZATION", "proxy_authorization", "credential", "pwd1", "passcode",
                     "stripeSecretKey", "GITHUB_TOKEN", "db.pass", "user_pass", "encryptionKey", "hmac_key", "hmacSecret", "salt_secret", "bearer_token", "API-KEY"]
    for name in names:
        value = pick(password(), "correct horse battery", fake(ALNUM, 20), digits(8))
        cases.positive("field", value, value, "", f"by the name of its field, {name}", key=name)


def write():
    cases = Cases("positives", "credentials")
    jose(cases)
    keys(cases)
    urls(cases)
    headers(cases)
    pairs(cases)
    fields(cases)
    return cases.write()
