//! What is missing of something that its source numbers, as words.

use model::missing::Numbers;

/// How many are missing, of what `(one, many)` is called; nothing where all are here. What lies
/// before the first that came has expired; what lies between may as well never have been sent.
pub fn missing_note(numbers: &Numbers, (one, many): (&str, &str)) -> Option<String> {
    let noun = |count: u32| if count == 1 { one } else { many };
    let missing = numbers.missing();
    let first = numbers.ranges().next();
    let note = match first {
        Some(range) if *range.start() == 1 && range.end() - range.start() + 1 == missing => {
            format!("{missing} earlier {} expired", noun(missing))
        }
        Some(_) => format!("{missing} {} expired or never sent", noun(missing)),
        None if numbers.is_beyond() => format!("its {many} bear numbers too high to count"),
        None => return None,
    };
    Some(note)
}
