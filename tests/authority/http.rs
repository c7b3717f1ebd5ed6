//! As much HTTP as a server of a test needs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

/// The header of a request in small letters, and its body; `None` if it ends before that.
#[must_use]
pub fn body_of(stream: &TcpStream) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let (mut header, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().ok()?;
        }
        if line.is_empty() {
            break;
        }
        header.push_str(&line);
        header.push('\n');
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((header, body))
}

/// Answers, and closes.
pub fn send(mut stream: TcpStream, status: u16, content_type: &str, body: &[u8]) {
    let length = body.len();
    let header = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    // Who has asked may have gone.
    let _ = stream.write_all(&[header.as_bytes(), body].concat());
}

/// Answers without an end, until the other side has enough.
pub fn send_endlessly(mut stream: TcpStream, content_type: &str) {
    let header =
        format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\nconnection: close\r\n\r\n");
    let _ = stream.write_all(header.as_bytes());
    while stream.write_all(&[b'x'; 4096]).is_ok() {}
}
