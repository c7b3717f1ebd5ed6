"""Ten families of tokens whose cases were written when the rules were done, to see whether the rules generalise."""

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


def write():
    cases = Cases("held_out", "providers")
    providers(cases, FAMILIES, each=12)
    return cases.write()
