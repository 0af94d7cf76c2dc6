//! What a use case refused, in a sentence for the command line.

use std::error::Error;

use app::Failure;

use crate::failed::Failed;

/// The failure of a command whose use case refused.
pub fn refused(failure: &Failure) -> Failed {
    let mut text = match failure.fields.as_slice() {
        [] if failure.code == "quota_exceeded" => {
            format!("{}; raise it in a world file and `herald apply` it", sentence(&failure.public))
        }
        [] => sentence(&failure.public),
        fields => {
            let faults: Vec<String> =
                fields.iter().map(|f| format!("the {} {}", f.field, f.message)).collect();
            faults.join("; ")
        }
    };
    if let Some(source) = &failure.source {
        text = format!("{text}: {}", causes(&**source));
    }
    Failed::because(text)
}

/// A public sentence as it stands after "herald:": without its capital and its full stop.
pub fn sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// An error and what is behind it, each once.
pub fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use app::failure::Kind;

    use super::*;

    #[test]
    fn a_refusal_reads_as_the_end_of_a_line() {
        let failure =
            Failure::new(Kind::Conflict, "last_operator", "This is the last operator; make another.");
        assert_eq!(refused(&failure).to_string(), "herald: this is the last operator; make another");
        let failure = Failure::invalid_field("password", "must have at least 12 characters");
        assert_eq!(refused(&failure).to_string(), "herald: the password must have at least 12 characters");
    }

    #[test]
    fn what_is_behind_a_refusal_is_said() {
        let failure = Failure::from(store::StoreError::Full);
        assert!(refused(&failure).to_string().ends_with(": the store is full"));
    }
}
