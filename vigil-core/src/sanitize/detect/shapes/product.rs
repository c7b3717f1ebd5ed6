//! Whatever else people sign in to: documents, design, marketing, identity, maps, games.

use super::Body::{Alphanumeric, Base64, Digits, Dotted, Hex, Url};
use super::Check::{Entropy, Mixed};
use super::Len::{AtLeast, Exactly, Parts};
use super::{Family, UUID, family, part};

pub(super) const FAMILIES: &[Family] = &[
    family(
        "notion_token",
        "developers.notion.com: `ntn_`, formerly `secret_`",
        Mixed,
        &[
            ("ntn_", Alphanumeric, AtLeast(40)),
            ("secret_", Alphanumeric, Exactly(43)),
        ],
    ),
    family(
        "airtable_token",
        "airtable.com/developers: personal access tokens",
        Mixed,
        &[
            (
                "pat",
                Alphanumeric,
                Parts(&[part(Alphanumeric, 14, 14, "."), part(Hex, 64, 64, "")]),
            ),
            (
                "oaa",
                Alphanumeric,
                Parts(&[part(Alphanumeric, 14, 14, "."), part(Hex, 64, 64, "")]),
            ),
        ],
    ),
    family(
        "asana_token",
        "developers.asana.com: personal access tokens",
        Mixed,
        &[("asana_pat_", Url, AtLeast(30))],
    ),
    family(
        "figma_token",
        "figma.com/developers: `figd_`",
        Mixed,
        &[
            ("figd_", Url, AtLeast(30)),
            ("figo_", Url, AtLeast(30)),
            ("figoh_", Url, AtLeast(30)),
            ("figor_", Url, AtLeast(30)),
        ],
    ),
    family(
        "canva_secret",
        "canva.dev: `cnvca`",
        Mixed,
        &[("cnvca", Url, AtLeast(40))],
    ),
    family(
        "contentful_token",
        "contentful.com/developers: `CFPAT-`",
        Mixed,
        &[("CFPAT-", Url, AtLeast(40))],
    ),
    family(
        "typeform_token",
        "typeform.com/developers: `tfp_`",
        Mixed,
        &[("tfp_", Dotted, AtLeast(40))],
    ),
    family(
        "hubspot_token",
        "developers.hubspot.com: private app tokens `pat-na1-`",
        Mixed,
        &[
            ("pat-na1-", Hex, UUID),
            ("pat-na2-", Hex, UUID),
            ("pat-eu1-", Hex, UUID),
            ("pat-ap1-", Hex, UUID),
        ],
    ),
    family(
        "adobe_secret",
        "developer.adobe.com: client secrets `p8e-`",
        Mixed,
        &[
            ("p8e-", Alphanumeric, Exactly(32)),
            ("p8e-", Url, AtLeast(32)),
        ],
    ),
    family(
        "frameio_token",
        "developer.frame.io: `fio-u-`",
        Mixed,
        &[("fio-u-", Url, Exactly(64))],
    ),
    family(
        "mapbox_token",
        "docs.mapbox.com: secret tokens `sk.`",
        Mixed,
        &[
            (
                "sk.eyJ",
                Url,
                Parts(&[part(Url, 40, 400, "."), part(Url, 16, 40, "")]),
            ),
            (
                "pk.eyJ",
                Url,
                Parts(&[part(Url, 40, 400, "."), part(Url, 16, 40, "")]),
            ),
            (
                "tk.eyJ",
                Url,
                Parts(&[part(Url, 40, 400, "."), part(Url, 16, 40, "")]),
            ),
        ],
    ),
    family(
        "pinterest_token",
        "developers.pinterest.com: `pina_`, `pinr_`",
        Mixed,
        &[
            ("pina_", Url, AtLeast(32)),
            ("pinr_", Url, AtLeast(32)),
            ("pinc_", Url, AtLeast(32)),
        ],
    ),
    family(
        "lichess_token",
        "lichess.org/api: `lip_`, `lio_`",
        Mixed,
        &[
            ("lip_", Alphanumeric, AtLeast(16)),
            ("lio_", Alphanumeric, AtLeast(16)),
        ],
    ),
    family(
        "thunderstore_token",
        "thunderstore.io: `tss_`",
        Mixed,
        &[("tss_", Alphanumeric, AtLeast(34))],
    ),
    family(
        "devcycle_key",
        "docs.devcycle.com: SDK keys",
        Mixed,
        &[
            ("dvc_server_", Url, AtLeast(20)),
            ("dvc_client_", Url, AtLeast(20)),
            ("dvc_mobile_", Url, AtLeast(20)),
        ],
    ),
    family(
        "chief_tools_token",
        "chief.app: `ctp_`",
        Mixed,
        &[("ctp_", Alphanumeric, AtLeast(38))],
    ),
    family(
        "rootly_key",
        "docs.rootly.com: `rootly_`",
        Mixed,
        &[("rootly_", Hex, Exactly(64))],
    ),
    family(
        "samsara_token",
        "developers.samsara.com: `samsara_api_`",
        Mixed,
        &[("samsara_api_", Alphanumeric, AtLeast(28))],
    ),
    family(
        "workato_key",
        "docs.workato.com: `wrkaus-`",
        Mixed,
        &[
            ("wrkaus-", Url, AtLeast(40)),
            ("wrkaeu-", Url, AtLeast(40)),
            ("wrkajp-", Url, AtLeast(40)),
            ("wrkasg-", Url, AtLeast(40)),
            ("wrkaau-", Url, AtLeast(40)),
            ("wrkatrial-", Url, AtLeast(40)),
        ],
    ),
    family(
        "unkey_key",
        "unkey.com/docs: `unkey_`",
        Mixed,
        &[("unkey_", Alphanumeric, AtLeast(20))],
    ),
    family(
        "zuplo_key",
        "zuplo.com/docs: `zpka_`",
        Mixed,
        &[("zpka_", Url, AtLeast(36))],
    ),
    family(
        "retool_token",
        "docs.retool.com: `retool_`",
        Mixed,
        &[("retool_", Alphanumeric, AtLeast(20))],
    ),
    family(
        "authress_key",
        "authress.io: service client keys",
        Mixed,
        &[
            (
                "sc_",
                Alphanumeric,
                Parts(&[
                    part(Alphanumeric, 5, 30, "."),
                    part(Alphanumeric, 4, 6, "."),
                    part(Url, 10, 60, "."),
                    part(Base64, 30, 120, ""),
                ]),
            ),
            (
                "scauth_",
                Alphanumeric,
                Parts(&[
                    part(Alphanumeric, 5, 30, "."),
                    part(Alphanumeric, 4, 6, "."),
                    part(Url, 10, 60, "."),
                    part(Base64, 30, 120, ""),
                ]),
            ),
            (
                "ext_",
                Alphanumeric,
                Parts(&[
                    part(Alphanumeric, 5, 30, "."),
                    part(Alphanumeric, 4, 6, "."),
                    part(Url, 10, 60, "."),
                    part(Base64, 30, 120, ""),
                ]),
            ),
            ("authress_sc_", Dotted, AtLeast(40)),
        ],
    ),
    family(
        "beamer_key",
        "developers.getbeamer.com: `b_`",
        Entropy(38),
        &[("b_", Base64, Exactly(44))],
    ),
    family(
        "settlemint_token",
        "console.settlemint.com: `sm_aat_`",
        Mixed,
        &[
            ("sm_aat_", Alphanumeric, Exactly(16)),
            ("sm_pat_", Alphanumeric, Exactly(16)),
            ("sm_sat_", Alphanumeric, Exactly(16)),
        ],
    ),
    family(
        "wix_key",
        "dev.wix.com: `IST.eyJ`",
        Mixed,
        &[("IST.eyJ", Dotted, AtLeast(60))],
    ),
    family(
        "inngest_key",
        "inngest.com/docs: signing keys",
        Mixed,
        &[
            ("signkey-prod-", Hex, AtLeast(30)),
            ("signkey-test-", Hex, AtLeast(30)),
            ("signkey-branch-", Hex, AtLeast(30)),
        ],
    ),
    family(
        "trigger_dev_key",
        "trigger.dev/docs: `tr_prod_`",
        Mixed,
        &[
            ("tr_dev_", Alphanumeric, AtLeast(20)),
            ("tr_prod_", Alphanumeric, AtLeast(20)),
            ("tr_stg_", Alphanumeric, AtLeast(20)),
        ],
    ),
    family(
        "stytch_secret",
        "stytch.com/docs: `secret-live-`, `secret-test-`",
        Mixed,
        &[
            ("secret-live-", Base64, AtLeast(36)),
            ("secret-test-", Base64, AtLeast(36)),
        ],
    ),
    family(
        "liveblocks_key",
        "liveblocks.io/docs: `sk_dev_`",
        Mixed,
        &[("sk_dev_", Url, AtLeast(30))],
    ),
    family(
        "plain_key",
        "plain.com/docs: `plainApiKey_`",
        Mixed,
        &[("plainApiKey_", Url, AtLeast(30))],
    ),
    family(
        "linkedin_token",
        "learn.microsoft.com/linkedin: client secrets `WPL_AP1.`",
        Mixed,
        &[(
            "WPL_AP",
            Base64,
            Parts(&[
                part(Digits, 1, 1, "."),
                part(Alphanumeric, 16, 16, "."),
                part(Base64, 8, 12, ""),
            ]),
        )],
    ),
    family(
        "ebay_token",
        "developer.ebay.com: production cert ids `PRD-`",
        Mixed,
        &[
            (
                "PRD-",
                Hex,
                Parts(&[
                    part(Hex, 12, 12, "-"),
                    part(Hex, 4, 8, "-"),
                    part(Hex, 4, 4, "-"),
                    part(Hex, 4, 4, "-"),
                    part(Hex, 4, 4, ""),
                ]),
            ),
            (
                "SBX-",
                Hex,
                Parts(&[
                    part(Hex, 12, 12, "-"),
                    part(Hex, 4, 8, "-"),
                    part(Hex, 4, 4, "-"),
                    part(Hex, 4, 4, "-"),
                    part(Hex, 4, 4, ""),
                ]),
            ),
        ],
    ),
    family(
        "teams_webhook",
        "learn.microsoft.com/microsoftteams: the URL is the secret",
        Mixed,
        &[(
            "webhook.office.com/webhookb2/",
            Hex,
            Parts(&[
                part(Url, 36, 36, "@"),
                part(Url, 36, 36, "/IncomingWebhook/"),
                part(Hex, 32, 32, "/"),
                part(Url, 36, 36, ""),
            ]),
        )],
    ),
    family(
        "zapier_webhook",
        "zapier.com/help: the URL is the secret",
        Mixed,
        &[(
            "hooks.zapier.com/hooks/catch/",
            Digits,
            Parts(&[part(Digits, 3, 12, "/"), part(Alphanumeric, 5, 12, "")]),
        )],
    ),
    family(
        "clerk_key",
        "clerk.com/docs: keys in the form of Stripe's; machine keys `ak_`",
        Mixed,
        &[
            ("mt_", Alphanumeric, AtLeast(40)),
            ("ak_", Alphanumeric, AtLeast(40)),
        ],
    ),
    family(
        "salesloft_key",
        "developers.salesloft.com: `v2_ak_`",
        Mixed,
        &[("v2_ak_", Url, AtLeast(40))],
    ),
    family(
        "ory_token",
        "ory.sh/docs: token formats `ory_`",
        Mixed,
        &[
            ("ory_pat_", Url, AtLeast(30)),
            ("ory_st_", Url, AtLeast(30)),
            ("ory_at_", Dotted, AtLeast(40)),
            ("ory_rt_", Dotted, AtLeast(40)),
            ("ory_ac_", Dotted, AtLeast(40)),
        ],
    ),
];
