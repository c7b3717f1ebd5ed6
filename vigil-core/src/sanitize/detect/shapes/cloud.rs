//! Clouds, hosts, databases, and where infrastructure keeps its secrets.

use super::Body::{Alphanumeric, Base32, Base64, Dotted, Hex, Upper, Url};
use super::Check::{Behind, Entropy, Mixed, Prefix};
use super::Len::{AtLeast, Between, Exactly, Parts};
use super::{Family, UUID, family, part};

pub(super) const FAMILIES: &[Family] = &[
    family(
        "aws_access_key",
        "docs.aws.amazon.com/IAM: reference_identifiers, unique identifier prefixes",
        Prefix,
        &[
            ("AKIA", Base32, Exactly(16)),
            ("ASIA", Base32, Exactly(16)),
            ("ABIA", Base32, Exactly(16)),
            ("ACCA", Base32, Exactly(16)),
            // Identifiers in examples and tests keep no alphabet.
            ("AKIA", Upper, Exactly(16)),
            ("ASIA", Upper, Exactly(16)),
            ("A3T", Upper, Exactly(17)),
        ],
    ),
    family(
        "aws_session_token",
        "docs.aws.amazon.com/STS: GetSessionToken; the base64 beginnings of its two encodings",
        Mixed,
        &[
            ("FwoGZXIvYXdz", Base64, AtLeast(60)),
            ("FQoGZXIvYXdz", Base64, AtLeast(60)),
            ("IQoJb3JpZ2lu", Base64, AtLeast(60)),
        ],
    ),
    family(
        "aws_bedrock_key",
        "docs.aws.amazon.com/bedrock: API keys",
        Mixed,
        &[
            ("ABSK", Base64, AtLeast(100)),
            ("bedrock-api-key-", Base64, AtLeast(40)),
        ],
    ),
    family(
        "aws_mws_token",
        "developer-docs.amazon.com: MWS auth token",
        Prefix,
        &[("amzn.mws.", Hex, UUID)],
    ),
    family(
        "google_api_key",
        "cloud.google.com/docs/authentication/api-keys",
        Mixed,
        &[("AIza", Url, Exactly(35)), ("AQ.Ab8", Url, AtLeast(40))],
    ),
    family(
        "google_oauth_token",
        "developers.google.com/identity/protocols/oauth2: token formats",
        Mixed,
        &[
            ("ya29.", Dotted, AtLeast(20)),
            ("GOCSPX-", Url, Exactly(28)),
            ("GOOG1E", Alphanumeric, Between(20, 58)),
        ],
    ),
    family(
        "alibaba_access_key",
        "alibabacloud.com/help: AccessKey pair",
        Mixed,
        &[
            ("LTAI", Alphanumeric, Between(12, 26)),
            ("STS.", Alphanumeric, AtLeast(20)),
        ],
    ),
    family(
        "tencent_secret_id",
        "cloud.tencent.com: SecretId `AKID`",
        Mixed,
        &[("AKID", Alphanumeric, Between(32, 64))],
    ),
    family(
        "yandex_cloud_key",
        "yandex.cloud/docs/iam: API key, IAM token, static access key",
        Mixed,
        &[
            ("AQVN", Url, Between(35, 38)),
            (
                "t1.",
                Url,
                Parts(&[part(Url, 20, 400, "."), part(Base64, 80, 100, "")]),
            ),
            ("YCAJ", Url, Exactly(21)),
            ("YCMM", Url, AtLeast(30)),
        ],
    ),
    family(
        "scaleway_key",
        "scaleway.com/docs: access key `SCW`",
        Mixed,
        &[("SCW", Upper, Exactly(17))],
    ),
    family(
        "digitalocean_token",
        "docs.digitalocean.com/reference/api: token prefixes",
        Mixed,
        &[
            ("dop_v1_", Hex, AtLeast(40)),
            ("doo_v1_", Hex, AtLeast(40)),
            ("dor_v1_", Hex, AtLeast(40)),
        ],
    ),
    family(
        "cloudflare_key",
        "developers.cloudflare.com: origin CA key `v1.0-`, `cfut_`, `cfat_`",
        Mixed,
        &[
            (
                "v1.0-",
                Hex,
                Parts(&[part(Hex, 24, 24, "-"), part(Hex, 146, 146, "")]),
            ),
            ("cfut_", Url, AtLeast(40)),
            ("cfat_", Url, AtLeast(40)),
            ("cfk_", Url, AtLeast(40)),
        ],
    ),
    family(
        "heroku_key",
        "devcenter.heroku.com: platform API, token prefix `HRKU-`",
        Mixed,
        &[("HRKU-", Url, AtLeast(30))],
    ),
    family(
        "netlify_token",
        "docs.netlify.com: personal access tokens",
        Mixed,
        &[
            ("nfp_", Alphanumeric, AtLeast(36)),
            ("nfc_", Alphanumeric, AtLeast(36)),
            ("nfo_", Alphanumeric, AtLeast(36)),
            ("nfu_", Alphanumeric, AtLeast(36)),
            ("nfb_", Alphanumeric, AtLeast(36)),
        ],
    ),
    family(
        "vercel_token",
        "vercel.com/docs: token formats",
        Mixed,
        &[
            ("vcp_", Alphanumeric, AtLeast(24)),
            ("vci_", Alphanumeric, AtLeast(24)),
            ("vca_", Alphanumeric, AtLeast(24)),
            ("vcr_", Alphanumeric, AtLeast(24)),
            ("vck_", Alphanumeric, AtLeast(24)),
            ("vercel_blob_rw_", Url, AtLeast(30)),
        ],
    ),
    family(
        "render_key",
        "render.com/docs/api: `rnd_`",
        Mixed,
        &[("rnd_", Alphanumeric, AtLeast(24))],
    ),
    family(
        "fly_token",
        "fly.io/docs: access tokens",
        Mixed,
        &[
            ("fo1_", Url, AtLeast(30)),
            ("fm1_", Base64, AtLeast(60)),
            ("fm1a_", Base64, AtLeast(60)),
            ("fm1r_", Base64, AtLeast(60)),
            ("fm2_", Base64, AtLeast(60)),
        ],
    ),
    family(
        "supabase_key",
        "supabase.com/docs: API keys",
        Mixed,
        &[("sbp_", Hex, AtLeast(40)), ("sb_secret_", Url, AtLeast(20))],
    ),
    family(
        "planetscale_token",
        "planetscale.com/docs: service tokens, passwords",
        Mixed,
        &[
            ("pscale_tkn_", Dotted, AtLeast(32)),
            ("pscale_pw_", Dotted, AtLeast(32)),
            ("pscale_oauth_", Dotted, AtLeast(32)),
        ],
    ),
    family(
        "neon_key",
        "neon.tech/docs: `napi_`",
        Mixed,
        &[("napi_", Alphanumeric, AtLeast(40))],
    ),
    family(
        "mongodb_atlas_secret",
        "mongodb.com/docs/atlas: service account secrets",
        Mixed,
        &[("mdb_sa_sk_", Url, AtLeast(30))],
    ),
    family(
        "cockroach_key",
        "cockroachlabs.com/docs: `CCDB1_`",
        Mixed,
        &[("CCDB1_", Url, AtLeast(40))],
    ),
    family(
        "xata_key",
        "xata.io/docs: `xau_`",
        Mixed,
        &[("xau_", Alphanumeric, AtLeast(28))],
    ),
    family(
        "aiven_token",
        "docs.aiven.io: `aivenv1`",
        Mixed,
        &[("aivenv1", Base64, AtLeast(60))],
    ),
    family(
        "confluent_key",
        "docs.confluent.io: `cflt`",
        Mixed,
        &[("cflt", Base64, Exactly(60))],
    ),
    family(
        "databricks_token",
        "docs.databricks.com: personal access tokens, `dapi`",
        Mixed,
        &[
            ("dapi", Hex, AtLeast(32)),
            ("dose", Hex, Exactly(32)),
            ("dkea", Hex, Exactly(32)),
        ],
    ),
    family(
        "vault_token",
        "developer.hashicorp.com/vault/docs/concepts/tokens",
        Mixed,
        &[
            ("hvs.", Url, AtLeast(20)),
            ("hvb.", Url, AtLeast(20)),
            ("hvr.", Url, AtLeast(20)),
            ("hcp.", Url, AtLeast(40)),
            ("s.", Alphanumeric, Exactly(24)),
            ("b.", Base64, AtLeast(100)),
        ],
    ),
    family(
        "terraform_token",
        "developer.hashicorp.com/terraform: API tokens, `.atlasv1.` after fourteen characters",
        Behind(14),
        &[("atlasv1.", Url, AtLeast(50))],
    ),
    family(
        "aiven_password",
        "docs.aiven.io: service passwords `AVNS_`",
        Mixed,
        &[("AVNS_", Url, AtLeast(15))],
    ),
    family(
        "volcengine_key",
        "volcengine.com/docs: access keys `AKLT`",
        Mixed,
        &[("AKLT", Alphanumeric, AtLeast(30))],
    ),
    family(
        "huawei_key",
        "support.huaweicloud.com: `HPUA` access keys",
        Mixed,
        &[("HPUA", Upper, Exactly(16))],
    ),
    family(
        "logicmonitor_token",
        "logicmonitor.com/support: `lmb_`, `lma_`",
        Mixed,
        &[("lmb_", Base64, AtLeast(60)), ("lma_", Base64, AtLeast(60))],
    ),
    family(
        "pulumi_token",
        "pulumi.com/docs: access tokens",
        Mixed,
        &[("pul-", Hex, Exactly(40))],
    ),
    family(
        "doppler_token",
        "docs.doppler.com: token formats",
        Mixed,
        &[
            ("dp.pt.", Alphanumeric, AtLeast(40)),
            ("dp.ct.", Alphanumeric, AtLeast(40)),
            ("dp.sa.", Alphanumeric, AtLeast(40)),
            ("dp.said.", Alphanumeric, AtLeast(40)),
            ("dp.scim.", Alphanumeric, AtLeast(40)),
            ("dp.audit.", Alphanumeric, AtLeast(40)),
            ("dp.st.", Dotted, AtLeast(40)),
        ],
    ),
    family(
        "infisical_token",
        "infisical.com/docs: service tokens `st.`",
        Mixed,
        &[(
            "st.",
            Hex,
            Parts(&[
                part(Hex, 24, 24, "."),
                part(Hex, 32, 64, "."),
                part(Hex, 16, 64, ""),
            ]),
        )],
    ),
    family(
        "onepassword_token",
        "developer.1password.com: service accounts, secret key `A3-`",
        Mixed,
        &[
            ("ops_eyJ", Base64, AtLeast(200)),
            (
                "A3-",
                Upper,
                Parts(&[
                    part(Upper, 6, 6, "-"),
                    part(Upper, 6, 11, "-"),
                    part(Upper, 5, 6, "-"),
                    part(Upper, 5, 5, "-"),
                    part(Upper, 5, 5, ""),
                ]),
            ),
        ],
    ),
    family(
        "age_secret_key",
        "age-encryption.org/v1: Bech32 identity",
        Prefix,
        &[
            ("AGE-SECRET-KEY-1", Upper, AtLeast(40)),
            ("AGE-SECRET-KEY-PQ-1", Upper, AtLeast(40)),
        ],
    ),
    family(
        "tailscale_key",
        "tailscale.com/kb: key prefixes",
        Mixed,
        &[("tskey-", Url, AtLeast(20))],
    ),
    family(
        "defined_networking_key",
        "docs.defined.net: `dnkey-`",
        Mixed,
        &[("dnkey-", Url, AtLeast(60))],
    ),
    family(
        "akamai_token",
        "techdocs.akamai.com: EdgeGrid client tokens `akab-`",
        Entropy(30),
        &[("akab-", Dotted, AtLeast(32))],
    ),
    family(
        "upcloud_token",
        "developers.upcloud.com: `ucat_`",
        Mixed,
        &[("ucat_", Alphanumeric, AtLeast(24))],
    ),
    family(
        "elastic_key",
        "elastic.co/guide: `essu_`, encoded cloud keys",
        Mixed,
        &[("essu_", Base64, AtLeast(40))],
    ),
    family(
        "harness_token",
        "developer.harness.io: personal access tokens",
        Mixed,
        &[
            (
                "pat.",
                Url,
                Parts(&[
                    part(Url, 22, 22, "."),
                    part(Hex, 24, 24, "."),
                    part(Alphanumeric, 20, 20, ""),
                ]),
            ),
            (
                "sat.",
                Url,
                Parts(&[
                    part(Url, 22, 22, "."),
                    part(Hex, 24, 24, "."),
                    part(Alphanumeric, 20, 20, ""),
                ]),
            ),
        ],
    ),
    family(
        "scalingo_token",
        "developers.scalingo.com: `tk-us-`",
        Mixed,
        &[("tk-us-", Url, Exactly(48))],
    ),
    family(
        "prefect_key",
        "docs.prefect.io: `pnu_`, `pnb_`",
        Mixed,
        &[
            ("pnu_", Alphanumeric, Exactly(36)),
            ("pnb_", Alphanumeric, Exactly(36)),
        ],
    ),
    family(
        "octopus_key",
        "octopus.com/docs: `API-`",
        Mixed,
        &[("API-", Upper, Between(25, 32))],
    ),
    family(
        "temporal_key",
        "docs.temporal.io: `tmprl_`",
        Mixed,
        &[("tmprl_", Url, AtLeast(40))],
    ),
    family(
        "apify_token",
        "docs.apify.com: `apify_api_`",
        Mixed,
        &[("apify_api_", Alphanumeric, AtLeast(30))],
    ),
    family(
        "infracost_key",
        "infracost.io/docs: `ico-`",
        Mixed,
        &[("ico-", Alphanumeric, Exactly(32))],
    ),
    family(
        "dbt_cloud_token",
        "docs.getdbt.com: service tokens `dbtc_`, personal ones `dbtu_`",
        Mixed,
        &[("dbtc_", Url, AtLeast(30)), ("dbtu_", Url, AtLeast(30))],
    ),
    family(
        "netbird_token",
        "docs.netbird.io: personal access tokens `nbp_`, 30 characters and a checksum",
        Mixed,
        &[("nbp_", Alphanumeric, Exactly(36))],
    ),
    family(
        "portainer_token",
        "docs.portainer.io: access tokens `ptr_`",
        Mixed,
        &[("ptr_", Base64, AtLeast(40))],
    ),
];
