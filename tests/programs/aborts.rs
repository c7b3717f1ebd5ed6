//! A program that panics, built with `panic = "abort"` by the test `abort`: what it was doing must stand in its trail.

use vigil::audited;

#[derive(vigil::Sanitize)]
struct Order {
    id: u32,
    card_number: String,
}

#[audited(category = "PAYMENT", event = ev)]
fn settle(order: &Order, part: u32) -> u32 {
    ev.field("noted", &"in the body");
    assert!(
        part > 0,
        "no part of order {} for 4111 1111 1111 1111",
        order.id
    );
    order.id / part
}

#[audited(category = "API")]
async fn handle(order: Order, part: u32) -> u32 {
    tokio::task::yield_now().await;
    settle(&order, part)
}

fn main() {
    let dir = std::env::args_os()
        .nth(1)
        .expect("the directory of the trail");
    let _vigil = vigil::builder()
        .config_text("")
        .trail(dir)
        .init()
        .expect("the engine starts");
    let order = |id| Order {
        id,
        card_number: "4111 1111 1111 1111".to_owned(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    assert_eq!(runtime.block_on(handle(order(8), 2)), 4);
    runtime.block_on(handle(order(9), 0));
}
