//! The transcripts in `docs/api`: every command of every page is run by a real shell against the demo, and what it
//! prints is held against what the page shows.

mod judge;
mod page;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use self::judge::Bound;
use self::page::Page;
use super::program::{Home, Server};

fn pages() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/api");
    let mut all: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    all.sort();
    all
}

/// A shell's variables, and what the literals of a page stand for in this run.
struct Reader {
    variables: BTreeMap<String, String>,
    bound: Bound,
    home: Home,
}

impl Reader {
    fn new(server: &Server) -> Self {
        let variables = BTreeMap::from([("HERALD".to_owned(), server.url.clone())]);
        let mut bound = Bound::default();
        bound.bind("http://127.0.0.1:8080", &server.url);
        Self { variables, bound, home: Home::new() }
    }

    /// What a command prints.
    fn types(&mut self, command: &str) -> String {
        let command = self.bound.fill(command);
        if let Some(given) = Assignment::read(&command) {
            self.variables.insert(given.name.to_owned(), given.value.to_owned());
            return String::new();
        }
        let folder = self.home.path(".");
        let ran = Command::new("sh")
            .args(["-c", &command])
            .envs(&self.variables)
            .current_dir(folder)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{command}\n{said}");
        String::from_utf8(ran.stdout).unwrap()
    }
}

/// `NAME=value`, and behind a `#` the field of the answer above from which the value is taken.
struct Assignment<'c> {
    name: &'c str,
    value: &'c str,
    field: Option<&'c str>,
}

impl<'c> Assignment<'c> {
    fn read(command: &'c str) -> Option<Self> {
        let (line, field) = match command.split_once("  # ") {
            Some((line, field)) => (line, Some(field)),
            None => (command, None),
        };
        let (name, value) = line.split_once('=')?;
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
        (plain && !value.contains(' ')).then_some(Self { name, value, field })
    }
}

/// Walks a page: what is not as it shows.
fn walk(page: &Page) -> Vec<String> {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let mut reader = Reader::new(&server);
    let mut wrong = Vec::new();
    for part in page.parts() {
        let printed = reader.types(&part.command);
        if let Err(why) = reader.bound.judge(&part.output, &printed) {
            wrong.push(format!("$ {}\n{why}\nprinted:\n{}", part.command, judge::shown(&printed)));
        }
    }
    server.stop();
    wrong
}

/// As [`walk`], but what differs is taken over, and so is what an assignment takes from the answer above it.
fn write(page: &mut Page) {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let mut reader = Reader::new(&server);
    let mut answer = serde_json::Value::Null;
    for part in page.parts_mut() {
        if let Some(Assignment { name, field: Some(field), .. }) = Assignment::read(&part.command) {
            let value = answer.pointer(&format!("/{}", field.replace('.', "/")));
            let value = value.and_then(|value| value.as_str()).unwrap_or_else(|| panic!("{field}: {answer}"));
            part.command = format!("{name}={value}  # {field}");
        }
        let printed = reader.types(&part.command);
        if reader.bound.judge(&part.output, &printed).is_err() {
            part.output = judge::shown(&printed);
        }
        if let Ok(shown) = serde_json::from_str(judge::body(&part.output)) {
            answer = shown;
        }
    }
    server.stop();
}

#[test]
fn every_command_of_every_page_prints_what_the_page_shows() {
    let mut wrong = Vec::new();
    for path in pages() {
        let page = Page::read(&fs::read_to_string(&path).unwrap());
        assert!(page.parts().count() > 0, "{} shows nothing", path.display());
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        wrong.extend(walk(&page).into_iter().map(|why| format!("{name}: {why}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
#[ignore = "writes docs/api: for who changed what a page shows"]
fn write_the_pages_anew() {
    for path in pages() {
        let mut page = Page::read(&fs::read_to_string(&path).unwrap());
        write(&mut page);
        fs::write(&path, page.to_string()).unwrap();
    }
}
