//! Reads Rust source just well enough for the rules: tokens without comments, paths without groups.

/// A token and the line it stands on, from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub kind: Kind,
    pub line: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Word(String),
    /// A string's text as written, without quotes.
    Text(String),
    PathSep,
    Mark(char),
}

impl Token {
    pub fn is_word(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(own) if own == word)
    }

    pub fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }
}

/// A path such as `crate::view::parts::Badge`, with groups spread out and `crate`, `self` and `super` kept.
#[derive(Clone, Debug, PartialEq)]
pub struct UsePath {
    pub line: usize,
    pub segments: Vec<String>,
    /// How many `mod name { … }` of this file stand around it.
    pub inline_modules: usize,
    pub imported: bool,
}

/// The tokens of `source` without comments.
pub fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let (mut at, mut line, mut found) = (0, 1, Vec::new());
    while at < chars.len() {
        let start = at;
        let kind = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
                None
            }
            '/' if chars.get(at + 1) == Some(&'*') => {
                at = after_block_comment(&chars, at);
                None
            }
            '"' => {
                at = after_string(&chars, at + 1);
                Some(Kind::Text(
                    chars[start + 1..at.saturating_sub(1)].iter().collect(),
                ))
            }
            'r' if raw_hashes(&chars, at + 1).is_some() => {
                let hashes = raw_hashes(&chars, at + 1).unwrap_or(0);
                at = after_raw_string(&chars, at + 1 + hashes + 1, hashes);
                Some(Kind::Text(chars[start..at].iter().collect()))
            }
            // A character or a lifetime.
            '\'' => {
                at += match (chars.get(at + 1), chars.get(at + 2)) {
                    (Some('\\'), _) => {
                        2 + chars[at + 2..]
                            .iter()
                            .skip(1)
                            .position(|&c| c == '\'')
                            .map_or(0, |n| n + 2)
                    }
                    (_, Some('\'')) => 3,
                    _ => 1,
                };
                None
            }
            c if c.is_alphanumeric() || c == '_' => {
                while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_') {
                    at += 1;
                }
                Some(Kind::Word(chars[start..at].iter().collect()))
            }
            ':' if chars.get(at + 1) == Some(&':') => {
                at += 2;
                Some(Kind::PathSep)
            }
            c => {
                at += 1;
                (!c.is_whitespace()).then_some(Kind::Mark(c))
            }
        };
        let at_end = at.min(chars.len());
        found.extend(kind.map(|kind| Token { kind, line }));
        line += chars[start..at_end].iter().filter(|&&c| c == '\n').count();
    }
    found
}

