//! Small tools that every wire type uses: open enums, ids that may be numbers, raw JSON.

use serde::de::{self, Deserialize, Deserializer, Visitor};
use std::fmt;

/// JSON kept as the text it arrived in, so that big numbers and key order survive.
pub type Json = Box<serde_json::value::RawValue>;

/// Declares an enum of strings that keeps what it does not know in `Other`.
///
/// Reading ignores case and accepts aliases; writing gives the canonical word.
macro_rules! wire_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal $(| $alias:literal)*),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$vmeta])* $variant,)+
            /// A word this version does not know, as it arrived.
            Other(String),
        }

        impl $name {
            /// Reads a word; never fails.
            pub fn from_word(word: &str) -> Self {
                // Nearly all words are spelled as they should be.
                match word { $($word => return Self::$variant,)+ _ => {} }
                $(if [$word $(, $alias)*].iter().any(|known| known.eq_ignore_ascii_case(word)) { return Self::$variant; })+
                Self::Other(word.to_owned())
            }

            /// The canonical word, as we write it.
            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $word,)+ Self::Other(word) => word }
            }

            /// All words known, canonical spelling.
            pub const WORDS: &'static [&'static str] = &[$($word),+];
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result { f.write_str(self.as_str()) }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Word;
                impl ::serde::de::Visitor<'_> for Word {
                    type Value = $name;
                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result { f.write_str("a word") }
                    fn visit_str<E: ::serde::de::Error>(self, word: &str) -> Result<$name, E> { Ok($name::from_word(word)) }
                }
                deserializer.deserialize_str(Word)
            }
        }
    };
}
pub(crate) use wire_enum;

/// Reads an id given as a string or as a whole number.
pub(crate) fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    deserializer.deserialize_any(IdVisitor)
}

/// As [`id`], for an optional id: null and absent are the same.
pub(crate) fn optional_id<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    struct Id(String);
    impl<'de> Deserialize<'de> for Id {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            id(deserializer).map(Id)
        }
    }
    Ok(Option::<Id>::deserialize(deserializer)?.map(|id| id.0))
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id (text or a whole number)")
    }

    fn visit_str<E: de::Error>(self, id: &str) -> Result<String, E> {
        Ok(id.to_owned())
    }

    fn visit_string<E: de::Error>(self, id: String) -> Result<String, E> {
        Ok(id)
    }

    fn visit_u64<E: de::Error>(self, id: u64) -> Result<String, E> {
        Ok(id.to_string())
    }

    fn visit_i64<E: de::Error>(self, id: i64) -> Result<String, E> {
        Ok(id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use crate::studio::{RunStatus, TraceType};

    #[test]
    fn words_fold_aliases_and_keep_the_unknown() {
        for (word, want) in [
            ("RUNNING", RunStatus::Running),
            ("running", RunStatus::Running),
            ("CANCELED", RunStatus::Cancelled),
            ("CANCELLED", RunStatus::Cancelled),
            ("CONTINUED_AS_NEW", RunStatus::ContinuedAsNew),
            ("PAUSED", RunStatus::Paused),
            ("SLEEPING", RunStatus::Other("SLEEPING".into())),
        ] {
            assert_eq!(RunStatus::from_word(word), want, "{word}");
        }
        for (word, want) in [
            ("STARTED", TraceType::Started),
            ("NODE_STARTED", TraceType::Started),
            ("NODE_LOG", TraceType::Log),
            ("NODE_ARTIFACT", TraceType::Artifact),
            ("WORKFLOW_STATUS", TraceType::WorkflowStatus),
            ("NODE_DREAMT", TraceType::Other("NODE_DREAMT".into())),
        ] {
            assert_eq!(TraceType::from_word(word), want, "{word}");
        }
    }
}
