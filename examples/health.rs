//! A `/health` endpoint, and a configuration that is reloaded: `cargo run --example health`.
//!
//! Any HTTP framework does; this one is the standard library, to show that nothing else is needed.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use vigil::audit;

/// Answers one request: 503 where events are not kept, or will not be soon.
fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut request = String::new();
    BufReader::new(&stream).read_line(&mut request)?;
    let (status, body) = if request.starts_with("GET /health ") {
        let health = vigil::health();
        let status = match health.is_failing() {
            true => "503 Service Unavailable",
            false => "200 OK",
        };
        (status, serde_json::to_string(&health)?)
    } else {
        ("404 Not Found", String::new())
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

/// What a load balancer would do.
fn ask(listener: &TcpListener) -> Result<String, Box<dyn std::error::Error>> {
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    client.write_all(b"GET /health HTTP/1.1\r\n\r\n")?;
    answer(listener.accept()?.0)?;
    let mut response = String::new();
    client.read_to_string(&mut response)?;
    Ok(response)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("1. before the engine runs\n{}\n", ask(&listener)?);

    let file = std::env::temp_dir().join(format!("vigil-health-{}.yaml", std::process::id()));
    fs::write(&file, "service: shop\n")?;
    let vigil = vigil::builder().config_file(&file).init()?;
    audit!(category = "API", operation = "serve");
    println!("2. while it runs\n{}\n", ask(&listener)?);

    // No disk has so much room: this is what it looks like when one fills up. Changes of the file are noticed by
    // themselves as well, within two seconds.
    fs::write(&file, "service: shop\ndisk: {warn_below: 8000000 GiB}\n")?;
    println!("3. {}", vigil::reload()?);
    println!("{}\n", vigil::health());

    fs::write(&file, "service: shop\ndisk: {warn_below: lots}\n")?;
    println!("4. {}", vigil::reload().expect_err("lots is no size"));

    vigil.shutdown()?;
    fs::remove_file(&file)?;
    Ok(())
}
