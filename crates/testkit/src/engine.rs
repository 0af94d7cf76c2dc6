//! The two engines, and how a test writes a value for each.

use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// A UUID as a literal.
    pub fn uuid(self, id: Uuid) -> String {
        match self {
            Self::Sqlite => self.bytes(id.as_bytes()),
            Self::Postgres => format!("'{id}'"),
        }
    }

    /// Bytes as a literal.
    pub fn bytes(self, bytes: &[u8]) -> String {
        let hex = hex(bytes);
        match self {
            Self::Sqlite => format!("x'{hex}'"),
            Self::Postgres => format!("'\\x{hex}'"),
        }
    }

    /// A text as a literal.
    pub fn text(self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('?');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Runs each `async fn name(engine: Engine)` as a test on both engines.
#[macro_export]
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                super::$name($crate::Engine::Sqlite).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                super::$name($crate::Engine::Postgres).await;
            })*
        }
    };
}
