//! Moving the vertices of one layer to where its neighbours pull them, as one least-squares fit.

use super::hold::Hold;
use super::normalise::Layered;
use super::sorted;

/// How much a vertex that is to stay weighs against those that give way.
const HELD: f64 = 1e6;

/// Whose places a vertex is drawn to.
#[derive(Clone, Copy)]
pub(super) enum Look {
    Up,
    Down,
    Both,
}

/// How several neighbours make one wish.
#[derive(Clone, Copy)]
pub(super) enum Pull {
    Mean,
    Median,
}

/// A run of vertices that move together.
struct Pool {
    wish: f64,
    weight: f64,
    count: usize,
}

/// The fit, and its buffers, which are kept between layers.
#[derive(Default)]
pub(super) struct Fit {
    /// For each vertex what keeps it; empty when all are free.
    holds: Vec<Hold>,
    pools: Vec<Pool>,
    near: Vec<(f64, u32)>,
}

impl Fit {
    /// With what keeps each vertex; when nothing does, `holds` may be empty.
    pub(super) fn new(holds: Vec<Hold>) -> Self {
        Self {
            holds,
            ..Self::default()
        }
    }

    /// Whether nothing keeps the vertex.
    pub(super) fn is_free(&self, v: u32) -> bool {
        let hold = self.holds.get(v as usize).copied();
        hold.unwrap_or_default() == Hold::Free
    }

    /// Places one layer as near to its wishes as order and gaps allow.
    pub(super) fn place(
        &mut self,
        layered: &Layered,
        layer: usize,
        offsets: &[f64],
        across: &mut [f64],
        look: Look,
        pull: Pull,
    ) {
        self.pools.clear();
        for &v in &layered.layers[layer] {
            let (wish, weight) = self.wish(layered, v, across, look, pull);
            let mut pool = Pool {
                wish: wish - offsets[v as usize],
                weight,
                count: 1,
            };
            while let Some(last) = self.pools.last() {
                if last.wish < pool.wish {
                    break;
                }
                let weight = last.weight + pool.weight;
                pool.wish = (last.wish * last.weight + pool.wish * pool.weight) / weight;
                pool.weight = weight;
                pool.count += last.count;
                self.pools.pop();
            }
            self.pools.push(pool);
        }
        let mut vertices = layered.layers[layer].iter();
        for pool in &self.pools {
            for &v in vertices.by_ref().take(pool.count) {
                across[v as usize] = pool.wish + offsets[v as usize];
            }
        }
    }

    /// Where `v` would like to be, and how much.
    fn wish(
        &mut self,
        layered: &Layered,
        v: u32,
        across: &[f64],
        look: Look,
        pull: Pull,
    ) -> (f64, f64) {
        let hold = self.holds.get(v as usize).copied().unwrap_or_default();
        if let Hold::Stays { at } = hold {
            return (at, HELD);
        }
        let (up, down) = (layered.up.of(v), layered.down.of(v));
        let (up, down) = match look {
            Look::Up => (up, &[][..]),
            Look::Down => (&[][..], down),
            Look::Both => (up, down),
        };
        let here = across[v as usize];
        self.near.clear();
        for &w in up.iter().chain(down) {
            self.near
                .push((across[w as usize], straightness(layered, v, w)));
        }
        let mut weight: u32 = self.near.iter().map(|&(_, weight)| weight).sum();
        if self.near.is_empty() {
            // Nothing pulls: stay, but give way to anything that is pulled.
            return (here, 0.01);
        }
        if let Hold::Lingers { at } = hold {
            self.near.push((at, weight));
            weight *= 2;
        }
        let wish = match pull {
            Pull::Mean => {
                let pulled = self.near.iter().map(|&(at, w)| at * f64::from(w));
                pulled.sum::<f64>() / f64::from(weight)
            }
            Pull::Median => median(&mut self.near, weight, here),
        };
        (wish, f64::from(weight))
    }
}

/// How much it matters that the step between the two runs straight: bends in the middle of a long edge look worst.
pub(super) fn straightness(layered: &Layered, v: u32, w: u32) -> u32 {
    match (layered.is_waypoint(v), layered.is_waypoint(w)) {
        (false, false) => 1,
        (true, true) => 8,
        _ => 2,
    }
}

/// The weighted median; where a whole interval is, the place in it that is nearest to `here`.
fn median(near: &mut [(f64, u32)], weight: u32, here: f64) -> f64 {
    sorted::by_place(near);
    let mut sum = 0;
    let (mut low, mut high) = (here, here);
    for (i, &(at, w)) in near.iter().enumerate() {
        sum += w;
        if sum * 2 >= weight {
            low = at;
            high = if sum * 2 > weight {
                at
            } else {
                near.get(i + 1).map_or(at, |next| next.0)
            };
            break;
        }
    }
    here.clamp(low, high.max(low))
}
