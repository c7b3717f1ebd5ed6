//! Who acts, and on what.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use crate::sanitize::{Displayed, Key, Sanitize, Treatment, Writer};

/// The identifier of an actor or a resource: text, a number, or anything with a `Display`, taken without allocating.
///
/// Value detectors run over it like over any other text: an identifier that is an e-mail address is masked. Use the
/// opaque identifiers of your system.
///
/// # Examples
///
/// ```
/// use vigil::Actor;
///
/// let from_text = Actor::user("u-17");
/// let from_number = Actor::user(17_u64);
/// let uuid = "8c5f…".to_string();
/// let from_anything_displayed = Actor::user(&uuid);
/// # let _ = (from_text, from_number, from_anything_displayed);
/// ```
pub struct Id<'a>(Repr<'a>);

enum Repr<'a> {
    Text(Cow<'a, str>),
    Number(i128),
    Display(&'a dyn fmt::Display),
}

impl fmt::Debug for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The identifier may be personal; only the sanitizer may print it.
        f.write_str("Id(..)")
    }
}

impl Sanitize for Id<'_> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        match &self.0 {
            Repr::Text(text) => out.str(text),
            // Identifiers are text in the trail whatever they were in the program, so that queries compare one kind.
            Repr::Number(number) => out.display(number),
            Repr::Display(value) => out.display(value),
        }
    }
}

impl Id<'_> {
    /// The identifier itself, which is not for the trail.
    pub(crate) fn to_text(&self) -> String {
        match &self.0 {
            Repr::Text(text) => text.clone().into_owned(),
            Repr::Number(number) => number.to_string(),
            // An impl that fails would make `to_string` panic.
            Repr::Display(value) => {
                let mut text = String::new();
                let _ = fmt::Write::write_fmt(&mut text, format_args!("{value}"));
                text
            }
        }
    }
}

impl<'a> From<&'a str> for Id<'a> {
    fn from(text: &'a str) -> Self {
        Self(Repr::Text(Cow::Borrowed(text)))
    }
}

impl From<String> for Id<'_> {
    fn from(text: String) -> Self {
        Self(Repr::Text(Cow::Owned(text)))
    }
}

impl<'a> From<Cow<'a, str>> for Id<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self(Repr::Text(text))
    }
}

impl<'a, D: fmt::Display> From<&'a D> for Id<'a> {
    fn from(value: &'a D) -> Self {
        Self(Repr::Display(value))
    }
}

macro_rules! id_from_numbers {
    ($($Number:ty)*) => {$(
        impl From<$Number> for Id<'_> {
            fn from(number: $Number) -> Self {
                Self(Repr::Number(number as i128))
            }
        }
    )*};
}
id_from_numbers!(u8 u16 u32 u64 usize i8 i16 i32 i64 i128 isize);

/// Who acts: the `actor` of an event.
///
/// # Examples
///
/// ```
/// use vigil::Actor;
///
/// let actor = Actor::user("u-17")
///     .username("jane.smith")
///     .email("jane.smith@example.com") // stands in the trail as j***@***.***
///     .role("admin");
/// # let _ = actor;
/// ```
#[derive(Debug)]
pub struct Actor<'a> {
    kind: &'static str,
    id: Option<Id<'a>>,
    username: Option<Cow<'a, str>>,
    email: Option<Cow<'a, str>>,
    ip: Option<IpAddr>,
    session_id: Option<Cow<'a, str>>,
    roles: Vec<Cow<'a, str>>,
}

impl<'a> Actor<'a> {
    fn of(kind: &'static str, id: Option<Id<'a>>) -> Self {
        Self {
            kind,
            id,
            username: None,
            email: None,
            ip: None,
            session_id: None,
            roles: Vec::new(),
        }
    }

