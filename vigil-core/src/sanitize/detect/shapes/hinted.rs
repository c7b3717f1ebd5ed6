//! Families without a prefix: [`hints`](super::super::hints) knows them by a mark inside or a word before them.

use super::Check::Mixed;
use super::{Family, family};

pub(super) const FAMILIES: &[Family] = &[
    family(
        "telegram_token",
        "core.telegram.org/bots: number, `:`, 35 characters",
        Mixed,
        &[],
    ),
    family(
        "firebase_key",
        "firebase.google.com/docs/cloud-messaging: server keys, `:APA91b`",
        Mixed,
        &[],
    ),
    family(
        "datastax_token",
        "docs.datastax.com: `AstraCS:`",
        Mixed,
        &[],
    ),
    family(
        "azure_client_secret",
        "learn.microsoft.com/entra: client secrets, `Q~` at the fifth place",
        Mixed,
        &[],
    ),
    family(
        "azure_key",
        "learn.microsoft.com: identifiable keys of storage, search, DevOps",
        Mixed,
        &[],
    ),
    family(
        "ngrok_token",
        "ngrok.com/docs: authtokens, 27 and 21 characters",
        Mixed,
        &[],
    ),
    family(
        "openshift_token",
        "docs.openshift.com: OAuth tokens, `sha256~`",
        Mixed,
        &[],
    ),
    family(
        "mailchimp_key",
        "mailchimp.com/developer: 32 hexadecimal digits, `-us` and a data centre",
        Mixed,
        &[],
    ),
    family(
        "maxmind_key",
        "dev.maxmind.com: license keys that end in `_mmk`",
        Mixed,
        &[],
    ),
    family(
        "unnamed_secret",
        "a long mixed run of letters and digits behind `token`, `secret` or the like",
        Mixed,
        &[],
    ),
    family(
        "prefixed_secret",
        "no issuer: 30 random letters and digits behind a short name and `_`, as most issuers make them today",
        Mixed,
        &[],
    ),
];
