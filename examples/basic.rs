//! The main job of Vigil in eight steps, against a real database: `cargo run --example basic`.

use std::error::Error;
use std::fs;
use std::path::Path;

use rusqlite::{Connection, params};
use vigil::{Actor, Context, Sanitize, audit, audited};

/// What a visitor fills in. Nothing is marked as secret: the names of the fields say enough, and the text detectors see
/// to the rest.
#[derive(Sanitize)]
struct Registration {
    username: String,
    email: String,
    password: String,
    card_number: String,
    ssn: String,
    comment: String,
}

#[derive(Debug, PartialEq)]
struct User {
    id: i64,
    username: String,
}

#[audited(category = "DATABASE", type = "QUERY", skip(db))]
fn find_users(db: &Connection, role: &str, limit: u32) -> rusqlite::Result<Vec<User>> {
    let mut statement =
        db.prepare("SELECT id, username FROM users WHERE role = ?1 ORDER BY id LIMIT ?2")?;
    let rows = statement.query_map(params![role, limit], |row| {
        Ok(User {
            id: row.get(0)?,
            username: row.get(1)?,
        })
    })?;
    rows.collect()
}

#[audited(category = "DATABASE", type = "QUERY", skip(db))]
fn count_orders(db: &Connection, table: &str) -> rusqlite::Result<i64> {
    db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
        row.get(0)
    })
}

#[audited(category = "AUTH", type = "CREATE", skip(db), resource = ("account", &form.username), result)]
fn register_user(db: &Connection, form: Registration) -> rusqlite::Result<i64> {
    db.execute(
        "INSERT INTO users (username, email, role) VALUES (?1, ?2, 'customer')",
        params![form.username, form.email],
    )?;
    Ok(db.last_insert_rowid())
}

#[audited(category = "DATA", operation = "count_primes", slow = "1ms", result)]
fn primes_below(limit: u32) -> usize {
    (2..limit)
        .filter(|n| (2..).take_while(|d| d * d <= *n).all(|d| n % d != 0))
        .count()
}

fn export_users(db: &Connection, file: &Path) -> Result<usize, Box<dyn Error>> {
    let mut statement = db.prepare("SELECT id, username FROM users ORDER BY id")?;
    let rows: Vec<String> = statement
        .query_map([], |row| {
            Ok(format!(
                "{},{}",
                row.get::<_, i64>(0)?,
                row.get::<_, String>(1)?
            ))
        })?
        .collect::<Result<_, _>>()?;
    fs::write(file, rows.join("\n"))?;
    Ok(rows.len())
}

fn open_database() -> rusqlite::Result<Connection> {
    let db = Connection::open_in_memory()?;
    db.execute_batch(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE, email TEXT NOT NULL, role TEXT NOT NULL);
         INSERT INTO users (username, email, role) VALUES
             ('ada', 'ada@example.com', 'admin'), ('grace', 'grace@example.com', 'admin'), ('alan', 'alan@example.com', 'customer');",
    )?;
    Ok(db)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("1. Start Vigil");
    let vigil = vigil::builder().service("basic-example").init()?;
    let db = open_database()?;
    println!("   the trail lies in {}", vigil.trail_dir().display());

    // Who acts, and in which request: part of every event below.
    let context = Context::current()
        .actor(Actor::user("u-17").username("jane.smith").role("admin"))
        .request_id("req-0001");
    let _entered = context.enter();

    println!("2. Record an event directly");
    audit!(
        category = "AUTH",
        operation = "user_login",
        type = "LOGIN",
        fields(method = "passkey", client = "basic-example"),
    );

    println!("3. Query a database");
    let admins = find_users(&db, "admin", 10)?;
    println!(
        "   {} rows: {}",
        admins.len(),
        admins
            .iter()
            .map(|user| format!("{} {}", user.id, user.username))
            .collect::<Vec<_>>()
            .join(", ")
    );

    println!("4. Export a file within a scope");
    let file = std::env::temp_dir().join(format!("vigil-basic-{}.csv", std::process::id()));
    let rows =
        vigil::scope!("export_users", category = "FILE", type = "EXPORT", fields(format = "csv"))
            .run(|| export_users(&db, &file))?;
    println!("   {rows} rows, {} bytes", fs::metadata(&file)?.len());
    fs::remove_file(&file)?;

    println!("5. Have an error recorded");
    match count_orders(&db, "orders") {
        Ok(orders) => println!("   {orders} orders"),
        Err(error) => println!("   {error}"),
    }

    println!("6. Register a user: e-mail, password, card number and SSN stay out of the trail");
    let id = register_user(
        &db,
        Registration {
            username: "new.user".to_owned(),
            email: "john.doe@example.com".to_owned(),
            password: "correct horse battery staple".to_owned(),
            card_number: "4111 1111 1111 1111".to_owned(),
            ssn: "123-45-6789".to_owned(),
            comment: "call me at work, my old card 5555-5555-5555-4444 is lost, SSN 219-09-9999"
                .to_owned(),
        },
    )?;
    println!("   user {id}");

    println!("7. Time a computation");
    println!("   {} primes", primes_below(50_000));

    println!("8. Look at the statistics");
    vigil.flush()?;
    for line in vigil::stats().to_string().lines() {
        println!("   {line}");
    }

    let dir = vigil.trail_dir().to_owned();
    vigil.shutdown()?;
    println!();
    vigil_examples::show_trail(&dir, 3)?;
    Ok(())
}
