//! Linkage rules (R-H8): when a device tells of something, within a schedule, other devices do something about it.
//!
//! What a rule may say is checked once, when it is made ([`Content::parse`]); whether it can work is asked anew each time
//! ([`troubles`]), for a rule outlives what it names: it is kept, told why it does not work, and works again by itself.

mod action;
mod limits;
mod source;
mod template;
mod validity;

pub use action::{Action, ActionKind, ArmMode, Resource};
pub use limits::{
    Content, ContentRefusal, HIGHEST_NUMBER, MAIL_PAUSE_SECONDS, MOST_ACTIONS, MOST_CAMERA_ACTIONS,
    MOST_FIRINGS_A_MINUTE, MOST_RECEIVERS, MOST_RESOURCES, MOST_RULES, TOO_LATE_SECONDS, camera_actions_fit,
};
pub use source::Source;
pub use template::{Draft, SiteDevice, Template};
pub use validity::{Known, RuleState, Trouble, TroubleReason, state, troubles};

use crate::words::words;

words! {
    /// Where an action of a rule that fired stands.
    pub enum ActionState {
        /// It waits for its turn, or to be tried again.
        Waiting = "waiting",
        /// The device is being asked just now.
        Running = "running",
        /// It is done.
        Done = "done",
        /// It is not done, and not tried again.
        Failed = "failed",
        /// The device was asked and nobody knows what it did: its answer was lost, or the worker died. It is not asked again.
        Unknown = "unknown",
        /// It was not tried: too late, too often, or not allowed at that time.
        Skipped = "skipped",
    }
}

#[cfg(test)]
mod tests;
