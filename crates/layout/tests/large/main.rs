//! Graphs too large to draw by hand: how good their layout is, how little moves while they grow, and that none breaks it.

mod graphs;
mod growing;
mod hostile;
mod quality;
