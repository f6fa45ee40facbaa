//! The words that stand in whatever a pattern matches: text without them need not be looked at.

use super::parse::Tree;
use crate::search::literal::Literal;

/// Words in the order in which they stand in every match, none over another.
pub fn required(tree: &Tree) -> Vec<Literal> {
    let mut found = Found::default();
    found.read(tree);
    found.end();
    found.words
}

#[derive(Default)]
struct Found {
    words: Vec<Literal>,
    word: String,
    ignore_case: bool,
}

impl Found {
    fn read(&mut self, tree: &Tree) {
        match tree {
            Tree::Look(_) => {}
            Tree::Sequence(trees) => trees.iter().for_each(|tree| self.read(tree)),
            Tree::Chars(chars) => match chars.single() {
                Some((char, ignore_case)) => {
                    self.word.push(char);
                    self.ignore_case |= ignore_case;
                }
                None => self.end(),
            },
            Tree::Repeat { tree, least, .. } if *least > 0 => {
                self.read(tree);
                self.end();
            }
            Tree::Repeat { .. } | Tree::Either(_) => self.end(),
        }
    }

    fn end(&mut self) {
        if !self.word.is_empty() {
            let word = std::mem::take(&mut self.word);
            self.words.push(Literal::new(&word, self.ignore_case));
        }
        self.ignore_case = false;
    }
}
