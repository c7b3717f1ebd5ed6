//! Payment, banking and shops.

use super::Body::{Alphanumeric, Base64, Digits, Hex, Upper, Url};
use super::Check::{Entropy, Mixed, Prefix};
use super::Len::{AtLeast, Exactly, Parts};
use super::{Family, UUID, family, part};

pub(super) const FAMILIES: &[Family] = &[
    family(
        "stripe_key",
        "docs.stripe.com/keys: secret and restricted keys, webhook secrets",
        Mixed,
        &[
            ("sk_live_", Alphanumeric, AtLeast(10)),
            ("sk_test_", Alphanumeric, AtLeast(10)),
            ("sk_prod_", Url, AtLeast(10)),
            ("rk_live_", Alphanumeric, AtLeast(10)),
            ("rk_test_", Alphanumeric, AtLeast(10)),
            ("rk_prod_", Alphanumeric, AtLeast(10)),
            ("ek_live_", Alphanumeric, AtLeast(20)),
            ("ek_test_", Alphanumeric, AtLeast(20)),
            ("whsec_", Base64, AtLeast(16)),
        ],
    ),
    family(
        "square_token",
        "developer.squareup.com: access tokens and OAuth secrets",
        Mixed,
        &[
            ("sq0atp-", Url, AtLeast(22)),
            ("sq0csp-", Url, AtLeast(22)),
            ("sq0idp-", Url, AtLeast(22)),
            ("EAAA", Url, AtLeast(56)),
        ],
    ),
    family(
        "shopify_token",
        "shopify.dev: access token prefixes",
        Mixed,
        &[
            ("shpat_", Hex, Exactly(32)),
            ("shpca_", Hex, Exactly(32)),
            ("shppa_", Hex, Exactly(32)),
            ("shpss_", Hex, Exactly(32)),
            ("shptka_", Hex, Exactly(32)),
            ("shpua_", Hex, Exactly(32)),
        ],
    ),
    family(
        "braintree_token",
        "developer.paypal.com/braintree: `access_token$production$`",
        Mixed,
        &[
            (
                "access_token$production$",
                Alphanumeric,
                Parts(&[part(Alphanumeric, 16, 16, "$"), part(Hex, 32, 32, "")]),
            ),
            (
                "access_token$sandbox$",
                Alphanumeric,
                Parts(&[part(Alphanumeric, 16, 16, "$"), part(Hex, 32, 32, "")]),
            ),
        ],
    ),
    family(
        "plaid_token",
        "plaid.com/docs: access tokens",
        Mixed,
        &[
            ("access-sandbox-", Hex, UUID),
            ("access-development-", Hex, UUID),
            ("access-production-", Hex, UUID),
            ("public-sandbox-", Hex, UUID),
            ("public-production-", Hex, UUID),
        ],
    ),
    family(
        "razorpay_key",
        "razorpay.com/docs: key ids",
        Mixed,
        &[
            ("rzp_live_", Alphanumeric, AtLeast(14)),
            ("rzp_test_", Alphanumeric, AtLeast(14)),
        ],
    ),
    family(
        "adyen_key",
        "docs.adyen.com: API keys `AQE`",
        Mixed,
        &[("AQE", Base64, AtLeast(80))],
    ),
    family(
        "flutterwave_key",
        "developer.flutterwave.com: secret and encryption keys",
        Mixed,
        &[
            ("FLWSECK-", Hex, AtLeast(30)),
            ("FLWSECK_TEST-", Hex, AtLeast(12)),
            ("FLWSECK_TEST", Hex, AtLeast(12)),
            ("FLWPUBK_TEST-", Hex, AtLeast(30)),
        ],
    ),
    family(
        "cashfree_key",
        "cashfree.com/docs: `cfsk_`",
        Mixed,
        &[
            ("cfsk_ma_prod_", Hex, AtLeast(30)),
            ("cfsk_ma_test_", Hex, AtLeast(30)),
        ],
    ),
    family(
        "midtrans_key",
        "docs.midtrans.com: server keys",
        Mixed,
        &[
            ("Mid-server-", Url, AtLeast(20)),
            ("SB-Mid-server-", Url, AtLeast(20)),
        ],
    ),
    family(
        "checkout_key",
        "checkout.com/docs: secret keys",
        Mixed,
        &[
            ("sk_sbox_", Alphanumeric, AtLeast(25)),
            ("sk_", Alphanumeric, Exactly(27)),
        ],
    ),
    family(
        "easypost_key",
        "docs.easypost.com: `EZAK`, `EZTK`",
        Mixed,
        &[
            ("EZAK", Alphanumeric, AtLeast(50)),
            ("EZTK", Alphanumeric, AtLeast(50)),
        ],
    ),
    family(
        "shippo_token",
        "docs.goshippo.com: `shippo_live_`, `shippo_test_`",
        Mixed,
        &[
            ("shippo_live_", Hex, Exactly(40)),
            ("shippo_test_", Hex, Exactly(40)),
        ],
    ),
    family(
        "duffel_token",
        "duffel.com/docs: access tokens",
        Mixed,
        &[
            ("duffel_live_", Url, AtLeast(40)),
            ("duffel_test_", Url, AtLeast(40)),
        ],
    ),
    family(
        "mercury_token",
        "RFC 8959: `secret-token:`; docs.mercury.com",
        Prefix,
        &[("secret-token:", Url, AtLeast(10))],
    ),
    family(
        "gocardless_token",
        "developer.gocardless.com: `live_`, `sandbox_`",
        Entropy(34),
        &[("sandbox_", Url, Exactly(40))],
    ),
    family(
        "amazon_lwa_secret",
        "developer.amazon.com: Login with Amazon, client ids and secrets",
        Mixed,
        &[
            ("amzn1.oa2-cs.v1.", Hex, AtLeast(60)),
            ("Atzr|", Base64, AtLeast(60)),
            ("Atza|", Base64, AtLeast(60)),
        ],
    ),
    family(
        "paddle_key",
        "developer.paddle.com: `pdl_live_apikey_`",
        Mixed,
        &[
            ("pdl_live_apikey_", Url, AtLeast(40)),
            ("pdl_sdbx_apikey_", Url, AtLeast(40)),
            ("pdl_ntfset_", Url, AtLeast(40)),
        ],
    ),
    family(
        "onfido_token",
        "documentation.onfido.com: `api_live.`",
        Mixed,
        &[
            ("api_live.", Url, AtLeast(25)),
            ("api_live_us.", Url, AtLeast(25)),
            ("api_live_ca.", Url, AtLeast(25)),
            ("api_sandbox.", Url, AtLeast(25)),
        ],
    ),
    family(
        "alchemy_key",
        "docs.alchemy.com: `alcht_`",
        Mixed,
        &[("alcht_", Alphanumeric, Exactly(30))],
    ),
    family(
        "lob_key",
        "docs.lob.com: `live_pub_`, `test_pub_`",
        Mixed,
        &[
            ("live_pub_", Hex, AtLeast(31)),
            ("test_pub_", Hex, AtLeast(31)),
        ],
    ),
    family(
        "paypal_token",
        "developer.paypal.com: access tokens `A21A`",
        Mixed,
        &[("A21AA", Url, AtLeast(80))],
    ),
    family(
        "polar_token",
        "docs.polar.sh: token prefixes",
        Mixed,
        &[
            ("polar_oat_", Alphanumeric, AtLeast(30)),
            ("polar_pat_", Alphanumeric, AtLeast(30)),
            ("polar_at_u_", Alphanumeric, AtLeast(30)),
            ("polar_rt_u_", Alphanumeric, AtLeast(30)),
        ],
    ),
    family(
        "clickup_token",
        "developer.clickup.com: `pk_`, a user's number",
        Mixed,
        &[(
            "pk_",
            Digits,
            Parts(&[part(Digits, 4, 10, "_"), part(Upper, 32, 32, "")]),
        )],
    ),
    family(
        "klaviyo_key",
        "developers.klaviyo.com: private keys `pk_`",
        Mixed,
        &[("pk_", Hex, Exactly(34))],
    ),
    family(
        "woocommerce_key",
        "woocommerce.com/document: REST API, consumer keys and secrets",
        Mixed,
        &[("ck_", Hex, Exactly(40)), ("cs_", Hex, Exactly(40))],
    ),
    family(
        "mollie_key",
        "docs.mollie.com: authentication, `access_`; its `live_` and `test_` are MessageBird's",
        Entropy(35),
        &[("access_", Alphanumeric, Exactly(30))],
    ),
    family(
        "xendit_key",
        "docs.xendit.co: API keys `xnd_`",
        Mixed,
        &[
            ("xnd_production_", Alphanumeric, AtLeast(40)),
            ("xnd_development_", Alphanumeric, AtLeast(40)),
        ],
    ),
];
