//! Values out of a fixed list.

use domain::role::Builtin;
use domain::tenant::MfaEnforcement;
use domain::token::Utility;
use toml::de::DeValue;

use super::super::fields::{Judged, wrong_type};
use super::super::nearest::{Patience, advice, nearest, quoted};
use super::text::string;

/// One of the texts given.
pub(in super::super) fn choice(right: &'static [&'static str]) -> impl Fn(&DeValue<'_>) -> Judged<String> {
    move |value| parsed(value, right, |text| right.contains(&text).then(|| text.to_owned()))
}

pub(in super::super) fn flag(value: &DeValue<'_>) -> Judged<bool> {
    value.as_bool().ok_or_else(|| wrong_type("true or false", value))
}

/// The base of a custom role, which is a built-in one.
pub(in super::super) fn builtin(value: &DeValue<'_>) -> Judged<Builtin> {
    parsed(value, &Builtin::ALL.map(Builtin::key), Builtin::from_key)
}

pub(in super::super) fn utility(value: &DeValue<'_>) -> Judged<Utility> {
    parsed(value, &Utility::ALL.map(Utility::as_str), Utility::parse)
}

pub(in super::super) fn enforcement(value: &DeValue<'_>) -> Judged<MfaEnforcement> {
    parsed(value, &MfaEnforcement::ALL.map(MfaEnforcement::as_str), MfaEnforcement::parse)
}

fn parsed<T>(value: &DeValue<'_>, right: &[&str], parse: impl Fn(&str) -> Option<T>) -> Judged<T> {
    let text = string(value)?;
    parse(text).ok_or_else(|| {
        let near = nearest(text, right.iter().copied(), &Patience::default());
        format!(
            "{} is none of {}{}",
            quoted(text),
            right.join(", "),
            near.map_or_else(String::new, |_| advice(near, ""))
        )
    })
}
