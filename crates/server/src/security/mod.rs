//! Who may ask, from where, and what every answer tells the browser.

mod access;
mod headers;
mod origin;
mod sessions;

pub(crate) use access::{Access, guard, is_token};
pub(crate) use headers::{app_policy, harden, worker_policy};
pub(crate) use origin::check_origin;
pub(crate) use sessions::{COOKIE, Sessions};
