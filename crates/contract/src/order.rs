//! Natural order of ids: `l2` before `l10`, as a person counts.

/// A key whose byte order is the natural order of `id`: each run of digits is replaced by its
/// length and its digits without leading zeros, so that longer numbers sort later.
///
/// Two different ids never share a key: the id itself closes it.
pub fn natural_key(id: &str) -> String {
    let mut key = String::with_capacity(id.len() + 4);
    let mut rest = id;
    while let Some(first) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let number = rest[..digits].trim_start_matches('0');
            // `0` to `~` in ASCII: numbers of up to 78 digits keep their order.
            key.push(char::from(b'0' + number.len().min(78) as u8));
            key.push_str(number);
            rest = &rest[digits..];
        } else {
            key.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    key.push('\u{0}');
    key.push_str(id);
    key
}

#[cfg(test)]
mod tests {
    use super::natural_key;
    use proptest::prelude::*;

    #[test]
    fn counts_as_a_person_does() {
        let drawn = [
            "", "1", "2", "10", "a", "a1", "a02", "a2", "a10", "a10b", "b",
        ];
        let mut sorted = drawn.to_vec();
        sorted.reverse();
        sorted.sort_by_key(|id| natural_key(id));
        assert_eq!(sorted, drawn);
    }

    proptest! {
        #[test]
        fn numbers_sort_as_numbers(a in any::<u64>(), b in any::<u64>()) {
            let (ka, kb) = (natural_key(&format!("run-{a}")), natural_key(&format!("run-{b}")));
            prop_assert_eq!(ka.cmp(&kb), a.cmp(&b));
        }

        #[test]
        fn different_ids_have_different_keys(a in "[a0-9]{0,6}", b in "[a0-9]{0,6}") {
            prop_assert_eq!(natural_key(&a) == natural_key(&b), a == b);
        }
    }
}
