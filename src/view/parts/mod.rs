//! Small things that every panel uses; they know no run.

pub mod badge;
pub mod empty;
pub mod icon;
pub mod json;
pub mod live;
pub mod logo;
pub mod missing;
pub mod picker;
pub mod text;
pub mod time;
