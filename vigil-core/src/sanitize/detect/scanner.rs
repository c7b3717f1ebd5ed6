//! The walk over a text: which detector is asked where, and how what they find becomes spans one after another.

use super::gate::{self, Gate};
use super::{Replacement, Rule, Span};
use super::{
    auth, element, email, hints, iban, ip, jwt, line, mac, number, optional, pair, pem, percent,
    phone, phrase, token, url,
};
use crate::sanitize::profile::IpPolicy;
use crate::sanitize::rules::Rules;

/// Finds the spans of a text, one after another.
pub(crate) struct Scanner<'t> {
    text: &'t str,
    rules: &'t Rules,
    gate: Gate,
    /// The place that the gate has given out and that has not been looked at.
    place: Option<usize>,
    /// The end of the last span given out: no later one reaches back before it.
    floor: usize,
    pending: Option<Span>,
    authority: Authority,
    seen: Seen,
    ip: IpPolicy,
    custom: std::vec::IntoIter<(u8, usize, usize)>,
    next_custom: Option<Span>,
}

/// What is known of the last URL.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Authority {
    /// Up to here a `:` belongs to a host and its port.
    pub(super) end: usize,
    /// The `@` between user and host.
    pub(super) at_sign: Option<usize>,
}

impl Authority {
    pub(super) fn of(url: &url::Url) -> Self {
        Self {
            end: url.authority_end,
            at_sign: url.at_sign,
        }
    }
}

/// What detectors remember, so that none reads the same bytes again and again.
#[derive(Debug, Default)]
struct Seen {
    url: url::Seen,
    jwt: jwt::Seen,
    token: token::Seen,
    pem: pem::Seen,
}

impl<'t> Scanner<'t> {
    /// `None` if there is nothing to find.
    #[cfg(any(test, fuzzing))]
    pub(super) fn of(text: &'t str, rules: &'t Rules) -> Option<Self> {
        match super::Outlook::of(text, rules) {
            super::Outlook::Unsure(scanner) => Some(scanner),
            _ => None,
        }
    }

    /// Looks at every byte.
    #[cfg(any(test, fuzzing))]
    pub(super) fn without_gate(text: &'t str, rules: &'t Rules) -> Self {
        let mut gate = Gate::new(text.as_bytes(), gate::Wanted::Everything);
        let place = gate.next(text.as_bytes());
        Self::new(gate, place, Authority::default(), text, rules)
    }

    /// Whether the gate has left out nothing that the detectors would have found.
    #[cfg(fuzzing)]
    pub(crate) fn finds_the_same_without_gate(text: &'t str, rules: &'t Rules) -> bool {
        let all = |scanner: Option<Self>| {
            let mut scanner = scanner;
            std::iter::from_fn(|| scanner.as_mut()?.next()).collect::<Vec<_>>()
        };
        all(Self::of(text, rules)) == all(Some(Self::without_gate(text, rules)))
    }

    /// Goes on from a place that the gate has given out; `authority` is what has been seen before it.
    pub(super) fn new(
        gate: Gate,
        place: Option<usize>,
        authority: Authority,
        text: &'t str,
        rules: &'t Rules,
    ) -> Self {
        let custom = if rules.custom().is_empty() {
            Vec::new()
        } else {
            rules.custom().matches(text)
        };
        let mut scanner = Self {
            text,
            rules,
            gate,
            place,
            floor: 0,
            pending: None,
            authority,
            seen: Seen::default(),
            ip: rules.profile().ip(),
            custom: custom.into_iter(),
            next_custom: None,
        };
        scanner.take_custom();
        scanner
    }

    /// The next span. They come from left to right and do not overlap.
    pub(crate) fn next(&mut self) -> Option<Span> {
        loop {
            let Some(found) = self.next_found() else {
                return self.pending.take();
            };
            match self.pending.take() {
                None => self.pending = Some(found),
                Some(pending) if found.range.start < pending.range.end => {
                    self.pending = Some(pending.merge(found));
                }
                Some(pending) => {
                    self.floor = pending.range.end;
                    self.pending = Some(found);
                    return Some(pending);
                }
            }
        }
    }

    /// The next span of any detector, by where it was noticed; it may overlap the pending one.
    fn next_found(&mut self) -> Option<Span> {
        loop {
            if let Some(span) = &self.next_custom
                && self.place.is_none_or(|at| span.range.start <= at)
            {
                let span = self.next_custom.take();
                self.take_custom();
                return span.map(|span| self.clamped(span));
            }
            let at = self.place?;
            self.place = self.gate.next(self.text.as_bytes());
            if let Some(span) = self.look(at) {
                return Some(self.clamped(span));
            }
        }
    }

    fn take_custom(&mut self) {
        self.next_custom = self.custom.next().map(|(index, start, end)| {
            Span::new(start..end, Rule::Custom(index), Replacement::Custom(index))
        });
    }

