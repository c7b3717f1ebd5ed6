//! Makers and hosts of models.

use super::Body::{Alphanumeric, Hex, Url};
use super::Check::{Entropy, Mixed};
use super::Len::{AtLeast, Exactly};
use super::{Family, family};

pub(super) const FAMILIES: &[Family] = &[
    family(
        "anthropic_key",
        "docs.anthropic.com: API overview; key prefixes of the secret-scanning partner programme",
        Mixed,
        &[("sk-ant-", Url, AtLeast(20))],
    ),
    family(
        "openai_key",
        "platform.openai.com/docs: API keys; `sk-`, and `T3BlbkFJ` in the middle of the older ones",
        Mixed,
        &[
            ("sk-proj-", Url, AtLeast(20)),
            ("sk-svcacct-", Url, AtLeast(20)),
            ("sk-admin-", Url, AtLeast(20)),
            ("sk-None-", Url, AtLeast(20)),
            // DeepSeek, Stability and many others make keys of the same shape.
            ("sk-", Alphanumeric, AtLeast(20)),
            ("sess-", Alphanumeric, Exactly(40)),
        ],
    ),
    family(
        "openrouter_key",
        "openrouter.ai/docs: API keys",
        Mixed,
        &[
            ("sk-or-v1-", Hex, AtLeast(32)),
            ("sk-or-", Url, AtLeast(32)),
        ],
    ),
    family(
        "langfuse_key",
        "langfuse.com/docs: API keys",
        Mixed,
        &[("sk-lf-", Url, AtLeast(32))],
    ),
    family(
        "langsmith_key",
        "docs.smith.langchain.com: API keys",
        Mixed,
        &[
            ("lsv2_pt_", Url, AtLeast(32)),
            ("lsv2_sk_", Url, AtLeast(32)),
            ("ls__", Hex, Exactly(32)),
        ],
    ),
    family(
        "huggingface_token",
        "huggingface.co/docs/hub/security-tokens",
        Mixed,
        &[
            ("hf_", Alphanumeric, AtLeast(30)),
            ("api_org_", Alphanumeric, AtLeast(30)),
        ],
    ),
    family(
        "groq_key",
        "console.groq.com/docs: API keys",
        Mixed,
        &[("gsk_", Alphanumeric, AtLeast(40))],
    ),
    family(
        "perplexity_key",
        "docs.perplexity.ai: API keys",
        Mixed,
        &[("pplx-", Alphanumeric, AtLeast(40))],
    ),
    family(
        "xai_key",
        "docs.x.ai: API keys",
        Mixed,
        &[("xai-", Alphanumeric, AtLeast(40))],
    ),
    family(
        "replicate_token",
        "replicate.com/docs: API tokens",
        Mixed,
        &[("r8_", Alphanumeric, AtLeast(37))],
    ),
    family(
        "nvidia_key",
        "docs.api.nvidia.com: `nvapi-`",
        Mixed,
        &[("nvapi-", Url, AtLeast(40))],
    ),
    family(
        "cerebras_key",
        "inference-docs.cerebras.ai: `csk-`",
        Mixed,
        &[("csk-", Alphanumeric, AtLeast(40))],
    ),
    family(
        "jina_key",
        "jina.ai: `jina_`",
        Mixed,
        &[("jina_", Url, AtLeast(40))],
    ),
    family(
        "tavily_key",
        "docs.tavily.com: `tvly-`",
        Mixed,
        &[("tvly-", Url, AtLeast(24))],
    ),
    family(
        "pinecone_key",
        "docs.pinecone.io: `pcsk_`",
        Mixed,
        &[("pcsk_", Url, AtLeast(40))],
    ),
    family(
        "voyage_key",
        "docs.voyageai.com: `pa-`",
        Entropy(38),
        &[("pa-", Url, Exactly(43))],
    ),
    family(
        "firecrawl_key",
        "docs.firecrawl.dev: `fc-`",
        Mixed,
        &[("fc-", Hex, Exactly(32))],
    ),
    family(
        "fireworks_key",
        "docs.fireworks.ai: `fw_`",
        Entropy(30),
        &[("fw_", Alphanumeric, AtLeast(22))],
    ),
    family(
        "e2b_key",
        "e2b.dev/docs: `e2b_`",
        Mixed,
        &[("e2b_", Hex, Exactly(40))],
    ),
    family(
        "runpod_key",
        "docs.runpod.io: `rpa_`",
        Mixed,
        &[("rpa_", Alphanumeric, AtLeast(40))],
    ),
    family(
        "together_key",
        "docs.together.ai: `tgp_v1_`",
        Mixed,
        &[("tgp_v1_", Url, AtLeast(40))],
    ),
    family(
        "elevenlabs_key",
        "elevenlabs.io/docs: `sk_` and 48 hexadecimal digits",
        Mixed,
        &[("sk_", Hex, Exactly(48))],
    ),
    family(
        "wandb_key",
        "docs.wandb.ai: `wandb_v1_`",
        Mixed,
        &[("wandb_v1_", Url, AtLeast(40))],
    ),
    family(
        "modal_token",
        "modal.com/docs: token id `ak-`, token secret `as-`",
        Entropy(32),
        &[
            ("as-", Alphanumeric, Exactly(22)),
            ("ak-", Alphanumeric, Exactly(22)),
        ],
    ),
    family(
        "nightfall_key",
        "docs.nightfall.ai: `NF-`",
        Mixed,
        &[("NF-", Alphanumeric, Exactly(32))],
    ),
    family(
        "cursor_key",
        "docs.cursor.com: `key_` and 64 hexadecimal digits",
        Mixed,
        &[("key_", Hex, Exactly(64)), ("crsr_", Hex, Exactly(64))],
    ),
    family(
        "llamacloud_key",
        "developers.llamaindex.ai: API keys `llx-`",
        Mixed,
        &[("llx-", Alphanumeric, AtLeast(40))],
    ),
];
