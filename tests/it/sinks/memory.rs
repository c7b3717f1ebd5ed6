//! The memory of a sink is bounded however far it is behind.

use super::*;

isolated! {
    fn a_long_way_behind_takes_no_more_memory(dir) {
        let vigil = start(dir);
        let filler = "x".repeat(400);
        for _ in 0..5 {
            for number in 0..20_000 {
                audit!(category = "DATA", operation = "fill", fields(n = number, f = &filler));
            }
            vigil::flush().unwrap();
        }
        vigil.shutdown().unwrap();
        let trail: u64 = trail_files(dir).iter().map(|file| std::fs::metadata(file).unwrap().len()).sum();
        let before = peak_kib();
        let seen = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&seen);
        let vigil = builder(dir).sink(Acting("far", move |batch: &Batch<'_>| {
            assert!(batch.len() <= 1000 && batch.as_bytes().len() <= 1 << 20);
            count.fetch_add(batch.len() as u64, SeqCst);
            Ok(())
        })).init().unwrap();
        vigil.shutdown().unwrap();
        assert_eq!(seen.load(SeqCst), 2 * (START + END) + 100_000);
        let grown = peak_kib().saturating_sub(before) * 1024;
        assert!(trail > 80_000_000 && grown < 16_000_000, "{grown} bytes more for a trail of {trail}");
    }
}

fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
