//! serde's derived readers with one body of code for all types: a struct asks for its fields in
//! their order, and gets each from the members of the object that was found.
//!
//! `serde_json::from_str` makes a parser of its own for each type, which is most of what reading
//! costs a download (docs/decisions/0006-size.md). Here each type costs the list of its fields.

use super::lenient::Members;
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess,
    SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Error;
use serde_json::value::RawValue;

/// Told the name of a field that was left out, and why.
pub(super) type Report<'r> = &'r mut dyn FnMut(&str, Error);

/// Reads a struct. A field that cannot be read is as one that is absent, and told to `report`.
pub(super) fn read<T: DeserializeOwned>(text: &str, report: Report<'_>) -> Result<T, Error> {
    T::deserialize(Given {
        text,
        report: Some(report),
    })
}

/// A value as it was received.
struct Given<'a, 'r> {
    text: &'a str,
    /// Of a record: who is told what it has to do without. Within its parts all must be well.
    report: Option<Report<'r>>,
}

impl<'a> Given<'a, '_> {
    fn part(text: &'a str) -> Self {
        Self { text, report: None }
    }

    fn elements(&self) -> Result<Elements<'a>, Error> {
        let list: Vec<&RawValue> = serde_json::from_str(self.text)?;
        Ok(Elements(list.into_iter()))
    }
}

/// The fields of a struct, in its order.
struct Fields<'a, 'r> {
    members: Members<'a>,
    /// In serde's list a name is followed by its other spellings.
    names: &'static [&'static str],
    report: Option<Report<'r>>,
    /// What the struct was last told not to be there; if it then gives up, it was needed.
    absent: Option<&'static str>,
    current: &'static str,
}

impl<'a, 'r> Fields<'a, 'r> {
    fn new(given: Given<'a, 'r>, names: &'static [&'static str]) -> Result<Self, Error> {
        Ok(Self {
            members: Members::parse(given.text)?,
            names,
            report: given.report,
            absent: None,
            current: "",
        })
    }

    /// The value of the next field.
    #[inline(never)]
    fn advance(&mut self) -> Option<&'a str> {
        let (name, mut rest) = self.names.split_first()?;
        let mut value = self.members.get(name);
        while let Some((other, after)) = rest.split_first()
            && is_spelling(name, other)
        {
            value = value.or_else(|| self.members.get(other));
            rest = after;
        }
        self.names = rest;
        self.current = name;
        self.absent = value.is_none().then_some(*name);
        value
    }

    /// The current field cannot be read.
    #[inline(never)]
    fn odd(&mut self, error: Error) -> Result<(), Error> {
        let Some(report) = &mut self.report else {
            return Err(error);
        };
        report(self.current, error);
        self.absent = Some(self.current);
        Ok(())
    }

    /// Why the struct gave up.
    #[inline(never)]
    fn why(&self, error: Error) -> Error {
        match self.absent {
            Some(name) => Error::missing_field(name),
            None => error,
        }
    }
}

/// Whether two neighbours in serde's list are one field: `runId` and `run_id`.
fn is_spelling(name: &str, other: &str) -> bool {
    let plain = |c: &u8| *c != b'_';
    other.contains('_')
        && name
            .bytes()
            .filter(plain)
            .map(|c| c.to_ascii_lowercase())
            .eq(other.bytes().filter(plain))
}

impl<'de> SeqAccess<'de> for Fields<'de, '_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(text) = self.advance() else {
            return Ok(None);
        };
        match seed.deserialize(Given::part(text)) {
            Ok(value) => Ok(Some(value)),
            Err(error) => self.odd(error).map(|()| None),
        }
    }
}

/// The elements of a list.
struct Elements<'a>(std::vec::IntoIter<&'a RawValue>);

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        match self.0.next() {
            Some(raw) => seed.deserialize(Given::part(raw.get())).map(Some),
            None => Ok(None),
        }
    }
}

/// The members of an object whose names are data.
struct Entries<'a> {
    members: Members<'a>,
    next: usize,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        match self.members.nth(self.next) {
            Some((name, _)) => {
                let name: StrDeserializer<'_, Error> = name.into_deserializer();
                seed.deserialize(name).map(Some)
            }
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let value = self.members.nth(self.next).map_or("null", |(_, it)| it);
        self.next += 1;
        seed.deserialize(Given::part(value))
    }
}

impl<'de> Deserializer<'de> for Given<'de, '_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut fields = Fields::new(self, names)?;
        visitor
            .visit_seq(&mut fields)
            .map_err(|error| fields.why(error))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.text {
            "null" => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self.elements()?)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let members = Members::parse(self.text)?;
        visitor.visit_map(Entries { members, next: 0 })
    }

    /// Text, else a number: nothing else is read as whatever it is.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.text.starts_with('"') {
            true => self.deserialize_str(visitor),
            false => self.deserialize_i64(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        serde_json::Deserializer::from_str(self.text).deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        serde_json::Deserializer::from_str(self.text).deserialize_bool(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        serde_json::Deserializer::from_str(self.text).deserialize_i64(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_i64(visitor)
    }

    /// Raw JSON, which is serde_json's own to hand out.
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        serde_json::Deserializer::from_str(self.text).deserialize_newtype_struct(name, visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u128 f32 char bytes byte_buf unit unit_struct tuple tuple_struct enum
        identifier ignored_any
    }
}
