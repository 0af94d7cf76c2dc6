//! From the fields of a row to the values of its columns.

use domain::endpoint::AccessSet;
use domain::ids::{ClientUid, PermissionId, RoleId, SiteId, TenantId, TokenId, UserId, WebhookId};
use domain::{EmailAddress, Timestamp};
use uuid::Uuid;

use crate::db::{Param, Value, list};

pub(super) trait Cell {
    fn cell(&self) -> Value;
}

impl Cell for i64 {
    fn cell(&self) -> Value {
        Value::Int(*self)
    }
}
impl Cell for bool {
    fn cell(&self) -> Value {
        Value::Bool(*self)
    }
}
impl Cell for String {
    fn cell(&self) -> Value {
        Value::Text(self.clone())
    }
}
impl Cell for EmailAddress {
    fn cell(&self) -> Value {
        Value::Text(self.as_str().to_owned())
    }
}
impl Cell for Timestamp {
    fn cell(&self) -> Value {
        Value::Int(self.as_micros())
    }
}
impl Cell for Uuid {
    fn cell(&self) -> Value {
        Value::Uuid(*self)
    }
}
impl Cell for Vec<u8> {
    fn cell(&self) -> Value {
        Value::Bytes(self.clone())
    }
}
impl Cell for AccessSet {
    fn cell(&self) -> Value {
        Value::Int(self.bits())
    }
}
impl<const N: usize> Cell for [u8; N] {
    fn cell(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}
impl Cell for Vec<String> {
    fn cell(&self) -> Value {
        Value::Text(list(self))
    }
}
impl Cell for Vec<i64> {
    fn cell(&self) -> Value {
        Value::Text(list(self))
    }
}
impl<T: Cell> Cell for Option<T> {
    fn cell(&self) -> Value {
        self.as_ref().map_or(Value::Null, Cell::cell)
    }
}

macro_rules! ids {
    ($($id:ident)*) => {$(
        impl Cell for $id {
            fn cell(&self) -> Value {
                Value::Uuid(self.uuid())
            }
        }
    )*};
}

ids! { ClientUid PermissionId RoleId SiteId TenantId TokenId UserId WebhookId }

pub(super) fn param(value: &Value) -> Param<'_> {
    match value {
        Value::Null => Param::Null,
        Value::Bool(b) => Param::Bool(*b),
        Value::Int(i) => Param::Int(*i),
        Value::Text(t) => Param::Text(t),
        Value::Bytes(b) => Param::Bytes(b),
        Value::Uuid(u) => Param::Uuid(*u),
    }
}
