"""Tokens of providers, by the shapes that each publishes. The text around them never says what they are, unless the
shape alone does not tell."""

from cases import Cases
from contexts import PLAIN, keep_of, rounds
from draw import *  # noqa: F403: the vocabulary of this folder
from draw import rng


def uuid():
    return "-".join([chars(HEX, 8), chars(HEX, 4), "4" + chars(HEX, 3), chars("89ab", 1) + chars(HEX, 3), chars(HEX, 12)])


def T(*shapes):
    return shapes


# (family, [(what the provider calls it, how one is made)])
FAMILIES = {
    "aws": T(("access key id, AKIA", lambda: "AKIA" + chars(BASE32, 16)), ("temporary access key id, ASIA", lambda: "ASIA" + chars(BASE32, 16)),
             ("Bedrock API key", lambda: "ABSK" + fake(ALNUM, 128)), ("access key id, long-lived", lambda: "AKIA" + chars(BASE32, 16))),
    "github": T(("personal access token (classic), with its CRC-32", lambda: with_crc("ghp_")), ("OAuth access token", lambda: with_crc("gho_")),
                ("user-to-server token", lambda: with_crc("ghu_")), ("server-to-server token", lambda: with_crc("ghs_")), ("refresh token", lambda: with_crc("ghr_", 70)),
                ("fine-grained personal access token", lambda: "github_pat_" + fake(ALNUM, 22) + "_" + fake(ALNUM, 59))),
    "gitlab": T(("personal access token", lambda: "glpat-" + fake(URLSAFE[:-2], 20)), ("routable personal access token", lambda: "glpat-" + fake(ALNUM, 27) + "." + chars(LOWER_ALNUM, 2) + "." + chars(LOWER_ALNUM, 9)),
                ("deploy token", lambda: "gldt-" + fake(ALNUM, 20)), ("runner authentication token", lambda: "glrt-" + fake(ALNUM, 20)), ("trigger token", lambda: "glptt-" + fake(HEX, 40)),
                ("feed token", lambda: "glft-" + fake(ALNUM, 20)), ("agent token", lambda: "glagent-" + fake(ALNUM, 50)), ("OAuth application secret", lambda: "gloas-" + fake(HEX, 64)),
                ("CI job token", lambda: "glcbt-" + chars(HEX, 2) + "_" + fake(ALNUM, 20)), ("SCIM token", lambda: "glsoat-" + fake(ALNUM, 20))),
    "slack": T(("bot token", lambda: f"xoxb-{digits(12, '123456789')}-{digits(13, '123456789')}-{fake(ALNUM, 24)}"), ("user token", lambda: f"xoxp-{digits(12, '123456789')}-{digits(12, '123456789')}-{digits(13, '123456789')}-{fake(HEX, 32)}"),
               ("app-level token", lambda: f"xapp-1-A{chars(UPPER_ALNUM, 10)}-{digits(13, '123456789')}-{fake(HEX, 64)}"), ("configuration token", lambda: f"xoxe.xoxp-1-{fake(ALNUM, 163)}"),
               ("refresh token", lambda: f"xoxe-1-{fake(ALNUM, 146)}"), ("legacy workspace token", lambda: f"xoxs-{digits(11)}-{digits(11)}-{digits(11)}-{fake(HEX, 10)}"), ("session token", lambda: f"xoxc-{digits(12)}-{digits(12)}-{digits(13)}-{fake(HEX, 64)}")),
    "slack_webhook": T(("incoming webhook", lambda: f"https://hooks.slack.com/services/T{chars(UPPER_ALNUM, 10)}/B{chars(UPPER_ALNUM, 10)}/{fake(ALNUM, 24)}"),
                       ("workflow webhook", lambda: f"https://hooks.slack.com/workflows/T{chars(UPPER_ALNUM, 10)}/A{chars(UPPER_ALNUM, 10)}/{digits(18)}/{fake(ALNUM, 24)}"),
                       ("trigger webhook", lambda: f"https://hooks.slack.com/triggers/T{chars(UPPER_ALNUM, 8)}/{digits(13)}/{fake(HEX, 32)}")),
    "stripe": T(("live secret key", lambda: "sk_live_" + fake(ALNUM, 24)), ("live secret key, long", lambda: "sk_live_51" + fake(ALNUM, 97)), ("test secret key", lambda: "sk_test_" + fake(ALNUM, 24)),
                ("restricted key", lambda: "rk_live_" + fake(ALNUM, 24)), ("restricted test key, long", lambda: "rk_test_51" + fake(ALNUM, 97)), ("webhook signing secret", lambda: "whsec_" + fake(ALNUM, 32))),
    "google": T(("API key", lambda: "AIza" + "Sy" + fake(URLSAFE, 33)), ("OAuth client secret", lambda: "GOCSPX-" + fake(URLSAFE, 28)), ("OAuth access token", lambda: "ya29." + fake(URLSAFE, 120)),
                ("OAuth access token of a device", lambda: "ya29.a0" + fake(URLSAFE, 160)), ("OAuth refresh token", lambda: "1//0" + chars(DIGITS, 1) + fake(URLSAFE, 98)), ("Cloud Messaging server key", lambda: "AAAA" + fake(URLSAFE, 7) + ":APA91b" + fake(URLSAFE, 134))),
    "azure": T(("Entra client secret", lambda: chars(ALNUM, 3) + chars(DIGITS, 1) + "Q~" + fake(ALNUM + "-_~.", 33) + chars(ALNUM, 1)), ("DevOps token with signature", lambda: fake(ALNUM, 75) + "AZDO" + chars(ALNUM, 4)),
               ("container registry key", lambda: fake(ALNUM, 42) + "+ACR" + chars(UPPER, 1) + chars(ALNUM, 5)), ("storage key with signature", lambda: fake(ALNUM, 76) + "+ASt" + chars(ALNUM, 6) + "=="),
               ("Entra client secret, other digits", lambda: chars(ALNUM, 3) + chars("789", 1) + "Q~" + fake(ALNUM, 34))),
    "twilio": T(("API key SID, whose secret it names", lambda: "SK" + chars(HEX, 32)),),
    "sendgrid": T(("API key", lambda: "SG." + fake(URLSAFE, 21) + chars(ALNUM, 1) + "." + fake(URLSAFE, 42) + chars(ALNUM, 1)),),
    "mailgun": T(("private API key", lambda: "key-" + fake(HEX, 32)),),
    "mailchimp": T(("API key with its data centre", lambda: fake(HEX, 32) + f"-us{rng.randrange(1, 22)}"),),
    "npm": T(("access token, with its CRC-32", lambda: with_crc("npm_")),),
    "pypi": T(("upload token, a macaroon of pypi.org", lambda: "pypi-AgEIcHlwaS5vcmc" + fake(URLSAFE, 140)), ("of test.pypi.org", lambda: "pypi-AgENdGVzdC5weXBpLm9yZw" + fake(URLSAFE, 130))),
    "crates": T(("API token", lambda: "cio" + fake(ALNUM, 32)),),
    "rubygems": T(("API key", lambda: "rubygems_" + fake(HEX, 48)),),
    "nuget": T(("API key", lambda: "oy2" + fake(LOWER_ALNUM, 43)),),
    "docker": T(("personal access token", lambda: "dckr_pat_" + fake(URLSAFE[:-2], 27)), ("organization access token", lambda: "dckr_oat_" + fake(ALNUM, 32))),
    "digitalocean": T(("personal token", lambda: "dop_v1_" + fake(HEX, 64)), ("OAuth token", lambda: "doo_v1_" + fake(HEX, 64)), ("refresh token", lambda: "dor_v1_" + fake(HEX, 64))),
    "shopify": T(("admin API token", lambda: "shpat_" + fake(HEX, 32)), ("shared secret", lambda: "shpss_" + fake(HEX, 32)), ("custom app token", lambda: "shpca_" + fake(HEX, 32)), ("private app password", lambda: "shppa_" + fake(HEX, 32))),
    "square": T(("access token", lambda: "EAAA" + fake(URLSAFE, 60)), ("OAuth secret", lambda: "sq0csp-" + fake(URLSAFE, 43)), ("personal access token", lambda: "sq0atp-" + fake(URLSAFE, 22))),
    "telegram": T(("bot token", lambda: digits(10, "123456789") + ":AA" + fake(URLSAFE, 33)), ("bot token of nine digits", lambda: digits(9, "123456789") + ":AA" + fake(URLSAFE, 33))),
    "discord": T(("bot token", lambda: b64(digits(18, "123456789"), True, False) + "." + chars("GHIM", 1) + fake(URLSAFE, 5) + "." + fake(URLSAFE, 38)), ("webhook", lambda: f"https://discord.com/api/webhooks/{digits(19, '1')}/{fake(URLSAFE, 68)}"),
                 ("webhook of the old host", lambda: f"https://discordapp.com/api/webhooks/{digits(18, '1')}/{fake(URLSAFE, 68)}")),
    "openai": T(("project key", lambda: "sk-proj-" + fake(ALNUM, 74) + "T3BlbkFJ" + fake(ALNUM, 74)), ("user key", lambda: "sk-" + fake(ALNUM, 20) + "T3BlbkFJ" + fake(ALNUM, 20)), ("service account key", lambda: "sk-svcacct-" + fake(ALNUM, 58) + "T3BlbkFJ" + fake(ALNUM, 58)), ("admin key", lambda: "sk-admin-" + fake(ALNUM, 58) + "T3BlbkFJ" + fake(ALNUM, 58))),
    "anthropic": T(("API key", lambda: "sk-ant-api03-" + fake(URLSAFE, 93) + "AA"), ("admin key", lambda: "sk-ant-admin01-" + fake(URLSAFE, 93) + "AA"), ("OAuth token", lambda: "sk-ant-oat01-" + fake(URLSAFE, 93) + "AA")),
    "huggingface": T(("access token", lambda: "hf_" + fake(ALNUM, 34)), ("organization token", lambda: "api_org_" + fake(ALNUM, 34))),
    "databricks": T(("personal access token", lambda: "dapi" + fake(HEX, 32)), ("with its suffix", lambda: "dapi" + fake(HEX, 32) + "-2")),
    "grafana": T(("service account token", lambda: "glsa_" + fake(ALNUM, 32) + "_" + chars(HEX, 8)), ("cloud token", lambda: "glc_" + b64('{"o":"1234","n":"fake-' + word() + '","k":"' + fake(ALNUM, 24) + '"}'))),
    "vault": T(("service token", lambda: "hvs." + fake(URLSAFE, 90)), ("batch token", lambda: "hvb." + fake(URLSAFE, 138)), ("recovery token", lambda: "hvr." + fake(URLSAFE, 90)), ("short service token", lambda: "hvs." + fake(ALNUM, 24))),
    "terraform": T(("API token", lambda: fake(ALNUM, 14) + ".atlasv1." + fake(ALNUM, 67)),),
    "heroku": T(("API key", lambda: "HRKU-AA" + fake(URLSAFE, 58)),),
    "linear": T(("API key", lambda: "lin_api_" + fake(ALNUM, 40)), ("OAuth token", lambda: "lin_oauth_" + fake(HEX, 64))),
    "notion": T(("integration token", lambda: "ntn_" + digits(11) + fake(ALNUM, 35)), ("integration secret", lambda: "secret_" + fake(ALNUM, 43))),
    "postman": T(("API key", lambda: "PMAK-" + fake(HEX, 24) + "-" + fake(HEX, 34)),),
    "airtable": T(("personal access token", lambda: "pat" + fake(ALNUM, 14) + "." + fake(HEX, 64)),),
    "atlassian": T(("API token", lambda: "ATATT3xFfGF0" + fake(URLSAFE, 171) + "=" + chars(HEX.upper(), 8)), ("Bitbucket app password", lambda: "ATBB" + fake(ALNUM, 24) + chars(HEX.upper(), 8)), ("Bitbucket access token", lambda: "ATCTT3xFfGN0" + fake(URLSAFE, 171) + "=" + chars(HEX.upper(), 8))),
    "cloudflare": T(("origin CA key", lambda: "v1.0-" + fake(HEX, 24) + "-" + fake(HEX, 146)),),
    "contentful": T(("management token", lambda: "CFPAT-" + fake(URLSAFE, 43)),),
    "dropbox": T(("short-lived access token", lambda: "sl." + fake(URLSAFE, 136)), ("unscoped short-lived token", lambda: "sl.u." + fake(URLSAFE, 150))),
    "facebook": T(("page access token", lambda: "EAA" + fake(ALNUM, 150)), ("user access token", lambda: "EAAB" + fake(ALNUM, 120))),
    "figma": T(("personal access token", lambda: "figd_" + fake(URLSAFE, 40)),),
    "flutterwave": T(("secret key", lambda: "FLWSECK-" + fake(HEX, 32) + "-X"), ("test secret key", lambda: "FLWSECK_TEST-" + fake(HEX, 32) + "-X")),
    "mapbox": T(("secret token", lambda: "sk." + b64('{"u":"fake","a":"' + fake(LOWER_ALNUM, 25) + '"}', True, False) + "." + fake(URLSAFE, 22)),),
    "newrelic": T(("user key", lambda: "NRAK-" + fake(UPPER_ALNUM, 27)), ("insert key", lambda: "NRII-" + fake(URLSAFE, 32)), ("licence key", lambda: fake(HEX, 36) + "NRAL"), ("browser key", lambda: "NRJS-" + fake(HEX, 19))),
    "planetscale": T(("service token", lambda: "pscale_tkn_" + fake(URLSAFE, 43)), ("password", lambda: "pscale_pw_" + fake(URLSAFE, 43)), ("OAuth token", lambda: "pscale_oauth_" + fake(URLSAFE, 43))),
    "pulumi": T(("access token", lambda: "pul-" + fake(HEX, 40)),),
    "replicate": T(("API token", lambda: "r8_" + fake(ALNUM, 37)),),
    "sentry": T(("user token", lambda: "sntryu_" + fake(HEX, 64)), ("organization token", lambda: "sntrys_" + b64('{"iat":1700000000.0,"url":"https://fake.example.com","org":"' + word() + '"}') + "_" + fake(ALNUM, 43))),
    "supabase": T(("access token", lambda: "sbp_" + fake(HEX, 40)), ("secret key", lambda: "sb_secret_" + fake(URLSAFE, 22) + "_" + chars(ALNUM, 8))),
    "netlify": T(("personal access token", lambda: "nfp_" + fake(ALNUM, 36)),),
    "typeform": T(("access token", lambda: "tfp_" + fake(ALNUM + "-_.", 58) + chars(ALNUM, 1)),),
    "age": T(("secret key, Bech32", lambda: "AGE-SECRET-KEY-1" + chars("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)),),
    "onepassword": T(("service account token", lambda: "ops_" + b64('{"signInAddress":"fake.example.com","userAuth":{"method":"SRPg-4096"},"email":"x","secretKey":"' + fake(ALNUM, 200) + '"}', True, False)), ("secret key", lambda: "A3-" + "-".join([chars(UPPER_ALNUM, 6), chars(UPPER_ALNUM, 6)] + [chars(UPPER_ALNUM, 5) for _ in range(4)]))),
    "hubspot": T(("private app token", lambda: f"pat-{pick('na1', 'eu1')}-{uuid()}"),),
    "perplexity": T(("API key", lambda: "pplx-" + fake(ALNUM, 48)),),
    "groq": T(("API key", lambda: "gsk_" + fake(ALNUM, 52)),),
    "xai": T(("API key", lambda: "xai-" + fake(ALNUM, 80)),),
    "brevo": T(("API key", lambda: "xkeysib-" + fake(HEX, 64) + "-" + fake(ALNUM, 16)), ("SMTP key", lambda: "xsmtpsib-" + fake(HEX, 64) + "-" + fake(ALNUM, 16))),
    "resend": T(("API key", lambda: "re_" + chars(ALNUM, 8) + "_" + fake(ALNUM, 24)),),
    "artifactory": T(("API key", lambda: "AKCp" + fake(ALNUM, 69)), ("reference token", lambda: "cmVmdGtu" + fake(ALNUM, 56))),
    "alibaba": T(("access key id", lambda: "LTAI" + fake(ALNUM, 20)),),
    "tencent": T(("secret id", lambda: "AKID" + fake(ALNUM, 32)),),
    "sonarqube": T(("user token", lambda: "squ_" + fake(HEX, 40)), ("project token", lambda: "sqp_" + fake(HEX, 40)), ("analysis token", lambda: "sqa_" + fake(HEX, 40))),
    "circleci": T(("personal token", lambda: "CCIPAT_" + fake(ALNUM, 22) + "_" + fake(HEX, 40)), ("project token", lambda: "CCIPRJ_" + fake(ALNUM, 22) + "_" + fake(HEX, 40))),
    "shippo": T(("live token", lambda: "shippo_live_" + fake(HEX, 40)), ("test token", lambda: "shippo_test_" + fake(HEX, 40))),
    "adafruit": T(("IO key", lambda: "aio_" + fake(ALNUM, 28)),),
    "frameio": T(("token", lambda: "fio-u-" + fake(URLSAFE, 64)),),
    "plaid": T(("access token", lambda: f"access-{pick('sandbox', 'production', 'development')}-{uuid()}"),),
    "readme": T(("API key", lambda: "rdme_" + fake(LOWER_ALNUM, 70)),),
    "prefect": T(("API key", lambda: "pnu_" + fake(ALNUM, 36)),),
    "braintree": T(("access token", lambda: "access_token$production$" + fake(LOWER_ALNUM, 16) + "$" + fake(HEX, 32)),),
    "openshift": T(("user token", lambda: "sha256~" + fake(URLSAFE, 43)),),
    "nightfall": T(("API key", lambda: "NF-" + fake(ALNUM, 32)),),
    "duffel": T(("access token", lambda: f"duffel_{pick('test', 'live')}_" + fake(URLSAFE, 43)),),
    "clojars": T(("deploy token", lambda: "CLOJARS_" + fake(HEX, 60)),),
    "infracost": T(("API key", lambda: "ico-" + fake(ALNUM, 32)),),
    "octopus": T(("API key", lambda: "API-" + fake(UPPER_ALNUM, 26)),),
    "scalingo": T(("API token", lambda: "tk-us-" + fake(URLSAFE, 48)),),
    "launchdarkly": T(("SDK key", lambda: "sdk-" + uuid()), ("API access token", lambda: "api-" + uuid())),
    "teams_webhook": T(("incoming webhook", lambda: f"https://acme.webhook.office.com/webhookb2/{uuid()}@{uuid()}/IncomingWebhook/{fake(HEX, 32)}/{uuid()}"),),
    "zapier_webhook": T(("catch hook", lambda: f"https://hooks.zapier.com/hooks/catch/{digits(7, '1')}/{fake(LOWER_ALNUM, 7)}/"),),
    "langchain": T(("LangSmith key", lambda: "lsv2_pt_" + fake(HEX, 32) + "_" + chars(HEX, 10)), ("service key", lambda: "lsv2_sk_" + fake(HEX, 32) + "_" + chars(HEX, 10))),
    "ngrok": T(("auth token with context", lambda: "2" + fake(ALNUM, 26) + "_" + fake(ALNUM, 21)),),
}

# Whose shape alone could be anything: they need a word beside them.
NAMED = {"ngrok": [("ngrok authtoken {}", "ngrok"), ("ngrok config add-authtoken {}", "ngrok config"), ("NGROK_AUTHTOKEN={}", "")],
         "facebook": [("access_token={}", ""), ("facebook token: {}", "facebook"), ("\"fb_access_token\":\"{}\"", "")],
         "zapier_webhook": [("POST {} 200", "POST 200"), ("\"{}\"", ""), ("hook {} fired", "hook fired")]}


def providers(cases, families, each=8):
    for family, shapes in families.items():
        contexts = rounds(NAMED[family] if family in NAMED else PLAIN)
        for index in range(max(each, 3 * len(shapes))):
            what, make = shapes[index % len(shapes)]
            token = make()
            context = next(contexts)
            if family.endswith("webhook") or token.startswith("https:"):
                # What must not be seen of a webhook is its path; its host may stay.
                while "https:" in context[0]:
                    context = next(contexts)
                text = context[0].format(token)
                secret = token.rstrip("/").split("/")[-1]
                if "teams" in family:
                    secret = token.split("/")[-2]
                if "zapier" in family:
                    secret = "/".join(token.rstrip("/").split("/")[-2:])
            else:
                text, secret = context[0].format(token), token
            where = context[2] if len(context) > 2 else "beside its name"
            cases.positive(family, text, secret, keep_of(context), f"{what}, {where}", split=True)


# Those that have no shape of their own and are known by the name beside them only.
BY_NAME = [
    ("aws_secret_access_key = {}", lambda: fake(BASE64, 40), "AWS, 40 characters of base64"),
    ("AWS_SECRET_ACCESS_KEY={}", lambda: fake(BASE64, 40), "AWS in the environment"),
    ("\"SecretAccessKey\": \"{}\"", lambda: fake(BASE64, 40), "AWS, STS's answer"),
    ("\"SessionToken\": \"{}\"", lambda: fake(BASE64, 200), "AWS, STS's answer"),
    ("aws_session_token={}", lambda: fake(BASE64, 200), "AWS's profile file"),
    ("TWILIO_AUTH_TOKEN={}", lambda: chars(HEX, 32), "Twilio, 32 hexadecimal digits"),
    ("DD_API_KEY={}", lambda: chars(HEX, 32), "Datadog's API key"),
    ("DD_APP_KEY={}", lambda: chars(HEX, 40), "Datadog's application key"),
    ("HEROKU_API_KEY={}", uuid, "Heroku's older keys are UUIDs"),
    ("CLOUDFLARE_API_TOKEN={}", lambda: fake(URLSAFE, 40), "Cloudflare"),
    ("okta_api_token: {}", lambda: "00" + fake(URLSAFE, 40), "Okta"),
    ("Authorization: SSWS {}", lambda: "00" + fake(URLSAFE, 40), "Okta's own scheme"),
    ("SNYK_TOKEN={}", uuid, "Snyk's tokens are UUIDs"),
    ("POSTMARK_SERVER_TOKEN={}", uuid, "Postmark's tokens are UUIDs"),
    ("X-Postmark-Server-Token: {}", uuid, "Postmark's header"),
    ("CODECOV_TOKEN={}", uuid, "Codecov"),
    ("\"private_key_id\": \"a1\", \"client_secret\": \"{}\"", lambda: fake(URLSAFE, 40), "a client's secret"),
    ("CONSUMER_SECRET={}", lambda: fake(ALNUM, 50), "X, formerly Twitter"),
    ("TWITTER_BEARER_TOKEN={}", lambda: "AAAAAAAAAAAAAAAAAAAAA" + fake(ALNUM, 80), "X's app-only token"),
    ("ALGOLIA_ADMIN_KEY={}", lambda: chars(HEX, 32), "Algolia"),
    ("secret_key_base: {}", lambda: chars(HEX, 128), "Rails"),
    ("APP_KEY=base64:{}", lambda: b64(random_bytes(32)), "Laravel"),
    ("DJANGO_SECRET_KEY='{}'", lambda: fake(ALNUM + "!@#%^&*(-_=+)", 50), "Django"),
    ("NEXTAUTH_SECRET={}", lambda: b64(random_bytes(32)), "Auth.js"),
    ("//registry.npmjs.org/:_authToken={}", uuid, "npm's older tokens in .npmrc"),
    ("\"auth\": \"{}\"", lambda: b64("app:" + fake(ALNUM, 20)), "Docker's config.json"),
    ("client-key-data: {}", lambda: b64(random_bytes(200)), "a kubeconfig"),
    ("vault_root_token: s.{}", lambda: fake(ALNUM, 24), "Vault before 1.10"),
    ("SCW_SECRET_KEY={}", uuid, "Scaleway"),
    ("ZOOM_JWT_SECRET={}", lambda: fake(ALNUM, 36), "Zoom"),
    ("pagerduty_token={}", lambda: fake(ALNUM, 20), "PagerDuty"),
    ("MAPBOX_SECRET={}", lambda: fake(ALNUM, 40), "a map provider"),
]


def by_name(cases):
    for text, make, why in BY_NAME:
        for before, after, keep in [("", "", ""), ("step 3: ", " # set by deploy", "step deploy"), ("line one\n", "\nREGION=eu-west-1", "line one REGION=eu-west-1")]:
            secret = make()
            cases.positive("named_token", before + text.format(secret) + after, secret, keep, f"{why}, by the name beside it", split=True)


def write():
    cases = Cases("positives", "providers")
    providers(cases, FAMILIES)
    by_name(cases)
    return cases.write()
