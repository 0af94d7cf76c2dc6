//! Bodies of the dialect, field by field: every fault has its text, the first one's code is the answer's.

use std::borrow::Cow;

use axum::http::StatusCode;
use domain::TenantId;
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::refusal::{Refusal, Said};

/// Characters of an e-mail at most (RFC 5321 §4.5.3.1.3, less the brackets).
const EMAIL: usize = 254;

/// What signs in.
pub struct SignIn {
    pub email: String,
    pub password: SecretString,
}

/// What goes on; the token may come by cookie.
pub struct Refresh {
    pub token: Option<SecretString>,
    pub tenant: Option<TenantId>,
}

/// `max_bytes` is what a password may have.
///
/// # Errors
/// 400 with a text for each fault.
pub fn sign_in(mut body: Map<String, Value>, max_bytes: usize) -> Result<SignIn, Refusal> {
    let mut faults = Faults::default();
    let email = match body.remove("email") {
        Some(Value::String(email)) if email.trim().chars().count() <= EMAIL => email,
        Some(Value::String(_)) => faults.add("", format!("email must be at most {EMAIL} characters")),
        _ => faults.add("ER-004a5c1ae5", "email must be a string"),
    };
    let password = match body.remove("password") {
        Some(Value::String(password)) if password.is_empty() => {
            faults.add(EMPTY_PASSWORD.0, EMPTY_PASSWORD.1)
        }
        Some(Value::String(password)) if password.len() <= max_bytes => password,
        Some(Value::String(_)) => faults.add("", format!("password must be at most {max_bytes} bytes")),
        None | Some(Value::Null) => faults.add(EMPTY_PASSWORD.0, EMPTY_PASSWORD.1),
        Some(_) => faults.add("", "password must be a string"),
    };
    faults.none()?;
    Ok(SignIn { email, password: SecretString::from(password) })
}

const EMPTY_PASSWORD: (&str, &str) = ("ER-008897167d", "password should not be empty");

/// # Errors
/// 400 with a text for each fault.
pub fn refresh(mut body: Map<String, Value>) -> Result<Refresh, Refusal> {
    let mut faults = Faults::default();
    let token = match body.remove("refreshToken") {
        Some(Value::String(token)) => Some(SecretString::from(token)),
        None | Some(Value::Null) => None,
        Some(_) => Some(faults.add("", "refreshToken must be a string").into()),
    };
    let tenant = match body.remove("tenantId") {
        Some(Value::String(tenant)) => {
            let id = TenantId::parse(&tenant);
            if id.is_none() {
                faults.add("", "tenantId must be a UUID");
            }
            id
        }
        None | Some(Value::Null) => None,
        Some(_) => {
            faults.add("", "tenantId must be a UUID");
            None
        }
    };
    faults.none()?;
    Ok(Refresh { token, tenant })
}

/// Faults in the order of the fields.
#[derive(Default)]
struct Faults {
    code: &'static str,
    texts: Vec<Cow<'static, str>>,
}

impl Faults {
    /// Notes a fault; the text to go on with until [`Self::none`] ends it.
    fn add(&mut self, code: &'static str, text: impl Into<Cow<'static, str>>) -> String {
        if self.texts.is_empty() {
            self.code = code;
        }
        self.texts.push(text.into());
        String::new()
    }

    fn none(self) -> Result<(), Refusal> {
        if self.texts.is_empty() {
            return Ok(());
        }
        let Self { code, texts } = self;
        Err(Refusal::Said(Box::new(Said {
            status: StatusCode::BAD_REQUEST,
            code,
            texts,
            headers: Vec::new(),
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).unwrap()
    }

    fn faults<T>(read: Result<T, Refusal>) -> (&'static str, Vec<String>) {
        match read {
            Ok(_) => ("fine", Vec::new()),
            Err(Refusal::Said(said)) => (said.code, said.texts.iter().map(ToString::to_string).collect()),
            Err(other) => panic!("another refusal: {other:?}"),
        }
    }

    fn of_sign_in(text: &str) -> (&'static str, Vec<String>) {
        faults(sign_in(object(text), 8))
    }

    #[test]
    fn the_codes_of_the_contract() {
        const EMAIL: &str = "email must be a string";
        const EMPTY: &str = "password should not be empty";
        assert_eq!(of_sign_in(r#"{"email":"a@b","password":"12345678","else":[]}"#).0, "fine");
        for body in ["{}", r#"{"email":null,"password":null}"#, r#"{"email":5,"password":""}"#] {
            assert_eq!(of_sign_in(body), ("ER-004a5c1ae5", vec![EMAIL.into(), EMPTY.into()]), "{body}");
        }
        assert_eq!(of_sign_in(r#"{"email":"a"}"#), ("ER-008897167d", vec![EMPTY.into()]));
        assert_eq!(
            of_sign_in(r#"{"email":"a","password":5}"#),
            ("", vec!["password must be a string".into()])
        );
    }

    #[test]
    fn long_values_are_refused() {
        let long = format!(r#"{{"email":"{}","password":"123456789"}}"#, "a".repeat(255));
        let texts = ["email must be at most 254 characters", "password must be at most 8 bytes"];
        assert_eq!(of_sign_in(&long), ("", texts.map(str::to_owned).to_vec()));
    }

    #[test]
    fn a_refresh_may_say_nothing_and_nothing_wrong() {
        for body in ["{}", r#"{"tenantId":null,"refreshToken":null}"#] {
            let read = refresh(object(body)).ok().unwrap();
            assert!(read.token.is_none() && read.tenant.is_none(), "{body}");
        }
        let id = "3B0D2A51-7c1e-4b9a-9d57-0a3c6f2f1e01";
        let read = refresh(object(&format!(r#"{{"tenantId":"{id}","refreshToken":"hr_x"}}"#))).ok().unwrap();
        assert_eq!(read.tenant.unwrap().to_string(), id.to_lowercase());
        for body in [r#"{"tenantId":""}"#, r#"{"tenantId":"northwind"}"#, r#"{"tenantId":7}"#] {
            assert_eq!(faults(refresh(object(body))), ("", vec!["tenantId must be a UUID".into()]), "{body}");
        }
        assert_eq!(faults(refresh(object(r#"{"refreshToken":[]}"#))).0, "");
    }
}
