//! What the letters say.

use std::time::Duration;

use domain::EmailAddress;
use secrecy::SecretString;

use super::Letter;

/// Somebody is asked into a tenant. `inviter` is a name or an address; both are given by people, and cut.
pub(crate) fn invitation(
    to: EmailAddress,
    (inviter, tenant): (&str, &str),
    link: SecretString,
    lives: Duration,
) -> Letter {
    let (inviter, tenant) = (cut(inviter), cut(tenant));
    Letter {
        to,
        subject: format!("{inviter} invites you to {tenant}"),
        before: vec![
            "Hello,".to_owned(),
            format!("{inviter} invites you to {tenant}."),
            "To accept, open this link. You can choose a password there, or join with the one you have."
                .to_owned(),
        ],
        deed: "Accept the invitation",
        link,
        after: vec![
            format!("The link works once, within {}.", span(lives)),
            "If you do not know what this is about, do nothing: without the link nothing happens.".to_owned(),
        ],
    }
}

/// Somebody may choose a new password.
pub(crate) fn password_reset(to: EmailAddress, link: SecretString, lives: Duration) -> Letter {
    Letter {
        to,
        subject: "Choose a new password".to_owned(),
        before: vec![
            "Hello,".to_owned(),
            "Somebody asked for a new password for your account. To choose one, open this link:".to_owned(),
        ],
        deed: "Choose a new password",
        link,
        after: vec![
            format!("The link works once, within {}. It signs you out everywhere.", span(lives)),
            "If it was not you, do nothing: your password stays as it is.".to_owned(),
        ],
    }
}

/// Somebody's address was changed; to the old one. `link` leads to this installation.
pub(crate) fn address_changed(to: EmailAddress, new: &EmailAddress, link: SecretString) -> Letter {
    Letter {
        to,
        subject: "Your address was changed".to_owned(),
        before: vec![
            "Hello,".to_owned(),
            format!(
                "The address of your account is now {}. It was changed with your password, here:",
                cut(new.as_str())
            ),
        ],
        deed: "Where your account is",
        link,
        after: vec!["If it was not you, tell whoever administers your account at once.".to_owned()],
    }
}

/// What people gave, no longer than a line.
fn cut(text: &str) -> String {
    const MOST: usize = 80;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST - 1).chain(['…']).collect()
}

/// `7 days`, `1 hour`, `90 minutes`: the largest unit that leaves nothing over.
fn span(span: Duration) -> String {
    let minutes = span.as_secs().div_ceil(60);
    let (count, unit) = match minutes {
        m if m >= 1440 && m % 1440 == 0 => (m / 1440, "day"),
        m if m >= 60 && m % 60 == 0 => (m / 60, "hour"),
        m => (m, "minute"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_one_unit() {
        for (minutes, said) in
            [(1, "1 minute"), (60, "1 hour"), (90, "90 minutes"), (1440, "1 day"), (10_080, "7 days")]
        {
            assert_eq!(span(Duration::from_mins(minutes)), said);
        }
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(cut("Ärzte").as_str(), "Ärzte");
        assert_eq!(cut(&"ä".repeat(200)).chars().count(), 80);
    }
}
