//! Testing what a program audits: `cargo test --example testing`, and `cargo run --example testing` to see an event.

use vigil::{Sanitize, audited, testing};

#[derive(Sanitize)]
struct Registration {
    email: String,
    password: String,
    #[audit(redact)]
    about_me: String,
}

#[derive(Debug)]
struct Taken(String);

impl std::fmt::Display for Taken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is taken", self.0)
    }
}

#[audited(category = "AUTH", type = "CREATE")]
fn register(form: &Registration) -> Result<u64, Taken> {
    if form.email.starts_with("jane") {
        return Err(Taken(form.email.clone()));
    }
    Ok(42)
}

fn form(email: &str) -> Registration {
    Registration {
        email: email.to_owned(),
        password: "correct horse".to_owned(),
        about_me: "I live at 5 Elm Street".to_owned(),
    }
}

fn main() {
    let captured = testing::capture(|| register(&form("john@example.com")));
    println!("{}", captured.lines()[0]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigil::Context;

    #[audited(category = "API", type = "READ")]
    async fn fetch(page: u32) -> u32 {
        tokio::task::yield_now().await;
        page
    }

    #[test]
    fn a_registration_is_recorded() {
        let captured = testing::capture(|| register(&form("john@example.com")));
        captured.only("register").succeeded();
        let event = captured.only("register").event();
        assert_eq!(event.action.category, "AUTH");
        assert_eq!(captured.into_value().unwrap(), 42);
    }

    #[test]
    fn a_refused_registration_says_why_without_the_address() {
        let captured = testing::capture(|| register(&form("jane@example.com")));
        captured
            .only("register")
            .failed()
            .error("j***@***.*** is taken");
        let recorded = captured.only("register");
        assert_eq!(recorded.parameter("form")["password"], "***REDACTED***");
    }

    #[tokio::test]
    async fn spawned_work_is_captured_where_it_takes_the_context_along() {
        let captured = testing::capture_async(async {
            let task = tokio::spawn(Context::current().run_async(fetch(2)));
            fetch(1).await + task.await.unwrap()
        })
        .await;
        assert_eq!(*captured.value(), 3);
        captured.assert_recorded("fetch").times(2).succeeded();
        captured.assert_not_recorded("register");
    }

    #[test]
    fn nothing_of_a_registration_leaks() {
        // A canary in every field that must not be seen, also in those that end up in the error.
        let form = Registration {
            email: format!("jane-{}@example.com", testing::canary()),
            password: testing::canary(),
            about_me: testing::canary(),
        };
        let captured =
            testing::assert_no_leak([&form.email, &form.password, &form.about_me], || {
                register(&form)
            });
        captured.only("register").failed();
    }
}
