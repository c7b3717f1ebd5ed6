//! A build without encryption: nothing can be encrypted, and nothing that is encrypted can be read.

use std::convert::Infallible;
use std::io::{self, BufRead, Read, Write};
use std::marker::PhantomData;

use zeroize::Zeroizing;

const NOT_BUILT: &str = "encryption is not built in: build with the feature `encryption`";

pub(super) type Key = Infallible;
pub(super) type Recipient = Infallible;

/// There is none.
pub(super) struct Encrypting<W>(Infallible, PhantomData<W>);

impl<W> Write for Encrypting<W> {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        match self.0 {}
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0 {}
    }
}

pub(super) fn keys_of(_: Zeroizing<String>) -> Result<Vec<Key>, String> {
    Err(NOT_BUILT.to_owned())
}

pub(super) fn recipient(_: &str) -> Result<Recipient, &'static str> {
    Err(NOT_BUILT)
}

pub(super) fn encrypt<W>(_: &[Recipient], _: W) -> io::Result<Encrypting<W>> {
    Err(io::Error::new(io::ErrorKind::Unsupported, NOT_BUILT))
}

pub(super) fn finish<W>(encrypting: Encrypting<W>) -> io::Result<W> {
    match encrypting.0 {}
}

pub(super) fn decrypt<'r>(
    _: impl BufRead + Send + 'r,
    _: &[Key],
) -> io::Result<Box<dyn Read + Send + 'r>> {
    Err(io::Error::new(io::ErrorKind::Unsupported, NOT_BUILT))
}
