//! Synthetic graphs, the same on every machine, and a count of straight-line crossings to judge layouts by.

use std::collections::HashSet;

use layout::dag::{Layout, LayoutRequest, NodeBox};

/// About `sqrt(n)` layers with 1.5 edges a node, spanning 1, 2 or 3 layers (75, 18, 7 %); the ends of an edge lie within three
/// places of each other, as in a workflow.
pub fn flow(n: u32) -> LayoutRequest {
    let mut random = Random(n.wrapping_add(7));
    let width = f64::from(n).sqrt().round();
    let mut layers: Vec<Vec<u32>> = Vec::new();
    let mut next = 0;
    while next < n {
        let wanted = (width * (0.6 + 0.8 * random.next())).round().max(1.0) as u32;
        let end = n.min(next + wanted);
        layers.push((next..end).collect());
        next = end;
    }
    let (mut seen, mut edges) = (HashSet::new(), Vec::new());
    let mut connect = |random: &mut Random, from: usize, to: usize, i: usize| {
        let share = i as f64 / layers[to].len() as f64;
        let place = (share * layers[from].len() as f64 + (random.next() - 0.5) * 6.0 + 0.5).floor();
        let place = (place.max(0.0) as usize).min(layers[from].len() - 1);
        let edge = (layers[from][place], layers[to][i]);
        if seen.insert(edge) {
            edges.push(edge);
        }
        edges.len()
    };
    for (to, layer) in layers.iter().enumerate().skip(1) {
        for i in 0..layer.len() {
            connect(&mut random, to - 1, to, i);
        }
    }
    let wanted = (1.5 * f64::from(n)).round() as usize;
    loop {
        let kind = random.next();
        let span = if kind < 0.75 {
            1
        } else if kind < 0.93 {
            2
        } else {
            3
        };
        let to = span + (random.next() * (layers.len() - span) as f64) as usize;
        let i = (random.next() * layers[to].len() as f64) as usize;
        if connect(&mut random, to - span, to, i) >= wanted {
            return request(n, edges);
        }
    }
}

/// `0 → 1 → … → n - 1`.
pub fn chain(n: u32) -> LayoutRequest {
    request(n, (1..n).map(|v| (v - 1, v)).collect())
}

/// Ten stages of one node fanning out to 499 that join again: 5,001 nodes.
pub fn fans() -> LayoutRequest {
    let mut edges = Vec::new();
    for stage in 0..10 {
        let (source, join) = (stage * 500, stage * 500 + 500);
        edges.extend((source + 1..join).flat_map(|v| [(source, v), (v, join)]));
    }
    request(5001, edges)
}

/// One node, `n` branches, one join.
pub fn fan(n: u32) -> LayoutRequest {
    request(n + 2, (1..=n).flat_map(|v| [(0, v), (v, n + 1)]).collect())
}

/// A chain where every node also leads to the one half the chain further on: too many long edges to thread.
pub fn skipping_chain(n: u32) -> LayoutRequest {
    let steps = (1..n).map(|v| (v - 1, v));
    request(n, steps.chain((0..n / 2).map(|v| (v, v + n / 2))).collect())
}

/// Boxes of 180 by 60 joined by `edges`.
pub fn request(n: u32, edges: Vec<(u32, u32)>) -> LayoutRequest {
    LayoutRequest {
        nodes: vec![NodeBox::new(180.0, 60.0); n as usize],
        edges,
        ..Default::default()
    }
}

/// How many pairs of edges cross when drawn straight from centre to centre; edges that share a node do not count.
pub fn straight_crossings(request: &LayoutRequest, layout: &Layout) -> usize {
    struct Segment {
        ends: (u32, u32),
        from: layout::Point,
        to: layout::Point,
    }
    let centre = |v: u32| layout.nodes[v as usize].centre();
    let mut segments: Vec<Segment> = request
        .edges
        .iter()
        .map(|&(a, b)| {
            if centre(a).x <= centre(b).x {
                (a, b)
            } else {
                (b, a)
            }
        })
        .map(|(a, b)| Segment {
            ends: (a, b),
            from: centre(a),
            to: centre(b),
        })
        .collect();
    segments.sort_by(|a, b| a.from.x.total_cmp(&b.from.x));
    let side = |s: &Segment, p: layout::Point| {
        (s.to.x - s.from.x) * (p.y - s.from.y) - (s.to.y - s.from.y) * (p.x - s.from.x)
    };
    let mut crossings = 0;
    for (i, a) in segments.iter().enumerate() {
        for b in segments[i + 1..].iter().take_while(|b| b.from.x < a.to.x) {
            let apart = |v: u32| v != a.ends.0 && v != a.ends.1;
            if apart(b.ends.0)
                && apart(b.ends.1)
                && side(a, b.from) * side(a, b.to) < 0.0
                && side(b, a.from) * side(b, a.to) < 0.0
            {
                crossings += 1;
            }
        }
    }
    crossings
}

/// Mulberry32: small, good enough, and the same everywhere.
pub struct Random(pub u32);

impl Random {
    /// The next number in `0.0..1.0`.
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x6D2B_79F5);
        let mut t = (self.0 ^ (self.0 >> 15)).wrapping_mul(1 | self.0);
        t ^= t.wrapping_add((t ^ (t >> 7)).wrapping_mul(61 | t));
        f64::from(t ^ (t >> 14)) / 4_294_967_296.0
    }
}
