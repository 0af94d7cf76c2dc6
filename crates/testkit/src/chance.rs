//! Chance that repeats: SHA-256 over a seed and a counter. For tests only: whoever knows the seed knows all of it.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest::{SHA256, digest};
use domain::Rng;

/// The same seed gives the same bytes in the same order of calls.
#[derive(Debug)]
pub struct SeededRng {
    seed: u64,
    blocks: AtomicU64,
}

impl SeededRng {
    pub const fn new(seed: u64) -> Self {
        Self { seed, blocks: AtomicU64::new(0) }
    }
}

impl Rng for SeededRng {
    fn fill(&self, buf: &mut [u8]) {
        for chunk in buf.chunks_mut(32) {
            let at = self.blocks.fetch_add(1, Ordering::SeqCst);
            let input = [self.seed.to_be_bytes(), at.to_be_bytes()].concat();
            let block = digest(&SHA256, &input);
            chunk.copy_from_slice(block.as_ref().get(..chunk.len()).expect("a chunk is at most a block"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(seed: u64) -> [u8; 80] {
        let rng = SeededRng::new(seed);
        let mut bytes = [0; 80];
        rng.fill(&mut bytes);
        bytes
    }

    #[test]
    fn repeats_by_seed_and_never_within_one() {
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        let bytes = drawn(1);
        assert_ne!(bytes[..32], bytes[32..64]);
    }
}
