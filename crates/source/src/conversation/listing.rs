//! The list of a backend's runs, in whichever dialect.

use crate::dialect::Dialect;
use crate::dialect::studio::{self, path};
use model::Problem;
use model::run::RunSummary;

/// Where a backend's runs are listed, and how to read the list.
#[derive(Clone, Debug)]
pub struct Listings {
    dialect: Dialect,
    base: String,
}

/// A list of runs as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// Newest first, where the backend sorts them.
    pub runs: Vec<RunSummary>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

impl Listings {
    /// Of the backend whose API is at `base`.
    pub fn new(dialect: Dialect, base: &str) -> Self {
        Self {
            dialect,
            base: base.to_owned(),
        }
    }

    /// Where to ask for the newest `limit` runs.
    pub fn address(&self, limit: u32) -> String {
        match self.dialect {
            Dialect::Studio | Dialect::Playbook | Dialect::Operations => {
                let query = path::RunsQuery {
                    limit: Some(limit),
                    ..path::RunsQuery::default()
                };
                path::runs(&self.base, &query)
            }
        }
    }

    /// Reads a good answer.
    pub fn read(&self, body: &str) -> Listing {
        let (runs, problems) = match self.dialect {
            Dialect::Studio | Dialect::Playbook | Dialect::Operations => studio::decode_runs(body),
        };
        Listing { runs, problems }
    }
}
