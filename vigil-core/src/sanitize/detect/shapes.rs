//! Which tokens there are: keys that their issuers give a prefix, so that they can be found. Shapes are the issuers' own,
//! as their documentation or their secret-scanning entries give them.

/// What a token's body is made of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Body {
    /// Letters and digits.
    Alphanumeric,
    /// With `_` and `-`.
    Url,
    /// With `_`, `-` and `.`.
    Dotted,
    /// With `+`, `/` and `=`.
    Base64,
    Hex,
    /// `A-Z2-7`
    Base32,
}

impl Body {
    pub(super) const COUNT: usize = Self::Base32 as usize + 1;

    pub(super) fn has(self, byte: u8) -> bool {
        match self {
            Self::Alphanumeric => byte.is_ascii_alphanumeric(),
            Self::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
            Self::Base64 => byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte),
            Self::Hex => byte.is_ascii_hexdigit(),
            Self::Base32 => byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte),
        }
    }
}

/// One kind of token.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) prefix: &'static str,
    pub(super) body: Body,
    /// The body's length: at least, or exactly.
    pub(super) len: Len,
}

impl Shape {
    /// The bytes that a token of this shape has at least, a full stop at its end included.
    pub(super) const fn shortest(&self) -> usize {
        match self.len {
            AtLeast(body) | Exactly(body) => self.prefix.len() + body,
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Len {
    /// With a digit in it: prefixes that a word may have as well.
    AtLeast(usize),
    Exactly(usize),
}

use Body::{Alphanumeric, Base32, Base64, Dotted, Hex, Url};
use Len::{AtLeast, Exactly};

const fn shape(prefix: &'static str, body: Body, len: Len) -> Shape {
    Shape { prefix, body, len }
}

/// A longer prefix stands before a shorter one that it begins with.
pub(super) const SHAPES: &[Shape] = &[
    // Age
    shape("AGE-SECRET-KEY-1", Alphanumeric, AtLeast(40)),
    // Airtable
    shape("pat", Dotted, Exactly(79)),
    // Alibaba Cloud
    shape("LTAI", Alphanumeric, AtLeast(16)),
    // Anthropic, OpenAI and others with `sk-`
    shape("sk-ant-", Url, AtLeast(20)),
    shape("sk-proj-", Url, AtLeast(20)),
    shape("sk-svcacct-", Url, AtLeast(20)),
    shape("sk-admin-", Url, AtLeast(20)),
    shape("sk-or-v1-", Hex, AtLeast(32)),
    shape("sk-lf-", Url, AtLeast(32)),
    shape("sk-", Alphanumeric, AtLeast(20)),
    shape("sess-", Alphanumeric, AtLeast(40)),
    // Artifactory
    shape("AKCp", Alphanumeric, AtLeast(60)),
    shape("cmVmdGtuO", Base64, AtLeast(40)),
    // Atlassian
    shape("ATATT3", Base64, AtLeast(40)),
    shape("ATCTT3", Base64, AtLeast(40)),
    // AWS
    shape("AKIA", Base32, Exactly(16)),
    shape("ASIA", Base32, Exactly(16)),
    shape("ABIA", Base32, Exactly(16)),
    shape("ACCA", Base32, Exactly(16)),
    shape("ABSK", Base64, AtLeast(100)),
    // crates.io
    shape("cio", Alphanumeric, Exactly(32)),
    // Databricks
    shape("dapi", Hex, AtLeast(32)),
    // DigitalOcean
    shape("dop_v1_", Hex, Exactly(64)),
    shape("doo_v1_", Hex, Exactly(64)),
    shape("dor_v1_", Hex, Exactly(64)),
    // Docker
    shape("dckr_pat_", Url, AtLeast(20)),
    shape("dckr_oat_", Url, AtLeast(20)),
    // Doppler
    shape("dp.pt.", Alphanumeric, AtLeast(40)),
    shape("dp.st.", Dotted, AtLeast(40)),
    // Dynatrace
    shape("dt0c01.", Dotted, AtLeast(60)),
    // Facebook
    shape("EAAA", Alphanumeric, AtLeast(40)),
    shape("EAAC", Alphanumeric, AtLeast(40)),
    // Figma
    shape("figd_", Url, AtLeast(30)),
    // Fly.io
    shape("fo1_", Url, AtLeast(30)),
    // GitHub
    shape("github_pat_", Url, AtLeast(22)),
    shape("ghp_", Alphanumeric, AtLeast(30)),
    shape("gho_", Alphanumeric, AtLeast(30)),
    shape("ghu_", Alphanumeric, AtLeast(30)),
    shape("ghs_", Alphanumeric, AtLeast(30)),
    shape("ghr_", Alphanumeric, AtLeast(30)),
    // GitLab
    shape("glpat-", Dotted, AtLeast(20)),
    shape("gldt-", Url, AtLeast(20)),
    shape("glptt-", Url, AtLeast(20)),
    shape("glrt-", Dotted, AtLeast(20)),
    shape("glcbt-", Url, AtLeast(20)),
    shape("glsoat-", Url, AtLeast(20)),
    shape("glimt-", Url, AtLeast(20)),
    shape("glagent-", Url, AtLeast(20)),
    shape("glft-", Url, AtLeast(20)),
    shape("glffct-", Url, AtLeast(20)),
    shape("gloas-", Url, AtLeast(20)),
    // Google
    shape("AIza", Url, Exactly(35)),
    shape("GOCSPX-", Url, Exactly(28)),
    shape("ya29.", Dotted, AtLeast(20)),
    // Grafana
    shape("glc_", Base64, AtLeast(32)),
    shape("glsa_", Url, AtLeast(32)),
    // Groq
    shape("gsk_", Alphanumeric, AtLeast(40)),
    // HashiCorp
    shape("hvs.", Url, AtLeast(20)),
    shape("hvb.", Url, AtLeast(20)),
    shape("hvr.", Url, AtLeast(20)),
    // Heroku
    shape("HRKU-", Url, AtLeast(30)),
    // Hugging Face
    shape("hf_", Alphanumeric, AtLeast(30)),
    shape("api_org_", Alphanumeric, AtLeast(30)),
    // Linear
    shape("lin_api_", Alphanumeric, AtLeast(32)),
    shape("lin_oauth_", Alphanumeric, AtLeast(32)),
    // New Relic
    shape("NRAK-", Alphanumeric, AtLeast(27)),
    shape("NRII-", Url, AtLeast(27)),
    // Notion
    shape("ntn_", Alphanumeric, AtLeast(40)),
    shape("secret_", Alphanumeric, Exactly(43)),
    // npm
    shape("npm_", Alphanumeric, AtLeast(36)),
    // NuGet
    shape("oy2", Alphanumeric, Exactly(43)),
    // Perplexity
    shape("pplx-", Alphanumeric, AtLeast(40)),
    // PlanetScale
    shape("pscale_tkn_", Dotted, AtLeast(32)),
    shape("pscale_pw_", Dotted, AtLeast(32)),
    shape("pscale_oauth_", Dotted, AtLeast(32)),
    // Postman
    shape("PMAK-", Url, AtLeast(50)),
    // Pulumi
    shape("pul-", Hex, Exactly(40)),
    // PyPI
    shape("pypi-", Url, AtLeast(50)),
    // Replicate
    shape("r8_", Alphanumeric, AtLeast(37)),
    // RubyGems
    shape("rubygems_", Hex, Exactly(48)),
    // SendGrid and Sendinblue
    shape("SG.", Dotted, AtLeast(60)),
    shape("xkeysib-", Url, AtLeast(64)),
    // Sentry
    shape("sntrys_", Base64, AtLeast(40)),
    shape("sntryu_", Hex, AtLeast(40)),
    // Shopify
    shape("shpat_", Hex, Exactly(32)),
    shape("shpca_", Hex, Exactly(32)),
    shape("shppa_", Hex, Exactly(32)),
    shape("shpss_", Hex, Exactly(32)),
    // Slack
    shape("xoxb-", Url, AtLeast(10)),
    shape("xoxp-", Url, AtLeast(10)),
    shape("xoxa-", Url, AtLeast(10)),
    shape("xoxr-", Url, AtLeast(10)),
    shape("xoxs-", Url, AtLeast(10)),
    shape("xoxo-", Url, AtLeast(10)),
    shape("xoxe-", Url, AtLeast(10)),
    shape("xoxe.", Dotted, AtLeast(10)),
    shape("xoxc-", Url, AtLeast(10)),
    shape("xoxd-", Base64, AtLeast(10)),
    shape("xapp-", Url, AtLeast(10)),
    // Square
    shape("sq0atp-", Url, AtLeast(22)),
    shape("sq0csp-", Url, AtLeast(22)),
    // Stripe
    shape("sk_live_", Alphanumeric, AtLeast(10)),
    shape("sk_test_", Alphanumeric, AtLeast(10)),
    shape("rk_live_", Alphanumeric, AtLeast(10)),
    shape("rk_test_", Alphanumeric, AtLeast(10)),
    shape("whsec_", Base64, AtLeast(16)),
    // Supabase
    shape("sbp_", Hex, Exactly(40)),
    // Tailscale
    shape("tskey-", Url, AtLeast(20)),
    // Twilio
    shape("SK", Hex, Exactly(32)),
    // xAI
    shape("xai-", Alphanumeric, AtLeast(40)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_prefixes_stand_before_shorter_ones() {
        for (place, shape) in SHAPES.iter().enumerate() {
            for later in &SHAPES[place + 1..] {
                assert!(
                    !later.prefix.starts_with(shape.prefix),
                    "{} hides {}",
                    shape.prefix,
                    later.prefix
                );
            }
        }
    }
}
