//! A hash for the names of nodes, which every event looks up: the standard one took a tenth of the
//! reading of a run, built for size.
//!
//! It is seeded by the system's randomness, so that a source cannot know which names collide.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Makes [`NameHasher`]s of one seed.
#[derive(Clone, Debug)]
pub(super) struct NameHash {
    seed: u64,
}

impl Default for NameHash {
    fn default() -> Self {
        Self {
            seed: RandomState::new().hash_one(0_u8),
        }
    }
}

impl BuildHasher for NameHash {
    type Hasher = NameHasher;

    fn build_hasher(&self) -> NameHasher {
        NameHasher(self.seed)
    }
}

/// Eight bytes a multiplication, and a last mixing.
pub(super) struct NameHasher(u64);

impl NameHasher {
    fn add(&mut self, word: u64) {
        let mixed = (self.0 ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.add(u64::from_le_bytes(last) ^ (bytes.len() as u64) << 56);
    }

    fn write_u8(&mut self, _: u8) {
        // What follows a text says where it ends, as its length did.
    }

    fn finish(&self) -> u64 {
        let mixed = self.0.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        mixed ^ (mixed >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_that_differ_little_hash_differently() {
        let hash = NameHash { seed: 7 };
        let of = |name: &str| hash.hash_one(name);
        let mut names: Vec<_> = (0..10_000).map(|n| format!("step-{n}")).collect();
        names.extend((0..200).map(|n| "\0".repeat(n)));
        let whole: HashSet<_> = names.iter().map(|name| of(name)).collect();
        assert_eq!(whole.len(), names.len());
        // A map looks at the lowest bits first: they are spread as well.
        let low: HashSet<_> = names.iter().map(|name| of(name) % 16_384).collect();
        assert!(low.len() > 6_500, "{}", low.len());
        assert_ne!(of("step-1"), NameHash { seed: 8 }.hash_one("step-1"));
    }
}
