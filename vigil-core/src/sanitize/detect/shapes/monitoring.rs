//! What watches programs: metrics, logs, errors, analytics, feature flags.

use super::Body::{Alphanumeric, Base64, Dotted, Hex, Url};
use super::Check::{Entropy, Mixed};
use super::Len::{AtLeast, Between, Exactly};
use super::{Family, family};

pub(super) const FAMILIES: &[Family] = &[
    family(
        "grafana_token",
        "grafana.com/docs: service accounts `glsa_`, access policies `glc_`, API keys `eyJrIjoi`",
        Mixed,
        &[
            ("glc_", Base64, AtLeast(32)),
            ("glsa_", Url, AtLeast(32)),
            ("eyJrIjoi", Base64, AtLeast(60)),
        ],
    ),
    family(
        "new_relic_key",
        "docs.newrelic.com: key formats",
        Mixed,
        &[
            ("NRAK-", Alphanumeric, AtLeast(27)),
            ("NRII-", Url, AtLeast(27)),
            ("NRJS-", Hex, Exactly(19)),
            ("NRIQ-", Url, AtLeast(27)),
            ("NRAA-", Url, AtLeast(27)),
            ("NRRA-", Hex, Exactly(42)),
            ("NRSP-", Url, AtLeast(27)),
        ],
    ),
    family(
        "sentry_token",
        "docs.sentry.io: auth tokens",
        Mixed,
        &[
            ("sntrys_", Base64, AtLeast(40)),
            ("sntryu_", Hex, AtLeast(40)),
            ("sntrya_", Hex, AtLeast(40)),
            ("sntryi_", Hex, AtLeast(40)),
        ],
    ),
    family(
        "dynatrace_token",
        "docs.dynatrace.com: token format",
        Mixed,
        &[
            ("dt0c01.", Dotted, AtLeast(60)),
            ("dt0s01.", Dotted, AtLeast(60)),
            ("dt0s02.", Dotted, AtLeast(60)),
            ("dt0s08.", Dotted, AtLeast(60)),
            ("dt0s16.", Dotted, AtLeast(60)),
            ("dt0a01.", Dotted, AtLeast(60)),
        ],
    ),
    family(
        "datadog_key",
        "docs.datadoghq.com: `ddapp_`, `ddpat_`; older keys by name",
        Mixed,
        &[
            ("ddapp_", Alphanumeric, AtLeast(30)),
            ("ddpat_", Alphanumeric, AtLeast(30)),
        ],
    ),
    family(
        "honeycomb_key",
        "docs.honeycomb.io: ingest and management keys",
        Mixed,
        &[
            ("hcaik_", Alphanumeric, AtLeast(50)),
            ("hcbik_", Alphanumeric, AtLeast(50)),
            ("hccik_", Alphanumeric, AtLeast(50)),
            ("hcxik_", Alphanumeric, AtLeast(50)),
            ("hcamk_", Alphanumeric, AtLeast(50)),
        ],
    ),
    family(
        "axiom_token",
        "axiom.co/docs: `xaat-`, `xapt-`",
        Mixed,
        &[("xaat-", Hex, AtLeast(8)), ("xapt-", Hex, AtLeast(8))],
    ),
    family(
        "posthog_key",
        "posthog.com/docs: `phx_`, `phs_`, `phc_`",
        Mixed,
        &[
            ("phx_", Alphanumeric, AtLeast(40)),
            ("phc_", Alphanumeric, AtLeast(40)),
            ("phs_", Alphanumeric, AtLeast(40)),
        ],
    ),
    family(
        "logfire_token",
        "logfire.pydantic.dev: `pylf_v1_`",
        Mixed,
        &[
            ("pylf_v1_", Url, AtLeast(30)),
            ("pylf_v2_", Url, AtLeast(30)),
        ],
    ),
    family(
        "adafruit_key",
        "io.adafruit.com/api/docs: `aio_`",
        Mixed,
        &[("aio_", Alphanumeric, AtLeast(26))],
    ),
    family(
        "pagerduty_key",
        "developer.pagerduty.com: `pdus+`, `u+`",
        Mixed,
        &[
            ("pdus+", Url, AtLeast(20)),
            ("pdeu+", Url, AtLeast(20)),
            ("u+", Url, Exactly(18)),
        ],
    ),
    family(
        "checkly_key",
        "checklyhq.com/docs: `cu_`",
        Mixed,
        &[("cu_", Hex, Exactly(32))],
    ),
    family(
        "statsig_key",
        "docs.statsig.com: `secret-`",
        Entropy(34),
        &[("secret-", Alphanumeric, Between(40, 50))],
    ),
    family(
        "hookdeck_key",
        "hookdeck.com/docs: `hkdk_`",
        Mixed,
        &[("hkdk_", Alphanumeric, AtLeast(30))],
    ),
];
