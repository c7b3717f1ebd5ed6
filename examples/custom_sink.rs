//! A sink of one's own: events in a SQLite database, and what happens while it is down:
//! `cargo run --example custom_sink`.

use std::time::Duration;

use rusqlite::{Connection, params};
use vigil::audited;
use vigil::sink::{Batch, Sink, SinkError, SinkOptions};

/// Writes events into a table. It is given everything again that may not have arrived, so the same event may come
/// twice: its number is the primary key, and what is there is left alone.
struct Database(Connection);

impl Sink for Database {
    /// The name of its cursor, and what `vigil.yaml` calls it.
    fn name(&self) -> &str {
        "database"
    }

    fn deliver(&mut self, batch: &Batch<'_>) -> Result<(), SinkError> {
        // A batch is taken as a whole or not at all.
        let transaction = self.0.transaction().map_err(SinkError::transient)?;
        for line in batch.lines() {
            let event = line.parse().map_err(SinkError::permanent)?;
            transaction
                .prepare_cached("INSERT OR IGNORE INTO events VALUES (?1, ?2, ?3, ?4, ?5)")
                .and_then(|mut insert| {
                    insert.execute(params![
                        i64::try_from(event.seq).unwrap_or(i64::MAX),
                        event.action.category,
                        event.action.operation,
                        event.action.result.status.as_str(),
                        line.as_str(),
                    ])
                })
                .map_err(SinkError::transient)?;
        }
        transaction.commit().map_err(SinkError::transient)
    }

    /// What suits it; program and configuration can say otherwise.
    fn options(&self) -> SinkOptions {
        SinkOptions::new()
            .batch(500, 1 << 20)
            .retry(Duration::from_millis(10), Duration::from_secs(10))
            .deadline(Duration::from_secs(5))
    }
}

#[audited(category = "DATA", type = "READ")]
fn find_order(id: u64) -> Result<u64, String> {
    if id.is_multiple_of(10) {
        return Err(format!("no order {id}"));
    }
    Ok(id * 100)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Somebody has forgotten to create the table, so nothing can be delivered. The program does not notice.
    let vigil = vigil::builder()
        .sink(Database(Connection::open("events.db")?))
        .shutdown_timeout(Duration::from_millis(200))
        .on_error(|error| println!("told: {error}"))
        .init()?;
    for id in 1..=100 {
        let _ = find_order(id);
    }
    // Those of the orders, and two of Vigil's own, which tell of the start and of the end.
    let sink = &vigil.shutdown()?.sinks["database"];
    println!("without the table: {} events behind", sink.lag);

    // The next day. The sink has a cursor in the trail, so nothing is missing.
    let reader = Connection::open("events.db")?;
    reader.execute_batch(
        "CREATE TABLE events (seq INTEGER PRIMARY KEY, category TEXT, operation TEXT, status TEXT, line TEXT)",
    )?;
    let vigil = vigil::builder()
        .sink(Database(Connection::open("events.db")?))
        .init()?;
    let _ = find_order(101);
    let sink = &vigil.shutdown()?.sinks["database"];
    println!("with it: {} events behind", sink.lag);

    let count = |sql| reader.query_row(sql, [], |row| row.get::<_, i64>(0));
    println!(
        "in the database: {} events, {} of them of orders, {} of those failures",
        count("SELECT count(*) FROM events")?,
        count("SELECT count(*) FROM events WHERE category = 'DATA'")?,
        count("SELECT count(*) FROM events WHERE category = 'DATA' AND status = 'FAILURE'")?
    );
    Ok(())
}
