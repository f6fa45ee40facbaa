//! Finding among many names the few that a person means by some letters.

/// Names to find, in the order in which they are offered while nothing was typed.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// All of them in lower case, one after the other.
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Numbers of names, the best first; of equals, the one that was added first.
    pub best: Vec<usize>,
    /// How many match, of which `best` may be a part.
    pub matching: usize,
    /// How many bytes were compared, so that a test can hold the bound.
    pub compared: usize,
}

impl Names {
    /// Bytes of a name that are looked at; what comes behind is not found.
    pub const NAME_BYTES: usize = 200;
    /// Words of a query that are looked at.
    pub const WORDS: usize = 6;
    /// Bytes of a query that are looked at.
    pub const QUERY_BYTES: usize = 100;

    /// Adds a name; its number is how many were added before.
    pub fn push(&mut self, name: &str) {
        let begin = self.text.len();
        for letter in name.chars().flat_map(char::to_lowercase) {
            if self.text.len() + letter.len_utf8() - begin > Self::NAME_BYTES {
                break;
            }
            self.text.push(letter);
        }
        self.ends.push(self.text.len());
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The best `limit` names for a query. Each of its words must be in the name: as it is, or with
    /// letters left out. Whole words, beginnings and short names come first.
    pub fn find(&self, query: &str, limit: usize) -> Found {
        let query: String = query.chars().flat_map(char::to_lowercase).collect();
        let cut = (0..=query.len().min(Self::QUERY_BYTES))
            .rev()
            .find(|end| query.is_char_boundary(*end));
        let query = &query[..cut.unwrap_or(0)];
        let words: Vec<&str> = query.split_whitespace().take(Self::WORDS).collect();
        if words.is_empty() {
            return Found {
                best: (0..self.len().min(limit)).collect(),
                matching: self.len(),
                compared: 0,
            };
        }
        let mut found = Found::default();
        let mut scored: Vec<(i32, usize)> = Vec::new();
        let mut begin = 0;
        for (number, end) in self.ends.iter().enumerate() {
            let name = &self.text[begin..*end];
            begin = *end;
            let mut total = 0;
            let all = words.iter().all(|word| {
                found.compared += name.len();
                score(name, word).map(|score| total += score).is_some()
            });
            if all {
                scored.push((total - (name.len() / 8) as i32, number));
            }
        }
        found.matching = scored.len();
        let order = |one: &(i32, usize), other: &(i32, usize)| {
            other.0.cmp(&one.0).then(one.1.cmp(&other.1))
        };
        if scored.len() > limit && limit > 0 {
            scored.select_nth_unstable_by(limit - 1, order);
        }
        scored.truncate(limit);
        scored.sort_unstable_by(order);
        found.best = scored.into_iter().map(|(_, number)| number).collect();
        found
    }
}

/// How well a word fits a name; none where it does not.
fn score(name: &str, word: &str) -> Option<i32> {
    let mut within = None;
    for (at, _) in name.match_indices(word) {
        if at == 0 {
            let whole = name.len() == word.len() || !goes_on(&name[word.len()..]);
            return Some(if whole { 120 } else { 100 });
        }
        if begins_word(name, at) {
            let whole = !goes_on(&name[at + word.len()..]);
            return Some(if whole { 90 } else { 80 });
        }
        within = Some(60);
    }
    within.or_else(|| scattered(name, word))
}

/// The letters of `word` in order, with others between: worth more where they begin words or stand
/// together. Spread over too much they mean nothing.
fn scattered(name: &str, word: &str) -> Option<i32> {
    let mut letters = word.chars();
    let mut wanted = letters.next()?;
    let (mut total, mut first, mut behind) = (0, None, None);
    for (at, letter) in name.char_indices() {
        if letter != wanted {
            continue;
        }
        let starts = begins_word(name, at);
        total += match behind == Some(at) {
            true => 4,
            false if starts => 5,
            false => 0,
        };
        let first = *first.get_or_insert(at);
        behind = Some(at + letter.len_utf8());
        match letters.next() {
            Some(next) => wanted = next,
            None => {
                let spread = (at - first) as i32;
                let length = word.len() as i32;
                return (total >= 4 * (length - 1)).then_some(10 + total - spread / 4);
            }
        }
    }
    None
}

fn begins_word(name: &str, at: usize) -> bool {
    !name[..at].ends_with(char::is_alphanumeric)
}

fn goes_on(rest: &str) -> bool {
    rest.starts_with(char::is_alphanumeric)
}
