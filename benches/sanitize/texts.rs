//! What is sanitized: texts in which there is nothing to hide, and such in which there is.

pub(crate) const CLEAN: [(&str, &str); 9] = [
    (
        "SQL, lower case",
        "select id, name from users where plan = 'free' order by name",
    ),
    (
        "SQL, upper case",
        "SELECT id, name, email FROM users WHERE role = ?1 LIMIT 100;",
    ),
    (
        "SQL, two places",
        "SELECT id, name FROM accounts WHERE tenant = ? AND id = ?",
    ),
    (
        "prose",
        "The order was sent to the customer on Monday, all in one box",
    ),
    (
        "path",
        "/srv/shop/releases/current/config/locales/de/orders.yaml",
    ),
    (
        "URL",
        "https://shop.example.com/orders/42?page=2&sort=created_at",
    ),
    ("identifier", "550e8400-e29b-41d4-a716-446655440000"),
    ("word", "pending"),
    (
        "log line",
        "2026-11-23T10:11:12.345Z INFO shop::cart: 3 items, total 129.90 EUR \"ok\"",
    ),
];

pub(crate) const DENSE: [(&str, &str); 5] = [
    (
        "e-mail",
        "the order of jane.smith@example.com was sent to her today",
    ),
    (
        "password",
        "login failed: user=jane password=hunter2 from the web shop",
    ),
    (
        "card",
        "paid with 4539 1488 0343 6467 by the customer on Monday",
    ),
    (
        "URL password",
        "cannot reach postgres://shop:hunter2@db.internal:5432/shop",
    ),
    (
        "all",
        "jane@example.com 123-45-6789 token=abc Bearer abc123def4567",
    ),
];

/// Lines as programs write them, of several kinds, with nothing to hide.
pub(crate) const LINES: [&str; 12] = [
    "2026-11-23T10:11:12.345Z INFO shop::cart: 3 items, total 129.90 EUR",
    "2026-11-23T10:11:12.346Z DEBUG sqlx::query: SELECT id, name FROM products WHERE active = $1 ORDER BY name LIMIT 50; rows affected: 0, rows returned: 17, elapsed: 1.204ms",
    "Nov 23 10:11:12 web-1 systemd[1]: Started Daily apt download activities.",
    "Nov 23 10:11:13 web-1 kernel: [12345.678901] eth0: link up, 1000 Mbps, full duplex",
    "level=info ts=2026-11-23T10:11:12.345Z caller=main.go:42 msg=\"request done\" method=GET path=/orders status=200 duration=12.5ms",
    "I1123 10:11:12.345678 1 controller.go:114] Updating CRD OpenAPI spec because orders.shop.example.com changed",
    "10.1.2.3 - - [23/Nov/2026:10:11:12 +0100] \"GET /orders/42?page=2 HTTP/1.1\" 200 1234 \"-\" \"curl/8.5.0\"",
    "[2026-11-23 10:11:12,345] WARN [ReplicaManager broker=2] Leader 1 failed to record follower 2's position (kafka.server.ReplicaManager)",
    "thread 'main' panicked at src/cart.rs:17:9: index out of bounds: the len is 3 but the index is 7",
    "   at com.example.shop.OrderService.place(OrderService.java:117)",
    "job 4711 of queue mailing finished in 3.2 s after 2 attempts",
    "GC (Allocation Failure) 262144K->43520K(1005056K), 0.0123456 secs",
];

/// Pieces that make detectors look again and again, repeated to a length.
pub(crate) const ADVERSARIAL: [&str; 14] = [
    "://",
    "a@",
    "password=",
    "token:",
    "eyJ-",
    "sk-ant-",
    "basic-",
    "\"a\":",
    "-----BEGIN PRIVATE KEY-----",
    "4539-",
    "DE89",
    "token={",
    "cookie: ",
    "a.b@c.d",
];
