//! Looking at alarm panels: in a session, which is opened again once a look at most.

use siteward_domain::device::DeviceKind;

use super::super::Resource;
use super::{Heard, Looking, measured};
use crate::call_error::CallError;
use crate::http::Answer;
use crate::panel;
use crate::panel::session::PanelSession;

impl Looking<'_> {
    pub(super) fn is_panel(&self) -> bool {
        self.known.kind == Some(DeviceKind::AlarmPanel)
    }

    /// What is known as a panel is asked in a session, and what let us in by one before.
    pub(super) fn asks_in_session(&self) -> bool {
        !self.known.lacks(Resource::Sessions) && (self.is_panel() || self.client.has_session())
    }

    pub(super) async fn get_in_session(&mut self, path: &str) -> Result<Answer, CallError> {
        match self.open_session().await? {
            Some(mut session) => {
                let answered = session.get(path).await;
                self.renewed = session.is_renewed();
                answered
            }
            None => self.client.get(path).await,
        }
    }

    /// `None`: the device knows no sessions, which is remembered.
    async fn open_session(&mut self) -> Result<Option<PanelSession<'_>>, CallError> {
        match PanelSession::open(self.client, None).await {
            Ok(mut session) => {
                session.set_renewed(self.renewed);
                Ok(Some(session))
            }
            Err(CallError::NotSupported) => {
                self.known.set_lacking(Resource::Sessions);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    pub(super) async fn read_panel(&mut self) -> Result<(), CallError> {
        if !self.is_panel() || self.known.lacks(Resource::Sessions) {
            return Ok(());
        }
        self.hear(Heard::Silence);
        let mut lacking = self.known.panel;
        let Some(mut session) = self.open_session().await? else { return Ok(()) };
        let read = panel::status::read_known(&mut session, &mut lacking).await;
        self.renewed = session.is_renewed();
        self.known.panel = lacking;
        match read {
            Ok(status) => {
                self.hear(Heard::Value);
                self.observation.panel = measured(Some(status), panel::status::PATH);
            }
            Err(error) => self.pass_over(error).map(|_: Option<()>| ())?,
        }
        Ok(())
    }
}
