//! Ambient context: who acts, in which request, for which tenant. Set once, at the edge of a request, and part of every
//! event below it.

use std::borrow::Cow;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task;

use pin_project_lite::pin_project;

use super::ambient::{self, Nested};
use super::tap::Tap;
use crate::event::{Actor, EventId};
use crate::filter;
use crate::sanitize::{self, Counts, Key, Sanitize, Treatment, Writer};

/// The circumstances of the calls made while it is in force: actor, request, trace, tenant, custom fields.
///
/// It is in force per thread and per task: [`Context::run`] and [`Context::enter`] on this thread, [`Context::run_async`]
/// wherever the future is polled. Contexts nest: build the inner one from [`Context::current`]. Threads and tasks that
/// are spawned start without one; carry it over with [`Context::carry`] and [`Context::run_async`].
///
/// Values are sanitized when they are set, so the context holds no raw secret.
///
/// # Examples
///
/// ```
/// use vigil::{Actor, Context};
///
/// fn handle_request() {
///     // Spawned work keeps actor and request, and its events name the event they were spawned in.
///     let thread = std::thread::spawn(Context::current().carry(|| { /* … */ }));
///     thread.join().unwrap();
/// }
///
/// Context::current()
///     .actor(Actor::user("u-17").role("admin"))
///     .request_id("7f3c")
///     .tenant("acme")
///     .custom("client", &"ios/4.2")
///     .run(handle_request);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a context does nothing until it is entered or run"]
pub struct Context {
    data: Option<Arc<Data>>,
    parent: Option<EventId>,
}

/// What a context adds to an event, as the JSON that goes into it.
#[derive(Debug, Clone, Default)]
pub(super) struct Data {
    /// The value of `actor`; empty if none is known.
    pub(super) actor: Vec<u8>,
    named: [Vec<u8>; NAMES.len()],
    customs: Vec<(Cow<'static, str>, Vec<u8>)>,
    /// Members of `context` and of `custom`, joined from the above.
    pub(super) context: Vec<u8>,
    pub(super) custom: Vec<u8>,
    pub(super) counts: Counts,
    /// From the request or trace, so that sampling keeps or drops a request whole.
    pub(super) sampling_key: Option<u64>,
    /// As it was given: the scope of pseudonyms, which is never written itself.
    tenant: Option<Arc<str>>,
    /// Where the events go, in place of the trail.
    pub(super) tap: Option<Arc<Tap>>,
}

const REQUEST_ID: usize = 0;
const TRACE_ID: usize = 1;
const SPAN_ID: usize = 2;
const TENANT: usize = 3;
const NAMES: [&str; 4] = ["request_id", "trace_id", "span_id", "tenant"];

impl Context {
    /// The context in force here, with the event that is being recorded here as parent of what comes.
    pub fn current() -> Self {
        Self {
            data: ambient::context(),
            parent: ambient::parent(),
        }
    }

    /// An empty context: actor, request and fields that are in force outside do not reach in.
    pub fn new() -> Self {
        let empty = Self {
            data: None,
            parent: None,
        };
        // A test that captures events is no part of what the program says of itself.
        match ambient::context().and_then(|data| data.tap.clone()) {
            Some(tap) => empty.tapped(tap),
            None => empty,
        }
    }

    /// Leads the events away from the trail.
    pub(crate) fn tapped(self, tap: Arc<Tap>) -> Self {
        self.set(|data| data.tap = Some(tap))
    }

    fn tap(data: Option<&Arc<Data>>) -> Option<&Arc<Tap>> {
        data.and_then(|data| data.tap.as_ref())
    }

    /// Who acts.
    pub fn actor<'v>(self, actor: impl Into<Actor<'v>>) -> Self {
        let actor = actor.into();
        self.set(|data| {
            data.actor.clear();
            write(&mut data.actor, &mut data.counts, &actor);
        })
    }

    /// The request that is being served, for example the value of `x-request-id`.
    pub fn request_id(self, id: impl AsRef<str>) -> Self {
        self.name(REQUEST_ID, id.as_ref())
    }

    /// The distributed trace: 32 hexadecimal digits in W3C Trace Context.
    pub fn trace_id(self, id: impl AsRef<str>) -> Self {
        self.name(TRACE_ID, id.as_ref())
    }

    /// The span within the trace: 16 hexadecimal digits in W3C Trace Context.
    pub fn span_id(self, id: impl AsRef<str>) -> Self {
        self.name(SPAN_ID, id.as_ref())
    }

    /// The customer on whose behalf the program works.
    pub fn tenant(self, tenant: impl AsRef<str>) -> Self {
        let tenant = tenant.as_ref();
        sanitize::learn_tenant_from(|| ambient::context().and_then(|data| data.tenant.clone()));
        self.set(|data| data.tenant = Some(tenant.into()))
            .name(TENANT, tenant)
    }

