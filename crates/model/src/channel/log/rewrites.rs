//! What late lines moved, so that who looked at lines before knows which to look at again.

/// How often something was put between others, and from where on everything moved.
#[derive(Clone, Debug, Default)]
pub struct Rewrites {
    count: u32,
    /// `(count, place)`: since then nothing moved before that place. Both grow.
    moved: Vec<(u32, usize)>,
}

impl Rewrites {
    /// Steps that are told apart; beyond, several count as the earliest of them.
    const KEPT: usize = 1_024;

    pub fn count(&self) -> u32 {
        self.count
    }

    pub fn push(&mut self, place: usize) {
        self.count = self.count.wrapping_add(1);
        while self.moved.last().is_some_and(|(_, last)| *last >= place) {
            self.moved.pop();
        }
        self.moved.push((self.count, place));
        if self.moved.len() > Self::KEPT {
            // The later count with the earlier place: too much is looked at again, never too little.
            let pairs = self.moved.chunks(2);
            self.moved = pairs
                .filter_map(|pair| Some((pair.last()?.0, pair.first()?.1)))
                .collect();
        }
    }

    /// Before which place nothing moved since the count was `count`; none where nothing did at all.
    pub fn unchanged_since(&self, count: u32) -> Option<usize> {
        if count == self.count {
            return None;
        }
        let later = self.moved.partition_point(|(at, _)| *at <= count);
        Some(self.moved.get(later).map_or(0, |(_, place)| *place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn never_too_little_is_looked_at_again(
            places in prop::collection::vec(0_usize..100_000, 1..40),
            rising in 0_usize..3_000,
            since in any::<prop::sample::Index>(),
        ) {
            let places: Vec<_> = (0..rising).chain(places).collect();
            let mut rewrites = Rewrites::default();
            for place in &places {
                rewrites.push(*place);
            }
            let since = since.index(places.len() + 1);
            let least = places[since..].iter().copied().min();
            let told = rewrites.unchanged_since(since as u32);
            prop_assert_eq!(told.is_none(), least.is_none());
            prop_assert!(told <= least);
            if rising == 0 {
                prop_assert_eq!(told, least);
            }
            prop_assert!(rewrites.moved.len() <= Rewrites::KEPT);
        }
    }
}
