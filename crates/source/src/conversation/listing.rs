//! The list of a backend's runs, in whichever dialect.

use crate::dialect::Dialect;
use crate::dialect::operations;
use crate::dialect::playbook;
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
            Dialect::Operations => operations::path::operations(&self.base, limit),
            Dialect::Playbook => playbook::path::runs(&self.base, limit),
            Dialect::Studio => {
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
            Dialect::Operations => operations::decode_operations(body),
            Dialect::Playbook => playbook::decode_runs(body),
            Dialect::Studio => studio::decode_runs(body),
        };
        Listing { runs, problems }
    }

    /// What an answer of another status than 200 means, for a person.
    pub fn refusal(&self, address: &str, status: u16, body: &str) -> String {
        if self.dialect == Dialect::Operations && matches!(status, 404 | 405) {
            return "this backend does not list its operations; open one by its address: /runs/ and its id"
                .to_owned();
        }
        if self.dialect == Dialect::Playbook && matches!(status, 404 | 405) {
            return "this backend does not list its runs; open one by its address: /runs/ and its id"
                .to_owned();
        }
        let detail = match self.dialect {
            Dialect::Operations => operations::detail_of(body),
            Dialect::Playbook => playbook::refusal(body),
            Dialect::Studio => None,
        };
        let why = detail.map_or_else(String::new, |why| format!(": {why}"));
        format!("the server answered {status} to {address}{why}")
    }
}
