//! Layouts of drawn graphs, of random graphs and of growing graphs.

mod drawn;
mod growth;
mod pictures;
mod properties;
