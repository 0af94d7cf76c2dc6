//! One letter: its words, and how they become a message (RFC 5322).

use std::time::{Duration, UNIX_EPOCH};

use domain::{EmailAddress, Timestamp};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

/// What is written to one person: a few sentences around one link.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: EmailAddress,
    pub subject: String,
    /// Before the link, a paragraph each.
    pub before: Vec<String>,
    /// What the link does, in few words.
    pub deed: &'static str,
    pub link: SecretString,
    pub after: Vec<String>,
}

/// An address that no mail can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreachable;

impl Letter {
    /// The message from `from`, written at `at`. Nothing in it is left to chance or to the machine's clock.
    ///
    /// # Errors
    /// Where the address cannot stand in an envelope.
    pub(super) fn message(&self, from: &Mailbox, id: Uuid, at: Timestamp) -> Result<Message, Unreachable> {
        let to = Mailbox::new(None, address(&self.to)?);
        let date = UNIX_EPOCH + Duration::from_secs(u64::try_from(at.as_secs()).unwrap_or(0));
        let parts = MultiPart::alternative().boundary(format!("herald-{}", id.simple()));
        let builder = Message::builder()
            .from(from.clone())
            .to(to)
            .subject(line(&self.subject))
            .date(date)
            .message_id(Some(format!("<{id}@{}>", from.email.domain())));
        // RFC 3834 §5: nobody's holiday notice answers it.
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let builder = builder.raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()));
        let parts =
            parts.singlepart(SinglePart::plain(self.text())).singlepart(SinglePart::html(self.html()));
        builder.multipart(parts).map_err(|_| Unreachable)
    }

    fn text(&self) -> String {
        let link = self.link.expose_secret().to_owned();
        let before = self.before.iter().map(|text| line(text));
        let after = self.after.iter().map(|text| line(text));
        before.chain([link]).chain(after).collect::<Vec<_>>().join("\r\n\r\n") + "\r\n"
    }

    fn html(&self) -> String {
        let paragraph = |text: &String| format!("<p>{}</p>\r\n", escaped(&line(text)));
        let before: String = self.before.iter().map(paragraph).collect();
        let after: String = self.after.iter().map(paragraph).collect();
        let link = escaped(self.link.expose_secret());
        format!(
            "<!doctype html>\r\n<html lang=\"en\"><body>\r\n{before}<p><a href=\"{link}\">{}</a></p>\r\n\
             {after}</body></html>\r\n",
            escaped(self.deed)
        )
    }
}

/// Whether mail can be addressed so.
pub(crate) fn reaches(email: &EmailAddress) -> bool {
    address(email).is_ok()
}

/// # Errors
/// What an envelope cannot hold.
fn address(email: &EmailAddress) -> Result<Address, Unreachable> {
    email.as_str().parse().map_err(|_| Unreachable)
}

/// One line: no control character, nothing that turns the direction of what follows.
fn line(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    text.chars().filter(|c| !turns(*c)).map(plain).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(subject: &str, said: &str) -> Letter {
        Letter {
            to: EmailAddress::parse("neu@contoso.example").unwrap(),
            subject: subject.to_owned(),
            before: vec![said.to_owned()],
            deed: "Go",
            link: SecretString::from("https://herald.example/x#token=hi_abc"),
            after: vec!["Bye.".to_owned()],
        }
    }

    fn formatted(letter: &Letter) -> String {
        let from = "Herald <herald@example.org>".parse().unwrap();
        let at = Timestamp::parse("2026-11-24T08:00:00Z").unwrap();
        let message = letter.message(&from, Uuid::nil(), at).unwrap();
        String::from_utf8(message.formatted()).unwrap()
    }

    #[test]
    fn a_letter_says_who_when_and_that_a_machine_wrote_it() {
        let text = formatted(&letter("Hello", "Do come."));
        for head in [
            "From: Herald <herald@example.org>\r\n",
            "To: neu@contoso.example\r\n",
            "Subject: Hello\r\n",
            "Date: Tue, 24 Nov 2026 08:00:00 +0000\r\n",
            "Message-ID: <00000000-0000-0000-0000-000000000000@example.org>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "MIME-Version: 1.0\r\n",
        ] {
            assert!(text.contains(head), "{head:?} in {text}");
        }
        assert!(text.contains("\r\nDo come.\r\n\r\nhttps://herald.example/x#token=hi_abc\r\n\r\nBye.\r\n"));
        assert_eq!(text, formatted(&letter("Hello", "Do come.")), "nothing is left to chance");
    }

    #[test]
    fn a_name_adds_no_header_and_no_element() {
        let name = "Eve\r\nBcc: all@contoso.example\r\n\r\n<script>\u{202e}x</script>";
        let text = formatted(&letter(name, name));
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(!head.contains("\r\nBcc") && head.contains("Subject: Eve  Bcc: "), "{head}");
        assert!(!body.contains("<script>") || !body.contains("<p>Eve  Bcc: all@contoso.example    <script>"));
        assert!(body.contains("&lt;script&gt;x&lt;/script&gt;") && !body.contains('\u{202e}'));
    }
}