    /// Before the floor everything has been given out.
    fn clamped(&self, mut span: Span) -> Span {
        span.range.start = span.range.start.max(self.floor).min(span.range.end);
        span
    }

    /// Asks the detectors for what can begin with the byte at `at`.
    fn look(&mut self, at: usize) -> Option<Span> {
        let bytes = self.text.as_bytes();
        match *bytes.get(at)? {
            b'@' if self.authority.at_sign == Some(at) => None,
            b'@' => url::oracle(bytes, at, self.floor)
                .or_else(|| url::go(bytes, at, self.floor))
                .or_else(|| email::find(self.text, at, 1, self.floor)),
            b'>' => element::find(self.text, at, self.hidden(), self.rules),
            b'%' => percent::find(self.text, at, self.hidden(), self.rules),
            b':' => self.colon(at),
            b'=' => self.pair(at),
            // Only where a line begins can one of these words begin it.
            b'\n' => line::find(self.text, at + 1, self.rules),
            b'~' => hints::tilde(bytes, at, self.floor),
            b'\'' | b'"' => phrase::quoted(self.text, at, self.hidden(), self.rules),
            b'0'..=b'9' if gate::begins(bytes, at) => self.number(at),
            _ if gate::begins(bytes, at) => self.word(at),
            _ => None,
        }
    }

    /// Where the next thing can begin: what will be hidden is no part of it.
    fn hidden(&self) -> usize {
        let pending = self.pending.as_ref().map_or(0, |span| span.range.end);
        self.floor.max(pending)
    }

    fn number(&mut self, at: usize) -> Option<Span> {
        let bytes = self.text.as_bytes();
        let floor = self.hidden();
        number::find(bytes, at, floor)
            .or_else(|| mac::find(bytes, at, floor))
            .or_else(|| match self.ip {
                IpPolicy::Keep => None,
                policy => ip::v4(self.text, at, policy),
            })
            .or_else(|| phone::find(bytes, at, floor))
            .or_else(|| hints::find(bytes, at))
            .or_else(|| optional::find(bytes, at, self.rules.detectors()))
    }

    /// A word that begins like something known.
    fn word(&mut self, at: usize) -> Option<Span> {
        let bytes = self.text.as_bytes();
        // What looks like a token within a token has been followed to the same end.
        let in_token = self.pending.as_ref().is_some_and(|pending| {
            matches!(pending.rule, Rule::Token(_)) && at < pending.range.end
        });
        if in_token {
            return iban::find(bytes, at);
        }
        let floor = self.hidden();
        let seen = &mut self.seen;
        pem::find(bytes, at, self.floor, &mut seen.pem)
            .or_else(|| jwt::find(bytes, at, &mut seen.jwt))
            .or_else(|| auth::find(bytes, at))
            .or_else(|| token::find(bytes, at, self.floor, &mut seen.token))
            .or_else(|| iban::find(bytes, at))
            .or_else(|| mac::find(bytes, at, floor))
            .or_else(|| phrase::flag(self.text, at, self.rules))
            .or_else(|| phrase::short_flag(self.text, at))
            .or_else(|| (at == 0).then(|| line::find(self.text, 0, self.rules))?)
            .or_else(|| phrase::told(self.text, at, floor, self.rules))
            .or_else(|| hints::find(bytes, at))
            .or_else(|| optional::find(bytes, at, self.rules.detectors()))
    }

    fn colon(&mut self, at: usize) -> Option<Span> {
        let floor = self.hidden();
        if let Some(url) = optional::url(self.text.as_bytes(), at, floor, self.rules.detectors()) {
            return Some(url);
        }
        if let Some(url) = url::find(self.text.as_bytes(), at, &mut self.seen.url) {
            self.authority = Authority::of(&url);
            if url.secret.is_some() {
                return url.secret;
            }
        }
        let bytes = self.text.as_bytes();
        // No host looks like one.
        if let Some(span) = mac::find(bytes, at, self.hidden()) {
            return Some(span);
        }
        if at < self.authority.end {
            return None;
        }
        if self.ip != IpPolicy::Keep
            && let Some(span) = ip::v6(self.text, at, self.floor, self.ip)
        {
            return Some(span);
        }
        hints::colon(bytes, at, self.hidden())
            .or_else(|| phrase::user(bytes, at, self.hidden()))
            .or_else(|| pem::putty(bytes, at, &mut self.seen.pem))
            .or_else(|| self.pair(at))
    }

    fn pair(&mut self, at: usize) -> Option<Span> {
        // Inside what is hidden already there is nothing to add, and looking would cost a square of its length.
        let hidden = self.hidden();
        if at < hidden {
            return None;
        }
        pair::find(self.text, at, hidden, self.rules)
    }
}
