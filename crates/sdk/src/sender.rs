//! The method that sends one kind of message, for both ends.

/// A method that sends messages of this kind, with or without a payload; for an end with `send`.
macro_rules! sender {
    ($(#[$doc:meta])* $method:ident() $kind:ident) => {
        $(#[$doc])*
        pub fn $method(&mut self, now: Millis) -> Result<(), SendError> {
            self.send(MessageType::$kind, None, now)
        }
    };
    ($(#[$doc:meta])* $method:ident($data:ident) $kind:ident) => {
        $(#[$doc])*
        pub fn $method(&mut self, $data: V, now: Millis) -> Result<(), SendError> {
            self.send(MessageType::$kind, Some($data), now)
        }
    };
}

pub(crate) use sender;
