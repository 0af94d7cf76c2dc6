//! The six kinds of value that both engines hold alike, going in and coming out.

use std::error::Error;

use bytes::BytesMut;
use domain::endpoint::AccessSet;
use domain::ids::{
    AccessTokenId, ClientUid, FamilyId, LinkId, PermissionId, RoleId, SessionId, SiteId, TenantId, TokenId,
    UserId, WebhookId,
};
use domain::{EmailAddress, Timestamp};
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

/// A value on its way into a statement.
#[derive(Clone, Debug)]
pub enum Param<'p> {
    Null,
    Bool(bool),
    Int(i64),
    Text(&'p str),
    Owned(String),
    Bytes(&'p [u8]),
    Uuid(Uuid),
}

/// A value that a row holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
    Uuid(Uuid),
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Bool(b) => ValueRef::Integer(i64::from(*b)),
            Self::Int(i) => ValueRef::Integer(*i),
            Self::Text(t) => ValueRef::Text(t.as_bytes()),
            Self::Owned(t) => ValueRef::Text(t.as_bytes()),
            Self::Bytes(b) => ValueRef::Blob(b),
            Self::Uuid(u) => ValueRef::Blob(u.as_bytes()),
        }))
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Bool(b) => b.to_sql_checked(ty, out),
            Self::Int(i) => i.to_sql_checked(ty, out),
            Self::Text(t) => t.to_sql_checked(ty, out),
            Self::Owned(t) => t.to_sql_checked(ty, out),
            Self::Bytes(b) => b.to_sql_checked(ty, out),
            Self::Uuid(u) => u.to_sql_checked(ty, out),
        }
    }

    // Each kind checks its own type above.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'p> From<&'p str> for Param<'p> {
    fn from(text: &'p str) -> Self {
        Self::Text(text)
    }
}
impl<'p> From<&'p String> for Param<'p> {
    fn from(text: &'p String) -> Self {
        Self::Text(text)
    }
}
impl From<String> for Param<'_> {
    fn from(text: String) -> Self {
        Self::Owned(text)
    }
}
impl<'p> From<&'p EmailAddress> for Param<'p> {
    fn from(email: &'p EmailAddress) -> Self {
        Self::Text(email.as_str())
    }
}
impl<'p> From<&'p [u8]> for Param<'p> {
    fn from(bytes: &'p [u8]) -> Self {
        Self::Bytes(bytes)
    }
}
impl<'p, const N: usize> From<&'p [u8; N]> for Param<'p> {
    fn from(bytes: &'p [u8; N]) -> Self {
        Self::Bytes(bytes)
    }
}
impl<'p> From<&'p Vec<u8>> for Param<'p> {
    fn from(bytes: &'p Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}
impl From<i64> for Param<'_> {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}
impl From<bool> for Param<'_> {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}
impl From<Uuid> for Param<'_> {
    fn from(uuid: Uuid) -> Self {
        Self::Uuid(uuid)
    }
}
impl From<AccessSet> for Param<'_> {
    fn from(set: AccessSet) -> Self {
        Self::Int(set.bits())
    }
}
impl From<Timestamp> for Param<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Int(at.as_micros())
    }
}
impl<'p, T: Into<Param<'p>>> From<Option<T>> for Param<'p> {
    fn from(option: Option<T>) -> Self {
        option.map_or(Self::Null, Into::into)
    }
}

/// What can be read from a [`Value`]; `None` means that the value cannot be what was asked for.
pub trait FromValue: Sized {
    fn from_value(value: Value) -> Option<Self>;
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Int(i) = value { Some(i) } else { None }
    }
}
impl FromValue for bool {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Bool(b) => Some(b),
            // SQLite has no booleans of its own.
            Value::Int(0) => Some(false),
            Value::Int(1) => Some(true),
            _ => None,
        }
    }
}
impl FromValue for String {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Text(t) = value { Some(t) } else { None }
    }
}
impl FromValue for EmailAddress {
    fn from_value(value: Value) -> Option<Self> {
        String::from_value(value).map(Self::from_stored)
    }
}
impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Bytes(b) = value { Some(b) } else { None }
    }
}
impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: Value) -> Option<Self> {
        Vec::from_value(value)?.try_into().ok()
    }
}
impl FromValue for Uuid {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Uuid(u) => Some(u),
            Value::Bytes(b) => Self::from_slice(&b).ok(),
            _ => None,
        }
    }
}
impl FromValue for AccessSet {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).and_then(Self::from_bits)
    }
}
impl FromValue for Timestamp {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).map(Self::from_micros)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}
/// Lists are JSON text.
impl FromValue for Vec<String> {
    fn from_value(value: Value) -> Option<Self> {
        serde_json::from_str(&String::from_value(value)?).ok()
    }
}
impl FromValue for Vec<i64> {
    fn from_value(value: Value) -> Option<Self> {
        serde_json::from_str(&String::from_value(value)?).ok()
    }
}

/// A list as the JSON text in which a row keeps it.
pub fn list<T: Into<serde_json::Value> + Clone>(items: &[T]) -> String {
    serde_json::Value::Array(items.iter().cloned().map(Into::into).collect()).to_string()
}

macro_rules! ids {
    ($($id:ident)*) => {$(
        impl From<$id> for Param<'_> {
            fn from(id: $id) -> Self {
                Self::Uuid(id.uuid())
            }
        }
        impl FromValue for $id {
            fn from_value(value: Value) -> Option<Self> {
                Uuid::from_value(value).map(Self::from_uuid)
            }
        }
    )*};
}

ids! { AccessTokenId ClientUid FamilyId LinkId PermissionId RoleId SessionId SiteId TenantId TokenId UserId WebhookId }
