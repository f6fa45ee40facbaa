//! The connection machine: drawn scripts, one a rule, and properties over random ones.

mod drawn;
mod properties;
mod sim;
mod table;