    /// Nobody known: what an event has where neither the ambient context nor the call names an actor.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::of("anonymous", None)
    }

    /// A person.
    #[must_use]
    pub fn user(id: impl Into<Id<'a>>) -> Self {
        Self::of("user", Some(id.into()))
    }

    /// Another program.
    #[must_use]
    pub fn service(id: impl Into<Id<'a>>) -> Self {
        Self::of("service", Some(id.into()))
    }

    /// This program by itself: timers, migrations, start-up.
    #[must_use]
    pub fn system() -> Self {
        Self::of("system", None)
    }

    /// The name under which the actor is known.
    #[must_use]
    pub fn username(mut self, username: impl Into<Cow<'a, str>>) -> Self {
        self.username = Some(username.into());
        self
    }

    /// The actor's e-mail address; masked in the trail.
    #[must_use]
    pub fn email(mut self, email: impl Into<Cow<'a, str>>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// The address the actor came from. The sanitizing profile decides whether it is kept, truncated or redacted.
    #[must_use]
    pub fn ip(mut self, ip: IpAddr) -> Self {
        self.ip = Some(ip);
        self
    }

    /// The session. A session identifier lets whoever reads it be that user, so the trail holds its keyed pseudonym:
    /// equal sessions have equal pseudonyms, and none can be replayed.
    #[must_use]
    pub fn session_id(mut self, session_id: impl Into<Cow<'a, str>>) -> Self {
        self.session_id = Some(session_id.into());
        self
    }

    /// Adds a role that the actor has.
    #[must_use]
    pub fn role(mut self, role: impl Into<Cow<'a, str>>) -> Self {
        self.roles.push(role.into());
        self
    }
}

impl<'a, I: Into<Id<'a>>> From<I> for Actor<'a> {
    /// A plain identifier is a user's.
    fn from(id: I) -> Self {
        Self::user(id)
    }
}

impl Sanitize for Actor<'_> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        static KEYS: [Key; 7] = [
            Key::new("type"),
            Key::new("id"),
            Key::new("username"),
            Key::new("email"),
            Key::new("ip"),
            Key::new("session_id"),
            Key::new("roles"),
        ];
        let mut object = out.object();
        object.field(&KEYS[0], Treatment::Keep, &self.kind);
        if let Some(id) = &self.id {
            object.field(&KEYS[1], Treatment::Default, id);
        }
        if let Some(username) = &self.username {
            object.field(&KEYS[2], Treatment::Default, username);
        }
        if let Some(email) = &self.email {
            object.field(&KEYS[3], Treatment::Default, email);
        }
        if let Some(ip) = &self.ip {
            object.field(&KEYS[4], Treatment::Default, ip);
        }
        if let Some(session_id) = &self.session_id {
            object.field(&KEYS[5], Treatment::Hash, session_id);
        }
        if !self.roles.is_empty() {
            object.field(&KEYS[6], Treatment::Default, &self.roles);
        }
        object.end();
    }
}

/// What is acted upon: the `resource` of an event.
///
/// # Examples
///
/// ```
/// use vigil::Resource;
///
/// let one = Resource::new("account", 42);
/// let same: Resource<'_> = ("account", 42).into();
/// let all = Resource::kind("account");
/// # let _ = (one, same, all);
/// ```
#[derive(Debug)]
pub struct Resource<'a> {
    kind: Cow<'a, str>,
    id: Option<Id<'a>>,
}

impl<'a> Resource<'a> {
    /// One resource of a kind.
    #[must_use]
    pub fn new(kind: impl Into<Cow<'a, str>>, id: impl Into<Id<'a>>) -> Self {
        Self {
            kind: kind.into(),
            id: Some(id.into()),
        }
    }

    /// A kind of resource, no particular one.
    #[must_use]
    pub fn kind(kind: impl Into<Cow<'a, str>>) -> Self {
        Self {
            kind: kind.into(),
            id: None,
        }
    }
}

impl<'a, I: Into<Id<'a>>> From<(&'a str, I)> for Resource<'a> {
    fn from((kind, id): (&'a str, I)) -> Self {
        Self::new(kind, id)
    }
}

impl<'a> From<&'a str> for Resource<'a> {
    fn from(kind: &'a str) -> Self {
        Self::kind(kind)
    }
}

impl Sanitize for Resource<'_> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        static KEYS: [Key; 2] = [Key::new("type"), Key::new("id")];
        let mut object = out.object();
        object.field(&KEYS[0], Treatment::Default, &Displayed(&self.kind));
        if let Some(id) = &self.id {
            object.field(&KEYS[1], Treatment::Default, id);
        }
        object.end();
    }
}
