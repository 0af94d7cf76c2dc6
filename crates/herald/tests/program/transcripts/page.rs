//! A Markdown page as text and the commands of its `console` blocks.

use std::fmt;

/// A command, and what the page shows it to print.
pub struct Part {
    /// As typed: continued lines hold their `\` and line break.
    pub command: String,
    pub output: String,
}

enum Piece {
    /// A line outside, or a fence.
    Line(String),
    Part(Part),
}

pub struct Page(Vec<Piece>);

impl Page {
    pub fn read(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut lines = text.lines().peekable();
        let mut inside = false;
        while let Some(line) = lines.next() {
            if line.starts_with("```") {
                inside = line == "```console";
            }
            let Some(first) = line.strip_prefix("$ ").filter(|_| inside) else {
                pieces.push(Piece::Line(line.to_owned()));
                continue;
            };
            let mut command = first.to_owned();
            while command.ends_with('\\') {
                command = format!("{command}\n{}", lines.next().unwrap());
            }
            let mut output = String::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ") && !line.starts_with("```")) {
                output = output + line + "\n";
            }
            pieces.push(Piece::Part(Part { command, output }));
        }
        Self(pieces)
    }

    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.0.iter().filter_map(|piece| if let Piece::Part(part) = piece { Some(part) } else { None })
    }

    pub fn parts_mut(&mut self) -> impl Iterator<Item = &mut Part> {
        self.0.iter_mut().filter_map(|piece| if let Piece::Part(part) = piece { Some(part) } else { None })
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Line(line) => writeln!(f, "{line}")?,
                Piece::Part(part) => {
                    writeln!(f, "$ {}", part.command)?;
                    f.write_str(&part.output)?;
                }
            }
        }
        Ok(())
    }
}

#[test]
fn a_page_is_written_as_it_was_read() {
    let text = "# Title\n\n```console\n$ curl a \\\n    b\n{\n}\n\n$ NAME=x\n$ c\n```\nmore\n```sh\n$ not this\n```\n";
    let page = Page::read(text);
    assert_eq!(page.to_string(), text);
    let parts: Vec<_> = page.parts().map(|part| (part.command.clone(), part.output.clone())).collect();
    let part = |command: &str, output: &str| (command.to_owned(), output.to_owned());
    assert_eq!(parts, [part("curl a \\\n    b", "{\n}\n\n"), part("NAME=x", ""), part("c", "")]);
}
