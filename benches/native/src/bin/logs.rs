//! Searches the lines of a file with the model's own search.
//!
//! `logs FILE ROUNDS [regex:]QUERY…` prints `{"load":[milliseconds, …],"QUERY":[…], …,"lines":[found, …]}`;
//! queries are meant in the case they are written in.

use model::channel::log::{Level, LogStream};
use model::item::LogItem;
use model::search::{Kind, Query, Search};
use model::{Item, Journal, Millis, Stamp};
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(file), Some(rounds)) = (args.next(), args.next()) else {
        return Err("usage: logs FILE ROUNDS [regex:]QUERY…".into());
    };
    let text = std::fs::read_to_string(file)?;
    let rounds: usize = rounds.parse()?;
    let queries: Vec<String> = args.collect();
    let mut load = Vec::new();
    let mut times = vec![Vec::new(); queries.len()];
    let mut found = vec![0; queries.len()];
    for _ in 0..rounds {
        let start = Instant::now();
        let journal = journal(&text);
        load.push(millis(start));
        for (index, query) in queries.iter().enumerate() {
            let start = Instant::now();
            found[index] = search(&journal, query)?;
            times[index].push(millis(start));
        }
    }
    let searches: Vec<_> = queries
        .iter()
        .zip(&times)
        .map(|(query, times)| format!("{query:?}:{times:?}"))
        .collect();
    println!(
        "{{\"load\":{load:?},{},\"lines\":{found:?}}}",
        searches.join(",")
    );
    Ok(())
}

fn journal(text: &str) -> Journal {
    let mut journal = Journal::default();
    journal.append(text.lines().zip(0..).map(|(message, number)| {
        Item::Log(LogItem {
            id: format!("l{number}").into(),
            node: "node".into(),
            stamp: Stamp {
                at: Millis(1_700_000_000_000 + number as i64 * 10),
                nanos: 0,
                sequence: number,
            },
            level: Level::Info,
            stream: LogStream::Stdout,
            message: message.into(),
        })
    }));
    journal
}

/// How many lines have it.
fn search(journal: &Journal, query: &str) -> Result<usize, Box<dyn Error>> {
    let (text, kind) = match query.strip_prefix("regex:") {
        Some(pattern) => (pattern, Kind::Regex),
        None => (query, Kind::Plain),
    };
    let mut search = Search::new(Query {
        kind,
        match_case: true,
        ..Query::plain(text)
    })?;
    search.step(journal, usize::MAX);
    Ok(search.count(journal, Millis::MAX).places)
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
