//! Which mail server, and how it is reached: `smtp.url` and `smtp.from`.

use std::fmt;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

pub(super) type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// A mail server and a sender that were checked. The URL may hold a password, and does not print.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// As lettre reads it: every choice about TLS is written out.
    url: SecretString,
    from: Mailbox,
    /// How long to wait before each further try; as many tries as these, and the first.
    pub pauses: Vec<Duration>,
    /// What one step of the conversation may take.
    pub patience: Duration,
}

/// Why no mail can be sent so. Never repeats what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Url,
    /// A query other than `tls=required` or `tls=none`.
    Tls,
    /// A user without a password, or the other way round.
    Login,
    /// A password would go over the network as it is.
    Bare,
    From,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => {
                "`smtp.url` names no mail server; it takes smtps://host or smtp://host, with user:password@ before \
                 the host where the server asks for it (other characters than letters, digits and -._~ in percent signs)"
            }
            Self::Tls => "`smtp.url` ends in what it cannot; it takes ?tls=required, ?tls=none or nothing",
            Self::Login => "`smtp.url` has half a sign-in; name user and password, or neither",
            Self::Bare => {
                "`smtp.url` would send the password unencrypted; use smtps://, or smtp:// without tls=none"
            }
            Self::From => "`smtp.from` is no sender; it takes an address, or Herald <herald@example.org>",
        })
    }
}

impl MailConfig {
    /// `smtps://`: TLS from the first byte (port 465). `smtp://`: STARTTLS, and no word more where the server has none
    /// (port 587; RFC 8314 §3). `smtp://` to this machine itself, or with `?tls=none`: as it is (port 25), and never
    /// with a password to another machine.
    ///
    /// # Errors
    /// The first fault.
    pub fn parse(url: &SecretString, from: &str) -> Result<Self, Fault> {
        let from: Mailbox = from.parse().map_err(|_| Fault::From)?;
        let url = SecretString::from(written_out(url.expose_secret())?);
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret()).map_err(|_| Fault::Url)?;
        let pauses = [5, 30, 120, 600].map(Duration::from_secs).to_vec();
        Ok(Self { url, from, pauses, patience: Duration::from_secs(20) })
    }

    pub(super) fn from(&self) -> &Mailbox {
        &self.from
    }

    /// Reads the certificates that the machine trusts.
    pub(super) fn transport(&self) -> Result<Transport, Fault> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(self.url.expose_secret());
        let name = lettre::transport::smtp::extension::ClientId::Domain(self.from.email.domain().to_owned());
        Ok(builder.map_err(|_| Fault::Url)?.hello_name(name).timeout(Some(self.patience)).build())
    }

    /// Whether the server answers and takes the sign-in.
    ///
    /// # Errors
    /// What it said, or why it did not.
    pub async fn greet(&self) -> Result<(), String> {
        let transport = self.transport().map_err(|fault| fault.to_string())?;
        match transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("the server did not answer".to_owned()),
            Err(error) => Err(super::outbox::said(&error, None)),
        }
    }
}

/// The URL with what it says about TLS written out.
fn written_out(url: &str) -> Result<String, Fault> {
    let (scheme, rest) = url.split_once("://").ok_or(Fault::Url)?;
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
    let authority = rest.split('/').next().unwrap_or_default();
    if rest.trim_end_matches('/') != authority || rest.contains('#') {
        return Err(Fault::Url);
    }
    let (login, host) = authority.rsplit_once('@').map_or((None, authority), |(l, h)| (Some(l), h));
    if login.is_some_and(|l| l.split_once(':').is_none_or(|(user, word)| user.is_empty() || word.is_empty()))
    {
        return Err(Fault::Login);
    }
    let here = is_here(host);
    let tls = match (scheme, query) {
        ("smtps", None | Some("tls=required")) => return Ok(format!("smtps://{authority}")),
        ("smtp", Some("tls=required")) => true,
        ("smtp", None) => !here,
        ("smtp", Some("tls=none")) if login.is_some() && !here => return Err(Fault::Bare),
        ("smtp", Some("tls=none")) => false,
        ("smtp" | "smtps", Some(_)) => return Err(Fault::Tls),
        _ => return Err(Fault::Url),
    };
    Ok(format!("smtp://{authority}{}", if tls { "?tls=required" } else { "" }))
}

/// Whether a host of a URL is this machine itself.
fn is_here(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| !port.contains(']')).map_or(host, |(name, _)| name);
    name.eq_ignore_ascii_case("localhost")
        || name.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(url: &str) -> Result<String, Fault> {
        written_out(url)
    }

    #[test]
    fn another_machine_is_reached_with_tls_or_told_so() {
        assert_eq!(out("smtps://u:p@mail.example").unwrap(), "smtps://u:p@mail.example");
        assert_eq!(out("smtp://mail.example:2525").unwrap(), "smtp://mail.example:2525?tls=required");
        assert_eq!(out("smtp://u:p@mail.example").unwrap(), "smtp://u:p@mail.example?tls=required");
        assert_eq!(out("smtp://10.0.0.1?tls=none").unwrap(), "smtp://10.0.0.1");
        assert_eq!(out("smtp://u:p@10.0.0.1?tls=none"), Err(Fault::Bare));
        assert_eq!(out("smtp://u:p@127.0.0.1.example?tls=none"), Err(Fault::Bare));
    }

    #[test]
    fn this_machine_is_reached_as_it_is_unless_told_otherwise() {
        for host in ["localhost", "127.0.0.1:1025", "[::1]:25", "LOCALHOST:25"] {
            assert_eq!(out(&format!("smtp://{host}")).unwrap(), format!("smtp://{host}"));
            let wanted = format!("smtp://{host}?tls=required");
            assert_eq!(out(&wanted).unwrap(), wanted);
        }
    }

    #[test]
    fn what_is_half_or_odd_is_named() {
        for (url, fault) in [
            ("mail.example", Fault::Url),
            ("http://mail.example", Fault::Url),
            ("smtp://mail.example/path", Fault::Url),
            ("smtp://mail.example?tls=opportunistic", Fault::Tls),
            ("smtps://mail.example?tls=none", Fault::Tls),
            ("smtp://user@mail.example", Fault::Login),
            ("smtp://:word@mail.example", Fault::Login),
        ] {
            assert_eq!(out(url), Err(fault), "{url}");
        }
        let parse = |url: &str, from: &str| MailConfig::parse(&SecretString::from(url), from).map(drop);
        assert_eq!(parse("smtp://localhost", "Herald <herald@example.org>"), Ok(()));
        assert_eq!(parse("smtp://", "herald@example.org"), Err(Fault::Url));
        for from in ["", "herald", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example"] {
            assert_eq!(parse("smtp://localhost", from), Err(Fault::From), "{from:?}");
        }
    }

    #[test]
    fn the_password_does_not_print() {
        let url = SecretString::from("smtps://user:hunter2@mail.example");
        let config = MailConfig::parse(&url, "herald@example.org").unwrap();
        assert!(!format!("{config:?} {:?}", config.transport()).contains("hunter2"));
    }
}
