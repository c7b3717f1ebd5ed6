"""Lines written by hand: (kind, why they are here, lines)."""

LINES = [
    ("prose", "English", [
        "The quick brown fox jumps over the lazy dog.", "We shipped 1,204 units in the third quarter, up 12% from last year.", "Please review the attached proposal before Thursday's call.", "Her flight lands at 17:45 in terminal 2, gate B12.",
        "Chapter 3 describes the migration in four phases.", "Room 404 is closed for cleaning until 2 pm.", "The meeting was moved from 10:00 to 11:30 on 24 November 2026.", "In 1969, 600 million people watched the landing.", "Turn left after 300 m, then take exit 14.",
        "The password for success is hard work, they say.", "He kept it a secret for thirty years.", "Nobody could token-gate that community.", "The Secretary of State met the press.", "A bearer of good news arrived at noon.", "Please authorise the payment by Friday.",
        "Her card was declined, so she paid cash.", "They exchanged phone numbers and left.", "The credentials committee meets on Tuesdays.", "An access road leads to the private beach.", "This basic recipe needs four eggs.", "The digest appears every Monday.", "Keys were found on the second floor.",
        "Pinning the poster took two minutes.", "Passing the test requires 60 of 100 points.", "Cookies were baked, twelve in all.", "Session four covers indexing.", "He signed the contract on page 7.", "Sales rose from 1-2 to 3-4 per day.", "See figure 2.1.3 and table 10.4.", "Win 500-1000 points every 30 minutes!",
        "The train 9 3/4 leaves at 11.", "It costs $1,299.00 plus tax.", "My favourite number is 1729.", "Call me Ishmael.", "Phone home, said the alien.", "The social security debate continues.", "Mobile usage passed desktop in 2016.", "Faxes are still sent in some offices.",
    ]),
    ("prose", "other languages", [
        "Der schnelle braune Fuchs springt über den faulen Hund.", "Die Sitzung beginnt um 9:30 Uhr in Raum 2.14.", "Bitte bis zum 24.11.2026 antworten.", "Das Passwort muss mindestens 12 Zeichen lang sein.", "Le rendez-vous est fixé au 3 décembre à 14 h.", "Il y a 1 204 unités en stock.",
        "El informe tiene 45 páginas y 3 anexos.", "A reunião foi adiada para as 15h30.", "La riunione è alle 10:45, sala 3.", "Совещание перенесено на 15:00.", "会議は午後3時からです。", "会议将于下午三点开始。", "회의는 오후 3시에 시작합니다.", "يبدأ الاجتماع في الساعة الثالثة.", "הפגישה מתחילה בשעה שלוש.", "Toplantı saat 15.00'te başlayacak.",
        "Mötet börjar klockan 15.00.", "Η συνάντηση αρχίζει στις 15:00.", "बैठक तीन बजे शुरू होगी।", "Spotkanie zaczyna się o 15:00.", "👍 done, thanks! 🎉", "ﬁne ligatures and naïve café", "Ünïcödé ëvërÿwhërë",
    ]),
    ("code", "Rust", [
        "let token = lexer.next_token();", "fn authenticate(user: &User) -> Result<Session, AuthError> {", "let password = prompt_password()?;", "struct Config { password: String, port: u16 }", "if token.is_empty() { return Err(Error::MissingToken); }", "let key = map.keys().next().unwrap();", "impl From<Secret> for String {",
        "use std::collections::HashMap;", "assert_eq!(parse(\"1.2.3\"), Ok(Version::new(1, 2, 3)));", "match token { Token::Ident(name) => name, _ => return None }", "pub fn password(&self) -> &str { &self.password }", "let api_key = std::env::var(\"API_KEY\")?;", "#[derive(Debug, Clone, PartialEq)]", "const MAX: u64 = 0xffff_ffff;",
        "let pin = Box::pin(future);", "pin_project! { struct Map { #[pin] inner: F } }", "let x = a::b::c::<D>::e();", "println!(\"{:?}\", token);", "let secret = config.secret.as_ref();", "self.tokens.push(token);",
    ]),
    ("code", "Python", [
        "def login(user, password):", "password = getpass.getpass()", "token = os.environ[\"TOKEN\"]", "if not token: raise ValueError(\"no token\")", "@app.route(\"/users/<int:id>\")", "df[\"key\"] = df.index", "for token in tokenizer.tokenize(text):", "self.password = password", "kwargs.get(\"password\")", "print(f\"{token=}\")",
        "assert check_password(raw, hashed)", "from secrets import token_hex", "return {k: v for k, v in d.items() if k != \"secret\"}", "class Token(BaseModel):", "api_key: str = Field(default=None)", "re.match(r\"^\\d{3}-\\d{2}-\\d{4}$\", s)", "x = a @ b", "def key(self): return (self.x, self.y)",
    ]),
    ("code", "JavaScript and TypeScript", [
        "const token = await getToken();", "const { password, ...rest } = user;", "if (!password) throw new Error('password required');", "interface Login { user: string; password: string }", "export const apiKey = process.env.API_KEY;", "headers: { Authorization: `Bearer ${token}` }", "localStorage.getItem('token')", "array.map((x) => x.key)",
        "<Item key={item.id} />", "type Key = keyof typeof config;", "password: yup.string().min(8).required(),", "for (const key in object) {", "document.cookie.split(';')", "const re = /^[^@]+@[^@]+$/;", "import { Secret } from './types';", "token?.expiresAt ?? Date.now()", "e.preventDefault(); setPassword('')", "console.log(token)",
    ]),
    ("code", "Go, Java, C, shell and others", [
        "func (s *Server) authenticate(token string) error {", "password := os.Getenv(\"PASSWORD\")", "if err := bcrypt.CompareHashAndPassword(hash, pw); err != nil {", "String password = request.getParameter(\"password\");", "private final String apiKey;", "@Value(\"${api.key}\") private String apiKey;", "char *password = NULL;", "#define TOKEN_MAX 128", "token = strtok(line, \",\");",
        "read -s -p \"Password: \" password", "export TOKEN=$(cat token.txt)", "echo \"$PASSWORD\" | docker login --password-stdin", "curl -H \"Authorization: Bearer $TOKEN\" https://example.com", "mysqldump -p shop > shop.sql", "ssh -i ~/.ssh/id_ed25519 deploy@web-1", "grep -r password src/", "kubectl get secret db -o yaml", "vault kv get secret/app", "aws sts get-caller-identity --profile prod",
        "git log --oneline -n 20", "chmod 600 key.pem", "openssl rand -hex 32", "password = var.db_password", "secret = data.vault_generic_secret.db.data[\"password\"]", "{{ .Values.auth.password | quote }}", "password: {{ vault_password }}", "password: !vault |", "ENTRYPOINT [\"/app\", \"--token-file\", \"/run/secrets/token\"]",
        "user.password = params[:password]", "validates :password, length: { minimum: 8 }", "$password = $_POST['password'];", "let password: String?", "val token: String = repository.token()", "Console.WriteLine(token);", "(defn token [s] (first s))", "password |> hash()", "x = [1, 2, 3]; y = x.^2", "int main(void) { return 0; }",
    ]),
    ("sql", "statements without a secret", [
        "SELECT id, email FROM users WHERE active = true ORDER BY id LIMIT 10", "SELECT password FROM users WHERE id = $1", "UPDATE users SET password = ? WHERE id = ?", "UPDATE users SET password = $2, updated_at = now() WHERE id = $1", "INSERT INTO sessions (token, user_id) VALUES ($1, $2)", "INSERT INTO orders (id, total) VALUES (17, 12.50)", "CREATE TABLE users (id bigint PRIMARY KEY, password text NOT NULL)",
        "ALTER TABLE users ADD COLUMN api_key text", "CREATE INDEX idx_token ON sessions (token)", "DELETE FROM tokens WHERE expires_at < now()", "SELECT count(*) FROM events WHERE ts >= '2026-11-01' AND ts < '2026-12-01'", "SELECT * FROM t WHERE a IN (1, 2, 3) AND b BETWEEN 100 AND 200", "GRANT SELECT ON orders TO reporting", "EXPLAIN ANALYZE SELECT 1", "SELECT password_hash IS NOT NULL AS has_password FROM users",
        "select u.token as t from users u join keys k on k.user_id = u.id", "UPDATE t SET password = NULL WHERE id = 1", "WHERE token = :token AND secret = :secret", "MERGE INTO a USING b ON a.key = b.key WHEN MATCHED THEN UPDATE SET a.v = b.v", "SELECT '2026-11-24'::date - 7", "COMMENT ON COLUMN users.password IS 'bcrypt'", "SET search_path TO public", "VACUUM (ANALYZE) users", "BEGIN; SELECT pg_advisory_lock(4711); COMMIT;",
    ]),
    ("json", "JSON without a secret", [
        '{"id":17,"name":"basic","price":12.5}', '{"a":[1,2,{"b":null}],"c":true}', '[{"key":"color","value":"blue"},{"key":"size","value":"m"}]', '{"type":"token_count","value":17}', '{"errors":[{"field":"password","message":"is too short"}]}', '{"schema":{"password":{"type":"string"}}}'.replace('"password":{"type":"string"}', '"title":{"type":"string"}'),
        '{"kind":"Secret","metadata":{"name":"db"}}', '{"required":["user","password"]}', '["password","token","secret"]', '{"columns":["id","password"],"rows":0}', '{"lat":52.5200066,"lon":13.404954}', '{"hash":"9f86d081884c7d659a2feaa0c55ad015","algo":"md5"}', '{"version":"1.2.3","build":"20261124.1"}', '{"emoji":"\\ud83d\\ude00"}', '{}', '[]', 'null', '"text"', '{"deep":{"deep":{"deep":{"x":1}}}}',
        '{"event":"login","ok":true,"took_ms":12}', '{"page":1,"per_page":50,"total":1234567890123}', '{"created":1764000000000,"updated":1764000000001}', '{"sku":"A-100-200","ean":"4006381333931"}',
    ]),
    ("config", "settings without a secret", [
        "port: 5432\nhost: localhost", "[server]\nport = 8080", "LOG_LEVEL=debug", "max_connections = 100", "retries: 3\ntimeout: 30s", "token_ttl: 15m", "password_file: /run/secrets/db", "PASSWORD_FILE=/run/secrets/db", "secretName: db-credentials", "secretKeyRef:\n  name: db\n  key: url", "tokenEndpoint: https://id.example.com/token", "auth: none", "auth.enabled=true",
        "keepalive: 75", "key_file: /etc/ssl/key.pem", "ssl_certificate_key /etc/ssl/key.pem;", "PermitRootLogin no", "PasswordAuthentication no", "AuthorizedKeysFile .ssh/authorized_keys", "session.cookie.name=SID", "cookie.secure=true", "csrf.enabled=false", "spring.jpa.show-sql=true", "Content-Type: application/json", "Accept-Language: en;q=0.9", "Cache-Control: max-age=3600", "X-Request-Id: 7f3c", "User-Agent: curl/8.5.0",
        "WWW-Authenticate: Bearer realm=\"api\"", "WWW-Authenticate: Basic realm=\"x\"", "Access-Control-Allow-Headers: Authorization, X-Api-Key", "Vary: Authorization, Cookie", "env:\n  - name: LOG_LEVEL\n    value: debug", "replicas: 3\nimage: nginx:1.27.3", "[[bin]]\nname = \"vigil\"", "edition = \"2024\"", "\"scripts\": { \"test\": \"vitest run\" }", "FROM rust:1.95-slim AS build", "EXPOSE 8080/tcp", "[*.{rs,toml}]\nindent_size = 4",
    ]),
    ("error", "what libraries say", [
        "error: expected `;`, found `}`", "thread 'main' panicked at src/main.rs:17:9: index out of bounds: the len is 3 but the index is 7", "Connection refused (os error 111)", "duplicate key value violates unique constraint \"users_pkey\"", "null value in column \"password\" violates not-null constraint", "relation \"tokens\" does not exist", "ORA-00942: table or view does not exist", "FATAL: password authentication failed for user \"app\"",
        "Access denied for user 'app'@'10.0.0.5' (using password: YES)", "SSL certificate problem: unable to get local issuer certificate", "KeyError: 'password'", "TypeError: Cannot read properties of undefined (reading 'token')", "java.lang.NullPointerException: Cannot invoke \"Token.value()\"", "jwt malformed", "invalid token", "token is expired by 3m2s", "x509: certificate signed by unknown authority", "dial tcp: lookup db: no such host", "unknown field `pasword`, expected `password`",
        "missing field `api_key` at line 3 column 1", "HTTP 403 Forbidden", "429 Too Many Requests, retry after 30 seconds", "EOF while parsing a value at line 1 column 0", "permission denied (publickey)", "Segmentation fault (core dumped)", "exit status 137", "deadline exceeded after 30.001s", "checksum mismatch: expected 9f86d081, found 884c7d65", "could not decrypt: wrong key or corrupt data", "two-factor code required",
    ]),
    ("markup", "documents and formats", [
        "# Heading\n\nSome *text* with `code`.", "| a | b |\n|---|---|\n| 1 | 2 |", "<p class=\"note\">Hello</p>", "<label for=\"password\">Password</label>", "<input type=\"password\" name=\"password\">", "body { color: #ff8800; margin: 0 4px }", "\\frac{1}{2} \\sum_{i=0}^n i^2", "1. e4 e5 2. Nf3 Nc6 3. Bb5 a6", "ATGGCGTACGCTTGA", "C8H10N4O2 melts at 235 °C", "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR",
        "G1 X10.5 Y20.25 F1500", "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47", "key,value\na,1\nb,2", "id;name;total\n1;ann;12,50", "@startuml\nA -> B: token\n@enduml", "- [ ] rotate keys\n- [x] update docs", "> quoted text", "[docs](https://example.com/docs)", "<!-- password field below -->", "%PDF-1.7", "#!/usr/bin/env bash", "PK\u0003\u0004", "\u001b[31mred\u001b[0m", "a\tb\tc\n1\t2\t3",
    ]),
    ("config", "beside commands and lines that give passwords", [
        "mysql -u app -p shop < dump.sql", "mkdir -p /srv/secrets/app1", "ssh -p 2222 ann@db1", "docker run -p 8080:80 web:1.2", "psql -p 5432 -U app shop",
        "machine learning on 4 nodes", "machine a1 has no password set", "requirepass ${REDIS_PASSWORD}", "AUTH failed for ann", "AUTH LOGIN", "ENV PATH /usr/local/bin:/usr/bin",
        "ENV API_KEY ${API_KEY}", "ENV TOKEN_TTL 15m", "password:\n  required: true", "token: |\n", "secret:\n  name: db-1", "let token: Token = lexer.next();",
        "Content-Disposition: form-data; name=\"plan\"\r\n\r\nbasic-2\r\n--b", "user%5Bname%5D=ann&page=2", "dial app@tcp(db:3306) failed",
    ]),
    ("sql", "descriptions and bound places", [
        "COMMENT ON COLUMN users.token IS 'of the session'", "comment on column t.api_key is 'rotated 2026'", "UPDATE users SET password = ?1, token = ?2 WHERE pin = ?3",
        "INSERT INTO users (password) VALUES (?1)", "SELECT id, name FROM accounts WHERE tenant = ? AND secret = ?;",
    ]),
]
