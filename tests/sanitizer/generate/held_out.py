"""Families of tokens whose cases were written when the rules were done, to see whether the rules generalise: ten, and
ten more of which the table of shapes had none."""

from cases import Cases
from draw import *  # noqa: F403: the vocabulary of this folder
from draw import rng
from providers import T, providers

FAMILIES = {
    "buildkite": T(("API access token", lambda: "bkua_" + fake(HEX, 40)), ("cluster agent token", lambda: "bkct_" + fake(ALNUM, 52))),
    "tailscale": T(("auth key", lambda: f"tskey-auth-k{chars(ALNUM, 10)}CNTRL-{fake(ALNUM, 32)}"), ("API key", lambda: f"tskey-api-k{chars(ALNUM, 10)}CNTRL-{fake(ALNUM, 32)}"),
                   ("client secret", lambda: f"tskey-client-k{chars(ALNUM, 10)}CNTRL-{fake(ALNUM, 32)}")),
    "pinecone": T(("API key", lambda: f"pcsk_{chars(ALNUM, 6)}_{fake(ALNUM, 63)}"),),
    "doppler": T(("personal token", lambda: "dp.pt." + fake(ALNUM, 43)), ("service token", lambda: f"dp.st.{pick('dev', 'prd')}." + fake(ALNUM, 43)), ("CLI token", lambda: "dp.ct." + fake(ALNUM, 43)),
                 ("service account token", lambda: "dp.sa." + fake(ALNUM, 43))),
    "flyio": T(("personal access token", lambda: "fo1_" + fake(URLSAFE, 43)), ("macaroon", lambda: "FlyV1 fm2_" + b64(random_bytes(180))), ("first macaroon", lambda: "FlyV1 fm1r_" + b64(random_bytes(150)))),
    "neon": T(("API key", lambda: "napi_" + fake(LOWER_ALNUM, 64)),),
    "dynatrace": T(("access token", lambda: f"dt0c01.{chars(BASE32, 24)}.{fake(BASE32, 64)}"), ("platform token", lambda: f"dt0s16.{chars(BASE32, 8)}.{fake(BASE32, 64)}")),
    "easypost": T(("production key", lambda: "EZAK" + fake(ALNUM, 54)), ("test key", lambda: "EZTK" + fake(ALNUM, 54))),
    "sourcegraph": T(("access token of an instance", lambda: f"sgp_{chars(HEX, 16)}_{fake(HEX, 40)}"), ("access token", lambda: "sgp_" + fake(HEX, 40)), ("access token of a local instance", lambda: "sgp_local_" + fake(HEX, 40))),
    "harness": T(("personal access token", lambda: f"pat.{chars(URLSAFE, 22)}.{chars(HEX, 24)}.{fake(ALNUM, 20)}"), ("service account token", lambda: f"sat.{chars(URLSAFE, 22)}.{chars(HEX, 24)}.{fake(ALNUM, 20)}")),
}

UNKNOWN = {
    "woocommerce": T(("consumer key", lambda: "ck_" + fake(HEX, 40)), ("consumer secret", lambda: "cs_" + fake(HEX, 40))),
    "mollie": T(("live key", lambda: "live_" + fake(ALNUM, 30)), ("test key", lambda: "test_" + fake(ALNUM, 30)), ("access token", lambda: "access_" + fake(ALNUM, 30))),
    "xendit": T(("live key", lambda: "xnd_production_" + fake(ALNUM, 58)), ("test key", lambda: "xnd_development_" + fake(ALNUM, 58))),
    "ory": T(("personal access token", lambda: "ory_pat_" + fake(ALNUM, 32)), ("access token", lambda: f"ory_at_{fake(URLSAFE, 43)}.{fake(URLSAFE, 43)}"), ("refresh token", lambda: f"ory_rt_{fake(URLSAFE, 43)}.{fake(URLSAFE, 43)}")),
    "onesignal": T(("app key", lambda: "os_v2_app_" + fake(BASE32.lower(), 103)), ("organization key", lambda: "os_v2_org_" + fake(BASE32.lower(), 103))),
    "dbt_cloud": T(("service token", lambda: "dbtc_" + fake(ALNUM, 43)), ("personal token", lambda: "dbtu_" + fake(ALNUM, 43))),
    "netbird": T(("personal access token", lambda: with_crc("nbp_", 30)),),
    "mailersend": T(("API token", lambda: "mlsn." + fake(HEX, 64)),),
    "portainer": T(("access token", lambda: "ptr_" + b64(random_bytes(32))),),
    "llamacloud": T(("API key", lambda: "llx-" + fake(ALNUM, 48)),),
}


def write():
    cases = Cases("held_out", "providers")
    providers(cases, FAMILIES, each=12)
    more = Cases("held_out", "unknown")
    providers(more, UNKNOWN, each=12)
    return cases.write() + more.write()
