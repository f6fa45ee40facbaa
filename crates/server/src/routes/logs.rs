//! Log lines by page.

use super::json_text;
use super::trace::asked_arrival;
use crate::ask::Ask;
use crate::error::ApiError;
use crate::json as js;
use crate::render;
use crate::state::AppState;
use crate::store::LogQuery;
use crate::token::ResumeToken;
use axum::extract::State;
use axum::response::Response;
use contract::studio::LogLevel;
use contract::time;

/// `GET …/logs`: oldest first. `nextCursor` stands for the last line shown, so that lines of one
/// instant are neither lost nor shown twice.
pub(super) async fn list(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let limit = ask.number("limit", 100, 1..=5_000)?;
    let from = ask.instant("startTime")?;
    let to = ask.instant("endTime")?;
    let view = state.stores.runs.run(&run).await?;
    let behind = asked_arrival(&ask, "cursor", &view);
    // Older clients page by the last line's instant: it comes again, and they know it by its id.
    let since = ask.text("cursor").and_then(time::parse_nanos);
    let query = LogQuery {
        node: ask.owned("nodeRef"),
        stream: ask.word("stream", &["stdout", "stderr", "console", "pty"])?,
        level: ask.word("level", LogLevel::WORDS)?,
        from: from.max(since),
        to,
        behind: (behind > 0).then_some(behind),
        limit,
    };
    let page = state.stores.logs.page(&run, query).await?;
    let lines: Vec<String> = page
        .lines
        .iter()
        .map(|line| render::log_line(run.as_str(), line))
        .collect();
    let next = match page.lines.last() {
        Some(last) if page.more => {
            let token = ResumeToken {
                epoch: view.epoch,
                arrival: last.arrival,
            };
            format!(",\"nextCursor\":\"{token}\"")
        }
        _ => String::new(),
    };
    Ok(json_text(format!(
        "{{\"runId\":{},\"logs\":{},\"totalCount\":{},\"hasMore\":{}{next}}}",
        js::quote(run.as_str()),
        js::list(lines.iter().map(String::as_str)),
        page.total,
        page.more,
    )))
}
