//! Lines that wait in a temporary file, first in, first out.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Result, Seek, SeekFrom, Write};

/// A file without a name: it is gone with the process, whatever happens.
pub(super) struct Spill {
    writer: BufWriter<File>,
    reader: BufReader<File>,
    /// Lines not yet taken.
    lines: usize,
    /// Where the next line to be taken starts.
    position: u64,
}

impl Spill {
    pub(super) fn new() -> Result<Self> {
        let file = tempfile::tempfile()?;
        Ok(Self {
            reader: BufReader::new(file.try_clone()?),
            writer: BufWriter::new(file),
            lines: 0,
            position: 0,
        })
    }

    pub(super) fn lines(&self) -> usize {
        self.lines
    }

    /// Both handles share one offset, so each use says where it is.
    pub(super) fn push(&mut self, line: &str) -> Result<()> {
        self.writer.seek(SeekFrom::End(0))?;
        self.writer.write_all(line.as_bytes())?;
        self.writer.write_all(b"\n")?;
        self.writer.flush()?;
        self.lines += 1;
        Ok(())
    }

    /// Takes lines from the front until `full` says so; frees the file once it is empty.
    pub(super) fn take(&mut self, mut full: impl FnMut(&str) -> bool) -> Result<Vec<String>> {
        self.reader.seek(SeekFrom::Start(self.position))?;
        let mut taken = Vec::new();
        while self.lines > 0 {
            let mut line = String::new();
            self.position += self.reader.read_line(&mut line)? as u64;
            self.lines -= 1;
            line.truncate(line.trim_end_matches('\n').len());
            let stop = full(&line);
            taken.push(line);
            if stop {
                break;
            }
        }
        if self.lines == 0 {
            self.writer.get_ref().set_len(0)?;
            self.position = 0;
        }
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_in_first_out_over_refills() {
        let mut spill = Spill::new().unwrap();
        for round in 0..3 {
            for line in 0..10 {
                spill.push(&format!("{round}.{line} ü")).unwrap();
            }
            let mut count = 0;
            let first = spill
                .take(|_| {
                    count += 1;
                    count == 4
                })
                .unwrap();
            spill.push("late").unwrap();
            let rest = spill.take(|_| false).unwrap();
            assert_eq!((first.len(), rest.len(), spill.lines()), (4, 7, 0));
            assert_eq!(first[0], format!("{round}.0 ü"));
            assert_eq!(rest[0], format!("{round}.4 ü"));
            assert_eq!(rest[6], "late");
        }
    }
}
