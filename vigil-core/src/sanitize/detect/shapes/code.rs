//! Forges, package registries, builds and analysis.

use super::Body::{Alphanumeric, Base64, Dotted, Hex, Url};
use super::Check::{Crc32, Mixed};
use super::Len::{AtLeast, Exactly, Parts};
use super::{Family, UUID, family, part};

pub(super) const FAMILIES: &[Family] = &[
    family(
        "github_token",
        "docs.github.com: about authentication, token formats (30 characters and a CRC-32)",
        Crc32,
        &[
            ("ghp_", Alphanumeric, AtLeast(30)),
            ("gho_", Alphanumeric, AtLeast(30)),
            ("ghu_", Alphanumeric, AtLeast(30)),
            ("ghs_", Alphanumeric, AtLeast(30)),
            ("ghr_", Alphanumeric, AtLeast(30)),
            ("github_pat_", Url, AtLeast(22)),
        ],
    ),
    family(
        "gitlab_token",
        "docs.gitlab.com/security/tokens: token prefixes",
        Mixed,
        &[
            ("glpat-", Dotted, AtLeast(20)),
            ("gldt-", Url, AtLeast(20)),
            ("glptt-", Url, AtLeast(20)),
            ("glrt-", Dotted, AtLeast(20)),
            ("glrtr-", Dotted, AtLeast(20)),
            ("glcbt-", Url, AtLeast(20)),
            ("glsoat-", Url, AtLeast(20)),
            ("glimt-", Url, AtLeast(20)),
            ("glagent-", Url, AtLeast(20)),
            ("glft-", Url, AtLeast(20)),
            ("glffct-", Url, AtLeast(20)),
            ("gloas-", Url, AtLeast(20)),
            ("glwt-", Url, AtLeast(20)),
            ("GR1348941", Url, AtLeast(20)),
        ],
    ),
    family(
        "atlassian_token",
        "support.atlassian.com: API tokens `ATATT3`, access tokens `ATCTT3`, app passwords `ATBB`",
        Mixed,
        &[
            ("ATATT3", Base64, AtLeast(40)),
            ("ATCTT3", Base64, AtLeast(40)),
            ("ATBB", Alphanumeric, AtLeast(28)),
            ("ATTA", Hex, AtLeast(60)),
        ],
    ),
    family(
        "npm_token",
        "docs.npmjs.com: about access tokens",
        Crc32,
        &[("npm_", Alphanumeric, AtLeast(36))],
    ),
    family(
        "pypi_token",
        "pypi.org/help: API tokens are macaroons behind `pypi-`",
        Mixed,
        &[("pypi-", Url, AtLeast(50))],
    ),
    family(
        "crates_io_token",
        "doc.rust-lang.org/cargo: registry index, crates.io tokens `cio`",
        Mixed,
        &[("cio", Alphanumeric, Exactly(32))],
    ),
    family(
        "rubygems_key",
        "guides.rubygems.org: API key",
        Mixed,
        &[("rubygems_", Hex, Exactly(48))],
    ),
    family(
        "nuget_key",
        "learn.microsoft.com/nuget: scoped API keys",
        Mixed,
        &[("oy2", Alphanumeric, Exactly(43))],
    ),
    family(
        "clojars_token",
        "github.com/clojars: deploy tokens",
        Mixed,
        &[("CLOJARS_", Alphanumeric, Exactly(60))],
    ),
    family(
        "packagist_key",
        "packagist.com/docs: `packagist_`",
        Mixed,
        &[("packagist_", Url, AtLeast(60))],
    ),
    family(
        "docker_token",
        "docs.docker.com: access tokens",
        Mixed,
        &[
            ("dckr_pat_", Url, AtLeast(20)),
            ("dckr_oat_", Url, AtLeast(20)),
        ],
    ),
    family(
        "artifactory_token",
        "jfrog.com/help: API keys `AKCp`, reference tokens `cmVmdGtu`",
        Mixed,
        &[
            ("AKCp", Alphanumeric, AtLeast(60)),
            ("cmVmdGtu", Base64, AtLeast(40)),
        ],
    ),
    family(
        "buildkite_token",
        "buildkite.com/docs: token prefixes",
        Mixed,
        &[
            ("bkua_", Hex, AtLeast(40)),
            ("bkct_", Url, AtLeast(40)),
            ("bkaj_", Url, AtLeast(40)),
            ("bkpt_", Url, AtLeast(40)),
            ("bkps_", Url, AtLeast(40)),
        ],
    ),
    family(
        "circleci_token",
        "circleci.com/docs: `CCIPAT_`, `CCIPRJ_`",
        Mixed,
        &[("CCIPAT_", Url, AtLeast(40)), ("CCIPRJ_", Url, AtLeast(40))],
    ),
    family(
        "sonar_token",
        "docs.sonarsource.com: token prefixes",
        Mixed,
        &[
            ("squ_", Hex, Exactly(40)),
            ("sqp_", Hex, Exactly(40)),
            ("sqa_", Hex, Exactly(40)),
        ],
    ),
    family(
        "sourcegraph_token",
        "sourcegraph.com/docs: access tokens",
        Mixed,
        &[
            (
                "sgp_",
                Alphanumeric,
                Parts(&[part(Alphanumeric, 16, 16, "_"), part(Hex, 40, 40, "")]),
            ),
            ("sgp_local_", Hex, Exactly(40)),
            ("sgp_", Hex, Exactly(40)),
            ("slk_", Hex, Exactly(64)),
            ("sgd_", Hex, Exactly(64)),
        ],
    ),
    family(
        "snyk_token",
        "docs.snyk.io: `snyk_`",
        Mixed,
        &[
            ("snyk_uat.", Dotted, AtLeast(40)),
            ("snyk_sat.", Dotted, AtLeast(40)),
        ],
    ),
    family(
        "postman_key",
        "learning.postman.com: `PMAK-`, `PMAT-`",
        Mixed,
        &[
            ("PMAK-", Url, AtLeast(50)),
            ("PMAT-", Alphanumeric, Exactly(26)),
        ],
    ),
    family(
        "linear_key",
        "linear.app/developers: `lin_api_`, `lin_oauth_`",
        Mixed,
        &[
            ("lin_api_", Alphanumeric, AtLeast(32)),
            ("lin_oauth_", Alphanumeric, AtLeast(32)),
            ("lin_wh_", Alphanumeric, AtLeast(32)),
        ],
    ),
    family(
        "jetbrains_token",
        "jetbrains.com/help: permanent tokens `perm-`",
        Mixed,
        &[(
            "perm-",
            Base64,
            Parts(&[
                part(Url, 8, 400, "."),
                part(Url, 8, 400, "."),
                part(Base64, 20, 400, ""),
            ]),
        )],
    ),
    family(
        "launchdarkly_key",
        "launchdarkly.com/docs: SDK, mobile and API keys",
        Mixed,
        &[
            ("sdk-", Hex, UUID),
            ("mob-", Hex, UUID),
            ("api-", Hex, UUID),
        ],
    ),
    family(
        "readme_key",
        "docs.readme.com: `rdme_`",
        Mixed,
        &[("rdme_", Alphanumeric, Exactly(70))],
    ),
    family(
        "stackhawk_key",
        "docs.stackhawk.com: `hawk.`",
        Mixed,
        &[(
            "hawk.",
            Url,
            Parts(&[part(Url, 20, 20, "."), part(Url, 20, 20, "")]),
        )],
    ),
    family(
        "depot_token",
        "depot.dev/docs: `depot_`",
        Mixed,
        &[
            ("depot_project_", Hex, AtLeast(40)),
            ("depot_org_", Hex, AtLeast(40)),
            ("depot_user_", Hex, AtLeast(40)),
        ],
    ),
    family(
        "wakatime_key",
        "wakatime.com/developers: `waka_`",
        Mixed,
        &[
            ("waka_", Hex, UUID),
            ("waka_tok_", Alphanumeric, AtLeast(60)),
            ("waka_sec_", Alphanumeric, AtLeast(60)),
        ],
    ),
];
