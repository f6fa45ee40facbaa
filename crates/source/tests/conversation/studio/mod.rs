//! The conversation with a real Studio: what is asked, when, and that every record arrives once.

mod lines;
mod manner;
mod news;
mod streams;
mod talk;
mod terminals;
mod whole;
