//! What other systems say, field for field.
