//! Async functions: context that follows a task over threads, nested events, a cancelled call, spawned work:
//! `cargo run --example async_service`.

use std::time::Duration;

use vigil::{Actor, Context, audited};

#[audited(category = "DATABASE", type = "QUERY", result)]
async fn load_cart(user: u64) -> Result<Vec<u32>, String> {
    tokio::time::sleep(Duration::from_millis(2)).await;
    Ok(vec![user as u32, 7])
}

#[audited(category = "PAYMENT", type = "EXECUTE", slow = "5ms")]
async fn charge(cents: u64, card_number: &str) -> Result<(), String> {
    tokio::time::sleep(Duration::from_millis(10)).await;
    if card_number.is_empty() {
        return Err("no card".to_owned());
    }
    let _ = cents;
    Ok(())
}

// Its events carry this one's id as `context.parent_id`.
#[audited(category = "API", type = "CREATE", operation = "POST /orders")]
async fn place_order(user: u64) -> Result<usize, String> {
    let cart = load_cart(user).await?;
    charge(1999, "4111 1111 1111 1111").await?;
    Ok(cart.len())
}

#[audited(category = "SYSTEM")]
async fn warm_cache() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let vigil = vigil::builder().service("async-example").init()?;

    let requests = (1..=3_u64).map(|user| {
        let context = Context::current()
            .actor(Actor::user(user))
            .request_id(format!("req-{user}"))
            .tenant("acme");
        tokio::spawn(context.run_async(async move {
            let placed = place_order(user).await;
            // A task of its own starts without context; this one takes it along.
            tokio::spawn(Context::current().run_async(warm_cache()))
                .await
                .ok();
            placed
        }))
    });
    for request in requests.collect::<Vec<_>>() {
        println!("placed {:?}", request.await?);
    }

    // A time-out drops the future: recorded as CANCELLED, its inner call too.
    let timed_out = tokio::time::timeout(Duration::from_millis(5), place_order(4)).await;
    println!(
        "fourth order: {}",
        timed_out.map_or("timed out", |_| "placed")
    );

    let dir = vigil.trail_dir().to_owned();
    println!("{}", vigil.shutdown()?);
    vigil_examples::show_trail(&dir, 2)?;
    Ok(())
}