    /// A field of your own, in the event's `custom`. A second value under the same key replaces the first.
    pub fn custom(self, key: impl Into<Cow<'static, str>>, value: &dyn Sanitize) -> Self {
        let key = key.into();
        self.set(|data| {
            let mut member = Vec::new();
            sanitize::with_rules(|rules| {
                Writer::new(&mut member, rules, &mut data.counts).entry(&key, value);
            });
            data.customs.retain(|(known, _)| *known != key);
            data.customs.push((key, member));
            data.custom = data
                .customs
                .iter()
                .map(|(_, member)| member.as_slice())
                .collect::<Vec<_>>()
                .join(&b',');
        })
    }

    fn name(self, which: usize, value: &str) -> Self {
        self.set(|data| {
            if matches!(which, REQUEST_ID | TRACE_ID)
                && (which == REQUEST_ID || data.named[REQUEST_ID].is_empty())
            {
                data.sampling_key = Some(filter::sampling_key(value));
            }
            let member = &mut data.named[which];
            member.clear();
            sanitize::with_rules(|rules| {
                // The names are ours and harmless; only the values are looked at.
                let key = Key::new(NAMES[which]);
                Writer::new(member, rules, &mut data.counts).member(
                    &key,
                    Treatment::Default,
                    &value,
                );
            });
            data.context = data
                .named
                .iter()
                .filter(|member| !member.is_empty())
                .map(Vec::as_slice)
                .collect::<Vec<_>>()
                .join(&b',');
        })
    }

    fn set(mut self, change: impl FnOnce(&mut Data)) -> Self {
        change(Arc::make_mut(self.data.get_or_insert_default()));
        self
    }

    /// Puts the context in force on this thread until the guard is dropped.
    ///
    /// Not for code that awaits: a future may go on on another thread, and other tasks on this one. Use
    /// [`Context::run_async`] there; the guard is not `Send`, so the compiler helps.
    #[must_use = "the context ends where the guard is dropped"]
    pub fn enter(&self) -> Entered {
        let context = ambient::replace_context(self.data.clone());
        if let (Some(tap), None) = (Self::tap(context.as_ref()), Self::tap(self.data.as_ref())) {
            // A context that was made elsewhere does not lead out of a test.
            ambient::replace_context(self.clone().tapped(Arc::clone(tap)).data);
        }
        Entered {
            context,
            // The event that calls it now, if any, is nearer than the one it was taken from.
            _parent: Nested::in_event(ambient::parent().or(self.parent)),
            _not_send: PhantomData,
        }
    }

    /// Runs a function within the context.
    pub fn run<R>(&self, f: impl FnOnce() -> R) -> R {
        let _entered = self.enter();
        f()
    }

    /// Runs a future within the context, on whichever threads it is polled.
    ///
    /// # Examples
    ///
    /// ```
    /// # use vigil::Context;
    /// # let rt = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # rt.block_on(async {
    /// let task = tokio::spawn(Context::current().tenant("acme").run_async(async {
    ///     // events recorded here belong to acme
    /// }));
    /// # task.await.unwrap();
    /// # });
    /// ```
    pub fn run_async<F: Future>(self, future: F) -> WithContext<F> {
        WithContext {
            future,
            context: self,
        }
    }

    /// A function that runs `f` within the context, on whichever thread it is called: for `std::thread::spawn`,
    /// thread pools and callbacks.
    pub fn carry<R>(self, f: impl FnOnce() -> R) -> impl FnOnce() -> R {
        move || self.run(f)
    }
}

impl Default for Context {
    /// As [`Context::new`].
    fn default() -> Self {
        Self::new()
    }
}

fn write(out: &mut Vec<u8>, counts: &mut Counts, value: &dyn Sanitize) {
    sanitize::with_rules(|rules| value.sanitize(&mut Writer::new(out, rules, counts)));
}

/// Keeps a [`Context`] in force on this thread; see [`Context::enter`].
#[derive(Debug)]
pub struct Entered {
    context: Option<Arc<Data>>,
    _parent: Nested,
    _not_send: PhantomData<*const ()>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        ambient::replace_context(self.context.take());
    }
}

pin_project! {
    /// A future that runs within a [`Context`]; see [`Context::run_async`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct WithContext<F> {
        #[pin]
        future: F,
        context: Context,
    }
}

impl<F: Future> Future for WithContext<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> task::Poll<Self::Output> {
        let this = self.project();
        let _entered = this.context.enter();
        this.future.poll(cx)
    }
}
