//! The thread that sends: one batch at a time, the next only when this one has arrived.

use super::backoff::Backoff;
use super::post::{Answer, Post};
use super::queue::Queue;

/// Sends until the queue says that there will be no more.
pub(super) fn run(queue: &Queue, post: &Post) {
    let mut backoff = queue.backoff();
    while let Some(batch) = queue.next_batch() {
        if !deliver(queue, post, &mut backoff, &batch) {
            return;
        }
    }
}

/// Sends lines until each has arrived or was rejected on its own; `false` when there is no sense in going
/// on. Where the server finds fault with a batch its halves are sent apart, so that one bad record costs
/// none of the others; sending a line twice does no harm.
fn deliver(queue: &Queue, post: &Post, backoff: &mut Backoff, lines: &[String]) -> bool {
    let mut body = lines.join("\n");
    body.push('\n');
    loop {
        match post.send(body.as_bytes()) {
            Answer::Accepted => {
                backoff.reset();
                queue.arrived(lines.len());
                return true;
            }
            Answer::Later { after, reason } => {
                if !queue.pause(reason, backoff.pause(after)) {
                    return false;
                }
            }
            Answer::Faulty { message, .. } if lines.len() == 1 => {
                queue.rejected(message);
                return true;
            }
            Answer::Faulty { .. } => {
                let (first, second) = lines.split_at(lines.len() / 2);
                return deliver(queue, post, backoff, first)
                    && deliver(queue, post, backoff, second);
            }
            Answer::Refused { status, message } => {
                queue.refused(status, message);
                return false;
            }
        }
    }
}
