//! The memory of a journal: a file mapped into the process, seen as words.
//!
//! What is stored in it is in the page cache the moment it is stored. The operating system keeps it, and writes it to
//! the disk at its leisure, when the process is killed; only a power failure takes it.
//!
//! With the fork handler in [`super::fork`] and the one instruction of [`super::summed`] this is the only unsafe code of the journal: it turns the mapping into
//! atomics, after which nothing that any thread or process does with the memory is undefined.

use std::fs::File;
use std::io;
use std::ptr;
use std::slice;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::atomic::{AtomicPtr, AtomicU64};
use std::sync::{Mutex, PoisonError};

use memmap2::{MmapOptions, MmapRaw};

use super::header::HEADER_WORDS;
use super::ring::Words;

/// A mapped file. Its first words are the header, the others the ring.
#[derive(Debug)]
pub(super) struct Mapping {
    /// Null when unmapped.
    base: AtomicPtr<AtomicU64>,
    words: usize,
    map: Mutex<Option<MmapRaw>>,
}

impl Mapping {
    /// Maps the first `words` words of `file`, which has them.
    pub(super) fn new(file: &File, words: usize) -> io::Result<Self> {
        let bytes = words
            .checked_mul(size_of::<u64>())
            .ok_or(io::ErrorKind::InvalidInput)?;
        let map = MmapOptions::new().len(bytes).map_raw(file)?;
        Ok(Self {
            base: AtomicPtr::new(map.as_mut_ptr().cast()),
            words,
            map: Mutex::new(Some(map)),
        })
    }

    fn all(&self) -> &[AtomicU64] {
        let base = self.base.load(Acquire);
        if base.is_null() {
            return &[];
        }
        // SAFETY: `base` is the start of a mapping of `words * 8` bytes, readable and writable, which lives until
        // `unmap`, whose caller answers for the references given out here. A mapping begins on a page, so it is aligned
        // for words. Any bytes are valid atomics. The process makes no other references to this memory, so it is only
        // accessed atomically; another process may write to the file, but through atomics we see that as some value.
        // (Somebody who makes the file shorter while it is mapped gets this process a SIGBUS, which no code here can
        // avert; the file and its directory are private to the owner, and locked.)
        unsafe { slice::from_raw_parts(base, self.words) }
    }

    /// The words before the ring.
    pub(super) fn header(&self) -> &[AtomicU64] {
        self.all().get(..HEADER_WORDS).unwrap_or_default()
    }

    /// Makes the words before the ring survive a power failure.
    pub(super) fn sync_header(&self) -> io::Result<()> {
        let map = self.map.lock().unwrap_or_else(PoisonError::into_inner);
        map.as_ref().map_or(Ok(()), |map| {
            map.flush_range(0, HEADER_WORDS * size_of::<u64>())
        })
    }

    /// Gives the memory back; from then on there are no words.
    ///
    /// # Safety
    ///
    /// No reference that [`Words::words`] or [`Mapping::header`] gave out is still in use, and no thread is about to
    /// ask for one.
    pub(super) unsafe fn unmap(&self) {
        self.base.store(ptr::null_mut(), Release);
        drop(
            self.map
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
    }
}

impl Words for Mapping {
    type Word = AtomicU64;

    #[inline]
    fn words(&self) -> &[AtomicU64] {
        self.all().get(HEADER_WORDS..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::sync::atomic::Ordering::Relaxed;

    use super::*;

    #[test]
    fn what_is_stored_is_in_the_file_at_once() {
        let mut file = tempfile::tempfile().unwrap();
        file.set_len((HEADER_WORDS as u64 + 4) * 8).unwrap();
        let mapping = Mapping::new(&file, HEADER_WORDS + 4).unwrap();
        assert_eq!(mapping.words().len(), 4);
        mapping.words()[3].store(u64::from_le_bytes(*b"recorded"), Relaxed);
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        assert!(bytes.ends_with(&u64::from_le_bytes(*b"recorded").to_ne_bytes()));
        // SAFETY: the references above have ended, and there is no other thread.
        unsafe { mapping.unmap() };
        assert!(mapping.words().is_empty() && mapping.header().is_empty());
    }
}