/// The tokens without what `#[cfg(test)]` stands before.
pub fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_cfg_test(&tokens[at..]) {
            at = after_item(tokens, at + CFG_TEST.len());
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// Every path in `tokens`: all that `use` names, and elsewhere those of two segments and more.
pub fn paths(tokens: &[Token]) -> Vec<UsePath> {
    let mut found = Vec::new();
    let (mut depth, mut modules): (usize, Vec<usize>) = (0, Vec::new());
    let (mut at, mut imported) = (0, false);
    while at < tokens.len() {
        let token = &tokens[at];
        match &token.kind {
            Kind::Mark('{') => {
                if at >= 2 && tokens[at - 2].is_word("mod") {
                    modules.push(depth);
                }
                depth += 1;
            }
            Kind::Mark('}') => {
                depth = depth.saturating_sub(1);
                modules.pop_if(|opened| *opened == depth);
            }
            Kind::Mark(';') => imported = false,
            Kind::Word(word) if word == "use" => imported = true,
            Kind::Word(_) => {
                let mut spread = Vec::new();
                at = spread_path(tokens, at, &[], &mut spread);
                for segments in spread.into_iter().filter(|path| imported || path.len() > 1) {
                    let inline_modules = modules.len();
                    found.push(UsePath {
                        line: token.line,
                        segments,
                        inline_modules,
                        imported,
                    });
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads `a::b::{c, d::*}` from `at` on into one path each; returns where it ends.
fn spread_path(
    tokens: &[Token],
    mut at: usize,
    prefix: &[String],
    out: &mut Vec<Vec<String>>,
) -> usize {
    let mut path = prefix.to_vec();
    loop {
        match tokens.get(at).map(|token| &token.kind) {
            Some(Kind::Word(word)) => path.push(word.clone()),
            Some(Kind::Mark('*')) => path.push("*".into()),
            Some(Kind::Mark('{')) => {
                at += 1;
                while let Some(token) = tokens.get(at) {
                    match &token.kind {
                        Kind::Mark('}') => return at + 1,
                        Kind::Mark(',') => at += 1,
                        Kind::Word(word) if word == "as" => at += 2,
                        Kind::Word(_) | Kind::Mark('*' | '{') => {
                            at = spread_path(tokens, at, &path, out)
                        }
                        _ => at += 1,
                    }
                }
                return at;
            }
            _ => break,
        }
        at += 1;
        let goes_on = tokens
            .get(at)
            .is_some_and(|token| token.kind == Kind::PathSep);
        // `a::<T>` and macro fragments end a path as well.
        let next_is_part = tokens
            .get(at + 1)
            .is_some_and(|token| matches!(token.kind, Kind::Word(_) | Kind::Mark('*' | '{')));
        if !(goes_on && next_is_part) {
            break;
        }
        at += 1;
    }
    out.push(path);
    at
}

const CFG_TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];

fn is_cfg_test(tokens: &[Token]) -> bool {
    tokens.len() >= CFG_TEST.len()
        && tokens
            .iter()
            .zip(CFG_TEST)
            .all(|(token, expected)| match &token.kind {
                Kind::Word(word) => word == expected,
                Kind::Mark(mark) => expected.starts_with(*mark),
                _ => false,
            })
}

/// Where the item that starts at `at` ends: after its `;` or its closing brace.
fn after_item(tokens: &[Token], mut at: usize) -> usize {
    let mut depth = 0;
    while at < tokens.len() {
        match tokens[at].kind {
            Kind::Mark('{' | '(' | '[') => depth += 1,
            Kind::Mark(close @ ('}' | ')' | ']')) => {
                depth -= 1;
                if depth <= 0 && close == '}' {
                    return at + 1;
                }
            }
            Kind::Mark(';') if depth == 0 => return at + 1,
            _ => {}
        }
        at += 1;
    }
    at
}

fn after_block_comment(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn after_string(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// How many `#` stand before the quote of a raw string that goes on at `at`, if it is one.
fn raw_hashes(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at.min(chars.len())..]
        .iter()
        .take_while(|&&c| c == '#')
        .count();
    (chars.get(at + hashes) == Some(&'"')).then_some(hashes)
}

fn after_raw_string(chars: &[char], mut at: usize, hashes: usize) -> usize {
    while at < chars.len() {
        let closes = chars[at] == '"'
            && chars[at + 1..]
                .iter()
                .take(hashes)
                .filter(|&&c| c == '#')
                .count()
                == hashes;
        at += 1;
        if closes {
            return at + hashes;
        }
    }
    chars.len()
}

#[test]
fn tokens_leave_comments_out_and_keep_texts() {
    let words = |source| -> Vec<String> {
        tokens(source)
            .into_iter()
            .filter_map(|token| match token.kind {
                Kind::Word(word) => Some(word),
                Kind::Text(text) => Some(format!("<{text}>")),
                _ => None,
            })
            .collect()
    };
    for (source, expected) in [
        ("a // b\nc", "a c"),
        ("a /* b /* c */ d */ e", "a e"),
        (r#"a "b \" // c" d"#, r#"a <b \" // c> d"#),
        (r###"a r#"b " c"# d"###, r###"a <r#"b " c"#> d"###),
        ("'a' b '\\'' c '\\u{1b}' d", "b c d"),
        ("fn a<'b>(c: &'b str)", "fn a b c b str"),
    ] {
        assert_eq!(words(source).join(" "), expected, "in {source}");
    }
}

#[test]
fn tokens_count_lines() {
    let lines: Vec<usize> = tokens("a\n/* \n */ b \"\n\" c")
        .iter()
        .map(|token| token.line)
        .collect();
    assert_eq!(lines, [1, 3, 3, 4]);
}

#[test]
fn paths_spread_groups() {
    for (source, expected) in [
        ("use a::b;", "a::b"),
        (
            "use a::{b, c::{self, d}, e as f};",
            "a::b a::c::self a::c::d a::e",
        ),
        ("use {crate::a, b::*};", "crate::a b::*"),
        ("use a;", "a"),
        ("let x = a::b(c, d::<E>::f);", "a::b"),
        ("fn f() -> crate::a::B { c }", "crate::a::B"),
    ] {
        let found: Vec<String> = paths(&tokens(source))
            .into_iter()
            .map(|path| path.segments.join("::"))
            .collect();
        assert_eq!(found.join(" "), expected, "in {source}");
    }
}

#[test]
fn paths_know_inline_modules() {
    let source = "use a::b; mod m { use c::d; fn f() { mod n { use e::f; } } } use g::h;";
    let depths: Vec<usize> = paths(&tokens(source))
        .iter()
        .map(|path| path.inline_modules)
        .collect();
    assert_eq!(depths, [0, 1, 2, 0]);
}

#[test]
fn tests_are_left_out() {
    let source = "a; #[cfg(test)] mod tests { fn f() { b } } c; #[cfg(test)] mod d; e; #[cfg(test)] fn f() {} g";
    let words: Vec<String> = without_tests(&tokens(source))
        .into_iter()
        .filter_map(|token| match token.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        })
        .collect();
    assert_eq!(words, ["a", "c", "e", "g"]);
}
