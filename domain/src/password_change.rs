//! Changing the password of a device (R-O9): where the change stands.

use crate::words::words;

words! {
    /// Where a change of a device's password stands.
    pub enum PasswordChangeState {
        /// Asked for.
        Waiting = "waiting",
        /// Being tried on the device.
        Running = "running",
        /// The device has the new one, and so have we.
        Done = "done",
        /// The device keeps the old one, or which it has cannot be told; the reason says why.
        Failed = "failed",
    }
}
