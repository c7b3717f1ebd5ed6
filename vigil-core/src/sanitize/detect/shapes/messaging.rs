//! Chat, mail and telephony.

use super::Body::{Alphanumeric, Base64, Dotted, Hex, Url};
use super::Check::{Entropy, Mixed};
use super::Len::{AtLeast, Exactly, Parts};
use super::{Family, Len, family, part};

/// A snowflake in base64, a time, a signature.
const DISCORD: Len = Parts(&[
    part(Url, 20, 28, "."),
    part(Url, 6, 7, "."),
    part(Url, 27, 45, ""),
]);

pub(super) const FAMILIES: &[Family] = &[
    family(
        "slack_token",
        "api.slack.com/authentication/token-types",
        Mixed,
        &[
            ("xoxb-", Url, AtLeast(10)),
            ("xoxp-", Url, AtLeast(10)),
            ("xoxa-", Url, AtLeast(10)),
            ("xoxr-", Url, AtLeast(10)),
            ("xoxs-", Url, AtLeast(10)),
            ("xoxo-", Url, AtLeast(10)),
            ("xoxe-", Url, AtLeast(10)),
            ("xoxe.", Dotted, AtLeast(10)),
            ("xoxc-", Url, AtLeast(10)),
            ("xoxd-", Base64, AtLeast(10)),
            ("xapp-", Url, AtLeast(10)),
            ("xwfp-", Url, AtLeast(10)),
        ],
    ),
    family(
        "slack_webhook",
        "api.slack.com/messaging/webhooks: the URL is the secret",
        Mixed,
        &[
            (
                "hooks.slack.com/services/",
                Alphanumeric,
                Parts(&[
                    part(Alphanumeric, 8, 16, "/"),
                    part(Alphanumeric, 8, 16, "/"),
                    part(Alphanumeric, 20, 32, ""),
                ]),
            ),
            (
                "hooks.slack.com/workflows/",
                Alphanumeric,
                Parts(&[
                    part(Alphanumeric, 8, 16, "/"),
                    part(Alphanumeric, 8, 16, "/"),
                    part(Alphanumeric, 15, 24, "/"),
                    part(Alphanumeric, 20, 32, ""),
                ]),
            ),
            (
                "hooks.slack.com/triggers/",
                Alphanumeric,
                Parts(&[
                    part(Alphanumeric, 8, 16, "/"),
                    part(Alphanumeric, 8, 16, "/"),
                    part(Alphanumeric, 20, 64, ""),
                ]),
            ),
        ],
    ),
    family(
        "discord_token",
        "discord.com/developers/docs: bot tokens, a snowflake in base64, time, signature",
        Entropy(35),
        &[
            ("MD", Url, DISCORD),
            ("MT", Url, DISCORD),
            ("Mj", Url, DISCORD),
            ("Mz", Url, DISCORD),
            ("ND", Url, DISCORD),
            ("NT", Url, DISCORD),
            ("Nj", Url, DISCORD),
            ("Nz", Url, DISCORD),
            ("OD", Url, DISCORD),
            ("OT", Url, DISCORD),
            ("mfa.", Url, AtLeast(80)),
        ],
    ),
    family(
        "discord_webhook",
        "discord.com/developers/docs/resources/webhook: the URL is the secret",
        Mixed,
        &[
            (
                "discord.com/api/webhooks/",
                Alphanumeric,
                Parts(&[part(Alphanumeric, 15, 21, "/"), part(Url, 50, 90, "")]),
            ),
            (
                "discordapp.com/api/webhooks/",
                Alphanumeric,
                Parts(&[part(Alphanumeric, 15, 21, "/"), part(Url, 50, 90, "")]),
            ),
        ],
    ),
    family(
        "sendgrid_key",
        "docs.sendgrid.com: API keys, 22 and 43 characters",
        Mixed,
        &[(
            "SG.",
            Url,
            Parts(&[part(Url, 16, 32, "."), part(Url, 16, 64, "")]),
        )],
    ),
    family(
        "brevo_key",
        "developers.brevo.com: `xkeysib-`, `xsmtpsib-`",
        Mixed,
        &[
            ("xkeysib-", Url, AtLeast(64)),
            ("xsmtpsib-", Url, AtLeast(64)),
        ],
    ),
    family(
        "mailgun_key",
        "documentation.mailgun.com: `key-`, private keys `...-...-...`",
        Mixed,
        &[("key-", Hex, Exactly(32)), ("pubkey-", Hex, Exactly(32))],
    ),
    family(
        "mandrill_key",
        "mailchimp.com/developer/transactional: `md-`",
        Entropy(32),
        &[("md-", Url, Exactly(22))],
    ),
    family(
        "resend_key",
        "resend.com/docs: `re_`",
        Entropy(32),
        &[(
            "re_",
            Alphanumeric,
            Parts(&[
                part(Alphanumeric, 8, 10, "_"),
                part(Alphanumeric, 22, 26, ""),
            ]),
        )],
    ),
    family(
        "twilio_key",
        "twilio.com/docs/iam/api-keys: SIDs `SK`",
        Mixed,
        &[("SK", Hex, Exactly(32))],
    ),
    family(
        "messagebird_key",
        "developers.messagebird.com: `live_`, `test_`",
        Entropy(34),
        &[
            ("live_", Alphanumeric, AtLeast(24)),
            ("test_", Alphanumeric, AtLeast(24)),
        ],
    ),
    family(
        "intercom_token",
        "developers.intercom.com: `dG9rO` (`tok:`)",
        Mixed,
        &[("dG9rO", Base64, AtLeast(40))],
    ),
    family(
        "zoho_token",
        "zoho.com/accounts/protocol/oauth: `1000.`",
        Mixed,
        &[("Zoho-oauthtoken ", Hex, AtLeast(32))],
    ),
    family(
        "facebook_token",
        "developers.facebook.com: access tokens `EAA`",
        Mixed,
        &[
            ("EAA", Alphanumeric, AtLeast(60)),
            ("EAACEdEose0cBA", Alphanumeric, AtLeast(10)),
        ],
    ),
    family(
        "instagram_token",
        "developers.facebook.com/docs/instagram: `IGQ`",
        Mixed,
        &[("IGQ", Url, AtLeast(60)), ("IGAA", Url, AtLeast(60))],
    ),
    family(
        "twitter_bearer",
        "developer.x.com: app-only bearer tokens",
        Mixed,
        &[("AAAAAAAAAAAAAAAAAAAAA", Base64, AtLeast(40))],
    ),
    family(
        "dropbox_token",
        "dropbox.com/developers: `sl.`",
        Mixed,
        &[("sl.", Url, AtLeast(60)), ("sl.u.", Url, AtLeast(60))],
    ),
    family(
        "matrix_token",
        "spec.matrix.org and Synapse: `syt_`, `mct_`",
        Mixed,
        &[
            (
                "syt_",
                Alphanumeric,
                Parts(&[
                    part(Alphanumeric, 1, 200, "_"),
                    part(Alphanumeric, 20, 20, "_"),
                    part(Alphanumeric, 6, 6, ""),
                ]),
            ),
            ("mct_", Alphanumeric, AtLeast(30)),
        ],
    ),
    family(
        "telnyx_key",
        "developers.telnyx.com: `KEY`",
        Mixed,
        &[(
            "KEY01",
            Alphanumeric,
            Parts(&[part(Alphanumeric, 30, 30, "_"), part(Url, 22, 22, "")]),
        )],
    ),
    family(
        "onesignal_key",
        "documentation.onesignal.com: `os_v2_app_`, `os_v2_org_`",
        Mixed,
        &[
            ("os_v2_app_", Alphanumeric, AtLeast(80)),
            ("os_v2_org_", Alphanumeric, AtLeast(80)),
        ],
    ),
    family(
        "mailersend_token",
        "developers.mailersend.com: API tokens `mlsn.`",
        Mixed,
        &[("mlsn.", Hex, Exactly(64))],
    ),
];
